"""One sheet read as a stream: what is kept of it is its filled cells."""

import re
from collections.abc import Iterable, Iterator

from pipeline.workbook.addresses import LAST_COLUMN, address, column_number, parse_range, row_number
from pipeline.workbook.grid import Cell, Sheet
from pipeline.workbook.refusal import NotAWorkbook, damaged
from pipeline.workbook.values import InlineText, Tally, TextRuns, Values
from pipeline.workbook.xml_stream import Attributes, Handlers

MOST_ROWS = 60_000  # filled ones of one sheet; the largest municipality buys some 20,000 a year
_HEAD = 200  # rows that are kept of a longer sheet: they say what it is
MOST_EVENTS = 4 * LAST_COLUMN  # of one row: a cell, its formula and its value, and one to spare

_TRUE = ("1", "true")
_BLANK = rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?: t="[a-z]")? ?/>'
_RUN = re.compile(b"(?:" + _BLANK + b")+(" + _BLANK + b")")
_BEGINNING = b"<c "
_NO_SIZE = re.compile(r"0+(?:\.0*)?")
_MARKED_SECTION = b"<!"
# Where these lie in a sheet; what bears their names elsewhere is none of its cells.
_DEPTHS = {"worksheet": 1, "sheetData": 2, "col": 3, "row": 3, "mergeCell": 3, "c": 4, "v": 5,
           "f": 5, "is": 5}  # fmt: skip


class Overlong(Exception):  # noqa: N818 - no mistake of ours: the sheet has been read far enough
    """Stops the reading of a sheet with more filled rows than any form may have."""


class _Formula:
    """Marks, among the elements of a row, that the cell holds a formula."""


_FORMULA = _Formula()


