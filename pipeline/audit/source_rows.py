"""The rows behind a figure: each with its cell, its value as read and as typed, and its mail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cached_property

import pandas as pd

from pipeline.audit.cell_remarks import CellRemark, CellRemarks
from pipeline.audit.report_file import Place
from pipeline.messages import say
from pipeline.model import Assessment, Submission, Table
from pipeline.report.cell_content import is_blank, one_line
from pipeline.report.labels import words_of
from schemas.kit.columns import Column
from schemas.kit.thai.dates import format_month

ORIGIN = ("file", "sheet", "row")


@dataclass(frozen=True)
class Provenance:
    """How a file came: its hash, its sender, its time of receipt and its mail; blanks for none."""

    sha256: str = ""
    sender: str = ""
    received_at: str = ""
    message_id: str = ""


@dataclass(frozen=True)
class SourceRow:
    """One row that a figure counts or sums: where it stands, what it says, how it came.

    `sheet` and `cell` are those of the received file, or, where the report itself makes the line
    (an obligation, a file received), those of the report, and then `own` is true. `remarks` are on
    its cells: what was agreed of them, and which hold a formula.
    """

    form: str
    division: str
    file: str
    sheet: str
    row: int
    cell: str
    column: str
    read: str
    typed: str
    fate: str
    own: bool = False
    amount: Decimal | None = None
    provenance: Provenance = Provenance()
    remarks: tuple[CellRemark, ...] = ()

    def as_json(self) -> Mapping[str, object]:
        """The row with how it came in the same object, its amount as text."""
        row = {each.name: getattr(self, each.name) for each in fields(self)}
        row |= asdict(row.pop("provenance"))
        row["amount"] = None if self.amount is None else f"{self.amount:f}"
        return row | {"remarks": [each.as_json() for each in self.remarks]}


class SourceRows:
    """Gives the rows behind figures of one round; `names` says where the report's columns stand."""

    def __init__(self, assessment: Assessment, names: Mapping[str, Place]) -> None:
        """Keep what is needed to look rows up."""
        self._assessment, self._names = assessment, names
        self._remarks = CellRemarks(assessment)
        self._submissions = {each.name: each for each in assessment.submissions}
        self._context = assessment.plan.context

    @cached_property
    def _words(self) -> Mapping[str, Mapping[object, str]]:
        return words_of(self._assessment)

    @cached_property
    def at(self) -> Mapping[tuple[str, str, int], tuple[str, int]]:
        """The form and the index of the row read from each (file, sheet, row)."""
        return {
            (str(line.submission), str(line.sheet), int(line.row)): (name, int(line.Index))
            for name, table in self._assessment.tables.items()
            for line in table.frame.itertuples()
        }

    def of(self, frame: str, indices: Sequence[int], column: str) -> Iterator[SourceRow]:
        """The rows of a frame; `column` is the one that is summed, or by which they count."""
        table = self._assessment.tables.get(frame)
        for index in indices:
            if table is not None:
                yield self._of_form(table, index, column)
            else:
                yield self._of_frame(frame, index, column)

    def _of_form(self, table: Table, index: int, wanted: str) -> SourceRow:
        column = _column(table, wanted)
        typed_in = self._typed_in(table, index, column)
        cell = table.cell(index, typed_in.name)
        value = table.frame.at[index, column.name]
        return SourceRow(
            form=table.form.about.sheet,
            division=self._words["division"].get(self._submissions[cell.file].owner, ""),
            file=cell.file,
            sheet=cell.sheet,
            row=cell.row,
            cell=cell.address,
            column=one_line(typed_in.th),
            read="" if is_blank(value) else column.kind.plain(value, self._context),
            typed=table.value(index, typed_in.name) or "",
            fate=say(f"fate.{table.frame.at[index, 'fate']}"),
            amount=None if is_blank(value) or not column.kind.sums else column.kind.number(value),
            provenance=provenance(self._submissions[cell.file]),
            remarks=self._remarks.of_row(table, index, typed_in),
        )

    def _typed_in(self, table: Table, index: int, column: Column) -> Column:
        """The column whose cell says the value, as typed or as agreed; else the one that says it.

        Where the sheet lacks the column, that is the first that it has.
        """
        lacks = table.lacks(index, column.name)
        agreed = None if lacks else self._remarks.agreed(table.cell(index, column.name))
        value = table.value(index, column.name) if agreed is None else agreed
        if not value and column.said_in:
            return table.form.column(column.said_in)
        if not lacks:
            return column
        present = (each for each in table.form.columns if not table.lacks(index, each.name))
        return next(present, column)

    def _of_frame(self, frame: str, index: int, column: str) -> SourceRow:
        """A line that the report makes; where a row was read for it, that row."""
        line = self._assessment.frames[frame].loc[index]
        origin = [line.get(name) for name in ORIGIN]
        if not any(value is None or pd.isna(value) for value in origin):
            name, number = self.at[(str(origin[0]), str(origin[1]), int(origin[2]))]
            return self._of_form(self._assessment.tables[name], number, column)
        first = self._names[f"{frame}.{column}"]
        place = Place(first.sheet, first.row + index, first.column)
        file = _text(line.get("file", line.get("name")))
        return SourceRow(
            form=self._owed(line),
            division=self._words["division"].get(_text(line.get("division")), ""),
            file=file,
            sheet=place.sheet,
            row=place.row,
            cell=place.address,
            column=say(f"report.frame.{column}"),
            read=self._words.get(column, {}).get(line[column], _text(line[column])),
            typed="",
            fate="",
            own=True,
            provenance=provenance(self._submissions[file])
            if file in self._submissions
            else Provenance(),
        )

    def _owed(self, line: "pd.Series[object]") -> str:
        """The form that an obligation asks for, and the month or measure of it."""
        form = self._words["form"].get(line.get("form"), "")
        month, measure = line.get("month"), _text(line.get("measure_no"))
        if isinstance(month, date) and not pd.isna(month):
            return f"{form} {format_month(month, 'short')}"
        return f"{form} {say('trace.measure', number=measure)}" if measure else form


def provenance(submission: Submission) -> Provenance:
    """How a submission came."""
    received, message = submission.received, submission.received.message
    at = received.received_at.isoformat() if received.received_at else ""
    return Provenance(received.sha256, received.sender, at, message.message_id if message else "")


def _column(table: Table, wanted: str) -> Column:
    """The column of that identifier, else the first of the form's key, else its first."""
    columns = {column.identifier: column for column in table.form.columns}
    key = (*table.form.about.key, table.form.columns[0].name)
    return columns.get(wanted) or table.form.column(key[0])


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
