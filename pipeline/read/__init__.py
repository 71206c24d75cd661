"""Submission → typed tables: every sheet of every form, and which of several versions counts."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.model import Hidden, Outcome, Plan, ReadRound, Repair, Submission
from pipeline.read.absent import absent
from pipeline.read.apply_corrections import (
    Applied,
    add_repairs,
    correct,
    corrections_of,
    restore_typed,
    settle,
    without_excluded,
)
from pipeline.read.extract import Extract
from pipeline.read.releases import settle_releases
from pipeline.read.rows import read_form, rows_within
from pipeline.read.supersede import Verdict, decide
from pipeline.read.typed_tables import Row, replaced_versions, rows_of, table_of, with_index
from pipeline.workbook.addresses import column_letters
from pipeline.workbook.identity import our_sheets

__all__ = ["read", "rows_within"]


def read(submissions: Sequence[Submission], plan: Plan) -> ReadRound:
    """Read every accepted submission; keep of each form and month the version that counts."""
    read_sheets = [each for submission in submissions for each in _sheets(submission, plan)]
    extracts = [extract for extract, _ in read_sheets]
    applied = [each for _, corrections in read_sheets for each in corrections]
    verdict = decide(extracts, submissions, plan)
    tables = {
        form.name: restore_typed(table_of(form, verdict.kept), applied) for form in plan.forms
    }
    settled, correction_findings = settle(plan, submissions, extracts, applied, tables)
    let_in, release_findings = settle_releases(plan, submissions)
    indices = {name: rows_of(table) for name, table in tables.items()}
    gone = {(r.submission, r.form) for r in verdict.form_outcomes} - _reported(verdict)
    findings = [f for submission in submissions for f in submission.findings]
    told = (f for e in extracts for f in e.findings)
    findings += [f for f in told if (f.file, f.form) not in gone or f.code == "month-blank"]
    reading = ReadRound(
        submissions=verdict.submissions,
        tables=tables,
        form_outcomes=verdict.form_outcomes,
        repairs=tuple(r for e in extracts for r in e.repairs if _is_kept(r, indices)),
        findings=tuple(
            each
            for finding in (
                *correction_findings,
                *release_findings,
                *findings,
                *verdict.findings,
                *absent(verdict, plan),
            )
            for each in with_index(finding, indices)
        ),
        hidden=tuple(each for submission in submissions for each in _hidden(submission)),
        settled=(*settled, *let_in),
        replaced=tuple(replaced_versions(verdict, plan)),
    )
    return without_excluded(reading)


def _sheets(submission: Submission, plan: Plan) -> Iterator[tuple[Extract, tuple[Applied, ...]]]:
    """Every sheet of a form as it is read, with what was agreed of it."""
    if submission.outcome is Outcome.ACCEPTED and submission.workbook is not None:
        sheets = {sheet.name: sheet for sheet in submission.workbook.sheets}
        for name, sheet in (*submission.sheets.items(), *submission.further):
            agreed = corrections_of(plan, submission.name, sheet)
            cells, applied = correct(sheets[sheet], agreed)
            extract = read_form(submission, plan.form(name), cells, plan)
            yield extract, add_repairs(extract, applied)


def _reported(verdict: Verdict) -> set[tuple[str, str]]:
    """The (file, form) pairs whose findings are worth telling: used or refused."""
    states = ("counts", "nil", "compared", "refused")
    return {(r.submission, r.form) for r in verdict.form_outcomes if r.state in states}


def _is_kept(repair: Repair, indices: Mapping[str, Mapping[Row, int]]) -> bool:
    cell, rows = repair.cell, indices[repair.form]
    fixed = all((cell.file, cell.sheet) != key[:2] for key in rows)
    return (cell.file, cell.sheet, cell.row) in rows or not fixed


def _hidden(submission: Submission) -> Iterator[Hidden]:
    """The hidden sheets, rows and columns of an accepted workbook that hold something."""
    if submission.workbook is None or submission.outcome is not Outcome.ACCEPTED:
        return
    ours = our_sheets(submission.workbook) - set(submission.sheets.values())
    for sheet in submission.workbook.sheets:
        if sheet.name in ours or not sheet.cells:
            continue
        if sheet.state != "visible":
            if sheet.name in submission.sheets.values():
                yield Hidden(submission.name, sheet.name, "sheet", sheet.name)
            continue
        rows = sorted({row for row, _ in sheet.cells} & set(sheet.hidden_rows))
        columns = sorted({column for _, column in sheet.cells} & set(sheet.hidden_columns))
        yield from (Hidden(submission.name, sheet.name, "row", str(row)) for row in rows)
        yield from (
            Hidden(submission.name, sheet.name, "column", column_letters(c)) for c in columns
        )
