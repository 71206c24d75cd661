"""What the checks found: every finding with its cell, and the signals about procurement apart."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.messages import finding_sentence, say
from pipeline.model import Finding, Severity
from pipeline.report.cells import Plain, Value, one_line
from pipeline.report.page import Page
from pipeline.report.tables import DataTable, TableColumn
from schemas.crosschecks import crosschecks
from schemas.kit.form import FormSpec

FLAGS = ("RF", "PRC-")
_SENTENCE = 7
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


def findings_sheet(page: Page) -> None:
    """Write the counts by weight, then one line for every finding."""
    page.columns(*(width for _, width in _COLUMNS))
    page.title()
    findings = page.book.assessment.findings
    page.line(page.say("note"), "note")
    page.gap()
    for severity in reversed(Severity):
        count = sum(finding.severity is severity for finding in findings)
        word = say(f"severity.{severity.name}")
        page.row([Value(word, _LOOKS[severity]), Value(count, "count")])
    page.gap()
    _table(page, "findings", findings)


def flags_sheet(page: Page) -> None:
    """Write what the signals are, how many rows each looked at, and what they found."""
    page.columns(*(width for _, width in _COLUMNS))
    page.line(page.say("note"), "subtitle")
    page.title()
    page.line(page.say("limits"), "note")
    flagged = [f for f in page.book.assessment.findings if f.code.startswith(FLAGS)]
    _coverage(page, flagged)
    page.section("found")
    if not flagged:
        rows = sum(asked for _, _, asked in _asked(page))
        page.line(page.book.own(page.say("nothing", rows=f"{rows:,}")))
    _table(page, "flags", flagged)


def _table(page: Page, prefix: str, findings: Sequence[Finding]) -> None:
    columns = [
        TableColumn("", say(f"report.finding.{name}"), "text", width, wrap=True)
        for name, width in _COLUMNS
    ]
    table = DataTable(page, prefix, columns)
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


def _asked(page: Page) -> Iterator[tuple[str, str, int]]:
    """Every signal: its code, what it looks for, and how many rows it could be asked on."""
    off = set(page.book.plan.rules_off)
    forms = [f for f in page.book.plan.forms if any(r.code.startswith(FLAGS) for r in f.rules)]
    for form in forms:
        for rule in form.rules:
            if rule.code.startswith(FLAGS) and rule.code not in off:
                yield rule.code, _general(rule.th, form), _rows_with(page, form, rule.on)
    checks = (each for code, each in crosschecks().items() if code.startswith(FLAGS))
    for check in checks:
        if check.code not in off:
            yield check.code, _general(check.th), sum(_rows_with(page, form, ()) for form in forms)


def _general(sentence: str, form: FormSpec | None = None) -> str:
    """A rule's sentence with the headings of its columns in the places of their values."""
    headings = {column.name: one_line(column.th) for column in form.columns} if form else {}
    return sentence.format_map(defaultdict(lambda: "…", headings))


def _rows_with(page: Page, form: FormSpec, columns: Sequence[str]) -> int:
    table = page.book.assessment.tables.get(form.name)
    if table is None:
        return 0
    return int(table.frame[list(columns)].notna().all(axis="columns").sum())


def _coverage(page: Page, flagged: Sequence[Finding]) -> None:
    """Silence must be told from a check that was never run: rows looked at, and signals."""
    page.section("coverage")
    names = ("code", "rows", "signals", "sentence")
    page.heads(names, last=_SENTENCE)
    for code, sentence, rows in _asked(page):
        found = sum(finding.code == code for finding in flagged)
        cells = (code, Value(rows, "count"), Value(found, "count"))
        page.row_with_sentence(cells, sentence, _SENTENCE)
    for code in page.book.plan.rules_off:
        page.line(page.say("off", code=code), "note")
