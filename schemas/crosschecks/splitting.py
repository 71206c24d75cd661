"""Signals of splitting a purchase: small contracts that together are above the method's limit."""

from collections.abc import Iterator, Sequence

import pandas as pd

from schemas.crosschecks.purchases import (
    FORM,
    LIMIT,
    PRICE,
    RULES,
    baht,
    purchase_signal,
    small_specific,
)
from schemas.kit.cross_rules import Evidence, Violation
from schemas.kit.thai.dates import format_date
from schemas.kit.thai.thai_text import matching_key
from schemas.kit.vendors import MatchedBy

_DAYS = "thresholds.splitting_days"
_SOURCE = "ระเบียบกระทรวงการคลัง 2560 ข้อ 20; " + RULES.format("R10")
_ON = ("procurement_method", "agreed_price_satang", "contract_date", "vendor")
_MATCHED = {
    (MatchedBy.NAME,): ("ชื่อ", "name"),
    (MatchedBy.NUMBER,): ("เลขประจำตัวผู้เสียภาษี", "taxpayer number"),
    (MatchedBy.NAME, MatchedBy.NUMBER): ("เลขประจำตัวผู้เสียภาษีและชื่อ", "taxpayer number and name"),
}


@purchase_signal(
    "RF06",
    title=(
        "ผู้ขายรายเดียว หลายสัญญาในช่วงวันใกล้กัน แต่ละสัญญาไม่เกินวงเงินสูงสุด แต่รวมกันเกิน",
        "One seller, contracts close in time, each within the limit, together above it",
    ),
    on=_ON,
    criteria=(LIMIT, _DAYS),
    th="{subject} ทำสัญญา {count} สัญญา ระหว่าง {first} ถึง {last} โดยวิธีเฉพาะเจาะจง "
    "แต่ละสัญญาไม่เกิน {limit} บาท รวม {total} บาท (จับคู่ด้วย{matched}) ควรสอบทานการแบ่งซื้อแบ่งจ้าง",
    en="{subject} has {count} contracts from {first} to {last} by the specific method, each at "
    "most {limit} baht, {total} baht in all (told by {matched}); review if a purchase was split.",
    example=(
        "ร้านตัวอย่าง 300,000.00 บาท วันที่ 3 และ 250,000.00 บาท วันที่ 20 ต.ค. 2565",
        "one seller, 300,000.00 baht on 3 and 250,000.00 on 20 October 2022",
    ),
    source=_SOURCE,
)
def split_with_one_vendor(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """Small contracts with one vendor within the window are above the limit together.

    Windows that share a contract are one group, so that each contract stands in one group only.
    """
    limit, span = evidence.satang(LIMIT), int(evidence.criteria[_DAYS])
    small = small_specific(rows, evidence)
    enough = small.groupby("vendor")["agreed_price_satang"].transform("sum") > limit
    ordered = small[enough].sort_values(["contract_date", "row"], kind="stable")
    for vendor, theirs in ordered.groupby("vendor", sort=True):
        days = [day.toordinal() for day in theirs["contract_date"]]
        amounts = [int(amount) for amount in theirs["agreed_price_satang"]]
        for first, last in _groups(days, amounts, span, limit):
            yield _violation(theirs.iloc[first : last + 1], str(vendor), evidence)


@purchase_signal(
    "RF06-2",
    title=(
        "รายการเดียวกันจากผู้ขายต่างรายในวันเดียวกัน แต่ละสัญญาไม่เกินวงเงินสูงสุด แต่รวมกันเกิน",
        "One item from several sellers on one day, each within the limit, together above it",
    ),
    on=(*_ON, "work_item"),
    criteria=(LIMIT,),
    flag="RF06",
    th="{subject} ซื้อจากผู้ขายต่างราย {count} สัญญา ในวันเดียวกัน ({first}) โดยวิธีเฉพาะเจาะจง แต่ละสัญญาไม่เกิน "
    "{limit} บาท รวม {total} บาท ควรสอบทานการแบ่งซื้อแบ่งจ้าง",
    en="{subject} was bought by {count} contracts from several vendors on one day ({first}) by the "
    "specific method, each at most {limit} baht, {total} baht in all; review if it was split.",
    example=(
        "ซื้อเครื่องพิมพ์ในวันเดียวกันจากสองร้าน 300,000.00 และ 250,000.00 บาท",
        "printers on one day from two sellers, 300,000.00 and 250,000.00 baht",
    ),
    source=_SOURCE,
)
def split_among_vendors(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """One item, bought from several vendors on one day, is above the limit together."""
    limit, small = evidence.satang(LIMIT), small_specific(rows, evidence)
    keyed = small.assign(item=small["work_item"].map(matching_key))
    again = keyed[keyed.duplicated(["contract_date", "item"], keep=False)]
    for _, same in again.groupby(["contract_date", "item"], sort=True):
        if len(set(same["vendor"])) > 1 and int(same["agreed_price_satang"].sum()) > limit:
            yield _violation(same, str(same["work_item"].iloc[0]), evidence)


def _groups(
    days: Sequence[int], amounts: Sequence[int], span: int, limit: int
) -> Iterator[tuple[int, int]]:
    """First and last place of each group; days are in order."""
    group: tuple[int, int] | None = None
    for first, last in _windows(days, amounts, span, limit):
        if group and first > group[1]:
            yield group
            group = None
        group = (group[0] if group else first, last)
    if group:
        yield group


def _windows(
    days: Sequence[int], amounts: Sequence[int], span: int, limit: int
) -> Iterator[tuple[int, int]]:
    """Every window of two or more that begins with some day and is above the limit together."""
    last, total = -1, 0
    for first, day in enumerate(days):
        while last + 1 < len(days) and days[last + 1] - day <= span:
            last += 1
            total += amounts[last]
        if last > first and total > limit:
            yield first, last
        total -= amounts[first]


def _violation(group: pd.DataFrame, subject: str, evidence: Evidence) -> Violation:
    matched_th, matched_en = _MATCHED[tuple(sorted(set(group["vendor_matched_by"])))]
    params = {
        "subject": subject,
        "matched_th": matched_th,
        "matched_en": matched_en,
        "count": str(len(group)),
        "first": format_date(group["contract_date"].min()),
        "last": format_date(group["contract_date"].max()),
        "total": baht(int(group["agreed_price_satang"].sum())),
        "limit": baht(evidence.satang(LIMIT)),
    }
    rows = tuple(int(index) for index in group.index)
    return Violation(FORM, rows[0], PRICE, params=params, group=rows)
