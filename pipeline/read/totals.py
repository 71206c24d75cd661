"""Totals among the rows: never counted, and compared with the rows they speak of."""

from collections.abc import Mapping
from typing import Any

from pipeline.model import Severity
from pipeline.read.extract import Extract, one_line, typed_cell
from pipeline.read.row_sorts import FilledRow
from pipeline.workbook.reader import Cell
from schemas.kit.kinds import Context


class Totals:
    """Adds up the rows of one sheet: since its beginning, and since the last total.

    A sum is None once a cell of it could not be read; a column in which nothing stood has none.
    """

    def __init__(self, extract: Extract, context: Context) -> None:
        """Begin with nothing."""
        self._extract, self._context = extract, context
        self._all: dict[str, int | None] = {}
        self._since: dict[str, int | None] = {}
        self._columns = [c for c in extract.form.table_columns if c.kind.sums]

    def add(self, line: FilledRow, values: Mapping[str, Any]) -> None:
        """Count a row of data."""
        for column in self._columns:
            if column.name in line.cells:
                for sums in (self._all, self._since):
                    sums[column.name] = _plus(
                        sums.get(column.name, 0), values[column.name], line.cells[column.name]
                    )

    def is_one(self, line: FilledRow) -> bool:
        """Whether amounts that stand alone are the sums of the rows above them."""
        stated = {name: self._stated(name, cell) for name, cell in line.cells.items()}
        if not stated or None in stated.values():
            return False
        return any(stated.items() <= sums.items() for sums in (self._since, self._all))

    def report(self, line: FilledRow) -> None:
        """Say that a row is a total, and where it differs from its rows."""
        self._extract.add_finding("total-row", Severity.NOTE, {}, line.first)
        for column in self._columns:
            cell = line.cells.get(column.name)
            sums = [s[column.name] for s in (self._since, self._all) if column.name in s]
            stated = self._stated(column.name, cell) if cell else None
            if cell and stated is not None and sums and None not in sums and stated not in sums:
                params = {
                    "heading": one_line(column.th),
                    "sum": column.kind.plain(sums[0], self._context),
                }
                self._extract.add_finding("total-differs", Severity.WARNING, params, cell)
        self._since = {}

    def _stated(self, name: str, cell: Cell) -> int | None:
        column = self._extract.form.column(name.removeprefix("+"))
        value = column.read(typed_cell(cell), self._context).value
        return value if isinstance(value, int) else None


def _plus(before: int | None, value: int | None, cell: Cell) -> int | None:
    """The sum with one more cell: a dash adds nothing, what cannot be read spoils it."""
    if before is None or (value is None and any(sign.isdigit() for sign in cell.raw)):
        return None
    return before + (value or 0)
