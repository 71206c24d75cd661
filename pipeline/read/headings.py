"""Finding a form's table in a sheet: its heading row, its columns, the labels above it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.workbook.cells import Cell, Sheet
from schemas.kit.form import FormSpec
from schemas.kit.thai import matching_key

HEADING_ROWS = 20
_FEWEST_HEADINGS = 2


@dataclass(frozen=True)
class Layout:
    """Where a form's table stands in a sheet.

    `columns` maps a column's name to its number, `labels` a labelled column's to its cell's row and
    column. `doubled` and `extra` hold (heading, row, column).
    """

    heading_row: int
    columns: Mapping[str, int]
    labels: Mapping[str, tuple[int, int]]
    doubled: tuple[tuple[str, int, int], ...]
    extra: tuple[tuple[str, int, int], ...]

    def missing(self, form: FormSpec) -> list[str]:
        """The names of the form's columns whose heading is not there."""
        return [c.name for c in form.table_columns if c.name not in self.columns]


def find_layout(sheet: Sheet, form: FormSpec) -> Layout | None:
    """The table of the form in the sheet, or None where fewer than two headings are in a row."""
    row = _heading_row(sheet, form)
    if row is None:
        return None
    names = _names_in(sheet, form, row)
    counted = Counter(names.values())
    columns: dict[str, int] = {}
    for position, name in sorted(names.items()):
        columns.setdefault(name, position)
    doubled = [(c.raw, row, n) for n, c in _cells_of(sheet, row) if counted[names.get(n, "")] > 1]
    extra = [(c.raw, row, n) for n, c in _cells_of(sheet, row) if n not in names]
    return Layout(row, columns, _labels(sheet, form, row), tuple(doubled), tuple(extra))


def _heading_row(sheet: Sheet, form: FormSpec) -> int | None:
    counts = {
        row: len(set(_names_in(sheet, form, row).values())) for row in range(1, HEADING_ROWS + 1)
    }
    best = max(counts, key=lambda row: (counts[row], -row))
    enough = min(_FEWEST_HEADINGS, len(form.table_columns))
    return best if counts[best] >= enough else None


def _names_in(sheet: Sheet, form: FormSpec, row: int) -> dict[int, str]:
    """Column number to the name of the form's column headed there."""
    keys = {key: c.name for c in form.table_columns for key in c.heading_keys}
    found = ((n, keys.get(matching_key(cell.raw))) for n, cell in _cells_of(sheet, row))
    return {n: name for n, name in found if name is not None}


def _labels(sheet: Sheet, form: FormSpec, before: int) -> dict[str, tuple[int, int]]:
    """The cell right of each label above the table; the nearest filled one, else the next."""
    keys = {key: c.name for c in form.labelled_columns for key in c.heading_keys}
    found: dict[str, tuple[int, int]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        name = keys.get(matching_key(cell.raw.rstrip(": ")))
        if name is not None and row < before:
            found.setdefault(name, (row, _value_column(sheet, row, column, keys)))
    return found


def _value_column(sheet: Sheet, row: int, label: int, keys: Mapping[str, str]) -> int:
    for column, cell in _cells_of(sheet, row):
        if column > label:
            is_label = matching_key(cell.raw.rstrip(": ")) in keys
            return label + 1 if is_label else column
    return label + 1


def _cells_of(sheet: Sheet, row: int) -> list[tuple[int, Cell]]:
    return sorted((n, cell) for (r, n), cell in sheet.cells.items() if r == row)
