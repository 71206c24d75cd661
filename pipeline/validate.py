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

_REQUIRED_IF = "required-if:"
_UNREADABLE = "unreadable-"
_NOT_READ = ("error-cell", "uncalculated-formula")
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
    found, excluded = list(reading.findings), reading.excluded
    for name, table in reading.tables.items():
        mine = [f for f in reading.findings if f.form == name]
        before = [f for f in mine if (name, f.index) not in excluded]
        kept = [i for i in table.frame.index if (name, i) not in excluded]
        asked = table.with_frame(table.frame.loc[kept])
        judged = judge(asked, plan.context, before, plan.rules_off)
        found += [replace(each, division=divisions.get(each.file or "")) for each in judged]
    found += _worse(reading, found, plan)
    return replace(reading, findings=tuple(found))


def _worse(reading: ReadRound, found: Sequence[Finding], plan: Plan) -> Iterator[Finding]:
    """A note on each form of which fewer rows are sound than of the version before."""
    divisions = {each.name: each.division for each in reading.submissions}
    faulty = {(f.form, f.index) for f in found if f.severity is Severity.ERROR}
    for each in reading.replaced:
        form = each.table.form
        judged = judge(each.table, plan.context, each.findings, plan.rules_off)
        said = (f for f in (*each.findings, *judged) if f.severity is Severity.ERROR)
        before = len(each.table.frame) - len({f.index for f in said} - {None})
        origin = reading.tables[form.name].frame[list(ORIGIN)].itertuples(name=None)
        rows = (index for index, *place in origin if tuple(place) in each.now)
        now = sum((form.name, index) not in faulty for index in rows)
        if now < before:
            files = ", ".join(dict.fromkeys(each.table.frame["submission"]))
            counts = {"before": str(before), "now": str(now), "fewer": str(before - now)}
            yield Finding(
                "fewer-rows",
                Severity.NOTE,
                division=divisions.get(each.file),
                file=each.file,
                params={"form": form.about.sheet, "before_file": files} | counts,
                to="analyst",
                form=form.name,
            )


def judge(
    table: Table, context: Context, told_before: Sequence[Finding] = (), off: Sequence[str] = ()
) -> list[Finding]:
    """The findings of one form's table, in the order of accusation, each cell accused once.

    `told_before` are the findings of reading, those about cells that could not be read among them;
    `off` are the rules switched off.
    """
    silenced: set[tuple[int | None, str | None]] = {
        (index, f.column) for f in told_before if _is_unreadable(f) for index in _rows_of(f, table)
    }
    silenced |= set(_missing(table, told_before))
    unasked = set(_absent(table))
    told: set[tuple[object, str]] = set()
    found: list[Finding] = []
    for finding, looked_at in _accusations(table, context):
        if finding.code == "required" and _may_be_blank(finding, table):
            continue
        if (finding.index, finding.column) in unasked:
            continue
        silent = any((finding.index, column) in silenced for column in looked_at)
        if silent or finding.code in off or (finding.cell, finding.code) in told:
            continue
        found.append(finding)
        told.add((finding.cell, finding.code))
        if finding.severity is Severity.ERROR:
            silenced.add((finding.index, finding.column))
    return found


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


def _may_be_blank(finding: Finding, table: Table) -> bool:
    sheet = (finding.file or "", finding.sheet or "")
    return finding.column in table.optional.get(sheet, frozenset())


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
        for failure in failures.get(_REQUIRED_IF + column.name, ()):
            looked_at = (column.name, (column.required_if or ("", ()))[0])
            yield _demanded(table, column, failure, context), looked_at
    for rule in table.form.rules:
        for failure in failures.get(f"rule:{rule.code}", ()):
            seen = _shown(table, failure.index, rule.on, context)
            yield (
                _finding(table, failure.index, rule.on[0], rule.code, rule.severity, seen),
                rule.looked_at,
            )
    yield from _doubles(table)
    for finding in _of_persons(table):
        yield finding, ()


def _failures(table: Table, context: Context) -> Mapping[str, list[Failure]]:
    """What pandera says by column, or by check for a check of the row; one entry per row."""
    columns = [c.name for c in table.form.columns]
    found: dict[str, list[Failure]] = defaultdict(list)
    try:
        table.form.schema(context).validate(table.frame[columns], lazy=True)
    except pandera.errors.SchemaErrors as errors:
        for error in errors.schema_errors:
            for failure in _of_error(error, columns):
                found[failure.column or failure.check].append(failure)
    return found


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
    params = {
        "expected_th": column.expected("th"),
        "expected_en": column.expected("en"),
    }
    for name, value in _bounds(column, context).items():
        params |= {f"{name}_{lang}": column.show(value, lang, context) for lang in LANGUAGES}
    return _finding(table, failure.index, column.name, code, missing or column.defect, params)


def _bounds(column: Column, context: Context) -> dict[str, Any]:
    """What a value of the column may not be below or above, by the names that sentences use."""
    found: dict[str, Any] = {"minimum": column.minimum, "maximum": column.maximum}
    if column.within and context.round:
        found["from"], found["to"] = context.round.bounds(column.within)
    return {name: value for name, value in found.items() if value is not None}


def _demanded(table: Table, column: Column, failure: Failure, context: Context) -> Finding:
    other = (column.required_if or ("", ()))[0]
    shown = _shown(table, failure.index, (other,), context)
    params = {"because": _heading(table, other), "because_value": shown[f"{other}_th"]}
    return _finding(table, failure.index, column.name, "required-if", column.defect, params)


def _shown(table: Table, index: int, names: Sequence[str], context: Context) -> dict[str, str]:
    """The values of a row as sentences say them, by column and language."""
    row = table.frame.loc[index]
    return {
        f"{name}_{lang}": table.form.column(name).show(row[name], lang, context)
        for name in names
        for lang in LANGUAGES
    }


def _doubles(table: Table) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """The later twins of a key within one submission; a key with a blank is no key."""
    key = list(table.form.about.key)
    if not key or table.form.is_cover:
        return
    whole = table.frame[table.frame[key].notna().all(axis="columns")]
    for _, twins in whole.groupby(["submission", *key], sort=False):
        first, *later = twins.index
        for index in later:
            params = {"first": table.cell(first, key[0]).address}
            yield (
                _finding(table, index, key[0], "duplicate-key", Severity.ERROR, params),
                tuple(key),
            )


def _of_persons(table: Table) -> Iterator[Finding]:
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
    return Finding(
        code,
        severity,
        file=cell.file,
        cell=cell,
        value=table.value(index, column),
        params={"heading": _heading(table, column)} | params,
        form=table.form.name,
        index=index,
        column=column,
        sheet=cell.sheet,
    )


def _heading(table: Table, column: str) -> str:
    return " ".join(table.form.column(column).th.split())
