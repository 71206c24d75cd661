"""Headings as divisions leave them: in two rows, merged, repeated, missing, in another order."""

import pytest

from pipeline.model import FormState
from tests.support.builders import example_row
from tests.support.desk import BOUGHT


def test_a_plain_sheet_has_nothing_to_tell(desk):
    desk.lay(above=[["สรุปผลการจัดซื้อจัดจ้าง"], []])
    assert desk.found() == []
    assert desk.rows() == [4, 5]


def test_a_heading_on_two_lines_or_in_two_rows_or_far_down_is_the_heading(desk):
    sheet = desk.lay(above=[[f"บรรทัดที่ {n}"] for n in range(18)])
    sheet["D19"] = "วงเงินที่จะซื้อ\nหรือจ้าง (บาท)"
    sheet["F19"], sheet["F20"] = "วิธีซื้อ", None
    assert desk.found() == [("missing-heading", None), ("extra-heading", "F19")]
    sheet = desk.lay(rows=0, above=[[f"บรรทัดที่ {n}"] for n in range(18)])
    sheet["F19"], sheet["F20"] = "วิธีซื้อ", "หรือจ้าง"
    sheet.append([example_row(desk.plan.form(BOUGHT)).get(name) for name in desk.letters])
    assert desk.found() == []
    assert desk.rows() == [21]


def test_a_heading_merged_over_columns_heads_the_one_that_is_filled(desk):
    sheet = desk.lay()
    sheet.insert_cols(4)
    sheet.merge_cells("C1:D1")
    for row in (2, 3):
        sheet.cell(row, 4, sheet.cell(row, 3).value)
        sheet.cell(row, 3).value = None
    assert desk.found() == []
    assert desk.reading.tables[BOUGHT].cell(0, "work_item").address == "D2"


def test_columns_under_a_group_are_known_by_the_row_below(desk):
    sheet = desk.lay(rows=0)
    first, last = desk.letters["contract_no"], desk.letters["contract_date"]
    for letter in (first, last):
        sheet[f"{letter}2"], sheet[f"{letter}1"] = sheet[f"{letter}1"].value, None
    sheet[f"{first}1"] = "สัญญา"
    sheet.merge_cells(f"{first}1:{last}1")
    sheet.append([example_row(desk.plan.form(BOUGHT)).get(name) for name in desk.letters])
    assert desk.found() == []
    assert desk.rows() == [3]


def test_a_missing_heading_silences_what_follows_from_it(desk):
    sheet = desk.lay()
    sheet[f"{desk.letters['contract_no']}1"] = "เลขคุมสัญญาหรือข้อตกลงซื้อจ้าง"
    assert desk.found() == [("missing-heading", None), ("extra-heading", "J1")]
    assert desk.params("missing-heading")["seen"] == "เลขคุมสัญญาหรือข้อตกลงซื้อจ้าง"


def test_headings_and_titles_of_every_printed_page_are_no_rows(desk):
    sheet = desk.lay(above=[["สรุปผลการจัดซื้อจัดจ้าง"], ["เทศบาลตัวอย่าง"]])
    for row in (1, 2, 3, 4):
        sheet.append([cell.value for cell in sheet[row]])
    sheet.cell(9, 2).value = "3"
    assert desk.found() == [("repeated-heading", "A6")]
    assert desk.params("repeated-heading")["rows"] == "6–8"
    assert desk.rows() == [4, 5, 9]


@pytest.mark.parametrize("pattern", ["({})", "{}"])
def test_the_numbers_of_the_columns_are_no_row(desk, pattern):
    sheet = desk.lay(rows=0)
    digits = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    sheet.append([pattern.format(n).translate(digits) for n in range(1, len(desk.letters) + 1)])
    sheet.append([example_row(desk.plan.form(BOUGHT)).get(name) for name in desk.letters])
    assert desk.found() == []
    assert desk.rows() == [3]


def test_a_second_table_in_another_order_sends_the_form_back(desk):
    sheet = desk.lay()
    sheet.append(list(reversed([cell.value for cell in sheet[1]])))
    sheet.append(list(reversed([cell.value for cell in sheet[2]])))
    assert desk.found() == [("second-table", "A4")]
    assert desk.rows() == []
    assert [r.state for r in desk.reading.form_outcomes] == [FormState.REFUSED]
