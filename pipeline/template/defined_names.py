"""The defined names in which the formulas of the check speak: columns, rows begun, ticks, keys."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from xlsxwriter.utility import xl_range_abs

from pipeline.messages import say
from pipeline.template.checks import TemplateCheck, asked
from pipeline.template.form_sheet import Desk
from pipeline.template.table_places import TablePlace
from schemas.kit.excel_reading import CONSTANTS, bases

LAST = "last"
_WORD = re.compile(r"[a-z][A-Za-z0-9_.]*")


def define_names(
    desk: Desk,
    places: Sequence[TablePlace],
    checks: Sequence[TemplateCheck],
    last_rows: Mapping[str, tuple[int, int]],
) -> None:
    """Define every name that is spoken of.

    `last_rows` gives, by its name, the cell that says how many rows of a form are used.
    """
    sheet = say("template.precheck-sheet")
    made = dict(CONSTANTS)
    for name, (row, column) in last_rows.items():
        made[name] = f"='{sheet}'!{xl_range_abs(row, column, row, column)}"
    for place in places:
        made |= dict(_names(place))
    counts = (count for check in checks for count in check.counts if count is not None)
    made |= {count.name: f"={count.formula}" for count in counts}
    blocks = [place.name("block") for place in places if not place.label]
    for name in _spoken(made, checks, blocks):
        desk.book.define_name(name, made[name])


def _spoken(
    made: Mapping[str, str], checks: Sequence[TemplateCheck], blocks: Sequence[str]
) -> list[str]:
    """The names that the cells of the sheet speak of, and those that these speak of in turn."""
    rows = [*blocks, *(check.rows for check in checks if check.rows)]
    waiting = rows + [c.name for check in checks for c in check.counts if c is not None]
    spoken: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in made and name not in spoken:
            spoken.add(name)
            waiting += _WORD.findall(made[name])
    return [name for name in made if name in spoken]


def _names(place: TablePlace) -> Iterator[tuple[str, str]]:
    for number, column in enumerate(place.columns):
        name = place.name(column.name)
        yield name, _beside_label(place) if place.label else _cells(place, number)
        yield from bases(column.kind.bases, name).items()
    if place.label:
        return
    yield place.name("block"), f"={place.block}"
    yield place.name("used"), _used(place)
    yield place.name("begun"), f"={_any(place, place.begun_names)}"
    if place.ticks is not None:
        yield place.name("typed"), f"={_any(place, place.typed_names)}"
        yield from _tick_names(place)
    yield place.name("asked"), f"={asked(place)}"


def _beside_label(place: TablePlace) -> str:
    cell = xl_range_abs(place.top, 1, place.top, 1)
    return f"='{place.form.about.sheet}'!{cell}"


def _cells(place: TablePlace, number: int) -> str:
    return f"=INDEX({place.name('used')},0,{number + 1})"


def _used(place: TablePlace) -> str:
    """The rows in use below the headings.

    They are told from the headings, which nobody can delete: a row inserted below is one of them.
    """
    block, width = place.name("block"), len(place.columns)
    return f"=INDEX({block},2,1):INDEX({block},{place.name(LAST)}+1,{width})"


def _any(place: TablePlace, names: Collection[str]) -> str:
    """The formula of the rows in which one of these columns is filled."""
    weights = ";".join(str(int(column.name in names)) for column in place.columns)
    return f"(MMULT(1-ISBLANK({place.name('used')}),{{{weights}}})>0)"


def _tick_names(place: TablePlace) -> Iterator[tuple[str, str]]:
    """The cover's ticks for a form, and the months beside them."""
    cover, tick = place.plan.cover, place.plan.nil_tick
    wanted = {"ticks": tick.name} | (
        {"tick_months": cover.about.month} if place.form.about.monthly else {}
    )
    names = [column.name for column in cover.table_columns]
    for suffix, column in wanted.items():
        first, last = place.ticks or (0, 0)
        number, name = names.index(column), place.name(suffix)
        yield name, f"='{cover.about.sheet}'!{xl_range_abs(first, number, last, number)}"
        yield from bases(tick.kind.bases, name).items()
