"""The fiscal calendar: years from October to September, rounds, quarters, periods in words."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from schemas.kit.thai.dates import (
    BE,
    ERA,
    FISCAL_START,
    MONTH,
    YEAR,
    be_year,
    ce_year,
    month_number,
)
from schemas.kit.thai.thai_text import arabic_digits, clean, one_dash

_QUARTERS = range(1, 5)
_ROUNDS = (6, 12)


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a fiscal year: 1 is ต.ค.–ธ.ค.; ValueError for a number other than 1–4."""

    year_be: int
    number: int

    def __post_init__(self) -> None:
        """Refuse what is no quarter."""
        if self.number not in _QUARTERS:
            raise ValueError(self.number)

    @classmethod
    def of(cls, day: date) -> Self:
        """The quarter in which a day lies."""
        return cls(FiscalYear.of(day).be, (day.month - FISCAL_START) % 12 // 3 + 1)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its three months."""
        return FiscalYear(self.year_be).months[3 * (self.number - 1) : 3 * self.number]

    @property
    def start(self) -> date:
        """Its first day."""
        return self.months[0]

    @property
    def end(self) -> date:
        """Its last day."""
        return last_day(self.months[-1].year, self.months[-1].month)


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal year by its number in พ.ศ.: 2566 runs from 1 Oct 2022 to 30 Sep 2023."""

    be: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The fiscal year in which a day lies."""
        return cls(be_year(day) + (day.month >= FISCAL_START))

    @property
    def start(self) -> date:
        """1 October of the year before."""
        return date(self.be - BE - 1, FISCAL_START, 1)

    @property
    def end(self) -> date:
        """30 September."""
        return date(self.be - BE, 9, 30)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its twelve months, October first."""
        year = self.be - BE
        numbers = [*range(FISCAL_START, 13), *range(1, FISCAL_START)]
        return tuple(date(year - (n >= FISCAL_START), n, 1) for n in numbers)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its four quarters."""
        return tuple(Quarter(self.be, number) for number in _QUARTERS)

    def contains(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.start <= day <= self.end


@dataclass(frozen=True, order=True)
class Round:
    """A reporting round: the first six months of a fiscal year, or all twelve; else ValueError."""

    fiscal_year: FiscalYear
    months: int

    def __post_init__(self) -> None:
        """Refuse what is no round."""
        if self.months not in _ROUNDS:
            raise ValueError(self.months)

    @classmethod
    def parse(cls, name: str) -> Self:
        """The round named like 2566-12; ValueError for another name."""
        match = re.fullmatch(r"(2[45][0-9]{2})-(06|12)(?:-[a-z0-9-]+)?", name)
        if match is None:
            raise ValueError(name)
        return cls(FiscalYear(int(match[1])), int(match[2]))

    @property
    def name(self) -> str:
        """Its name, such as 2566-06."""
        return f"{self.fiscal_year.be}-{self.months:02d}"

    @property
    def start(self) -> date:
        """1 October: both rounds begin with the fiscal year."""
        return self.fiscal_year.start

    @property
    def end(self) -> date:
        """31 March, or 30 September."""
        last = self.months_list[-1]
        return last_day(last.year, last.month)

    @cached_property
    def months_list(self) -> tuple[date, ...]:
        """The first days of its months."""
        return self.fiscal_year.months[: self.months]

    def bounds(self, within: str) -> tuple[date, date]:
        """The first and last day of the "round" or of its fiscal "year"."""
        if within == "year":
            return self.fiscal_year.start, self.fiscal_year.end
        return self.start, self.end


_TO = r"\s*(?:จนถึง|ถึง|-)\s*(?:วันที่|เดือน)?\s*"
_DAYS = re.compile(
    rf"(?<![0-9/.])(?P<d1>[0-9]{{1,2}})"
    rf"(?:\s*(?P<m1>{MONTH})(?:\s*(?P<e1>{ERA})?\s*(?P<y1>{YEAR}))?)?{_TO}"
    rf"(?P<d2>[0-9]{{1,2}})\s*(?P<m2>{MONTH})\s*(?P<e2>{ERA})?\s*(?P<y2>{YEAR})"
)
_NUMERIC_DAYS = re.compile(
    rf"(?<![0-9/.])(?P<d1>[0-9]{{1,2}})/(?P<m1>[0-9]{{1,2}})/(?P<y1>{YEAR}){_TO}"
    rf"(?P<d2>[0-9]{{1,2}})/(?P<m2>[0-9]{{1,2}})/(?P<y2>{YEAR})"
)
_NAMED_ROUND = re.compile(r"รอบ\s*(6|12)\s*เดือน")
_MONTHS = re.compile(
    rf"(?P<m1>{MONTH})(?:\s*(?P<e1>{ERA})?\s*(?P<y1>{YEAR}))?{_TO}"
    rf"(?P<m2>{MONTH})\s*(?P<e2>{ERA})?\s*(?P<y2>{YEAR})"
)


def stated_round(title: str) -> int | None:
    """The round that a title names, in months: รอบ ๖ เดือน; None where it names none."""
    named = _NAMED_ROUND.search(arabic_digits(title))
    return int(named[1]) if named else None


def stated_period(text: str) -> tuple[date, date] | None:
    """The first period a text states, from day to day or month to month, as it states it.

    What the first leaves out (year, month) is that of the last. None where no period is stated or
    a day of it does not exist; a period that ends before it begins is given as it stands.
    """
    plain = one_dash(arabic_digits(clean(text)))
    matches = [m for p in (_DAYS, _NUMERIC_DAYS, _MONTHS) if (m := p.search(plain))]
    if not matches:
        return None
    try:
        return _bounds(min(matches, key=lambda match: match.start()).groupdict())
    except ValueError:
        return None


def _bounds(words: dict[str, str | None]) -> tuple[date, date]:
    """The first and last day of a matched period; ValueError where one does not exist."""
    last_month = _month(words["m2"])
    first_month = _month(words["m1"] or words["m2"])
    last_year = _year(words["y2"], words.get("e2"))
    if words.get("y1"):
        first_year = _year(words["y1"], words.get("e1"))
    else:
        first_year = last_year - (first_month > last_month)
    first = date(first_year, first_month, int(words.get("d1") or 1))
    if words.get("d2"):
        return first, date(last_year, last_month, int(words["d2"] or 0))
    return first, last_day(last_year, last_month)


def _month(word: str | None) -> int:
    number = month_number(word or "")
    return int(word or 0) if number is None else number


def _year(digits: str | None, era: str | None) -> int:
    year = ce_year(digits or "0", era)
    if year is None:
        raise ValueError(digits)
    return year
