"""The drafts that bring the divisions their workbooks, and a page that lists them."""

import html
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Division, Obligation, Plan, Whose
from pipeline.plan import obligations
from pipeline.reply.drafts import draft, write_letter
from pipeline.reply.letter import Letter, Section, contact, greeting, round_words, time_words
from pipeline.reply.overview import file_links, link, listing, mail_link
from schemas.kit.form import FormSpec
from schemas.kit.thai.dates import format_month

_COLUMNS = ("division", "drafts", "mail")


def issue(
    plan: Plan, workbooks: Mapping[Whose, Path], *, summary: bool = False
) -> tuple[Path, ...]:
    """Write a draft that carries it, `.eml`, and its words, `.txt`, beside each workbook.

    `workbooks` are by division and part; with `summary` they ask for the municipality's alone.
    """
    written: list[Path] = []
    for (code, part), workbook in workbooks.items():
        division = plan.division(code)
        words = _invitation(division, part, workbook.name, plan, summary=summary)
        subject = _invitation_subject(division, part, plan, summary=summary)
        attached = [(workbook.name, workbook.read_bytes())]
        mail = draft(division.addresses_of(part), subject, words, plan, attached=attached)
        written += write_letter(workbook.with_suffix(".txt"), words, mail)
    return tuple(written)


def index(plan: Plan, workbooks: Mapping[Whose, Path], *, summary: bool = False) -> str:
    """A page that lists the workbooks with their drafts, and begins mails in other programs."""
    rows = []
    for (code, part), workbook in workbooks.items():
        division = plan.division(code)
        subject = _invitation_subject(division, part, plan, summary=summary)
        files = [workbook.with_suffix(suffix) for suffix in (".txt", ".eml")]
        links = f"{file_links(files)} · {link(workbook.name, workbook.name)}"
        name = html.escape(division.name_of(part))
        rows.append([name, links, mail_link(division.addresses_of(part), subject)])
    title = say("issue.index-title", round=plan.name)
    return listing(title, say("issue.index-note"), _COLUMNS, rows)


# --- the words: what is asked, by when, how to check, whom to ask --------------------------------


def _invitation_subject(division: Division, part: str, plan: Plan, *, summary: bool) -> str:
    """The subject, which names round and division, and the part of it."""
    key = "issue.summary-subject" if summary else "issue.subject"
    return say(key, division=division.name_of(part), **round_words(plan))


def _invitation(division: Division, part: str, file: str, plan: Plan, *, summary: bool) -> Letter:
    """The words that go with the workbook of that name."""
    kind = "summary-" if summary else ""
    owed = [o for o in obligations(plan) if o.division == division.code and o.in_this_round]
    owed = [o for o in owed if o.measure is not None or not summary]
    owed = [o for o in owed if division.part_of(o.form, part) == part]
    due = min((o.due for o in owed if summary or o.measure is None), default=plan.due)
    names = {"division": division.name_of(part), "organisation": plan.organisation.name}
    paragraphs = [say(f"issue.{kind}attached", file=file, **names, **round_words(plan))]
    if plan.earlier is not None and not summary:
        paragraphs.append(say("issue.carried", months=plan.earlier.round.months))
    return Letter(
        greeting=greeting(plan, division.code, part),
        verdict=say(f"issue.{kind}verdict", **time_words(due)),
        paragraphs=tuple(paragraphs),
        sections=(
            Section(say("issue.forms"), tuple(_asked(division, owed, due, plan))),
            Section(say("issue.how"), tuple(_steps(plan, summary=summary))),
        ),
        closing=(contact(plan), say("issue.thanks")),
    )


def _asked(
    division: Division, owed: Sequence[Obligation], due: datetime, plan: Plan
) -> Iterator[str]:
    """A line for each form, and for the summaries of a form; with its own time where it has one."""
    for form in plan.forms:
        of_form = [o for o in owed if o.form == form.name]
        own = [o for o in of_form if o.measure is None]
        numbers = [str(o.measure) for o in of_form if o.measure is not None]
        lines = [(_form_line(form, division, plan), own[0].due)] if own else []
        if numbers:
            line = say("issue.overview", form=form.about.sheet, numbers=", ".join(numbers))
            lines.append((line, plan.summary_due))
        for line, until in lines:
            yield line if until == due else say("issue.until", form=line, **time_words(until))


def _form_line(form: FormSpec, division: Division, plan: Plan) -> str:
    """A form with the measures or the months for which it is owed."""
    numbers = division.forms.get(form.name, ())
    if form.about.lines == "measures" and not numbers:
        measures = plan.measures_of(division.code)
        numbers = tuple(m.number for m in measures if plan.round.months in m.rounds)
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
