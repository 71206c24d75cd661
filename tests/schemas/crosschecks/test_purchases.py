"""The signals about procurement: each fires just past its threshold and not just before it."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from pipeline.messages import catalogue, finding_sentence
from pipeline.model import Severity
from pipeline.plan.criteria import thresholds
from schemas.kit.cross_rules import AUDITOR, registered
from schemas.kit.methods import METHODS
from schemas.kit.thai.dates import format_date
from tests.support.purchases import (
    EBIDDING,
    FORMS,
    NUMBERS,
    SPECIFIC,
    among,
    at,
    bought,
    codes,
    competing,
    signals,
    split,
)

SIGNALS = [check.code for check in registered().values() if check.to == AUDITOR]

WEEK = [{"contract_date": f"{day}/10/2565"} for day in (3, 4, 5, 6, 7)]

# Each signal: purchases just past its threshold, and purchases just before it.
CASES = {
    "RF01": ([competing()], [competing("ร้านสมมติ / 12,100 บาท")]),
    "RF02": ([at("450,000.00")], [at("449,999.99")]),
    "RF04": ([bought("500,000.01")], [bought("500,000.00")]),
    "RF05": ([at("500,000.00")], [at("500,000.01")]),
    "RF06": (split("250,000.00", "250,000.01", 30), split("250,000.00", "250,000.01", 31)),
    "RF06-2": (among("250,000.00", "250,000.01"), among("250,000.00", "250,000.00")),
    "RF07": ([bought(**day) for day in WEEK], [bought(**day) for day in WEEK[1:]]),
    "RF08": (
        [competing("ร้านสมมติ / 12,000.00 บาท")],
        [competing("ร้านสมมติ / 12,000.01 บาท")],
    ),
    "RF09": ([competing("ร้านสมมติ / 11,999.99 บาท")], [competing("ร้านสมมติ / 12,000.01 บาท")]),
    "RF10": ([bought("8,400.00")], [bought("8,400.01")]),
    "RF11": (
        [bought(winner_tin=NUMBERS[0]), bought(seller="ร้านสมมติ", winner_tin=NUMBERS[0])],
        [bought(winner_tin=NUMBERS[0]), bought(seller="ร้านสมมติ", winner_tin=NUMBERS[1])],
    ),
    "RF12": ([bought(contract_date="8/10/2565")], [bought(contract_date="7/10/2565")]),
    "RF13": ([at("450,000.00")], [at("450,000.00") | {"budget_satang": "450,000.01"}]),
    "RF14": (
        [bought(bidders_and_prices_raw="ร้านสมมติ / 12,000.00 บาท")],
        [bought(bidders_and_prices_raw="ร้าน ตัวอย่าง / 12,000.00 บาท")],
    ),
    "RF15": (
        [bought(contract_date="3/10/2565"), bought(contract_date="3/11/2565")],
        [bought(contract_date="3/10/2565"), bought(contract_date="4/11/2565")],
    ),
}


def test_every_signal_has_its_case():
    assert CASES.keys() == set(SIGNALS)


@pytest.mark.parametrize("code", CASES)
def test_a_signal_is_given_just_past_its_threshold_and_not_before(code, plan_12):
    past, before = CASES[code]
    (finding,) = [f for f in signals(plan_12, *past) if f.code == code]
    assert code not in codes(plan_12, *before)
    assert (finding.severity, finding.to, finding.fate) == (Severity.NOTE, AUDITOR, None)
    assert finding.cell is not None
    for lang in ("th", "en"):
        assert "{" not in finding_sentence(finding, lang, plan_12.forms)


@pytest.mark.parametrize("code", CASES)
def test_a_signal_without_its_threshold_is_not_run(code, plan_12):
    past, _ = CASES[code]
    for key in registered()[code].criteria:
        fewer = {each: value for each, value in plan_12.criteria.items() if each != key}
        assert code not in codes(replace(plan_12, criteria=fewer), *past)


def test_every_threshold_has_a_name_in_the_report():
    named = {f"report.criterion.{key}" for key in thresholds(tuple(FORMS.values()))}
    assert named - catalogue().keys() == set()


def test_a_mismatch_of_number_and_name_is_told_alike_in_every_order(plan_12):
    one, other = bought(winner_tin=NUMBERS[0]), bought(seller="ร้านสมมติ", winner_tin=NUMBERS[0])
    third = bought(seller="ร้านสมมติ", winner_tin=NUMBERS[1])
    for rows in ([one, other, other, other], [other, one, other, other]):
        assert codes(plan_12, *rows).count("RF11") == 1
    for rows in permutations([one, other, third]):
        assert codes(plan_12, *rows).count("RF11") == 2


def test_the_three_ordinary_signs_are_told_only_where_they_meet(plan_12):
    assert codes(plan_12, at("450,000.00")) == ["RF02", "RF05", "RF13"]
    assert codes(plan_12, at("12,000.00")) == []
    assert codes(plan_12, bought("480,000.00", reference_price_satang="480,000.01")) == []


def test_a_competitive_method_needs_rivals_and_the_specific_one_none(plan_12):
    assert codes(plan_12, bought()) == []
    assert codes(plan_12, bought(procurement_method=METHODS[3])) == ["RF01"]


# What of ordinary rows may be listed one by one; without combining, half of them would be.
LISTED_PCT = 10
ORDINARY, SELLERS = 4000, 1000


def ordinary(count, seed=2566):
    """Made-up purchases in the proportions of 137,099 real projects: 81.3 % specific, of which
    63.5 % lie in 300–500 thousand, 29.4 % in 450–500 thousand and 4 % above; 52.2 % awarded at the
    reference price, 0.87 % above it. Contracts are signed on working days.
    """
    chance = random.Random(seed)
    return [_ordinary(chance, number) for number in range(count)]


def _ordinary(chance, number):
    specific = chance.random() < 0.813
    part = chance.random()
    bands = ((0.294, 450_000, 500_000), (0.635, 300_000, 450_000), (0.96, 5_000, 300_000))
    low, high = next((b[1:] for b in bands if part < b[0]), (500_001, 900_000))
    if not specific:
        low, high = 500_001, 9_000_000
    reference = chance.randrange(low, high) * 100
    kind = chance.random()
    factor = 1.0 if kind < 0.522 else chance.uniform(1.01, 1.2) if kind < 0.5307 else None
    agreed = int(reference * (factor or chance.triangular(0.72, 0.999, 0.98)))
    day = date(2022, 10, 3) + timedelta(days=7 * chance.randrange(51) + chance.randrange(5))
    seller = f"ร้านตัวอย่าง {chance.randrange(SELLERS)}"
    price = f"{agreed // 100}.{agreed % 100:02d}"
    rivals = [] if specific else [f"ร้านสมมติ {n} / {(agreed + n) / 100:.2f} บาท" for n in (100, 350)]
    spare = 0 if chance.random() < 0.4 else 100 * chance.randrange(1, 50_000)
    if specific and reference <= 50_000_000:  # the method's limit is on the budget
        spare = min(spare, 50_000_000 - reference)
    return bought(
        price,
        seller,
        rivals,
        work_item=f"งานตัวอย่าง {number}",
        procurement_method=SPECIFIC if specific else EBIDDING,
        contract_date=format_date(day),
        reference_price_satang=f"{reference / 100:.2f}",
        budget_satang=f"{(reference + spare) / 100:.2f}",
        egp_project_no="",
    )


def planted():
    """For each signal the purchases that must be found among ordinary ones, with sellers apart."""
    for number, (code, (past, _)) in enumerate(CASES.items()):
        seller = f"ร้านที่ปลูกไว้ {number}"
        made = []
        for each in past:
            typed = {k: v.replace("ร้านตัวอย่าง", seller) for k, v in each.items()}
            made.append({**typed, "work_item": f"{code} {typed.get('work_item', '')}"})
        yield code, made


def test_ordinary_purchases_are_seldom_listed_and_planted_ones_always(plan_12):
    usual = ordinary(ORDINARY)
    found = signals(plan_12, *usual)
    alone = {f.index for f in found if not f.group and f.code != "RF07"}
    assert len(alone) < ORDINARY * LISTED_PCT / 100
    assert {f.code for f in found} >= {"RF02", "RF04", "RF05", "RF13"}
    rows, places = list(usual), {}
    for code, made in planted():
        places[code] = set(range(len(rows), len(rows) + len(made)))
        rows += made
    told = {code: set() for code in places}
    for finding in signals(plan_12, *rows):
        told[finding.code] |= {finding.index, *finding.group} & places[finding.code]
    assert [code for code in places if not told[code]] == []
