"""Mail and folder → Received: everything in `received/`, in the order in which it came."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pipeline.collect.headers import cleaned_name
from pipeline.collect.loose import (
    COLUMNS,
    RECEIVED_CSV,
    StatedReceipt,
    fetched_at,
    files_in,
    is_plain,
    read_file,
    stated_receipts,
)
from pipeline.collect.mailboxes import keeps_mails, mails_in
from pipeline.collect.mails import LARGEST_MAIL, Attachment, OpenedMail, open_mail, opened
from pipeline.model import Channel, Message, Plan, Received
from pipeline.plan.clock import last_believable

__all__ = ["COLUMNS", "FOLDER", "RECEIVED_CSV", "collect", "received_from"]

FOLDER = "received"
_LINK = "not-a-plain-file"
_OLDEST = datetime.min.replace(tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=10)
_NOTHING = StatedReceipt()


def collect(plan: Plan) -> tuple[Received, ...]:
    """Everything received by `plan.as_of`, oldest first; what has no time is oldest of all.

    A time too late to be believed is no time: on no day does the clock change what is collected.
    Of a mail that was fetched that is one after it was, of all else one behind all others.
    Raises PipelineError where a file cannot be read or `received.csv` is not right.
    """
    folder = plan.folder / FOLDER
    if not folder.is_dir():
        return ()
    files = files_in(folder)
    receipts = stated_receipts(folder, files)
    items = [item for path in files for item in received_from(path, receipts)]
    items = [_believed(item, _fetched(item)) for item in items]
    last = last_believable(plan, [item.received_at for item in items if item.received_at])
    items = [_believed(item, _fetched(item) or last) for item in items]
    in_time = [item for item in items if plan.as_of is None or _time(item) <= plan.as_of]
    return tuple(_uniquely_named(sorted(in_time, key=lambda item: _order(item, folder))))


def received_from(
    path: Path, receipts: Mapping[Path, StatedReceipt] | None = None
) -> Iterator[Received]:
    """What one file brings: the attachments of its mails, or a mail or the file itself."""
    receipt = (receipts or {}).get(path, _NOTHING)
    if not is_plain(path):
        yield _loose(path, Attachment(path.name, b"", _LINK), receipt)
        return
    data, sha256 = read_file(path, LARGEST_MAIL)
    if keeps_mails(path, data):
        for mail in mails_in(path, data):
            digest = sha256 if mail is data else hashlib.sha256(mail).hexdigest()
            yield from _from_mail(path, digest, open_mail(mail))
    else:
        for file in opened(path.name, data):
            yield _loose(path, file, receipt, sha256 if file.data is data else "")


def _loose(path: Path, file: Attachment, receipt: StatedReceipt, sha256: str = "") -> Received:
    """A file, or one in it; the hash is given where it is known."""
    return Received(
        name=cleaned_name(file.name),
        data=file.data,
        sha256=sha256 or hashlib.sha256(file.data).hexdigest(),
        channel=Channel.LOOSE,
        received_at=receipt.received_at,
        sender=receipt.sender,
        path=path,
        note=receipt.note,
        ignored=file.ignored,
    )


def _from_mail(path: Path, sha256: str, mail: OpenedMail) -> Iterator[Received]:
    """Each file of a mail, and the mail itself where it must be read because it has no workbook."""
    message = Message(
        path=path,
        sha256=sha256,
        message_id=mail.message_id,
        sender=mail.sender,
        subject=mail.subject,
        received_at=mail.received_at,
        references=mail.references,
        time_from_date=mail.time_from_date,
        sender_fault=mail.sender_fault,
        sender_written=mail.sender_written,
        elsewhere=mail.elsewhere,
        proofs=mail.proofs,
    )
    received = partial(
        Received, received_at=mail.received_at, sender=mail.sender, path=path, message=message
    )
    for file in mail.attachments:
        digest = hashlib.sha256(file.data).hexdigest()
        item = received(file.name, file.data, digest, Channel.ATTACHMENT)
        yield replace(item, ignored=file.ignored, is_broken=file.is_broken)
    if mail.ignored:
        name = cleaned_name(path.name)
        yield received(name, b"", sha256, Channel.BARE_MAIL, note=mail.note, ignored=mail.ignored)


def _fetched(item: Received) -> datetime | None:
    """Until when a fetched mail can have come, by a clock that may be behind the server's."""
    at = fetched_at(item.path)
    return at and at + _CLOCKS_DIFFER


def _believed(item: Received, last: datetime | None) -> Received:
    if item.received_at is None or last is None or item.received_at <= last:
        return item
    return replace(item, received_at=None, unbelieved_at=item.received_at)


def _time(item: Received) -> datetime:
    return item.received_at or _OLDEST


def _order(item: Received, folder: Path) -> tuple[datetime, str, str, str]:
    return (_time(item), item.sha256, item.name, item.path.relative_to(folder).as_posix())


def _uniquely_named(items: Sequence[Received]) -> Iterator[Received]:
    """The same, each name used once: the later ones get a number before their ending."""
    taken: set[str] = set()
    for item in items:
        name, number = item.name, 1
        while name.casefold() in taken:
            number += 1
            stem, dot, ending = item.name.rpartition(".")
            name = f"{stem} ({number}).{ending}" if dot else f"{item.name} ({number})"
        taken.add(name.casefold())
        yield replace(item, name=name)
