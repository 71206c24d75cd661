"""Tables → findings between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from pipeline.explanations import explained
from pipeline.model import Assessment, Fate, Finding, Plan, Reading, Severity
from schemas.crosschecks import crosschecks
from schemas.crosschecks.register import plan_state
from schemas.kit.crosscheck import Crosscheck, Evidence, MeasureText, Violation


def crosscheck(reading: Reading, plan: Plan, earlier: tuple[Assessment, ...] = ()) -> Reading:
    """Run every crosscheck over the rows without an ERROR; the findings are added.

    With all findings known, what the divisions explained is hung on them.
    """
    evidence = _evidence(reading, plan, earlier)
    found = [
        _finding(check, violation, reading)
        for check in crosschecks().values()
        if check.code not in plan.rules_off and not check.lacks(evidence.criteria)
        for violation in check.search(evidence)
    ]
    changed = _changed_criteria(plan)
    return explained(replace(reading, findings=(*reading.findings, *found, *changed)))


def _changed_criteria(plan: Plan) -> Iterator[Finding]:
    """A criterion that differs from the round before is told to the analyst, with both values."""
    for key, values in plan.changed_criteria.items():
        old, new = ("-" if each is None else f"{each.normalize():f}" for each in values)
        params = {"key": f"criteria.{key}", "old": old, "new": new}
        yield Finding("criterion-changed", Severity.WARNING, params=params, to="analyst")


def _evidence(reading: Reading, plan: Plan, earlier: tuple[Assessment, ...]) -> Evidence:
    sound = _sound_rows(reading)
    beside = {name: table.is_compared() for name, table in reading.tables.items()}
    rows = {name: each[~beside[name][each.index]] for name, each in sound.items()}
    criteria = {key: each.value for key, each in plan.criteria.items()}
    return Evidence(
        round=plan.round,
        rows=rows,
        measures=tuple(
            MeasureText(m.number, m.title, m.procedure, m.period_text, m.owner)
            for m in plan.measures
        ),
        obliged=plan.obliged_to_all,
        plan=plan_state(rows, criteria, plan.round.months),
        earlier=_recorded(earlier),
        compared={name: each[beside[name][each.index]] for name, each in sound.items()},
        counted={name: t.frame[~beside[name]] for name, t in reading.tables.items()},
        criteria=criteria,
        divisions={each.code: each.name for each in plan.divisions},
    )


def _sound_rows(reading: Reading) -> Mapping[str, pd.DataFrame]:
    """The rows without an ERROR of each form, with the division that sent them; none excluded."""
    faulty = {(f.form, f.index) for f in reading.findings if f.severity is Severity.ERROR}
    faulty |= reading.excluded
    divisions = {each.name: each.division for each in reading.submissions}
    sound = {}
    for name, table in reading.tables.items():
        kept = table.frame.loc[[(name, i) not in faulty for i in table.frame.index]]
        sound[name] = kept.assign(division=kept["submission"].map(divisions).astype("string"))
    return sound


def _recorded(earlier: tuple[Assessment, ...]) -> Mapping[str, Decimal | str] | None:
    """The plan figures of the round before, by name; None where there is no such round."""
    for assessment in earlier:
        return {
            key.removeprefix("plan."): Decimal(figure.value)
            for key, figure in assessment.recorded.items()
            if key.startswith("plan.") and figure.unit != "text" and figure.value is not None
        }
    return None


def _finding(check: Crosscheck, violation: Violation, reading: Reading) -> Finding:
    if violation.form is None or violation.index is None:
        return Finding(
            check.code,
            check.severity,
            params={**violation.params, "key": violation.key or ""},
            to="analyst",
        )
    table = reading.tables[violation.form]
    column = violation.column or table.form.columns[0].name
    cell = table.cell(violation.index, column)
    divisions = {each.name: each.division for each in reading.submissions}
    return Finding(
        check.code,
        check.severity,
        division=divisions.get(cell.file),
        file=cell.file,
        cell=cell,
        value=table.value(violation.index, column),
        params=dict(violation.params),
        to=check.to,
        form=violation.form,
        index=violation.index,
        column=column,
        sheet=cell.sheet,
        fate=Fate.DUPLICATE if violation.duplicate else None,
        group=violation.group,
    )
