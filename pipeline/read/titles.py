"""What stands at the head of a sheet: complaints of its headings, labels beside values."""

import difflib
from collections.abc import Mapping

from pipeline.headings import Headings
from pipeline.model import Severity
from pipeline.read.extract import Extract, one_line
from pipeline.workbook.reader import Sheet
from schemas.kit.thai.text import matching_key

_SIMILAR = 0.6


def complain_of_headings(made: Extract, found: Headings) -> None:
    """A heading that a figure needs refuses the form; one that only describes is a warning."""
    for name in found.missing(made.form):
        column = made.form.column(name)
        severity = found.weight_of_missing(column, made.form)
        if severity is None:
            continue
        params = {"heading": one_line(column.th), "row": str(found.first_row)}
        params |= {"seen": _nearest(column.th, found)}
        made.tell("missing-heading", severity, params, column=name)
        made.refused |= severity is Severity.ERROR
    for cell in found.doubled:
        made.tell("doubled-heading", Severity.ERROR, {"heading": one_line(cell.raw)}, cell)
    for cell in found.extra:
        made.tell("extra-heading", Severity.NOTE, {"heading": one_line(cell.raw)}, cell)
    made.refused |= bool(found.doubled)


def _nearest(heading: str, found: Headings) -> str:
    """The unknown heading most like the missing one, to ask whether it was meant; "-" for none."""
    seen = {matching_key(cell.raw): cell.raw for cell in found.extra}
    near = difflib.get_close_matches(matching_key(heading), seen, 1, _SIMILAR)
    return seen[near[0]] if near else "-"


def labels(sheet: Sheet, made: Extract, before: int) -> dict[str, tuple[int, int]]:
    """The cell right of each label above the table; the nearest filled one, else the next."""
    keys = {key: c.name for c in made.form.labelled_columns for key in c.heading_keys}
    found: dict[str, tuple[int, int]] = {}
    if not keys:
        return found
    for (row, column), cell in sorted(sheet.cells.items()):
        if row >= before:
            break
        name = keys.get(matching_key(cell.raw.rstrip(": ")))
        if name is not None:
            found.setdefault(name, (row, _value_column(sheet, row, column, keys)))
    return found


def _value_column(sheet: Sheet, row: int, label: int, keys: Mapping[str, str]) -> int:
    right = sorted((n, cell) for (r, n), cell in sheet.cells.items() if r == row and n > label)
    for column, cell in right:
        is_label = matching_key(cell.raw.rstrip(": ")) in keys
        return label + 1 if is_label else column
    return label + 1
