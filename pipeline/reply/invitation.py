"""What a division is told with its workbook: what is asked, by when, how to check, whom to ask."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.messages import say
from pipeline.model import Division, Obligation, Plan
from pipeline.plan import obligations
from pipeline.reply.letter import Letter, Section, contact, greeting, round_words
from schemas.kit.form import FormSpec
from schemas.kit.thai.dates import format_date, format_month, format_time


def invitation_subject(division: Division, part: str, plan: Plan, *, summary: bool) -> str:
    """The subject, which names round and division, and the part of it."""
    key = "issue.summary-subject" if summary else "issue.subject"
    return say(key, division=division.name_of(part), **round_words(plan))


def invitation(division: Division, part: str, file: str, plan: Plan, *, summary: bool) -> Letter:
    """The words that go with the workbook of that name."""
    kind = "summary-" if summary else ""
    owed = [o for o in obligations(plan) if o.division == division.code and o.in_this_round]
    owed = [o for o in owed if o.measure is not None or not summary]
    owed = [o for o in owed if division.part_of(o.form, part) == part]
    due = min((o.due for o in owed if summary or o.measure is None), default=plan.due)
    named = {
        "division": division.name_of(part),
        "organisation": plan.organisation.name,
        "file": file,
    }
    paragraphs = [say(f"issue.{kind}attached", **named, **round_words(plan))]
    if plan.earlier is not None and not summary:
        paragraphs.append(say("issue.carried", months=plan.earlier.round.months))
    return Letter(
        greeting=greeting(plan, division.code, part),
        verdict=_until(f"issue.{kind}verdict", due),
        paragraphs=tuple(paragraphs),
        sections=(
            Section(say("issue.forms"), tuple(_asked(division, owed, due, plan))),
            Section(say("issue.how"), tuple(_steps(plan, summary=summary))),
        ),
        closing=(contact(plan), say("issue.thanks")),
    )


def _until(key: str, due: datetime, **named: object) -> str:
    day, time = format_date(due.date(), "weekday"), format_time(due.time())
    return say(key, day=day, time=time, **named)


def _asked(
    division: Division, owed: Sequence[Obligation], due: datetime, plan: Plan
) -> Iterator[str]:
    """A line for each form, and for the summaries of a form; with its own time where it has one."""
    for form in plan.forms:
        mine = [o for o in owed if o.form == form.name]
        own = [o for o in mine if o.measure is None]
        numbers = [str(o.measure) for o in mine if o.measure is not None]
        lines = [(_form_line(form, division, plan), own[0].due)] if own else []
        if numbers:
            said = say("issue.overview", form=form.about.sheet, numbers=", ".join(numbers))
            lines.append((said, plan.summary_due))
        for said, until in lines:
            yield said if until == due else _until("issue.until", until, form=said)


def _form_line(form: FormSpec, division: Division, plan: Plan) -> str:
    """A form with the measures or the months for which it is owed."""
    numbers = division.forms.get(form.name, ())
    if form.about.lines == "measures" and not numbers:
        mine = plan.measures_of(division.code)
        numbers = tuple(m.number for m in mine if plan.round.months in m.rounds)
    parts = [say("issue.measures", numbers=", ".join(map(str, numbers)))] if numbers else []
    if form.about.monthly == "parts":
        months = plan.round.months_list
        first, last = (format_month(month, "short") for month in (months[0], months[-1]))
        parts.append(say("issue.months", first=first, last=last))
    return f"{form.about.sheet} ({', '.join(parts)})" if parts else form.about.sheet


def _steps(plan: Plan, *, summary: bool) -> Iterator[str]:
    yield say("issue.open")
    key = "issue.summary-fill" if summary else "issue.fill"
    yield say(key, tick=plan.nil_tick.th, cover=plan.cover.about.sheet)
    ready = say("template.state-ready")
    yield say("issue.check", sheet=say("template.precheck-sheet"), ready=ready)
    yield say("issue.send", email=plan.reply_from or plan.contact.email)
