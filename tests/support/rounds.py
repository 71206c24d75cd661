"""A small round and small workbooks for the tests of what comes in."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from pipeline.model import Contact, Division, Organisation, Plan
from pipeline.workbook.identity import Marks
from schemas import forms
from schemas.kit.form import FormSpec
from schemas.kit.thai.calendar import Round

DUE = datetime.fromisoformat("2023-10-06T16:30:00+07:00")
DIVISIONS = (
    Division("01", "สำนักปลัดเทศบาล", ("สำนักปลัด",), ("office@town.example", "all@town.example")),
    Division("02", "กองคลัง", (), ("Finance@town.example", "all@town.example")),
    Division("03", "กองช่าง"),
)


def plan_of(folder: Path, as_of: datetime | None = None) -> Plan:
    """The plan of a 12-month round with three divisions, the last without registered senders."""
    return Plan(
        folder=folder,
        organisation=Organisation("24-0001", "เทศบาลเมืองตัวอย่าง", "เทศบาลเมือง", "ตัวอย่าง"),
        round=Round.parse("2566-12"),
        due=DUE,
        summary_due=DUE,
        contact=Contact("ตัวอย่าง", "0", "report@town.example"),
        signers=(),
        criteria={},
        measures=(),
        divisions=DIVISIONS,
        forms=forms(),
        sha256="",
        as_of=as_of,
    )


def marks_for(
    division: str, *, round_name: str = "2566-12", organisation: str = "24-0001", **versions: str
) -> Marks:
    """The marks of a template for this division."""
    return Marks(organisation, division, round_name, versions or {"gift_report": "2566.1"})


def headings(form: FormSpec) -> list[str]:
    """The headings of a form's table."""
    return [column.th for column in form.table_columns]


def workbook(
    sheets: Mapping[str, Sequence[Sequence[str]]],
    marks: Marks | None = None,
    *,
    as_properties: bool = True,
    hidden: Sequence[str] = (),
) -> bytes:
    """A workbook with these rows of texts, and marks as properties or on a hidden sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.set_properties({"created": DUE.replace(tzinfo=None)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
        if marks and as_properties:
            for key, value in marks.properties().items():
                book.set_custom_property(key, value)
        elif marks:
            sheet = book.add_worksheet("marks")
            for number, pair in enumerate(marks.rows()):
                sheet.write_row(number, 0, pair)
            sheet.hide()
    return buffer.getvalue()
