"""What answers a finding or an obligation: explanations and waivers, and which have no effect."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from pipeline.messages import codes
from pipeline.model import (
    Effect,
    Explanation,
    Finding,
    Obligation,
    ObligationState,
    ObligationStatus,
    PipelineError,
    Plan,
    ReadRound,
    Settled,
    Severity,
    Waiver,
)
from pipeline.plan.clock import ends
from schemas.kit.thai.dates import format_date


def has_expired(waiver: Waiver, plan: Plan, as_of: datetime) -> bool:
    """Whether a waiver had ended by then; what was in effect when a report was signed stays so."""
    return min([as_of, *(each.as_of for each in plan.signings)]) >= ends(waiver, plan)


def frees(waiver: Waiver, owed: Obligation) -> bool:
    """Whether an obligation is what is waived."""
    mine = (waiver.division, waiver.form) == (owed.division, owed.form)
    return mine and waiver.measure == owed.measure and waiver.month in (None, owed.month)


def answered(
    reading: ReadRound, plan: Plan, statuses: Sequence[ObligationStatus], as_of: datetime
) -> ReadRound:
    """The reading with its explained findings marked, and notes on entries without effect.

    PipelineError where an explanation is to answer what holds a row back, or what there is not.
    """
    explanations = plan.changes.explanations
    _refuse_unknown(explanations, plan)
    findings = tuple(_marked(finding, explanations) for finding in reading.findings)
    waived = tuple(_waived(each, plan, statuses, as_of) for each in plan.changes.waivers)
    explained = tuple(_explained(each, reading) for each in explanations)
    withdrawn = tuple(Settled(each, Effect.WITHDRAWN) for each in plan.changes.withdrawn)
    notes = tuple(_notes((*waived, *explained), plan))
    return replace(
        reading,
        findings=(*findings, *notes),
        settled=(*reading.settled, *waived, *explained, *withdrawn),
    )


def _refuse_unknown(explanations: Sequence[Explanation], plan: Plan) -> None:
    """A misspelt code would answer nothing, and nobody would miss the answer.

    What is signed is not begun again: a code may have gone since.
    """
    if plan.signings:
        return
    known = {code.casefold(): code for code in codes(plan.forms)}
    for each in explanations:
        if each.code not in known.values():
            (near,) = get_close_matches(each.code.casefold(), known, 1, cutoff=0)
            params = {"number": each.number, "name": each.code, "near": known[near]}
            raise PipelineError("corrections-unknown-code", **params)


def _marked(finding: Finding, explanations: Sequence[Explanation]) -> Finding:
    for each in explanations:
        if each.answers(finding):
            if finding.severity is Severity.ERROR and finding.index is not None:
                params = {"number": each.number, "name": each.code}
                raise PipelineError("corrections-explains-error", **params)
            return replace(finding, explained=True)
    return finding


def _waived(
    waiver: Waiver, plan: Plan, statuses: Sequence[ObligationStatus], as_of: datetime
) -> Settled:
    if has_expired(waiver, plan, as_of):
        return Settled(waiver, Effect.EXPIRED)
    freed = [each.state for each in statuses if frees(waiver, each.obligation)]
    return Settled(
        waiver, Effect.IN_EFFECT if ObligationState.WAIVED in freed else Effect.NOT_NEEDED
    )


def _explained(entry: Explanation, reading: ReadRound) -> Settled:
    found = any(entry.answers(finding) for finding in reading.findings)
    return Settled(entry, Effect.IN_EFFECT if found else Effect.NOT_NEEDED)


def _notes(settled: Sequence[Settled], plan: Plan) -> Iterator[Finding]:
    """What the analyst is told of each entry that has no effect."""
    for each in settled:
        entry = each.entry
        if each.in_effect:
            continue
        if isinstance(entry, Waiver):
            about = plan.form(entry.form).about
            yield each.finding(
                division=plan.division(entry.division).name,
                form_th=about.sheet,
                form_en=about.en,
                until_th=format_date(entry.until),
                until_en=entry.until.isoformat(),
            )
        elif isinstance(entry, Explanation):
            yield each.finding(code=entry.code, where=f"{entry.file} {entry.place}".strip())
