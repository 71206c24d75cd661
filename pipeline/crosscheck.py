"""Tables → findings between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

import pandas as pd

from pipeline.explanations import with_explanations
from pipeline.model import (
    ORIGIN,
    Assessment,
    Fate,
    Finding,
    FormState,
    Plan,
    ReadRound,
    Severity,
    Submission,
)
from pipeline.violations import finding_of
from schemas.crosschecks import crosschecks, listed_again
from schemas.kit.cross_rules import Evidence, MeasureText, Restated
from schemas.kit.known_again import known_again

_TAKEN = (FormState.COUNTS, FormState.NIL)


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
        restated=(*_since(reading, earlier), *_over(reading)),
        forms={name: table.form for name, table in reading.tables.items()},
        excluded=reading.excluded,
        accused={(f.form, f.index, f.column) for f in reading.findings if _is_error(f)},
    )


# --- what was reported before -------------------------------------------------------------------


def _since(reading: ReadRound, earlier: tuple[Assessment, ...]) -> Iterator[Restated]:
    """What the round before counted, of every division and month that reports on it again."""
    again = {
        (each.division, each.form, each.month): each.submission
        for each in reading.form_outcomes
        if each.state in _TAKEN
    }
    for assessment in earlier:
        for name, table in assessment.tables.items():
            about = table.form.about
            if not about.carried or not table.form.identities:
                continue
            rows = _with_division(table.frame, assessment.submissions)
            rows = rows[rows["fate"] == str(Fate.ACCEPTED)]
            months = rows[about.month] if about.monthly == "parts" else [None] * len(rows)
            keys = [
                (division, name, None if month is None else month.date())
                for division, month in zip(rows["division"], months, strict=True)
            ]
            files = {division: file for (division, form, _), file in again.items() if form == name}
            kept = [i for i, key in zip(rows.index, keys, strict=True) if key in again]
            source = assessment.plan.name
            since = _restated(reading, name, rows.loc[kept], None, source, files)
            reported = frozenset(_months(assessment, name))
            yield replace(since, reported=rows, is_round=True, months=reported)


def _months(assessment: Assessment, form: str) -> Iterator[tuple[str, date]]:
    """The months that a round took in of each division, with rows or without any."""
    for each in assessment.form_outcomes:
        if each.form == form and each.month and each.state in _TAKEN:
            yield each.division, each.month


def _over(reading: ReadRound) -> Iterator[Restated]:
    """What each file said that a newer one replaced, beside the rows in its place."""
    for each in reading.replaced:
        rows = _with_division(each.table.frame, reading.submissions)
        files = {str(division): each.file for division in rows["division"].dropna().unique()}
        source = ", ".join(dict.fromkeys(rows["submission"]))
        if each.table.form.identities:
            yield _restated(reading, each.table.form.name, rows, each.now, source, files)


def _restated(
    reading: ReadRound,
    form: str,
    before: pd.DataFrame,
    places: AbstractSet[tuple[str, str, int]] | None,
    source: str,
    files: Mapping[str, str],
) -> Restated:
    """What was said before beside the rows of this round, or those at these places."""
    table = reading.tables[form]
    now = _with_division(table.frame[~table.is_compared()], reading.submissions)
    if places is not None:
        origin = now[list(ORIGIN)].itertuples(name=None)
        now = now.loc[[index for index, *place in origin if tuple(place) in places]]
    now = now.drop(index=list(listed_again(form, now)))
    known = known_again(before, now, table.form.identities)
    return Restated(table.form, before, now, before, known, source, files)


def _with_division(frame: pd.DataFrame, submissions: Sequence[Submission]) -> pd.DataFrame:
    divisions = {each.name: each.division for each in submissions}
    return frame.assign(division=frame["submission"].map(divisions).astype("string"))


def _is_error(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _sound_rows(reading: ReadRound) -> Mapping[str, pd.DataFrame]:
    """The rows without an ERROR of each form, with the division that sent them; none excluded."""
    faulty = {(f.form, f.index) for f in reading.findings if _is_error(f)}
    faulty |= reading.excluded
    sound = {}
    for name, table in reading.tables.items():
        kept = table.frame.loc[[(name, i) not in faulty for i in table.frame.index]]
        sound[name] = _with_division(kept, reading.submissions)
    return sound
