"""Explanations: what they close, what they cannot, and codes that are not known."""

from dataclasses import replace
from datetime import date

from pipeline.messages import say
from pipeline.model import Ledger, Signing
from tests.support.corrections import (
    OFFICE,
    OFFICE_2,
    REGISTER,
    at,
    codes,
    effects,
    explanation,
    refusal,
    settled,
)


def test_an_explained_item_closes_and_says_so(plan_12):
    made = settled(
        plan_12,
        explanation("XPD-01", key="measures.3.period_text"),
        explanation("required", file=OFFICE, sheet=REGISTER, cell=at(31)),
        explanation("required", file="ไม่มี.xlsx"),
    )
    assert effects(made) == ["in-effect", "in-effect", "not-needed"]
    assert sum(f.explained for f in made.findings) == 2
    assert "explanation-not-needed" in codes(made)
    kinds = [each.kind for each in made.open_items]
    assert kinds == ["waiting-project", "waiting-project"]
    assert OFFICE not in {each.params.get("file") for each in made.open_items}


def test_an_explained_file_is_no_longer_to_be_confirmed(plan_messy, messy_soon):
    made = settled(plan_messy, explanation("no-division", file="ใบเสนอราคา.xlsx"))
    assert len(made.open_items) == len(messy_soon.open_items) - 1


def test_words_do_not_make_a_row_right_that_is_held_back(plan_messy):
    text = explanation("unreadable-not-in-list", file=OFFICE_2)
    assert refusal(plan_messy, text).code == "corrections-explains-error"


def test_an_unknown_code_names_its_entry_and_the_nearest_code(plan_12):
    """A misspelt code would answer nothing: of the two entries the second is at fault."""
    fine = explanation("XPD-01", key="measures.3.period_text")
    error = refusal(plan_12, fine + explanation("requird", file=OFFICE))
    assert error.code == "corrections-unknown-code"
    assert (error.params["number"], error.params["near"]) == (2, "required")
    assert "requird" in say(f"error.{error.code}", **error.params)
    near = refusal(plan_12, explanation("xpd-1", file=OFFICE)).params["near"]
    assert near == "XPD-01"


def test_a_code_that_has_gone_since_stops_no_round_that_is_signed(plan_12):
    signing = Signing(1, plan_12.folder, date(2023, 10, 20), "ตัวอย่าง", plan_12.due, "")
    plan = replace(plan_12, ledger=Ledger((signing,)))
    notes = [f.code for f in settled(plan, explanation("OLD-01", file=OFFICE)).findings]
    assert "explanation-not-needed" in notes
