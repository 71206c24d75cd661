"""Speaks UNO with one running LibreOffice; run by the Python that has `uno`, a JSON line a job.

It is started by `tests.office` and takes the name of the pipe on which LibreOffice listens.
"""

import json
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "pdf": "calc_pdf_Export"}
TEXT_RESULT, ERROR_RESULT = 2, 4
POINT = 2540 / 72


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
    area = used(sheet)
    lines = area.getDataArray()
    for y, line in enumerate(lines):
        for x, value in enumerate(line):
            if value not in ("", None):
                yield f"{letters(x)}{y + 1}", area.getCellByPosition(x, y).String


def shown(desktop, path):
    """What every sheet shows."""
    with Opened(desktop, path) as document:
        return [[sheet.Name, list(shown_in(sheet))] for sheet in document.Sheets]


def heights_of(sheet):
    """Row by row from 1: its height, and the lowest that shows all its text, in points."""
    rows = used(sheet).Rows
    given = [rows.getByIndex(n).Height for n in range(rows.Count)]
    rows.OptimalHeight = True
    return [
        [n + 1, given[n] / POINT, rows.getByIndex(n).Height / POINT]
        for n in range(rows.Count)
        if rows.getByIndex(n).IsVisible
    ]


def optimal_heights(desktop, path):
    """The heights of every sheet's rows."""
    with Opened(desktop, path) as document:
        return [[sheet.Name, heights_of(sheet)] for sheet in document.Sheets]


def convert(desktop, path, target):
    """Store a workbook in the format that the target's ending names."""
    kind = FILTERS[target.rpartition(".")[2]]
    with Opened(desktop, path) as document:
        document.storeToURL(Path(target).as_uri(), options(FilterName=kind, Overwrite=True))
    return target


JOBS = {job.__name__: job for job in (recalculate, shown, optimal_heights, convert)}


def main(pipe):
    """Do a job for every line that comes in; the end of the lines ends LibreOffice."""
    desktop = connect(pipe)
    for line in sys.stdin:
        job, *arguments = json.loads(line)
        try:
            answer = {"done": JOBS[job](desktop, *arguments)}
        except Exception as error:  # noqa: BLE001 (the caller raises it anew)
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
    desktop.terminate()


if __name__ == "__main__":
    main(sys.argv[1])
