"""Signals in the prices of one purchase: agreed, reference, budget, and the method's limit."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from schemas.crosschecks.purchases import (
    LIMIT,
    NEAR_LIMIT,
    PRICE,
    RULES,
    baht,
    each,
    is_specific,
    purchase_signal,
)
from schemas.kit.cross_rules import Evidence, Violation

_DISCOUNT = "thresholds.discount_pct"
_PRICES = ("procurement_method", "budget_satang", "reference_price_satang", "agreed_price_satang")
# Alone each is true of a third to a half of ordinary rows, so that only together they tell.
_signal_of_three = partial(purchase_signal, on=_PRICES, criteria=(LIMIT, NEAR_LIMIT))


@_signal_of_three(
    "RF02",
    title=(
        "ราคาที่ตกลงเท่ากับราคากลาง แสดงรายสัญญาเมื่อพบพร้อม RF05 และ RF13",
        "Agreed at the reference price, listed where RF05 and RF13 are met too",
    ),
    th="ราคาที่ตกลงเท่ากับราคากลางพอดี ({price} บาท) และพบ RF05 กับ RF13 ในสัญญาเดียวกัน "
    "ควรสอบทานการต่อรองราคา",
    en="The agreed price is the reference price ({price} baht), with RF05 and RF13 on the same "
    "contract; review how the price was negotiated.",
    example=(
        "วิธีเฉพาะเจาะจง วงเงิน ราคากลาง และราคาที่ตกลง 498,000.00 บาทเท่ากัน",
        "specific method; budget, reference and agreed price all 498,000.00 baht",
    ),
    source=RULES.format("R13"),
)
def award_at_reference_price(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """The award is the reference price, where RF05 and RF13 meet it."""
    return _met_together(rows, evidence, PRICE)


@_signal_of_three(
    "RF05",
    title=(
        "วิธีเฉพาะเจาะจงใกล้วงเงินสูงสุด แสดงรายสัญญาเมื่อพบพร้อม RF02 และ RF13",
        "The specific method close to its limit, listed where RF02 and RF13 are met too",
    ),
    th="วิธีเฉพาะเจาะจง ราคา {price} บาท ใกล้วงเงินสูงสุดของวิธี ({near}–{limit} บาท) และพบ RF02 กับ RF13 "
    "ในสัญญาเดียวกัน ควรสอบทานการกำหนดวงเงิน",
    en="Specific method at {price} baht, close to its limit ({near}–{limit} baht), with RF02 and "
    "RF13 on the same contract; review how the budget was set.",
    example=(
        "วิธีเฉพาะเจาะจง วงเงิน ราคากลาง และราคาที่ตกลง 499,000.00 บาทเท่ากัน",
        "specific method; budget, reference and agreed price all 499,000.00 baht",
    ),
    source=RULES.format("R12") + "; indicatortoolbox.eu #5",
)
def award_near_the_limit(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """The award lies just below the method's limit, where RF02 and RF13 meet it."""
    return _met_together(rows, evidence, PRICE)


