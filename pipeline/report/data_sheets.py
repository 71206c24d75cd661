"""One data sheet per form: every row of the forms that count, with its fate and its origin."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from pipeline.messages import say
from pipeline.model import Assessment, Fate, Repair, Table
from pipeline.report.cell_content import Plain, is_blank, one_line
from pipeline.report.data_tables import DataTable, TableColumn, stored
from pipeline.report.page import Page
from pipeline.report.paging import pages_wide
from pipeline.report.writers import sheet
from schemas.kit.columns import Column
from schemas.kit.form import FormSpec

_KEPT = 1
_ORIGIN = ("division", "file", "sheet", "row", "received_at", "typed")
_ORIGIN_LOOKS = {"row": ("row", 9.0), "received_at": ("time", 22.0), "typed": ("text", 40.0)}


@sheet("data", turn=0, each_form=True)
def data_sheet(page: Page) -> None:
    """Write the sheet of one form."""
    assessment, form = page.book.assessment, page.form
    assert form is not None
    columns = [_fate_column(), *map(_form_column, form.columns), *_origin(form)]
    page.columns(*(column.width for column in columns))
    page.title(f"{form.about.title}")
    table = assessment.tables.get(form.name)
    written = DataTable(page, form.name, columns)
    page.printed(repeat=written.head, wide=pages_wide(page.widths))
    page.sheet.repeat_columns(0, _KEPT)
    page.sheet.freeze_panes(written.head + 1, 1)
    written.write(_rows(table, assessment) if table is not None else ())


def _fate_column() -> TableColumn:
    return TableColumn("fate", say("report.data.head.fate"), "text", 24)


def _form_column(column: Column) -> TableColumn:
    heading, width = one_line(column.th), max(column.width, 14)
    return TableColumn(column.identifier, heading, column.kind.look, width)


def _origin(form: FormSpec) -> Iterator[TableColumn]:
    taken = {column.identifier for column in form.columns}
    for name in _ORIGIN:
        look, width = _ORIGIN_LOOKS.get(name, ("text", 26.0))
        heading = say(f"report.data.head.{name}")
        identifier = "" if name in taken else name
        yield TableColumn(identifier, heading, look, width)


def _rows(table: Table, assessment: Assessment) -> Iterator[list[Plain]]:
    names = {each.code: each.name for each in assessment.plan.divisions}
    fates = {str(fate): say(f"fate.{fate}") for fate in Fate}
    columns = [_shown(table, column, assessment) for column in table.form.columns]
    origins = _Origins(table, assessment)
    frame = table.frame
    for place, index in enumerate(frame.index):
        fate = fates[str(frame.at[index, "fate"])]
        cells = [column[place] for column in columns]
        yield [fate, *cells, *origins.of(int(index), names)]


def _shown(table: Table, column: Column, assessment: Assessment) -> list[Plain]:
    """A column's values as they stand in the sheet; what could not be read stands as typed."""
    values, typed = table.frame[column.name], table.typed[column.name]
    blamed = {
        finding.index
        for finding in assessment.findings
        if (finding.form, finding.column) == (table.form.name, column.name)
    }
    shown = [stored(value, column, assessment.plan.context) for value in values]
    for place, index in enumerate(table.frame.index):
        if shown[place] is None and index in blamed and not is_blank(typed[index]):
            shown[place] = str(typed[index])
    return shown


class _Origins:
    """Where each row of a table comes from, and what of it was typed otherwise."""

    def __init__(self, table: Table, assessment: Assessment) -> None:
        self._table = table
        self._submissions = {each.name: each for each in assessment.submissions}
        self._repairs: dict[tuple[str, str], list[Repair]] = defaultdict(list)
        for repair in assessment.repairs:
            if repair.form == table.form.name:
                self._repairs[(repair.cell.file, repair.cell.sheet)].append(repair)
        self._zone = assessment.plan.due.tzinfo

    def of(self, index: int, names: Mapping[str, str]) -> list[Plain]:
        """Division, file, sheet, row, time of receipt and the values as typed of one row."""
        frame = self._table.frame
        file, sheet = str(frame.at[index, "submission"]), str(frame.at[index, "sheet"])
        row = int(frame.at[index, "row"])
        submission = self._submissions.get(file)
        code = submission.division if submission else None
        division = names.get(code or "", code)
        typed = " · ".join(self._typed(file, sheet, row)) or None
        return [division, file, sheet, row, self._received(file), typed]

    def _received(self, file: str) -> datetime | None:
        submission = self._submissions.get(file)
        at = submission.received.received_at if submission else None
        return at.astimezone(self._zone).replace(tzinfo=None) if at else None

    def _typed(self, file: str, sheet: str, row: int) -> Iterator[str]:
        for repair in self._repairs.get((file, sheet), ()):
            column = self._table.form.column(repair.column)
            if repair.cell.row == row or column.labelled:
                yield f"{one_line(column.th)}: {one_line(repair.typed)}"
