"""Thai dates: every spelling in which offices write a day or a month, and how ours are printed."""

import re
from datetime import date, datetime, time
from typing import Literal

from schemas.kit.thai.thai_text import (
    ParsedCell,
    ProblemCode,
    RepairCode,
    arabic_digits,
    clean,
    means_nothing,
    thai_digits,
    typing_repairs,
)

FULL = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
        "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม")  # fmt: skip
SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
         "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")  # fmt: skip
BE = 543
FISCAL_START = 10
_FIRST_BE = 2400
_FIRST_OF_TWO_DIGITS = 50
_CENTURY = 2500
_TYPED_65 = range(1957, 1977)
_PLAUSIBLE = range(1977, 2057)
_FROM_1965_TO_2022 = 57
_FEBRUARY = 2
_LONGEST = 100

_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_WEEKDAY = "|".join((*_WEEKDAYS, "พฤหัส", r"(?:จ|อ|พ|พฤ|ศ|ส|อา)\."))
_PREFIX = re.compile(rf"(?:ลว\.?\s*|(?:ลง)?วัน)?(?:{_WEEKDAY})?[\s,]*(?:วัน)?(?:ที่)?\s*")
_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"


def _spellings(short: str) -> str:
    """A pattern of a month's short name with its dots and blanks or without."""
    return r"\.?\s*".join(short.rstrip(".").split(".")) + r"\.?"


MONTH = "|".join((*FULL, *(_spellings(short) for short in SHORT)))
ERA = r"(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|พุทธศักราช)"
YEAR = r"(?:[0-9]{4}|[0-9]{2})(?![0-9])"
_BETWEEN = r"(?:[\s,]*|\s*[/\-]\s*)"
_WORDED_YEAR = rf"{_BETWEEN}({ERA})?\s*({YEAR})"
_NUMERIC = re.compile(rf"([0-9]{{1,2}})\s*([/.\-])\s*([0-9]{{1,2}})\s*\2\s*({YEAR}){_TIME}")
_DAY_ALONE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}")
_ISO = re.compile(rf"([0-9]{{4}})([/\-])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_CLOCK = re.compile(
    r"(.+?)\s*(?:เวลา\s*|[\sT])([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?\s*(?:น\.?)?"
)
_NAMED = re.compile(rf"([0-9]{{1,2}}){_BETWEEN}(?:เดือน\s*)?({MONTH}){_WORDED_YEAR}")
_MONTH_YEAR = re.compile(rf"(?:ประจำ)?(?:เดือน\s*)?({MONTH})(?:{_WORDED_YEAR})?")
_MONTH_NUMERIC = re.compile(rf"([0-9]{{1,2}})\s*[/\-]\s*({YEAR})")
_MONTH_ISO = re.compile(r"([0-9]{4})[/\-]([0-9]{1,2})")
_NUMBERS = {
    re.sub(r"[\s.]+", "", name): number
    for names in (FULL, SHORT)
    for number, name in enumerate(names, 1)
}


def month_number(word: str) -> int | None:
    """1–12 for a month's name, full or short, with or without dots; None for another word."""
    return _NUMBERS.get(re.sub(r"[\s.]+", "", word.removeprefix("เดือน")))


def be_year(day: date) -> int:
    """The year of a day in พ.ศ."""
    return day.year + BE


def ce_year(digits: str, era: str | None = None) -> int | None:
    """The C.E. year written with two or four Arabic digits; None where no such year is meant.

    Two digits are พ.ศ. 2550–2599; four are พ.ศ. from 2400, else C.E., and the era must agree.
    """
    number = int(digits)
    if len(digits) == len("65"):
        if number < _FIRST_OF_TWO_DIGITS or (era or "").startswith("ค"):
            return None
        number += _CENTURY
    if era and era.startswith("พ") != (number >= _FIRST_BE):
        return None
    year = number - BE if number >= _FIRST_BE else number
    return year if _FIRST_BE - BE <= year < _FIRST_BE else None


def parse_date(text: str) -> ParsedCell[date]:
    """A day as offices write it, day first."""
    plain = arabic_digits(clean(text))
    nothing: ParsedCell[date] | None = means_nothing(plain)
    if nothing:
        return nothing
    parts = _parts(plain) if len(plain) <= _LONGEST else None
    if parts is None:
        return ParsedCell(None, problem=ProblemCode.NOT_A_DATE)
    day = _day(*parts)
    if day.problem:
        return day
    return ParsedCell(day.value, (RepairCode.TEXT_DATE, *typing_repairs(text), *day.repairs))


def _parts(plain: str) -> tuple[int, int, str, str | None] | None:
    """Day, month, the digits of the year and its era."""
    prefix = _PREFIX.match(plain)
    bare = plain[prefix.end() :] if prefix else plain
    if iso := _ISO.fullmatch(bare):
        return int(iso[4]), int(iso[3]), iso[1], None
    if numeric := _NUMERIC.fullmatch(bare):
        return int(numeric[1]), int(numeric[3]), numeric[4], None
    named = _NAMED.fullmatch(bare)
    month = month_number(named[2]) if named else None
    return (int(named[1]), month, named[4], named[3]) if named and month else None


def _day(day: int, month: int, digits: str, era: str | None) -> ParsedCell[date]:
    year = ce_year(digits, era)
    if year is None:
        return ParsedCell(None, problem=ProblemCode.OUT_OF_RANGE)
    repairs = (RepairCode.TWO_DIGIT_YEAR,) if len(digits) == len("65") else ()
    try:
        return ParsedCell(date(year, month, day), repairs)
    except ValueError:
        return ParsedCell(None, problem=ProblemCode.IMPOSSIBLE_DATE)


