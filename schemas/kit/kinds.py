"""The kinds of value a cell can hold: how each is read, stored and shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from schemas.kit.thai.calendar import Round
from schemas.kit.thai.dates import (
    date_from_cell,
    format_date,
    format_month,
    parse_date,
    parse_month,
)
from schemas.kit.thai.numbers import parse_count, parse_money, percent_of_share
from schemas.kit.thai.text import (
    ParsedCell,
    ProblemCode,
    RepairCode,
    arabic_digits,
    clean,
    matching_key,
    means_nothing,
    text_repairs,
)


class ColumnKind(StrEnum):
    """What sort of value a column holds."""

    TEXT = "text"
    CODE = "code"
    CHOICE = "choice"
    DIVISION = "division"
    MONEY = "money"
    COUNT = "count"
    DAY = "day"
    MONTH = "month"
    TICK = "tick"


DTYPES: Mapping[ColumnKind, str] = {
    ColumnKind.TEXT: "string",
    ColumnKind.CODE: "string",
    ColumnKind.CHOICE: "string",
    ColumnKind.DIVISION: "string",
    ColumnKind.MONEY: "Int64",
    ColumnKind.COUNT: "Int64",
    ColumnKind.DAY: "datetime64[us]",
    ColumnKind.MONTH: "datetime64[us]",
    ColumnKind.TICK: "string",
}

TICK = "✓"
TICKED = tuple(
    matching_key(each) for each in (TICK, "✔", "√", "☑", "✅", "x", "/", "ใช่", "true", "1")
)
UNTICKED = tuple(matching_key(each) for each in ("ไม่ใช่", "false", "0", "-", "☐", "□"))
_MOST_DIGITS = 15  # of a number that Excel keeps
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}")
_CUT = re.compile(r"[\s\-\u2010-\u2015]+")


@dataclass(frozen=True)
class Context:
    """What a value may be measured by: the round, and the municipality's divisions.

    `divisions` maps a code to all its names, the printed one first; `criteria` are the round's
    numbers by key; `quarterly` says that purchases come by the quarter. Without a round (a workbook
    checked by itself) nothing is judged against the calendar.
    """

    round: Round | None = None
    divisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    quarterly: bool = False

    @cached_property
    def division_keys(self) -> Mapping[str, str]:
        """Every spelling of a division's code or name, as a matching key, to its code."""
        spelt = {matching_key(n): code for code, names in self.divisions.items() for n in names}
        return spelt | {matching_key(code): code for code in self.divisions}

    @property
    def fiscal_year_be(self) -> int | None:
        """The fiscal year in พ.ศ. that completes a month written without a year."""
        return self.round.fiscal_year.be if self.round else None


