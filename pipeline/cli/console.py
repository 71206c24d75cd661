"""What all commands share: their options, their streams, tables, and how they end."""

import logging
import os
import sys
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TextIO

import click

from pipeline.cli.screen_words import LANGUAGES
from pipeline.cli.worded import OPERATOR

if TYPE_CHECKING:
    from pipeline.model import Plan
    from schemas.kit.form import FormSpec

OURS = 3
BANGKOK = timezone(timedelta(hours=7))
_LAST_SECOND = time(23, 59, 59)
_FOLDER = click.Path(path_type=Path)


@dataclass(frozen=True)
class Settings:
    """What every command is told: where the rounds lie, the language, how much to say."""

    inputs: Path
    outputs: Path
    lang: str
    as_json: bool

    def forms(self) -> "tuple[FormSpec, ...]":
        """Every form there is."""
        from schemas import forms

        return forms()

    def plan(self, name: str | None, as_of: datetime | None = None) -> "Plan":
        """The plan of the named round, else of the latest that is not an example."""
        from pipeline.outputs import finish_if_free
        from pipeline.plan import find_round, load_plan

        plan = load_plan(find_round(self.inputs, name), self.forms(), as_of)
        finish_if_free(self.outputs / plan.name)
        return plan

    def alone(self, plan: "Plan") -> AbstractContextManager[None]:
        """While it lasts no other command writes anything of the round."""
        from pipeline.outputs import locked

        return locked(self.outputs / plan.name)

    def say(self, key: str, /, **params: object) -> str:
        """A sentence of the screen in the chosen language."""
        from pipeline.messages import say

        return say(key, self.lang, **params)

    def table(
        self,
        section: str,
        keys: Sequence[str],
        rows: Sequence[Sequence[str]],
        numbers: Collection[int] = (),
    ) -> None:
        """A table under the headings of these keys; nothing where there is no row.

        `numbers` are the places of the columns that hold numbers, which stand to the right.
        """
        if rows:
            _print_table([self.say(f"{section}.{key}") for key in keys], rows, numbers)

    def show(self, value: object, lines: Iterable[str]) -> int:
        """Print the JSON object or the lines, as was asked; the exit code is 0."""
        if self.as_json:
            print_json(value)
        else:
            paragraphs(lines)
        return 0


def command(function: Callable[..., int]) -> Callable[..., None]:
    """Give a command the options that all share, and turn its outcome into an exit code."""

    @click.option("--inputs", type=_FOLDER, metavar="FOLDER", default="inputs", show_default=True)
    @click.option("--outputs", type=_FOLDER, metavar="FOLDER", default="outputs", show_default=True)
    @click.option("--lang", type=click.Choice(LANGUAGES), metavar="LANGUAGE", default="th")
    @click.option("--json", "as_json", is_flag=True)
    @click.option("-q", "--quiet", is_flag=True)
    @click.option("-v", "--verbose", is_flag=True)
    @wraps(function)
    def wrapped(**options: Any) -> None:
        sys.excepthook = _crash
        level = logging.ERROR if options.pop("quiet") else logging.WARNING
        logging.basicConfig(level=logging.INFO if options.pop("verbose") else level)
        settings = Settings(*(options.pop(key) for key in ("inputs", "outputs", "lang", "as_json")))
        raise SystemExit(_guarded(lambda: function(settings, **options), settings))

    return wrapped


def _guarded(command: Callable[[], int], settings: Settings) -> int:
    """The command's exit code; the operator's mistake is one line and 2."""
    from pipeline.model import PipelineError

    try:
        return command()
    except PipelineError as error:
        for part in _broken(settings.say(f"error.{error.code}", **error.params), sys.stderr):
            echo(part, err=True)
        return OPERATOR


def _crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Our own fault: the whole traceback, and an exit code that is no other's."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(OURS)


def utf8_streams() -> None:
    """UTF-8 out, also where the console is of another code page."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def echo(text: str = "", *, err: bool = False) -> None:
    """A text on the screen, which it cannot steer."""
    click.echo(_plain(text), err=err)


def _plain(text: str) -> str:
    from pipeline.files import unsteered

    return unsteered(text)


def print_json(value: object) -> None:
    """One JSON object on the screen, Thai as it is."""
    from pipeline.files import json_text

    click.echo(json_text(value, default=str))


@contextmanager
def busy(text: str) -> Iterator[None]:
    """Something that moves on a terminal while work is going on; nothing elsewhere.

    It is made of ASCII: the fonts of an old Windows console have no other spinner.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text, spinner="line"):
        yield


def bullets(lines: Sequence[str]) -> None:
    """The lines of a list."""
    for line in lines:
        for number, part in enumerate(_broken(line, sys.stdout, indent=4)):
            echo(f"{'    ' if number else '  - '}{part}")


def _broken(line: str, stream: TextIO, indent: int = 0) -> list[str]:
    """A line as it is, or for a terminal broken between words: it would break within one."""
    if not stream.isatty():
        return [line]
    from rich.console import Console
    from rich.text import Text

    console = Console()
    wrapped = Text(_plain(line)).wrap(console, console.width - indent)
    return [part.plain.rstrip() for part in wrapped]


def _print_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[int]
) -> None:
    """A table on the screen, without colour or lines when the stream is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    plain = not sys.stdout.isatty()
    table = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, expand=False)
    for place, heading in enumerate(headings):
        justify: Literal["right", "left"] = "right" if place in numbers else "left"
        table.add_column(heading, overflow="fold", justify=justify)
    for row in rows:
        table.add_row(*(Text(_plain(cell)) for cell in row))
    Console(highlight=False, no_color=plain, width=120 if plain else None).print(table)


def paragraphs(lines: Iterable[str]) -> None:
    """Lines that go on below, as far in, where a terminal is too narrow for them."""
    for line in lines:
        inset = len(line) - len(line.lstrip(" "))
        for part in _broken(line.lstrip(" "), sys.stdout, inset):
            echo(" " * inset + part)


def moment(text: str | None) -> datetime | None:
    """A time given as an option, a day alone with all of it; without a zone it is Bangkok's."""
    if text is None:
        return None
    from pipeline.model import PipelineError
    from schemas.kit.thai.dates import read_moment

    at = read_moment(text, of_day=_LAST_SECOND)
    if at is None:
        raise PipelineError("no-moment", value=text)
    return at if at.tzinfo else at.replace(tzinfo=BANGKOK)
