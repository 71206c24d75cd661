"""A `round.toml` that was copied from another round and keeps some of it is told in one line."""

import pytest

from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from tests.support.written_plan import changed


def refused(load, text, name="2566-12"):
    with pytest.raises(PipelineError) as told:
        load(text, name)
    line = say(f"error.{told.value.code}", "th", **told.value.params)
    assert "\n" not in line
    return told.value.code, line


def test_a_due_time_before_the_end_of_the_round_is_named(load_text, plan_text):
    early = changed(plan_text, "due = 2023-10-06T16:30", "due = 2023-04-07T16:30")
    code, line = refused(load_text, early)
    assert code == "plan-due-before-end"
    for words in ("due", "2023-04-07", "2023-09-30", "2566"):
        assert words in line


def test_on_the_last_day_it_may_be_due(load_text, plan_text):
    text = changed(plan_text, "due = 2023-10-06T16:30", "due = 2023-09-30T12:00")
    assert load_text(text).due.isoformat() == "2023-09-30T12:00:00+07:00"


def test_a_file_of_another_year_is_named_by_its_first_old_day(load_text, plan_text):
    text = changed(plan_text, "fiscal_year = 2566", "fiscal_year = 2567")
    code, line = refused(load_text, text, "2567-12")
    assert (code, "2023-10-06" in line) == ("plan-due-before-end", True)
    for key in ("due = 2023-10-06", "summary_due = 2023-10-10"):
        text = changed(text, key, key.replace("2023", "2024"))
    code, line = refused(load_text, text, "2567-06-copy")
    assert code == "plan-other-folder"


def test_an_old_period_is_named_with_the_year_it_should_lie_in(load_text, plan_text):
    text = changed(plan_text, "fiscal_year = 2566", "fiscal_year = 2567")
    text = text.replace("due = 2023-", "due = 2024-")
    code, line = refused(load_text, text, "2567-12")
    assert code == "plan-other-year"
    assert "measures.1.months" in line
    assert "2023-10-01" in line


def test_a_folder_named_for_one_round_holds_no_other(load_text, plan_text):
    code, line = refused(load_text, plan_text, "2566-06")
    assert code == "plan-other-folder"
    assert "2566-06" in line
    assert "2566-12" in line


def test_a_folder_of_any_other_name_may_hold_any_round(load_text, plan_text):
    assert load_text(plan_text, "second-half").round.name == "2566-12"


def test_two_folders_of_one_round_are_named_unless_one_is_for_practice(
    load_text, plan_text, tmp_path, forms
):
    load_text(plan_text, "2566-12")
    code, line = refused(load_text, plan_text, "2566-12-b")
    assert code == "plan-same-round"
    assert "2566-12-b" in line
    practice = changed(plan_text, 'digits = "thai"', 'example = true\ndigits = "thai"')
    (tmp_path / "2566-12-b/round.toml").write_text(practice, "utf-8")
    assert load_plan(tmp_path / "2566-12-b", forms).example
    assert not load_plan(tmp_path / "2566-12", forms).example
