"""What is gathered from one sheet: rows, texts, repairs, and everything that is said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from pipeline.model import CellRef, Finding, Repair, Severity, Submission
from pipeline.workbook.reader import Cell
from schemas.kit.form import FormSpec
from schemas.kit.kinds import Typed
from schemas.kit.layouts import Layout


@dataclass
class Extract:
    """The rows of one form in one sheet, as they are gathered.

    `rows` holds one dict of typed values per row with its Excel row under "row"; `typed` the texts.
    `layout` is None for our own template; `counts` whether rows of that layout are counted.
    `months` are those the sheet reports on as a whole, `nothing` those it says had no rows (None:
    of a form without months), `blank` those of which it has neither rows nor such words.
    `refused` says that nothing of the sheet can be counted.
    """

    submission: Submission
    form: FormSpec
    sheet: str
    layout: Layout | None = None
    counts: bool = True
    months: tuple[date, ...] = ()
    nothing: frozenset[date | None] = frozenset()
    blank: frozenset[date] = frozenset()
    positions: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    typed: list[dict[str, str]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: bool = False

    def filled_rows(self, *, prefilled: bool) -> list[int]:
        """The positions in `rows` of those in which the clerk has typed something."""
        names = {c.name for c in self.form.typed_columns(prefilled=prefilled) if not c.labelled}
        return [i for i, texts in enumerate(self.typed) if names & texts.keys()]

    @property
    def may_be_blank(self) -> frozenset[str]:
        """The columns that no row is asked for: an official layout has none for the month."""
        if self.layout is None:
            return frozenset()
        return self.layout.optional_columns | {self.form.about.month}

    def place(self, cell: Cell) -> CellRef:
        """Where a cell of the sheet stands."""
        return CellRef(self.submission.name, self.sheet, cell.row, cell.column)

    def add_finding(
        self,
        code: str,
        severity: Severity,
        params: Mapping[str, str],
        cell: Cell | None = None,
        column: str | None = None,
    ) -> None:
        """Add what is found, about the sheet or about one cell of it."""
        place, value = (self.place(cell), cell.raw or None) if cell else (None, None)
        origin = (self.submission.division, self.submission.name, place, value)
        finding = Finding(code, severity, *origin, params, column=column, sheet=self.sheet)
        self.findings.append(replace(finding, form=self.form.name))


def typed_cell(cell: Cell) -> Typed:
    """A cell as the columns of a form read it."""
    return Typed(str(cell.kind), cell.raw, cell.style.percent)


def one_line(heading: str) -> str:
    """A heading as it stands in a sentence."""
    return " ".join(heading.split())


def row_ranges(numbers: Iterable[int]) -> str:
    """Row numbers as one writes them: 5–9, 12."""
    ordered = sorted(set(numbers))
    runs = groupby(enumerate(ordered), key=lambda each: each[1] - each[0])
    spans = [[number for _, number in run] for _, run in runs]
    return ", ".join(str(s[0]) if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans)
