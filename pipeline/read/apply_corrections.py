"""Cells that are read as agreed with a division, and rows that somebody has excluded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.model import (
    Correction,
    Effect,
    Exclusion,
    Fate,
    Finding,
    Outcome,
    PipelineError,
    Plan,
    ReadRound,
    Repair,
    Settled,
    Severity,
    Submission,
    Table,
)
from pipeline.read.candidates import nil_parts
from pipeline.read.extract import Extract
from pipeline.workbook.reader import Cell, CellType, Sheet
from schemas.kit.thai.dates import parse_date
from schemas.kit.thai.numbers import parse_money
from schemas.kit.thai.thai_text import clean

AGREED = "agreed-correction"
_UNREADABLE = "unreadable-"
_READERS = (parse_money, parse_date)
_SILENT = (Effect.IN_EFFECT, Effect.REPLACED)

Sheets = Mapping[tuple[str, str], Extract]


@dataclass(frozen=True)
class Applied:
    """A correction that was laid over a sheet, what the cell holds, and whose column it is."""

    entry: Correction
    was: str
    form: str = ""
    column: str = ""


# --- corrections --------------------------------------------------------------------------------


def corrections_of(plan: Plan, file: str, sheet: str) -> list[Correction]:
    """The corrections of one sheet; the last of each cell replaces those before it."""
    return [each for each in _last(plan) if (each.file, each.sheet) == (file, sheet)]


def _last(plan: Plan) -> tuple[Correction, ...]:
    return tuple({each.cell: each for each in plan.changes.corrections}.values())


def correct(sheet: Sheet, entries: Sequence[Correction]) -> tuple[Sheet, tuple[Applied, ...]]:
    """The sheet as agreed, and the corrections of cells that still hold the old value."""
    cells, applied = dict(sheet.cells), []
    for entry in entries:
        place = (entry.row, entry.column)
        cell = sheet.cell(*place)
        was = cell.raw if cell else ""
        if all(row != entry.row for row, _ in sheet.cells):
            raise _nothing_at(entry)
        if _is_same(was, entry.old):
            applied.append(Applied(entry, was))
            cells.pop(place, None)
            cells |= {place: Cell(*place, CellType.TEXT, entry.new)} if entry.new else {}
    if not applied:
        return sheet, ()
    return replace(sheet, cells=dict(sorted(cells.items()))), tuple(applied)


def _is_same(raw: str, old: str) -> bool:
    """Whether both are the same text, number or day, however it is written."""
    if clean(raw) == clean(old):
        return True
    pairs = ((read(raw).value, read(old).value) for read in _READERS)
    return any(a is not None and a == b for a, b in pairs)


def add_repairs(extract: Extract, applied: Sequence[Applied]) -> tuple[Applied, ...]:
    """The same with form and column; each is a repair of the extract.

    PipelineError where the form has no such cell, or its column cannot read what was agreed.
    """
    return tuple(_add_repair(extract, each) for each in applied) if not extract.refused else ()


def _add_repair(extract: Extract, applied: Applied) -> Applied:
    entry = applied.entry
    column = _column_at(extract, entry)
    for finding in extract.findings:
        if finding.cell == entry.cell and finding.code.startswith(_UNREADABLE):
            heading = finding.params["heading"]
            params = {"number": entry.number, "new": entry.new, "heading": heading}
            raise PipelineError("corrections-unreadable", **params)
    own = [each for each in extract.repairs if each.cell == entry.cell]
    codes = (AGREED, *(code for each in own for code in each.codes))
    extract.repairs[:] = [each for each in extract.repairs if each not in own]
    read = own[0].read if own else entry.new
    extract.repairs.append(Repair(entry.cell, extract.form.name, column, applied.was, read, codes))
    return replace(applied, form=extract.form.name, column=column)


def _column_at(extract: Extract, entry: Correction) -> str:
    rows = {row["row"] for row in extract.rows}
    for name, (row, column) in extract.positions.items():
        if column == entry.column and (row == entry.row or (row is None and entry.row in rows)):
            return name
    raise _nothing_at(entry)


def restore_typed(table: Table, applied: Sequence[Applied]) -> Table:
    """The table with the text that a corrected cell holds, not the one that was agreed."""
    mine = [(index, each) for each in applied for index in _indices(table, each)]
    if not mine:
        return table
    typed = table.typed.copy()
    for index, each in mine:
        typed.at[index, each.column] = each.was or pd.NA
    return replace(table, typed=typed)


def _indices(table: Table, applied: Applied) -> list[int]:
    """The rows of the table that hold the value of the corrected cell."""
    entry, frame = applied.entry, table.frame
    if applied.form != table.form.name:
        return []
    mine = (frame["submission"] == entry.file) & (frame["sheet"] == entry.sheet)
    if not table.form.column(applied.column).labelled:
        mine &= frame["row"] == entry.row
    return [int(index) for index in frame.index[mine]]


def settle(
    plan: Plan,
    submissions: Sequence[Submission],
    extracts: Sequence[Extract],
    applied: Sequence[Applied],
    tables: Mapping[str, Table],
) -> tuple[tuple[Settled, ...], tuple[Finding, ...]]:
    """What became of every correction and exclusion, and the findings on them.

    PipelineError where one speaks of a file, a sheet, a cell or a row that is not there.
    """
    sheets = {(each.submission.name, each.sheet): each for each in extracts}
    applied_by_number = {each.entry.number: each for each in applied}
    settled, findings = [], []
    for entry in plan.changes.corrections:
        submission = _file_of(entry, plan, submissions)
        extract = _sheet_of(entry, sheets) if submission else None
        effect = Effect.REPLACED
        if entry in _last(plan):
            effect = _effect(extract, applied_by_number.get(entry.number), tables)
        held = _held(extract, entry) if extract and effect is Effect.SOURCE_FIXED else ""
        each = Settled(entry, effect, held)
        settled.append(each)
        findings += [] if effect in _SILENT else [each.finding(old=entry.old, new=entry.new)]
    for exclusion in plan.changes.exclusions:
        finding = _found_excluding(exclusion, plan, submissions, sheets, tables)
        each = Settled(exclusion, Effect.IN_EFFECT if finding else Effect.NOT_COUNTED)
        settled.append(each)
        findings.append(finding or each.finding())
    return tuple(settled), tuple(findings)


def _effect(
    extract: Extract | None, applied: Applied | None, tables: Mapping[str, Table]
) -> Effect:
    """What has become of the last correction of a cell."""
    if extract is None or extract.refused:
        return Effect.NOT_COUNTED
    if applied is None:
        return Effect.SOURCE_FIXED
    counts = bool(_indices(tables[applied.form], applied))
    return Effect.IN_EFFECT if counts else Effect.NOT_COUNTED


def _held(extract: Extract, entry: Correction) -> str:
    """What the cell of an uncorrected sheet holds."""
    workbook = extract.submission.workbook
    sheets = {each.name: each for each in workbook.sheets} if workbook else {}
    cell = sheets[entry.sheet].cell(entry.row, entry.column)
    return cell.raw if cell else ""


# --- exclusions ---------------------------------------------------------------------------------


def without_excluded(reading: ReadRound) -> ReadRound:
    """The reading without what was said of rows that are excluded: they are not judged."""
    excluded = reading.excluded
    kept = [f for f in reading.findings if (f.form, f.index) not in excluded or f.fate is not None]
    return replace(reading, findings=tuple(kept))


def _found_excluding(
    entry: Exclusion,
    plan: Plan,
    submissions: Sequence[Submission],
    sheets: Sheets,
    tables: Mapping[str, Table],
) -> Finding | None:
    """The finding that tells of a row, a sheet or a file that is left out; None for none."""
    submission = _file_of(entry, plan, submissions)
    if submission is None:
        return None
    if entry.sheet:
        return _excluding(entry, _sheet_of(entry, sheets), tables)
    mine = [each for (file, _), each in sheets.items() if file == entry.file]
    return (
        _note("excluded-file", entry, mine[0]) if any(_is_filled(e, plan) for e in mine) else None
    )


def _is_filled(extract: Extract, plan: Plan) -> bool:
    """Whether the clerk has typed something in a form that is read, or ticked on the cover."""
    if extract.form.is_cover:
        return any(True for _ in nil_parts(extract, plan))
    filled = extract.filled_rows(prefilled=plan.earlier is not None)
    return not extract.refused and any(True for _ in filled)


def _says_something(extract: Extract) -> bool:
    return bool(extract.rows) and not extract.refused


def _excluding(entry: Exclusion, extract: Extract, tables: Mapping[str, Table]) -> Finding | None:
    """The finding that takes the row out of the count; None where it does not count anyway."""
    if entry.row is None:
        return _note("excluded-sheet", entry, extract) if _says_something(extract) else None
    if not extract.refused and all(row["row"] != entry.row for row in extract.rows):
        raise _nothing_at(entry)
    table = tables[extract.form.name]
    frame = table.frame
    mine = (frame["submission"] == entry.file) & (frame["sheet"] == entry.sheet)
    rows = frame.index[mine & (frame["row"] == entry.row)]
    if rows.empty:
        return None
    index, column = int(rows[0]), table.form.columns[0].name
    cell, value = table.cell(index, column), table.value(index, column)
    note = replace(_note("excluded", entry, extract), cell=cell, value=value, fate=Fate.EXCLUDED)
    return replace(note, form=table.form.name, index=index, column=column)


def _note(code: str, entry: Exclusion, extract: Extract) -> Finding:
    """The note that a row, or a whole sheet, is not used."""
    origin = (extract.submission.division, entry.file)
    params = {"reason": entry.reason, "approved_by": entry.approved_by}
    note = Finding(code, Severity.NOTE, *origin, params=params, to="analyst")
    return replace(note, sheet=entry.sheet or None)


# --- what an entry speaks of --------------------------------------------------------------------


def _file_of(
    entry: Correction | Exclusion, plan: Plan, submissions: Sequence[Submission]
) -> Submission | None:
    """The file that an entry speaks of; None where it is not read, or not seen yet."""
    submission = next((each for each in submissions if each.name == entry.file), None)
    if submission is None and plan.as_of is None:
        params = {"kind": entry.kind, "number": entry.number, "name": entry.file}
        raise PipelineError("corrections-no-file", **params)
    return submission if submission and submission.outcome is Outcome.ACCEPTED else None


def _sheet_of(entry: Correction | Exclusion, sheets: Sheets) -> Extract:
    """The sheet that an entry speaks of, in a file that is read."""
    if (entry.file, entry.sheet) not in sheets:
        raise _nothing_at(entry)
    return sheets[(entry.file, entry.sheet)]


def _nothing_at(entry: Correction | Exclusion) -> PipelineError:
    params = {"kind": entry.kind, "number": entry.number, "name": entry.file, "place": entry.place}
    return PipelineError("corrections-no-cell", **params)
