"""What is listed twice counts once; what is left out between numbers is noted."""

import pytest

from pipeline.crosscheck import crosscheck
from pipeline.merge import merge
from pipeline.model import Fate, ReadRound
from tests.support.builders import table
from tests.support.purchases import FORMS, bought


def settled(plan, *changes):
    tables = {name: table(form, [], file="02") for name, form in FORMS.items()}
    tables["procurement"] = table(FORMS["procurement"], list(changes), file="02")
    reading = ReadRound((), tables, (), (), ())
    found = crosscheck(reading, plan)
    return found.findings, merge(found)["procurement"].frame


def numbered(*numbers, **more):
    return [
        bought(contract_no=each, work_item=f"งาน {each}", seq_no=str(n), **more)
        for n, each in enumerate(numbers, 1)
    ]


def of(code, findings):
    return [finding for finding in findings if finding.code == code]


def test_a_purchase_listed_twice_counts_once_and_is_asked_about(plan_12):
    twice = [bought(contract_no="1/2566", seq_no="1"), bought(contract_no="1/2566", seq_no="2")]
    findings, frame = settled(plan_12, *twice)
    (found,) = of("XDB-01", findings)
    assert (found.index, found.fate, found.to) == (1, Fate.DUPLICATE, "division")
    assert found.params["amount"] == "12,000.00"
    assert list(frame["fate"]) == ["accepted", "duplicate"]


@pytest.mark.parametrize(
    "other",
    [
        {"contract_no": "2/2566"},
        {"contract_date": "4/10/2565"},
        {"work_item": "ซื้ออย่างอื่น"},
        {"budget_satang": "13,000.00"},
        {"report_month": "พฤศจิกายน 2565"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_one_cell_that_differs_makes_two_purchases(plan_12, other):
    one = {"contract_no": "1/2566"}
    findings, frame = settled(plan_12, bought(**one), bought(**(one | other)))
    assert of("XDB-01", findings) == []
    assert set(frame["fate"]) == {"accepted"}


def test_a_number_left_out_is_noted_where_the_next_one_stands(plan_12):
    findings, _ = settled(plan_12, *numbered("008/2566", "009/2566", "011/2566", "012/2566"))
    (found,) = of("XDB-02", findings)
    assert (found.column, found.index, found.params["missing"]) == ("contract_no", 2, "010/2566")
    findings, _ = settled(plan_12, *numbered("8/2566", "9/2566", "10/2566"))
    assert of("XDB-02", findings) == []


def test_numbers_that_follow_no_order_are_not_noted(plan_12):
    findings, _ = settled(plan_12, *numbered("8/2566", "190/2566", "7010/2566", "CNTR-1/66"))
    assert of("XDB-02", findings) == []


def test_a_running_number_left_out_is_noted(plan_12):
    rows = numbered("1/2566", "2/2566", "3/2566", "4/2566")
    rows[3]["seq_no"] = "5"
    findings, _ = settled(plan_12, *rows)
    (found,) = of("XDB-02", findings)
    assert (found.column, found.params["missing"]) == ("seq_no", "4")


def project(**more):
    return {"project_no": "01", "project_status": "ดำเนินการแล้วเสร็จ"} | more


@pytest.mark.parametrize(
    ("start", "codes"),
    [
        ("1/10/2565", set()),
        ("30/9/2566", set()),
        ("1/10/2566", {"XPJ-03", "XPJ-04"}),
        ("30/9/2565", {"XPJ-04"}),
    ],
)
def test_a_project_starts_in_its_year_and_before_it_is_done(plan_12, start, codes):
    tables = {name: table(form, [], file="02") for name, form in FORMS.items()}
    tables["project_register"] = table(FORMS["project_register"], [project(start_date=start)])
    found = crosscheck(ReadRound((), tables, (), (), ()), plan_12).findings
    assert {f.code for f in found} & {"XPJ-03", "XPJ-04"} == codes


def test_the_limit_of_the_specific_method_is_on_the_budget(plan_12):
    """Agreed below the limit, of a budget above it; and the price itself where no budget says so."""
    for budget, price, fires in (
        ("500,000.01", "480,000.00", True),
        ("500,000.00", "480,000.00", False),
        ("500,000.00", "500,000.01", True),
        ("", "500,000.01", True),
        ("", "500,000.00", False),
    ):
        findings, _ = settled(plan_12, bought(price, budget_satang=budget, contract_no="1/66"))
        assert bool(of("RF04", findings)) == fires, (budget, price)
