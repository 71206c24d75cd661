"""Data sheets: real Excel tables whose columns bear names that the figures' formulas use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter.format import Format

from pipeline.report.cell_content import Link, Placed, Plain, is_blank
from pipeline.report.page import Page
from pipeline.styles import HIGHEST_ROW, row_height, write_text
from schemas.kit.columns import Column
from schemas.kit.kinds import Context

_SIZE = 14.0
_ONE_LINE = row_height([])


@dataclass(frozen=True)
class TableColumn:
    """A column of a data sheet: its name in formulas ("" for none), heading, look and width.

    The look "row" is that of a row's number, which is Arabic as it is in Excel.
    """

    identifier: str
    heading: str
    look: str
    width: float
    wrap: bool = False


class DataTable:
    """A table written row by row below the cursor of a page."""

    def __init__(self, page: Page, prefix: str, columns: Sequence[TableColumn]) -> None:
        """`prefix` stands before the columns' identifiers in their names and names the table."""
        self._page, self._prefix, self._columns = page, prefix, columns
        self._plain = [self._format(column, "") for column in columns]
        self._marked = [self._format(column, "=") for column in columns]
        self._head = page.at
        page.height(_ONE_LINE * 2)
        self._rows = 0

    def _format(self, column: TableColumn, text: str, *, wrap: bool | None = None) -> Format:
        wrapped = column.wrap if wrap is None else wrap
        if column.look == "row":
            return self._page.book.look("count", num_format="0")
        return self._page.book.text_look(column.look, text, text_wrap=wrapped)

    def write(self, rows: Iterable[Sequence[Plain | Link]]) -> None:
        """Write all rows, then the table around them; an empty table has one blank row."""
        for row in rows:
            self._write_row(row)
        if not self._rows:
            self._write_row([None] * len(self._columns))
        self._close()

    def _write_row(self, row: Sequence[Plain | Link]) -> None:
        needed = _ONE_LINE
        for number, value in enumerate(row):
            needed = max(needed, self._write(number, value))
        self._page.height(needed)
        self._rows += 1

    def _write(self, number: int, value: Plain | Link) -> float:
        """Write one cell; gives the height it needs."""
        sheet, at = self._page.sheet, self._page.at
        if isinstance(value, str):
            return self._write_text(number, value)
        if isinstance(value, Link):
            self._page.put(number, value)
        elif value is None:
            sheet.write_blank(at, number, None, self._plain[number])
        elif isinstance(value, (date, datetime)):
            sheet.write_datetime(at, number, value, self._plain[number])
        else:
            sheet.write_number(at, number, value, self._plain[number])
        return _ONE_LINE

    def _write_text(self, number: int, text: str) -> float:
        column, needed = self._columns[number], _ONE_LINE
        chosen = (self._marked if text[:1] in set("=+-@\t\r") else self._plain)[number]
        if column.wrap or "\n" in text:
            needed = row_height([(text, column.width, _SIZE)])
            chosen = self._format(column, text, wrap=True)
        if needed >= HIGHEST_ROW:
            # Excel has no higher row: such a text is shown on one line, whole in the cell.
            text, needed = text.replace("\n", " "), _ONE_LINE
            chosen = self._format(column, text, wrap=False)
        write_text(self._page.sheet, self._page.at, number, text, chosen)
        return needed

    def _close(self) -> None:
        page, first = self._page, self._head + 1
        last = self._head + self._rows
        headings = distinct([column.heading for column in self._columns])
        page.sheet.add_table(
            self._head,
            0,
            last,
            len(self._columns) - 1,
            {
                "name": f"table_{self._prefix}",
                "style": None,
                "columns": [
                    {"header": heading, "header_format": page.book.look("heading")}
                    for heading in headings
                ],
            },
        )
        widths = ((h, c.width - 3, _SIZE) for h, c in zip(headings, self._columns, strict=True))
        page.sheet.set_row(self._head, row_height(widths, bold=True))
        places = {c.identifier: n for n, c in enumerate(self._columns) if c.identifier}
        page.book.placed[self._prefix] = Placed(page.name, first, places)
        for number, column in enumerate(self._columns):
            if column.identifier:
                name = f"{self._prefix}.{column.identifier}"
                page.book.define_column(name, page.name, (first, last), number)

    @property
    def head(self) -> int:
        """The heading row."""
        return self._head


def distinct(headings: Sequence[str]) -> list[str]:
    """The headings with a number behind those that were there before, as a table demands."""
    seen: dict[str, int] = {}
    made = []
    for heading in headings:
        count = seen[heading.casefold()] = seen.get(heading.casefold(), 0) + 1
        made.append(heading if count == 1 else f"{heading} ({count})")
    return made


def stored(value: object, column: Column, context: Context) -> Plain:
    """A stored value as a cell holds it: a number in the units shown, a division by its name."""
    if is_blank(value):
        return None
    return plain(value) if isinstance(value, date) else column.kind.typed(value, context)


def plain(value: object, names: Mapping[object, str] | None = None) -> Plain:
    """A value of a frame as a cell holds it; `names` gives the shown word for a value."""
    if is_blank(value):
        return None
    if names is not None:
        return names.get(value, str(value))
    if isinstance(value, (date, datetime)):
        return datetime(*value.timetuple()[:6])  # noqa: DTZ001 - Excel knows no zones
    return value if isinstance(value, str) else int(value)  # type: ignore[call-overload]
