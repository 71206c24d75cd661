"""Mails as programs keep them, one in a file or many: taken out of it as they came."""

import hashlib
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pipeline.collect.loose import reading
from pipeline.collect.mails import LARGEST_MAIL, is_temporary

_ONE = (".eml", ".emlx")
_MAILDIR = ("cur", "new")
_LONGEST_LINE = 1 << 20  # bytes read at once
_COUNT = re.compile(rb"[0-9]{1,10}[ \t]*\r?\n")
_MBOX = re.compile(rb"From [^\r\n]+\r?\n[!-9;-~]+:")
_BEGINS = b"From "
_QUOTED = re.compile(rb">+From ")


def keeps_mails(path: Path, data: bytes) -> bool:
    """Whether a file that begins with these bytes is a mail, or holds mails."""
    known = path.suffix.lower() in (*_ONE, ".mbox") or path.parent.name in _MAILDIR
    return not is_temporary(path.name) and (known or bool(_MBOX.match(data)))


def mails_in(path: Path, data: bytes) -> Iterator[bytes]:
    """Every mail of such a file once, cut behind the largest that is opened; at least one.

    `data` are the file's bytes, as many as a mail may have. Raises PipelineError where the file
    cannot be read on.
    """
    ending = path.suffix.lower()
    if ending == ".emlx" and (count := _COUNT.match(data)):
        yield data[count.end() : count.end() + int(count[0])]
    elif ending not in _ONE and _MBOX.match(data):
        seen: set[bytes] = set()
        for mail in _of_mbox(path):
            digest = hashlib.sha256(mail).digest()
            if digest not in seen:
                seen.add(digest)
                yield mail
    else:
        yield data


def _of_mbox(path: Path) -> Iterator[bytes]:
    """The mails between the lines that begin with `From `, which are no part of them."""
    kept, after_blank = bytearray(), False
    with reading(path) as file:
        file.readline()
        for line in iter(partial(file.readline, _LONGEST_LINE), b""):
            if after_blank and line.startswith(_BEGINS):
                yield _without_last_blank(kept)
                kept, after_blank = bytearray(), False
                continue
            after_blank = not line.strip(b"\r\n")
            plain = line[1:] if _QUOTED.match(line) else line
            kept += plain[: LARGEST_MAIL + 1 - len(kept)]
        yield _without_last_blank(kept)


def _without_last_blank(mail: bytearray) -> bytes:
    """The mail without the blank line that the mailbox puts behind each."""
    for end in (b"\r\n\r\n", b"\n\n"):
        if mail.endswith(end):
            return bytes(mail[: -len(end) // 2])
    return bytes(mail)
