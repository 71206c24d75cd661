"""Cells as clerks type them, kind by kind: what the table of values and its tests are made from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from schemas.kit.columns import Column, described
from schemas.kit.kinds import ColumnKind, Context, Typed
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.numbers import parse_percent
from schemas.kit.thai.text import ParsedCell

CONTEXT = Context(
    Round.parse("2566-12"),
    {"01": ("สำนักปลัดเทศบาล", "สำนักปลัด"), "02": ("กองคลัง",)},
)
_COLUMNS: Mapping[ColumnKind, Column] = {
    each.kind: each
    for each in (
        described(ColumnKind.MONEY, "จำนวนเงิน (บาท)", "Amount (baht)"),
        described(ColumnKind.COUNT, "จำนวน (คน)", "Count"),
        described(ColumnKind.DAY, "วันที่", "Date"),
        described(ColumnKind.MONTH, "เดือน", "Month"),
        described(
            ColumnKind.CHOICE,
            "รายการให้เลือก",
            "Choice",
            choices=("ดำเนินการแล้วเสร็จ", "อยู่ระหว่างดำเนินการ"),
            also={"ดำเนินการแล้ว": "ดำเนินการแล้วเสร็จ"},
        ),
        described(ColumnKind.DIVISION, "ส่วนราชการ", "Division"),
        described(ColumnKind.TICK, "เครื่องหมาย ✓", "Tick"),
        described(ColumnKind.CODE, "เลขที่หรือรหัส", "Number or code", digits=(13,)),
        described(ColumnKind.TEXT, "ข้อความ", "Text"),
    )
}
_RATE = described(ColumnKind.TEXT, "ร้อยละในข้อความ", "Percentage in a text")
_RATES = ("ร้อยละ ๙๔.๒๙", "94.29%")


def _share(raw: str) -> Typed:
    return Typed("number", raw, percent=True)


_TYPED: Mapping[ColumnKind, Sequence[str | tuple[str, str] | Typed]] = {
    ColumnKind.MONEY: (
        "๑,๑๐๐,๖๖๔.๕๘ บาท",
        "12,500.-",
        "12,500.–",
        "฿1,000",
        "(500)",
        "687,000 บาท (หกแสนแปดหมื่นเจ็ดพันบาทถ้วน)",
        "687,000 บาท (หกแสนบาทถ้วน)",
        " 5000 ",
        "5,000\u00a0",
        "-",
        "ไม่มี",
        ("number", "0.30000000000000004"),
        "1.250.000",
        "12,34,567",
        "3.125",
        "ประมาณ 500",
        "9" * 16,
        "ร้อยละ ๙๔.๒๙",
        _share("0.9429"),
    ),
    ColumnKind.COUNT: ("๓๖", "1,000", "48 คน", "48 ครั้ง", "1.5", "-", "94.29%", "สามคน"),
    ColumnKind.DAY: (
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
    ColumnKind.MONTH: (
        "ตุลาคม 2565",
        "ต.ค. 65",
        "๑๐/๒๕๖๕",
        "ตุลาคม",
        "ไตรมาส 1",
        ("date", "2565-10-01"),
    ),
    ColumnKind.CHOICE: (
        "ดำเนินการแล้วเสร็จ",
        "ด\u0e4d\u0e32เนินการเเล้วเสร็จ",
        "ดำเนินการ แล้วเสร็จ",
        "ดำเนินการแล้ว",
        "เสร็จ",
    ),
    ColumnKind.DIVISION: ("กองคลัง", "กอง คลัง", "สำนักปลัด", "02", ("number", "2"), "เทศบาล"),
    ColumnKind.TICK: ("✓", "/", "x", ("boolean", "TRUE"), "-", "อาจจะ"),
    ColumnKind.CODE: (
        "0993500000012",
        "0-9935-00000-01-2",
        ("number", "993500000012"),
        "1.23E+12",
        ("date", "2566-01-01"),
        "ไม่มี",
    ),
    ColumnKind.TEXT: (
        "ด\u0e4d\u0e32เนินการ\u00a0ครบ",
        "โครงการ  ๓๖ โครงการ",
        ("date", "2022-10-05"),
        _share("0.9429"),
    ),
}


class Example(NamedTuple):
    """One cell, the column it stands in, what is known beside it, and what it is read as."""

    column: Column
    typed: Typed
    context: Context
    reading: ParsedCell[Any]


def examples() -> Iterator[Example]:
    """Every example, read by the real parser of its kind."""
    for kind, cells in _TYPED.items():
        for each in cells:
            yield _read(kind, _typed(each), CONTEXT)
        if kind is ColumnKind.MONTH:
            yield _read(kind, Typed("text", "ตุลาคม"), Context())
    for rate in _RATES:
        yield Example(_RATE, Typed("text", rate), CONTEXT, parse_percent(rate))


def _read(kind: ColumnKind, typed: Typed, context: Context) -> Example:
    column = _COLUMNS[kind]
    return Example(column, typed, context, column.read(typed, context))


def _typed(each: str | tuple[str, str] | Typed) -> Typed:
    if isinstance(each, Typed):
        return each
    return Typed("text", each) if isinstance(each, str) else Typed(*each)
