"""Computed columns: the formula in the cell and the value it shows before Excel computes."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from pipeline.template.lines import TemplateLine
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec

PREVIOUS = "previous:"
_NEVER = date.min
_PLACE = re.compile(r"([+-]?)\{(\w+)\}")


def computed(form: FormSpec, lines: Sequence[TemplateLine]) -> list[TemplateLine]:
    """The lines with the values of their computed columns, which are closed.

    The first month has no month before it: there a column that carries over is open to be typed.
    """
    made: list[TemplateLine] = []
    before = previous_lines(form, lines)
    for line, earlier in zip(lines, before, strict=True):
        values, closed = dict(line.values), set(line.closed)
        for column in form.table_columns:
            source = values if not _looks_back(column) else _values_at(made, earlier)
            if column.filled is Filled.FORMULA and source is not None:
                values[column.name] = _total(column.formula, source)
                closed.add(column.name)
        made.append(TemplateLine(values, frozenset(closed)))
    return made


def previous_lines(form: FormSpec, lines: Sequence[TemplateLine]) -> list[int | None]:
    """For each line the place of the line of the same kind a month earlier, None for the first."""
    places = {_key(form, line): place for place, line in enumerate(lines)}
    return [places.get(_key(form, line, before=True)) for line in lines]


def formula_text(
    column: Column, row: int, earlier: int | None, address: Callable[[str, int], str]
) -> str:
    """The formula of a computed column in a row; `address` gives a column's cell in a row."""
    at = earlier if _looks_back(column) and earlier is not None else row
    pattern = column.formula.removeprefix(PREVIOUS)
    return "=" + _PLACE.sub(lambda found: found[1] + address(found[2], at), pattern)


def _looks_back(column: Column) -> bool:
    return column.formula.startswith(PREVIOUS)


def _values_at(made: Sequence[TemplateLine], place: int | None) -> dict[str, object] | None:
    return None if place is None else dict(made[place].values)


def _total(pattern: str, values: dict[str, object]) -> int:
    amounts = ((sign, values.get(name)) for sign, name in _PLACE.findall(pattern))
    whole = ((sign, value if isinstance(value, int) else 0) for sign, value in amounts)
    return sum(-value if sign == "-" else value for sign, value in whole)


def _month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _key(form: FormSpec, line: TemplateLine, *, before: bool = False) -> tuple[object, ...]:
    """What identifies a line, or would identify the one a month earlier."""
    month = line.values.get(form.about.month)
    if before:
        month = _month_before(month) if isinstance(month, date) else _NEVER
    others = (n for n in form.about.key if n != form.about.month)
    return (month, *(line.values.get(name) for name in others))
