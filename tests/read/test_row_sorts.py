"""What stands between the rows of a table: totals, separators, notes, continued and merged rows."""

from datetime import datetime

import pytest

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.model import Severity
from pipeline.read import read
from pipeline.validate import validate
from tests.support.desk import BOUGHT


@pytest.mark.parametrize("label", ["รวม", "รวมทั้งสิ้น", "ยอดรวม 2 รายการ", "รวมเป็นเงิน"])
def test_a_total_is_never_a_row(desk, label):
    sheet = desk.lay()
    sheet["C4"], sheet["D4"], sheet["E4"] = label, "25,000.00", 24000
    assert desk.found() == [("total-row", "C4")]
    assert desk.rows() == [2, 3]


def test_a_total_that_is_not_the_sum_is_told_at_its_cell(desk):
    sheet = desk.lay()
    sheet["C4"], sheet["D4"], sheet["E4"] = "รวม", "25,000.01", 24000
    assert desk.found() == [("total-row", "C4"), ("total-differs", "D4")]
    assert desk.params("total-differs")["sum"] == "25,000.00"


def test_a_total_that_passes_over_a_text_names_it_once_as_its_cause(desk):
    """As SUM does: "12,000.-" is an amount to a person and a text to Excel."""
    sheet = desk.lay()
    sheet["D2"], sheet["D3"], sheet["C4"], sheet["D4"] = 13000, "12,000.-", "รวม", 13000
    assert desk.found() == [("total-row", "C4"), ("total-skips-text", "D4")]
    assert desk.params("total-skips-text") == {
        "heading": "วงเงินที่จะซื้อหรือจ้าง (บาท)",
        "sum": "25,000.00",
        "cells": "D3",
    }


def test_subtotals_and_the_grand_total_are_each_compared_with_their_rows(desk):
    sheet = desk.lay()
    sheet["C4"], sheet["D4"] = "รวมไตรมาสที่ 1", 25000
    sheet.append([cell.value for cell in sheet[2]])
    sheet["D5"], sheet["K5"] = "1,000.00", "6/10/2565"
    sheet["C6"], sheet["D6"] = "รวมไตรมาสที่ 2", 1000
    sheet["C7"], sheet["D7"] = "รวมทั้งสิ้น", 26000
    assert [code for code, _ in desk.found(severity=Severity.NOTE)] == ["total-row"] * 3
    assert "total-differs" not in [f.code for f in desk.reading.findings]
    assert desk.rows() == [2, 3, 5]


def test_a_total_over_an_amount_that_cannot_be_read_is_not_judged(desk):
    sheet = desk.lay()
    sheet["D2"], sheet["C4"], sheet["D4"] = "1.250.000", "รวม", 25000
    assert desk.found() == [("unreadable-ambiguous-number", "D2"), ("total-row", "C4")]


def test_amounts_without_a_label_are_a_total_only_if_they_are_the_sum(desk):
    sheet = desk.lay()
    sheet["D4"], sheet["E4"] = 25000, "24,000.00"
    assert desk.found() == [("total-row", "D4")]
    assert desk.rows() == [2, 3]
    sheet["D4"] = 26000
    assert "total-row" not in [code for code, _ in desk.found()]
    assert desk.rows() == [2, 3, 4]


def test_counts_have_totals_too(desk):
    sheet = desk.lay("complaint_statistics", rows=1)
    columns = desk.plan.form("complaint_statistics").table_columns
    sheet.append(
        [
            "รวม" if n == 0 else cell.value if c.kind == "count" else None
            for n, (c, cell) in enumerate(zip(columns, sheet[2], strict=True))
        ]
    )
    assert [code for code, _ in desk.found()] == ["total-row"]
    assert desk.rows("complaint_statistics") == [2]


def test_rows_merged_across_the_table_only_divide_it(desk):
    sheet = desk.lay()
    sheet.insert_rows(3)
    sheet["A3"] = "หมวดค่าวัสดุ"
    sheet.merge_cells("A3:K3")
    assert desk.found() == [("separator-rows", "A3")]
    assert desk.rows() == [2, 4]


