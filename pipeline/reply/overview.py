"""One page that lists all answers, to open the drafts from or to write by another program."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.messages import say
from pipeline.model import Assessment
from pipeline.reply.answers import Answer
from pipeline.reply.drafts import page
from schemas.kit.thai.dates import format_date

_COLUMNS = ("number", "division", "file", "verdict", "files", "mail")
_STYLE = (
    "body{max-width:none}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #bfbfbf;padding:6px 8px;text-align:left;vertical-align:top}"
    "th{background:#ebebeb}td:first-child{white-space:nowrap}"
    "td:nth-child(3){overflow-wrap:anywhere;min-width:11em}"
    "@media(max-width:700px){table,tbody,tr,td{display:block}thead{display:none}"
    "tr{border:1px solid #bfbfbf;margin:0 0 12px}td{border:0;padding:2px 8px}}"
)


@dataclass(frozen=True)
class OverviewEntry:
    """One answer that was written: its verdict, its subject and its files."""

    answer: Answer
    verdict: str
    subject: str
    files: tuple[Path, ...]


def overview(entries: Sequence[OverviewEntry], assessment: Assessment) -> str:
    """The page, whole."""
    title = say("overview.title", round=assessment.plan.name)
    note = say("overview.note", day=format_date(assessment.as_of.date()))
    rows = [_row(entry, assessment) for entry in sorted(entries, key=_order)]
    return listing(title, note, _COLUMNS, rows)


def listing(title: str, note: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A page with one table; `columns` are the keys of its headings, the cells are HTML."""
    heads = "".join(f"<th>{html.escape(say(f'overview.{name}'))}</th>" for name in columns)
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    lines = "\n".join(f"<tr>{line}</tr>" for line in cells)
    body = (
        f"<h1>{html.escape(title)}</h1>\n<p>{html.escape(note)}</p>\n"
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{lines}\n</tbody></table>"
    )
    return page(title, body, _STYLE)


def _order(entry: OverviewEntry) -> tuple[str, int]:
    division, _, number = entry.answer.name.rpartition("-")
    return division, int(number)


def _row(entry: OverviewEntry, assessment: Assessment) -> list[str]:
    division = assessment.plan.division(entry.answer.division)
    submission = entry.answer.submission
    whose = division.name_of(submission.part)
    plain = (entry.answer.name, whose, submission.name, entry.verdict)
    cells = [html.escape(text) for text in plain]
    mail = mail_link(division.addresses_of(submission.part), entry.subject)
    return [*cells, file_links(entry.files), mail]


def file_links(files: Iterable[Path]) -> str:
    """The files beside the page, each under the word for its kind."""
    return " · ".join(link(path.name, _kind(path)) for path in files)


def mail_link(addresses: Sequence[str], subject: str) -> str:
    """A link that begins a mail to these addresses, or the words that there are none."""
    if not addresses:
        return html.escape(say("overview.no-address"))
    to = ",".join(quote(address, safe="@") for address in addresses)
    return link(f"mailto:{to}?subject={quote(subject)}", ", ".join(addresses))


def _kind(path: Path) -> str:
    blank = "template-" if ".template" in path.suffixes else ""
    return say(f"overview.kind-{blank}{path.suffix[1:]}")


def link(target: str, text: str) -> str:
    """A link of a page."""
    return f'<a href="{html.escape(target)}">{html.escape(text)}</a>'
