"""Thai text: digits, harmless cleaning, keys for comparing, and what a reading of a cell is."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TONES = "\u0e48-\u0e4b"
_UPPER_AND_LOWER = "\u0e31\u0e34-\u0e3a"
_MARKS = f"{_UPPER_AND_LOWER}\u0e47-\u0e4e"
_SPLIT_AM = re.compile(f"\u0e4d([{_TONES}]?)\u0e32|([{_TONES}])\u0e4d\u0e32")
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_UNSEEN = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_INVISIBLE}]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_FOREIGN_BLANKS = re.compile(f"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000{_INVISIBLE}]")
_DANGLING = re.compile(f"(?<![\u0e01-\u0e4e])[{_MARKS}]+")
_DOUBLED = re.compile("([\u0e30-\u0e3a\u0e40-\u0e4e])\\1+")
_RUN_OF_MARKS = re.compile(f"[{_MARKS}\u0e33]{{2,}}")
_VOWELS = re.compile(f"[{_UPPER_AND_LOWER}]")
_TWO_E = re.compile("[\u0e40\u0e41]{2,}")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ABBREVIATING_DOT = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_LIKE, _SHORT = 0.4, 3  # letters in common that make two spellings alike; too few to tell
_NOTHING = re.compile(r"[-\s]*-[-\s]*|ไม่มี")


class RepairCode(StrEnum):
    """What was put right with certainty when a cell was read."""

    THAI_DIGITS = "thai_digits"
    THOUSANDS_COMMAS = "thousands_commas"
    CURRENCY_WORD = "currency_word"
    DASH_SUFFIX = "dash_suffix"
    PARENTHESES_NEGATIVE = "parentheses_negative"
    PERCENT_WORD = "percent_word"
    NBSP = "nbsp"
    SPACING = "spacing"
    LOOK_ALIKE = "look_alike"
    OTHER_NAME = "other_name"
    COMPOSED_VOWEL = "composed_vowel"
    LEADING_ZERO = "leading_zero"
    GROUPED_DIGITS = "grouped_digits"
    UNIT_WORD = "unit_word"
    DATE_AS_TEXT = "date_as_text"
    PERCENT_AS_TEXT = "percent_as_text"
    TICK_MARK = "tick_mark"
    DASH_MEANS_NONE = "dash_means_none"
    AMOUNT_WORDS_AGREE = "amount_words_agree"
    BINARY_NOISE = "binary_noise"
    TEXT_DATE = "text_date"
    TWO_DIGIT_YEAR = "two_digit_year"
    BE_YEAR_IN_DATE = "be_year_in_date"
    YEAR_FROM_ROUND = "year_from_round"


class ProblemCode(StrEnum):
    """Why a cell could not be read as what its column asks for."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    NOT_WHOLE = "not_whole"
    TOO_PRECISE = "too_precise"
    AMOUNT_WORDS_DIFFER = "amount_words_differ"
    A_RATE = "a_rate"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    IMPOSSIBLE_DATE = "impossible_date"
    YEAR_1965 = "year_1965"
    NOT_A_MONTH = "not_a_month"
    MONTH_WITHOUT_YEAR = "month_without_year"
    NOT_IN_LIST = "not_in_list"
    NOT_A_TICK = "not_a_tick"
    LOST_DIGITS = "lost_digits"
    BECAME_A_DATE = "became_a_date"


@dataclass(frozen=True)
class ParsedCell(Generic[T]):
    """What a cell was read as.

    `value` is None for none; `repairs` are the codes of certain repairs; `problem` is the code of
    what could not be read; `suggestion` is what was probably meant where that is worth asking.
    """

    value: T | None
    repairs: tuple[str, ...] = ()
    problem: str | None = None
    suggestion: T | None = None


def nearest(key: str, spelt: Mapping[str, T]) -> T | None:
    """What is meant by the spelling most like a matching key; None where none is like it at all."""
    found = _most_like(key, tuple(spelt)) if len(key) >= _SHORT else []
    return spelt[found[0]] if found else None


@lru_cache(maxsize=4096)
def _most_like(key: str, spelt: tuple[str, ...]) -> list[str]:
    """One spelling at most; a mistake that stands in a thousand rows is looked up once."""
    return get_close_matches(key, spelt, 1, _LIKE)


