"""Blank workbooks for a round, prefilled with what the earlier round has accepted."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from pipeline.model import Assessment, PipelineError, Plan, Table
from pipeline.run import assess
from pipeline.template import templates

Rows = list[Mapping[str, object]]


def make_templates(plan: Plan, folder: Path, division: str | None) -> list[Path]:
    """Write a workbook for each division that owes something; PipelineError for a strange code."""
    if division is not None and division not in {each.code for each in plan.divisions}:
        raise PipelineError("unknown-division", division=division)
    earlier = tuple(assess(each) for each in plan.earlier_rounds)
    filled: dict[str, dict[str, Rows]] = {}
    for assessment in earlier:
        filled = accepted_rows(assessment)
    return templates(plan, folder, filled, division)


def accepted_rows(assessment: Assessment) -> dict[str, dict[str, Rows]]:
    """The accepted rows of every form that keeps them from round to round, by division."""
    divisions = {each.name: each.division or "" for each in assessment.submissions}
    found: dict[str, dict[str, Rows]] = {}
    for name, table in assessment.tables.items():
        if not table.form.about.carried:
            continue
        for submission, row in _rows(table):
            found.setdefault(divisions[submission], {}).setdefault(name, []).append(row)
    return found


def _rows(table: Table) -> list[tuple[str, Mapping[str, object]]]:
    kept = table.frame[table.frame["fate"].isin(["accepted", "duplicate"])]
    names = [column.name for column in table.form.columns if not column.derived]
    return [
        (str(row["submission"]), {n: row[n] for n in names if not pd.isna(row[n])})
        for row in kept.to_dict("records")
    ]
