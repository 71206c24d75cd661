"""The drafts that bring the divisions their workbooks, and a page that lists them."""

import html
from collections.abc import Mapping
from pathlib import Path

from pipeline.messages import say
from pipeline.model import Division, Plan, Whose
from pipeline.reply.drafts import draft
from pipeline.reply.invitation import invitation, invitation_subject
from pipeline.reply.overview import file_links, link, listing, mail_link

_COLUMNS = ("division", "drafts", "mail")


def issue(
    plan: Plan, workbooks: Mapping[Whose, Path], *, summary: bool = False
) -> tuple[Path, ...]:
    """Write a draft that carries it, `.eml`, and its words, `.txt`, beside each workbook.

    `workbooks` are by division and part; `summary` says that they ask only for the municipality's
    summary.
    """
    written: list[Path] = []
    for (code, part), workbook in workbooks.items():
        division = plan.division(code)
        words = invitation(division, part, workbook.name, plan, summary=summary)
        text, mail = workbook.with_suffix(".txt"), workbook.with_suffix(".eml")
        text.write_text(words.text(), "utf-8", newline="\r\n")
        subject = invitation_subject(division, part, plan, summary=summary)
        attached = [(workbook.name, workbook.read_bytes())]
        mail.write_bytes(
            draft(division.addresses_of(part), subject, words, plan, attached=attached)
        )
        written += [text, mail]
    return tuple(written)


def index(plan: Plan, workbooks: Mapping[Whose, Path], *, summary: bool = False) -> str:
    """A page that lists the workbooks with their drafts, and begins mails in other programs."""
    rows = [
        _row(
            plan.division(code),
            part,
            path,
            invitation_subject(plan.division(code), part, plan, summary=summary),
        )
        for (code, part), path in workbooks.items()
    ]
    title = say("issue.index-title", round=plan.name)
    return listing(title, say("issue.index-note"), _COLUMNS, rows)


def _row(division: Division, part: str, workbook: Path, subject: str) -> list[str]:
    files = [workbook.with_suffix(suffix) for suffix in (".txt", ".eml")]
    links = f"{file_links(files)} · {link(workbook.name, workbook.name)}"
    named = html.escape(division.name_of(part))
    return [named, links, mail_link(division.addresses_of(part), subject)]
