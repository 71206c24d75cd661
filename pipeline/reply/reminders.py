"""Reminders to the divisions that still owe something: drafts, as unsent as the answers."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Assessment, FormState, ObligationState, ObligationStatus
from pipeline.reply.drafts import draft
from pipeline.reply.letter import Letter, Section, contact, due_of, greeting, round_words
from schemas.kit.thai.dates import format_date, format_month, format_time

_OWING = (ObligationState.MISSING, ObligationState.PENDING, ObligationState.REFUSED)


def remind(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write `<division>.txt` and `.eml` into a folder for each division that owes something.

    A division without an address in the roster gets the text alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for code, owed in _by_division(assessment).items():
        words = _reminder(code, owed, assessment)
        text = folder / f"{code}.txt"
        text.write_text(words.text(), "utf-8", newline="\r\n")
        written.append(text)
        plan = assessment.plan
        subject = say("remind.subject", organisation=plan.organisation.name, **round_words(plan))
        lacking = dict.fromkeys(part for each in owed for part in (each.lacking or ("",)))
        to = (each for part in lacking for each in plan.division(code).addresses_of(part))
        addresses = tuple(dict.fromkeys(to))
        if addresses:
            written.append(text.with_suffix(".eml"))
            written[-1].write_bytes(draft(addresses, subject, words, plan))
    return tuple(written)


def owing(assessment: Assessment) -> list[ObligationStatus]:
    """What is owed, without what came and waits for the analyst to decide."""
    waiting = {
        (r.division, r.form, r.month, r.measure, r.part)
        for r in assessment.form_outcomes
        if r.state is FormState.WAITING
    }
    owed = [
        (each, each.obligation) for each in assessment.obligation_statuses if each.state in _OWING
    ]
    return [
        each
        for each, o in owed
        if not waiting.issuperset(
            (o.division, o.form, o.month, o.measure, part) for part in each.lacking or ("",)
        )
    ]


def _by_division(assessment: Assessment) -> Mapping[str, list[ObligationStatus]]:
    """What is owed by division, in the order of the roster."""
    owed = owing(assessment)
    by_division = {
        division.code: [each for each in owed if each.obligation.division == division.code]
        for division in assessment.plan.divisions
    }
    return {code: mine for code, mine in by_division.items() if mine}


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
    until = due_of(code, assessment) or say(
        "remind.was-due",
        day=format_date(plan.due.date(), "weekday"),
        time=format_time(plan.due.time()),
    )
    return Letter(
        greeting=greeting(plan, code),
        verdict=say("remind.verdict", count=len(names), **round_words(plan)),
        paragraphs=(until,),
        sections=(Section(say("remind.heading"), tuple(lines)),),
        closing=(say("remind.closing"), contact(plan)),
    )


def _line(sheet: str, state: ObligationState, parts: list[str]) -> str:
    said = f"{sheet} ({', '.join(parts)})" if parts else sheet
    return f"{said}: {say(f'state.{state}')}"
