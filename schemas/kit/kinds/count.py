"""A whole number, not negative unless its `minimum` says so."""

from typing import Any

from schemas.kit.excel_reading import of_number
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.numbers import parse_count
from schemas.kit.thai.thai_text import ParsedCell, ProblemCode


def _parse(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    if typed.is_share:
        return ParsedCell(None, problem=ProblemCode.A_RATE)
    return parse_count(typed.raw, vocabulary.unit)


COUNT = ColumnKind(
    "count",
    th="จำนวนเต็ม",
    order=2,
    parse=_parse,
    excel=of_number,
    bases=("text", "number"),
    dtype="Int64",
    sums=True,
    exported="integer",
    look="count",
    help=("พิมพ์จำนวนเต็ม เช่น 12", "A whole number, such as 12."),
    width=12,
    minimum=0,
    align="right",
    number_format="#,##0",
    examples=(
        ValueExamples(
            "จำนวน (คน)", "Count", ("๓๖", "1,000", "48 คน", "48 ครั้ง", "1.5", "-", "94.29%", "สามคน")
        ),
    ),
)
count = COUNT.column