def test_notes_and_signatures_below_the_table_are_no_rows(desk):
    sheet = desk.lay()
    sheet["A5"] = "หมายเหตุ : ราคารวมภาษีมูลค่าเพิ่มแล้ว"
    sheet["C7"], sheet["C8"], sheet["C9"] = "ลงชื่อ ..............", "(ชื่อผู้รายงาน)", "ผู้อำนวยการกองคลัง"
    assert desk.found() == [("note-rows", "A5")]
    assert desk.params("note-rows")["rows"] == "5, 7–9"
    assert desk.rows() == [2, 3]


def test_rows_without_number_and_item_continue_the_one_above(desk):
    sheet = desk.lay()
    letter = desk.letters["bidders_and_prices_raw"]
    sheet.insert_rows(3, 2)
    sheet[f"{letter}3"], sheet[f"{letter}4"] = "ร้านที่สอง / 12,100 บาท", "ร้านที่สาม / 12,200 บาท"
    sheet.merge_cells("C2:C4")
    assert desk.found() == [("continued-rows", f"{letter}3")]
    assert desk.params("continued-rows")["rows"] == "3–4"
    frame = desk.reading.tables[BOUGHT].frame
    assert frame["row"].tolist() == [2, 5]
    assert frame["bidders_and_prices_raw"][0].splitlines() == [
        "ร้านตัวอย่าง / 12,000.00 บาท",
        "ร้านที่สอง / 12,100 บาท",
        "ร้านที่สาม / 12,200 บาท",
    ]
    assert (
        desk.reading.tables[BOUGHT].value(0, "bidders_and_prices_raw")
        == "ร้านตัวอย่าง / 12,000.00 บาท"
    )


def test_a_value_merged_downwards_holds_for_its_rows_but_an_amount_does_not(desk):
    sheet = desk.lay(rows=3)
    for letter in ("A", "C", "D"):
        sheet.merge_cells(f"{letter}2:{letter}3")
    assert desk.found() == [("required", "D3")]
    frame = desk.reading.tables[BOUGHT].frame
    assert frame["report_month"].tolist() == [datetime(2022, 10, 1)] * 3
    assert frame["work_item"].tolist() == ["ซื้อวัสดุ"] * 3
    assert frame["budget_satang"].isna().tolist() == [False, True, False]


def test_values_under_merged_cells_do_not_count_and_are_told(desk):
    sheet = desk.lay()
    sheet["C3"] = "ซ่อนอยู่"
    desk.book.save(desk.path)
    # openpyxl clears what it merges, Excel's own file need not
    import zipfile

    parts = {n: zipfile.ZipFile(desk.path).read(n) for n in zipfile.ZipFile(desk.path).namelist()}
    name = "xl/worksheets/sheet1.xml"
    merged = b'<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells><pageMargins'
    parts[name] = parts[name].replace(b"<pageMargins", merged, 1)
    desk.book.save = lambda path: _zip(path, parts)
    reading_codes = desk_codes(desk)
    assert reading_codes == [("under-merged", "C3", "ซ่อนอยู่")]
    assert desk.params("under-merged") == {"range": "C2:C3", "cells": "1"}
    assert desk.reading.tables[BOUGHT].frame["work_item"].tolist() == ["ซื้อวัสดุ"] * 2


def _zip(path, parts):
    import zipfile

    with zipfile.ZipFile(path, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)


def desk_codes(desk):
    desk.book.save(desk.path)
    lines = "file,received_at,from,channel,note\na.xlsx,2023-10-02T10:00,กองคลัง,LINE,\n"
    desk.path.with_name("received.csv").write_text(lines, "utf-8")
    reading = read(intake(collect(desk.plan), desk.plan), desk.plan)
    desk.reading = validate(reading, desk.plan)
    return [(f.code, f.cell.address, f.value) for f in desk.reading.findings]


def test_a_column_merged_to_the_end_of_the_sheet_costs_nothing(desk):
    sheet = desk.lay()
    sheet.merged_cells.add("Z3:Z1048576")  # as Excel stores it: no cell is there
    assert desk.found() == []
    assert desk.rows() == [2, 3]