class SheetReader:
    """Follows the elements of one sheet and gathers its filled cells, a row at a time.

    Beginnings of cells and values go straight into a list, which is judged where the row ends:
    nothing of ours runs for each of them, and that is most of the time a sheet takes.
    """

    def __init__(self, name: str, values: Values) -> None:
        """Start above the first row."""
        self._name = name
        self._values, self._tally = values, values.tally
        self._cells: dict[tuple[int, int], Cell] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merged: list[tuple[int, int, int, int]] = []
        self._is_sheet = False
        self._tables = 0
        self._in_table = self._in_text = False
        self._row = self._column = self._rows = 0
        self._row_text, self._row_hidden = "", False
        self._events: list[Attributes | str | _Formula] = []
        self._runs = TextRuns()

    @property
    def handlers(self) -> Handlers:
        """Say which elements of a sheet we look at."""
        return Handlers(
            {
                "worksheet": self._begin_sheet,
                "sheetData": self._begin_table,
                "col": self._begin_column,
                "row": self._begin_row,
                "c": self._events.append,
                "v": bool,
                "f": self._begin_formula,
                "is": self._begin_inline,
                "t": bool,
                "rPh": self._runs.begin_phonetic,
                "mergeCell": self._merge,
            },
            {
                "sheetData": self._end_table,
                "row": self._end_row,
                "v": self._events.append,
                "t": self._add_run,
                "rPh": self._runs.end_phonetic,
                "is": self._end_inline,
            },
            self._check,
            _DEPTHS,
            self._damaged_cell,
            self._refuse_stranger,
        )

    def sheet(self, state: str) -> Sheet:
        """Give what was gathered.

        Raises NotAWorkbook where the part was no sheet.
        """
        if not self._is_sheet:
            raise damaged(self._name)
        if self._events:
            raise self._damaged_cell()
        self._tally.check()
        return Sheet(
            self._name,
            self._cells,
            state,
            frozenset(self._hidden_rows),
            frozenset(self._hidden_columns),
            tuple(self._merged),
        )

    def head(self, state: str) -> Sheet:
        """Give the beginning of a sheet that is too long: enough to say which it is."""
        cells = {place: cell for place, cell in self._cells.items() if place[0] <= _HEAD}
        return Sheet(self._name, cells, state, overlong=True)

    def _damaged_cell(self) -> NotAWorkbook:
        """Refuse the file, naming the cell that we stand at."""
        place = address(max(self._row, 1), max(self._column, 1))
        return damaged(f"{self._name}!{place}")

    def _check(self) -> None:
        """Stop before a row without end fills the memory."""
        if len(self._events) > MOST_EVENTS:
            raise self._damaged_cell()
        self._tally.check()

    def _begin_sheet(self, _: Attributes) -> None:
        self._is_sheet = True

    def _begin_table(self, _: Attributes) -> None:
        self._tables += 1
        self._in_table = True
        if self._tables > 1:
            raise self._damaged_cell()

    def _end_table(self, _: str) -> None:
        self._in_table = False

    def _refuse_stranger(self, _: Attributes) -> None:
        """Refuse what stands among rows and cells and is none: another reader might see cells."""
        if self._in_table and not self._in_text:
            raise self._damaged_cell()

    def _begin_column(self, attributes: Attributes) -> None:
        if not _is_unseen(attributes, "width"):
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if not (_counts_column(first) and _counts_column(last)):
            raise self._damaged_cell()
        self._hidden_columns.update(range(int(first), int(last) + 1))

    def _begin_row(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        try:
            row = row_number(str(self._row + 1) if reference is None else reference)
        except ValueError:
            raise self._damaged_cell() from None
        if row <= self._row or self._events or not self._in_table:
            raise self._damaged_cell()
        self._row, self._column = row, 0
        self._row_text = str(row)
        self._row_hidden = _is_unseen(attributes, "ht")

    def _begin_formula(self, _: Attributes) -> None:
        self._events.append(_FORMULA)

    def _begin_inline(self, attributes: Attributes) -> None:
        self._in_text = True
        self._runs.begin(attributes)

    def _add_run(self, text: str) -> None:
        if not self._in_text:
            raise self._damaged_cell()
        self._runs.add(text)

    def _end_inline(self, _: str) -> None:
        self._in_text = False
        self._events.append(InlineText(self._runs.whole()))

    def _end_row(self, _: str) -> None:
        """Judge the row's cells, each with what followed its beginning."""
        filled = len(self._cells)
        try:
            self._read_row()
        except ValueError:
            raise self._damaged_cell() from None
        self._events.clear()
        if len(self._cells) > filled:
            self._rows += 1
            if self._row_hidden:
                self._hidden_rows.add(self._row)
        if self._rows > MOST_ROWS:
            raise Overlong

    def _read_row(self) -> None:
        """Put each cell together and read it."""
        attributes: Attributes | None = None
        value: str | None = None
        formula = False
        for event in self._events:
            if isinstance(event, dict):
                if attributes is not None:
                    self._read_cell(attributes, value, formula=formula)
                attributes, value, formula = event, None, False
            elif event is _FORMULA:
                formula = True
            elif attributes is None or (value and event):
                raise ValueError("a value that is of no cell, or a second one")
            elif isinstance(event, str) and (event or value is None):
                value = event  # some programs write an empty one beside a text in the cell
        if attributes is not None:
            self._read_cell(attributes, value, formula=formula)

    def _read_cell(self, attributes: Attributes, value: str | None, *, formula: bool) -> None:
        """Keep one cell if it is filled; without a name of its own it stands after the last."""
        reference, row_text = attributes.get("r"), self._row_text
        column = self._column + 1
        if reference is not None:
            if not reference.endswith(row_text):
                raise ValueError("a cell of another row")
            column = column_number(reference[: -len(row_text)])
        if not self._column < column <= LAST_COLUMN:
            raise ValueError("a cell before the last one, or beyond the sheet")
        self._column = column
        cell = None
        if value is not None or formula:
            cell = self._values.read(self._row, column, attributes, value, formula=formula)
        if cell is None:
            self._tally.blanks += 1
            return
        self._cells[self._row, column] = cell
        self._tally.cells += 1

    def _merge(self, attributes: Attributes) -> None:
        try:
            top, left, bottom, right = parse_range(attributes.get("ref", ""))
        except ValueError:
            raise self._damaged_cell() from None
        self._merged.append((top, left, bottom, right))
        self._tally.merged += (bottom - top + 1) * (right - left + 1)


def _is_unseen(attributes: Attributes, size: str) -> bool:
    """Say whether a row or a column is hidden, or of no height or width, which is the same."""
    stated = attributes.get(size, "")
    return attributes.get("hidden", "0") in _TRUE or bool(_NO_SIZE.fullmatch(stated))


def _counts_column(text: str) -> bool:
    """Say whether this is the number of a column that a sheet has."""
    plain_digits = text.isascii() and text.isdigit() and len(text) <= len(str(LAST_COLUMN))
    return plain_digits and 1 <= int(text) <= LAST_COLUMN


def thinned(chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    """Pass a sheet's pieces on without all but the last cell of each run of blank ones.

    A form's empty rows are most of what its sheet stores. The last cell of a run stays, so that
    cells without a name are still counted from the right place; from the first comment or marked
    section on, in which such bytes may be text, nothing is cut.
    """
    before = b""
    plain = True
    for chunk in chunks:
        plain = plain and _MARKED_SECTION not in before + chunk
        if plain:
            kept = _RUN.sub(rb"\1", chunk)
            if len(kept) != len(chunk):
                tally.blanks += chunk.count(_BEGINNING) - kept.count(_BEGINNING)
            yield kept
        else:
            yield chunk
        before = chunk[-1:]
