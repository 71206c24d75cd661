"""Findings → what goes back: for each file a draft mail, its words as text, and a marked copy."""

from pathlib import Path

from pipeline.messages import say
from pipeline.model import Assessment
from pipeline.reply.answers import Answer, answers
from pipeline.reply.copies import copy_name, marked_copy
from pipeline.reply.drafts import draft, reply_subject
from pipeline.reply.letter import letter
from pipeline.reply.overview import Entry, overview

__all__ = ["reply"]


def reply(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write the answers into `folder`/replies: `<division>-<n>.txt`, `.eml`, `.xlsx`, `index.html`.

    Answered are files that came from a known division and count, were sent back, are blank, or wait
    for their sender to be confirmed; then the division they claim to be of is asked. Drafts go only
    to addresses of the roster, carry neither date nor id, and are never sent.
    """
    target = folder / "replies"
    target.mkdir(parents=True, exist_ok=True)
    entries = [_write(answer, assessment, target) for answer in answers(assessment)]
    index = target / "index.html"
    index.write_text(overview(entries, assessment), "utf-8", newline="\n")
    return (*(path for entry in entries for path in entry.files), index)


def _write(answer: Answer, assessment: Assessment, folder: Path) -> Entry:
    """Write one answer; the marked copy only where there is something to mark."""
    plan, submission = assessment.plan, answer.submission
    told = () if answer.is_question else answer.findings
    number = f"{plan.name}/{answer.name}"
    copy = marked_copy(submission, told, plan, assessment.tables, number)
    name = copy_name(submission)
    words = letter(answer, assessment, name if copy.data else "", copy.alone)
    text = folder / f"{answer.name}.txt"
    text.write_text(words.text(), "utf-8", newline="\r\n")
    files = [text]
    message = None if answer.is_question else submission.received.message
    subject = reply_subject(message, submission.name)
    if answer.is_question:
        subject = say("reply.question-subject", file=submission.name)
    attached = (name, copy.data) if copy.data else None
    mail = draft(plan.division(answer.division).senders, subject, words, plan, message, attached)
    for suffix, data in ((".eml", mail), (".xlsx", copy.data)):
        if data is not None:
            files.append(text.with_suffix(suffix))
            files[-1].write_bytes(data)
    return Entry(answer, words.verdict, subject, tuple(files))
