"""What divisions really send: every fault of a sheet's structure, each told once and in its place."""

from dataclasses import replace
from datetime import datetime, timedelta

import openpyxl
import pytest

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.messages import finding_sentence
from pipeline.model import FormState, Severity
from pipeline.read import read
from pipeline.read.extract import in_words
from pipeline.run import assess
from pipeline.template import workbook_for
from pipeline.validate import validate
from schemas.kit.personal_numbers import personal_numbers
from schemas.kit.thai.wording import (
    is_masked,
    is_note,
    is_numbering,
    is_total_label,
    number_and_date,
    stated_month,
    stated_quarter,
)
from tests.builders import example_row

GIFTS = "gift_report"
BOUGHT = "procurement"
MEASURES = "measure_progress"


@pytest.fixture
def desk(tmp_path, plan_12):
    """A sheet of a form with its example rows, to do something to, and what is then found."""
    (tmp_path / "received").mkdir()

    class Desk:
        path = tmp_path / "received" / "a.xlsx"
        plan = replace(plan_12, folder=tmp_path, earlier=None)

        def lay(self, name=BOUGHT, rows=2, above=()):
            form = self.plan.form(name)
            self.book = openpyxl.Workbook()
            self.sheet = self.book.active
            self.sheet.title = form.about.sheet
            for row in (*above, [c.th for c in form.table_columns]):
                self.sheet.append(row)
            self.first = self.sheet.max_row + 1
            for number in range(rows):
                example = example_row(form) | {
                    "seq_no": str(number + 1),
                    "contract_no": f"{number}/2566",
                }
                self.sheet.append([example.get(c.name) for c in form.table_columns])
            self.letters = {
                c.name: openpyxl.utils.get_column_letter(n)
                for n, c in enumerate(form.table_columns, 1)
            }
            return self.sheet

        def found(self, *, severity=None):
            """Save, read, judge: code, cell and value of what is told, each said and reopened."""
            self.book.save(self.path)
            lines = "file,received_at,from,channel,note\na.xlsx,2023-10-02T10:00,กองคลัง,LINE,\n"
            self.path.with_name("received.csv").write_text(lines, "utf-8")
            reading = read(intake(collect(self.plan), self.plan), self.plan)
            self.reading = validate(reading, self.plan)
            reopened = openpyxl.load_workbook(self.path)
            for finding in self.reading.findings:
                for lang in ("th", "en"):
                    assert finding_sentence(finding, lang, self.plan.forms)
                if finding.cell is not None:
                    value = reopened[finding.cell.sheet][finding.cell.address].value
                    value = value.date().isoformat() if isinstance(value, datetime) else value
                    assert (None if value is None else str(value)) == finding.value
            told = [f for f in self.reading.findings if severity in (None, f.severity)]
            return [(f.code, f.cell.address if f.cell else None) for f in told]

        def rows(self, name=BOUGHT):
            return self.reading.tables[name].frame["row"].sort_values().tolist()

        def params(self, code):
            (finding,) = [f for f in self.reading.findings if f.code == code]
            return finding.params

    return Desk()


def test_a_plain_sheet_has_nothing_to_tell(desk):
    desk.lay(above=[["สรุปผลการจัดซื้อจัดจ้าง"], []])
    assert desk.found() == []
    assert desk.rows() == [4, 5]


# --- headings -------------------------------------------------------------------------------------


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
    sheet[f"{desk.letters['contract_no']}1"] = "เลขสัญญาหรือข้อตกลงในการซื้อหรือจ้าง"
    assert desk.found() == [("missing-heading", None), ("extra-heading", "J1")]
    assert desk.params("missing-heading")["seen"] == "เลขสัญญาหรือข้อตกลงในการซื้อหรือจ้าง"


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


# --- between the rows -----------------------------------------------------------------------------


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


# --- what is not there ----------------------------------------------------------------------------


def issued(plan, folder, change):
    """กองคลัง's own template, changed, and what is found in it."""
    path = folder / "received" / "a.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(workbook_for(plan.division("02"), plan))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    lines = "file,received_at,from,channel,note\na.xlsx,2023-10-02T10:00,กองคลัง,LINE,\n"
    path.with_name("received.csv").write_text(lines, "utf-8")
    return read(intake(collect(plan), plan), plan)


def test_a_blank_template_says_nothing(desk, tmp_path):
    reading = issued(desk.plan, tmp_path, lambda book: None)
    assert reading.findings == ()
    assert {r.state for r in reading.form_outcomes} == {FormState.NOT_FILLED}


def fill(book, form):
    sheet = book[form.about.sheet]
    keys = {c.th: c.name for c in form.table_columns}
    heads = next(
        row for row in sheet.iter_rows(max_row=20) if sum(c.value in keys for c in row) > 3
    )
    for cell in heads:
        value = example_row(form).get(keys.get(cell.value, ""))
        if value:
            sheet.cell(cell.row + 1, cell.column, value)


def test_a_form_with_neither_tick_nor_rows_is_asked_for_once_others_report(desk, tmp_path):
    reading = issued(desk.plan, tmp_path, lambda book: fill(book, desk.plan.form(GIFTS)))
    blank = {f.form for f in reading.findings if f.code == "neither-tick-nor-rows"}
    owed = set(desk.plan.division("02").forms)
    assert BOUGHT in blank <= owed - {GIFTS, MEASURES, "cover"}
    assert [f.form for f in reading.findings if f.code == "measures-blank"] == [MEASURES]
    assert [f.code for f in reading.findings if f.code == "missing-sheet"] == []


