"""Unsent mails: to addresses of the roster only, with the same bytes for the same words."""

import hashlib
import html
import re
from collections.abc import Sequence
from email import policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from pipeline.model import Message, Plan
from pipeline.reply.letter import Letter

_EXCEL = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_STYLE = (
    "body{font-family:'TH Sarabun New',Tahoma,sans-serif;font-size:18px;line-height:1.5;"
    "max-width:42em;margin:0 auto;padding:12px}li{margin:0 0 .6em}"
    ".first{font-weight:bold}.small{font-size:12px;color:#595959;word-break:break-all}"
)


class _Identifiers(UnstructuredHeader, BaseHeader):
    """Identifiers of mails, one a line: folded as text a long one would tie nothing together."""

    def fold(self, *, policy: Any) -> str:
        """The lines of the header."""
        line_break = str(policy.linesep)
        return f"{self.name}: " + f"{line_break} ".join(self.split()) + line_break


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("in-reply-to", _Identifiers)
_HEADERS.map_to_type("references", _Identifiers)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)


def draft(
    to: tuple[str, ...],
    subject: str,
    letter: Letter,
    plan: Plan,
    answers: Message | None = None,
    attached: Sequence[tuple[str, bytes]] = (),
) -> bytes:
    """A mail ready to be looked at and sent by hand, to whoever is put in where `to` is empty."""
    mail = EmailMessage(policy=_POLICY)
    if plan.reply_from:
        mail["From"] = plan.reply_from
    if to:
        mail["To"] = ", ".join(to)
    mail["Subject"] = one_line(subject)
    thread = map(one_line, (*answers.references, answers.message_id) if answers else ())
    identifiers = [identifier for identifier in thread if identifier.isascii()]
    if answers and answers.message_id in identifiers:
        mail["In-Reply-To"] = answers.message_id
        mail["References"] = " ".join(identifiers)
    mail["X-Unsent"] = "1"
    mail.set_content(letter.text(), cte="base64")
    mail.add_alternative(_as_html(letter), subtype="html", cte="base64")
    for name, data in attached:
        mail.add_attachment(data, *_EXCEL, filename=name)
    _fix_boundaries(mail, hashlib.sha256(f"{subject}{letter.text()}".encode()).hexdigest())
    return mail.as_bytes()


def write_letter(text: Path, letter: Letter, mail: bytes | None) -> list[Path]:
    """Write a letter as `.txt`, and its mail, where there is one, beside it; the files written."""
    text.write_text(letter.text(), "utf-8", newline="\r\n")
    if mail is None:
        return [text]
    text.with_suffix(".eml").write_bytes(mail)
    return [text, text.with_suffix(".eml")]


def reply_subject(message: Message | None, file: str) -> str:
    """The subject that was sent, answered once: a changed one would break the conversation."""
    subject = one_line(message.subject) if message else file
    return subject if subject.casefold().startswith("re:") else f"Re: {subject}"


def one_line(text: str) -> str:
    """Text for a header: no line break can add a header of its own."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()


def _fix_boundaries(mail: EmailMessage, digest: str) -> None:
    """Separators between parts that depend on the words and not on chance."""
    several = (part for part in mail.walk() if part.is_multipart())
    for number, part in enumerate(several):
        part.set_boundary(f"=_{number}_{digest[:32]}")


def _as_html(letter: Letter) -> str:
    body = [_paragraph(letter.first, "first"), *map(_paragraph, letter.paragraphs)]
    for section in letter.sections:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in section.lines)
        body.append(f"<p><b>{html.escape(section.heading)}</b></p><ol>{items}</ol>")
    body += map(_paragraph, letter.closing)
    body += [_paragraph(line, "small") for line in letter.small]
    return page("", "\n".join(body))


def _paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{html.escape(text)}</p>' if kind else f"<p>{html.escape(text)}</p>"


def page(title: str, body: str, style: str = "") -> str:
    """A whole page of HTML for a screen of any width."""
    return (
        '<!DOCTYPE html>\n<html lang="th"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}{style}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )
