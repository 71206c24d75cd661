"""Findings → what goes back: for each file a draft mail, its words as text, and a marked copy."""

from collections.abc import Callable
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Assessment, Submission
from pipeline.reply.answers import Answer, answers
from pipeline.reply.drafts import draft, reply_subject, write_letter
from pipeline.reply.letter import letter
from pipeline.reply.marked_copies import copy_name, marked_copy, template_name
from pipeline.reply.overview import OverviewEntry, overview

__all__ = ["reply"]

Templates = Callable[[Assessment, Submission], bytes | None]


def reply(
    assessment: Assessment, folder: Path, templates: Templates = lambda *_: None
) -> tuple[Path, ...]:
    """Write the answers into `folder`/replies: `<division>-<n>.txt`, `.eml`, `.xlsx`, `index.html`.

    `templates` makes this round's workbook for who sent a submission: it goes back to who has used
    another round's or none of ours, as `<division>-<n>.template.xlsx`.

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
    division = plan.division(answer.division)
    findings = () if answer.is_question else answer.findings
    number = f"{plan.name}/{answer.name}"
    copy = marked_copy(submission, findings, plan, assessment.tables, number)
    template = None
    if answer.is_in_another_template:
        template = templates(assessment, submission)
    names = {
        ".xlsx": copy_name(submission) if copy.data else "",
        ".template.xlsx": template_name(division.name_of(submission.part), plan)
        if template
        else "",
    }
    contents = {".xlsx": copy.data, ".template.xlsx": template}
    words = letter(answer, assessment, names[".xlsx"], copy.alone, names[".template.xlsx"])
    message = None if answer.is_question else submission.received.message
    subject = reply_subject(message, submission.name)
    if answer.is_question:
        subject = say("reply.question-subject", file=submission.name)
    attached = [(names[suffix], data) for suffix, data in contents.items() if data]
    to = division.addresses_of(submission.part)
    mail = draft(to, subject, words, plan, message, attached) if to else None
    files = write_letter(folder / f"{answer.name}.txt", words, mail)
    for suffix, data in contents.items():
        if data is not None:
            files.append(files[0].with_suffix(suffix))
            files[-1].write_bytes(data)
    return OverviewEntry(answer, words.verdict, subject, tuple(files))
