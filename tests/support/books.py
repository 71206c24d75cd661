"""Workbooks written by other programs or part by part, and what our reader makes of them."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter

from pipeline.workbook.reader import (
    Cell,
    CellType,
    NotAWorkbook,
    Sheet,
    read_cells,
)

Value = str | float | bool | date | datetime | time | timedelta
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
THAI_DATE = "ว/ด/ปปปป"


def saved(book: openpyxl.Workbook) -> bytes:
    """Give the bytes of an openpyxl workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_xlsxwriter(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    """Write a workbook with XlsxWriter."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        fill(book)
    return buffer.getvalue()


def value_of(cell: Cell) -> Value | None:
    """Turn what we read into what a library would give."""
    if cell.kind is CellType.NUMBER:
        return float(cell.raw)
    if cell.kind is CellType.BOOLEAN:
        return cell.raw == "TRUE"
    if cell.kind is CellType.DATE:
        return datetime.fromisoformat(cell.raw)
    if cell.kind is CellType.TIME:
        return time.fromisoformat(cell.raw)
    return None if cell.kind is CellType.BLANK_FORMULA else cell.raw


def ours(data: bytes, number: int = 0) -> dict[str, Value | None]:
    """Give one sheet's values by address, as we read them."""
    cells = read_cells(data).sheets[number].cells.values()
    return {cell.address: value_of(cell) for cell in cells}


def raw(rows: str, *, before: str = "", after: str = "", strings: str = "", styles: str = "",
        book: str = "") -> bytes:  # fmt: skip
    """Write a workbook of one sheet around this XML of its rows."""
    data = by_xlsxwriter(lambda made: made.add_worksheet("แบบ").write(0, 0, "ก") and None)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = f"{before}<sheetData>{rows}</sheetData>{after}"
                text = f'<worksheet xmlns="{MAIN}">{text}</worksheet>'
            elif name == "xl/sharedStrings.xml" and strings:
                text = strings
            elif name == "xl/styles.xml" and styles:
                text = styles
            elif name == "xl/workbook.xml" and book:
                text = text.replace("<sheets>", book + "<sheets>")
            new.writestr(name, text)
    return buffer.getvalue()


def read(rows: str, **more: str) -> Sheet:
    """Read a sheet made of this XML."""
    return read_cells(raw(rows, **more)).sheets[0]


def refusal(data: bytes) -> NotAWorkbook:
    """Read the workbook, which must be refused."""
    with pytest.raises(NotAWorkbook) as caught:
        read_cells(data)
    return caught.value


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    """Write a workbook anew with some text of one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            assert name != part or old in text
            target.writestr(name, text.replace(old, new) if name == part else text)
    return buffer.getvalue()
