"""Numbers of persons in free text: found to be taken out, masked where a text is published.

Only what is a number of a person for certain is found: by its check digit, by the way it is
grouped, or by the word before it. A number of a contract, a project or an amount is left alone.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from schemas.kit.thai.thai_text import arabic_digits, one_dash
from schemas.kit.vendors import tax_number


class Personal(StrEnum):
    """What a number says of a person."""

    CITIZEN_NUMBER = "citizen-number"
    BANK_ACCOUNT = "bank-account"
    PHONE = "phone"


class PersonalNumber(NamedTuple):
    """A number of a person: what it is, and from where to where it stands in the text."""

    what: Personal
    start: int
    end: int


_PHONE, _ACCOUNT, _DOCUMENT = "phone", "account", "document"  # what a word says of a number
_GAP = r"(?:\s?-\s?|[\s.])"
_KEPT = 3  # leading digits that a masked number shows
_FEWEST = 9  # digits of the shortest number that is looked for
_WORDS_AWAY = 40  # characters before (and behind) a number in which its word is looked for
_CLOSE = 12
_MANY_DIGITS = re.compile(rf"[0-9](?:[-\s.()]{{0,3}}[0-9]){{{_FEWEST - 1}}}")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)


def _grouped(*ways: tuple[int, ...], gap: str = _GAP) -> str:
    """The pattern of a number written in one of these groupings."""
    return "|".join(gap.join(f"[0-9]{{{size}}}" for size in sizes) for sizes in ways)


_CITIZEN = re.compile(rf"[1-8]{_GAP}?[0-9]{{4}}{_GAP}?[0-9]{{5}}{_GAP}?[0-9]{{2}}{_GAP}?[0-9]")
_GROUPED_ACCOUNT = re.compile(_grouped((3, 1, 5, 1), (3, 1, 6), (3, 6, 1), (3, 1, 7, 1)))
_PLAIN_ACCOUNT = re.compile(r"[0-9]{3}-?[0-9]{7,9}")
_PROJECT = re.compile(r"[5-7][0-9](?:0[1-9]|1[0-2])[0-9]{7,8}")
_MOBILE = re.compile(
    rf"(?=0{_GAP}?[689])(?:"
    + _grouped((10,), (3, 7), (3, 3, 4), (2, 4, 4), (1, 4, 5), (1, 4, 4, 1), (4, 3, 3))
    + rf")|\+\s?66{_GAP}?(?:\(0\){_GAP}?)?[2-9](?:{_GAP}?[0-9]){{7,8}}"
)
_AREA = rf"(?=0{_GAP}?(?:2|3[2-9]|4[2-5]|5[3-6]|7[3-7]))"
_LANDLINE = re.compile(
    rf"{_AREA}(?:" + _grouped((2, 3, 4), (2, 7), (1, 4, 4), (3, 3, 3), (3, 6)) + ")"
)
_PLAIN_LANDLINE = re.compile(rf"{_AREA}[0-9]{{9}}")
_NUMBERED = r"(?:\S{0,20}\s?เลขที่)?"
_WORDS = re.compile(
    rf"(?P<{_PHONE}>(?:โทร|เบอร์|มือถือ|ติดต่อ|แฟ.?กซ์|\b(?:tel|phone|mobile|fax)){_NUMBERED})"
    rf"|(?P<{_ACCOUNT}>(?:บัญชี|ธนาคาร|พร้อมเพย์|\b(?:account|bank)){_NUMBERED})"
    rf"|(?P<{_DOCUMENT}>เลขที่|สัญญา|ภาษี|ฎีกา|ใบสั่ง|เช็ค|ครุภัณฑ์|รหัส|e-?gp)",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[0-9A-Za-z_]$|(?<![0-9])[0-9]{1,4}[-./,]$")
_GOES_ON = re.compile(r"[0-9A-Za-z_]|[-./,][0-9]{1,4}(?![-0-9])|-[0-9]{3}|\s*บาท")
_EXTENSION = re.compile(r"-[0-9]{1,2}(?![-0-9])")


def personal_numbers(text: str) -> list[PersonalNumber]:
    """The numbers of persons in a text that was read, in the order in which they stand."""
    plain = one_dash(arabic_digits(text))
    if not _MANY_DIGITS.search(plain):
        return []
    plain = _ADDRESS.sub(lambda address: "_" * len(address[0]), plain)
    numbers: list[PersonalNumber] = []
    for candidate in _candidates(plain):
        _, start, end = candidate
        apart = all(end <= other.start or other.end <= start for other in numbers)
        if apart and _stands_alone(plain, start, end, numbers):
            numbers.append(candidate)
    return sorted(numbers, key=lambda number: number.start)


def masked(text: str) -> str:
    """The text as it may be published: of each number of a person only the first digits stay."""
    for _, start, end in personal_numbers(text):
        text = text[:start] + _covered(text[start:end]) + text[end:]
    return text


def is_citizen_number(text: str) -> bool:
    """Whether a sound number of a taxpayer is the citizen number of a natural person."""
    number = tax_number(text)
    return number is not None and _CITIZEN.fullmatch(number) is not None


def _covered(number: str) -> str:
    places = [at for at, sign in enumerate(number) if sign.isdecimal()]
    hidden = set(places[_KEPT:])
    return "".join("x" if at in hidden else sign for at, sign in enumerate(number))


def _candidates(text: str) -> Iterator[PersonalNumber]:
    """What looks like a number of a person, the surest first."""
    for what, pattern, is_one in _SOUGHT:
        for match in pattern.finditer(text):
            if is_one(text, match):
                yield PersonalNumber(what, *match.span())


def _is_of_a_citizen(_: str, match: re.Match[str]) -> bool:
    return is_citizen_number(re.sub("[^0-9]", "", match[0]))


def _is_of_an_account(text: str, match: re.Match[str]) -> bool:
    """Whether a word says so; about a grouped one the name of the bank may follow."""
    if _word_before(text, match.start()) == _ACCOUNT:
        return match.re is _GROUPED_ACCOUNT or not _PROJECT.fullmatch(match[0])
    behind = _WORDS.search(text[match.end() : match.end() + _WORDS_AWAY])
    follows = behind is not None and behind.lastgroup == _ACCOUNT
    return match.re is _GROUPED_ACCOUNT and follows


def _is_of_a_mobile(text: str, match: re.Match[str]) -> bool:
    """Whether nothing right before it says that it is another number."""
    return _word_before(text, match.start(), _CLOSE) != _DOCUMENT


def _is_of_a_landline(text: str, match: re.Match[str]) -> bool:
    """Whether a word says so; a grouped one needs none."""
    word = _word_before(text, match.start())
    return word == _PHONE or (word is None and match.re is _LANDLINE)


_SOUGHT: tuple[tuple[Personal, re.Pattern[str], Callable[[str, re.Match[str]], bool]], ...] = (
    (Personal.CITIZEN_NUMBER, _CITIZEN, _is_of_a_citizen),
    (Personal.BANK_ACCOUNT, _GROUPED_ACCOUNT, _is_of_an_account),
    (Personal.BANK_ACCOUNT, _PLAIN_ACCOUNT, _is_of_an_account),
    (Personal.PHONE, _MOBILE, _is_of_a_mobile),
    (Personal.PHONE, _LANDLINE, _is_of_a_landline),
    (Personal.PHONE, _PLAIN_LANDLINE, _is_of_a_landline),
)


def _word_before(text: str, start: int, away: int = _WORDS_AWAY) -> str | None:
    """What the last word before a number says of it."""
    groups = [word.lastgroup for word in _WORDS.finditer(text[max(start - away, 0) : start])]
    return groups[-1] if groups else None


def _stands_alone(text: str, start: int, end: int, others: list[PersonalNumber]) -> bool:
    """Whether it is no part of a longer number; several numbers may be listed with strokes."""
    follows = any(other.end == start - 1 for other in others)
    glued = _GLUED.search(text[max(start - 6, 0) : start]) and not follows
    goes_on = _GOES_ON.match(text, end) and not _EXTENSION.match(text, end)
    return not glued and not goes_on
