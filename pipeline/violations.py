"""A breach that a crosscheck found, as a finding at the cell that it is about."""

from dataclasses import replace

from pipeline.model import Fate, Finding, ReadRound
from schemas.kit.cross_rules import Crosscheck, Violation


def finding_of(check: Crosscheck, violation: Violation, reading: ReadRound) -> Finding:
    """What a crosscheck found, at its cell; of a configured text, with its key, to the analyst."""
    if violation.division:
        origin = (violation.division, violation.file or None)
        found = Finding(check.code, check.severity, *origin, params=dict(violation.params))
        return replace(found, to=check.to, form=violation.form)
    if violation.form is None or violation.index is None:
        params = {**violation.params, "key": violation.key or ""}
        return Finding(check.code, check.severity, params=params, to="analyst")
    table = reading.tables[violation.form]
    column = violation.column or table.form.columns[0].name
    cell = table.cell(violation.index, column)
    divisions = {each.name: each.division for each in reading.submissions}
    return Finding(
        check.code,
        check.severity,
        division=divisions.get(cell.file),
        file=cell.file,
        cell=cell,
        value=table.value(violation.index, column),
        params=dict(violation.params),
        to=check.to,
        form=violation.form,
        index=violation.index,
        column=column,
        sheet=cell.sheet,
        fate=Fate.DUPLICATE if violation.duplicate else None,
        group=violation.group,
    )