def arabic_digits(text: str) -> str:
    """๐–๙ as 0–9; the length stays."""
    return text.translate(_TO_ARABIC)


def thai_digits(text: str) -> str:
    """0–9 as ๐–๙; the length stays."""
    return text.translate(_TO_THAI)


def clean(text: str) -> str:
    r"""Text fit for print: composed, one kind of blank, lines ended by \n; it says what it said.

    A decomposed ำ is composed by a rule of our own, since NFC leaves it apart and NFKC would take
    every right one apart.
    """
    plain = _BREAKS.sub("\n", _UNSEEN.sub("", text))
    plain = unicodedata.normalize("NFC", _composed(plain))
    return "\n".join(" ".join(line.split()) for line in plain.split("\n")).strip()


def _composed(text: str) -> str:
    return _SPLIT_AM.sub(lambda m: (m.group(1) or m.group(2) or "") + "\u0e33", text)


@lru_cache(maxsize=8192)
def matching_key(text: str) -> str:
    """What two spellings of one name share; only for comparing, never printed.

    Without white space, dots of abbreviations and stray marks; digits Arabic; doubled, swapped and
    look-alike vowels (เเ for แ) made one, and ำ its า, which some programs write for each other
    (รำยกำร). The key of a key is the key.
    """
    key, before = _folded(text), text
    while key != before:
        key, before = _folded(key), key
    return key


def _folded(text: str) -> str:
    key = "".join(_DANGLING.sub("", clean(text)).split()).casefold()
    key = _ABBREVIATING_DOT.sub("", one_dash(arabic_digits(key)))
    key = _composed(_TWO_E.sub("\u0e41", key).replace("\u0e45", "\u0e32"))
    key = _RUN_OF_MARKS.sub(_sorted_marks, key).replace("\u0e33", "\u0e32")
    return _DOUBLED.sub(r"\1", key)


def _sorted_marks(run: re.Match[str]) -> str:
    """Each mark once: vowels before tones, a nikhahit and ำ last; in one pass however long."""
    return "".join(sorted(set(run[0]), key=lambda mark: (_rank(mark), mark)))


def _rank(mark: str) -> int:
    if _VOWELS.match(mark):
        return 0
    return {"\u0e4d": 2, "\u0e33": 3}.get(mark, 1)


def one_dash(text: str) -> str:
    """Every kind of dash and minus as a hyphen; the length stays."""
    return _DASHES.sub("-", text)


def means_nothing(plain: str) -> ParsedCell[T] | None:
    """The reading of a blank, a dash or ไม่มี, which is none and no zero; None for other text."""
    if not plain:
        return ParsedCell(None)
    if _NOTHING.fullmatch(one_dash(plain)):
        return ParsedCell(None, (RepairCode.DASH_MEANS_NONE,))
    return None


def typing_repairs(text: str) -> tuple[str, ...]:
    """The codes of what was odd in how a cell was typed: its digits, its blanks."""
    repairs: list[str] = []
    if arabic_digits(text) != text:
        repairs.append(RepairCode.THAI_DIGITS)
    if _FOREIGN_BLANKS.search(text):
        repairs.append(RepairCode.NBSP)
    elif clean(text) != text:
        repairs.append(RepairCode.SPACING)
    return tuple(repairs)


def text_repairs(text: str) -> tuple[str, ...]:
    """The codes of what is put right in free text: composed vowels, blanks that are no blanks.

    That ordinary blanks and line ends are made one says nothing about the text, so nothing is said.
    """
    composed = unicodedata.normalize("NFC", _composed(text)) != text
    foreign = _FOREIGN_BLANKS.search(text) or _UNSEEN.search(text)
    return (RepairCode.COMPOSED_VOWEL,) * composed + (RepairCode.NBSP,) * bool(foreign)


def spelling_repairs(raw: str, listed: str) -> tuple[str, ...]:
    """How an entry of a list was spelt, if not as it is listed: by another name, or look-alikes."""
    if raw.strip() == listed:
        return ()
    same = matching_key(raw) == matching_key(listed)
    return (RepairCode.LOOK_ALIKE if same else RepairCode.OTHER_NAME,)
