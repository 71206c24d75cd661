"""Reading one mail within fixed limits: who sent it when, and every file that it brings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message as Mail

from pipeline.collect.containers import files_within
from pipeline.collect.encodings import content_of, signed_content, uuencoded
from pipeline.collect.headers import (
    cleaned_name,
    field,
    file_name,
    identifiers,
    plain_text,
    received_at,
    subject,
)
from pipeline.collect.proofs import Proofs, proofs
from pipeline.collect.senders import elsewhere, sender
from pipeline.model import Finding
from pipeline.workers import call_guarded

LARGEST_MAIL = 40 << 20  # bytes
LARGEST_HEAD = 256 << 10  # bytes of the header block
MOST_LINES = 1000  # of the header block
LONGEST_HEADER = 64 << 10  # bytes
MOST_PARTS = 200
DEEPEST_PART = 20
DEEPEST_MAIL = 3  # forwarded mails within forwarded mails
MOST_WORKBOOKS = 20
MOST_FILES = 500  # of all parts, those of archives too
LARGEST_CONTENT = 60 << 20  # bytes of all attachments, decoded
MOST_MAIL_LINES = 1_000_000  # twice those of the largest mail in base64
MOST_BEGINNINGS = 1000  # of parts, counted in the raw bytes before the parser sees them

DAMAGED = "mail-damaged"
ENCRYPTED = "mail-encrypted"
AUTOMATIC = "automatic-mail"
NO_ATTACHMENT = "no-attachment"
NOT_A_REPORT = "not-a-report"
LOCK_FILE = "lock-file"

_BOM = b"\xef\xbb\xbf"
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_NEXT_HEADER = re.compile(rb"[\r\n]+(?![ \t\r\n])")
_BEGINS_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SIGNS = ("From", "To", "Date", "Subject", "Received", "Message-ID", "Content-Type")
_CMS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SEALED = ("multipart/encrypted", *_CMS)
_RESOURCE_FORK = b"\x00\x05\x16\x07"  # of a file of a Mac, beside the file itself
_SIGNATURES = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)
_FORWARDED = "message/rfc822"
_UNNAMED = "attachment"
# What stays closed, other programs' tables and sealed mails are no workbooks either, but whoever
# sent one meant to report: they go on, and are sent back with words on what to do.
_MEANT = re.compile(
    r"\.(xl[a-z]{1,2}|ods|ots|fods|csv|tsv|et|numbers|zip|rar|7z|msg)$|^winmail\.dat$",
    re.IGNORECASE,
)
_MEANT_TYPES = ("spreadsheet", "excel", "ms-tnef")
_TEMPORARY = re.compile(
    r"^(~\$|\.)|\.(tmp|part|crdownload)$|^(thumbs\.db|desktop\.ini)$", re.IGNORECASE
)
_ZIP = b"PK\x03\x04"
_WORKBOOK_PART = b"xl/workbook"


class DamagedMailError(Exception):
    """A mail that cannot be taken apart within the limits; its words say which one."""


@dataclass(frozen=True)
class Attachment:
    """One file of a mail: its name as sent, its bytes, and why it is not to be opened.

    `is_broken` says that the mail is, just where it holds this file.
    """

    name: str
    data: bytes
    ignored: str = ""
    is_broken: bool = False


@dataclass(frozen=True)
class OpenedMail:
    """What a mail says of itself and brings.

    `ignored` is why somebody should read the mail itself: it brings no workbook, or could not be
    taken apart (`note` says at which limit).
    """

    message_id: str = ""
    sender: str = ""
    sender_fault: str = ""
    sender_written: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()
    proofs: Proofs = ()
    subject: str = ""
    received_at: datetime | None = None
    time_from_date: bool = False
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ignored: str = ""
    note: str = ""


def open_mail(data: bytes) -> OpenedMail:
    """Take a mail apart; one that breaks or is beyond the limits is damaged, never an exception."""
    plain = data.removeprefix(_BOM)
    head = _damaged_where_broken(call_guarded(_envelope, plain))
    if head.ignored:
        return head
    body = _damaged_where_broken(call_guarded(_contents, plain))
    return replace(head, attachments=body.attachments, ignored=body.ignored, note=body.note)


def _damaged_where_broken(outcome: OpenedMail | Finding) -> OpenedMail:
    if isinstance(outcome, Finding):
        return OpenedMail(ignored=DAMAGED, note=outcome.params["error"])
    return outcome


def _envelope(data: bytes) -> OpenedMail:
    """What the header block says, which is all that is read before the limits are known to hold."""
    try:
        mail = message_from_bytes(_head(data) + b"\r\n\r\n")
    except DamagedMailError as damage:
        return OpenedMail(ignored=DAMAGED, note=str(damage))
    if not any(field(mail, name) for name in _SIGNS):
        return OpenedMail(ignored=DAMAGED, note="no header")
    moment, from_date = received_at(mail)
    address, fault, written = sender(mail)
    return OpenedMail(
        message_id=next(iter(identifiers(mail, "Message-ID")), ""),
        sender=address,
        sender_fault=fault,
        sender_written=written,
        elsewhere=tuple(elsewhere(mail, address)) if address else (),
        proofs=proofs(mail),
        subject=subject(mail),
        received_at=moment,
        time_from_date=from_date,
        references=identifiers(mail, "References"),
    )


def _head(data: bytes) -> bytes:
    """The header block; DamagedMailError where it, or the mail, is larger than any real one."""
    if len(data) > LARGEST_MAIL:
        raise DamagedMailError("size of the mail")
    end = _END_OF_HEAD.search(data, 0, LARGEST_HEAD + 4)
    head = data[: end.start()] if end else data
    if len(head) > LARGEST_HEAD:
        raise DamagedMailError("size of the header block")
    if len(head.splitlines()) > MOST_LINES:
        raise DamagedMailError("lines of the header block")
    if any(len(header) > LONGEST_HEADER for header in _NEXT_HEADER.split(head)):
        raise DamagedMailError("length of a header")
    return head


def _contents(data: bytes) -> OpenedMail:
    """The files of a mail whose header block is in order, and why the mail itself must be read."""
    try:
        mail = _parsed(data)
        if _is_automatic(mail):
            return OpenedMail(ignored=AUTOMATIC)
        parts = list(_leaves(mail))
        files = _within_limits(file for part, cut in parts for file in _attachments(part, cut=cut))
    except DamagedMailError as damage:
        return OpenedMail(ignored=DAMAGED, note=str(damage))
    except RecursionError:
        return OpenedMail(ignored=DAMAGED, note="depth of the parts")
    if any(not file.ignored for file in files):
        return OpenedMail(attachments=files)
    outer = (mail,) if mail.is_multipart() else ()
    sealed = any(
        part.get_content_type() in _SEALED for part in (*outer, *(part for part, _ in parts))
    )
    return OpenedMail(attachments=files, ignored=ENCRYPTED if sealed else NO_ATTACHMENT)


def _parsed(data: bytes) -> Mail:
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_MAIL_LINES:
        raise DamagedMailError("lines of the mail")
    if sum(1 for _ in _BEGINS_PART.finditer(data)) > MOST_BEGINNINGS:
        raise DamagedMailError("number of parts")
    return message_from_bytes(data)


def _is_automatic(mail: Mail) -> bool:
    """Whether a program sent it back: what it encloses is ours or was received before."""
    submitted = field(mail, "Auto-Submitted").strip().lower()
    return submitted.startswith("auto-replied") or mail.get_content_type() == "multipart/report"


def _leaves(mail: Mail) -> Iterator[tuple[Mail, bool]]:
    """Every part that holds content, in order, forwarded mails opened too.

    The last part of a mail that ends too early may have been cut with it.
    """
    waiting, count = [(mail, 0, 0, False)], 0
    while waiting:
        part, depth, mails, cut = waiting.pop()
        count += 1
        _check_part(part, count, depth, mails)
        inner = _forwarded(part)
        if inner is not None:
            waiting.append((inner, depth + 1, mails + 1, cut))
        elif part.get_content_maintype() == "multipart":
            *before, last = _children(part) or [Mail()]
            waiting.append((last, depth + 1, mails, cut or _has_no_end(part)))
            waiting += [(each, depth + 1, mails, False) for each in reversed(before)]
        else:
            yield part, cut


def _has_no_end(part: Mail) -> bool:
    return any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects)


def _check_part(part: Mail, count: int, depth: int, mails: int) -> None:
    if count > MOST_PARTS:
        raise DamagedMailError("number of parts")
    if depth > DEEPEST_PART or mails > DEEPEST_MAIL:
        raise DamagedMailError("depth of the parts")
    if any(len(str(value)) > LONGEST_HEADER for _, value in part.raw_items()):
        raise DamagedMailError("length of a header")


def _children(part: Mail) -> list[Mail]:
    inner = part.get_payload()
    if not isinstance(inner, list):
        raise DamagedMailError("boundary of the parts")
    return [each for each in inner if isinstance(each, Mail)]


def _forwarded(part: Mail) -> Mail | None:
    """The mail that a part encloses, as such, as a file or signed; None for any other part."""
    if part.get_content_type() in _CMS:
        signed = signed_content(content_of(part).data)
        return None if signed is None else _parsed(signed)
    if part.get_content_type() == _FORWARDED:
        inner = part.get_payload()
        enclosed = inner[0] if isinstance(inner, list) and inner else None
        if isinstance(enclosed, Mail) and not enclosed.keys():
            part = _as_file(part, enclosed)
        else:
            return enclosed if isinstance(enclosed, Mail) else None
    elif not file_name(part).lower().endswith(".eml") or is_temporary(file_name(part)):
        return None
    return _parsed(content_of(part).data)


def _as_file(part: Mail, enclosed: Mail) -> Mail:
    """A forwarded mail that was encoded like a file, which the parser took for its text."""
    plain = Mail()
    plain["Content-Transfer-Encoding"] = field(part, "Content-Transfer-Encoding")
    plain.set_payload(enclosed.get_payload())
    return plain


def _attachments(part: Mail, *, cut: bool) -> Iterator[Attachment]:
    """The files in a part; none for the mail's own text, inline pictures and signatures."""
    name, kind, (data, is_broken) = file_name(part), part.get_content_type(), content_of(part)
    if data.startswith(_RESOURCE_FORK):
        return
    if why_ignored(name, data, kind) != NOT_A_REPORT or not _belongs_to_text(part, name, kind):
        files = opened(name or _UNNAMED, data, kind)
        yield from (replace(file, is_broken=cut or is_broken) for file in files)
    elif kind.startswith("text/"):
        for written, content in uuencoded(data):
            yield from opened(cleaned_name(plain_text(written)) or _UNNAMED, content)


