"""Thai dates: every spelling in which offices write a day or a month, and how ours are printed."""

import re
from datetime import date, time

from schemas.kit.thai import Reading, arabic_digits, clean, thai_digits

FULL = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_BE_FROM = 2400
_BE = 543
_TYPED_65 = range(1957, 1977)
_NONE = frozenset({"-", "–", "—", "ไม่มี"})
_NUMERIC = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+)?")
_NAMED = re.compile(r"([0-9]{1,2})([ก-๙.]+?)([0-9]{4}|[0-9]{2})")
_MONTH_YEAR = re.compile(r"([ก-๙.]+?)([0-9]{4}|[0-9]{2})?")
_FISCAL_START = 10


def _month_key(word: str) -> str:
    return word.replace(".", "")


_MONTHS = {_month_key(name): n for names in (FULL, SHORT) for n, name in enumerate(names, 1)}


def month_number(word: str) -> int | None:
    """1–12 for a month's name, full or short, with or without dots; None for another word."""
    return _MONTHS.get(_month_key(word.removeprefix("เดือน")))


def parse_date(text: str) -> Reading[date]:
    """A day as offices write it, day first; two-digit years are พ.ศ. 25xx."""
    plain = arabic_digits(clean(text))
    if plain in _NONE:
        return Reading(None, ("dash_means_none",))
    iso = _ISO.fullmatch(plain)
    if iso:
        return _day(int(iso[3]), int(iso[2]), iso[1], text, ())
    numeric = _NUMERIC.fullmatch(plain)
    if numeric:
        return _day(int(numeric[1]), int(numeric[2]), numeric[3], text, ())
    named = _NAMED.fullmatch(_bare(plain))
    month = month_number(named[2]) if named else None
    if named is None or month is None:
        return Reading(None, problem="not_a_date")
    return _day(int(named[1]), month, named[3], text, ())


def _bare(plain: str) -> str:
    """A date in words without blanks, weekday, วันที่, เดือน, พ.ศ. and commas."""
    weekdays = "|".join(_WEEKDAYS)
    bare = re.sub(rf"^วัน(?:{weekdays})?(?:ที่)?", "", re.sub(r"[\s,]+", "", plain))
    return bare.replace("เดือน", "").replace("พ.ศ.", "").replace("พศ", "").replace("ค.ศ.", "")


def _day(day: int, month: int, year: str, text: str, repairs: tuple[str, ...]) -> Reading[date]:
    number = int(year)
    if len(year) == 2:
        number += 2500
        repairs += ("two_digit_year",)
    if number >= _BE_FROM:
        number -= _BE
    if arabic_digits(text) != text:
        repairs = ("thai_digits", *repairs)
    try:
        return Reading(date(number, month, day), ("text_date", *repairs))
    except ValueError:
        return Reading(None, problem="impossible_date")


def date_from_cell(value: date) -> Reading[date]:
    """A real date cell: a year of พ.ศ. is brought to C.E.; 1957–1976 is asked about."""
    if value.year >= _BE_FROM:
        try:
            return Reading(value.replace(year=value.year - _BE), ("be_year_in_date",))
        except ValueError:
            return Reading(None, problem="impossible_date")
    if value.year in _TYPED_65:
        meant = value.replace(
            year=value.year + 57, day=min(value.day, 28) if value.month == 2 else value.day
        )
        return Reading(None, problem="year_1965", suggestion=meant)
    return Reading(value)


def parse_month(text: str, fiscal_year_be: int | None = None) -> Reading[date]:
    """A month as its first day; a fiscal year completes a month written without a year."""
    plain = arabic_digits(clean(text))
    if plain in _NONE:
        return Reading(None, ("dash_means_none",))
    numeric = re.fullmatch(r"([0-9]{1,2})\s*[/\-]\s*([0-9]{4}|[0-9]{2})", plain)
    if numeric:
        return _first(int(numeric[1]), numeric[2])
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})(?:-[0-9]{1,2})?", plain)
    if iso:
        return _first(int(iso[2]), iso[1])
    named = _MONTH_YEAR.fullmatch(_bare(plain))
    month = month_number(named[1]) if named else None
    if named is None or month is None:
        return Reading(None, problem="not_a_month")
    if named[2]:
        return _first(month, named[2])
    if fiscal_year_be is None:
        return Reading(None, problem="month_without_year")
    return _first(month, str(fiscal_year_be - (month >= _FISCAL_START)))


def _first(month: int, year: str) -> Reading[date]:
    found = _day(1, month, year, "", ())
    problem = "not_a_month" if found.problem else None
    return Reading(found.value, tuple(r for r in found.repairs if r != "text_date"), problem)


def format_date(day: date, style: str = "short") -> str:
    """A day in พ.ศ.: short 1 ต.ค. 2565, long 1 ตุลาคม 2565, thai ๑ ตุลาคม ๒๕๖๕, weekday."""
    year = day.year + _BE
    if style == "short":
        return f"{day.day} {SHORT[day.month - 1]} {year}"
    long = f"{day.day} {FULL[day.month - 1]} {year}"
    if style == "weekday":
        return f"วัน{_WEEKDAYS[day.weekday()]}ที่ {long}"
    return thai_digits(long) if style == "thai" else long


def format_time(at: time) -> str:
    """A time of day as offices write it: 14.32 น."""
    return f"{at:%H.%M} น."


def format_month(day: date, style: str = "long") -> str:
    """A month in พ.ศ.: long ตุลาคม 2565, short ต.ค. 65."""
    year = day.year + _BE
    if style == "short":
        return f"{SHORT[day.month - 1]} {year % 100:02d}"
    return f"{FULL[day.month - 1]} {year}"