def parse_moment(text: str) -> tuple[date, time | None] | None:
    """A day and the time of day behind it, if one is written: 6/10/2566 16.30 น.; else None."""
    plain = arabic_digits(clean(text))
    clocked = _CLOCK.fullmatch(plain) if len(plain) <= _LONGEST else None
    day = parse_date(clocked[1] if clocked else plain).value
    if day is None or clocked is None:
        return None if day is None else (day, None)
    try:
        return day, time(int(clocked[2]), int(clocked[3]), int(clocked[4] or 0))
    except ValueError:
        return None


def read_moment(text: str, of_day: time = time()) -> datetime | None:
    """A time as ISO or we write it, `of_day` where a day stands alone; None if it is none.

    A year of พ.ศ. is brought to C.E. in either, or 2566-10-05 would lie six centuries ahead.
    """
    plain = arabic_digits(text).strip()
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        parts = parse_moment(text)
        return datetime.combine(parts[0], parts[1] or of_day) if parts else None
    day = date_from_cell(moment.date()).value
    hour = of_day if _DAY_ALONE.fullmatch(plain) else moment.timetz()
    return None if day is None else datetime.combine(day, hour)


def date_from_cell(value: date) -> ParsedCell[date]:
    """A real date cell: a year of พ.ศ. is brought to C.E.; 1957–1976 is asked about.

    What is older is a number in the format of a date (2565 shows as a day of 1907), what is later
    than 2056 a year of two digits that was taken for C.E.
    """
    if value.year >= _FIRST_BE:
        day = _day(value.day, value.month, str(value.year), None)
        return day if day.problem else ParsedCell(day.value, (RepairCode.BE_YEAR_IN_DATE,))
    if value.year in _TYPED_65:
        return ParsedCell(None, problem=ProblemCode.YEAR_1965, suggestion=_typed_as_65(value))
    if value.year not in _PLAUSIBLE:
        return ParsedCell(None, problem=ProblemCode.OUT_OF_RANGE)
    return ParsedCell(value)


def _typed_as_65(value: date) -> date:
    """The same day 57 years on; 29 February falls into no leap year then and becomes the 28th."""
    day = min(value.day, 28) if value.month == _FEBRUARY else value.day
    return value.replace(year=value.year + _FROM_1965_TO_2022, day=day)


def parse_month(text: str, fiscal_year_be: int | None = None) -> ParsedCell[date]:
    """A month as its first day; a fiscal year completes a month written without a year."""
    plain = arabic_digits(clean(text))
    nothing: ParsedCell[date] | None = means_nothing(plain)
    if nothing:
        return nothing
    if len(plain) > _LONGEST:
        return ParsedCell(None, problem=ProblemCode.NOT_A_MONTH)
    month = _named_month(plain, fiscal_year_be) or _numeric_month(plain) or _month_of_day(plain)
    if month.problem:
        return month
    return ParsedCell(month.value, typing_repairs(text) + month.repairs)


def _named_month(plain: str, fiscal_year_be: int | None) -> ParsedCell[date] | None:
    named = _MONTH_YEAR.fullmatch(plain)
    month = month_number(named[1]) if named else None
    if named is None or month is None:
        return None
    if named[3]:
        return _first(month, named[3], named[2])
    if fiscal_year_be is None:
        return ParsedCell(None, problem=ProblemCode.MONTH_WITHOUT_YEAR)
    year = fiscal_year_be - BE - (month >= FISCAL_START)
    return ParsedCell(date(year, month, 1), (RepairCode.YEAR_FROM_ROUND,))


def _numeric_month(plain: str) -> ParsedCell[date] | None:
    if iso := _MONTH_ISO.fullmatch(plain):
        return _first(int(iso[2]), iso[1])
    numeric = _MONTH_NUMERIC.fullmatch(plain)
    return _first(int(numeric[1]), numeric[2]) if numeric else None


def _month_of_day(plain: str) -> ParsedCell[date]:
    """A whole date stands for its month, as it does in a real date cell."""
    day = parse_date(plain)
    if day.value is None:
        return ParsedCell(None, problem=ProblemCode.NOT_A_MONTH)
    return ParsedCell(day.value.replace(day=1), day.repairs)


def _first(month: int, digits: str, era: str | None = None) -> ParsedCell[date]:
    first = _day(1, month, digits, era)
    if first.problem == ProblemCode.IMPOSSIBLE_DATE:
        return ParsedCell(None, problem=ProblemCode.NOT_A_MONTH)
    return first


def format_date(day: date, style: Literal["short", "long", "thai", "weekday"] = "short") -> str:
    """A day in พ.ศ.: short 1 ต.ค. 2565, long 1 ตุลาคม 2565, thai ๑ ตุลาคม ๒๕๖๕, weekday."""
    if style == "short":
        return f"{day.day} {SHORT[day.month - 1]} {be_year(day)}"
    long = f"{day.day} {FULL[day.month - 1]} {be_year(day)}"
    if style == "weekday":
        return f"วัน{_WEEKDAYS[day.weekday()]}ที่ {long}"
    return thai_digits(long) if style == "thai" else long


def format_time(at: time) -> str:
    """A time of day as offices write it: 14.32 น."""
    return f"{at:%H.%M} น."


def format_month(day: date, style: Literal["short", "long"] = "long") -> str:
    """A month in พ.ศ.: long ตุลาคม 2565, short ต.ค. 65."""
    if style == "short":
        return f"{SHORT[day.month - 1]} {be_year(day) % 100:02d}"
    return f"{FULL[day.month - 1]} {be_year(day)}"
