"""The files we write: names that every system takes, and a line where one cannot be written."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.model import PipelineError

_NAME = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,79}(?<!\.)")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


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
        raise PipelineError("cannot-write", file=file.as_posix(), why=why) from None


def ask_leave(paths: Iterable[Path]) -> None:
    """Raise OSError where another program holds one of the files, before any is replaced."""
    for path in paths:
        if path.is_file():
            path.open("r+b").close()
