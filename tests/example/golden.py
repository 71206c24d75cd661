"""What a round is expected to come to, as texts that a person can read in a diff.

Run `python -m tests.example.golden` to write `tests/golden/2566-12-messy/` anew; then read every line.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from pipeline.messages import finding_sentence, open_sentence
from pipeline.model import Assessment, Finding, ObligationStatus, Severity
from pipeline.plan import load_plan
from pipeline.run import assess
from schemas import forms
from tests.example.generate import INPUTS
from tests.example.messy import ROUND

GOLDEN = Path(__file__).parents[1] / "golden" / ROUND


def golden(assessment: Assessment) -> Mapping[str, str]:
    """Every golden text by the name of its file."""
    made = {
        "files.txt": _files(assessment),
        "findings.txt": _findings(assessment),
        "repairs.txt": _repairs(assessment),
        "hidden.txt": _hidden(assessment),
        "obligations.txt": _obligations(assessment),
        "open_items.txt": _open_items(assessment),
        "figures.txt": _figures(assessment),
    }
    return {name: "".join(f"{line}\n" for line in lines) for name, lines in made.items()}


def _files(assessment: Assessment) -> Iterator[str]:
    for each in assessment.submissions:
        yield f"{each.outcome:<12} {each.division or '-':<3} {each.name}  {each.reason}".rstrip()


def _findings(assessment: Assessment) -> Iterator[str]:
    """By file, the gravest first, in the order of the cells; both sentences below each."""
    for file, found in groupby(sorted(assessment.findings, key=_order), key=lambda f: f.file):
        yield ""
        yield f"=== {file or 'round.toml'}"
        for finding in found:
            sheet = finding.cell.sheet if finding.cell else finding.sheet
            place = f"{sheet or ''}!{finding.cell.address if finding.cell else ''}".strip("!")
            value = "" if finding.value is None else f"  «{_line(finding.value)}»"
            yield f"{finding.severity.name:<8} {finding.code}  {place}{value}  → {finding.to}"
            for lang in ("th", "en"):
                yield f"         {finding_sentence(finding, lang, assessment.plan.forms)}"


def _order(finding: Finding) -> tuple[object, ...]:
    cell = finding.cell
    place = (cell.sheet, cell.row, cell.column) if cell else (finding.sheet or "", 0, 0)
    rank = Severity.ERROR - finding.severity
    return (finding.file or "", rank, *place, finding.code, sorted(finding.params.items()))


def _line(text: str) -> str:
    """Text on one line, what cannot be seen made visible."""
    return text.replace("\n", "⏎").replace("\u200b", "[ZWSP]").replace("\u00a0", "[NBSP]")


def _repairs(assessment: Assessment) -> Iterator[str]:
    for repair in sorted(assessment.repairs, key=lambda each: each.cell):
        place = f"{repair.cell.file} · {repair.cell.sheet}!{repair.cell.address}"
        codes = ", ".join(repair.codes)
        yield f"{place}  «{_line(repair.typed)}» → «{_line(repair.read)}»  {codes}"


def _hidden(assessment: Assessment) -> Iterator[str]:
    for each in assessment.hidden:
        yield f"{each.file} · {each.sheet}  {each.what} {each.where}"


def _obligations(assessment: Assessment) -> Iterator[str]:
    def division(obligation_status: ObligationStatus) -> str:
        return obligation_status.obligation.division

    for code, obligation_statuses in groupby(assessment.obligation_statuses, key=division):
        yield f"{code} {assessment.plan.division(code).name}"
        for each in obligation_statuses:
            owed = each.obligation
            month = owed.month.isoformat()[:7] if owed.month else ""
            part = f"{owed.form} {month or owed.measure or ''}".rstrip()
            late = f"  late {each.late_days} d" if each.late_days else ""
            yield f"    {part:<32} {each.state:<14}{late}  {each.file}".rstrip()


def _open_items(assessment: Assessment) -> Iterator[str]:
    for item in assessment.open_items:
        text = open_sentence(item, assessment.plan, "th")
        yield f"{item.who:<9} {item.division or '-':<3} {item.kind}: {text}"


def _figures(assessment: Assessment) -> Iterator[str]:
    for key, figure in assessment.figures.items():
        value = figure.value
        shown = f"{value:.2f}" if isinstance(value, Decimal) else str(value)
        yield f"{key} = {shown} {figure.unit}"


def settled() -> Assessment:
    """The messy round, settled from its inputs."""
    return assess(load_plan(INPUTS / ROUND, forms()))


def main() -> None:
    """Write the golden texts anew."""
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, text in golden(settled()).items():
        (GOLDEN / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
