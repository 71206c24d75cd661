"""What stands around a table: cells beside it, cells under merged ones, hidden rows and columns."""

from collections.abc import Iterable, Mapping

from pipeline.headings import Headings
from pipeline.model import Severity
from pipeline.read.extract import Extract, in_words
from pipeline.read.row_sorts import Body, FilledRow, RowSort
from pipeline.workbook.addresses import address, column_letters
from pipeline.workbook.reader import Cell, Sheet

WARNING = Severity.WARNING
_TOLD = {
    RowSort.REPEATED: "repeated-heading",
    RowSort.SEPARATOR: "separator-rows",
    RowSort.NOTE: "note-rows",
    RowSort.CONTINUED: "continued-rows",
}


def tell_of_rows(made: Extract, sorts: Mapping[RowSort, list[FilledRow]]) -> None:
    """What was found between the rows, one finding for each kind of it; strays by their cells."""
    for sort, code in _TOLD.items():
        if sort in sorts:
            params = {"rows": in_words(line.row for line in sorts[sort])}
            made.tell(code, Severity.NOTE, params, sorts[sort][0].first)
    for line in sorts.get(RowSort.STRAY, ()):
        for cell in line.whole.values():
            made.tell("stray-cell", WARNING, {"cells": "1"}, cell)


def tell_of_strays(made: Extract, found: Headings, body: Body, lines: Iterable[FilledRow]) -> None:
    """The cells in columns that have no heading, one finding for each column."""
    headed = {cell.column for cell in (*found.extra, *found.doubled)} | found.unused
    beside: dict[int, list[Cell]] = {}
    for line in lines:
        for column, cell in line.whole.items():
            if column not in body.names and column not in headed and not cell.formula:
                beside.setdefault(column, []).append(cell)
    for _, cells in sorted(beside.items()):
        made.tell("stray-cell", WARNING, {"cells": str(len(cells))}, cells[0])


def tell_of_buried(made: Extract, body: Body) -> None:
    """The values that a merged range hides: only its first cell counts."""
    for (top, left, bottom, right), cells in sorted(body.buried.items()):
        params = {"range": f"{address(top, left)}:{address(bottom, right)}"}
        made.tell("under-merged", WARNING, params | {"cells": str(len(cells))}, cells[0])


def tell_of_hidden(made: Extract, sheet: Sheet) -> None:
    """Hidden rows and columns that hold something, or that the whole sheet is hidden."""
    if sheet.state != "visible":
        made.tell("hidden-sheet", WARNING, {})
        return
    rows = {row for row, _ in sheet.cells} & sheet.hidden_rows
    columns = {column for _, column in sheet.cells} & sheet.hidden_columns
    if rows:
        made.tell("hidden-rows", WARNING, {"rows": in_words(rows)})
    if columns:
        letters = ", ".join(column_letters(column) for column in sorted(columns))
        made.tell("hidden-columns", WARNING, {"columns": letters})
