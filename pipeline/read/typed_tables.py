"""Rows of several sheets as one typed table, and what is said of them pointed at its rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.model import ORIGIN, Finding, Table
from pipeline.read.extract import Extract
from schemas.kit.form import Derivation, FormSpec

Kept = tuple[Extract, tuple[int, ...]]
Row = tuple[str, str, int]


def table_of(form: FormSpec, everything: Sequence[Kept]) -> Table:
    """These rows of one form as a table, one running index over all submissions."""
    kept = [(e, positions) for e, positions in everything if e.form.name == form.name]
    rows = [_with_origin(e, e.rows[i]) for e, positions in kept for i in positions]
    texts = [e.typed[i] for e, positions in kept for i in positions]
    frame = pd.DataFrame(rows, columns=[*(c.name for c in form.columns), *ORIGIN], dtype=object)
    dtypes = {c.name: c.dtype for c in form.columns}
    dtypes |= {"submission": "string", "sheet": "string", "row": "int64"}
    typed = pd.DataFrame(texts, columns=[c.name for c in form.columns], dtype="string")
    positions = {(e.submission.name, e.sheet): e.positions for e, _ in kept}
    made = frame.astype(dtypes)
    compared = frozenset((e.submission.name, e.sheet) for e, _ in kept if not e.counts)
    optional = {(e.submission.name, e.sheet): e.may_be_blank for e, _ in kept}
    whole = form.trait(Derivation).fill(made) if form.has(Derivation) else made
    return Table(form, whole, typed, positions, compared, optional)


def _with_origin(made: Extract, row: Mapping[str, object]) -> dict[str, object]:
    return {**row, "submission": made.submission.name, "sheet": made.sheet}


def rows_of(table: Table) -> dict[Row, int]:
    """The index of each row by its file, sheet and Excel row."""
    keys = table.frame[list(ORIGIN)].itertuples(index=True)
    return {(key.submission, key.sheet, key.row): key.Index for key in keys}


def pointed(finding: Finding, indices: Mapping[str, Mapping[Row, int]]) -> Iterator[Finding]:
    """The finding with the index of its row; nothing for a row that another version replaced."""
    cell = finding.cell
    if cell is None or finding.form is None or finding.column is None:
        yield finding
        return
    rows = indices[finding.form]
    index = rows.get((cell.file, cell.sheet, cell.row))
    if index is not None:
        yield replace(finding, index=index)
    elif min((key[2] for key in rows if key[:2] == (cell.file, cell.sheet)), default=0) > cell.row:
        yield finding
