"""The kinds of value a cell can hold: how each is read, stored and shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from schemas.kit.calendar import Round
from schemas.kit.thai import Reading, clean, matching_key
from schemas.kit.thai_dates import date_from_cell, parse_date, parse_month
from schemas.kit.thai_numbers import parse_count, parse_money


class Kind(StrEnum):
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


DTYPES: Mapping[Kind, str] = {
    Kind.TEXT: "string",
    Kind.CODE: "string",
    Kind.CHOICE: "string",
    Kind.DIVISION: "string",
    Kind.MONEY: "Int64",
    Kind.COUNT: "Int64",
    Kind.DAY: "datetime64[us]",
    Kind.MONTH: "datetime64[us]",
    Kind.TICK: "string",
}

TICK = "✓"
_TICKS = frozenset(matching_key(each) for each in (TICK, "✔", "x", "/", "ใช่", "true", "1"))
_UNTICKED = frozenset(matching_key(each) for each in ("ไม่ใช่", "false", "0", "-", "☐"))


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
    """A cell as it was found: its sort (text, number, boolean, date, time) and its text."""

    sort: str
    raw: str


Parser = Callable[[Typed, "Vocabulary"], Reading[Any]]


@dataclass(frozen=True)
class Vocabulary:
    """What the parser of one column may know: its choices by matching key, and the context."""

    choices: Mapping[str, str]
    context: Context


def read_value(kind: Kind, typed: Typed, vocabulary: Vocabulary) -> Reading[Any]:
    """Read one non-empty cell as a value of its kind; never raises for what a clerk may type."""
    return _PARSERS[kind](typed, vocabulary)


def _text(typed: Typed, _: Vocabulary) -> Reading[Any]:
    cleaned = clean(typed.raw)
    return Reading(cleaned or None)


def _code(typed: Typed, _: Vocabulary) -> Reading[Any]:
    """A code is text that names something: dashes mean that there is none."""
    cleaned = clean(typed.raw)
    return Reading(None if matching_key(cleaned) in ("-", "") else cleaned)


def _choice(typed: Typed, vocabulary: Vocabulary) -> Reading[Any]:
    found = vocabulary.choices.get(matching_key(typed.raw))
    if found is None:
        return Reading(None, problem="not_in_list")
    return Reading(found, () if clean(typed.raw) == found else ("look_alike",))


def _division(typed: Typed, vocabulary: Vocabulary) -> Reading[Any]:
    code = vocabulary.context.division_keys.get(matching_key(typed.raw))
    if code is None and not vocabulary.context.divisions:
        return Reading(clean(typed.raw))
    return Reading(code, problem=None if code else "not_in_list")


def _money(typed: Typed, _: Vocabulary) -> Reading[Any]:
    return parse_money(typed.raw)


def _count(typed: Typed, _: Vocabulary) -> Reading[Any]:
    return parse_count(typed.raw)


def _day(typed: Typed, _: Vocabulary) -> Reading[Any]:
    if typed.sort == "date":
        return date_from_cell(date.fromisoformat(typed.raw[:10]))
    return parse_date(typed.raw)


def _month(typed: Typed, vocabulary: Vocabulary) -> Reading[Any]:
    if typed.sort == "date":
        found = date_from_cell(date.fromisoformat(typed.raw[:10]))
        first = found.value.replace(day=1) if found.value else None
        return Reading(first, found.repairs, found.problem, found.suggestion)
    return parse_month(typed.raw, vocabulary.context.fiscal_year_be)


def _tick(typed: Typed, _: Vocabulary) -> Reading[Any]:
    key = matching_key(typed.raw)
    if key in _TICKS or key == "":
        return Reading(TICK)
    return Reading(None, problem=None if key in _UNTICKED else "not_a_tick")


_PARSERS: Mapping[Kind, Parser] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.CHOICE: _choice,
    Kind.DIVISION: _division,
    Kind.MONEY: _money,
    Kind.COUNT: _count,
    Kind.DAY: _day,
    Kind.MONTH: _month,
    Kind.TICK: _tick,
}
