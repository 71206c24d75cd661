"""Speaks UNO with one running LibreOffice; run by the Python that has `uno`, a JSON line a job.

It is started by `tests.support.office` and takes the name of the pipe on which LibreOffice listens.
"""

import json
import sys
import tempfile
import time
from itertools import islice, repeat
from pathlib import Path
from xml.etree import ElementTree as ET

import uno
from com.sun.star.beans import NamedValue, PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "ods": "calc8",
    "fods": "OpenDocument Spreadsheet Flat XML",
    "pdf": "calc_pdf_Export",
    "xls": "MS Excel 97",
    "html": "HTML (StarCalc)",
    "csv": "Text - txt - csv (StarCalc)",
}
ANY_RESULT, TEXT_RESULT, ERROR_RESULT = 7, 2, 4
TEXT_CONTENT = 4
OFFICE, STYLE, TABLE = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{part}:1.0}}" for part in ("office", "style", "table")
)
ROW_GROUPS = {f"{TABLE}{name}" for name in ("table-row-group", "table-header-rows", "table-rows")}


def connect(pipe, patience=90.0):
    """The desktop of the LibreOffice that listens on this pipe, as soon as it does."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + patience
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )


def options(**values):
    """Named values as UNO takes them."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Opened:
    """A workbook opened hidden, calculated anew, and closed again."""

    def __init__(self, desktop, path):
        url = Path(path).as_uri()
        self.document = desktop.loadComponentFromURL(url, "_blank", 0, options(Hidden=True))
        if self.document is None:
            raise ValueError(f"LibreOffice does not open {path}")

    def __enter__(self):
        self.document.calculateAll()
        return self.document

    def __exit__(self, *_):
        self.document.close(True)


def letters(column):
    """The name of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def used(sheet):
    """The part of a sheet that holds anything, from A1."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def results(sheet, kind):
    """The cells of a sheet whose formula gives this kind of result: column, row, cell."""
    for area in sheet.queryFormulaCells(kind).RangeAddresses:
        for row in range(area.StartRow, area.EndRow + 1):
            for column in range(area.StartColumn, area.EndColumn + 1):
                yield column, row, sheet.getCellByPosition(column, row)


def values_of(sheet):
    """Every value of a sheet as address, kind (`v` or `error`), value."""
    found = {}
    for y, line in enumerate(used(sheet).getDataArray()):
        for x, value in enumerate(line):
            if value not in ("", None):
                found[x, y] = ("v", value)
    for x, y, cell in results(sheet, TEXT_RESULT):
        found[x, y] = ("v", cell.String)
    for x, y, cell in results(sheet, ERROR_RESULT):
        found[x, y] = ("error", cell.String)
    return [[f"{letters(x)}{y + 1}", *found[x, y]] for x, y in sorted(found, key=lambda p: p[::-1])]


def recalculate(desktop, path):
    """The values of every sheet."""
    with Opened(desktop, path) as document:
        return [[sheet.Name, values_of(sheet)] for sheet in document.Sheets]


def shown_in(sheet):
    """What every filled cell of a sheet shows: address, text."""
    filled = {
        (x, y): sheet.getCellByPosition(x, y)
        for y, line in enumerate(used(sheet).getDataArray())
        for x, value in enumerate(line)
        if value not in ("", None)
    }
    filled |= {(x, y): cell for x, y, cell in results(sheet, ANY_RESULT)}
    return [[f"{letters(x)}{y + 1}", cell.String] for (x, y), cell in filled.items()]


def shown(desktop, path):
    """What every sheet shows."""
    with Opened(desktop, path) as document:
        return [[sheet.Name, shown_in(sheet)] for sheet in document.Sheets]


def optimal_heights(desktop, path):
    """Sheet by sheet and row by row from 1: its height, and the lowest that shows all its text."""
    with Opened(desktop, path) as document:
        given = heights_of(document)
        for sheet in document.Sheets:
            used(sheet).Rows.OptimalHeight = True
        fitted = dict(heights_of(document))
    return [[name, compared(rows, fitted[name])] for name, rows in given]


def compared(given, fitted):
    """The visible rows: number from 1, the one height, the other."""
    return [
        [number, has, needs]
        for number, (has, needs) in enumerate(zip(given, fitted, strict=True), 1)
        if has is not None
    ]


