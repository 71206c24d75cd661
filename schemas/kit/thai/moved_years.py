"""Texts that name a year or a round, said of another one: years moved, digits as they were."""

import re

from schemas.kit.thai.calendar import Round
from schemas.kit.thai.dates import ERA, MONTH
from schemas.kit.thai.thai_text import arabic_digits, thai_digits

_DIGIT = "[0-9๐-๙]"
_YEAR = re.compile(rf"(?<!{_DIGIT})[2๒][5๕]{_DIGIT}{{2}}(?!{_DIGIT})")
_OF_MONTH = re.compile(rf"((?:{MONTH})\s*(?:{ERA}\s*)?)({_DIGIT}{{2}})(?!{_DIGIT})")
_NAMED_ROUND = re.compile(rf"([2๒][5๕]{_DIGIT}{{2}}\s*รอบ(?:ที่)?\s*)({_DIGIT}{{1,2}})(\s*เดือน)")


def with_years(text: str, years: int) -> str:
    """The text with every year of พ.ศ. moved: those of four digits, and of two behind a month."""
    four = _YEAR.sub(lambda found: _moved(found[0], years, 4), text)
    return _OF_MONTH.sub(lambda found: found[1] + _moved(found[2], years, 2), four)


def with_round(line: str, this: Round, then: Round) -> str:
    """A line that names a round, by year and months or as its folder is named, naming another."""
    if this.name in line:
        return line.replace(this.name, then.name)
    found = _NAMED_ROUND.search(line)
    if found is None or int(arabic_digits(found[2])) != this.months:
        return line
    if this.fiscal_year.be not in years_named(found[1]):
        return line
    year = with_years(found[1], then.fiscal_year.be - this.fiscal_year.be)
    named = year + _like(found[2], then.months) + found[3]
    return line[: found.start()] + named + line[found.end() :]


def years_named(text: str) -> frozenset[int]:
    """The years of พ.ศ. in four digits that a text names."""
    return frozenset(int(arabic_digits(found[0])) for found in _YEAR.finditer(text))


def _moved(digits: str, years: int, length: int) -> str:
    """A year as it was written, so many later."""
    return _like(digits, (int(arabic_digits(digits)) + years) % 10**length, length)


def _like(digits: str, number: int, length: int = 1) -> str:
    """A number in the digits of another."""
    written = f"{number:0{length}d}"
    return written if digits.isascii() else thai_digits(written)
