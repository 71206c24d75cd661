"""One form's sheet: headings with their help, lines, computed cells, empty rows to fill."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.model import Plan
from pipeline.styles import print_setup, write_text
from pipeline.template.limits import help_of, limit_of
from pipeline.template.lines import TemplateLine, Values
from pipeline.template.table_places import TablePlace
from pipeline.template.template_look import TemplateLook
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec

_HEADINGS = 3  # the row of the headings, from 0
_MOST_ROWS = 5000  # as far down as a column's list and checks reach
_PREVIOUS = "previous:"  # before the formula of a column that carries over from the month before
_PLACE = re.compile(r"([+-]?)\{(\w+)\}")
_MAY = (
    *("objects", "scenarios", "format_cells", "format_columns", "format_rows"),
    *("insert_rows", "insert_hyperlinks", "delete_rows", "sort", "autofilter"),
)


@dataclass(frozen=True)
class Desk:
    """What every sheet of a workbook is written with."""

    book: Workbook
    look: TemplateLook
    plan: Plan

    def sheet(self, form: FormSpec) -> Worksheet:
        """A new sheet for a form: protected without a password, printed on A4, one page wide.

        The cover is a narrow sheet that is signed: it is printed upright, on one page.
        """
        sheet = self.book.add_worksheet(form.about.sheet)
        sheet.protect("", dict.fromkeys(_MAY, True))
        print_setup(sheet, footer=say("template.page"))
        if form.is_cover:
            sheet.set_portrait()
            sheet.fit_to_pages(1, 1)
        sheet.hide_gridlines(2)
        for place, column in enumerate(form.table_columns):
            look = self.look.column(column, lined=not form.about.lines)
            sheet.set_column(place, place, column.width, look)
        return sheet


def write_form(
    desk: Desk, form: FormSpec, lines: Sequence[TemplateLine], advice: str
) -> TablePlace:
    """Write a form's sheet: title, a line of advice, examples, a table whose headings stay seen."""
    sheet = desk.sheet(form)
    sheet.write_string(0, 0, form.about.title, desk.look.title)
    sheet.set_row(0, desk.look.title_height, desk.look.bare)
    sheet.write_string(1, 0, advice, desk.look.advice)
    sheet.set_row(1, desk.look.line_height, desk.look.bare)
    _write_examples(desk, sheet, form)
    place = write_table(desk, sheet, form, lines, heading_row=_HEADINGS)
    sheet.freeze_panes(_HEADINGS + 1, 0)
    sheet.repeat_rows(_HEADINGS)
    if not form.about.lines:
        last = _HEADINGS + len(lines) + form.about.blank_rows
        sheet.autofilter(_HEADINGS, 0, last, len(form.table_columns) - 1)
    return place


def _write_examples(desk: Desk, sheet: Worksheet, form: FormSpec) -> None:
    """What may be typed, in grey above the headings: below them it would be read as a row."""
    cells = []
    for number, column in enumerate(form.table_columns):
        if column.example and column.filled in (Filled.TYPED, Filled.EARLIER):
            example = column.example_in(desk.plan.round.fiscal_year.be)
            text = say("template.example", example=example)
            sheet.write_string(_HEADINGS - 1, number, text, desk.look.example)
            cells.append((text, column.width))
    height = desk.look.text_height(cells) or desk.look.line_height
    sheet.set_row(_HEADINGS - 1, height, desk.look.bare)


def write_table(
    desk: Desk, sheet: Worksheet, form: FormSpec, lines: Sequence[TemplateLine], heading_row: int
) -> TablePlace:
    """Write a form's headings, its lines, and the empty rows that are ready for more."""
    table = _FormTable(desk, sheet, form, heading_row + 1)
    _write_headings(table)
    earlier = _previous_lines(form, lines)
    lines = _compute(form, lines, earlier)
    for place, line in enumerate(lines):
        _write_line(table, place, line, earlier[place])
    _limit_columns(table, lines)
    return TablePlace(form, heading_row, heading_row + _MOST_ROWS, tuple(lines), desk.plan)


@dataclass(frozen=True)
class _FormTable:
    """A form's table on its way to paper; `top` is the first row below the headings, from 0."""

    desk: Desk
    sheet: Worksheet
    form: FormSpec
    top: int

    def address(self, name: str, place: int) -> str:
        """The cell of a column in a line."""
        names = [column.name for column in self.form.table_columns]
        return str(xl_rowcol_to_cell(self.top + place, names.index(name)))