@dataclass(frozen=True)
class Typed:
    """A cell as it was found: its sort (text, number, boolean, date, time) and its text.

    `percent` says that the cell would show a number as a share of a hundred.
    """

    sort: str
    raw: str
    percent: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it shows a number as a share of a hundred; a text shows as it is."""
        return self.percent and self.sort == "number"


Parser = Callable[[Typed, "Vocabulary"], ParsedCell[Any]]


@dataclass(frozen=True)
class Vocabulary:
    """What the parser of one column may know beside the cell.

    `choices` by matching key, the `context`, the `unit` that the heading names, and of a code that
    is a number the `digits` it may have.
    """

    choices: Mapping[str, str]
    context: Context
    unit: str = ""
    digits: tuple[int, ...] = ()


def read_value(kind: ColumnKind, typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    """Read one non-empty cell as a value of its kind; never raises for what a clerk may type."""
    return _PARSERS[kind](typed, vocabulary)


def _text(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    if typed.sort == "date":
        found = date_from_cell(date.fromisoformat(typed.raw[:10]))
        if found.value:
            return ParsedCell(format_date(found.value), (RepairCode.DATE_AS_TEXT, *found.repairs))
    if typed.is_share:
        return ParsedCell(f"{percent_of_share(typed.raw):f}%", (RepairCode.PERCENT_AS_TEXT,))
    cleaned = clean(typed.raw)
    return ParsedCell(cleaned, text_repairs(typed.raw)) if cleaned else ParsedCell(None)


def _code(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    """A code is text that names something: a dash means that there is none.

    What Excel makes of a code that it takes for a number or a day cannot be undone for certain,
    but for the zero that a number of so many digits has lost.
    """
    cleaned = clean(typed.raw)
    nothing: ParsedCell[Any] | None = means_nothing(cleaned)
    if nothing:
        return nothing
    if typed.sort == "date":
        return ParsedCell(None, problem=ProblemCode.BECAME_A_DATE)
    if _EXPONENT.fullmatch(cleaned) or (typed.sort == "number" and len(cleaned) > _MOST_DIGITS):
        return ParsedCell(None, problem=ProblemCode.LOST_DIGITS)
    digits = _CUT.sub("", arabic_digits(cleaned))
    if not (vocabulary.digits and digits.isdecimal() and digits.isascii()):
        return ParsedCell(cleaned, text_repairs(typed.raw))
    return _number_as_code(typed, digits, vocabulary.digits)


def _number_as_code(typed: Typed, digits: str, lengths: tuple[int, ...]) -> ParsedCell[Any]:
    lost = typed.sort == "number" and len(digits) not in lengths and len(digits) + 1 in lengths
    seen = {
        RepairCode.THAI_DIGITS: arabic_digits(typed.raw) != typed.raw,
        RepairCode.GROUPED_DIGITS: digits != arabic_digits(clean(typed.raw)),
        RepairCode.LEADING_ZERO: lost,
    }
    return ParsedCell("0" * lost + digits, tuple(code for code, here in seen.items() if here))


def _choice(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    found = vocabulary.choices.get(matching_key(typed.raw))
    if found is None:
        return ParsedCell(None, problem=ProblemCode.NOT_IN_LIST)
    return ParsedCell(found, _spelt_otherwise(typed.raw, found))


def _division(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    """A division by its code or a name; a number cell shows the code 02 as 2."""
    divisions, keys = vocabulary.context.divisions, vocabulary.context.division_keys
    if not divisions:
        return ParsedCell(clean(typed.raw), text_repairs(typed.raw))
    code = keys.get(matching_key(typed.raw))
    if code is None and typed.sort == "number" and f"0{typed.raw}" in divisions:
        return ParsedCell(f"0{typed.raw}", (RepairCode.LEADING_ZERO,))
    if code is None:
        return ParsedCell(None, problem=ProblemCode.NOT_IN_LIST)
    is_code = typed.raw.strip() == code
    return ParsedCell(code, () if is_code else _spelt_otherwise(typed.raw, divisions[code][0]))


def _spelt_otherwise(raw: str, listed: str) -> tuple[str, ...]:
    """How an entry of a list was spelt, if not as it is listed: by another name, or look-alikes."""
    if raw.strip() == listed:
        return ()
    same = matching_key(raw) == matching_key(listed)
    return (RepairCode.LOOK_ALIKE if same else RepairCode.OTHER_NAME,)


def _money(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    if typed.is_share:
        return ParsedCell(None, problem=ProblemCode.A_RATE)
    return parse_money(typed.raw)


def _count(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    if typed.is_share:
        return ParsedCell(None, problem=ProblemCode.A_RATE)
    return parse_count(typed.raw, vocabulary.unit)


def _day(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    if typed.sort == "date":
        return date_from_cell(date.fromisoformat(typed.raw[:10]))
    return parse_date(typed.raw)


def _month(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    if typed.sort == "date":
        found = date_from_cell(date.fromisoformat(typed.raw[:10]))
        first = found.value.replace(day=1) if found.value else None
        return ParsedCell(first, found.repairs, found.problem, found.suggestion)
    return parse_month(typed.raw, vocabulary.context.fiscal_year_be)


def _tick(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    """A tick in the marks that offices use; a blank that shows nothing is none."""
    key = matching_key(typed.raw)
    if key in TICKED:
        return ParsedCell(TICK, (RepairCode.TICK_MARK,) * (typed.raw.strip() != TICK))
    if key in UNTICKED:
        return ParsedCell(None, (RepairCode.DASH_MEANS_NONE,))
    return ParsedCell(None, problem=ProblemCode.NOT_A_TICK if key else None)


_PARSERS: Mapping[ColumnKind, Parser] = {
    ColumnKind.TEXT: _text,
    ColumnKind.CODE: _code,
    ColumnKind.CHOICE: _choice,
    ColumnKind.DIVISION: _division,
    ColumnKind.MONEY: _money,
    ColumnKind.COUNT: _count,
    ColumnKind.DAY: _day,
    ColumnKind.MONTH: _month,
    ColumnKind.TICK: _tick,
}


def shown(kind: ColumnKind, value: Any, lang: str, context: Context) -> str:
    """A value of a kind as a person reads it; the printed table has formats of its own."""
    thai = lang == "th"
    if value is None:
        return "ว่าง" if thai else "blank"
    if kind is ColumnKind.MONEY:
        return f"{Decimal(int(value)) / 100:,.2f} {'บาท' if thai else 'baht'}"
    if kind is ColumnKind.DAY:
        return format_date(value) if thai else f"{value:%Y-%m-%d}"
    if kind is ColumnKind.MONTH:
        return format_month(value) if thai else f"{value:%Y-%m}"
    if kind is ColumnKind.COUNT:
        return f"{int(value):,}"
    if kind is ColumnKind.DIVISION:
        value = context.divisions.get(value, (value,))[0]
    return str(value)
