"""What arrives: mails, files, and the submissions they turn out to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipeline.model.findings import Finding
from pipeline.model.promises import whose_code
from pipeline.workbook.reader import Workbook


@dataclass(frozen=True)
class Message:
    """A mail as it lies in `received/`.

    Where From does not name exactly one address, `sender` is "", `sender_fault` the code that says
    why, and `sender_written` what stands there. `elsewhere` are the (header, address) of Reply-To,
    Sender and Return-Path that lead away from the sender. `proofs` are (server, results) of what
    servers found of the sender, as they say.
    """

    path: Path
    sha256: str
    message_id: str
    sender: str
    subject: str
    received_at: datetime | None
    references: tuple[str, ...] = ()
    time_from_date: bool = False
    sender_fault: str = ""
    sender_written: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()
    proofs: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Channel(StrEnum):
    """How something came: in a mail, as a loose file, or as a mail without a file."""

    ATTACHMENT = "attachment"
    LOOSE = "loose"
    BARE_MAIL = "bare_mail"


@dataclass(frozen=True)
class Received:
    """One thing that arrived: an attachment, a loose file, or a mail that carries none.

    `name` is unique within the round. `ignored` is the reason for which it is left unopened
    (a code of the catalogue), or "" where it goes on to intake. `unbelieved_at` is a time that is
    too late to be one; the file is then as one without a time. `is_broken` says that the mail is,
    just where it holds the file: the file is not to be blamed.
    """

    name: str
    data: bytes
    sha256: str
    channel: Channel
    received_at: datetime | None
    sender: str
    path: Path
    message: Message | None = None
    note: str = ""
    ignored: str = ""
    unbelieved_at: datetime | None = None
    is_broken: bool = False


class Outcome(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Submission:
    """A received file once we know whose it is, or why it does not count.

    `reason` is a code of the catalogue with `params`; `workbook` is None unless the file could be
    opened. `sheets` maps a form's name to the name of the sheet that holds it; `further` are the
    (form, sheet) pairs of further months of it. `part` is the code of the division's part whose
    file it is, "" where it names none.
    """

    received: Received
    division: str | None
    outcome: Outcome
    reason: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    workbook: Workbook | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    further: tuple[tuple[str, str], ...] = ()
    findings: tuple["Finding", ...] = ()
    part: str = ""

    @property
    def name(self) -> str:
        """The unique name of the file."""
        return self.received.name

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of its sheets in their order; none where it could not be opened."""
        return tuple(sheet.name for sheet in self.workbook.sheets) if self.workbook else ()

    @property
    def owner(self) -> str:
        """Whose file it is: the code of the division, and of its part behind a dot."""
        return whose_code(self.division or "", self.part)