@_signal_of_three(
    "RF13",
    title=(
        "ราคากลางเท่ากับวงเงิน แสดงรายสัญญาเมื่อพบพร้อม RF02 และ RF05",
        "Reference price at the budget, listed where RF02 and RF05 are met too",
    ),
    th="ราคากลางเท่ากับวงเงินพอดี ({price} บาท) และพบ RF02 กับ RF05 ในสัญญาเดียวกัน "
    "ควรสอบทานที่มาของราคากลาง",
    en="The reference price is the budget ({price} baht), with RF02 and RF05 on the same "
    "contract; "
    "review where the reference price comes from.",
    example=(
        "วิธีเฉพาะเจาะจง วงเงิน ราคากลาง และราคาที่ตกลง 490,000.00 บาทเท่ากัน",
        "specific method; budget, reference and agreed price all 490,000.00 baht",
    ),
    source=RULES.format("R14"),
)
def reference_price_at_budget(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """The reference price is the budget, where RF02 and RF05 meet it."""
    return _met_together(rows, evidence, "reference_price_satang")


def _met_together(rows: pd.DataFrame, evidence: Evidence, blamed: str) -> Iterator[Violation]:
    """The rows at which RF02, RF05 and RF13 meet."""
    limit, near = evidence.satang(LIMIT), evidence.satang(NEAR_LIMIT)
    agreed, reference = rows["agreed_price_satang"], rows["reference_price_satang"]
    together = (agreed == reference) & (reference == rows["budget_satang"])
    close = is_specific(rows) & agreed.between(near, limit)
    bounds = {"near": baht(near), "limit": baht(limit)}
    return each(
        rows[together & close],
        blamed,
        lambda row: {"price": baht(row.agreed_price_satang)} | bounds,
    )


@purchase_signal(
    "RF04",
    title=("วิธีเฉพาะเจาะจงเกินวงเงินสูงสุด", "The specific method above its limit"),
    on=("procurement_method", "agreed_price_satang"),
    criteria=(LIMIT,),
    th="วิธีเฉพาะเจาะจง วงเงิน {budget} ราคา {price} บาท เกิน {limit} บาท ควรสอบทานว่าใช้เหตุยกเว้นข้อใด",
    en="Specific method, {budget} agreed at {price}, above {limit} baht; review which exception "
    "it rests on.",
    example=(
        "วิธีเฉพาะเจาะจง วงเงิน 500,000.01 บาท ตกลงราคา 480,000.00 บาท",
        "specific method, a budget of 500,000.01 baht agreed at 480,000.00",
    ),
    source="พ.ร.บ. 2560 ม.56(2)(ข); กฎกระทรวงกำหนดวงเงิน พ.ศ. 2560 ข้อ 1; " + RULES.format("R8"),
)
def specific_method_above_limit(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """The specific method is used above the limit of its common ground, which is on the budget.

    The agreed price is looked at beside it: it may be above where the budget was not, or is blank.
    """
    limit = evidence.satang(LIMIT)
    highest = rows[["budget_satang", "agreed_price_satang"]].max(axis="columns")
    return each(
        rows[is_specific(rows) & (highest > limit)],
        PRICE,
        lambda row: {
            **_budget(row.budget_satang),
            "price": baht(row.agreed_price_satang),
            "limit": baht(limit),
        },
    )


def _budget(satang: Any) -> dict[str, str]:
    if pd.isna(satang):
        return {"budget_th": "ไม่ได้ระบุ", "budget_en": "no budget stated,"}
    return {"budget_th": f"{baht(satang)} บาท", "budget_en": f"a budget of {baht(satang)} baht"}


@purchase_signal(
    "RF10",
    title=("ราคาที่ตกลงต่ำกว่าราคากลางมาก", "Agreed far below the reference price"),
    on=("reference_price_satang", "agreed_price_satang"),
    criteria=(_DISCOUNT,),
    th="ราคาที่ตกลง {price} บาท ต่ำกว่าราคากลาง {reference} บาท ตั้งแต่ร้อยละ {pct} "
    "ควรสอบทานราคากลางและคุณภาพงาน",
    en="The agreed price, {price} baht, is {pct} % or more below the reference price, "
    "{reference} "
    "baht; review the reference price and the work delivered.",
    example=(
        "ราคากลาง 100,000.00 บาท ตกลงที่ 70,000.00 บาท",
        "reference price 100,000.00 baht, agreed at 70,000.00",
    ),
    source="OCP Cardinal R058; " + RULES.format("R1, R2"),
)
def heavily_discounted(rows: pd.DataFrame, evidence: Evidence) -> Iterator[Violation]:
    """The award is far below the reference price."""
    pct = evidence.criteria[_DISCOUNT]
    reference, agreed = rows["reference_price_satang"], rows["agreed_price_satang"]
    deep = (reference > 0) & ((reference - agreed) * 10_000 >= reference * int(pct * 100))
    return each(
        rows[deep],
        PRICE,
        lambda row: {
            "price": baht(row.agreed_price_satang),
            "reference": baht(row.reference_price_satang),
            "pct": f"{pct.normalize():f}",
        },
    )
