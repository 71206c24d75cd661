"""Findings → what goes back: for each file a draft mail, its words as text, and a marked copy."""

from collections.abc import Callable
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Assessment
from pipeline.reply.answers import Answer, answers
from pipeline.reply.drafts import draft, reply_subject
from pipeline.reply.letter import letter
from pipeline.reply.marked_copies import copy_name, marked_copy, template_name
from pipeline.reply.overview import OverviewEntry, overview

__all__ = ["reply"]

Templates = Callable[[Assessment, str, str], bytes | None]


def reply(
    assessment: Assessment, folder: Path, templates: Templates = lambda *_: None
) -> tuple[Path, ...]:
    """Write the answers into `folder`/replies: `<division>-<n>.txt`, `.eml`, `.xlsx`, `index.html`.

    `templates` makes this round's workbook of (assessment, division, part): it goes back to who
    has used another round's, as `<division>-<n>.template.xlsx`.

    Answered are files that came from a known division and count, were sent back, are blank, or wait
    for their sender to be confirmed; then the division they claim to be of is asked. Drafts go only
    to addresses of the roster, carry neither date nor id, and are never sent.
    """
    target = folder / "replies"
    target.mkdir(parents=True, exist_ok=True)
    entries = [_write(answer, assessment, target, templates) for answer in answers(assessment)]
    index = target / "index.html"
    index.write_text(overview(entries, assessment), "utf-8", newline="\n")
    return (*(path for entry in entries for path in entry.files), index)


def _write(
    answer: Answer, assessment: Assessment, folder: Path, templates: Templates
) -> OverviewEntry:
    """Write one answer; the marked copy only where there is something to mark."""
    plan, submission = assessment.plan, answer.submission
    told = () if answer.is_question else answer.findings
    number = f"{plan.name}/{answer.name}"
    copy = marked_copy(submission, told, plan, assessment.tables, number)
    whose = plan.division(answer.division)
    blank = None
    if answer.is_of_another_round:
        blank = templates(assessment, whose.code, submission.part)
    attached = {
        ".xlsx": (copy_name(submission), copy.data),
        ".template.xlsx": (template_name(whose.name_of(submission.part), plan), blank),
    }
    named = {suffix: name if data else "" for suffix, (name, data) in attached.items()}
    words = letter(answer, assessment, named[".xlsx"], copy.alone, named[".template.xlsx"])
    text = folder / f"{answer.name}.txt"
    text.write_text(words.text(), "utf-8", newline="\r\n")
    files = [text]
    message = None if answer.is_question else submission.received.message
    subject = reply_subject(message, submission.name)
    if answer.is_question:
        subject = say("reply.question-subject", file=submission.name)
    there = [(name, data) for name, data in attached.values() if data]
    to = whose.addresses_of(submission.part)
    mail = draft(to, subject, words, plan, message, there) if to else None
    for suffix, data in ((".eml", mail), *((s, data) for s, (_, data) in attached.items())):
        if data is not None:
            files.append(text.with_suffix(suffix))
            files[-1].write_bytes(data)
    return OverviewEntry(answer, words.verdict, subject, tuple(files))
