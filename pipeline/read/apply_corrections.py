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
from pipeline.read.extract import Extract
from pipeline.workbook.reader import Cell, CellType, Sheet
from schemas.kit.thai.dates import parse_date
from schemas.kit.thai.numbers import parse_money
from schemas.kit.thai.text import clean

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


def corrected(sheet: Sheet, entries: Sequence[Correction]) -> tuple[Sheet, tuple[Applied, ...]]:
    """The sheet as agreed, and the corrections of cells that still hold the old value."""
    cells, applied = dict(sheet.cells), []
    for entry in entries:
        place = (entry.row, entry.column)
        found = sheet.cell(*place)
        was = found.raw if found else ""
        if all(row != entry.row for row, _ in sheet.cells):
            raise _nothing_at(entry)
        if _is_same(was, entry.old):
            applied.append(Applied(entry, was))
            cells.pop(place, None)
            cells |= {place: Cell(*place, CellType.TEXT, entry.new)} if entry.new else {}
    if not applied:
        return sheet, ()
    return replace(sheet, cells=dict(sorted(cells.items()))), tuple(applied)


def _is_same(raw: str, said: str) -> bool:
    """Whether both are the same text, number or day, however it is written."""
    if clean(raw) == clean(said):
        return True
    pairs = ((read(raw).value, read(said).value) for read in _READERS)
    return any(a is not None and a == b for a, b in pairs)


def noted(made: Extract, applied: Sequence[Applied]) -> tuple[Applied, ...]:
    """The same with form and column; the extract tells of each as of a repair.

    PipelineError where the form has no such cell, or its column cannot read what was agreed.
    """
    return tuple(_noted(made, each) for each in applied) if not made.refused else ()


def _noted(made: Extract, applied: Applied) -> Applied:
    entry = applied.entry
    column = _column_at(made, entry)
    for finding in made.findings:
        if finding.cell == entry.cell and finding.code.startswith(_UNREADABLE):
            params = {"number": entry.number, "new": entry.new}
            params["heading"] = finding.params["heading"]
            raise PipelineError("corrections-unreadable", **params)
    own = [each for each in made.repairs if each.cell == entry.cell]
    codes = (AGREED, *(code for each in own for code in each.codes))
    made.repairs[:] = [each for each in made.repairs if each not in own]
    read = own[0].read if own else entry.new
    made.repairs.append(Repair(entry.cell, made.form.name, column, applied.was, read, codes))
    return replace(applied, form=made.form.name, column=column)


def _column_at(made: Extract, entry: Correction) -> str:
    rows = {row["row"] for row in made.rows}
    for name, (row, column) in made.positions.items():
        if column == entry.column and (row == entry.row or (row is None and entry.row in rows)):
            return name
    raise _nothing_at(entry)


def as_typed(table: Table, applied: Sequence[Applied]) -> Table:
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
    """What became of every correction and exclusion, and what is to be said of them.

    PipelineError where one speaks of a file, a sheet, a cell or a row that is not there.
    """
    sheets = {(each.submission.name, each.sheet): each for each in extracts}
    laid = {each.entry.number: each for each in applied}
    settled, told = [], []
    for entry in plan.changes.corrections:
        made = _sheet_of(entry, plan, submissions, sheets)
        each = _settled(entry, made, laid.get(entry.number), tables, _last(plan))
        settled.append(each)
        told += [] if each.effect in _SILENT else [each.finding(old=entry.old, new=entry.new)]
    for exclusion in plan.changes.exclusions:
        made = _sheet_of(exclusion, plan, submissions, sheets)
        finding = _excluding(exclusion, made, tables) if made else None
        each = Settled(exclusion, Effect.IN_EFFECT if finding else Effect.NOT_COUNTED)
        settled.append(each)
        told.append(finding or each.finding())
    return tuple(settled), tuple(told)


def _settled(
    entry: Correction,
    made: Extract | None,
    applied: Applied | None,
    tables: Mapping[str, Table],
    last: Sequence[Correction],
) -> Settled:
    if entry not in last:
        return Settled(entry, Effect.REPLACED)
    if made is None or made.refused:
        return Settled(entry, Effect.NOT_COUNTED)
    if applied is None:
        return Settled(entry, Effect.SOURCE_FIXED, _held(made, entry))
    counts = bool(_indices(tables[applied.form], applied))
    return Settled(entry, Effect.IN_EFFECT if counts else Effect.NOT_COUNTED)


def _held(made: Extract, entry: Correction) -> str:
    """What the cell of an uncorrected sheet holds."""
    workbook = made.submission.workbook
    sheets = {each.name: each for each in workbook.sheets} if workbook else {}
    found = sheets[entry.sheet].cell(entry.row, entry.column)
    return found.raw if found else ""


# --- exclusions ---------------------------------------------------------------------------------


def without_excluded(reading: ReadRound) -> ReadRound:
    """The reading without what was said of rows that are excluded: they are not judged."""
    excluded = reading.excluded
    kept = [f for f in reading.findings if (f.form, f.index) not in excluded or f.fate is not None]
    return replace(reading, findings=tuple(kept))


def _excluding(entry: Exclusion, made: Extract, tables: Mapping[str, Table]) -> Finding | None:
    """The finding that takes the row out of the count; None where it does not count anyway."""
    if entry.row is None:
        return _left_out(entry, made) if made.rows and not made.refused else None
    if not made.refused and all(row["row"] != entry.row for row in made.rows):
        raise _nothing_at(entry)
    table = tables[made.form.name]
    frame = table.frame
    mine = (frame["submission"] == entry.file) & (frame["sheet"] == entry.sheet)
    for index in frame.index[mine & (frame["row"] == entry.row)]:
        column = table.form.columns[0].name
        cell = table.cell(int(index), column)
        return Finding(
            "excluded",
            Severity.NOTE,
            division=made.submission.division,
            file=entry.file,
            cell=cell,
            value=table.value(int(index), column),
            params={"reason": entry.reason, "approved_by": entry.approved_by},
            to="analyst",
            form=table.form.name,
            index=int(index),
            column=column,
            sheet=entry.sheet,
            fate=Fate.EXCLUDED,
        )
    return None


def _left_out(entry: Exclusion, made: Extract) -> Finding:
    """The note that nothing of a sheet is used."""
    return Finding(
        "excluded-sheet",
        Severity.NOTE,
        division=made.submission.division,
        file=entry.file,
        params={"reason": entry.reason, "approved_by": entry.approved_by},
        to="analyst",
        sheet=entry.sheet,
    )


# --- what an entry speaks of --------------------------------------------------------------------


def _sheet_of(
    entry: Correction | Exclusion, plan: Plan, submissions: Sequence[Submission], sheets: Sheets
) -> Extract | None:
    """The sheet that an entry speaks of; None where its file is not read, or not seen yet."""
    submission = next((each for each in submissions if each.name == entry.file), None)
    if submission is None and plan.as_of is None:
        params = {"kind": entry.kind, "number": entry.number, "name": entry.file}
        raise PipelineError("corrections-no-file", **params)
    if submission is None or submission.outcome is not Outcome.ACCEPTED:
        return None
    if (entry.file, entry.sheet) not in sheets:
        raise _nothing_at(entry)
    return sheets[(entry.file, entry.sheet)]


def _nothing_at(entry: Correction | Exclusion) -> PipelineError:
    params = {"kind": entry.kind, "number": entry.number, "name": entry.file, "place": entry.place}
    return PipelineError("corrections-no-cell", **params)
