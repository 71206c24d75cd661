"""What a division says of a warning in its marked copy, hung on the finding that it is about."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.model import Finding, Outcome, ReadRound, Severity, Submission, Table
from pipeline.workbook.identity import entries

EXPLANATION = "explanation"
IDENTITY = ("form", "key", "column", "code", "value")

_OLDEST = datetime.min.replace(tzinfo=UTC)


def identity(finding: Finding, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """What makes a finding of a division the same one again, in the order of IDENTITY.

    A row is known by the form's key, where it has none by its number; a cell by its value, so an
    explanation holds until the cell is changed.
    """
    value = finding.value if finding.cell else str(sorted(finding.params.items()))
    parts = (finding.form, _row_key(finding, tables), finding.column, finding.code, value)
    return tuple(_plain(part or "") for part in parts)


def with_explanations(reading: ReadRound) -> ReadRound:
    """The reading with every explanation beside the finding it was written for.

    A warning is settled by it; what must be corrected is not, its row would stay out.
    """
    explanations = _explanations(reading.submissions)
    if not explanations:
        return reading
    findings = (_explained(each, explanations, reading.tables) for each in reading.findings)
    return replace(reading, findings=tuple(findings))


def _explanations(submissions: tuple[Submission, ...]) -> Mapping[tuple[str, ...], str]:
    """The words by division and identity; later ones replace earlier ones, blanks do not.

    A file speaks for its division where its sender is in no doubt.
    """
    explanations: dict[tuple[str, ...], str] = {}
    trusted = [s for s in submissions if s.workbook and s.outcome is not Outcome.QUARANTINED]
    for each in sorted(trusted, key=lambda s: (s.received.received_at or _OLDEST, s.name)):
        for entry in entries(each.workbook) if each.workbook and each.division else ():
            words = entry.get(EXPLANATION, "").strip()
            if words:
                names = (_plain(entry.get(name, "")) for name in IDENTITY)
                explanations[each.division or "", *names] = words
    return explanations


def _explained(
    finding: Finding, explanations: Mapping[tuple[str, ...], str], tables: Mapping[str, Table]
) -> Finding:
    words = explanations.get((finding.division or "", *identity(finding, tables)))
    if words is None or finding.to != "division":
        return finding
    settled = finding.severity is Severity.WARNING
    return replace(finding, explained=finding.explained or settled, explanation=words)


def _row_key(finding: Finding, tables: Mapping[str, Table]) -> str:
    table = tables.get(finding.form or "")
    if table is None or finding.index is None:
        return f"#{finding.cell.row}" if finding.cell else ""
    values = [table.value(finding.index, name) for name in table.form.about.key]
    filled = [value for value in values if value is not None]
    if not values or len(filled) < len(values):
        return f"#{table.frame.at[finding.index, 'row']}"
    return " | ".join(filled)


def _plain(text: str) -> str:
    """A text as it compares: programs save line breaks each in a way of its own."""
    return " ".join(text.split())
