"""Commands as they are typed, each in a process of its own that starts with the program loaded.

Loading the program takes longer than most commands; a process that has loaded it once is forked
for each, where the system can. What Python itself makes of a command line is asked elsewhere
(tests/whole/test_windows.py, tests/whole/test_pages.py).
"""

import io
import os
import sys
from collections.abc import Mapping
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory
from typing import Any

from tests.support import office

_ROOT = Path(__file__).resolve().parents[2]
_LOADED = ["pipeline.cli", "pipeline.run", "pipeline.audit.verify", "pipeline.commands.close"]


def _context() -> Any:
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    found = get_context("forkserver")
    found.set_forkserver_preload(_LOADED)
    return found


_CONTEXT = _context()


def typed(*words: str, folder: Path, **environment: str) -> CompletedProcess[bytes]:
    """What `pipeline` with these words prints in a folder, and how it ends."""
    assert office.may_be_asked, "a test that types a command bears the mark `office`"
    with TemporaryDirectory() as place:
        out, err = Path(place, "out"), Path(place, "err")
        given = (words, str(folder), os.environ | environment, str(out), str(err))
        process = _CONTEXT.Process(target=_command, args=given)
        process.start()
        process.join()
        code = process.exitcode
        process.close()
        return CompletedProcess(words, code, out.read_bytes(), err.read_bytes())


def _command(
    words: tuple[str, ...], folder: str, environment: Mapping[str, str], out: str, err: str
) -> None:
    """The process: its streams are files, all else is what a shell gives."""
    import pipeline
    from pipeline.__main__ import main

    assert Path(pipeline.__file__).is_relative_to(_ROOT), pipeline.__file__
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdout, sys.stderr = _stream(1, out), _stream(2, err)
    sys.argv = ["pipeline", *words]
    main()


def _stream(number: int, path: str) -> io.TextIOWrapper:
    """A standard stream that goes to a file, in the encoding that Python would give it."""
    with Path(path).open("wb") as file:
        os.dup2(file.fileno(), number)
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    return open(number, "w", encoding=encoding, closefd=False)
