"""What Excel says of a cell while it is typed: the list, the bounds, the help beside the cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.messages import say
from pipeline.model import Plan
from pipeline.template.lists import list_of
from schemas.kit.columns import Column
from schemas.kit.form import FormSpec
from schemas.kit.kinds import ColumnKind
from schemas.kit.thai.dates import format_date

_ASKS = {
    ColumnKind.CHOICE: "template.asks-list",
    ColumnKind.DIVISION: "template.asks-list",
    ColumnKind.DAY: "template.asks-day",
    ColumnKind.MONTH: "template.asks-list",
    ColumnKind.TICK: "template.asks-tick",
}
_TITLE, _MESSAGE = 32, 255  # the longest that Excel takes
_EPOCH = date(1899, 12, 30)
_BE = 543
_YEARS_AROUND = 10
_SATANG = 100
_LARGEST = 10**12


def one_line(heading: str) -> str:
    """A heading without its line breaks."""
    return " ".join(heading.split())


def help_of(form: FormSpec, column: Column) -> str:
    """What a heading's note says: the help, and when the column must be filled.

    An example stands above a heading; beside a label there is room for it in the note alone.
    """
    listed = bool(column.choices) and column.help_th == ", ".join(column.choices)
    parts = [say("template.check-list") if listed else column.help_th]
    shows_one = say("template.example", example="") in column.help_th
    if column.labelled and column.example and not shows_one:
        parts.append(say("template.example", example=column.example))
    parts.append(say("template.computed") if column.formula else demand_of(form, column))
    return "\n".join(part for part in parts if part)


def demand_of(form: FormSpec, column: Column) -> str:
    """When a column must be filled, nothing where it may be left blank."""
    if column.required is not None:
        return say("template.must")
    if column.required_if is None:
        return ""
    other, values = column.required_if
    heading = one_line(form.column(other).th)
    return say("template.must-if", other=heading, values=", ".join(values))


def checked_of(form: FormSpec, column: Column, plan: Plan) -> str:
    """What is asked of a column's cells, in one line."""
    parts = [demand_of(form, column), kind_said(column, plan)]
    return " · ".join(part for part in parts if part)


def kind_said(column: Column, plan: Plan) -> str:
    """What a cell of the column may hold; nothing for what may hold any text."""
    if column.within:
        days = [format_date(day) for day in plan.round.bounds(column.within)]
        return say("template.asks-within", low=days[0], high=days[1])
    if column.kind in (ColumnKind.MONEY, ColumnKind.COUNT):
        sort = "between" if column.maximum is not None else "number"
        sort = "least" if sort == "number" and column.minimum is not None else sort
        scale = _SATANG if column.is_money else 1
        low, high = (column.minimum or 0) // scale, (column.maximum or 0) // scale
        return say(f"template.asks-{sort}", low=low, high=high)
    return say(_ASKS[column.kind]) if column.kind in _ASKS else ""


def limit_of(form: FormSpec, column: Column, cell: str, plan: Plan) -> Mapping[str, Any]:
    """The validation of a column's input cells; `cell` is the first of them, such as C4."""
    told = {
        "input_message": _cut(help_of(form, column), _MESSAGE),
        "error_title": _cut(say("template.check-title"), _TITLE),
        "error_type": "warning",
    }
    return told | _judged(form, column, cell, plan)


def _judged(form: FormSpec, column: Column, cell: str, plan: Plan) -> dict[str, Any]:
    listed = list_of(form, column, plan)
    if listed is not None:
        strict = column.kind is ColumnKind.CHOICE and not column.also
        told = {"error_message": say("template.check-list")}
        told |= {"error_type": "stop"} if strict else {}
        return told | {"validate": "list", "source": f"={listed.name}"}
    if column.kind is ColumnKind.DAY:
        return {
            "validate": "custom",
            "value": _in_either_calendar(cell, _window(column, plan)),
            "error_message": say("template.check-day"),
        }
    if column.kind in (ColumnKind.MONEY, ColumnKind.COUNT):
        return _bounds(column)
    return {"validate": "any"}


def _bounds(column: Column) -> dict[str, Any]:
    scale = _SATANG if column.is_money else 1
    low = (column.minimum or 0) // scale
    high = _LARGEST if column.maximum is None else column.maximum // scale
    return {
        "validate": "decimal" if column.is_money else "integer",
        "criteria": "between",
        "minimum": low,
        "maximum": high,
        "error_message": say("template.check-number", minimum=low),
    }


def _window(column: Column, plan: Plan) -> tuple[date, date]:
    """The days that are likely: those of the round or year, else some years on either side."""
    if column.within:
        return plan.round.bounds(column.within)
    year = plan.round.end.year
    return date(year - _YEARS_AROUND, 1, 1), date(year + _YEARS_AROUND, 12, 31)


def _in_either_calendar(cell: str, days: Sequence[date]) -> str:
    """True for a day of the window, also where its year was typed in พ.ศ. and taken for C.E."""
    windows = (days, [day.replace(year=day.year + _BE) for day in days])
    spans = [tuple((day - _EPOCH).days for day in window) for window in windows]
    tests = [f"AND({cell}>={low},{cell}<={high})" for low, high in spans]
    return f"=OR({','.join(tests)})"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
