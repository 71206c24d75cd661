"""What each row below the headings is: a row of data, or something printed between and around.

A row is a stray where more than 20 empty rows part it from the table and fewer than half of the
columns that the form needs are filled; its cells are named, not read as a row of data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice

from pipeline.headings import Headings, Rows, heading_names
from pipeline.workbook.reader import Cell, CellType, Sheet
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec
from schemas.kit.layouts import heading_key
from schemas.kit.thai.wording import (
    is_note,
    is_numbering,
    is_signature,
    is_title,
    is_total_label,
    says_nothing,
)

_GAP = 20
_FEW = 2


class RowSort(StrEnum):
    """What a row is."""

    DATA = "data"
    CONTINUED = "continued"
    TOTAL = "total"
    UNNAMED = "unnamed"
    SEPARATOR = "separator"
    REPEATED = "repeated"
    ELSEWHERE = "elsewhere"
    NUMBERING = "numbering"
    NOTHING = "nothing"
    NOTE = "note"
    STRAY = "stray"


_LOOSE = (RowSort.DATA, RowSort.CONTINUED, RowSort.STRAY, RowSort.SEPARATOR, RowSort.UNNAMED)

_TITLES = (*_LOOSE, RowSort.REPEATED, RowSort.NUMBERING, RowSort.NOTE)


@dataclass(frozen=True)
class FilledRow:
    """One filled row: the cells under headings by name ("+" before a following one), and all."""

    row: int
    cells: Mapping[str, Cell]
    whole: Mapping[int, Cell]

    @property
    def first(self) -> Cell:
        """Its first filled cell."""
        return self.whole[min(self.whole)]


class Body:
    """The rows of a sheet below its headings, each told apart from the others.

    `buried` are the filled cells that a merged range hides, `spread` gives for each place in a
    range merged down one column the cell whose value stands for it.
    """

    def __init__(self, sheet: Sheet, rows: Rows, headings: Headings, form: FormSpec) -> None:
        """Take a sheet whose headings are found."""
        self._sheet, self._rows, self._headings, self._form = sheet, rows, headings, form
        self.names: dict[int, list[str]] = {}
        for name, position in headings.columns.items():
            self.names.setdefault(position, []).append(name)
        for name, position in headings.follows.items():
            self.names.setdefault(position, []).append("+" + name)
        self.buried: dict[tuple[int, int, int, int], list[Cell]] = {}
        self.spread: dict[tuple[int, int], Cell] = {}
        self._wide: set[int] = set()
        for area in sheet.merged:
            self._merge(area)

    def _merge(self, area: tuple[int, int, int, int]) -> None:
        top, left, bottom, right = area
        corner = self._sheet.cell(top, left)
        if bottom < self._headings.first_row:
            return
        filled = self._filled(top, bottom)
        inside = [
            cell
            for row in filled
            for column, cell in self._rows[row].items()
            if left <= column <= right and (row, column) != (top, left)
        ]
        if inside:
            self.buried[area] = inside
        if top > self._headings.last_row and corner is not None:
            if left == right:
                self.spread |= {(row, left): corner for row in filled if row != top}
            elif top == bottom and 2 * (right - left + 1) >= len(self.names):
                self._wide.add(top)

    def _filled(self, top: int, bottom: int) -> list[int]:
        """The filled rows of a range, which may be as long as a sheet."""
        if bottom - top < len(self._rows):
            return [row for row in range(top, bottom + 1) if row in self._rows]
        return [row for row in sorted(self._rows) if top <= row <= bottom]

    @cached_property
    def _formulas(self) -> frozenset[str]:
        columns = self._form.table_columns
        return frozenset(c.name for c in columns if c.filled is Filled.FORMULA)

    @cached_property
    def _under(self) -> set[tuple[int, int]]:
        return {(c.row, c.column) for cells in self.buried.values() for c in cells}

    @cached_property
    def _needed(self) -> frozenset[str]:
        """The columns of this sheet that the form needs: they say that a row is one of data."""
        weights = {name: self._form.column(name).required for name in self._headings.columns}
        needed = {name for name, weight in weights.items() if weight is not None}
        return frozenset(needed or weights)

    @cached_property
    def _heads(self) -> frozenset[str]:
        titles = (r for r in self._rows if r < self._headings.first_row)
        return frozenset(heading_key(c.raw) for r in titles for c in self._rows[r].values())

    @property
    def above(self) -> str:
        """What is printed above the headings."""
        titles = (row for row in sorted(self._rows) if row < self._headings.first_row)
        return " ".join(cell.raw for row in titles for cell in self._rows[row].values())

    @cached_property
    def _heading_names(self) -> Mapping[str, tuple[str, ...]]:
        return heading_names(self._form, self._headings.layout)

    def lines(self) -> Iterator[tuple[FilledRow, RowSort]]:
        """Every filled row in order, and what it is."""
        lines = list(self._sorted())
        for number, (line, sort) in enumerate(lines):
            if sort is RowSort.REPEATED and len(line.cells) > _FEW:
                first = self._first_of_title(lines, number)
                titles = ((above, RowSort.REPEATED) for above, _ in lines[first:number])
                lines[first:number] = titles
        return iter(lines)

    def _first_of_title(self, lines: Sequence[tuple[FilledRow, RowSort]], number: int) -> int:
        """Where the lines of a title begin that stands above headings in the midst of a sheet.

        It begins with its words, or behind an empty row: else a line goes on with a purchase.
        """
        first = number
        while first and lines[first - 1][1] in _TITLES and self._is_loose(lines[first - 1][0]):
            first -= 1
        for at in range(first, number):
            line, above = lines[at][0], lines[at - 1][0].row if at else 0
            if is_title(line.first.raw) or line.row > above + 1:
                return at
        return number

    def _sorted(self) -> Iterator[tuple[FilledRow, RowSort]]:
        """Every filled row and what it is by itself and by the one above it."""
        filled = [line for line in map(self._line, sorted(self._rows)) if line is not None]
        certain = [line.row for line in filled if self._is_certain(line)]
        last = max(certain, default=self._headings.last_row)
        before, after_note, signed = self._headings.last_row, False, False
        previous = RowSort.SEPARATOR
        for line in filled:
            sort = self._sort(line, previous, gap=line.row - before - 1)
            trailing = (line.row > last and after_note) or signed
            if trailing and self._is_loose(line) and sort in _LOOSE:
                sort = RowSort.NOTE
            yield line, sort
            after_note = sort in (RowSort.NOTE, RowSort.TOTAL)
            signed = sort is RowSort.NOTE and (signed or is_signature(line.first.raw))
            previous = sort
            before = before if sort is RowSort.STRAY else line.row

    def _line(self, row: int) -> FilledRow | None:
        """The row, or nothing where all it holds are formulas of ours or hidden by a merge."""
        if row <= self._headings.last_row:
            return None
        whole = self._rows[row]
        if self._under:
            whole = {n: c for n, c in whole.items() if (row, n) not in self._under}
        cells = {name: cell for n, cell in whole.items() for name in self.names.get(n, ())}
        if cells.keys() - self._formulas or any(
            n not in self.names and not c.formula for n, c in whole.items()
        ):
            return FilledRow(row, cells, whole)
        return None

    def _is_loose(self, line: FilledRow) -> bool:
        return len(line.cells) <= _FEW and self._is_text(line)

    def _is_certain(self, line: FilledRow) -> bool:
        return 2 * len(self._needed & line.cells.keys()) >= len(self._needed)

    def _is_text(self, line: FilledRow) -> bool:
        return all(cell.kind is CellType.TEXT for cell in line.whole.values())

    def _sort(self, line: FilledRow, previous: RowSort, gap: int) -> RowSort:
        """What the row is by what stands in it."""
        if self._says_nothing(line):
            return RowSort.NOTHING
        if self._is_certain(line) and not self._is_heading(line):
            return RowSort.TOTAL if self._is_total(line) else RowSort.DATA
        if not line.cells.keys() or line.row in self._wide:
            return self._apart(line)
        if line.cells.keys() == line.cells.keys() & self._counters and len(line.whole) == 1:
            return RowSort.NUMBERING
        repeated = self._repeated(line)
        if repeated:
            return repeated
        if gap > _GAP:
            return RowSort.STRAY
        return self._sparse(line, previous)

    def _sparse(self, line: FilledRow, previous: RowSort) -> RowSort:
        """What a row is in which little is filled."""
        if self._is_total(line):
            return RowSort.TOTAL
        if len(line.cells) <= _FEW and is_note(line.first.raw):
            return RowSort.NOTE
        if self._is_continued(line, previous):
            return RowSort.CONTINUED
        return RowSort.UNNAMED if self._is_unnamed(line) else RowSort.DATA

    def _apart(self, line: FilledRow) -> RowSort:
        """What a row is that is merged across the table, or that stands beside it."""
        if self._is_total(line):
            return RowSort.TOTAL
        if line.row in self._wide and not is_note(line.first.raw):
            alone = len(line.whole) == 1
            return RowSort.SEPARATOR if alone else self._sparse(line, RowSort.SEPARATOR)
        keys = {heading_key(cell.raw) for cell in line.whole.values()}
        is_remark = is_note(line.first.raw) or keys <= self._heads
        return RowSort.NOTE if self._is_text(line) and is_remark else RowSort.STRAY

    def _is_heading(self, line: FilledRow) -> bool:
        """Whether the row may be headings again: one of its first texts is, or it has numbers."""
        texts = (cell.raw for cell in line.whole.values() if cell.kind is CellType.TEXT)
        return any(heading_key(each) in self._heading_names for each in islice(texts, _FEW)) or (
            is_numbering([cell.raw for cell in line.whole.values()])
        )

    def _repeated(self, line: FilledRow) -> RowSort | None:
        """Headings or titles printed again, or the numbers of the columns."""
        if is_numbering([cell.raw for cell in line.whole.values()]):
            return RowSort.NUMBERING
        keys = {n: heading_key(c.raw) for n, c in line.whole.items() if c.kind is CellType.TEXT}
        if keys and len(keys) == len(line.whole) and set(keys.values()) <= self._heads:
            return RowSort.REPEATED
        if not self._is_heading(line):
            return None
        named = {
            n: self._heading_names[key] for n, key in keys.items() if key in self._heading_names
        }
        matching = sum(set(names) <= set(self.names.get(n, ())) for n, names in named.items())
        headings_alone = len(named) == len(line.whole) > 1
        if len(named) <= _FEW and len(named) < len(self.names) and not headings_alone:
            return None
        if headings_alone and len(named) <= _FEW:
            return RowSort.REPEATED  # the second line of headings that stand here again
        return RowSort.REPEATED if 2 * matching >= len(named) else RowSort.ELSEWHERE

    @cached_property
    def _others(self) -> frozenset[str]:
        names = self._headings.columns
        return frozenset(n for n in names if not self._form.column(n).kind.sums)

    @cached_property
    def _counters(self) -> frozenset[str]:
        """The columns that only number the rows: blank forms have such numbers printed."""
        begins = self._form.variants.begins
        return frozenset(n for n in begins if self._form.column(n).kind.identifies)

    def _columns(self, line: FilledRow) -> list[Column]:
        return [self._form.column(name) for name in line.cells if not name.startswith("+")]

    def _is_total(self, line: FilledRow) -> bool:
        """A label of a total, beside it at most one more text, and otherwise only amounts."""
        if len(self._others & line.cells.keys()) > _FEW:
            return False
        texts = (cell for cell in line.whole.values() if cell.kind is CellType.TEXT)
        return any(is_total_label(cell.raw) for cell in texts)

    def _is_unnamed(self, line: FilledRow) -> bool:
        """Amounts of money and nothing else."""
        columns = self._columns(line)
        alone = bool(columns) and len(columns) == len(line.whole)
        return alone and all(each.kind.alone_is_total for each in columns)

    def _is_continued(self, line: FilledRow, previous: RowSort) -> bool:
        """Texts alone, without what begins a row, right under a row."""
        begins = self._form.variants.begins
        if not begins or previous not in (RowSort.DATA, RowSort.CONTINUED):
            return False
        shared = {n for names in self.names.values() if len(names) > 1 for n in names}
        own = (each for each in self._columns(line) if each.name not in shared)
        return not set(begins) & line.cells.keys() and all(each.kind.continues for each in own)

    def _says_nothing(self, line: FilledRow) -> bool:
        """Whether the row says in words that there is nothing to report, and nothing besides."""
        words = self._headings.layout.nothing if self._headings.layout else ()
        if not words:
            return False
        at = {n for n, names in self.names.items() if set(names) & self._counters}
        texts = [c.raw for n, c in line.whole.items() if n not in at or not c.raw.isdecimal()]
        rest = [text for text in texts if not says_nothing(text, words)]
        return len(rest) < len(texts) and all(text.strip(" -–0.") == "" for text in rest)
