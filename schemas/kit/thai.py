"""Thai text: digits, harmless cleaning, keys for comparing, and what a reading of a cell is."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TONES = "\u0e48-\u0e4b"
_SPLIT_AM = re.compile(f"\u0e4d([{_TONES}]?)\u0e32|([{_TONES}])\u0e4d\u0e32")
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_DOUBLED = re.compile("([\u0e30-\u0e3a\u0e40-\u0e4e])\\1+")
_LEADING_MARKS = re.compile(f"(?:^|(?<=[\\s(]))[{_MARKS}]+")
_DASHES = re.compile("[\u2010-\u2015\u2212\u00ad]")


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What a cell was read as.

    `value` is None for none; `repairs` are the codes of certain repairs; `problem` is the code of
    what could not be read; `suggestion` is what was probably meant where that is worth asking.
    """

    value: T | None
    repairs: tuple[str, ...] = ()
    problem: str | None = None
    suggestion: T | None = None


def arabic_digits(text: str) -> str:
    """๐–๙ as 0–9; the length stays."""
    return text.translate(_TO_ARABIC)


def thai_digits(text: str) -> str:
    """0–9 as ๐–๙; the length stays."""
    return text.translate(_TO_THAI)


def clean(text: str) -> str:
    """Text fit for print: composed, one kind of blank, trimmed; what it says is unchanged.

    A decomposed ำ is composed by a rule of our own, since NFC leaves it apart and NFKC would take
    every right one apart.
    """
    composed = _SPLIT_AM.sub(lambda m: (m.group(1) or m.group(2) or "") + "\u0e33", text)
    plain = unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", composed))
    plain = _CONTROLS.sub("", plain.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(lines).strip()


def matching_key(text: str) -> str:
    """What two spellings of one name share; only for comparing, never printed.

    Without white space and dots, digits Arabic, doubled vowels and look-alikes (เเ for แ) made one.
    """
    key = arabic_digits(clean(text)).replace("\u0e40\u0e40", "\u0e41").replace("\u0e45", "\u0e32")
    key = _DOUBLED.sub(r"\1", _LEADING_MARKS.sub("", key))
    key = _DASHES.sub("-", key).replace(".", "")
    return re.sub(r"\s+", "", key).casefold()
