"""Rows of several sheets as one typed table, and the findings on them with their row's index."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.model import ORIGIN, Finding, Plan, Replaced, Table
from pipeline.read.candidates import Candidate
from pipeline.read.supersede import Kept, Verdict
from schemas.kit.form import Derivation, FormSpec

Row = tuple[str, str, int]


def table_of(form: FormSpec, everything: Sequence[Kept]) -> Table:
    """These rows of one form as a table, one running index over all submissions."""
    kept = [(e, positions) for e, positions in everything if e.form.name == form.name]
    rows = [
        {**e.rows[i], "submission": e.submission.name, "sheet": e.sheet}
        for e, positions in kept
        for i in positions
    ]
    texts = [e.typed[i] for e, positions in kept for i in positions]
    frame = pd.DataFrame(rows, columns=[*(c.name for c in form.columns), *ORIGIN], dtype=object)
    dtypes = {c.name: c.dtype for c in form.columns}
    dtypes |= {"submission": "string", "sheet": "string", "row": "int64"}
    typed = pd.DataFrame(texts, columns=[c.name for c in form.columns], dtype="string")
    positions = {(e.submission.name, e.sheet): e.positions for e, _ in kept}
    compared = frozenset((e.submission.name, e.sheet) for e, _ in kept if not e.counts)
    optional = {(e.submission.name, e.sheet): e.may_be_blank for e, _ in kept}
    frame = frame.astype(dtypes)
    whole = form.trait(Derivation).fill(frame) if form.has(Derivation) else frame
    return Table(form, whole, typed, positions, compared, optional)


def replaced_versions(verdict: Verdict, plan: Plan) -> Iterator[Replaced]:
    """The versions right before those that count, so that a worse one is noticed.

    For each form of each file that replaces rows of another: those rows, and its own for them.
    What comes in a layout that is only compared is left out.
    """
    pairs: dict[tuple[str, str], list[tuple[Candidate, Candidate]]] = defaultdict(list)
    for old, new in verdict.replaced:
        if old.extract is not None and old.rows and not new.key.layout:
            pairs[(new.submission.name, new.key.form)].append((old, new))
    for (file, form), replaced in pairs.items():
        kept = [(old.extract, old.rows) for old, _ in replaced if old.extract is not None]
        table = table_of(plan.form(form), kept)
        indices = {form: rows_of(table)}
        extracts = {id(extract): extract for extract, _ in kept}.values()
        findings = tuple(
            each
            for extract in extracts
            for finding in extract.findings
            for each in with_index(finding, indices)
        )
        now = frozenset(
            (file, new.extract.sheet, new.extract.rows[position]["row"])
            for _, new in replaced
            if new.extract is not None
            for position in new.rows
        )
        yield Replaced(file, table, findings, now)


def rows_of(table: Table) -> dict[Row, int]:
    """The index of each row by its file, sheet and Excel row."""
    keys = table.frame[list(ORIGIN)].itertuples(index=True)
    return {(key.submission, key.sheet, key.row): key.Index for key in keys}


def with_index(finding: Finding, indices: Mapping[str, Mapping[Row, int]]) -> Iterator[Finding]:
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
