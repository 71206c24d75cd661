"""The files of `received/` as they lie there, and what `received.csv` states of the loose ones."""

import csv
import hashlib
import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.collect.headers import BANGKOK
from pipeline.model import PipelineError
from schemas.kit.thai.dates import read_moment

RECEIVED_CSV = "received.csv"
FETCHED = ".fetched.json"  # up to which mail each mailbox was fetched
_OURS = frozenset({RECEIVED_CSV, FETCHED, ".gitkeep"})
COLUMNS = ("file", "received_at", "from", "channel", "note")
_NEEDED = ("file", "received_at")
_CHUNK = 1 << 20
_HASH = 32  # signs of a hash in a name
_MOMENT = "%Y%m%dT%H%M%S"
_FETCHED = re.compile(rf"([0-9]{{8}}T[0-9]{{6}})-[0-9a-f]{{{_HASH}}}\.eml")


@dataclass(frozen=True)
class StatedReceipt:
    """What the analyst has written of a loose file; texts are empty where nothing is."""

    received_at: datetime | None = None
    sender: str = ""
    note: str = ""


def files_in(folder: Path) -> list[Path]:
    """Every file below the folder, in an order that does not depend on how it is stored.

    Links to folders are not followed. Raises OSError where a folder cannot be listed.
    """
    walk = os.walk(folder, onerror=_raise)
    files = [Path(place) / name for place, _, names in walk for name in names if name not in _OURS]
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def _raise(error: OSError) -> None:
    raise error


def fetched_name(at: datetime, digest: str) -> str:
    """The name under which a mail with this hash is laid there, fetched at that moment."""
    return f"{at.astimezone(BANGKOK):{_MOMENT}}-{digest[:_HASH]}.eml"


def fetched_at(path: Path) -> datetime | None:
    """The moment that a fetched mail's name bears; None for what was laid there by hand."""
    named = _FETCHED.fullmatch(path.name)
    try:
        return datetime.strptime(named[1], _MOMENT).replace(tzinfo=BANGKOK) if named else None
    except ValueError:
        return None


def is_plain(path: Path) -> bool:
    """Whether it is a file of its own: no link to another one, no pipe and no device."""
    return stat.S_ISREG(path.lstat().st_mode)


def read_file(path: Path, limit: int) -> tuple[bytes, str]:
    """The bytes of a file, at most one more than the limit, and the SHA-256 of all of it.

    Raises PipelineError where another program holds it, or it may not be read.
    """
    kept, digest = bytearray(), hashlib.sha256()
    with reading(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            kept += chunk[: limit + 1 - len(kept)]
    return bytes(kept), digest.hexdigest()


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """A file opened to be read; PipelineError where the system refuses that."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PipelineError("received-unreadable", file=path.name, why=why) from None


def stated_receipts(folder: Path, files: Sequence[Path]) -> Mapping[Path, StatedReceipt]:
    """What `received.csv` says of each file; PipelineError names the line that is not right."""
    path = folder / RECEIVED_CSV
    if not path.is_file():
        return {}
    places = {_key(file.relative_to(folder).as_posix()): file for file in files}
    receipts: dict[Path, StatedReceipt] = {}
    for line, values in _lines(path):
        file = places.get(_key(values["file"].replace("\\", "/")))
        if file is None:
            raise PipelineError("received-csv-no-file", line=line, name=values["file"])
        if file in receipts:
            raise PipelineError("received-csv-twice", line=line, name=values["file"])
        note = " · ".join(filter(None, (values["channel"], values["note"])))
        moment = _moment(values["received_at"], line)
        receipts[file] = StatedReceipt(moment, values["from"].casefold(), note)
    return receipts


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().removeprefix("./"))


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The filled lines with their numbers, every column of ours present."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PipelineError("received-csv-not-utf8", file=path.name) from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    headings = [(heading or "").strip() for heading in rows.fieldnames or ()]
    missing = ", ".join(name for name in _NEEDED if name not in headings)
    if missing:
        raise PipelineError("received-csv-columns", missing=missing, columns=",".join(COLUMNS))
    rows.fieldnames = headings
    filled = [(rows.line_num, row) for row in rows if any(row.values())]
    return [(n, {key: str(row.get(key) or "").strip() for key in COLUMNS}) for n, row in filled]


def _moment(text: str, line: int) -> datetime | None:
    """A time as ISO writes it, or as Excel leaves it: day/month/year, then hours and minutes."""
    if not text:
        return None
    time = read_moment(text)
    if time is None:
        raise PipelineError("received-csv-no-time", line=line, value=text)
    return (time if time.tzinfo else time.replace(tzinfo=BANGKOK)).astimezone(BANGKOK)