def heights_of(document):
    """The heights of every sheet's used rows in points, None for a hidden one.

    They are read from the document stored as one XML file: to ask for a single row takes
    milliseconds.
    """
    with tempfile.NamedTemporaryFile(suffix=".fods") as stored:
        store(document, stored.name)
        tree = ET.parse(stored.name)
    heights = {
        style.get(f"{STYLE}name"): points(each.get(f"{STYLE}row-height"))
        for style in tree.iter(f"{STYLE}style")
        for each in style.iter(f"{STYLE}table-row-properties")
        if each.get(f"{STYLE}row-height")
    }
    tables = tree.findall(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table")
    return [
        [sheet.Name, list(islice(row_heights(table, heights), used(sheet).Rows.Count))]
        for sheet, table in zip(document.Sheets, tables, strict=True)
    ]


def row_heights(part, heights):
    """The height of every row below this part of a table; the last is repeated to the end."""
    for each in part:
        if each.tag == f"{TABLE}table-row":
            hidden = each.get(f"{TABLE}visibility", "visible") != "visible"
            height = None if hidden else heights[each.get(f"{TABLE}style-name")]
            yield from repeat(height, int(each.get(f"{TABLE}number-rows-repeated", "1")))
        elif each.tag in ROW_GROUPS:
            yield from row_heights(each, heights)


def points(length):
    """A length as LibreOffice writes it, in points."""
    number, unit = float(length.rstrip("cimnpt")), length.lstrip("-0123456789.")
    return number * {"in": 72, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "pt": 1}[unit]


def convert(desktop, path, target, password=""):
    """Store a workbook in the format that the target's ending names."""
    with Opened(desktop, path) as document:
        store(document, target, **(encryption(password) if password else {}))
    return target


def save_open(desktop, path, target, sheet, row):
    """Store a workbook as somebody does who has it open in a window, at a sheet and a row."""
    document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, ())
    try:
        place = document.Sheets.getByIndex(sheet)
        document.CurrentController.setActiveSheet(place)
        document.CurrentController.select(place.getCellByPosition(1, row))
        document.CurrentController.setFirstVisibleRow(row)
        store(document, target)
    finally:
        document.close(True)
    return target


def fill_in(desktop, path, target, typed):
    """Type texts into cells as at the keyboard, and store the workbook: (sheet, cell, text)."""
    with Opened(desktop, path) as document:
        for sheet, address, text in typed:
            cell = document.Sheets.getByName(sheet).getCellRangeByName(address)
            cell.FormulaLocal = text
        store(document, target)
    return target


def links(desktop, path):
    """Every link in a cell: its sheet and address, and where it leads."""
    with Opened(desktop, path) as document:
        return [
            [sheet.Name, f"{letters(cell.CellAddress.Column)}{cell.CellAddress.Row + 1}", field.URL]
            for sheet in document.Sheets
            for cell in cells_with_text(sheet)
            for field in cell.TextFields
        ]


def cells_with_text(sheet):
    """The cells of a sheet into which a text was typed."""
    for area in sheet.queryContentCells(TEXT_CONTENT).RangeAddresses:
        for row in range(area.StartRow, area.EndRow + 1):
            for column in range(area.StartColumn, area.EndColumn + 1):
                yield sheet.getCellByPosition(column, row)


def encryption(password):
    """What makes LibreOffice encrypt a workbook of Excel's as Excel does."""
    named = (NamedValue("CryptoType", "Standard"), NamedValue("OOXPassword", password))
    return {"EncryptionData": uno.Any("[]com.sun.star.beans.NamedValue", named)}


def store(document, target, **more):
    """Write a document in the format that the target's ending names."""
    kind = FILTERS[target.rpartition(".")[2]]
    document.storeToURL(Path(target).as_uri(), options(FilterName=kind, Overwrite=True, **more))


JOBS = {
    job.__name__: job
    for job in (recalculate, shown, optimal_heights, convert, save_open, fill_in, links)
}


def main(pipe):
    """Do a job for every line that comes in; the end of the lines ends LibreOffice."""
    desktop = connect(pipe)
    for line in sys.stdin:
        job, *arguments = json.loads(line)
        try:
            answer = {"done": JOBS[job](desktop, *arguments)}
        except Exception as error:  # noqa: BLE001 (the caller raises it anew)
            answer = {"failed": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    desktop.terminate()


if __name__ == "__main__":
    main(sys.argv[1])
