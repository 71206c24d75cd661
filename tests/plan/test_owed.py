"""What is owed by whom, by when, and what is not due."""

from collections import Counter

import pytest

from pipeline.plan import obligations
from tests.support.written_plan import CODES, EXTENSION, changed


def owed(plan, *names):
    return Counter(each.form for each in obligations(plan) if not names or each.form in names)


FOR_THE_YEAR = {
    "measure_progress": 11 + 3,
    "activity_evidence": 11,
    "gift_report": 10,
    "service_manual": 9,
    "internal_control": 10,
    "procurement": 12,
    "complaint_statistics": 1,
    "website_update": 1,
    "ethics_acknowledgement": 1,
    "project_register": 4,
}


def test_what_is_owed_is_counted(plan_12, plan_06):
    assert owed(plan_12, *FOR_THE_YEAR) == FOR_THE_YEAR
    assert owed(plan_06, *FOR_THE_YEAR) == FOR_THE_YEAR | {"procurement": 6}


def test_procurement_is_owed_by_the_treasury_month_by_month(plan_12, plan_06):
    for plan in (plan_12, plan_06):
        parts = [each for each in obligations(plan) if each.form == "procurement"]
        assert [each.month for each in parts] == list(plan.round.months_list)
        assert {each.division for each in parts} == {"02"}


def test_internal_control_waits_for_the_year(plan_12, plan_06):
    def due_now(plan):
        return {each.form for each in obligations(plan) if not each.in_this_round}

    assert due_now(plan_12) == set()
    assert due_now(plan_06) == {"internal_control"}


def test_a_form_is_not_due_where_none_of_its_measures_is(load_text, plan_text):
    """The centre's evidence is for measure 1 alone, the office's for four others as well."""
    plan = load_text(changed(plan_text, "rounds = [6, 12]", "rounds = [6]"))
    asleep = {(each.division, each.form) for each in obligations(plan) if not each.in_this_round}
    assert asleep == {("90", "complaint_statistics"), ("90", "activity_evidence")}


def test_one_division_owes_its_evidence_once(plan_12):
    evidence = [each for each in obligations(plan_12) if each.form == "activity_evidence"]
    assert sorted(each.division for each in evidence) == sorted(CODES)
    assert {each.measure for each in evidence} == {None}


def test_a_measure_of_all_divisions_wants_its_coordinators_words(plan_12):
    summaries = [each for each in obligations(plan_12) if each.measure]
    assert [(each.measure, each.division) for each in summaries] == [
        (6, "08"),
        (8, "06"),
        (9, "01"),
    ]
    assert {each.due for each in summaries} == {plan_12.summary_due}


def test_an_exempt_division_owes_nothing_of_that_form(plan_12):
    manuals = {each.division for each in obligations(plan_12) if each.form == "service_manual"}
    assert manuals == set(CODES) - {"09", "90"}


@pytest.mark.parametrize("form", ["", 'form = "gift_report"\n'])
def test_an_extension_moves_the_due_time_of_its_division(load_text, plan_text, form):
    """All that the treasury owes, or that one form."""
    plan = load_text(plan_text + EXTENSION + form)
    later = [each for each in obligations(plan) if each.due not in (plan.due, plan.summary_due)]
    assert {each.due.day for each in later} == {9}
    mine = [each for each in obligations(plan) if each.division == "02"]
    assert later == [each for each in mine if not form or each.form == "gift_report"]
    assert len({each.form for each in later}) > 1 or form
