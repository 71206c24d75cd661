"""The sheet of what is to be corrected, as it is found again in a workbook that comes back."""

from collections.abc import Iterator, Mapping

from pipeline.workbook.identity import WORKLIST_SIGN
from pipeline.workbook.reader import Sheet, Workbook

# What a marked cell is known by again; these columns stand behind all others.
PLACE = ("sheet", "cell", "fill")


def is_worklist(sheet: Sheet) -> bool:
    """Whether a sheet is a list of ours."""
    first = sheet.cell(1, 1)
    return first is not None and first.raw == WORKLIST_SIGN


def entries(workbook: Workbook) -> Iterator[Mapping[str, str]]:
    """Every line of every list: what stands in it, by the key that its first row gives a column."""
    for sheet in filter(is_worklist, workbook.sheets):
        keys = {c: cell.raw for (row, c), cell in sheet.cells.items() if row == 1 and c > 1}
        lines: dict[int, dict[str, str]] = {}
        for (row, column), cell in sheet.cells.items():
            if row > 1 and column in keys:
                lines.setdefault(row, {})[keys[column]] = cell.raw
        yield from (lines[row] for row in sorted(lines))
