"""Tables → findings between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.explanations import with_explanations
from pipeline.model import Assessment, Finding, Plan, ReadRound, Severity
from pipeline.violations import finding_of
from schemas.crosschecks import crosschecks
from schemas.kit.cross_rules import Evidence, MeasureText


def crosscheck(reading: ReadRound, plan: Plan, earlier: tuple[Assessment, ...] = ()) -> ReadRound:
    """Run every crosscheck over the rows without an ERROR, but those that need figures.

    With all findings known, what the divisions explained is hung on them.
    """
    evidence = _evidence(reading, plan, earlier)
    findings = [
        finding_of(check, violation, reading)
        for check in crosschecks().values()
        if check.code not in plan.rules_off
        and not check.after_figures
        and not check.lacks(evidence.criteria)
        for violation in check.search(evidence)
    ]
    of_plan = (*_changed_criteria(plan), *_signed(plan))
    return with_explanations(replace(reading, findings=(*reading.findings, *findings, *of_plan)))


def _changed_criteria(plan: Plan) -> Iterator[Finding]:
    """A criterion that differs from the round before is told to the analyst, with both values."""
    for key, values in plan.changed_criteria.items():
        old, new = ("-" if each is None else f"{each.normalize():f}" for each in values)
        params = {"key": f"criteria.{key}", "old": old, "new": new}
        yield Finding("criterion-changed", Severity.WARNING, params=params, to="analyst")


def _signed(plan: Plan) -> Iterator[Finding]:
    """What no longer fits of the signings, of the round before too: its figures are used here."""
    for each in (plan, *plan.earlier_rounds):
        for fault in each.ledger.faults:
            yield Finding(fault.code, Severity.ERROR, params=fault.params, to="analyst")
        for signing in each.ledger.every:
            if not signing.chained:
                params = {"key": f"{each.name}/signed/{signing.number}"}
                yield Finding("signing-unchained", Severity.NOTE, params=params, to="analyst")


def _evidence(reading: ReadRound, plan: Plan, earlier: tuple[Assessment, ...]) -> Evidence:
    sound = _sound_rows(reading)
    compared = {name: table.is_compared() for name, table in reading.tables.items()}
    return Evidence(
        round=plan.round,
        rows={name: rows[~compared[name][rows.index]] for name, rows in sound.items()},
        measures=tuple(
            MeasureText(m.number, m.title, m.procedure, m.period_text, m.owner)
            for m in plan.measures
        ),
        obliged=plan.obliged_to_all,
        has_earlier=bool(earlier),
        compared={name: rows[compared[name][rows.index]] for name, rows in sound.items()},
        counted={name: table.frame[~compared[name]] for name, table in reading.tables.items()},
        criteria={key: criterion.value for key, criterion in plan.criteria.items()},
        divisions={each.code: each.name for each in plan.divisions},
    )


def _sound_rows(reading: ReadRound) -> Mapping[str, pd.DataFrame]:
    """The rows without an ERROR of each form, with the division that sent them; none excluded."""
    faulty = {(f.form, f.index) for f in reading.findings if f.severity is Severity.ERROR}
    faulty |= reading.excluded
    divisions = {each.name: each.division for each in reading.submissions}
    sound = {}
    for name, table in reading.tables.items():
        kept = table.frame.loc[[(name, i) not in faulty for i in table.frame.index]]
        sound[name] = kept.assign(division=kept["submission"].map(divisions).astype("string"))
    return sound
