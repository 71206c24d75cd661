"""The fiscal calendar: years from October to September, rounds, quarters, periods in words."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from schemas.kit.thai import arabic_digits, clean
from schemas.kit.thai_dates import FULL, SHORT, month_number, parse_date

_BE = 543
_FIRST_MONTH = 10


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a fiscal year: 1 is ต.ค.–ธ.ค."""

    year_be: int
    number: int

    @property
    def start(self) -> date:
        """Its first day."""
        return FiscalYear(self.year_be).months[3 * (self.number - 1)]

    @property
    def end(self) -> date:
        """Its last day."""
        last = FiscalYear(self.year_be).months[3 * self.number - 1]
        return _last_day(last.year, last.month)


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal year by its number in พ.ศ.: 2566 runs from 1 Oct 2022 to 30 Sep 2023."""

    be: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The fiscal year in which a day lies."""
        return cls(day.year + _BE + (day.month >= _FIRST_MONTH))

    @property
    def start(self) -> date:
        """1 October of the year before."""
        return date(self.be - _BE - 1, _FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        """30 September."""
        return date(self.be - _BE, 9, 30)

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its twelve months, October first."""
        year = self.be - _BE
        numbers = [*range(_FIRST_MONTH, 13), *range(1, _FIRST_MONTH)]
        return tuple(date(year - (n >= _FIRST_MONTH), n, 1) for n in numbers)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its four quarters."""
        return tuple(Quarter(self.be, number) for number in range(1, 5))

    def contains(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.start <= day <= self.end


@dataclass(frozen=True, order=True)
class Round:
    """A reporting round: the first six months of a fiscal year, or all twelve."""

    fiscal_year: FiscalYear
    months: int

    @classmethod
    def parse(cls, name: str) -> Self:
        """The round named like 2566-12; ValueError for another name."""
        found = re.fullmatch(r"(2[45][0-9]{2})-(06|12)(?:-[a-z0-9-]+)?", name)
        if found is None:
            raise ValueError(name)
        return cls(FiscalYear(int(found[1])), int(found[2]))

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
        return _last_day(last.year, last.month)

    @cached_property
    def months_list(self) -> tuple[date, ...]:
        """The first days of its months."""
        return self.fiscal_year.months[: self.months]

    def bounds(self, within: str) -> tuple[date, date]:
        """The first and last day of the "round" or of its fiscal "year"."""
        if within == "year":
            return self.fiscal_year.start, self.fiscal_year.end
        return self.start, self.end


_DAY = r"[0-9]{1,2}\s*[ก-๙.]+\s*[0-9]{2,4}"
_DAYS = re.compile(rf"({_DAY})\s*(?:ถึง|-|–)\s*({_DAY})")
_NAMES = "|".join(re.escape(n).replace(r"\.", r"\.?\s?") for n in (*FULL, *SHORT))
_MONTHS = re.compile(
    rf"({_NAMES})\s*([0-9]{{4}}|[0-9]{{2}})?\s*(?:ถึง|-|–)\s*({_NAMES})\s*([0-9]{{4}}|[0-9]{{2}})"
)


def stated_period(text: str) -> tuple[date, date] | None:
    """The first period a text states, by days or by months; None where it states none."""
    plain = arabic_digits(clean(text))
    days = _DAYS.search(plain)
    if days:
        first, last = parse_date(days[1]).value, parse_date(days[2]).value
        return (first, last) if first and last else None
    for found in _MONTHS.finditer(plain):
        start, end = (month_number("".join(found[n].split())) for n in (1, 3))
        if start and end:
            last_year = _year(found[4])
            first_year = _year(found[2]) if found[2] else last_year - (start > end)
            return date(first_year, start, 1), _last_day(last_year, end)
    return None


def _year(digits: str) -> int:
    number = int(digits) + (2500 if len(digits) == 2 else 0)
    return number - _BE if number >= 2400 else number
