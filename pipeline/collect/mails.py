"""Reading one mail within fixed limits: who sent it when, and every file that it brings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message as Mail

from pipeline.collect.headers import (
    field,
    file_name,
    identifiers,
    one_line,
    received_at,
    sender,
    subject,
)
from pipeline.collect.kinds import Sort, sort_of
from pipeline.model import Finding
from pipeline.workers import guarded

LARGEST_MAIL = 40 << 20  # bytes
LARGEST_HEAD = 256 << 10  # bytes of the header block
MOST_LINES = 1000  # of the header block
LONGEST_HEADER = 64 << 10  # bytes
MOST_PARTS = 200
DEEPEST_PART = 20
DEEPEST_MAIL = 3  # forwarded mails within forwarded mails
MOST_WORKBOOKS = 20
LARGEST_CONTENT = 60 << 20  # bytes of all attachments, decoded
MOST_TYPES = 1000  # lines that may begin a part, counted before the parser sees them

_BOM = b"\xef\xbb\xbf"
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|\r\r")
_NEW_HEADER = re.compile(rb"\r\n?(?![ \t\n])|\n(?![ \t])")
_BEGINS_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SIGNS = ("From", "Date", "Subject", "Received", "Message-ID", "Content-Type", "To")
_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_BOUNCE = "multipart/report"
_FORWARDED = "message/rfc822"


class DamagedMailError(Exception):
    """A mail that cannot be taken apart within the limits; its words say which one."""


@dataclass(frozen=True)
class Attachment:
    """One file of a mail: its name as sent and cleaned, its bytes, why it is not to be opened."""

    name: str
    data: bytes
    ignored: str = ""


@dataclass(frozen=True)
class Opened:
    """What a mail says of itself and brings.

    `ignored` is why the mail as a whole is left to be read by somebody: it brings no workbook, or
    cannot be taken apart (`note` says where it failed).
    """

    message_id: str = ""
    sender: str = ""
    subject: str = ""
    received_at: datetime | None = None
    time_from_date: bool = False
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ignored: str = ""
    note: str = ""


def open_mail(data: bytes) -> Opened:
    """Take a mail apart; what is beyond the limits or breaks is `mail-damaged`, never an exception."""
    plain = data.removeprefix(_BOM)
    head = guarded(_head, plain)
    if isinstance(head, Opened):
        return head
    if isinstance(head, Finding):
        return _damaged(Opened(), head.params["error"])
    envelope = guarded(_envelope, head)
    told = Opened() if isinstance(envelope, Finding) else envelope
    found = guarded(_brought, plain)
    if isinstance(found, Finding):
        return _damaged(told, found.params["error"])
    if isinstance(found, str):
        return _damaged(told, found)
    return _with_files(told, *found)