def _write_headings(table: _FormTable) -> None:
    look, row, columns = table.desk.look, table.top - 1, table.form.table_columns
    for number, column in enumerate(columns):
        table.sheet.write_string(row, number, column.th, look.heading(column))
        note = help_of(table.form, column)
        if note and column.filled is not Filled.CONFIGURED:
            table.sheet.write_comment(row, number, note, look.note(note))
    table.sheet.set_row(row, look.heading_height(columns))


def _write_line(table: _FormTable, place: int, line: TemplateLine, earlier: int | None) -> None:
    row, look = table.top + place, table.desk.look
    texts = []
    for number, column in enumerate(table.form.table_columns):
        closed = column.name in line.closed
        value = line.values.get(column.name)
        if column.filled is Filled.FORMULA and closed:
            formula = _formula(column, place, earlier, table.address)
            table.sheet.write_formula(row, number, formula, look.cell(column, closed=True), value)
        else:
            text = write_value(table.desk, table.sheet, (row, number), column, value, closed=closed)
            texts.append((text, column.width))
    height = look.text_height(texts)
    if height is not None:
        table.sheet.set_row(row, height)


def write_value(
    desk: Desk,
    sheet: Worksheet,
    at: tuple[int, int],
    column: Column,
    value: object,
    *,
    closed: bool,
) -> str:
    """Write a stored value, or a blank, into an input or closed cell; gives it back if text."""
    typed = "" if value is None else column.kind.typed(value, desk.plan.context)
    text = typed if isinstance(typed, str) else ""
    look = desk.look.cell(column, closed=closed, text=text)
    if isinstance(typed, str):
        write_text(sheet, *at, typed, look)
    elif isinstance(typed, date):
        sheet.write_datetime(*at, typed, look)
    else:
        sheet.write_number(*at, typed, look)
    return text


def _limit_columns(table: _FormTable, lines: Sequence[TemplateLine]) -> None:
    """Lists and checks for every column in which something may be typed."""
    last = table.top + len(lines) - 1 if table.form.about.lines else _MOST_ROWS
    for number, column in enumerate(table.form.table_columns):
        is_open = not lines or any(column.name not in line.closed for line in lines)
        if last >= table.top and (is_open or not table.form.about.lines):
            cell = table.address(column.name, 0)
            limit = dict(limit_of(table.form, column, cell, table.desk.plan))
            table.sheet.data_validation(table.top, number, last, number, limit)


# --- computed columns: the formula in a cell, and its value before Excel computes -----------------


def _compute(
    form: FormSpec, lines: Sequence[TemplateLine], earlier: Sequence[int | None]
) -> list[TemplateLine]:
    """The lines with the values of their computed columns, which are closed.

    The first month has no month before it: there a column that carries over is open to be typed.
    """
    computed: list[TemplateLine] = []
    for line, before in zip(lines, earlier, strict=True):
        values, closed = dict(line.values), set(line.closed)
        for column in (c for c in form.table_columns if c.filled is Filled.FORMULA):
            source: Values | None = values
            if column.formula.startswith(_PREVIOUS):
                source = None if before is None else computed[before].values
            if source is not None:
                values[column.name] = _total(column.formula, source)
                closed.add(column.name)
        computed.append(TemplateLine(values, frozenset(closed)))
    return computed


def _previous_lines(form: FormSpec, lines: Sequence[TemplateLine]) -> list[int | None]:
    """For each line the place of the line of the same kind a month earlier, None for the first."""
    places = {_key(form, line): place for place, line in enumerate(lines)}
    return [places.get(_key(form, line, months_back=1)) for line in lines]


def _formula(
    column: Column, row: int, earlier: int | None, address: Callable[[str, int], str]
) -> str:
    """The formula of a computed column in a row; `address` gives a column's cell in a row."""
    at = earlier if column.formula.startswith(_PREVIOUS) and earlier is not None else row
    pattern = column.formula.removeprefix(_PREVIOUS)
    return "=" + _PLACE.sub(lambda match: match[1] + address(match[2], at), pattern)


def _total(pattern: str, values: Values) -> int:
    amounts = ((sign, values.get(name)) for sign, name in _PLACE.findall(pattern))
    whole = ((sign, value if isinstance(value, int) else 0) for sign, value in amounts)
    return sum(-value if sign == "-" else value for sign, value in whole)


def _key(form: FormSpec, line: TemplateLine, *, months_back: int = 0) -> tuple[object, ...]:
    """What identifies a line, or would identify the one so many months earlier."""
    month = line.values.get(form.about.month)
    others = (line.values.get(name) for name in form.about.key if name != form.about.month)
    count = month.year * 12 + month.month - months_back if isinstance(month, date) else -months_back
    return (count, *others)
