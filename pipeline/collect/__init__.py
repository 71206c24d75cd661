"""Mail and folder → Received: everything in `received/`, in the order in which it came."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.collect.headers import cleaned_name
from pipeline.collect.ignore_rules import is_temporary, why_ignored
from pipeline.collect.loose import (
    COLUMNS,
    RECEIVED_CSV,
    StatedReceipt,
    files_in,
    is_plain,
    read_file,
    stated,
)
from pipeline.collect.mails import LARGEST_MAIL, Attachment, OpenedMail, open_mail
from pipeline.model import Channel, Message, Plan, Received

__all__ = ["COLUMNS", "FOLDER", "RECEIVED_CSV", "collect", "received_from"]

FOLDER = "received"
_MAIL = ".eml"
_LINK = "not-a-plain-file"
_OLDEST = datetime.min.replace(tzinfo=UTC)
_NOTHING = StatedReceipt()


def collect(plan: Plan) -> tuple[Received, ...]:
    """Everything received by `plan.as_of`, oldest first; what has no time is oldest of all.

    Raises PipelineError where a file cannot be read or `received.csv` is not right.
    """
    folder = plan.folder / FOLDER
    if not folder.is_dir():
        return ()
    files = files_in(folder)
    notes = stated(folder, files)
    found = [each for path in files for each in received_from(path, notes)]
    seen = [each for each in found if plan.as_of is None or _time(each) <= plan.as_of]
    return tuple(_uniquely_named(sorted(seen, key=lambda each: _order(each, folder))))


def received_from(
    path: Path, notes: Mapping[Path, StatedReceipt] | None = None
) -> Iterator[Received]:
    """What one file brings: a mail's attachments, or the mail or file itself."""
    told = (notes or {}).get(path, _NOTHING)
    if not is_plain(path):
        yield _loose(path, b"", hashlib.sha256().hexdigest(), told, _LINK)
        return
    data, sha256 = read_file(path, LARGEST_MAIL)
    if path.suffix.lower() == _MAIL and not is_temporary(path.name):
        yield from _from_mail(path, sha256, open_mail(data))
    else:
        yield _loose(path, data, sha256, told, why_ignored(path.name, data))


def _loose(path: Path, data: bytes, sha256: str, told: StatedReceipt, ignored: str) -> Received:
    return Received(
        name=cleaned_name(path.name),
        data=data,
        sha256=sha256,
        channel=Channel.LOOSE,
        received_at=told.received_at,
        sender=told.sender,
        path=path,
        note=told.note,
        ignored=ignored,
    )


def _from_mail(path: Path, sha256: str, opened: OpenedMail) -> Iterator[Received]:
    """Each file of a mail, and the mail itself where it must be read because it has no workbook."""
    message = _message(path, sha256, opened)
    for each in opened.attachments:
        yield _attached(each, message)
    if opened.ignored:
        yield Received(
            name=cleaned_name(path.name),
            data=b"",
            sha256=sha256,
            channel=Channel.BARE_MAIL,
            received_at=message.received_at,
            sender=message.sender,
            path=path,
            message=message,
            note=opened.note,
            ignored=opened.ignored,
        )


def _attached(file: Attachment, message: Message) -> Received:
    return Received(
        name=file.name,
        data=file.data,
        sha256=hashlib.sha256(file.data).hexdigest(),
        channel=Channel.ATTACHMENT,
        received_at=message.received_at,
        sender=message.sender,
        path=message.path,
        message=message,
        ignored=file.ignored,
    )


def _message(path: Path, sha256: str, opened: OpenedMail) -> Message:
    return Message(
        path=path,
        sha256=sha256,
        message_id=opened.message_id,
        sender=opened.sender,
        subject=opened.subject,
        received_at=opened.received_at,
        references=opened.references,
        time_from_date=opened.time_from_date,
    )


def _time(each: Received) -> datetime:
    return each.received_at or _OLDEST


def _order(each: Received, folder: Path) -> tuple[datetime, str, str, str]:
    return (_time(each), each.sha256, each.name, each.path.relative_to(folder).as_posix())


def _uniquely_named(found: Sequence[Received]) -> Iterator[Received]:
    """The same, each name used once: the later ones get a number before their ending."""
    taken: set[str] = set()
    for each in found:
        name, number = each.name, 1
        while name.casefold() in taken:
            number += 1
            stem, dot, ending = each.name.rpartition(".")
            name = f"{stem} ({number}).{ending}" if dot else f"{each.name} ({number})"
        taken.add(name.casefold())
        yield replace(each, name=name)
