"""One sheet that is written from top to bottom: titles, notes, tables, figures, links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_range, xl_rowcol_to_cell

from pipeline.messages import figure_text, figure_title, say
from pipeline.model import Figure
from pipeline.report.book import Book
from pipeline.report.cell_content import (
    UNIT_LOOKS,
    Cell,
    FigureCell,
    Link,
    Live,
    Plain,
    Value,
    figure_value,
)
from pipeline.report.paging import page_breaks, page_height
from pipeline.styles import FONT, HIGHEST_ROW, print_setup, row_height, split_for_rows, write_text
from schemas.kit.form import FormSpec

_SIZE = 14
_SIZES = {"title": 18, "title_center": 18, "subtitle": 15, "small": 12}
_BETWEEN = 0.7
_DEFAULT_ROW = 15.0
_LONGEST_TIP = 255
_MOST_LINKS = 65_000  # Excel opens no sheet with more than 65,530
_LINK: Mapping[str, Any] = {
    "border": 1,
    "border_color": "#BFBFBF",
    "text_wrap": True,
    "align": "left",
    "indent": 1,
}
_TOTAL: Mapping[str, Any] = {"bold": True, "bg_color": "#F0F0F0"}


class Page:
    """A sheet with a cursor: `at` is the next row, counted from 0."""

    def __init__(self, book: Book, key: str, form: FormSpec | None = None) -> None:
        """Add the sheet, which may be that of one form; its name stands in the catalogue."""
        self.book, self.key, self.form = book, key, form
        self.name = say(f"report.sheet.{key}", form=form.about.sheet if form else "")
        self.sheet = book.add_sheet(self.name)
        self.widths: list[float] = []
        self.at = 0
        self._heights: dict[int, float] = {}
        self._blocks: list[int] = []
        self._repeated: int | None = None
        self._printed: int | None = None
        self._links = 0
        self._figures: list[tuple[int, int, Figure, Format, bool]] = []
        self._sections = 0

    def say(self, sentence: str, /, **params: object) -> str:
        """A sentence of this sheet."""
        return say(f"report.{self.key}.{sentence}", **params)

    def columns(self, *widths: float) -> None:
        """The widths of the columns, in Excel characters."""
        self.widths = list(widths)
        for number, width in enumerate(widths):
            self.sheet.set_column(number, number, width)

    def block(self) -> None:
        """Begin what should stand together on a printed page."""
        self._blocks.append(self.at)

    def paginate(self) -> None:
        """Begin printed pages so that they cut no block that fits on one; to be called last."""
        heights = [self._heights.get(row, _DEFAULT_ROW) for row in range(self.at)]
        room = page_height(self.widths[: self._printed])
        if self._repeated is not None:
            # Above the row that heads every following page there is room for as much more.
            whole, room = room, room - heights[self._repeated]
            above = [height * room / whole for height in heights[: self._repeated]]
            heights[: self._repeated] = above
        self.sheet.set_h_pagebreaks(page_breaks(heights, self._blocks, room))

    def printed(
        self, *, repeat: int | None = None, wide: int = 1, columns: int | None = None
    ) -> None:
        """Lay the sheet out for A4, so many pages wide; of the columns all, unless told how many.

        `repeat` is the row that heads every page.
        """
        footer = self.book.own(say("report.footer"))
        rows = None if repeat is None else (repeat, repeat)
        self._repeated, self._printed = repeat, columns
        print_setup(self.sheet, footer=footer, repeat=rows, wide=wide)
        if self.book.properties["edition"] == "draft":
            look = f'&R&"{FONT},Bold"&12'
            self.sheet.set_header(look + self.book.edition)

    def title(self, text: str = "") -> None:
        """The sheet's title, then the organisation and the round in a smaller line."""
        self.line(text or self.say("title"), "title")
        plan = self.book.plan
        about = say(
            "report.subtitle",
            organisation=plan.organisation.name,
            year=plan.round.fiscal_year.be,
            months=plan.round.months,
        )
        self.line(self.book.own(about), "small")
        self.sheet.hide_gridlines(2)

    def section(self, name: str, **params: object) -> None:
        """A heading over a block of what follows, after a gap; the first goes with the title."""
        if self._sections:
            self.block()
        self._sections += 1
        self.gap()
        self.line(self.book.own(self.say(name, **params)), "subtitle")

    def left_out(self, figure_id: str) -> None:
        """How many rows of the form that a figure counts await correction, and are in none here."""
        figures = self.book.assessment.figures
        form = next(figures[figure_id].term.leaves(figures)).frame
        waiting = self.book.figure(f"rows.{form}.held_back")
        if waiting is not None:
            count = Live(waiting.id, figure_value(waiting), "count")
            self.row([say("report.left-out"), count])

    def doubts(self) -> None:
        """What each total on this sheet is without the amounts that are in doubt, a line each."""
        shown = {figure.id: figure for _, _, figure, _, _ in self._figures}
        for figure in shown.values():
            if figure.without is not None:
                other = figure_text(replace(figure, value=figure.without))
                text = {"figure": figure_title(figure), "whole": figure_text(figure)}
                self.line(self.book.own(say("report.doubtful", **text, other=other)), "note")

    def line(
        self, text: str, look: str = "text_plain", columns: tuple[int, int] | None = None
    ) -> None:
        """A text over all columns, in as many rows as it needs."""
        first, last = columns or (0, len(self.widths) - 1)
        width = sum(self.widths[first : last + 1]) + _BETWEEN * (last - first)
        size = _SIZES.get(look, _SIZE)
        for part in split_for_rows(text, width, size):
            chosen = self.book.text_look(look, part)
            if last > first:
                self.sheet.merge_range(self.at, first, self.at, last, "", chosen)
            write_text(self.sheet, self.at, first, part, chosen)
            self.height(row_height([(part, width, size)], bold="title" in look))

    def row_with_sentence(self, cells: Sequence[Cell], sentence: str, last: int) -> None:
        """A table row that ends with a sentence over all columns up to `last`."""
        width = sum(self.widths[len(cells) : last + 1]) + _BETWEEN * (last - len(cells))
        for number, part in enumerate(split_for_rows(sentence, width, _SIZE)):
            for column, cell in enumerate(cells):
                self.put(column, None if number else cell)
            look = self.book.text_look("text", part)
            self.sheet.merge_range(self.at, len(cells), self.at, last, "", look)
            write_text(self.sheet, self.at, len(cells), part, look)
            texts = [] if number else [_text_of(cell) for cell in cells]
            needed = row_height([(part, width, float(_SIZE))])
            self.height(max(needed, self._needed(texts, 0)))

    def height(self, points: float) -> None:
        """Set the row's height and go to the next row."""
        self.sheet.set_row(self.at, points)
        self._heights[self.at] = points
        self.at += 1

    def gap(self, points: float = 14.4) -> None:
        """An empty row."""
        self.height(points)

    def headings(self, texts: Sequence[str], *, first: int = 0, last: int = 0) -> int:
        """A heading row, one text a column, the last up to column `last`; gives its row."""
        for column, text in enumerate(texts, first):
            write_text(self.sheet, self.at, column, text, self.book.look("heading"))
        if last:
            at = (self.at, first + len(texts) - 1, self.at, last)
            self.sheet.merge_range(*at, texts[-1], self.book.look("heading"))
        self.height(self._needed(texts, first, bold=True))
        return self.at - 1

    def heads(self, names: Iterable[str], *, last: int = 0) -> int:
        """A heading row of this sheet's own words, by their names."""
        return self.headings([self.say(f"head.{name}") for name in names], last=last)

    def row(self, cells: Sequence[Cell], *, total: bool = False, first: int = 0) -> int:
        """A table row; texts that are too long for one row go on in the rows below."""
        begun = self.at
        parts = [self._parts(cell, column) for column, cell in enumerate(cells, first)]
        for number in range(max(len(each) for each in parts)):
            texts = []
            for column, each in enumerate(parts, first):
                cell = each[number] if number < len(each) else None
                self.put(column, cell, **(_TOTAL if total else {}))
                texts.append(_text_of(cell))
            self.height(self._needed(texts, first, bold=total))
        return begun

    def _parts(self, cell: Cell, column: int) -> Sequence[Cell]:
        if isinstance(cell, str):
            return split_for_rows(cell, self.widths[column], _SIZE)
        if isinstance(cell, Value) and isinstance(cell.value, str):
            texts = split_for_rows(cell.value, self.widths[column], _SIZE)
            return [Value(text, cell.look) for text in texts]
        return [cell]

    def _needed(self, texts: Iterable[str], first: int, *, bold: bool = False) -> float:
        sized = [(t, self.widths[n], float(_SIZE)) for n, t in enumerate(texts, first) if t]
        return min(row_height(sized, bold=bold), HIGHEST_ROW)

    def coloured(self, rows: tuple[int, int], column: int, colours: Mapping[str, str]) -> None:
        """Colour a column's cells from the first to the last row while a condition holds.

        `colours` gives the look for each condition, as it stands in a formula: `="word"`, `<>0`.
        """
        for condition, look in colours.items():
            sign = "<>" if condition.startswith("<>") else "="
            rule = {"type": "cell", "criteria": sign, "value": condition.removeprefix(sign)}
            format_ = self.book.colour(look)
            self.sheet.conditional_format(
                rows[0], column, rows[1], column, {**rule, "format": format_}
            )

    def address(self, row: int, column: int) -> str:
        """The address of a cell of this sheet, in formulas of this sheet."""
        return str(xl_rowcol_to_cell(row, column))

    def range_of(self, first: int, last: int, column: int) -> str:
        """The address of a column's cells from the first to the last row."""
        return str(xl_range(first, column, last, column))

    def put(self, column: int, cell: Cell, **changes: Any) -> None:
        """Write one cell of the cursor's row; `changes` are changes to its look."""
        if isinstance(cell, FigureCell):
            self._put_figure(column, cell.id, changes)
        elif isinstance(cell, Live):
            look = self.book.look(cell.look, **changes)
            self.sheet.write_formula(self.at, column, f"={cell.formula}", look, cell.value)
        elif isinstance(cell, Link):
            self._put_link(column, cell)
        elif isinstance(cell, Value):
            self._put_plain(column, cell.value, cell.look, changes)
        else:
            self._put_plain(column, cell, "text", changes)

    def _put_link(self, column: int, link: Link) -> None:
        self._links += 1
        if self._links > _MOST_LINKS:
            self._put_plain(column, link.text, "text", {})
            return
        look = self.book.look("link", **_LINK)
        self.sheet.write_url(self.at, column, self._inside(link), look, link.text)

    def _put_plain(self, column: int, value: Plain, look: str, changes: Mapping[str, Any]) -> None:
        if isinstance(value, str):
            chosen = self.book.text_look(look, value, **changes)
            write_text(self.sheet, self.at, column, value, chosen)
            return
        chosen = self.book.look(look, **changes)
        if value is None:
            self.sheet.write_blank(self.at, column, None, chosen)
        elif isinstance(value, (date, datetime)):
            self.sheet.write_datetime(self.at, column, value, chosen)
        else:
            self.sheet.write_number(self.at, column, value, chosen)

    def _put_figure(self, column: int, figure_id: str, changes: Mapping[str, Any]) -> None:
        """The figure's own formula where it is printed first, elsewhere its name."""
        figure = self.book.figure(figure_id)
        if figure is None:
            self._put_plain(column, None, "text", changes)
            return
        look, value = UNIT_LOOKS[figure.unit], figure_value(figure)
        if look == "text":
            changes = {"align": "right", "indent": 1, **changes}
        first = self.book.settle(figure_id, self.name, self.at, column)
        formula = figure.formula if first else figure_id
        if formula:
            chosen = self.book.look(look, **changes)
            self.sheet.write_formula(self.at, column, f"={formula}", chosen, value)
            self._figures.append((self.at, column, figure, chosen, first))
        else:
            self._put_plain(column, value, look, changes)

    def lead_on(self) -> None:
        """Let every figure lead to the rows that it is made of, or to where it is made of them.

        What filters the rows is said where one points. To be called when all sheets are written:
        a link writes a text of its own, over which the figure is written again. One without a value
        leads nowhere: LibreOffice would show the link in the place of nothing.
        """
        for row, column, figure, look, first in self._figures[: _MOST_LINKS - self._links]:
            link = self.book.rows_behind(figure) if first else self.book.link_to(figure.id)
            if link is not None and figure.value is not None:
                tip = figure.definition_th[:_LONGEST_TIP]
                self.sheet.write_url(row, column, self._inside(link), look, figure.title_th, tip)
                formula = figure.formula if first else figure.id
                self.sheet.write_formula(row, column, f"={formula}", look, figure_value(figure))

    def _inside(self, link: Link) -> str:
        address = self.address(link.row, link.column)
        return f"internal:{quote_sheetname(link.sheet)}!{address}"


def _text_of(cell: Cell) -> str:
    """What of a cell may need more than one line."""
    if isinstance(cell, Link):
        return cell.text
    if isinstance(cell, Value):
        return cell.value if isinstance(cell.value, str) else ""
    return cell if isinstance(cell, str) else ""
