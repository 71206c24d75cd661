"""Which times of receipt are believed, whatever day it is."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.model import Extension, PipelineError
from pipeline.plan.clock import last_believable
from tests.support.rounds import DUE, plan_of

PLAN = plan_of(Path("2566-12"))


def days(*numbers):
    return [DUE + timedelta(days=number) for number in numbers]


def test_a_time_is_believed_for_so_long_after_the_last_due_time_or_receipt():
    assert [last_believable(PLAN, [])] == days(60)
    assert [last_believable(PLAN, days(-3, 59))] == days(119)
    assert [last_believable(PLAN, days(110, 59))] == days(170)
    assert [last_believable(replace(PLAN, accept_days=10), days(1))] == days(11)


def test_far_times_do_not_vouch_for_one_another():
    assert [last_believable(PLAN, days(3, 61, 62, 30_000, 30_001))] == days(122)
    assert [last_believable(PLAN, days(3, 64, 65))] == days(63)


def test_an_extension_moves_it():
    longer = Extension("02", DUE + timedelta(days=30), "ตัวอย่าง", "ตัวอย่าง")
    assert [last_believable(replace(PLAN, extensions=(longer,)), [])] == days(90)


@pytest.mark.parametrize(("written", "code"), [("0", "range"), ("367", "range"), ('"9"', "type")])
def test_accept_days_are_days_of_one_year(plan_text, load_text, written, code):
    assert load_text(f"accept_days = 90\n{plan_text}", "2566-12-a").accept_days == 90
    with pytest.raises(PipelineError) as error:
        load_text(f"accept_days = {written}\n{plan_text}")
    assert code in error.value.code
    assert error.value.params["key"] == "accept_days"
