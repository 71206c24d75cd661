"""Blank workbooks for a round, prefilled with what was accepted, and the mails that carry them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.files import writing
from pipeline.messages import say
from pipeline.model import (
    Assessment,
    Fate,
    ObligationState,
    PipelineError,
    Plan,
    Table,
    Whose,
)
from pipeline.plan import obligations
from pipeline.reply.template_mail import index, issue
from pipeline.run import assess
from pipeline.template import DivisionTexts, summaries, templates
from schemas.kit.form import FormSpec, Overview

_DRAFT = (".eml", ".txt")
_INDEX, _SUMMARIES = "index.html", "summaries.html"


@dataclass(frozen=True)
class Templates:
    """The workbooks written, by division and part, and the drafts that carry them."""

    workbooks: Mapping[Whose, Path]
    drafts: tuple[Path, ...] = ()
    without_address: tuple[Whose, ...] = ()


def make_templates(
    plan: Plan, folder: Path, division: str | None, *, summary: bool = False, mail: bool = False
) -> Templates:
    """Write a workbook for each division that owes something, or for each that owes a summary.

    PipelineError for a strange code, or that of a division that sums nothing up.
    """
    if division is not None and division not in {each.code for each in plan.divisions}:
        raise PipelineError("unknown-division", division=division, names=plan.roster)
    summing_up = {each.division for each in obligations(plan) if each.measure is not None}
    if summary and division is not None and division not in summing_up:
        raise PipelineError("no-summary", division=plan.division(division).name)
    if summary:
        workbooks = summaries(plan, folder, division_texts(assess(plan)), division)
    else:
        earlier = next((assess(each) for each in plan.earlier_rounds), None)
        workbooks = templates(plan, folder, earlier, division)
    page = folder / (_SUMMARIES if summary else _INDEX)
    with writing(folder):
        if not mail:  # earlier drafts carry what the workbooks were then
            drafts = [book.with_suffix(each) for book in workbooks.values() for each in _DRAFT]
            for path in (*drafts, page):
                path.unlink(missing_ok=True)
            return Templates(workbooks)
        issued = issue(plan, workbooks, summary=summary)
        if division is None:
            page.write_text(index(plan, workbooks, summary=summary), "utf-8", newline="\n")
            issued = (*issued, page)
    strangers = (each for each in workbooks if not plan.division(each[0]).addresses_of(each[1]))
    return Templates(workbooks, issued, tuple(strangers))


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
    rows = frame[(own & (frame[overview.column] != overview.value)).fillna(value=False)]
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
