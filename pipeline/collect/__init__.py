"""Mail and folder → Received: everything in `received/`, in the order in which it came."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from pipeline.collect.mails import Opened, looks_like_workbook, open_mail
from pipeline.model import Channel, Message, PipelineError, Plan, Received

__all__ = ["collect", "received_from"]

RECEIVED_CSV = "received.csv"
_OURS = frozenset({RECEIVED_CSV, ".gitkeep"})
_TEMPORARY = re.compile(r"^(~\$|\._)|\.(tmp|part|crdownload)$")
_BANGKOK = timezone(timedelta(hours=7))
_OLDEST = datetime.min.replace(tzinfo=UTC)


def collect(plan: Plan) -> tuple[Received, ...]:
    """Everything received by `plan.as_of`, oldest first; what has no time is oldest of all."""
    folder = plan.folder / "received"
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    notes = _received_csv(folder / RECEIVED_CSV, {path.name for path in files})
    found = [each for path in files if path.name not in _OURS for each in received_from(path, notes)]
    seen = [each for each in found if plan.as_of is None or (each.received_at or _OLDEST) <= plan.as_of]
    return tuple(_uniquely_named(sorted(seen, key=_order)))


def _order(each: Received) -> tuple[datetime, str, str]:
    return (each.received_at or _OLDEST, each.sha256, each.name)


def received_from(path: Path, notes: Mapping[str, Mapping[str, str]]) -> Iterator[Received]:
    """What one file of the folder brings: a mail's attachments, or itself."""
    data = path.read_bytes()
    if path.suffix.lower() == ".eml":
        yield from _from_mail(path, data)
        return
    note = notes.get(path.name, {})
    yield Received(
        name=path.name,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        channel=Channel.LOOSE,
        received_at=_stated_time(note.get("received_at", "")),
        sender=note.get("from", "").strip().casefold(),
        path=path,
        note=" ".join(x for x in (note.get("channel", ""), note.get("note", "")) if x),
        ignored=_why_ignored(path.name, data),
    )


def _from_mail(path: Path, data: bytes) -> Iterator[Received]:
    opened = open_mail(data)
    message = _message(path, data, opened)
    for each in opened.attachments:
        yield Received(
            name=each.name,
            data=each.data,
            sha256=hashlib.sha256(each.data).hexdigest(),
            channel=Channel.ATTACHMENT,
            received_at=opened.received_at,
            sender=opened.sender,
            path=path,
            message=message,
            ignored=_why_ignored(each.name, each.data),
        )
    if not opened.attachments:
        yield Received(
            name=path.name,
            data=b"",
            sha256=message.sha256,
            channel=Channel.BARE_MAIL,
            received_at=opened.received_at,
            sender=opened.sender,
            path=path,
            message=message,
            ignored="mail-damaged" if opened.damaged else "no-attachment",
        )


def _message(path: Path, data: bytes, opened: Opened) -> Message:
    return Message(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        message_id=opened.message_id,
        sender=opened.sender,
        subject=opened.subject,
        received_at=opened.received_at,
        references=opened.references,
        time_from_date=opened.time_from_date,
    )


def _why_ignored(name: str, data: bytes) -> str:
    if _TEMPORARY.search(name):
        return "lock-file"
    return "" if looks_like_workbook(name, data) else "not-a-report"


def _uniquely_named(found: Sequence[Received]) -> Iterator[Received]:
    """The same, each name used once: a number is added to the later ones."""
    taken: dict[str, int] = {}
    for each in found:
        count = taken[each.name] = taken.get(each.name, 0) + 1
        stem, dot, suffix = each.name.rpartition(".")
        numbered = f"{stem} ({count}){dot}{suffix}" if dot else f"{each.name} ({count})"
        yield each if count == 1 else replace(each, name=numbered)


def _received_csv(path: Path, names: set[str]) -> Mapping[str, Mapping[str, str]]:
    """What is stated of loose files, by name; PipelineError where a line names no file."""
    if not path.exists():
        return {}
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PipelineError("received-csv-not-utf8", file=path.as_posix()) from None
    lines = list(csv.DictReader(io.StringIO(text)))
    for line in lines:
        if line.get("file") not in names:
            raise PipelineError("received-csv-no-file", file=path.as_posix(), name=line.get("file"))
        _stated_time(line.get("received_at") or "")
    return {line["file"]: {key: value or "" for key, value in line.items()} for line in lines}


def _stated_time(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise PipelineError("received-csv-no-time", value=text) from None
    return found if found.tzinfo else found.replace(tzinfo=_BANGKOK)
