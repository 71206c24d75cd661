"""Writing one form's sheet: title, labels, headings with help, input rows with their checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.model import Plan
from pipeline.styles import INPUT_DATE, Styles, row_height, split_for_rows
from pipeline.template.lines import Row, excel_formula, shown, stride_of
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec
from schemas.kit.kinds import TICK, Kind
from schemas.kit.thai_dates import format_month

_OPTIONS = (
    "insert_rows",
    "delete_rows",
    "format_cells",
    "format_rows",
    "format_columns",
    "sort",
    "autofilter",
)
_BE_DAYS = 198_327
_MOST_MESSAGE = 255
_LISTED = 32


@dataclass
class Lists:
    """The hidden sheet of drop-down values; each list gets a defined name."""

    workbook: Workbook
    sheet: Worksheet
    names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def name(self, values: Sequence[str]) -> str:
        """The defined name of a list, written on first use."""
        key = tuple(values)
        if key not in self.names:
            column = len(self.names)
            self.sheet.write_column(0, column, key)
            first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
            last = xl_rowcol_to_cell(len(key) - 1, column, row_abs=True, col_abs=True)
            name = f"list_{column + 1}"
            self.workbook.define_name(name, f"='{self.sheet.get_name()}'!{first}:{last}")
            self.names[key] = name
        return self.names[key]


@dataclass(frozen=True)
class Page:
    """One sheet being written, with what is needed to write it."""

    sheet: Worksheet
    form: FormSpec
    plan: Plan
    styles: Styles
    lists: Lists

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the sheet's table."""
        return self.form.table_columns


def write_table(page: Page, top: int, rows: Sequence[Row]) -> None:
    """Headings at row `top` (0-based), then the rows, then blank input rows."""
    _headings(page, top)
    first = top + 1
    for offset, row in enumerate(rows):
        _row(page, first + offset, row, offset, first)
    spare = 0 if page.form.about.lines else page.form.about.blank_rows
    for offset in range(len(rows), len(rows) + spare):
        _blank_row(page, first + offset)
    last = first + max(len(rows) + spare, 1) - 1
    _checks(page, first, last)
    page.sheet.freeze_panes(first, 0)
    page.sheet.repeat_rows(top)
    page.sheet.protect("", dict.fromkeys(_OPTIONS, True))


def _headings(page: Page, top: int) -> None:
    cells = [(c.th, c.width, 14.0) for c in page.columns]
    page.sheet.set_row(top, row_height(cells, bold=True))
    for position, column in enumerate(page.columns):
        page.sheet.set_column(position, position, column.width)
        page.sheet.write_string(top, position, column.th, page.styles.get("heading"))
        note = _help(column)
        if note:
            options = {"x_scale": 1.6, "y_scale": 1.4, "author": say("template.author")}
            page.sheet.write_comment(top, position, note, options)


def _help(column: Column) -> str:
    example = say("template.example", example=column.example) if column.example else ""
    return "\n".join(part for part in (column.help_th, example) if part)


def _look(page: Page, column: Column, *, locked: bool) -> Format:
    """The look of an input cell, or of one that is filled in for the clerk."""
    name = "input_locked" if locked else "input"
    shapes = {Kind.MONEY: "#,##0.00", Kind.COUNT: "#,##0", Kind.DAY: INPUT_DATE}
    number = shapes.get(column.kind, "@" if column.kind in (Kind.CODE, Kind.TEXT) else "General")
    return page.styles.get(name, num_format=number)


def _is_locked(page: Page, column: Column, row: Row) -> bool:
    if column.filled in (Filled.CONFIGURED, Filled.FORMULA):
        return True
    earlier = column.filled is Filled.EARLIER and page.plan.earlier is not None
    return earlier and column.name in row


