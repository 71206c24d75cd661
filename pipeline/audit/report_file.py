"""A report before an auditor, opened by openpyxl: other hands than those that wrote it."""

import io
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils.datetime import to_excel

from pipeline.model import PipelineError
from pipeline.workbook.addresses import address, parse_address, parse_range
from pipeline.workbook.package import NotAWorkbook, open_package
from pipeline.workbook.tree import Branch, read_tree
from schemas.kit.thai.thai_text import matching_key

_NEEDED = ("round", "as_of")
_FORMULA = "f"
_CUSTOM = "docProps/custom.xml"
# What openpyxl raises over a workbook that it cannot make sense of.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError)


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


@dataclass(frozen=True, eq=False)
class ReportFile:
    """The cells of a report, with the formulas behind them; `file` is what it is called."""

    file: str
    data: bytes

    @cached_property
    def _book(self) -> Any:
        return _load(self.data, read_only=True)

    @cached_property
    def properties(self) -> Mapping[str, str]:
        """What the report says of itself."""
        try:
            return {each.name: str(each.value) for each in self._book.custom_doc_props.props}
        except _UNREADABLE:  # then it must at least say which round it claims to be of
            package = open_package(self.data)
            tree = read_tree(package, _CUSTOM) if _CUSTOM in package else Branch("", {})
            pairs = ((e.attributes.get("name", ""), e.children) for e in tree.children)
            return {name: values[0].text for name, values in pairs if values}

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """What each defined name stands for; one of a single sheet is keyed `sheet!name`."""
        targets = {name: each.attr_text for name, each in self._book.defined_names.items()}
        for sheet in self._book.worksheets:
            names = sheet.defined_names.items()
            targets |= {f"{sheet.title}!{name}": each.attr_text for name, each in names}
        return targets

    @cached_property
    def names(self) -> Mapping[str, Place]:
        """Where each named cell, or the first cell of each named column, stands."""
        places = {}
        for name, target in self.targets.items():
            with suppress(ValueError):
                sheet, (top, left, _, _) = parsed_area(target)
                places[name] = Place(sheet, top, left)
        return places

    @cached_property
    def formulas(self) -> Mapping[Place, str]:
        """Every formula without its equals sign; of an array all that openpyxl says of it."""
        return {
            place: str(getattr(value, "text", value)).removeprefix("=")
            for place, kind, value in _cells(self._book)
            if kind == _FORMULA
        }

    @cached_property
    def values(self) -> Mapping[Place, object]:
        """What every cell holds, a formula's kept result too; dates are their serial numbers."""
        book = _load(self.data, read_only=True, data_only=True)
        return {place: value for place, _, value in _cells(book)}

    @cached_property
    def readable(self) -> bool:
        """Whether openpyxl reads every cell."""
        try:
            return all(each is not None for each in (self.values, self.formulas, self.names))
        except _UNREADABLE:
            return False

    def number(self, place: Place) -> object:
        """What a cell holds as a formula takes it: a date is the number of its day."""
        value = self.values.get(place)
        return day_number(value) if isinstance(value, (date, time, timedelta)) else value

    def value(self, place: Place) -> str:
        """What a cell holds as plain text, dates in ISO form; "" for a blank."""
        return plain_text(self.values.get(place))

    def formula(self, place: Place) -> str:
        """A cell's formula without its equals sign; "" for a constant."""
        return self.formulas.get(place, "")

    def places(self, sheet: str) -> set[Place]:
        """Every cell of a sheet that holds a value or a formula."""
        return {place for place in {**self.values, **self.formulas} if place.sheet == sheet}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The sheets in the order of their tabs."""
        return tuple(self._book.sheetnames)

    def place(self, sheet: str, cell: str) -> Place:
        """The cell that is meant; of merged cells the one that holds what they show.

        Raises PipelineError where there is no such sheet or no such cell.
        """
        wanted = matching_key(sheet)
        name = next((name for name in self.sheet_names if matching_key(name) == wanted), None)
        if name is None:
            raise PipelineError("trace-no-sheet", sheet=sheet, sheets=", ".join(self.sheet_names))
        row, column = parsed_cell(cell)
        return self._shown_by.get(Place(name, row, column), Place(name, row, column))

    @cached_property
    def _shown_by(self) -> Mapping[Place, Place]:
        """For each cell below a merged range the first one, whose value is shown for all."""
        book = _load(self.data, read_only=False)
        return {
            Place(sheet.title, row, column): Place(sheet.title, merged.min_row, merged.min_col)
            for sheet in book.worksheets
            for merged in sheet.merged_cells.ranges
            for row, column in merged.cells
        }


def _load(data: bytes, *, read_only: bool, data_only: bool = False) -> Any:
    """The workbook, without warnings of what openpyxl leaves out: another witness's matter."""
    with warnings.catch_warnings(action="ignore"):
        return openpyxl.load_workbook(io.BytesIO(data), read_only=read_only, data_only=data_only)


def _cells(book: Any) -> list[tuple[Place, str, Any]]:
    """Every filled cell with its type; what a sheet says of its own size is not believed."""
    cells = []
    with warnings.catch_warnings(action="ignore"):
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            filled = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
            cells += [(Place(sheet.title, c.row, c.column), c.data_type, c.value) for c in filled]
    return cells


def day_number(value: date | time | timedelta) -> float:
    """The number by which Excel knows a day, its time as a fraction."""
    return float(to_excel(value))  # type: ignore[no-untyped-call]


def plain_text(value: object) -> str:
    """A value as text: the shortest decimal of a number, TRUE or FALSE, a date in ISO form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def parsed_area(target: str) -> tuple[str, tuple[int, int, int, int]]:
    """The sheet and the range (top, left, bottom, right) of a reference; ValueError for others."""
    sheet, _, cells = target.rpartition("!")
    return sheet.strip("'").replace("''", "'"), parse_range(cells.replace("$", ""))


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
    report = ReportFile(name, data)
    try:
        open_package(data)  # openpyxl itself knows no limits
        if report.properties.keys() >= set(_NEEDED):
            return report
    except NotAWorkbook:
        pass
    raise PipelineError("trace-no-report", file=name)
