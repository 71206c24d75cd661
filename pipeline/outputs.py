"""The files of a round's outputs: for one command at a time, and put in place as one set."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from filelock import FileLock, Timeout

from pipeline.files import ask_leave, writing
from pipeline.model import PipelineError, Plan

STAGING = ".new"  # being written: worth nothing until it is whole
_READY = ".ready"  # whole, and on its way into its place
_JOURNAL = "journal.json"
Params = ParamSpec("Params")
Result = TypeVar("Result")
_REPLIES, _PDF, _LAST = "replies", "report.pdf", "run.json"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep a round's outputs for one command; a set that another left half in place is finished.

    Raises PipelineError while another command has them, or where they cannot be written.
    """
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = folder.with_name(f".{folder.name}.lock")
        lock = FileLock(place)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise PipelineError("round-busy", round=folder.name) from None
    try:
        finish(folder)
        yield
    finally:
        with suppress(OSError):  # Windows takes it away itself, once it is released
            place.unlink()
        lock.release()


def finish_if_free(folder: Path) -> None:
    """Finish what a command that was stopped left half in place, unless one is at it."""
    if (folder / _READY).is_dir():
        with locked(folder):
            pass


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """An empty folder in which files are gathered; nothing of it stays unless it was put in place.

    Raises PipelineError where it cannot be written.
    """
    with writing(folder):
        staging = fresh_folder(folder / STAGING)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def one_at_a_time(
    command: Callable[Concatenate[Plan, Path, Params], Result],
) -> Callable[Concatenate[Plan, Path, Params], Result]:
    """Give a command the outputs for itself, with an empty folder below them for what it makes."""

    @wraps(command)
    def alone(plan: Plan, outbox: Path, /, *given: Params.args, **named: Params.kwargs) -> Result:
        with locked(outbox), staged(outbox):
            return command(plan, outbox, *given, **named)

    return alone


def fresh_folder(path: Path) -> Path:
    """A folder made anew, and empty. Raises PipelineError where it cannot be made."""
    with writing(path):
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
    return path


def names_in(folder: Path) -> list[str]:
    """The files below a folder by their relative paths, sorted."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def put_in_place(staging: Path, folder: Path) -> None:
    """Put a whole set where the last one is: either of them is there, whenever it is stopped.

    What is staged becomes ready in one step and is moved file by file then; who comes next goes on
    where that was stopped. Templates are another command's and stay. Raises PipelineError where
    another program holds a file of the last set: all are asked for before the first is replaced.
    """
    names = sorted(names_in(staging), key=lambda each: each == _LAST)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        ask_leave([*_of_the_last_set(folder), *(folder / name for name in names)])
        (staging / _JOURNAL).write_text(json.dumps(names), "utf-8")
        staging.rename(folder / _READY)
    finish(folder)


def finish(folder: Path) -> None:
    """Move what is ready into its place, from wherever that was stopped."""
    ready = folder / _READY
    if not ready.is_dir():
        return
    with writing(folder):
        journal = ready / _JOURNAL
        if journal.is_file():  # it goes last: without it all was moved
            names = json.loads(journal.read_text("utf-8"))
            for path in _of_the_last_set(folder) - {folder / name for name in names}:
                path.unlink()
            for name in names:
                _move(ready / name, folder / name)
        shutil.rmtree(ready)


def _move(path: Path, place: Path) -> None:
    if path.exists():  # else it is there already
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)


def _of_the_last_set(folder: Path) -> set[Path]:
    """The files of the last run that this one need not have."""
    replies = (path for path in (folder / _REPLIES).rglob("*") if path.is_file())
    pdf = folder / _PDF
    return {*replies, *({pdf} if pdf.is_file() else ())}
