"""Free text, kept as it is but for blanks and composed vowels."""

from datetime import date
from typing import Any

from schemas.kit.excel_reading import of_text
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.personal_numbers import Personal
from schemas.kit.thai.dates import date_from_cell, format_date
from schemas.kit.thai.numbers import parse_percent, percent_of_share
from schemas.kit.thai.thai_text import ParsedCell, RepairCode, clean, text_repairs


def _parse(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    if typed.sort == "date":
        found = date_from_cell(date.fromisoformat(typed.raw[:10]))
        if found.value:
            return ParsedCell(format_date(found.value), (RepairCode.DATE_AS_TEXT, *found.repairs))
    if typed.is_share:
        return ParsedCell(f"{percent_of_share(typed.raw):f}%", (RepairCode.PERCENT_AS_TEXT,))
    cleaned = clean(typed.raw)
    return ParsedCell(cleaned, text_repairs(typed.raw)) if cleaned else ParsedCell(None)


TEXT = ColumnKind(
    "text",
    th="ข้อความ",
    order=9,
    parse=_parse,
    excel=of_text,
    continues=True,
    unasked=tuple(Personal),
    width=30,
    examples=(
        ValueExamples(
            "ข้อความ",
            "Text",
            (
                "ด\u0e4d\u0e32เนินการ\u00a0ครบ",
                "โครงการ  ๓๖ โครงการ",
                ("date", "2022-10-05"),
                Typed("number", "0.9429", percent=True),
            ),
        ),
        ValueExamples(
            "ร้อยละในข้อความ", "Percentage in a text", ("ร้อยละ ๙๔.๒๙", "94.29%"), read=parse_percent
        ),
    ),
)
text = TEXT.column
