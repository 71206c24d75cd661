"""Reminders to the divisions that still owe something: drafts, as unsent as the answers."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Assessment, FormState, ObligationState, ObligationStatus
from pipeline.reply.drafts import draft, write_letter
from pipeline.reply.letter import (
    Letter,
    Section,
    contact,
    due_of,
    greeting,
    round_words,
    time_words,
)
from schemas.kit.thai.dates import format_month

_OWING = (ObligationState.MISSING, ObligationState.PENDING, ObligationState.REFUSED)


def remind(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write `<division>.txt` and `.eml` into a folder for each division that owes something.

    A division without an address in the roster gets the text alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plan = assessment.plan
    subject = say("remind.subject", organisation=plan.organisation.name, **round_words(plan))
    written: list[Path] = []
    for code, owed in _by_division(assessment).items():
        words = _reminder(code, owed, assessment)
        lacking = dict.fromkeys(part for status in owed for part in (status.lacking or ("",)))
        to = (each for part in lacking for each in plan.division(code).addresses_of(part))
        addresses = tuple(dict.fromkeys(to))
        mail = draft(addresses, subject, words, plan) if addresses else None
        written += write_letter(folder / f"{code}.txt", words, mail)
    return tuple(written)


def outstanding(assessment: Assessment) -> list[ObligationStatus]:
    """What is owed, without what came and waits for the analyst to decide."""
    waiting = {
        (r.division, r.form, r.month, r.measure, r.part)
        for r in assessment.form_outcomes
        if r.state is FormState.WAITING
    }

    def all_wait(status: ObligationStatus) -> bool:
        o = status.obligation
        owed = (o.division, o.form, o.month, o.measure)
        return waiting.issuperset((*owed, part) for part in status.lacking or ("",))

    statuses = (each for each in assessment.obligation_statuses if each.state in _OWING)
    return [status for status in statuses if not all_wait(status)]


def _by_division(assessment: Assessment) -> Mapping[str, list[ObligationStatus]]:
    """What is owed by division, in the order of the roster."""
    owed = outstanding(assessment)
    by_division = {
        division.code: [each for each in owed if each.obligation.division == division.code]
        for division in assessment.plan.divisions
    }
    return {code: statuses for code, statuses in by_division.items() if statuses}


def _reminder(code: str, owed: list[ObligationStatus], assessment: Assessment) -> Letter:
    plan = assessment.plan
    forms: dict[tuple[str, ObligationState], list[str]] = {}
    for each in owed:
        parts = forms.setdefault((each.obligation.form, each.state), [])
        if each.obligation.month:
            parts.append(format_month(each.obligation.month))
        elif each.obligation.measure:
            parts.append(say("remind.measure", measure=each.obligation.measure))
        lacking = (p.name for p in plan.division(code).parts if p.code in each.lacking)
        parts.extend(name for name in lacking if name not in parts)
    lines = [
        _line(plan.form(form).about.sheet, state, parts) for (form, state), parts in forms.items()
    ]
    names = {form for form, _ in forms}
    until = due_of(code, assessment) or say("remind.was-due", **time_words(plan.due))
    return Letter(
        greeting=greeting(plan, code),
        verdict=say("remind.verdict", count=len(names), **round_words(plan)),
        paragraphs=(until,),
        sections=(Section(say("remind.heading"), tuple(lines)),),
        closing=(say("remind.closing"), contact(plan)),
    )


def _line(sheet: str, state: ObligationState, parts: list[str]) -> str:
    form = f"{sheet} ({', '.join(parts)})" if parts else sheet
    return f"{form}: {say(f'state.{state}')}"