def _belongs_to_text(part: Mail, name: str, kind: str) -> bool:
    disposition = field(part, "Content-Disposition").partition(";")[0].strip().lower()
    if kind.startswith("image/"):
        return disposition == "inline" or bool(field(part, "Content-ID"))
    is_text = kind.startswith(("text/", "message/")) and not name and disposition != "attachment"
    return is_text or kind in _SIGNATURES or kind in _SEALED


def _within_limits(found: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """The files, counted as they come: none is opened once they are too many or too large."""
    files: list[Attachment] = []
    workbooks = size = 0
    for file in found:
        files.append(file)
        workbooks += not file.ignored
        size += len(file.data)
        if workbooks > MOST_WORKBOOKS:
            raise DamagedMailError("number of workbooks")
        if size > LARGEST_CONTENT:
            raise DamagedMailError("size of the attachments")
        if len(files) > MOST_FILES:
            raise DamagedMailError("number of files")
    return tuple(files)


def opened(name: str, data: bytes, content_type: str = "") -> Iterator[Attachment]:
    """A file, or those in it where it is an archive or an envelope, each with why it stays so."""
    inside = None if is_temporary(name) else files_within(data)
    if inside is None:
        yield Attachment(name, data, why_ignored(name, data, content_type))
        return
    for written, content in inside:
        plain = cleaned_name(written) or _UNNAMED
        yield Attachment(plain, content, why_ignored(plain, content))


def why_ignored(name: str, data: bytes, content_type: str = "") -> str:
    """Why a file is left unopened, a code of the catalogue; nothing where it may be a workbook."""
    if is_temporary(name):
        return LOCK_FILE
    declared = any(word in content_type.lower() for word in _MEANT_TYPES)
    is_workbook = data.startswith(_ZIP) and _WORKBOOK_PART in data
    return "" if declared or is_workbook or _MEANT.search(name) else NOT_A_REPORT


def is_temporary(name: str) -> bool:
    """Whether a program or the system keeps such a file beside the real ones."""
    return bool(_TEMPORARY.search(name))
