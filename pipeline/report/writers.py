"""The sheets of the report: their writers are found by looking, their order is the catalogue's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from pipeline.messages import catalogue
from pipeline.model import Plan
from pipeline.report.page import Page

_NAMES = "report.sheet."
Writer = Callable[[Page], None]


@dataclass(frozen=True)
class SheetWriter:
    """A sheet by its key, and what writes it; there may be one for each form, or none in a round.

    A figure lives where it is explained, not where it is repeated: what is of a later `turn` is
    written when all of earlier turns is, and finds the homes of their figures.
    """

    key: str
    write: Writer
    turn: int
    each_form: bool
    when: Callable[[Plan], bool]


_WRITERS: dict[str, SheetWriter] = {}


def _always(_: Plan) -> bool:
    return True


def sheet(
    key: str,
    *,
    turn: int = 1,
    each_form: bool = False,
    when: Callable[[Plan], bool] = _always,
) -> Callable[[Writer], Writer]:
    """Make a function the writer of the sheet of that key; its name stands in the catalogue."""

    def registered(write: Writer) -> Writer:
        _WRITERS[key] = SheetWriter(key, write, turn, each_form, when)
        return write

    return registered


@cache
def sheets() -> tuple[SheetWriter, ...]:
    """Every sheet in the order of the tabs."""
    for file in sorted(Path(__file__).parent.glob("*.py")):
        import_module(f"{__package__}.{file.stem}")
    named = [key.removeprefix(_NAMES) for key in catalogue() if key.startswith(_NAMES)]
    return tuple(_WRITERS[key] for key in named)
