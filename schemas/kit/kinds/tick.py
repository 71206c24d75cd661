"""A tick, or nothing; in the marks that offices use."""

from typing import Any

from schemas.kit.excel_reading import ExcelReading, Lists, one_of
from schemas.kit.kinds import TICK as MARK
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.thai_text import ParsedCell, ProblemCode, RepairCode, matching_key

_TICKED = tuple(
    matching_key(each) for each in (MARK, "✔", "√", "☑", "✅", "x", "/", "ใช่", "true", "1")
)
_UNTICKED = tuple(matching_key(each) for each in ("ไม่ใช่", "false", "0", "-", "☐", "□"))


def _parse(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    """A blank that shows nothing is none."""
    key = matching_key(typed.raw)
    if key in _TICKED:
        return ParsedCell(MARK, (RepairCode.TICK_MARK,) * (typed.raw.strip() != MARK))
    if key in _UNTICKED:
        return ParsedCell(None, (RepairCode.DASH_MEANS_NONE,))
    return ParsedCell(None, problem=ProblemCode.NOT_A_TICK if key else None)


def _excel(cells: str, _: Lists) -> ExcelReading:
    key = f"{cells}.key"
    blank = f'(({key}="")+{one_of(key, _UNTICKED)}>0)'
    return ExcelReading(key, one_of(key, _TICKED), blank)


TICK = ColumnKind(
    "tick",
    th="เครื่องหมาย ✓",
    order=7,
    parse=_parse,
    excel=_excel,
    bases=("key",),
    exported="boolean",
    look="text_center",
    help=("ใส่ ✓ หรือเว้นว่าง", "Tick ✓ or leave blank."),
    width=14,
    align="center",
    members=lambda _: (MARK,),
    list_name="ticks",
    asks="template.asks-tick",
    examples=(
        ValueExamples("เครื่องหมาย ✓", "Tick", ("✓", "/", "x", ("boolean", "TRUE"), "-", "อาจจะ")),
    ),
)
tick = TICK.column
