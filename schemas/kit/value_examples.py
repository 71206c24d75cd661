"""Cells as clerks type them, kind by kind: what the table of values and its tests are made from."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.kit.columns import Column, described
from schemas.kit.kinds import Context, Typed, kinds
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.text import ParsedCell

CONTEXT = Context(
    Round.parse("2566-12"),
    {"01": ("สำนักปลัดเทศบาล", "สำนักปลัด"), "02": ("กองคลัง",)},
)


class Example(NamedTuple):
    """One cell, the column it stands in, what is known beside it, and what it is read as."""

    column: Column
    typed: Typed
    context: Context
    reading: ParsedCell[Any]


def examples() -> Iterator[Example]:
    """Every example, read by the real parser of its kind."""
    for kind, of_kind in ((each, more) for each in kinds() for more in each.examples):
        column = described(kind, of_kind.th, of_kind.en, **of_kind.options)
        cells = [(_typed(each), CONTEXT) for each in of_kind.cells]
        cells += [(Typed("text", each), Context()) for each in of_kind.without_round]
        for typed, context in cells:
            read = of_kind.read(typed.raw) if of_kind.read else column.read(typed, context)
            yield Example(column, typed, context, read)


def _typed(each: str | tuple[str, str] | Typed) -> Typed:
    if isinstance(each, Typed):
        return each
    return Typed("text", each) if isinstance(each, str) else Typed(*each)
