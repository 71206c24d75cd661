"""What stands around a table: its headings and labels, strays, merged and hidden cells."""

import difflib
import textwrap
from collections.abc import Iterable, Mapping

from pipeline.headings import Headings
from pipeline.model import Severity
from pipeline.read.extract import Extract, one_line, row_ranges
from pipeline.read.row_sorts import Body, FilledRow, RowSort
from pipeline.workbook.addresses import address, column_letters
from pipeline.workbook.reader import Cell, Sheet
from schemas.kit.thai.thai_text import matching_key

_NOTE, _WARNING, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR
_SIMILAR = 0.6
_NONE = "-"
_SHOWN = 80  # characters of a text that nobody has to correct letter by letter
_CODES = {
    RowSort.REPEATED: "repeated-heading",
    RowSort.SEPARATOR: "separator-rows",
    RowSort.NOTE: "note-rows",
    RowSort.CONTINUED: "continued-rows",
}


def list_other_rows(extract: Extract, sorts: Mapping[RowSort, list[FilledRow]]) -> None:
    """What was found between the rows, one finding for each kind of it; strays by their cells."""
    for sort, code in _CODES.items():
        if sort in sorts:
            params = {"rows": row_ranges(line.row for line in sorts[sort])}
            extract.add_finding(code, _NOTE, params, sorts[sort][0].first)
    for line in sorts.get(RowSort.STRAY, ()):
        for cell in line.whole.values():
            extract.add_finding("stray-cell", _WARNING, {"cells": "1"}, cell)


def check_strays(
    extract: Extract, headings: Headings, body: Body, lines: Iterable[FilledRow]
) -> None:
    """The cells in columns that have no heading, one finding for each column."""
    headed = {cell.column for cell in (*headings.extra, *headings.doubled)} | headings.unused
    beside: dict[int, list[Cell]] = {}
    for line in lines:
        for column, cell in line.whole.items():
            if column not in body.names and column not in headed and not cell.formula:
                beside.setdefault(column, []).append(cell)
    for _, cells in sorted(beside.items()):
        extract.add_finding("stray-cell", _WARNING, {"cells": str(len(cells))}, cells[0])


def check_merged(extract: Extract, body: Body) -> None:
    """The values that a merged range hides: only its first cell counts."""
    for (top, left, bottom, right), cells in sorted(body.buried.items()):
        params = {"range": f"{address(top, left)}:{address(bottom, right)}"}
        extract.add_finding("under-merged", _WARNING, params | {"cells": str(len(cells))}, cells[0])


def check_hidden(extract: Extract, sheet: Sheet) -> None:
    """Hidden rows and columns that hold something, or that the whole sheet is hidden."""
    if sheet.state != "visible":
        extract.add_finding("hidden-sheet", _WARNING, {})
        return
    rows = {row for row, _ in sheet.cells} & sheet.hidden_rows
    columns = {column for _, column in sheet.cells} & sheet.hidden_columns
    if rows:
        extract.add_finding("hidden-rows", _WARNING, {"rows": row_ranges(rows)})
    if columns:
        letters = ", ".join(column_letters(column) for column in sorted(columns))
        extract.add_finding("hidden-columns", _WARNING, {"columns": letters})


def check_struck(extract: Extract, lines: Iterable[FilledRow]) -> None:
    """Rows with a value that is struck out, which a person takes for deleted: they count."""
    rows = [line.row for line in lines if any(c.style.struck for c in line.whole.values())]
    if rows:
        extract.add_finding("struck-rows", _WARNING, {"rows": row_ranges(rows)})


def check_boxes(extract: Extract, headings: Headings, sheet: Sheet) -> None:
    """Shapes with a text over the table, which are in no cell and so are not read."""
    for box in sheet.boxes:
        top, left, bottom, right = box.range
        if bottom >= headings.first_row:
            params = {"range": f"{address(top, left)}:{address(bottom, right)}"}
            params |= {"text": textwrap.shorten(box.text, _SHOWN, placeholder="…")}
            extract.add_finding("text-box", _WARNING, params)


# --- at the head of the sheet ---------------------------------------------------------------------


def check_headings(extract: Extract, headings: Headings) -> None:
    """Headings that a figure needs refuse the form; a single one in doubt holds its rows back."""
    vital: list[str] = []
    for name in headings.missing(extract.form):
        column = extract.form.column(name)
        severity = headings.weight_of_missing(column, extract.form)
        if severity is None:
            continue
        params = {"heading": one_line(column.th), "row": str(headings.first_row)}
        params |= {"seen": _nearest(column.th, headings)}
        extract.add_finding("missing-heading", severity, params, column=name)
        vital += [params["seen"]] if severity is _ERROR else []
    for name, cell in headings.guessed.items():
        params = {"heading": one_line(extract.form.column(name).th), "seen": one_line(cell.raw)}
        extract.add_finding("heading-read-as", _NOTE, params, cell)
    for cell in headings.doubled:
        extract.add_finding("doubled-heading", _ERROR, {"heading": one_line(cell.raw)}, cell)
    for cell in headings.extra:
        extract.add_finding("extra-heading", _NOTE, {"heading": one_line(cell.raw)}, cell)
    extract.refused |= bool(headings.doubled) or len(vital) > 1 or vital == [_NONE]


def _nearest(heading: str, headings: Headings) -> str:
    """The unknown heading most like the missing one, to ask whether it was meant; or _NONE."""
    seen = {matching_key(cell.raw): cell.raw for cell in headings.extra}
    near = difflib.get_close_matches(matching_key(heading), seen, 1, _SIMILAR)
    return seen[near[0]] if near else _NONE


def labels(sheet: Sheet, extract: Extract, before: int) -> dict[str, tuple[int, int]]:
    """The cell right of each label above the table; the nearest filled one, else the next."""
    keys = {key: c.name for c in extract.form.labelled_columns for key in c.heading_keys}
    cells: dict[str, tuple[int, int]] = {}
    if not keys:
        return cells
    for (row, column), cell in sorted(sheet.cells.items()):
        if row >= before:
            break
        name = keys.get(matching_key(cell.raw.rstrip(": ")))
        if name is not None:
            cells.setdefault(name, (row, _value_column(sheet, row, column, keys)))
    return cells


def _value_column(sheet: Sheet, row: int, label: int, keys: Mapping[str, str]) -> int:
    right = sorted((n, cell) for (r, n), cell in sheet.cells.items() if r == row and n > label)
    for column, cell in right:
        is_label = matching_key(cell.raw.rstrip(": ")) in keys
        return label + 1 if is_label else column
    return label + 1
