"""The usual roster: whose each duty is, and which forms it gives to nobody."""

from dataclasses import replace

from pipeline.commands.default_roster import owed_by_nobody, usual_divisions, with_duties


def test_every_form_it_names_is_one(forms):
    named = {name for division in with_duties(usual_divisions()) for name in division.forms}
    assert named <= {form.name for form in forms}


def test_a_form_that_it_does_not_name_is_owed_by_nobody_and_no_other(forms):
    before = owed_by_nobody(usual_divisions(), forms)
    new = replace(forms[-1], name="study_visit")
    assert owed_by_nobody(usual_divisions(), (*forms, new)) == (*before, new)
