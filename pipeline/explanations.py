"""What makes a finding the same one again, and what a division says of it in its marked copy."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from pipeline.model import Finding, Outcome, ReadRound, Severity, Submission, Table
from pipeline.workbook.identity import entries
from schemas.kit.thai.thai_text import matching_key

EXPLANATION = "explanation"
IDENTITY = ("form", "key", "column", "code", "value")

_ID_LENGTH = 10
_OLDEST = datetime.min.replace(tzinfo=UTC)


def identity(finding: Finding, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """What makes a finding of a division the same one again, in the order of IDENTITY.

    A row is known by the form's key, where it has none by its number; a cell by its value, so an
    explanation holds until the cell is changed.
    """
    value = finding.value if finding.cell else str(sorted(finding.params.items()))
    parts = (finding.form, _row_key(finding, tables), finding.column, finding.code, value)
    return tuple(_plain(part or "") for part in parts)


def finding_id(finding: Finding, tables: Mapping[str, Table]) -> str:
    """A short name that stays a finding's own through resubmissions and rounds.

    It is made of division, form, row, column and code alone: what a row is known by, not where it
    stands or what it holds. Rows that nothing tells apart share it.
    """
    about = _row_identity(finding, tables) or finding.params.get("key") or finding.sheet or ""
    parts = (finding.division, finding.form, about, finding.column, finding.code)
    plain = "\t".join(_plain(part or "") for part in parts)
    return hashlib.sha256(plain.encode()).hexdigest()[:_ID_LENGTH]


def _row_identity(finding: Finding, tables: Mapping[str, Table]) -> str:
    """The strongest set of columns that knows the row again, but for the one that is to change.

    Else its number in the sheet.
    """
    table = tables.get(finding.form or "")
    if table is None or finding.index is None or finding.index not in table.frame.index:
        return ""
    for names in table.form.identities:
        values = [table.frame.at[finding.index, name] for name in names]
        if finding.column not in names and not any(pd.isna(value) for value in values):
            return " | ".join(matching_key(str(value)) for value in values)
    return f"#{table.frame.at[finding.index, 'row']}"


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
