"""Waivers: what is owed no more, until when, and what needs none."""

from dataclasses import replace
from datetime import date, datetime

from pipeline.messages import finding_sentence
from pipeline.model import ObligationState
from pipeline.run import assess
from tests.support.corrections import changed, codes, effects, number, settled, values, waiver


def test_a_waived_form_is_not_open_while_the_waiver_lasts(plan_messy, messy_soon):
    owed = [s for s in messy_soon.obligation_statuses if s.obligation.division == "05"]
    assert {s.state for s in owed if s.obligation.form == "gift_report"} == {
        ObligationState.MISSING
    }
    made = settled(plan_messy, waiver(), waiver(form="service_manual", until=date(2566, 10, 19)))
    states = {
        s.obligation.form: s.state
        for s in made.obligation_statuses
        if s.obligation.division == "05"
    }
    assert (states["gift_report"], states["service_manual"]) == (
        ObligationState.WAIVED,
        ObligationState.MISSING,
    )
    assert effects(made) == ["in-effect", "expired"]
    assert len(made.open_items) == len(messy_soon.open_items) - 1
    (note,) = [f for f in made.findings if f.code == "waiver-expired"]
    assert "19 ต.ค. 2566" in finding_sentence(note, "th", plan_messy.forms)
    figures = values(made, "submissions.")
    assert figures["submissions.waived"] == 1
    assert figures["submissions.due"] == values(messy_soon)["submissions.due"] - 1


def test_a_waiver_lasts_to_the_end_of_its_day(plan_messy):
    def states(at):
        plan = replace(plan_messy, as_of=datetime.fromisoformat(at))
        made = assess(changed(plan, waiver(until="20/10/2566")))
        return effects(made)

    assert states("2023-10-20T23:59:00+07:00") == ["in-effect"]
    assert states("2023-10-21T00:00:00+07:00") == ["expired"]


def test_a_waiver_of_what_was_sent_is_not_needed(plan_06):
    made = settled(plan_06, waiver(form="service_manual"))
    assert effects(made) == ["not-needed"]
    assert "waiver-not-needed" in codes(made)
    assert values(made)["submissions.waived"] == 0


def test_a_file_sent_back_is_not_open_when_nothing_is_owed_any_more(plan_messy, messy_soon):
    mine = [s.obligation for s in messy_soon.obligation_statuses if s.obligation.division == "06"]
    parts = dict.fromkeys((o.form, o.month, o.measure) for o in mine if o.in_this_round)
    texts = [
        waiver("06", form, **({"month": f"{month:%Y-%m}"} if month else {}), **number(measure))
        for form, month, measure in parts
    ]
    assert [i.division for i in messy_soon.open_items if i.kind == "refused"] == ["06"]
    made = settled(plan_messy, *texts)
    assert set(effects(made)) == {"in-effect"}
    assert [i for i in made.open_items if i.division == "06"] == []
