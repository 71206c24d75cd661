"""What a division is told, in Thai: the verdict in the first line, the SHA-256 in the last."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.digests import register_sha256
from pipeline.messages import say
from pipeline.messages.blocks import Block, blocks
from pipeline.model import Assessment, Fate, Finding, ObligationState, Outcome, Plan, Submission
from pipeline.reply.answers import WEIGHTS, Answer
from schemas.kit.thai.dates import format_date, format_time
from schemas.kit.thai.thai_text import clean

_UNLIKE = "shares-no-row"
_STRANGERS = ("unknown-sender", "other-divisions-workbook")
_MOST_LINES = 20  # of one block where the marked copy lists all


@dataclass(frozen=True)
class Section:
    """Findings of one weight as lines to be numbered, under a heading."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """A letter in its parts, so that text and HTML say the same."""

    greeting: str
    verdict: str
    paragraphs: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]
    small: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """The first line: a phone shows no more of a mail than that."""
        return f"{self.greeting}: {self.verdict}"

    def text(self) -> str:
        """The letter as plain text."""
        lines = [self.first, "", *self.paragraphs]
        for section in self.sections:
            numbered = (f"{n}. {line}" for n, line in enumerate(section.lines, 1))
            lines += ["", section.heading, *numbered]
        lines += ["", *self.closing]
        return "\n".join([*lines, "", *self.small, ""] if self.small else [*lines, ""])


def letter(
    answer: Answer,
    assessment: Assessment,
    attached: str = "",
    alone: str = "",
    template: str = "",
) -> Letter:
    """The answer to one file.

    `attached` names its marked copy, `alone` says why there is none; `template` names this round's
    template where it goes back.
    """
    plan, received = assessment.plan, answer.submission.received
    number = f"{plan.name}/{answer.name}"
    paragraphs = [
        say("reply.received", file=received.name, when=_when(answer)),
        say("reply.number", number=number),
        *_waits(answer, plan),
        *_shrunk(answer),
    ]
    if attached:
        paragraphs.append(say("reply.attached", file=attached))
    if alone:
        paragraphs.append(say(f"reply.alone-{alone}"))
    if template:
        paragraphs.append(say("reply.template", file=template))
    findings = () if answer.is_question else answer.findings
    head = register_sha256(assessment)
    enclosed = "template" if template else "faults" if attached else "alone"
    return Letter(
        greeting=greeting(plan, answer.division, answer.submission.part),
        verdict=_verdict(answer, assessment),
        paragraphs=tuple(paragraphs),
        sections=tuple(_sections(findings, answer.submission, plan, short=bool(attached))),
        closing=(*_closing(answer, assessment, enclosed), contact(plan)),
        small=(say("reply.register", head=head), say("reply.sha256", sha256=received.sha256)),
    )


def round_words(plan: Plan) -> Mapping[str, object]:
    """What a sentence may say of the round: its name, its months and its year."""
    year = plan.round.fiscal_year.be
    return {"round": plan.name, "year": year, "months": plan.round.months}


def time_words(at: datetime) -> Mapping[str, str]:
    """A due time as sentences say it: the day with its weekday, and the time of day."""
    return {"day": format_date(at.date(), "weekday"), "time": format_time(at.time())}


def greeting(plan: Plan, division: str, part: str = "") -> str:
    """How a division is addressed, or a part of it."""
    return say("reply.dear", division=plan.division(division).name_of(part))


def _waits(answer: Answer, plan: Plan) -> Iterator[str]:
    """What is not used yet, and what the division is asked about it."""
    for reason in dict.fromkeys(outcome.reason for outcome in answer.waiting):
        names = dict.fromkeys(r.form for r in answer.waiting if r.reason == reason)
        forms = ", ".join(plan.form(name).about.sheet for name in names)
        parts = [p for p in plan.division(answer.division).parts if {*names} & {*p.forms}]
        part = next((p.name for p in parts if p.code == answer.submission.part), "")
        key = f"reply.waits-{reason}{'-of-part' if part and reason == _UNLIKE else ''}"
        yield say(key, forms=forms, part=part, parts=", ".join(p.name for p in parts))


def _shrunk(answer: Answer) -> Iterator[str]:
    """Of which forms fewer rows are taken in than before."""
    for finding in answer.shrunk:
        yield say("reply.fewer-of", **finding.params)


def contact(plan: Plan) -> str:
    """Whom to ask."""
    who = plan.contact
    return say("reply.contact", name=who.name, phone=who.phone, email=who.email)


def _when(answer: Answer) -> str:
    at = answer.submission.received.received_at
    return f"{format_date(at.date())} {format_time(at.time())}" if at else say("reply.no-time")


def _verdict(answer: Answer, assessment: Assessment) -> str:
    verdict = _plain_verdict(answer, assessment)
    fewer = answer.fewer_rows
    return f"{say('reply.fewer', rows=fewer)} · {verdict}" if fewer else verdict


def _plain_verdict(answer: Answer, assessment: Assessment) -> str:
    if answer.is_waiting:
        return say("reply.verdict-waiting")
    if answer.is_question:
        which = "" if answer.submission.reason in _STRANGERS else "-unproven"
        sender = answer.submission.received.sender
        return say(f"reply.verdict-question{which}", sender=sender)
    if answer.is_blank:
        return say("reply.verdict-blank")
    if answer.submission.outcome is Outcome.REFUSED:
        return say("reply.verdict-refused")
    errors, warnings = (answer.count(weight) for weight in WEIGHTS)
    kind = "warnings" if warnings else "clean"
    if errors:
        kind = "errors-and-warnings" if warnings else "errors"
    rows = _rows(answer.submission.name, assessment)
    return say(f"reply.verdict-{kind}", rows=rows, errors=errors, warnings=warnings)


def _rows(file: str, assessment: Assessment) -> int:
    """How many rows of a file are counted."""
    frames = (t.frame for t in assessment.tables.values() if not t.form.is_cover)
    return sum(
        int(((frame["submission"] == file) & (frame["fate"] == Fate.ACCEPTED)).sum())
        for frame in frames
    )


def _closing(answer: Answer, assessment: Assessment, enclosed: str) -> Iterator[str]:
    """What to do next, and by when while there is time; `enclosed` is what goes back, if anything.

    A form that nobody has filled in yet is no fault before it is due, but is not done either.
    """
    if answer.is_question:
        yield say("reply.close-question")
        return
    owed = _owed(answer, assessment)
    has_faults = bool(answer.findings) or answer.is_blank
    if answer.waiting:
        yield say("reply.close-waiting")
    if has_faults:
        yield say(f"reply.close-{enclosed}")
    if owed:
        yield say("reply.close-owed", forms=", ".join(owed))
    if has_faults or owed:
        yield from filter(None, [due_of(answer.division, assessment)])
    elif not answer.waiting:
        yield say("reply.close-thanks")


def _owed(answer: Answer, assessment: Assessment) -> list[str]:
    """The forms that a file brought without data, and that are told in no finding."""
    submission = answer.submission
    if submission.outcome is not Outcome.ACCEPTED:
        return []
    states = {ObligationState.PENDING}
    states |= set() if answer.findings else {ObligationState.MISSING}
    brought = submission.sheets.keys() - {outcome.form for outcome in answer.waiting}
    owed = [
        status.obligation
        for status in assessment.obligation_statuses
        if status.obligation.division == answer.division
        and status.obligation.measure is None
        and status.obligation.form in brought
        and status.state in states
        and submission.part in (status.lacking or ("",))
    ]
    counts = Counter(obligation.form for obligation in owed)
    monthly = {obligation.form for obligation in owed if obligation.month is not None}
    names = {name: assessment.plan.form(name).about.sheet for name in counts}
    return [
        say("reply.owed-months", form=names[name], count=count) if name in monthly else names[name]
        for name, count in counts.items()
    ]


def due_of(division: str, assessment: Assessment) -> str:
    """Until when an answer is awaited; nothing once that is past."""
    plan = assessment.plan
    granted = [each.due for each in plan.extensions if each.division == division]
    due = max([plan.due, *granted])
    if due <= assessment.as_of:
        return ""
    return say("reply.until", **time_words(due))


def _sections(
    findings: Sequence[Finding], submission: Submission, plan: Plan, *, short: bool
) -> Iterator[Section]:
    """Findings by weight: the same fault in neighbouring cells of a column is one line."""
    for weight in WEIGHTS:
        chosen = [finding for finding in findings if finding.severity is weight]
        lines = [
            _line(block) for block in blocks(chosen, plan.forms, sheets=submission.sheet_names)
        ]
        if short and len(lines) > _MOST_LINES:
            more = say("reply.more", count=len(lines) - _MOST_LINES)
            lines = [*lines[:_MOST_LINES], more]
        if lines:
            heading = say("reply.block", weight=say(f"severity.{weight.name}"), count=len(chosen))
            yield Section(heading, tuple(lines))


def _line(block: Block) -> str:
    line = f"{block.place} {block.sentence}".strip()
    if block.found:
        value = " ".join(block.found.split())
        line += f" ({say('reply.value', value=value)})"
    return clean(line)
