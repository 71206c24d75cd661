"""The files we write: names that every system takes, and a line where one cannot be written."""

import errno
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.model import PipelineError

_CAUSES = {errno.ENOSPC: "disk-full", errno.EDQUOT: "disk-full", errno.EROFS: "read-only"}
_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,79}(?<!\.)")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
# What steers a terminal or turns the direction of writing, but for line ends and tabs.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def unsteered(text: str, instead: str = "\N{REPLACEMENT CHARACTER}") -> str:
    """Text as a screen may show it: nothing that came from outside can steer it."""
    return _STEERING.sub(instead, text)


def json_text(value: object, default: Callable[[Any], object] | None = None) -> str:
    """A value as JSON, Thai as it is; what would steer a screen is escaped and stays what it is."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=default)
    return _STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def json_sha256(value: object) -> str:
    """One hash over a value, however its keys are ordered and its JSON is written."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_safe_name(name: str) -> bool:
    """Whether every system takes it as a file's name: at most 80 letters, digits and `-_.`.

    Windows gives names such as CON to its devices, whatever their ending, and drops a last dot.
    """
    return bool(_NAME.fullmatch(name)) and not _DEVICE.fullmatch(name)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Make the system's refusal to write below `path` the operator's line, naming the file."""
    try:
        yield
    except OSError as error:
        file = Path(error.filename2 or error.filename or path)
        why = error.strerror or type(error).__name__
        code = _CAUSES.get(error.errno or 0, "cannot-write")
        raise PipelineError(code, file=file.as_posix(), why=why) from None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that at any moment the old one or the new one stands there, never half of it.

    Raises PipelineError where it cannot be written.
    """
    fresh = path.with_name(f".{path.name}.new")
    with writing(path):
        try:
            fresh.write_bytes(data)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def ask_leave(paths: Iterable[Path]) -> None:
    """Raise OSError where another program holds one of the files, before any is replaced."""
    for path in paths:
        if path.is_file():
            path.open("r+b").close()
