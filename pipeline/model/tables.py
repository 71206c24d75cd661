"""What is read: typed tables with their places, and what became of every version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from pipeline.model.arrivals import Submission
from pipeline.model.corrections import Settled
from pipeline.model.findings import CellRef, Fate, Finding
from schemas.kit.form import FormSpec

ORIGIN = ("submission", "sheet", "row")


@dataclass(frozen=True)
class Repair:
    """A value read otherwise than typed, for a reason that is certain."""

    cell: CellRef
    form: str
    column: str
    typed: str
    read: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """All rows of one form from all submissions that count, typed; see `frame`.

    `frame`: one row per sheet row, unique integer index; the form's columns with their dtypes,
    the ORIGIN columns (submission = file name, sheet, row = Excel row), and after merge `fate`.
    `typed`: the same index and form columns, each cell's text as typed (dtype string, NA = blank).
    `positions`: (submission, sheet) to the place (row or None for the row's own, column) of each
    column found there. `compared` are the (submission, sheet) whose layout is not the one that
    counts; `optional` names the columns that the layout of a sheet may leave blank.
    """

    form: FormSpec
    frame: pd.DataFrame
    typed: pd.DataFrame
    positions: Mapping[tuple[str, str], Mapping[str, tuple[int | None, int]]]
    compared: frozenset[tuple[str, str]] = frozenset()
    optional: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def cell(self, index: int, column: str) -> CellRef:
        """Where a value stands; the row's first cell where the sheet lacks the column."""
        file, sheet, row = (self.frame.at[index, name] for name in ORIGIN)
        fixed, position = self.positions[(file, sheet)].get(column, (None, 1))
        return CellRef(file, sheet, int(row) if fixed is None else fixed, position)

    def lacks(self, index: int, column: str) -> bool:
        """Whether the row's sheet has no column of that name: nobody could have filled it in."""
        file, sheet, _ = (self.frame.at[index, name] for name in ORIGIN)
        asked = self.form.column(column)
        return not asked.labelled and column not in self.positions[(file, sheet)]

    def value(self, index: int, column: str) -> str | None:
        """The text as typed; None for a blank."""
        found = self.typed.at[index, column]
        return None if pd.isna(found) else str(found)

    def with_frame(self, frame: pd.DataFrame) -> "Table":
        """The same table over another frame with the same index or part of it."""
        return replace(self, frame=frame, typed=self.typed.loc[frame.index])

    def is_compared(self) -> "pd.Series[bool]":
        """Whether each row comes in a layout that is only compared, not counted."""
        sheets = zip(self.frame["submission"], self.frame["sheet"], strict=True)
        found = [sheet in self.compared for sheet in sheets]
        return pd.Series(found, index=self.frame.index, dtype=bool)


class FormState(StrEnum):
    """What became of a form (or a month of it) in one submission.

    COMPARED came in a layout that is held against the one that counts; WAITING is for somebody
    to decide; EXCLUDED was left out as a whole, as approved.
    """

    COUNTS = "counts"
    NIL = "nil"
    COMPARED = "compared"
    NOT_FILLED = "not_filled"
    SUPERSEDED = "superseded"
    WAITING = "waiting"
    EXCLUDED = "excluded"
    REFUSED = "refused"


@dataclass(frozen=True)
class FormOutcome:
    """One form (for a month, where it comes by months) of one submission, and what became of it.

    `by` is the file that replaced it, `reason` the code of what it waits for.
    """

    submission: str
    division: str
    form: str
    month: date | None
    state: FormState
    rows: int
    by: str = ""
    measure: int | None = None
    part: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Replaced:
    """Rows of one form that rows of a later `file` replaced, with what was said in reading them.

    `now` are the (file, sheet, Excel row) of the rows that stand in their place.
    """

    file: str
    table: Table
    findings: tuple[Finding, ...]
    now: frozenset[tuple[str, str, int]]


@dataclass(frozen=True)
class Hidden:
    """A hidden sheet, row or column that holds something."""

    file: str
    sheet: str
    what: str
    where: str


@dataclass(frozen=True)
class ReadRound:
    """What the submissions say: typed tables, forms' outcomes, repairs, what could not be read."""

    submissions: tuple[Submission, ...]
    tables: Mapping[str, Table]
    form_outcomes: tuple[FormOutcome, ...]
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]
    hidden: tuple["Hidden", ...] = ()
    settled: tuple[Settled, ...] = ()
    replaced: tuple[Replaced, ...] = ()

    @property
    def excluded(self) -> frozenset[tuple[str | None, int | None]]:
        """The (form, index) of the rows that somebody has excluded: they are not judged."""
        excluded = (f for f in self.findings if f.fate is Fate.EXCLUDED)
        return frozenset((f.form, f.index) for f in excluded)

    def rows(self) -> Iterator[tuple[str, int]]:
        """Every (form, index) of the rows that count."""
        for name, table in self.tables.items():
            yield from ((name, index) for index in table.frame.index)
