"""Signals in who sells, and when a contract is signed."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from schemas.crosschecks.purchases import FORM, PRICE, RULES, baht, each, purchase_signal
from schemas.kit.cross_rules import Evidence, Violation
from schemas.kit.thai.dates import format_date
from schemas.kit.vendors import tax_number, vendor_key

_REPEATED = "thresholds.repeat_contracts"
_SATURDAY = 5


@purchase_signal(
    "RF07",
    title=(
        "ส่วนราชการเดียวกันทำสัญญากับผู้ขายรายเดียวหลายครั้ง",
        "One division, the same seller again and again",
    ),
    on=("vendor", "agreed_price_satang"),
    criteria=(_REPEATED,),
    th="{unit} ทำสัญญากับ {vendor} {count} สัญญาในรอบนี้ รวม {total} บาท (เกณฑ์ตั้งแต่ {least} สัญญา) "
    "ควรสอบทานการกระจายผู้ขาย",
    en="{unit} has {count} contracts with {vendor} in this round, {total} baht in all ({least} or "
    "more are a signal); review how sellers are chosen.",
    example=(
        "กองช่างทำสัญญากับร้านตัวอย่าง 5 สัญญา",
        "the division of works has five contracts with one seller",
    ),
    source=RULES.format("R15, R22"),
)
def same_vendor_again(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """A division buys from the same vendor again and again."""
    least = int(evidence.criteria[_REPEATED])
    units = rows["requesting_division_code"].fillna("")
    for (unit, vendor), theirs in rows.groupby([units, rows["vendor"]], sort=True):
        if len(theirs) >= least:
            name = evidence.divisions.get(unit)
            params = {"unit_th": name or "เทศบาล (ไม่ระบุส่วนราชการ)"}
            params |= {"unit_en": name or "The municipality (no division named)"}
            params |= {"vendor": str(vendor), "count": str(len(theirs)), "least": str(least)}
            params |= {"total": baht(int(theirs["agreed_price_satang"].sum()))}
            yield Violation(FORM, int(theirs.index[0]), PRICE, params=params)


@purchase_signal(
    "RF11",
    title=("เลขประจำตัวผู้เสียภาษีกับชื่อผู้ขายไม่ตรงกันทุกแห่ง", "Taxpayer number and name do not go together"),
    on=("winner_tin", "winner_name"),
    th="เลขประจำตัวผู้เสียภาษีกับชื่อไม่ตรงกันทุกแห่ง: แถวนี้ {here} แต่ {file} แถว {row} เป็น {there} "
    "ควรสอบทานว่าเป็นรายเดียวกันหรือไม่",
    en="Taxpayer number and name do not go together everywhere: {here} here, but {there} in "
    "{file}, row {row}; review if they are one seller.",
    example=("เลขประจำตัวเดียวกัน แต่ชื่อผู้ขายสองแถวต่างกัน", "one taxpayer number under two names"),
    source=RULES.format("R7"),
)
def number_and_name_differ(rows: pd.DataFrame, _: Evidence) -> Iterator[Violation]:
    """A taxpayer number has one name, and a name one number; each other one is told once."""
    sellers = rows.assign(number=rows["winner_tin"].map(tax_number)).dropna(subset="number")
    sellers["name"] = sellers["winner_name"].map(vendor_key)
    pairs = sellers.drop_duplicates(["number", "name"])
    for shared in ("number", "name"):
        again = pairs[pairs.duplicated(shared, keep=False)]
        for _, same in again.groupby(shared, sort=True):
            first, *others = same.itertuples()
            for row in others:
                params = {"here": _named(row), "there": _named(first)}
                params |= {"file": first.submission, "row": str(first.row)}
                yield Violation(FORM, int(row.Index), "winner_tin", params=params)


def _named(row: Any) -> str:
    return f"{row.winner_tin} “{row.winner_name}”"


@purchase_signal(
    "RF12",
    title=("วันที่ของสัญญาตรงกับวันเสาร์หรือวันอาทิตย์", "A contract dated on a weekend"),
    on=("contract_date",),
    th="วันที่ของสัญญา ({day}) ตรงกับวันหยุดเสาร์–อาทิตย์ ควรสอบทานวันที่ลงนาม",
    en="The contract is dated on a weekend ({day}); review when it was signed.",
    example=("สัญญาลงวันที่ 8 ต.ค. 2565 ซึ่งเป็นวันเสาร์", "a contract dated 8 October 2022, a Saturday"),
    source=RULES.format("R19"),
)
def signed_on_a_weekend(rows: pd.DataFrame, _: Evidence) -> Iterator[Violation]:
    """A contract is dated on a Saturday or Sunday."""
    days_off = rows[rows["contract_date"].dt.day_of_week >= _SATURDAY]
    return each(days_off, "contract_date", _day)


def _day(row: Any) -> dict[str, str]:
    day = row.contract_date.date()
    return {"day_th": format_date(day, "weekday"), "day_en": day.isoformat()}
