"""Reading one mail: who sent it when, and what is attached; never raises for what mails hold."""

import email
import email.policy
import email.utils
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message as Mail
from typing import NamedTuple

MOST_BYTES = 40 * 2**20
MOST_HEADER_BYTES = 256 * 2**10
MOST_HEADER_LINE = 64 * 2**10
MOST_PARTS = 200
DEEPEST = 20
_LONGEST_NAME = 150
_KEPT_HEADER = 8 * 2**10
_BANGKOK = timezone(timedelta(hours=7))
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_WORKBOOK = re.compile(r"\.(xls[xmb]?|xlt[xm]?|ods)$", re.IGNORECASE)


class Attachment(NamedTuple):
    """One file of a mail: its name as sent, and its bytes."""

    name: str
    data: bytes


class Opened(NamedTuple):
    """What a mail says of itself; `damaged` where it could not be taken apart."""

    message_id: str
    sender: str
    subject: str
    received_at: datetime | None
    time_from_date: bool
    references: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    damaged: bool = False


_DAMAGED = Opened("", "", "", None, False, (), (), damaged=True)


def open_mail(data: bytes) -> Opened:
    """Take a mail apart within fixed limits; what exceeds them is damaged, not an exception."""
    if not _is_bounded(data):
        return _DAMAGED
    try:
        mail = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = tuple(_parts(mail, 0))
    except (RecursionError, _TooMuchError):
        return _DAMAGED
    moment, from_date = _received_at(mail)
    return Opened(
        message_id=_header(mail, "Message-ID"),
        sender=email.utils.parseaddr(_header(mail, "From"))[1].casefold(),
        subject=_header(mail, "Subject"),
        received_at=moment,
        time_from_date=from_date,
        references=tuple(_header(mail, "References").split()),
        attachments=tuple(a for part in parts if (a := _attachment(part)) is not None),
    )


class _TooMuchError(Exception):
    """A mail with more parts or deeper nesting than any clerk's."""


def _is_bounded(data: bytes) -> bool:
    """Sizes judged on the raw bytes, before the parser sees them."""
    if len(data) > MOST_BYTES:
        return False
    head = re.split(rb"\r?\n\r?\n", data[: MOST_HEADER_BYTES + 4], maxsplit=1)[0]
    lines = head.splitlines()
    return len(head) <= MOST_HEADER_BYTES and all(len(x) <= MOST_HEADER_LINE for x in lines)


def _parts(mail: Mail, depth: int) -> Iterator[Mail]:
    """Every leaf of the mail, forwarded mails opened too."""
    stack, seen = [(mail, depth)], 0
    while stack:
        part, level = stack.pop()
        seen += 1
        if seen > MOST_PARTS or level > DEEPEST:
            raise _TooMuchError
        inner = part.get_payload()
        if isinstance(inner, list):
            stack += [(each, level + 1) for each in reversed(inner)]
        else:
            yield part


def _header(mail: Mail, name: str) -> str:
    """A header in plain text on one line, whatever its bytes are."""
    raw = str(mail.get(name, ""))[:_KEPT_HEADER]
    return _plain(_decoded(raw))


def _decoded(raw: str) -> str:
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return raw


def _plain(text: str) -> str:
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _received_at(mail: Mail) -> tuple[datetime | None, bool]:
    """The topmost Received time, else the Date (and that it was used); no zone means +07:00."""
    topmost = str(mail.get("Received", "")).rpartition(";")[2]
    received = _moment(topmost)
    if received is not None:
        return received, False
    written = _moment(str(mail.get("Date", "")))
    return written, written is not None


def _moment(text: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(" ".join(text.split())[:200])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zoned = found if found.tzinfo else found.replace(tzinfo=_BANGKOK)
    return zoned.astimezone(_BANGKOK)


def _attachment(part: Mail) -> Attachment | None:
    """The file in a part; None for text, inline pictures and signatures."""
    name = _file_name(part)
    kind = part.get_content_type()
    inline = str(part.get("Content-Disposition", "")).lower().startswith("inline")
    pictured = kind.startswith("image/") and (inline or part.get("Content-ID"))
    if kind in _SIGNATURES or pictured or (not name and kind.startswith(("text/", "image/"))):
        return None
    if not name and kind in ("message/delivery-status", "application/octet-stream"):
        name = "attachment"
    data = part.get_payload(decode=True)
    return Attachment(name or "attachment", data if isinstance(data, bytes) else b"")


def _file_name(part: Mail) -> str:
    """The name as sent, by RFC 2231, RFC 2047 or raw bytes; only ever data, never a path."""
    try:
        raw = part.get_filename() or ""
    except (LookupError, UnicodeError, ValueError, TypeError):
        raw = ""
    name = _decoded(raw) if "=?" in raw else _rescued(raw)
    last = re.split(r"[/\\]", _plain(name))[-1]
    return last[:_LONGEST_NAME]


def _rescued(raw: str) -> str:
    """UTF-8 bytes that came without any encoding."""
    try:
        return raw.encode("ascii", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return raw


def looks_like_workbook(name: str, data: bytes) -> bool:
    """Whether an attachment is meant as a workbook, by its name or by its first bytes."""
    return bool(_WORKBOOK.search(name)) or data[:4] == b"PK\x03\x04" and not name.endswith(".zip")
