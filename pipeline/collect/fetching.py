"""Laying mails into `received/`: each as it came, once, named by the time and its hash."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.collect.headers import BANGKOK
from pipeline.collect.imap import Mailbox, Reached, is_address, new_mails
from pipeline.collect.loose import FETCHED, fetched_name, files_in, is_plain, read_file
from pipeline.collect.mailboxes import keeps_mails, mails_in
from pipeline.collect.mails import LARGEST_MAIL
from pipeline.files import write_whole, writing
from pipeline.model import PipelineError


@dataclass
class Fetched:
    """How many mails were laid there, and how many were there already."""

    laid: int = 0
    known: int = 0


def fetch(
    folder: Path, sources: Sequence[str], since: date | None = None, password: str = ""
) -> Fetched:
    """Lay the mails of files, folders and mailboxes (`imaps://…`) into the folder.

    A mailbox is gone on with where it was left; since a day, where one is given, all is asked for
    again. Raises PipelineError where a source cannot be read or the folder not be written; what was
    laid there by then stays.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    known = {_hash(mail) for mail in _mails_below(folder)}
    fetched = Fetched()
    for source in sources:
        for mail in _mails_of(source, folder, since, password):
            _lay(mail, folder, known, fetched)
    return fetched


def _lay(mail: bytes, folder: Path, known: set[str], fetched: Fetched) -> None:
    digest = _hash(mail)
    if digest in known:
        fetched.known += 1
        return
    known.add(digest)
    write_whole(folder / fetched_name(datetime.now(BANGKOK), digest), mail)
    fetched.laid += 1


def _hash(mail: bytes) -> str:
    """The same for a mail however the ends of its lines are kept."""
    return hashlib.sha256(mail.replace(b"\r\n", b"\n").rstrip(b"\n")).hexdigest()


def _mails_of(source: str, folder: Path, since: date | None, password: str) -> Iterator[bytes]:
    if is_address(source):
        yield from _mails_on_server(Mailbox.parse(source), folder / FETCHED, since, password)
        return
    path = Path(source)
    if not path.exists():
        raise PipelineError("no-such-file", file=source)
    yield from _mails_below(path)


def _mails_below(path: Path) -> Iterator[bytes]:
    """Every mail of a file, or of all files of a folder; what is no mail is left out."""
    for file in files_in(path) if path.is_dir() else [path]:
        if is_plain(file):
            data, _ = read_file(file, LARGEST_MAIL)
            if keeps_mails(file, data):
                yield from mails_in(file, data)


def _mails_on_server(
    mailbox: Mailbox, states: Path, since: date | None, password: str
) -> Iterator[bytes]:
    """What the server has behind the mail that was laid there last."""
    places = _places(states)
    name = mailbox.address
    after = Reached(*places[name]) if name in places and since is None else Reached()
    for place, mail in new_mails(mailbox, password, after, since):
        yield mail
        places[name] = place  # the mail is laid there by now
        write_whole(states, json.dumps(places, ensure_ascii=False, indent=2).encode())


def _places(states: Path) -> dict[str, Any]:
    if not states.is_file():
        return {}
    try:
        places = json.loads(states.read_text("utf-8"))
    except ValueError:
        return {}  # everything is asked for again, and laid there once
    return places if isinstance(places, dict) else {}
