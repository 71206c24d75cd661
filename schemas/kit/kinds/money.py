"""An amount in baht with at most two decimals, stored in satang."""

from functools import partial
from typing import Any

from schemas.kit.excel_reading import of_number
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.numbers import parse_money
from schemas.kit.thai.thai_text import ParsedCell, ProblemCode


def _parse(typed: Typed, _: Vocabulary) -> ParsedCell[Any]:
    if typed.is_share:
        return ParsedCell(None, problem=ProblemCode.A_RATE)
    return parse_money(typed.raw)


MONEY = ColumnKind(
    "money",
    th="จำนวนเงิน (บาท)",
    order=1,
    parse=_parse,
    excel=partial(of_number, decimals=2),
    bases=("text", "number"),
    dtype="Int64",
    decimals=2,
    units=("_satang", "_baht"),
    sums=True,
    alone_is_total=True,
    exported="number",
    unit_words={"th": "บาท", "en": "baht"},
    look="money",
    help=("จำนวนเงินเป็นบาท เช่น 12,500.00", "Amount in baht, such as 12,500.00."),
    minimum=0,
    align="right",
    number_format="#,##0.00",
    examples=(
        ValueExamples(
            "จำนวนเงิน (บาท)",
            "Amount (baht)",
            (
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
                Typed("number", "0.9429", percent=True),
            ),
        ),
    ),
)
money = MONEY.column
