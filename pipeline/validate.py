"""Tables → findings: each form judged once, over all its rows; the only door to pandera.

The order of accusation is unreadable cells, column checks, `required_if`, rules, keys. A cell
carries at most one ERROR, and only an unreadable cell or an ERROR silences what looks at it; a
number of a person is told whatever else is at fault.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa

from pipeline.messages import LANGUAGES
from pipeline.model import ORIGIN, Finding, Plan, ReadRound, Severity, Table
from schemas.kit.columns import Column
from schemas.kit.kinds import Context
from schemas.kit.personal_numbers import personal_numbers

_REQUIRED = "required-if:"
_UNREADABLE = "unreadable-"
_NOT_READ = ("error-cell", "uncalculated-formula", "picture-cell")
_COLUMN_CODES = {
    "not_nullable": "required",
    "minimum": "below-minimum",
    "maximum": "above-maximum",
    "pattern": "pattern",
    "within": "outside-period",
}


@dataclass(frozen=True)
class Failure:
    """One thing pandera reports: the check's name, the column it judged (None: the row), a row."""

    check: str
    column: str | None
    index: int


def validate(reading: ReadRound, plan: Plan) -> ReadRound:
    """Judge every form's table; the reading comes back with the findings added."""
    divisions = {each.name: each.division for each in reading.submissions}
    findings, excluded = list(reading.findings), reading.excluded
    for name, table in reading.tables.items():
        mine = [f for f in reading.findings if f.form == name]
        before = [f for f in mine if (name, f.index) not in excluded]
        kept = [i for i in table.frame.index if (name, i) not in excluded]
        rows = table.with_frame(table.frame.loc[kept])
        judged = judge(rows, plan.context, before, plan.rules_off)
        findings += [replace(each, division=divisions.get(each.file or "")) for each in judged]
    findings += _fewer_rows(reading, findings, plan)
    return replace(reading, findings=tuple(findings))


def _fewer_rows(reading: ReadRound, findings: Sequence[Finding], plan: Plan) -> Iterator[Finding]:
    """A note on each form of which fewer rows are sound than of the version before."""
    divisions = {each.name: each.division for each in reading.submissions}
    faulty = {(f.form, f.index) for f in findings if f.severity is Severity.ERROR}
    for each in reading.replaced:
        form = each.table.form
        judged = judge(each.table, plan.context, each.findings, plan.rules_off)
        errors = (f for f in (*each.findings, *judged) if f.severity is Severity.ERROR)
        before = len(each.table.frame) - len({f.index for f in errors} - {None})
        origin = reading.tables[form.name].frame[list(ORIGIN)].itertuples(name=None)
        rows = (index for index, *place in origin if tuple(place) in each.now)
        now = sum((form.name, index) not in faulty for index in rows)
        if now < before:
            files = ", ".join(dict.fromkeys(each.table.frame["submission"]))
            params = {"before": str(before), "now": str(now), "fewer": str(before - now)}
            params |= {"form": form.about.sheet, "before_file": files}
            origin = (divisions.get(each.file), each.file)
            note = Finding("fewer-rows", Severity.NOTE, *origin, params=params, form=form.name)
            yield replace(note, to="analyst")


def judge(
    table: Table, context: Context, before: Sequence[Finding] = (), off: Sequence[str] = ()
) -> list[Finding]:
    """The findings of one form's table, in the order of accusation, each cell accused once.

    `before` are the findings of reading, those about cells that could not be read among them;
    `off` are the rules switched off.
    """
    silenced: set[tuple[int | None, str | None]] = {
        (index, f.column) for f in before if _is_unreadable(f) for index in _rows_of(f, table)
    }
    silenced |= set(_missing(table, before))
    unasked = set(_absent(table))
    accused: set[tuple[object, str]] = set()
    findings: list[Finding] = []
    for finding, looked_at in _accusations(table, context):
        sheet = (finding.file or "", finding.sheet or "")
        if finding.code == "required" and finding.column in table.optional.get(sheet, ()):
            continue
        if (finding.index, finding.column) in unasked:
            continue
        silent = any((finding.index, column) in silenced for column in looked_at)
        if silent or finding.code in off or (finding.cell, finding.code) in accused:
            continue
        findings.append(finding)
        accused.add((finding.cell, finding.code))
        if finding.severity is Severity.ERROR:
            silenced.add((finding.index, finding.column))
    return findings


def _is_unreadable(finding: Finding) -> bool:
    return finding.code in _NOT_READ or finding.code.startswith(_UNREADABLE)


def _rows_of(finding: Finding, table: Table) -> list[int]:
    """The rows that the value of an unreadable cell belongs to: all, where it stands above them."""
    if finding.index is not None:
        return [finding.index]
    if finding.cell is None or finding.column is None:
        return []
    frame = table.frame
    return list(frame.index[frame["submission"] == finding.file])


def _missing(table: Table, findings: Sequence[Finding]) -> Iterator[tuple[int, str]]:
    """The cells of the columns that a sheet should have: its missing heading says so, once.

    What a layout never has silences nothing.
    """
    lacking: dict[tuple[str, str], set[str]] = defaultdict(set)
    for finding in findings:
        if finding.code == "missing-heading" and finding.column:
            lacking[(finding.file or "", finding.sheet or "")].add(finding.column)
    if lacking:
        origin = table.frame[["submission", "sheet"]].itertuples(name=None)
        yield from ((i, name) for i, *sheet in origin for name in lacking.get((*sheet,), ()))


