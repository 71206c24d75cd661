"""One page that lists all answers, to open the drafts from or to write by another program."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.messages import say
from pipeline.model import Assessment
from pipeline.reply.answers import Answer
from pipeline.reply.drafts import page
from schemas.kit.thai_dates import format_date

_COLUMNS = ("number", "division", "file", "verdict", "files", "mail")
_STYLE = (
    "body{max-width:none}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #bfbfbf;padding:6px 8px;text-align:left;vertical-align:top}"
    "th{background:#ebebeb}td:first-child{white-space:nowrap}td:nth-child(3){word-break:break-word}"
)


@dataclass(frozen=True)
class Entry:
    """One answer that was written: its verdict, its subject and its files."""

    answer: Answer
    verdict: str
    subject: str
    files: tuple[Path, ...]


def overview(entries: Sequence[Entry], assessment: Assessment) -> str:
    """The page, whole."""
    plan = assessment.plan
    title = say("overview.title", round=plan.name)
    heads = "".join(f"<th>{html.escape(say(f'overview.{name}'))}</th>" for name in _COLUMNS)
    rows = "\n".join(_row(entry, assessment) for entry in sorted(entries, key=_order))
    note = say("overview.note", day=format_date(assessment.as_of.date()))
    body = (
        f"<h1>{html.escape(title)}</h1>\n<p>{html.escape(note)}</p>\n"
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>"
    )
    return page(title, body, _STYLE)


def _order(entry: Entry) -> tuple[str, int]:
    division, _, number = entry.answer.name.rpartition("-")
    return division, int(number)


def _row(entry: Entry, assessment: Assessment) -> str:
    division = assessment.plan.division(entry.answer.division)
    submission = entry.answer.submission
    whose = division.name_of(submission.part)
    plain = (entry.answer.name, whose, submission.name, entry.verdict)
    files = " · ".join(_link(path.name, _kind(path)) for path in entry.files)
    addresses = division.addresses_of(entry.answer.submission.part)
    to = ",".join(quote(address, safe="@") for address in addresses)
    mail = _link(f"mailto:{to}?subject={quote(entry.subject)}", ", ".join(addresses))
    cells = [html.escape(text) for text in plain]
    cells += [files, mail if to else html.escape(say("overview.no-address"))]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _kind(path: Path) -> str:
    return say(f"overview.kind{''.join(path.suffixes).replace('.', '-')}")


def _link(target: str, text: str) -> str:
    return f'<a href="{html.escape(target)}">{html.escape(text)}</a>'
