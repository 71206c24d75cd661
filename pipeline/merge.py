"""Accepted rows, one table per form: every row of the forms that count gets its one fate."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from pipeline.model import Fate, Finding, ReadRound, Severity, Table


def merge(reading: ReadRound) -> Mapping[str, Table]:
    """Each form's table with the column `fate`: accepted, held back, excluded or duplicate."""
    fates = _fates(reading.findings)
    blind = {
        (f.form, f.file, f.sheet)
        for f in reading.findings
        if f.code == "missing-heading" and f.severity is Severity.ERROR
    }
    return {name: _with_fates(table, fates, blind) for name, table in reading.tables.items()}


def _fates(findings: tuple[Finding, ...]) -> Mapping[tuple[str, int], Fate]:
    """The fate of every row that something is said of; a fault outweighs a duplicate."""
    fates: dict[tuple[str, int], Fate] = {}
    for finding in findings:
        if finding.form is None or finding.index is None:
            continue
        row = (finding.form, finding.index)
        if finding.severity is Severity.ERROR:
            fates[row] = Fate.HELD_BACK
        elif finding.fate is not None:
            fates.setdefault(row, finding.fate)
    return fates


def _with_fates(
    table: Table,
    fates: Mapping[tuple[str, int], Fate],
    blind: AbstractSet[tuple[str | None, ...]],
) -> Table:
    """Unless something is said of it a row is accepted, or in a layout of no basis compared.

    Of a sheet without a heading that a figure needs (`blind`) no row counts.
    """
    name = table.form.name
    default = {True: Fate.DUPLICATE, False: Fate.ACCEPTED}
    origin = table.frame[["submission", "sheet"]].itertuples(name=None)
    held = {i: Fate.HELD_BACK for i, *sheet in origin if (name, *sheet) in blind}
    rows = ((int(str(i)), compared) for i, compared in table.is_compared().items())
    fate = [str(fates.get((name, i), held.get(i, default[compared]))) for i, compared in rows]
    frame = table.frame.assign(fate=fate).astype({"fate": "string"})
    return table.with_frame(frame)
