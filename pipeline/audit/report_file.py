"""A report that lies before an auditor: its values, its formulas, and what its cells are named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from pipeline.digests import edition, properties
from pipeline.model import Assessment, PipelineError
from pipeline.plan import find_round, load_plan
from pipeline.record import REPORT
from pipeline.report import workbook_of
from pipeline.run import assess
from pipeline.workbook.addresses import address, parse_address, parse_range
from pipeline.workbook.reader import (
    Formulas,
    NotAWorkbook,
    Sheet,
    Workbook,
    read_cells,
    read_formulas,
)
from schemas.kit.form import FormSpec
from schemas.kit.thai.text import matching_key

_NEEDED = ("pipeline_version", "round", "as_of", "inputs_sha256", "figures_sha256", "edition")


class Place(NamedTuple):
    """A cell of a report: its sheet, its row and its column, both counted from 1."""

    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """The cell as Excel names it."""
        return address(self.row, self.column)

    def __str__(self) -> str:
        """The sheet and the cell, as a formula has them."""
        return f"{self.sheet}!{self.address}"


@dataclass(frozen=True)
class ReportFile:
    """The cells of a report, with the formulas behind them; `file` is what it is called."""

    file: str
    workbook: Workbook
    formulas: Mapping[str, Formulas]

    @property
    def properties(self) -> Mapping[str, str]:
        """What the report says of itself."""
        return self.workbook.custom_properties

    @cached_property
    def names(self) -> Mapping[str, Place]:
        """Where each named cell, or the first cell of each named column, stands."""
        return dict(self._names())

    def _names(self) -> Iterator[tuple[str, Place]]:
        for name, target in self.workbook.defined_names.items():
            sheet, _, cells = target.rpartition("!")
            try:
                top, left, _, _ = parse_range(cells.replace("$", ""))
            except ValueError:
                continue
            yield name, Place(sheet.strip("'").replace("''", "'"), top, left)

    def value(self, place: Place) -> str:
        """What a cell shows, in the reader's plain form; "" for a blank."""
        return self.content(place)[1]

    def content(self, place: Place) -> tuple[str, str]:
        """A cell's kind and its value; blanks are both empty."""
        cell = self._sheets[place.sheet].cell(place.row, place.column)
        return (str(cell.kind), cell.raw) if cell else ("", "")

    def formula(self, place: Place) -> str:
        """A cell's formula without its equals sign; "" for a constant."""
        return self.formulas.get(place.sheet, {}).get((place.row, place.column), "")

    def places(self, sheet: str) -> set[Place]:
        """Every cell of a sheet that holds a value or a formula."""
        found = {*self._sheets[sheet].cells, *self.formulas.get(sheet, {})}
        return {Place(sheet, *each) for each in found}

    @cached_property
    def _sheets(self) -> Mapping[str, Sheet]:
        return {sheet.name: sheet for sheet in self.workbook.sheets}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The sheets in the order of their tabs."""
        return tuple(self._sheets)

    def place(self, sheet: str, cell: str) -> Place:
        """The cell that is meant; of merged cells the one that holds what they show.

        Raises PipelineError where there is no such sheet or no such cell.
        """
        wanted = matching_key(sheet)
        named = next((name for name in self._sheets if matching_key(name) == wanted), None)
        if named is None:
            raise PipelineError("trace-no-sheet", sheet=sheet, sheets=", ".join(self._sheets))
        row, column = parsed_cell(cell)
        for top, left, bottom, right in self._sheets[named].merged:
            if top <= row <= bottom and left <= column <= right:
                return Place(named, top, left)
        return Place(named, row, column)


def parsed_cell(cell: str) -> tuple[int, int]:
    """The row and the column of a cell as a person types it; PipelineError for what is none."""
    try:
        return parse_address(cell.replace("$", "").strip())
    except ValueError:
        raise PipelineError("trace-no-cell", cell=cell) from None


def open_report(file: Path) -> ReportFile:
    """A report of ours; PipelineError for what is no file, no workbook, or none of ours."""
    if not file.is_file():
        raise PipelineError("no-such-file", file=file.as_posix())
    return opened(file.read_bytes(), file.name)


def opened(data: bytes, name: str) -> ReportFile:
    """A report of ours from its bytes; PipelineError for what is none."""
    try:
        workbook, formulas = read_cells(data), read_formulas(data)
    except NotAWorkbook:
        raise PipelineError("trace-no-report", file=name) from None
    if not workbook.custom_properties.keys() >= set(_NEEDED):
        raise PipelineError("trace-no-report", file=name)
    return ReportFile(name, workbook, formulas)


def settled_anew(report: ReportFile, inputs: Path, forms: tuple[FormSpec, ...]) -> Assessment:
    """The round of a report, settled from its inputs as of the time that the report names.

    What was signed after the report was made is left out: signing a report alters none.
    """
    as_of = _moment(report.properties["as_of"])
    if as_of is None:
        raise PipelineError("trace-no-report", file=report.file)
    plan = load_plan(find_round(inputs, report.properties["round"]), forms, as_of)
    counts = range(len(plan.signings), -1, -1)
    settled = (assess(replace(plan, signings=plan.signings[:count])) for count in counts)
    now, wanted = next(settled), report.properties["edition"]
    return next((each for each in chain([now], settled) if edition(each) == wanted), now)


def rebuilt(assessment: Assessment) -> ReportFile:
    """The report of a round as its inputs give it now."""
    return opened(workbook_of(assessment, properties(assessment)), REPORT)


def _moment(text: str) -> datetime | None:
    """A time with its zone, as our reports state it; None for another text."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
