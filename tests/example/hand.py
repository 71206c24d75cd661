"""What happens to a workbook in people's hands: cells typed over, rows hidden, sheets moved about.

The same changes give the same bytes every time.
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from schemas.kit.form import FormSpec
from schemas.kit.thai.thai_text import matching_key

_ERROR, _FORMULA, _DATE = "error:", "formula:", "date:"
_OLDEST = (1980, 1, 1, 0, 0, 0)
_MADE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def opened(data: bytes, *, values: bool = False) -> Workbook:
    """The workbook to be worked on; `values` keeps what formulas gave and not the formulas."""
    return load_workbook(BytesIO(data), data_only=values)


def saved(book: Workbook) -> bytes:
    """The workbook as bytes in which no clock has left its time; formulas are uncalculated."""
    raw, target = BytesIO(), BytesIO()
    book.save(raw)
    with ZipFile(raw) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in sorted(source.namelist(), key=lambda each: each != "[Content_Types].xml"):
            part = ZipInfo(name, _OLDEST)
            part.compress_type = ZIP_DEFLATED
            content = source.read(name)
            made.writestr(part, _MADE.sub(rb"\g<1>2023-10-01T00:00:00Z\g<2>", content))
    return target.getvalue()


def written(sheets: Sequence[Mapping[str, Any]]) -> Workbook:
    """A workbook of these sheets, each with its title, its rows of cells and its merged ones."""
    book = Workbook()
    book.remove(book.active)
    for told in sheets:
        sheet = book.create_sheet(told["title"])
        for number, row in enumerate(told["rows"], 1):
            for column, value in enumerate(row, 1):
                if value != "":
                    put(sheet.cell(number, column), value)
        for cells in told.get("merge", ()):
            sheet.merge_cells(cells)
    return book


def heading_row(sheet: Worksheet, form: FormSpec) -> int:
    """The row in which the headings of the form stand."""
    wanted = {key for column in form.table_columns for key in column.heading_keys}
    rows = enumerate(sheet.iter_rows(max_row=20, values_only=True), 1)
    return max((sum(matching_key(str(v)) in wanted for v in row), -n) for n, row in rows)[1] * -1


def place(sheet: Worksheet, form: FormSpec, row: int, column: str) -> Cell:
    """The cell of a column in the n-th row of the form's table; row 0 is beside its label."""
    keys = form.column(column).heading_keys
    if row == 0:
        found = next(c for line in sheet.iter_rows() for c in line if _key(c) in keys)
        return sheet.cell(found.row, found.column + 1)
    top = heading_row(sheet, form)
    number = next(c.column for c in sheet[top] if _key(c) in keys)
    return sheet.cell(top + row, number)


def _key(cell: Cell) -> str:
    return matching_key(str(cell.value or "").rstrip(": "))


def put(cell: Cell, value: object) -> None:
    """Type a value into a cell: text stays text, "error:", "formula:" and "date:" say the rest."""
    if not isinstance(value, str):
        cell.value = value
    elif value.startswith(_ERROR):
        cell.value, cell.data_type = value.removeprefix(_ERROR), "e"
    elif value.startswith(_FORMULA):
        cell.value = value.removeprefix(_FORMULA)
    elif value.startswith(_DATE):
        cell.value = datetime.fromisoformat(value.removeprefix(_DATE))
    else:
        cell.value, cell.data_type = value or None, "s" if value else "n"


def type_over(book: Workbook, form: FormSpec, cells: Sequence[tuple[int, str, object]]) -> None:
    """Type values into (row of the table, column) of a form's sheet."""
    sheet = book[form.about.sheet]
    for row, column, value in cells:
        put(place(sheet, form, row, column), value)


def hide_rows(book: Workbook, form: FormSpec, rows: Sequence[int]) -> None:
    """Hide rows of a form's table."""
    sheet = book[form.about.sheet]
    for row in rows:
        sheet.row_dimensions[heading_row(sheet, form) + row].hidden = True


def hide_columns(book: Workbook, form: FormSpec, names: Sequence[str]) -> None:
    """Hide columns of a form's table."""
    sheet = book[form.about.sheet]
    for name in names:
        sheet.column_dimensions[place(sheet, form, 1, name).column_letter].hidden = True


def copy_sheet(book: Workbook, form: FormSpec, title: str) -> None:
    """Copy a form's sheet within the workbook, as Excel does by dragging with Ctrl."""
    made = book.copy_worksheet(book[form.about.sheet])
    made.title = title


def change_headings(book: Workbook, form: FormSpec, headings: Mapping[str, str]) -> None:
    """Write other headings over the columns."""
    sheet = book[form.about.sheet]
    row = heading_row(sheet, form)
    cells = {name: place(sheet, form, 1, name).column for name in headings}
    for name, text in headings.items():
        sheet.cell(row, cells[name]).value = text or None


def format_far_below(book: Workbook, form: FormSpec, rows: int, stray: str) -> None:
    """Give many blank rows a look, and leave one character in the last of them."""
    sheet = book[form.about.sheet]
    look = place(sheet, form, 1, form.table_columns[0].name)
    last = heading_row(sheet, form) + rows
    for row in range(sheet.max_row + 1, last + 1):
        sheet.cell(row, 1)._style = copy(look._style)
    sheet.cell(last, len(form.table_columns)).value = stray
