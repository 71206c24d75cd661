"""What all divisions have reported on the measures of all: what a coordinator sums up."""

import pandas as pd

from pipeline.messages import say
from pipeline.model import Assessment, Fate, ObligationState, Table
from pipeline.template import DivisionTexts
from schemas.kit.form import FormSpec, Overview


def division_texts(assessment: Assessment) -> DivisionTexts:
    """What every division has reported on each measure of all: its words, else where they are.

    They are the words of its own rows that count; of another row its fate is said.
    """
    plan = assessment.plan
    return {
        measure.number: [
            {"": division.name} | _words(table, measure.number, division.code, assessment)
            for division in plan.divisions
            if division.in_all
        ]
        for table in assessment.tables.values()
        if table.form.has(Overview)
        for measure in plan.measures
        if measure.owner == "ALL"
    }


def _words(table: Table, measure: int, division: str, assessment: Assessment) -> dict[str, str]:
    form, frame = table.form, table.frame
    overview = form.trait(Overview)
    files = [each.name for each in assessment.submissions if each.division == division]
    own = (frame[form.about.key[0]] == measure) & frame["submission"].isin(files)
    rows = frame[
        own.fillna(value=False) & (frame[overview.column] != overview.value).fillna(value=False)
    ]
    names = [name for name in overview.quoted if name]
    for row in rows[rows["fate"] == Fate.ACCEPTED].to_dict("records"):
        return {name: str(row[name]) for name in names if not pd.isna(row[name])}
    for fate in rows["fate"]:
        return {names[0]: say(f"fate.{fate}")}
    return {names[0]: _where(form, division, assessment)}


def _where(form: FormSpec, division: str, assessment: Assessment) -> str:
    """Where the form is that does not bring the row."""
    statuses = (
        each.state
        for each in assessment.obligation_statuses
        if (each.obligation.division, each.obligation.form) == (division, form.name)
        and each.obligation.measure is None
    )
    state = next(statuses, ObligationState.MISSING)
    return say(f"state.{ObligationState.MISSING if state is ObligationState.REPORTED else state}")
