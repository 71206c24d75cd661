"""Findings → what goes back: a draft mail and the same words as text for each file answered."""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from email import policy
from email.message import EmailMessage
from pathlib import Path

from pipeline.messages import say
from pipeline.messages.blocks import blocks
from pipeline.model import Assessment, Fate, Finding, Outcome, Severity, Submission
from schemas.kit.thai_dates import format_date, format_time

_ANSWERED = (Outcome.ACCEPTED, Outcome.REFUSED)
_WEIGHTS = (Severity.ERROR, Severity.WARNING)


def reply(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write the answers into `folder`/replies: `<division>-<n>.txt` and `.eml` per submission.

    Answered are files that came from a known division and were accepted or sent back; drafts go
    only to addresses of the roster, carry neither date nor id, and are never sent.
    """
    target = folder / "replies"
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, submission in _answered(assessment):
        text = _letter(name, submission, assessment)
        path = target / f"{name}.txt"
        path.write_text(text, "utf-8", newline="\r\n")
        written.append(path)
        draft = _draft(name, text, submission, assessment)
        if draft is not None:
            path.with_suffix(".eml").write_bytes(draft)
            written.append(path.with_suffix(".eml"))
    return tuple(written)


def _answered(assessment: Assessment) -> Iterator[tuple[str, Submission]]:
    """Each submission answered, under its receipt number within the round."""
    numbers: dict[str, int] = {}
    for each in assessment.submissions:
        if each.outcome in _ANSWERED and each.division is not None:
            numbers[each.division] = numbers.get(each.division, 0) + 1
            yield f"{each.division}-{numbers[each.division]}", each


def _letter(name: str, submission: Submission, assessment: Assessment) -> str:
    """The whole answer in Thai: the verdict first, the SHA-256 last."""
    findings = _to_tell(submission, assessment)
    plan, received = assessment.plan, submission.received
    division = plan.division(submission.division or "")
    lines = [say("reply.dear", division=division.name), ""]
    lines += [_verdict(submission, findings, assessment), ""]
    lines += [say("reply.received", file=received.name, when=_when(submission))]
    lines += [say("reply.number", number=f"{plan.name}/{name}")]
    for weight in _WEIGHTS:
        lines += _block(weight, findings, assessment)
    lines += ["", say(f"reply.close-{'faults' if findings else 'thanks'}")]
    contact = plan.contact
    lines += [say("reply.contact", name=contact.name, phone=contact.phone, email=contact.email)]
    lines += ["", say("reply.sha256", sha256=received.sha256), ""]
    return "\n".join(lines)


def _to_tell(submission: Submission, assessment: Assessment) -> list[Finding]:
    return [
        f
        for f in assessment.findings
        if f.file == submission.name and f.severity in _WEIGHTS and f.to == "division"
    ]


def _verdict(submission: Submission, findings: Sequence[Finding], assessment: Assessment) -> str:
    counts = {weight: sum(f.severity is weight for f in findings) for weight in _WEIGHTS}
    if submission.outcome is Outcome.REFUSED:
        return say("reply.verdict-refused")
    rows = sum(
        int(((t.frame["submission"] == submission.name) & (t.frame["fate"] == Fate.ACCEPTED)).sum())
        for t in assessment.tables.values()
        if not t.form.about.cover
    )
    kind = "errors" if counts[Severity.ERROR] else "warnings" if findings else "clean"
    return say(
        f"reply.verdict-{kind}",
        rows=rows,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
    )


def _when(submission: Submission) -> str:
    at = submission.received.received_at
    return f"{format_date(at.date())} {format_time(at.time())}" if at else say("reply.no-time")


def _block(weight: Severity, findings: Sequence[Finding], assessment: Assessment) -> Iterator[str]:
    """One block of findings: the same fault in neighbouring cells of a column is one line."""
    mine = [f for f in findings if f.severity is weight]
    if not mine:
        return
    yield ""
    yield say(f"severity.{weight.name}")
    for number, block in enumerate(blocks(mine, assessment.plan.forms), 1):
        yield f"{number}. {block.place} {block.sentence}".replace("  ", " ")
        if block.found:
            yield "   " + say("reply.value", value=block.found)


def _draft(name: str, text: str, submission: Submission, assessment: Assessment) -> bytes | None:
    """The unsent mail to the division's own addresses; None where the roster has none."""
    division = assessment.plan.division(submission.division or "")
    if not division.senders:
        return None
    message = submission.received.message
    mail = EmailMessage(policy=policy.SMTP)
    if assessment.plan.reply_from:
        mail["From"] = assessment.plan.reply_from
    mail["To"] = ", ".join(division.senders)
    subject = _one_line(message.subject) if message else submission.name
    mail["Subject"] = subject if subject.casefold().startswith("re:") else f"Re: {subject}"
    if message and message.message_id:
        mail["In-Reply-To"] = _one_line(message.message_id)
        mail["References"] = " ".join((*map(_one_line, message.references), message.message_id))
    mail["X-Unsent"] = "1"
    mail.set_content(text, cte="base64")
    mail.add_alternative(_as_html(text), subtype="html", cte="base64")
    mail.set_boundary("=_" + hashlib.sha256(f"{name}{text}".encode()).hexdigest()[:32])
    return mail.as_bytes()


def _one_line(text: str) -> str:
    """Text for a header: no line break can add a header of its own."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def _as_html(text: str) -> str:
    body = "<br>\n".join(html.escape(line) for line in text.split("\n"))
    return f'<html lang="th"><body style="font-size:16px">{body}</body></html>\n'
