"""What Excel says of a cell while it is typed: the list, the bounds, the help beside the cell."""

from collections.abc import Mapping
from typing import Any

from pipeline.messages import say
from pipeline.model import Plan
from schemas.kit.columns import Column
from schemas.kit.form import FormSpec
from schemas.kit.thai.dates import format_date

_TITLE, _MESSAGE = 32, 255  # the longest that Excel takes


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


def demands_of(form: FormSpec, column: Column, plan: Plan) -> str:
    """What is asked of a column's cells, in one line."""
    return " · ".join(filter(None, (demand_of(form, column), expected_in(column, plan))))


def expected_in(column: Column, plan: Plan) -> str:
    """What a cell of the column may hold; nothing for what may hold any text."""
    if column.within:
        days = [format_date(day) for day in plan.round.bounds(column.within)]
        return say("template.asks-within", low=days[0], high=days[1])
    key, bounds = column.kind.expectation(column.vocabulary(plan.context))
    return say(key, **bounds) if key else ""


def list_of(form: FormSpec, column: Column, plan: Plan) -> tuple[str, tuple[str, ...]]:
    """The name of the list that a column is chosen from, and its texts: none where it is typed."""
    name = column.kind.list_name or f"{form.name}_{column.name}"
    return f"list_{name}", column.listed(plan.context)


def limit_of(form: FormSpec, column: Column, cell: str, plan: Plan) -> Mapping[str, Any]:
    """The validation of a column's input cells; `cell` is the first of them, such as C4."""
    message, title = (
        _cut(help_of(form, column), _MESSAGE),
        _cut(say("template.check-title"), _TITLE),
    )
    texts = {"input_message": message, "error_title": title, "error_type": "warning"}
    name, choices = list_of(form, column, plan)
    if choices:
        texts |= {"error_type": "stop"} if column.choices and not column.also else {}
        texts["error_message"] = say("template.check-list")
        return texts | {"validate": "list", "source": f"={name}"}
    limit = column.kind.limit(column.vocabulary(plan.context), cell)
    if limit is None:
        return texts | {"validate": "any"}
    texts |= {"validate": limit.sort, "error_message": say(limit.says, minimum=limit.low)}
    if limit.formula:
        return texts | {"value": limit.formula}
    return texts | {"criteria": "between", "minimum": limit.low, "maximum": limit.high}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