def _row(page: Page, at: int, row: Row, offset: int, first: int) -> None:
    stride = stride_of(page.form)
    here = _addresses(page, at)
    before = _addresses(page, at - stride) if stride and at - stride >= first else {}
    for position, column in enumerate(page.columns):
        formula = excel_formula(column, here, before) if column.formula else ""
        look = _look(page, column, locked=_is_locked(page, column, row) and bool(formula or not column.formula))
        if formula:
            page.sheet.write_formula(at, position, formula, look, row.get(column.name) or 0)
        else:
            write_value(page.sheet, at, position, _shown(page, column, row), look)


def _shown(page: Page, column: Column, row: Row) -> object:
    value = row.get(column.name)
    if value is None or value is pd.NA:
        return None
    if column.kind is Kind.MONTH and isinstance(value, date):
        return format_month(value)
    return shown(column, value, page.plan)


def _addresses(page: Page, at: int) -> Mapping[str, str]:
    return {c.name: xl_rowcol_to_cell(at, n) for n, c in enumerate(page.columns)}


def write_value(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    """Write a value by its type; text is always text, whatever it begins with."""
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(row, column, value, look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, str(value), look)


def _blank_row(page: Page, at: int) -> None:
    for position, column in enumerate(page.columns):
        page.sheet.write_blank(at, position, None, _look(page, column, locked=False))


def _checks(page: Page, first: int, last: int) -> None:
    for position, column in enumerate(page.columns):
        if column.filled in (Filled.CONFIGURED, Filled.FORMULA):
            continue
        options = _check(page, column, xl_rowcol_to_cell(first, position))
        if options:
            page.sheet.data_validation(first, position, last, position, options)


def _check(page: Page, column: Column, cell: str) -> dict[str, object]:
    """The in-cell check of a column: a list, a number, or a day in either calendar; it only warns."""
    words = choices_of(column, page.plan)
    note: dict[str, object] = {"error_type": "warning", "ignore_blank": True}
    note |= {"input_title": " ".join(column.th.split())[:_LISTED]}
    note |= {"input_message": (_help(column) or " ".join(column.th.split()))[:_MOST_MESSAGE]}
    note |= {"error_title": say("template.look")[:_LISTED], "error_message": say("template.look-text")}
    if words:
        return note | {"validate": "list", "source": "=" + page.lists.name(words)}
    if column.kind is Kind.DAY:
        low, high = (_serial(day) for day in page.plan.round.bounds("year"))
        formula = _either_calendar(cell, low, high) if column.within else _any_day(cell)
        return note | {"validate": "custom", "value": formula}
    if column.kind in (Kind.MONEY, Kind.COUNT):
        kind = "decimal" if column.kind is Kind.MONEY else "integer"
        return note | {"validate": kind, "criteria": ">=", "value": column.minimum or 0}
    return {key: note[key] for key in ("input_title", "input_message")} | {"validate": "any"}


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def _either_calendar(cell: str, low: int, high: int) -> str:
    """A day of the fiscal year, typed with a year of either calendar."""
    late, later = low + _BE_DAYS, high + _BE_DAYS
    return f"=OR(AND({cell}>={low},{cell}<={high}),AND({cell}>={late},{cell}<={later}))"


def _any_day(cell: str) -> str:
    return f"=ISNUMBER({cell})"


def choices_of(column: Column, plan: Plan) -> tuple[str, ...]:
    """The drop-down's words: a form's choices, the divisions, the months of the round, a tick."""
    if column.kind is Kind.DIVISION:
        return tuple(division.name for division in plan.divisions)
    if column.kind is Kind.MONTH:
        return tuple(format_month(month) for month in plan.round.months_list)
    return (TICK,) if column.kind is Kind.TICK else column.choices


def write_text_rows(page: Page, at: int, lines: Sequence[tuple[str, str]], width: float) -> int:
    """Lines of (look, text) over the sheet's width, each as high as its text; the next free row."""
    for look, text in lines:
        for part in split_for_rows(text, width, 14.0):
            page.sheet.set_row(at, row_height([(part, width, 16.0)], bold=look == "title"))
            page.sheet.merge_range(at, 0, at, max(len(page.columns) - 1, 1), "", page.styles.get(look))
            page.sheet.write_string(at, 0, part, page.styles.get(look))
            at += 1
    return at
