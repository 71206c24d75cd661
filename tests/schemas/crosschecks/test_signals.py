"""The signals about procurement: each fires just past its threshold and not just before it."""

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from types import SimpleNamespace

import pytest

from pipeline.crosscheck import crosscheck
from pipeline.messages import catalogue, finding_sentence
from pipeline.model import ReadRound, Severity
from pipeline.plan.criteria import thresholds
from schemas import forms
from schemas.kit.crosschecks import AUDITOR, registered
from schemas.kit.methods import METHODS
from schemas.kit.thai.dates import format_date
from tests.support.builders import table

FORMS = {form.name: form for form in forms()}
SIGNALS = [check.code for check in registered().values() if check.to == AUDITOR]
EBIDDING, SPECIFIC = METHODS[1], METHODS[4]
NUMBERS = ("0993500000012", "0993500000021", "0993500000080")


def bought(baht="12,000.00", seller="ร้านตัวอย่าง", rivals=(), **others):
    """A purchase at a price; `rivals` are the other bidders, as name / price."""
    won = f"{seller} / {baht} บาท"
    typed = {"winner_and_price_raw": won, "agreed_price_satang": baht, "winner_tin": ""}
    typed["bidders_and_prices_raw"] = "\n".join([won, *rivals])
    return typed | others


def signals(plan, *changes):
    """What is signalled about these purchases, with the places of the rows it is made of."""
    tables = {name: table(form, [], file="02") for name, form in FORMS.items()}
    numbered = [{"contract_no": f"{n}/2566"} | each for n, each in enumerate(changes, 1)]
    tables["procurement"] = table(FORMS["procurement"], numbered, file="02")
    sent = (SimpleNamespace(name="02", division="02", workbook=None),)
    found = crosscheck(ReadRound(sent, tables, (), (), ()), plan).findings
    return [finding for finding in found if finding.is_signal]


def codes(plan, *changes):
    return [finding.code for finding in signals(plan, *changes)]


def at(baht):
    """A specific purchase whose price, reference price and budget are one amount."""
    return bought(baht, reference_price_satang=baht, budget_satang=baht)


def split(first, second, days=0, **others):
    """Two specific purchases from one seller, so many days apart."""
    begun = date(2022, 10, 5)
    then = format_date(begun + timedelta(days=days))
    return [
        bought(first, reference_price_satang="-", contract_date=format_date(begun), work_item="ก"),
        bought(second, reference_price_satang="-", contract_date=then, work_item="ข") | others,
    ]


def competing(*rivals, **others):
    return bought(procurement_method=EBIDDING, rivals=rivals, **others)


def among(first, second, **others):
    """One item from two sellers on one day."""
    return [bought(first), bought(second, "ร้านสมมติ") | others]


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


# --- splitting ----------------------------------------------------------------------------------

SPELT = ("ห้างหุ้นส่วนจำกัด ตัวอย่าง", "หจก.ตัวอย่าง", "ห้างหุ้นส่วนจำกัดตัวอย่าง (สำนักงานใหญ่)")


def group(plan, *changes):
    found = [f for f in signals(plan, *changes) if f.code == "RF06"]
    return [(f.group, f.params["total"], f.params["matched_en"]) for f in found]


def on(day, baht="200,000.00", seller="ร้านตัวอย่าง", **others):
    return bought(baht, seller, contract_date=day, work_item=f"งาน {day}", **others)


def test_a_group_says_what_its_seller_was_told_by(plan_12):
    days = ("5/10/2565", "6/10/2565", "7/10/2565")
    by_name = [on(day, seller=name) for day, name in zip(days, SPELT, strict=True)]
    assert group(plan_12, *by_name) == [((0, 1, 2), "600,000.00", "name")]
    both = [on(day, winner_tin=NUMBERS[0]) for day in days[:2]] + [on(days[2])]
    assert group(plan_12, *both) == [((0, 1, 2), "600,000.00", "taxpayer number and name")]
    by_number = [on(day, seller=f"ร้าน {day}", winner_tin=NUMBERS[0]) for day in days]
    assert group(plan_12, *by_number) == [((0, 1, 2), "600,000.00", "taxpayer number")]


def test_a_name_that_two_sellers_bear_joins_neither(plan_12):
    days = ("5/10/2565", "6/10/2565", "7/10/2565")
    numbers = (NUMBERS[0], NUMBERS[1], "")
    typed = zip(days, numbers, strict=True)
    assert group(plan_12, *(on(day, "300,000.00", winner_tin=n) for day, n in typed)) == []
    masked = [on(day, winner_tin="130990115xxxx") for day in days]
    assert group(plan_12, *masked) == [((0, 1, 2), "600,000.00", "name")]


def test_windows_that_share_a_contract_are_one_group(plan_12):
    chain = [on(day, "300,000.00") for day in ("3/10/2565", "2/11/2565", "2/12/2565")]
    assert [rows for rows, _, _ in group(plan_12, *chain)] == [(0, 1, 2)]
    apart = [on(day, "300,000.00") for day in ("3/10/2565", "4/10/2565", "1/12/2565", "2/12/2565")]
    assert [rows for rows, _, _ in group(plan_12, *apart)] == [(0, 1), (2, 3)]
    assert [rows for rows, _, _ in group(plan_12, *reversed(apart))] == [(3, 2), (1, 0)]


def test_only_small_specific_contracts_are_parts_of_a_split(plan_12):
    assert group(plan_12, *split("250,000.00", "250,000.00")) == []
    assert group(plan_12, *split("500,000.00", "0.01")) == [((0, 1), "500,000.01", "name")]
    assert group(plan_12, *split("500,000.01", "500,000.01")) == []
    assert group(plan_12, *split("300,000.00", "300,000.00", procurement_method=EBIDDING)) == []
    assert group(plan_12, *split("300,000.00", "300,000.00", contract_date="")) == []


def test_one_item_from_two_sellers_needs_the_same_day_and_item(plan_12):
    found = [f for f in signals(plan_12, *among("300,000", "300,000")) if f.code == "RF06-2"]
    assert [f.group for f in found] == [(0, 1)]
    for other in ({"contract_date": "6/10/2565"}, {"work_item": "จ้างทำป้าย"}):
        assert "RF06-2" not in codes(plan_12, *among("300,000", "300,000", **other))


# --- calibration --------------------------------------------------------------------------------

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
