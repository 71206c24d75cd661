"""What the checks found: every finding with its cell; signals for review stand apart."""

from collections.abc import Sequence

from pipeline.messages import finding_sentence, say
from pipeline.model import Finding, Severity
from pipeline.report.cell_content import Plain, Value
from pipeline.report.data_tables import DataTable, TableColumn
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_LOOKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "text"}
_COLUMNS = (
    ("severity", 16.0),
    ("code", 22.0),
    ("division", 24.0),
    ("file", 28.0),
    ("sheet", 18.0),
    ("cell", 14.0),
    ("value", 30.0),
    ("sentence", 62.0),
    ("to", 16.0),
    ("explained", 30.0),
)


@sheet("findings")
def findings_sheet(page: Page) -> None:
    """Write the counts by weight, then one line for every finding that is no signal."""
    page.columns(*(width for _, width in _COLUMNS))
    page.title()
    findings = [f for f in page.book.assessment.findings if not f.is_signal]
    page.line(page.say("note"), "note")
    page.gap()
    for severity in reversed(Severity):
        count = sum(finding.severity is severity for finding in findings)
        word = say(f"severity.{severity.name}")
        page.row([Value(word, _LOOKS[severity]), Value(count, "count")])
    page.gap()
    _table(page, findings)


def _table(page: Page, findings: Sequence[Finding]) -> None:
    columns = [
        TableColumn("", say(f"report.finding.{name}"), "text", width, wrap=True)
        for name, width in _COLUMNS
    ]
    table = DataTable(page, "findings", columns)
    page.printed(repeat=table.head)
    table.write(_line(page, finding) for finding in sorted(findings, key=_order))


def _order(finding: Finding) -> tuple[object, ...]:
    cell = finding.cell
    place = (cell.sheet, cell.row, cell.column) if cell else (finding.sheet or "", 0, 0)
    key = finding.params.get("key", "")
    return (
        -finding.severity,
        finding.division or "~",
        finding.file or "",
        *place,
        finding.code,
        key,
    )


def _line(page: Page, finding: Finding) -> list[Plain]:
    plan, cell = page.book.plan, finding.cell
    names = {each.code: each.name for each in plan.divisions}
    place = cell.address if cell else finding.params.get("key")
    return [
        say(f"severity.{finding.severity.name}"),
        finding.code,
        names.get(finding.division or "", finding.division),
        finding.file,
        cell.sheet if cell else finding.sheet,
        place,
        finding.value,
        finding_sentence(finding, "th", plan.forms),
        say(f"report.to.{finding.to}"),
        _explained(finding),
    ]


def _explained(finding: Finding) -> str | None:
    """The division's own words, and whether they settle the matter."""
    settled = say("report.explained") if finding.explained else ""
    return ": ".join(part for part in (settled, finding.explanation) if part) or None