def test_a_form_is_not_asked_for_while_it_is_not_due(desk, tmp_path):
    """Whether `--as-of` or the clock says so."""

    def asked(**times):
        plan = replace(desk.plan, **times)
        reading = issued(plan, tmp_path, lambda book: fill(book, plan.form(GIFTS)))
        return "neither-tick-nor-rows" in {f.code for f in reading.findings}

    due = desk.plan.due
    assert asked(as_of=due)
    assert not asked(as_of=due - timedelta(minutes=1))
    assert not asked(due=due.replace(year=9000))


def test_a_sheet_taken_out_is_missed_until_it_has_come(desk, tmp_path):
    def change(book):
        fill(book, desk.plan.form(GIFTS))
        del book[desk.plan.form(BOUGHT).about.sheet]

    (missing,) = [
        f for f in issued(desk.plan, tmp_path, change).findings if f.code == "missing-sheet"
    ]
    assert (missing.params["forms"], missing.severity) == ("จัดซื้อจัดจ้าง", Severity.WARNING)
    desk.lay()
    desk.path = desk.path.with_name("b.xlsx")
    desk.book.save(desk.path)
    listed = desk.path.with_name("received.csv")
    listed.write_text(listed.read_text("utf-8") + "b.xlsx,2023-09-01T10:00,กองคลัง,LINE,\n", "utf-8")
    reading = read(intake(collect(desk.plan), desk.plan), desk.plan)
    assert [f for f in reading.findings if f.code == "missing-sheet"] == []


def test_the_examples_have_nothing_of_this_kind(plan_06):
    codes = {f.code for f in assess(plan_06).findings if not f.code.startswith("RF")}
    assert codes == {"XPJ-01", "required"}


# --- words ----------------------------------------------------------------------------------------


def test_rows_in_words():
    assert in_words([9, 5, 6, 7, 8, 12]) == "5–9, 12"


@pytest.mark.parametrize(
    "text, month",
    [
        ("สรุปผลการดำเนินการจัดซื้อจัดจ้างในรอบเดือน ตุลาคม 2565", (2022, 10)),
        ("ประจำเดือนมี.ค. ๖๖", (2023, 3)),
        ("รอบเดือน ธันวาคม ปีงบประมาณ พ.ศ. 2566", (2022, 12)),
        ("รอบเดือน กันยายน ปีงบประมาณ 2565", (2022, 9)),
        ("เดือนตุลาคม", (2022, 10)),
        ("วันที่ 5 เดือน พฤศจิกายน พ.ศ. 2565", None),
        ("ณ วันที่ ๓๑ ตุลาคม ๒๕๖๕", None),
        ("เทศบาลตัวอย่าง", None),
    ],
)
def test_the_month_of_a_title(text, month):
    found = stated_month(text, 2566)
    assert (found and (found.year, found.month)) == month


@pytest.mark.parametrize(
    "text, first",
    [
        ("ไตรมาสที่ 4 (เดือน กรกฎาคม พ.ศ. 2564 ถึง เดือน กันยายน พ.ศ. 2564 )", (2021, 7)),
        ("ประจำไตรมาสที่ ๑ ปีงบประมาณ ๒๕๖๖", (2022, 10)),
        ("ไตรมาส 2/2566", (2023, 1)),
        ("ไตรมาสที่ 3", (2023, 4)),
        ("ประกาศผลผู้ชนะ", None),
    ],
)
def test_the_quarter_of_a_title(text, first):
    found = stated_quarter(text, 2566)
    assert (found and (found[0].year, found[0].month)) == first


@pytest.mark.parametrize(
    "text, number, day",
    [
        ("1/2566 ลงวันที่ 5 ต.ค. 2565", "1/2566", "5 ต.ค. 2565"),
        ("593/2569\n20 พ.ย. 68", "593/2569", "20 พ.ย. 68"),
        ("วทก 237/64 ลว. 15/10/2564", "วทก 237/64", "15/10/2564"),
        ("เลขที่ (ช)นพ.81/2559 วันที่ ๔ มิถุนายน ๒๕๕๘", "(ช)นพ.81/2559", "๔ มิถุนายน ๒๕๕๘"),
        ("15/10/2564 วทก 237/64", "วทก 237/64", "15/10/2564"),
        ("J69/290", "J69/290", ""),
    ],
)
def test_the_number_and_the_date_in_one_cell(text, number, day):
    assert number_and_date(text) == (number, day)


def test_what_is_a_total_a_note_a_numbering_and_a_masked_number():
    assert all(map(is_total_label, ("รวม", "รวมทั้งสิ้น", "รวม 3 รายการ", "ยอดยกมา", "รวมเงิน (บาท)")))
    assert not any(map(is_total_label, ("รวมพลคนเมือง", "โครงการรวมใจ", "12")))
    assert all(map(is_note, ("หมายเหตุ 1", "(ลงชื่อ)......", "* ราคารวมภาษี", "ผู้จัดทำ")))
    assert not any(map(is_note, ("ซื้อวัสดุ", "จ้างเหมาตรวจ")))
    assert is_numbering(["(1)", "(๒)", "3"])
    assert not any(map(is_numbering, (["1", "2"], ["1", "2", "4"], ["1", "ก", "3"])))
    assert all(map(is_masked, ("130990115xxxx", "1-3099-0115x-xx-x", "xxxxxxxxx0123")))
    assert not any(map(is_masked, ("1309901150000", "x", "12x3")))


def test_a_column_merged_to_the_end_of_the_sheet_costs_nothing(desk):
    sheet = desk.lay()
    sheet.merge_cells("Z3:Z1048576")
    assert desk.found() == []
    assert desk.rows() == [2, 3]
