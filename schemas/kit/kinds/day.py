"""A calendar day, typed in พ.ศ. or C.E."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from schemas.kit.excel_reading import literal, of_day
from schemas.kit.kinds import ColumnKind, Limit, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.dates import date_from_cell, format_date, parse_date
from schemas.kit.thai.thai_text import ParsedCell

_BE = 543
_YEARS_AROUND = 10


def _parse(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    if typed.sort == "date":
        return date_from_cell(date.fromisoformat(typed.raw[:10]))
    return parse_date(typed.raw)


def _limited(vocabulary: Vocabulary, cell: str) -> Limit:
    """A day of the window, also where its year was typed in พ.ศ. and taken for C.E."""
    days = _window(vocabulary)
    windows = (days, [day.replace(year=day.year + _BE) for day in days])
    spans = [[literal(day) for day in window] for window in windows]
    tests = [f"AND({cell}>={low},{cell}<={high})" for low, high in spans]
    return Limit("custom", "template.check-day", formula=f"=OR({','.join(tests)})")


def _window(vocabulary: Vocabulary) -> Sequence[date]:
    """The days that are likely: those of the round or year, else some years on either side."""
    assert vocabulary.context.round is not None, "a template is of a round"
    if vocabulary.within:
        return vocabulary.context.round.bounds(vocabulary.within)
    year = vocabulary.context.round.end.year
    return date(year - _YEARS_AROUND, 1, 1), date(year + _YEARS_AROUND, 12, 31)


DAY = ColumnKind(
    "day",
    th="วันที่",
    order=3,
    parse=_parse,
    excel=of_day,
    bases=("text", "number", "day"),
    is_day=True,
    dtype="datetime64[us]",
    exported="date",
    to_cell=lambda value, _: value if isinstance(value, date) else str(value),
    show=lambda value, lang, _: format_date(value) if lang == "th" else f"{value:%Y-%m-%d}",
    look="date",
    help=("พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 5/10/2565", "Day/month/year, such as 5/10/2565."),
    width=14,
    align="center",
    number_format="[$-187041E]d mmm yyyy;@",  # what is typed may be of either calendar
    asks="template.asks-day",
    limited=_limited,
    examples=(
        ValueExamples(
            "วันที่",
            "Date",
            (
                "3 ต.ค. 65",
                "1 ต.ค.65",
                "๔ มิถุนายน ๒๕๕๘",
                "01/02/65",
                "1-ต.ค.-65",
                "วันที่ 5 ตุลาคม พ.ศ. 2565",
                "29 ก.พ. 2567",
                "29 ก.พ. 2566",
                "1/10/22",
                "ต้นเดือน",
                ("date", "2022-10-01"),
                ("date", "2565-10-01"),
                ("date", "1965-10-01"),
                ("date", "1907-01-08"),
            ),
        ),
    ),
)
day = DAY.column
