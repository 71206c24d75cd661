"""A month, stored as its first day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from schemas.kit.excel_reading import ExcelReading, Lists, of_day
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.dates import FULL, SHORT, be_year, date_from_cell, format_month, parse_month
from schemas.kit.thai.thai_text import ParsedCell, matching_key


def _parse(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    if typed.sort == "date":
        found = date_from_cell(date.fromisoformat(typed.raw[:10]))
        first = found.value.replace(day=1) if found.value else None
        return ParsedCell(first, found.repairs, found.problem, found.suggestion)
    return parse_month(typed.raw, vocabulary.context.fiscal_year_be)


def _members(vocabulary: Vocabulary) -> Sequence[date]:
    return vocabulary.context.round.months_list if vocabulary.context.round else ()


def _keys(vocabulary: Vocabulary) -> Sequence[str]:
    """The spellings of each month follow each other."""
    return tuple(matching_key(each) for month in _members(vocabulary) for each in _spellings(month))


def _spellings(month: date) -> list[str]:
    """A month as it may be written; without a year it is that of the round."""
    year = be_year(month)
    return [
        name + after
        for name in (FULL[month.month - 1], SHORT[month.month - 1])
        for after in (str(year), str(year % 100), "")
    ]


def _excel(cells: str, lists: Lists) -> ExcelReading:
    """A day stands for its month; a text is one of the round's months."""
    days, place = of_day(cells, lists), f"MATCH({cells}.key,{lists.keys},0)"
    start, each = lists.first_month, len(_spellings(lists.first_month))
    named = f"DATE({start.year},{start.month}+INT(({place}-1)/{each}),1)"
    first = f"DATE(YEAR({days.value}),MONTH({days.value}),1)"
    return ExcelReading(
        f"IFERROR({named},IFERROR({first},0))",
        f"({days.known}+ISNUMBER({place})>0)",
        days.blank,
        days.unsure,
    )


MONTH = ColumnKind(
    "month",
    th="เดือน",
    order=4,
    parse=_parse,
    excel=_excel,
    bases=("text", "key", "number", "day"),
    keys=_keys,
    dtype="datetime64[us]",
    exported="yearmonth",
    to_cell=lambda value, _: format_month(value) if isinstance(value, date) else str(value),
    show=lambda value, lang, _: format_month(value) if lang == "th" else f"{value:%Y-%m}",
    look="month",
    help=("เดือนและปี พ.ศ. เช่น ตุลาคม 2565", "Month and year, such as ตุลาคม 2565."),
    members=_members,
    list_name="months",
    asks="template.asks-list",
    examples=(
        ValueExamples(
            "เดือน",
            "Month",
            ("ตุลาคม 2565", "ต.ค. 65", "๑๐/๒๕๖๕", "ตุลาคม", "ไตรมาส 1", ("date", "2565-10-01")),
            without_round=("ตุลาคม",),
        ),
    ),
)
month = MONTH.column