def _absent(table: Table) -> Iterator[tuple[int, str]]:
    """The blank cells of columns that a sheet has not: nobody could have filled them in."""
    names = {c.name for c in table.form.table_columns}
    lacking = {sheet: names - places.keys() for sheet, places in table.positions.items()}
    if any(lacking.values()):
        origin = table.frame[["submission", "sheet"]].itertuples(name=None)
        cells = ((i, name) for i, file, sheet in origin for name in lacking[(file, sheet)])
        yield from (cell for cell in cells if pd.isna(table.frame.at[cell]))


def _accusations(table: Table, context: Context) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Every finding with the columns its check looked at, in the order of accusation."""
    failures = _failures(table, context)
    for column in table.form.columns:
        for failure in failures.get(column.name, ()):
            yield _of_column(table, column, failure, context), (column.name,)
    for column in table.form.columns:
        for failure in failures.get(_REQUIRED + column.name, ()):
            looked_at = (column.name, (column.required_if or ("", ()))[0])
            yield _required_if(table, column, failure, context), looked_at
    for rule in table.form.rules:
        for failure in failures.get(f"rule:{rule.code}", ()):
            place, values = (failure.index, rule.on[0]), _values(table, failure, rule.on, context)
            finding = _finding(table, *place, rule.code, rule.severity, values)
            yield finding, rule.looked_at
    yield from _duplicates(table)
    for finding in _personal(table):
        yield finding, ()


def _failures(table: Table, context: Context) -> Mapping[str, list[Failure]]:
    """What pandera says by column, or by check for a check of the row; one entry per row."""
    columns = [c.name for c in table.form.columns]
    failures: dict[str, list[Failure]] = defaultdict(list)
    try:
        table.form.schema(context).validate(table.frame[columns], lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for error in errors.schema_errors:
            for failure in _of_error(error, columns):
                failures[failure.column or failure.check].append(failure)
    return failures


def _of_error(error: pandera.errors.SchemaError, columns: list[str]) -> Iterator[Failure]:
    check = error.check.name if isinstance(error.check, pa.Check) else str(error.check)
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame) or cases["index"].isna().any():
        raise AssertionError(f"pandera could not run {check}: {cases}")
    column = error.schema.name if error.schema.name in columns else None
    for index in sorted(set(cases["index"])):
        yield Failure(str(check), column, int(index))


def _of_column(table: Table, column: Column, failure: Failure, context: Context) -> Finding:
    code = _COLUMN_CODES.get(failure.check, failure.check)
    missing = column.required if code == "required" else None
    params = {f"expected_{lang}": column.expected(lang) for lang in LANGUAGES}
    for name, value in _bounds(column, context).items():
        params |= {f"{name}_{lang}": column.show(value, lang, context) for lang in LANGUAGES}
    return _finding(table, failure.index, column.name, code, missing or column.defect, params)


def _bounds(column: Column, context: Context) -> dict[str, Any]:
    """What a value of the column may not be below or above, by the names that sentences use."""
    bounds: dict[str, Any] = {"minimum": column.minimum, "maximum": column.maximum}
    if column.within and context.round:
        bounds["from"], bounds["to"] = context.round.bounds(column.within)
    return {name: value for name, value in bounds.items() if value is not None}


def _required_if(table: Table, column: Column, failure: Failure, context: Context) -> Finding:
    other = (column.required_if or ("", ()))[0]
    value = _values(table, failure, (other,), context)[f"{other}_th"]
    params = {"because": _heading(table, other), "because_value": value}
    return _finding(table, failure.index, column.name, "required-if", column.defect, params)


def _values(
    table: Table, failure: Failure, names: Sequence[str], context: Context
) -> dict[str, str]:
    """The values of a row as sentences say them, by column and language."""
    row = table.frame.loc[failure.index]
    return {
        f"{name}_{lang}": table.form.column(name).show(row[name], lang, context)
        for name in names
        for lang in LANGUAGES
    }


def _duplicates(table: Table) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """The later twins of a key within one submission; a key with a blank is no key."""
    key = list(table.form.about.key)
    if not key or table.form.is_cover:
        return
    whole = table.frame[table.frame[key].notna().all(axis="columns")]
    doubled = whole[whole.duplicated(["submission", *key], keep=False)]
    for _, twins in doubled.groupby(["submission", *key], sort=False):
        first, *later = twins.index
        for index in later:
            params = {"first": table.cell(first, key[0]).address}
            code, severity = "duplicate-key", Severity.ERROR
            yield _finding(table, index, key[0], code, severity, params), tuple(key)


def _personal(table: Table) -> Iterator[Finding]:
    """The numbers of persons where nobody asks for them; each kind once a cell."""
    for column in table.form.columns:
        unasked = column.unasked
        for index, text in table.frame[column.name].dropna().items() if unasked else ():
            kinds = dict.fromkeys(number.what for number in personal_numbers(text))
            for kind in (each for each in kinds if each in unasked):
                code = f"personal-{kind}"
                yield _finding(table, int(str(index)), column.name, code, Severity.WARNING, {})


def _finding(
    table: Table, index: int, column: str, code: str, severity: Severity, params: dict[str, str]
) -> Finding:
    cell = table.cell(index, column)
    origin = (None, cell.file, cell, table.value(index, column))
    params = {"heading": _heading(table, column)} | params
    finding = Finding(code, severity, *origin, params, form=table.form.name, sheet=cell.sheet)
    return replace(finding, index=index, column=column)


def _heading(table: Table, column: str) -> str:
    return " ".join(table.form.column(column).th.split())
