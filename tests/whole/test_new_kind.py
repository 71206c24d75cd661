"""A kind of column that is new is one file: hours with decimals go from the template to `trace`."""

import csv
import io

import openpyxl
import pytest

from tests.support import office
from tests.support.copied import ROUND, copied

pytestmark = pytest.mark.office

KIND = '''"""Hours with at most two decimals, stored in hundredths."""

from decimal import Decimal
from functools import partial
from typing import Any

from schemas.kit.excel_reading import of_number
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.thai_text import (
    ParsedCell, ProblemCode, RepairCode, arabic_digits, clean, means_nothing, typing_repairs
)


def _parse(typed: Typed, known: Vocabulary) -> ParsedCell[Any]:
    plain = arabic_digits(clean(typed.raw))
    bare = plain.removesuffix("ชั่วโมง").rstrip()
    nothing: ParsedCell[Any] | None = means_nothing(plain)
    if nothing:
        return nothing
    if typed.sort not in ("text", "number") or not bare.lstrip("-").replace(".", "", 1).isdecimal():
        return ParsedCell(None, problem=ProblemCode.NOT_A_NUMBER)
    hundredths = Decimal(bare) * 100
    if hundredths % 1:
        return ParsedCell(None, problem=ProblemCode.NOT_A_NUMBER)
    worded = (RepairCode.UNIT_WORD,) * (bare != plain)
    return ParsedCell(int(hundredths), typing_repairs(typed.raw) + worded)


HOURS = ColumnKind(
    "hours",
    th="จำนวนชั่วโมง",
    order=10,
    parse=_parse,
    excel=partial(of_number, decimals=2),
    bases=("text", "number"),
    dtype="Int64",
    decimals=2,
    units=("_hundredths", "_hours"),
    unit_words={"th": "ชั่วโมง", "en": "hours"},
    sums=True,
    exported="number",
    look="rate",
    help=("จำนวนชั่วโมง เช่น 1.50", "Hours, such as 1.50."),
    width=13,
    minimum=0,
    align="right",
    number_format="0.00",
    examples=(ValueExamples("เวลา (ชั่วโมง)", "Time (hours)", ("๑.๕", "2.25 ชั่วโมง", "1.234", "นาน")),),
)
hours = HOURS.column
'''
FORM = '''"""T99 การอบรม: courses and how long they took."""

from schemas.kit.columns import Count, Severity, Text, text
from schemas.kit.form import About, Form
from schemas.kit.kinds.hours import hours


class Training(
    Form, about=About(sheet="การอบรม", title="การอบรม", en="Training", version="1", order=20)
):
    """One row for each course."""

    course: Text = text("หลักสูตร", "Course", example="สุจริต", required=True)
    length_hundredths: Count = hours(
        "เวลาอบรม (ชั่วโมง)",
        "Length (hours)",
        example="1.50",
        required=True,
        defect=Severity.ERROR,
        maximum=4000,
    )
'''
OWES = 'head = "(ชื่อหัวหน้าส่วนราชการ – ตัวอย่าง)"\nhead_position = "หัวหน้ากองช่าง"\nforms = {'
SHEET = "การอบรม"
TYPED = (1.5, "๒.๒๕ ชั่วโมง", "หลายชั่วโมง", 41, 1.234, None)
FIRST = 5  # the first row below the headings


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The program with the kind and a form that has it, its workbook filled in, and the round run."""
    made = copied(root, tmp_path_factory.mktemp("hours"))
    made.write("schemas/kit/kinds/hours.py", KIND)
    made.write("schemas/training.py", FORM)
    made.change(f"inputs/{ROUND}/round.toml", OWES, f"{OWES} training = [],")
    made.pipeline("template", ROUND, "--division", "03")
    book = openpyxl.load_workbook(made.folder / f"outputs/{ROUND}/templates/03.xlsx")
    for row, value in enumerate(TYPED, FIRST):
        book[SHEET].cell(row, 1).value = f"หลักสูตรที่ {row}"
        book[SHEET].cell(row, 2).value = value
    book.save(made.received / "03.xlsx")
    lines = "file,received_at,from,channel,note\n03.xlsx,2023-04-03T09:00:00+07:00,กองช่าง,,\n"
    made.write(f"inputs/{ROUND}/received/received.csv", lines)
    made.pipeline("run", ROUND)
    return made


def test_the_template_asks_for_it(copy):
    path = copy.folder / f"outputs/{ROUND}/templates/03.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    column = sheet.column_dimensions["B"]
    assert (column.number_format, column.alignment.horizontal) == ("0.00", "right")
    assert column.width == pytest.approx(13, abs=1)
    place = sheet.cell(FIRST, 2).coordinate
    (limit,) = [each for each in sheet.data_validations.dataValidation if place in each]
    assert (limit.type, limit.formula1, limit.formula2) == ("decimal", "0", "40")
    assert "จำนวนชั่วโมง เช่น 1.50" in limit.prompt
    assert "ROUND(training.length_hundredths.number*100,0)" in (
        book.defined_names["training.length_hundredths.wrong"].value
    )


@pytest.mark.office
def test_the_sheet_that_counts_while_she_types_sees_what_is_wrong(copy):
    office.require_office()
    found = office.recalculate(copy.received / "03.xlsx")
    checks = "ตรวจก่อนส่ง"
    (row,) = [
        cell[1:]
        for (sheet, cell), v in found.items()
        if sheet == checks and v == "เวลาอบรม (ชั่วโมง)"
    ]
    unfilled, wrong = (found[checks, f"{column}{row}"] for column in "CD")
    # What is typed as text without a digit, above the maximum, too precise; a blank is not wrong.
    assert (unfilled, wrong) == (1, 3)


def test_it_is_read_and_kept_as_a_number_in_the_frame_of_the_figures(copy):
    code = (
        "from pathlib import Path\n"
        "from pipeline.plan import find_round, load_plan\n"
        "from pipeline.run import assess\n"
        "from schemas import forms\n"
        "from schemas.kit.kinds import given_out, scale_of\n"
        f"plan = load_plan(find_round(Path('inputs'), '{ROUND}'), forms(), None)\n"
        "column = assess(plan).tables['training'].frame['length_hundredths']\n"
        "print(column.dtype, column.tolist(), scale_of(column.name), given_out(column.name))\n"
    )
    said = copy.python("-c", code)
    assert said.stdout.split(" ", 1)[0] == "Int64", said.stderr
    assert said.stdout.split(" ", 1)[1] == ("[150, 225, <NA>, 4100, <NA>, <NA>] 100 length_hours\n")


def test_what_is_wrong_is_told_at_its_cell(copy):
    text = (copy.folder / f"outputs/{ROUND}/findings.csv").read_text("utf-8-sig")
    found = {
        line["cell"]: line for line in csv.DictReader(io.StringIO(text)) if line["sheet"] == SHEET
    }
    assert {cell: line["code"] for cell, line in found.items()} == {
        "B7": "unreadable-not-a-number",
        "B8": "above-maximum",
        "B9": "unreadable-not-a-number",
        "B10": "required",
    }
    assert "40.00 hours" in found["B8"]["en"]
    assert "40.00 ชั่วโมง" in found["B8"]["th"]


def test_the_report_shows_it_in_its_own_look(copy):
    book = openpyxl.load_workbook(copy.folder / f"outputs/{ROUND}/report.xlsx")
    sheet = book[f"ข้อมูล-{SHEET}"]
    column = [cell for cell in sheet["C"] if cell.value is not None]
    assert [cell.value for cell in column[1:]] == [1.5, 2.25, "หลายชั่วโมง", 41, "1.234"]
    assert column[1].number_format.endswith("0.00")
    assert "training.length_hours" in book.defined_names
    explained = [[cell.value for cell in row] for row in book["คำอธิบายข้อมูล"].iter_rows()]
    (said,) = [row for row in explained if row[1] == "length_hours"]
    assert said[2] == "จำนวนชั่วโมง"


def test_the_dictionary_and_the_table_of_values_have_it(copy):
    (entry,) = [e for e in copy.told("dictionary")["columns"] if e["column"] == "length_hours"]
    assert (entry["kind"], entry["type"]) == ("hours", "number")
    lines = copy.pipeline("dictionary", "--values", "--lang", "en").stdout
    assert "typed “๑.๕” → 1.50 hours" in lines
    assert "typed “นาน” → not used, to be asked about" in lines


def test_trace_follows_it_both_ways(copy):
    source = copy.told("trace", "--source", "03.xlsx", SHEET, "B6", "--round", ROUND)
    assert "2.25" in str(source)
    assert "๒.๒๕ ชั่วโมง" in str(source)
    (figure,) = [e for e in source["figures"] if e["id"].endswith(".accepted")]
    sheet, _, cell = figure["place"].partition("!")
    rows = copy.told("trace", f"outputs/{ROUND}/report.xlsx", sheet, cell)["rows"]
    assert [(row["sheet"], row["row"]) for row in rows] == [(SHEET, 5), (SHEET, 6)]
