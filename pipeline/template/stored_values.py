"""How a stored value stands in a cell: money in baht, months and divisions by their names."""

from datetime import date
from typing import Any

from pipeline.model import Plan
from schemas.kit.columns import Column
from schemas.kit.kinds import ColumnKind
from schemas.kit.thai.dates import format_month

_SATANG = 100


def as_typed(column: Column, value: Any, plan: Plan) -> str | int | float | date:
    """A stored value as a clerk would have typed it into the template."""
    if column.kind is ColumnKind.MONEY:
        return int(value) / _SATANG
    if column.kind is ColumnKind.COUNT:
        return int(value)
    if column.kind is ColumnKind.DAY and isinstance(value, date):
        return value
    if column.kind is ColumnKind.MONTH and isinstance(value, date):
        return format_month(value)
    if column.kind is ColumnKind.DIVISION:
        names = {division.code: division.name for division in plan.divisions}
        return names.get(str(value), str(value))
    return str(value)
