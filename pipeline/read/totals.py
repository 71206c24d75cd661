"""Totals among the rows: never counted, and compared with the rows they speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.model import Severity
from pipeline.read.extract import Extract, one_line, typed_cell
from pipeline.read.row_sorts import FilledRow
from pipeline.workbook.reader import Cell, CellType, address
from schemas.kit.columns import Column
from schemas.kit.kinds import Context


@dataclass(frozen=True)
class _Added:
    """What the cells of a column come to: `whole` as read, None once one could not be.

    `numbers` is the sum of those that are numbers to Excel too; `texts` are the others that are
    amounts: what SUM passes over.
    """

    whole: int | None = 0
    numbers: int = 0
    texts: tuple[Cell, ...] = ()

    def plus(self, value: int | None, cell: Cell) -> "_Added":
        """The sum with one more cell: a dash adds nothing, what cannot be read spoils it."""
        if self.whole is None or (value is None and any(sign.isdigit() for sign in cell.raw)):
            return replace(self, whole=None)
        if cell.kind is CellType.TEXT and value:
            return replace(self, whole=self.whole + value, texts=(*self.texts, cell))
        added = value or 0
        return replace(self, whole=self.whole + added, numbers=self.numbers + added)


class Totals:
    """Adds up the rows of one sheet: since its beginning, and since the last total.

    A column in which nothing stood has no sum.
    """

    def __init__(self, extract: Extract, context: Context) -> None:
        """Begin with nothing."""
        self._extract, self._context = extract, context
        self._all: dict[str, _Added] = {}
        self._since: dict[str, _Added] = {}
        self._columns = [c for c in extract.form.table_columns if c.kind.sums]

    def add(self, line: FilledRow, values: Mapping[str, Any]) -> None:
        """Count a row of data."""
        for column in self._columns:
            if column.name in line.cells:
                for sums in (self._all, self._since):
                    before = sums.get(column.name, _Added())
                    added = before.plus(values[column.name], line.cells[column.name])
                    sums[column.name] = added

    def is_one(self, line: FilledRow) -> bool:
        """Whether amounts that stand alone are the sums of the rows above them."""
        stated = {name: self._stated(name, cell) for name, cell in line.cells.items()}
        if not stated or None in stated.values():
            return False
        known = ({n: each.whole for n, each in s.items()} for s in (self._since, self._all))
        return any(stated.items() <= sums.items() for sums in known)

    def report(self, line: FilledRow) -> None:
        """Say that a row is a total, and where it differs from its rows."""
        self._extract.add_finding("total-row", Severity.NOTE, {}, line.first)
        for column in self._columns:
            cell = line.cells.get(column.name)
            sums = [s[column.name] for s in (self._since, self._all) if column.name in s]
            stated = self._stated(column.name, cell) if cell else None
            wholes = [each.whole for each in sums]
            if cell and stated is not None and sums and None not in wholes and stated not in wholes:
                self._differs(column, cell, stated, sums)
        self._since = {}

    def _differs(self, column: Column, cell: Cell, stated: int, sums: Sequence[_Added]) -> None:
        """One finding: by its cause where that is seen, amounts that are texts to Excel."""
        cause = next((each for each in sums if each.texts and each.numbers == stated), None)
        total = (cause or sums[0]).whole
        params = {
            "heading": one_line(column.th),
            "sum": column.kind.plain(total, self._context),
        }
        if cause:
            cells = (address(text.row, text.column) for text in cause.texts)
            params["cells"] = ", ".join(cells)
        code = "total-skips-text" if cause else "total-differs"
        self._extract.add_finding(code, Severity.WARNING, params, cell)

    def _stated(self, name: str, cell: Cell) -> int | None:
        column = self._extract.form.column(name.removeprefix("+"))
        value = column.read(typed_cell(cell), self._context).value
        return value if isinstance(value, int) else None
