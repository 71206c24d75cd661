"""Typing the cells of one form in one sheet: values, what was repaired, what cannot be read."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.model import CellRef, Finding, Repair, Severity, Submission
from pipeline.read.headings import Layout, find_layout
from pipeline.workbook.cells import Cell, Kind, Sheet
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec
from schemas.kit.kinds import Context, Typed
from schemas.kit.thai import matching_key

_UNREADABLE = {Kind.ERROR: "error-cell", Kind.BLANK_FORMULA: "uncalculated-formula"}


@dataclass
class Extract:
    """The rows of one form in one sheet, as they are gathered.

    `rows` holds one dict of typed values per row with its Excel row under "row"; `typed` the texts.
    `refused` says that a heading without which nothing can be counted is missing or doubled.
    """

    submission: Submission
    form: FormSpec
    sheet: str
    positions: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    typed: list[dict[str, str]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    refused: bool = False

    def filled_rows(self, *, prefilled: bool) -> list[int]:
        """The positions in `rows` of those in which the clerk has typed something."""
        names = {c.name for c in self.form.typed_columns(prefilled=prefilled) if not c.labelled}
        return [i for i, texts in enumerate(self.typed) if names & texts.keys()]


def extract(submission: Submission, form: FormSpec, sheet: Sheet, context: Context) -> Extract:
    """Read one form from one sheet: every row, every cell, every complaint about them."""
    made = Extract(submission, form, sheet.name)
    layout = find_layout(sheet, form)
    if layout is None:
        made.refused = True
        made.findings.append(
            _about(made, "no-headings", Severity.ERROR, {"form": form.about.sheet})
        )
        return made
    made.positions |= {name: (None, column) for name, column in layout.columns.items()}
    made.positions |= dict(layout.labels)
    _complain_of_headings(made, layout)
    if not made.refused:
        labels = _labelled_values(made, sheet, layout, context)
        for row, cells in _table_rows(sheet, form, layout):
            _read_row(made, row, cells, labels, context)
    return made


def _about(
    made: Extract,
    code: str,
    severity: Severity,
    params: Mapping[str, str],
    cell: CellRef | None = None,
    value: str | None = None,
    column: str | None = None,
) -> Finding:
    return Finding(
        code,
        severity,
        division=made.submission.division,
        file=made.submission.name,
        cell=cell,
        value=value,
        params=params,
        form=made.form.name,
        column=column,
        sheet=made.sheet,
    )


def _complain_of_headings(made: Extract, layout: Layout) -> None:
    """A heading that a figure needs refuses the form; one that only describes is a warning."""
    for name in layout.missing(made.form):
        severity = _weight_of_missing(made.form, made.form.column(name))
        if severity is None:
            continue
        params = {"heading": _one_line(made.form.column(name).th), "row": str(layout.heading_row)}
        params |= {"seen": _nearest(made.form.column(name), layout)}
        made.findings.append(_about(made, "missing-heading", severity, params, column=name))
        made.refused |= severity is Severity.ERROR
    _complain_of_strangers(made, "doubled-heading", Severity.ERROR, layout.doubled)
    _complain_of_strangers(made, "extra-heading", Severity.NOTE, layout.extra)
    made.refused |= bool(layout.doubled)


def _complain_of_strangers(
    made: Extract, code: str, severity: Severity, headings: tuple[tuple[str, int, int], ...]
) -> None:
    for heading, row, position in headings:
        cell = CellRef(made.submission.name, made.sheet, row, position)
        params = {"heading": _one_line(heading)}
        made.findings.append(_about(made, code, severity, params, cell, heading))


def _weight_of_missing(form: FormSpec, column: Column) -> Severity | None:
    """How grave it is that a column is not there: None where it may be left out."""
    if column.required is None and column.name not in form.about.key:
        return None
    vital = Severity.ERROR in (column.required, column.defect)
    return Severity.ERROR if vital else Severity.WARNING


def _one_line(heading: str) -> str:
    return " ".join(heading.split())


def _nearest(column: Column, layout: Layout) -> str:
    """The unknown heading most like the missing one, to ask whether it was meant; "-" for none."""
    seen = {matching_key(heading): heading for heading, _, _ in layout.extra}
    near = difflib.get_close_matches(matching_key(column.th), seen, 1, 0.6)
    return seen[near[0]] if near else "-"


def _labelled_values(
    made: Extract, sheet: Sheet, layout: Layout, context: Context
) -> list[tuple[Column, Any, str]]:
    found = []
    for name, (row, position) in layout.labels.items():
        cell = sheet.cell(row, position)
        if cell is not None:
            column = made.form.column(name)
            value = _read_cell(made, column, cell, context)
            found.append((column, value, cell.raw))
    return found


def _table_rows(
    sheet: Sheet, form: FormSpec, layout: Layout
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Each row below the headings in which more than formulas is filled."""
    names = {position: name for name, position in layout.columns.items()}
    rows: dict[int, dict[str, Cell]] = {}
    for (row, position), cell in sheet.cells.items():
        if row > layout.heading_row and position in names:
            rows.setdefault(row, {})[names[position]] = cell
    for row in sorted(rows):
        if any(form.column(name).filled is not Filled.FORMULA for name in rows[row]):
            yield row, rows[row]


def _read_row(
    made: Extract,
    row: int,
    cells: Mapping[str, Cell],
    labels: list[tuple[Column, Any, str]],
    context: Context,
) -> None:
    values: dict[str, Any] = {"row": row}
    texts: dict[str, str] = {}
    for column, value, raw in labels:
        values[column.name], texts[column.name] = value, raw
    for name, cell in cells.items():
        values[name] = _read_cell(made, made.form.column(name), cell, context)
        texts[name] = cell.raw
    made.rows.append(values)
    made.typed.append(texts)


def _read_cell(made: Extract, column: Column, cell: Cell, context: Context) -> Any:
    place = CellRef(made.submission.name, made.sheet, cell.row, cell.column)
    if cell.kind in _UNREADABLE:
        code, params = _UNREADABLE[cell.kind], {"heading": _one_line(column.th)}
        made.findings.append(
            _about(made, code, column.defect, params, place, cell.raw or None, column.name)
        )
        return None
    reading = column.read(Typed(str(cell.kind), cell.raw, cell.style.percent), context)
    if reading.problem:
        params = {"heading": _one_line(column.th)}
        if reading.suggestion is not None:
            for lang in ("th", "en"):
                params[f"suggestion_{lang}"] = column.show(reading.suggestion, lang, context)
        params |= {"expected_th": column.expected("th")}
        params |= {"expected_en": column.expected("en")}
        code = f"unreadable-{reading.problem.replace('_', '-')}"
        made.findings.append(
            _about(made, code, column.defect, params, place, cell.raw, column.name)
        )
    elif reading.repairs:
        codes = tuple(reading.repairs)
        read = column.show(reading.value, "th", context)
        repair = Repair(place, made.form.name, column.name, cell.raw, read, codes)
        made.repairs.append(repair)
    return reading.value
