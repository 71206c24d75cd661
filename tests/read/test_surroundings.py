"""What stands around a table: stray signs, what is hidden, copies of sheets, numbers of persons."""

from pathlib import Path

import pytest
from openpyxl.styles import Font

from pipeline.commands.check import check_files
from pipeline.messages import finding_sentence
from pipeline.model import Severity
from pipeline.workbook.sheets import MOST_ROWS
from schemas import forms
from schemas.kit.personal_numbers import personal_numbers

CASES = Path(__file__).parents[1] / "cases" / "workbooks"

# --- around the table -----------------------------------------------------------------------------


def test_a_stray_sign_far_below_or_beside_is_named_and_is_no_row(desk):
    sheet = desk.lay()
    sheet["C60"], sheet["Z2"], sheet["Z3"] = ".", "ตรวจแล้ว", "ตรวจแล้ว"
    assert desk.found() == [("stray-cell", "C60"), ("stray-cell", "Z2")]
    assert desk.rows() == [2, 3]


def test_what_is_a_row_is_one_however_far_below(desk):
    sheet = desk.lay()
    for cell in sheet[3]:
        sheet.cell(60, cell.column, cell.value)
        cell.value = None
    assert desk.found() == []
    assert desk.rows() == [2, 60]


def test_a_started_row_near_the_table_is_still_a_row(desk):
    sheet = desk.lay()
    sheet["C10"] = "ซื้อกระดาษ"
    assert ("required", "D10") in desk.found()
    assert desk.rows() == [2, 3, 10]


def test_hidden_rows_and_columns_are_read_and_told(desk):
    sheet = desk.lay(rows=9)
    for row in (3, 4, 5, 8):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["D"].hidden = True
    found = desk.found()
    assert found == [("hidden-rows", None), ("hidden-columns", None)]
    assert desk.params("hidden-rows")["rows"] == "3–5, 8"
    assert desk.params("hidden-columns")["columns"] == "D"
    assert {f.severity for f in desk.reading.findings} == {Severity.WARNING}
    assert len(desk.rows()) == 9


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u200b", " \u00a0\n\t "])
def test_a_row_of_white_space_is_no_row(desk, blank):
    sheet = desk.lay()
    sheet["C4"], sheet["D4"], sheet["Z5"] = blank, blank, blank
    assert desk.found() == []
    assert desk.rows() == [2, 3]


def test_a_row_of_one_space_below_a_filled_one_costs_nothing(tmp_path):
    checked = check_files((CASES / "row-of-one-space.xlsx",), tmp_path, None, forms())
    of_it = [f for f in checked.findings if f.form == "activity_evidence"]
    assert of_it == []
    assert len(checked.tables["activity_evidence"].frame) == 1


def test_struck_out_rows_are_read_and_told(desk):
    sheet = desk.lay(rows=5)
    for cell in sheet[4]:
        cell.font = Font(strike=True)
    sheet["C3"].font = Font(bold=True, strike=False)
    assert desk.found() == [("struck-rows", None)]
    assert desk.params("struck-rows")["rows"] == "4"
    assert desk.rows() == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("name", "code", "cell", "says"),
    [
        ("wps-dispimg", "picture-cell", "I5", "รูปภาพ"),
        ("text-box-over-cells", "text-box", None, "กิจกรรมที่ 2 อบรม 15/8/2566 จำนวน 40 คน"),
    ],
)
def test_what_is_drawn_on_a_sheet_is_told(tmp_path, name, code, cell, says):
    file = CASES / f"{name}.xlsx"
    checked = check_files((file,), tmp_path, None, forms())
    [found] = [each for each in checked.findings if each.code == code]
    assert found.severity is Severity.WARNING
    assert (found.cell.address if found.cell else None) == cell
    assert says in finding_sentence(found, "th", forms())


def test_a_sheet_filled_down_too_far_is_one_finding(desk):
    sheet = desk.lay()
    for row in range(4, MOST_ROWS + 4):
        sheet.cell(row, 1, 1)
    assert desk.found() == [("too-many-rows", None)]
    assert desk.rows() == []


def test_a_hidden_sheet_of_a_form_is_read_and_told(desk):
    desk.lay()
    desk.book.create_sheet("Sheet2")
    desk.sheet.sheet_state = "hidden"
    assert desk.found() == [("hidden-sheet", None)]
    assert desk.rows() == [2, 3]


def test_a_copy_of_a_sheet_is_told_and_a_renamed_one_read(desk):
    desk.lay()
    desk.book.copy_worksheet(desk.sheet).title = "จัดซื้อจัดจ้าง (2)"
    assert desk.found() == [("second-sheet", None)]
    desk.lay()
    desk.sheet.title = "Sheet1"
    assert desk.found() == [("renamed-sheet", None)]
    assert desk.rows() == [2, 3]


# --- numbers of persons ---------------------------------------------------------------------------

PERSON = "1-9900-00000-01-9"  # made up: there is no province 99


def test_numbers_of_persons_are_told_where_nobody_asks_for_them(desk):
    """Free text has no room for any; a contractor's number is a citizen's where he is no company."""
    sheet = desk.lay(rows=3)
    letter = desk.letters
    sheet[f"{letter['selection_reason']}2"] = f"ราคาต่ำสุด (ผู้รับจ้าง {PERSON} โทร ๐๘-๐๐๐๐-๐๐๐๐)"
    sheet[f"{letter['winner_and_price_raw']}3"] = "ร้านตัวอย่าง โอนเข้าบัญชี 000-0-00000-0"
    sheet[f"{letter['agreed_price_satang']}3"] = None
    sheet[f"{letter['winner_tin']}4"] = PERSON.replace("-", "")
    sheet[f"{letter['contract_no']}4"] = "0800000000"
    found = desk.found()
    assert sorted(found) == [
        ("PRC-01", f"{letter['winner_and_price_raw']}3"),
        ("personal-bank-account", f"{letter['winner_and_price_raw']}3"),
        ("personal-citizen-number", f"{letter['selection_reason']}2"),
        ("personal-citizen-number", f"{letter['winner_tin']}4"),
        ("personal-phone", f"{letter['selection_reason']}2"),
    ]
    told = [f for f in desk.reading.findings if f.code.startswith("personal-")]
    assert {f.severity for f in told} == {Severity.WARNING}
    for lang in ("th", "en"):
        said = [finding_sentence(each, lang, desk.plan.forms) for each in told]
        assert [text for text in said if personal_numbers(text)] == []
