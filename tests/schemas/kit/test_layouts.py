"""The official layouts of procurement, from workbooks as offices make them to rows with a fate."""

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.collect import collect
from pipeline.crosscheck import crosscheck
from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.messages import finding_sentence
from pipeline.model import FormState, Outcome, Severity
from pipeline.read import read
from pipeline.validate import validate
from schemas import forms
from schemas.kit.bids import procurement_bids
from schemas.kit.layouts import heading_key
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.dates import format_month
from tests.support import official

SEEN = Path(__file__).parent / "procurement_rows_seen.csv"
FORM = next(form for form in forms() if form.name == "procurement")
BOUGHT = {
    "seq": "๑",
    "item": "ซื้อวัสดุตัวอย่าง",
    "budget": "๑๒,๕๐๐.-",
    "reference": "12,000.00 บาท",
    "method": "โดยวิธีเฉพาะเจาะจง",
    "bidders": "ร้านตัวอย่าง ก / 12,000.00 บาท\nร้านตัวอย่าง ข / 12,400 บาท",
    "winner": "ร้านตัวอย่าง ก\n12,000.00 บาท",
    "reason": "ราคาต่ำสุด",
    "number": "1/2566",
    "date": "5 ต.ค. 65",
}
NOTICED = {
    "seq": 1,
    "tin": "0993500000012",
    "winner": "ร้านตัวอย่าง ก",
    "item": "วัสดุตัวอย่าง",
    "agreed": 12000,
    "date": "5 ต.ค. 2565",
    "number": "1/2566",
    "reason": "4",
}
LISTED = {
    "seq": 1,
    "year": "2566",
    "item": "ซื้อวัสดุตัวอย่าง",
    "budget": "12,500.00",
    "source": "เทศบัญญัติ",
    "status": "สิ้นสุดสัญญา",
    "method": "เฉพาะเจาะจง",
    "reference": "12,000.00",
    "agreed": "12,000.00",
    "winner": "ร้านตัวอย่าง ก",
    "egp": "65107000001",
}


@pytest.fixture
def office(tmp_path, plan_12):
    """A folder to put workbooks of กองคลัง in, and everything that is made of them."""
    (tmp_path / "received").mkdir()

    class Office:
        folder = tmp_path / "received"
        plan = replace(plan_12, folder=tmp_path, earlier=None)

        def settle(self):
            lines = [
                f"{path.name},2023-10-02T10:{n:02d},กองคลัง,LINE,\n" for n, path in self.files()
            ]
            text = "file,received_at,from,channel,note\n" + "".join(lines)
            (self.folder / "received.csv").write_text(text, "utf-8")
            submissions = intake(collect(self.plan), self.plan)
            reading = crosscheck(validate(read(submissions, self.plan), self.plan), self.plan)
            self.reading, self.table = reading, merge(reading)["procurement"]
            return self

        def files(self):
            return enumerate(sorted(self.folder.glob("*.xlsx")))

        def column(self, name):
            return [None if pd.isna(value) else value for value in self.table.frame[name]]

        def found(self, *but):
            """The findings about purchases: code, cell, value; each said and true to its file."""
            told = [f for f in self.reading.findings if f.form == "procurement"]
            said = [f for f in told if not f.code.startswith("RF")]
            for finding in said:
                for lang in ("th", "en"):
                    assert finding_sentence(finding, lang, self.plan.forms)
                self.reopen(finding)
            told = [(f.code, f.cell.address if f.cell else None, f.value) for f in said]
            return [each for each in told if each[0] not in ("official-layout", *but)]

        def reopen(self, finding):
            """The value of a finding is what stands at its cell in the original."""
            if finding.cell is None:
                return
            book = openpyxl.load_workbook(self.folder / finding.file)
            value = book[finding.cell.sheet][finding.cell.address].value
            value = value.date().isoformat() if isinstance(value, datetime) else value
            assert (None if value is None else str(value)) == finding.value, finding

        def form_outcomes(self):
            mine = [r for r in self.reading.form_outcomes if r.form == "procurement"]
            return [(r.submission, r.month, r.state, r.rows) for r in mine]

    return Office()


# --- the layouts as data ------------------------------------------------------------------------


@pytest.mark.parametrize("layout", FORM.variants.layouts, ids=lambda each: each.name)
def test_a_layout_speaks_of_columns_of_its_form_and_no_heading_means_two(layout):
    names = {*layout.columns, *layout.optional, *layout.follows, *layout.must}
    assert names <= {column.name for column in FORM.table_columns}
    assert layout.period in ("", "month", "quarter")
    said = [h for hs in (layout.headings, layout.optional, layout.follows) for h in hs.items()]
    keys = [(heading_key(text), names) for names, texts in said for text in texts]
    means = {key: {names for other, names in keys if other == key} for key, _ in keys}
    assert {key: names for key, names in means.items() if len(names) > 1} == {}
    assert not layout.unused_keys & means.keys()


# --- แบบ สขร.1 ------------------------------------------------------------------------------------


def test_a_monthly_summary_is_read_as_a_person_reads_it(office):
    official.monthly(office.folder, [BOUGHT, BOUGHT | {"seq": "๒", "number": "2/2566"}])
    made = office.settle()
    assert made.column("report_month") == [datetime(2022, 10, 1)] * 2
    assert made.column("budget_satang") == [1250000] * 2
    assert made.column("reference_price_satang") == [1200000] * 2
    assert made.column("agreed_price_satang") == [1200000] * 2
    assert made.column("procurement_method") == ["เฉพาะเจาะจง"] * 2
    assert made.column("contract_no") == ["1/2566", "2/2566"]
    assert made.column("contract_date") == [datetime(2022, 10, 5)] * 2
    assert made.column("winner_name") == ["ร้านตัวอย่าง ก"] * 2
    assert made.column("fate") == ["accepted"] * 2
    assert made.found() == []
    assert made.form_outcomes() == [("a.xlsx", date(2022, 10, 1), FormState.COUNTS, 2)]
    cells = [
        made.table.cell(0, name).address
        for name in ("report_month", "contract_no", "contract_date")
    ]
    assert cells == ["A2", "I7", "J7"]
    bids = procurement_bids(made.table.frame)
    assert bids["bid_price_satang"].tolist() == [1200000, 1240000] * 2
    assert bids["is_winner"].tolist() == [True, False] * 2


def test_number_and_date_may_share_a_cell_or_stand_the_other_way_round(office):
    both = "1/2566 ลงวันที่ ๕ ต.ค. ๖๕"
    official.monthly(office.folder, [BOUGHT | {"number": both, "date": None}], name="a.xlsx")
    swapped = BOUGHT | {"number": "7 พ.ย. 65", "date": "2/2566"}
    official.monthly(office.folder, [swapped], "พฤศจิกายน ๒๕๖๕", "b.xlsx")
    made = office.settle()
    assert made.column("contract_no") == ["1/2566", "2/2566"]
    assert made.column("contract_date") == [datetime(2022, 10, 5), datetime(2022, 11, 7)]
    assert made.table.cell(0, "contract_date").address == "I7"
    assert made.table.value(0, "contract_date") == both
    assert made.found() == []


def test_a_summary_with_split_columns_and_headings_in_two_rows(office):
    sheet = openpyxl.Workbook().active
    sheet["A1"] = "สรุปผลการดำเนินการจัดซื้อจัดจ้าง ประจำเดือน ต.ค. 2565"
    top = ["ลำดับ", "งานที่จัดซื้อหรือจัดจ้าง", "วงเงินที่จัดซื้อ\nหรือจัดจ้าง (บาท)", "ราคากลาง", "วิธีซื้อ"]
    top += ["รายชื่อผู้เสนอราคาและราคาที่เสนอ", None, "ผู้ได้รับการคัดเลือกและราคาที่ตกลงซื้อหรือจ้าง", None]
    top += ["เหตุผลที่คัดเลือก", "เลขที่และวันที่ของสัญญาหรือข้อตกลง", None]
    low = [None, None, None, "(บาท)", "หรือจ้าง", "รายชื่อผู้เสนอราคา", "ราคาที่เสนอ", "ผู้ได้รับการคัดเลือก"]
    low += ["ราคาที่ตกลงซื้อหรือจ้าง", "โดยสรุป", "เลขที่", "วันที่"]
    for row in (top, low, [f"({n})" for n in range(1, 13)]):
        sheet.append(row)
    sheet.append(
        [1, "จ้างตัวอย่าง", 900, 900, "เฉพาะเจาะจง", "ก", 900, "ก", 900, "เดียว", "3/2566", "3/10/65"]
    )
    sheet.append([None] * 5 + ["ข", 950])
    for area in ("F2:G2", "H2:I2", "K2:L2"):
        sheet.merge_cells(area)
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.column("bidders_and_prices_raw") == ["ก / 900\nข / 950"]
    assert made.column("agreed_price_satang") == [90000]
    assert (made.column("contract_no"), made.column("seq_no")) == (["3/2566"], ["1"])
    assert made.found() == [("continued-rows", "F6", "ข")]
    assert procurement_bids(made.table.frame)["bid_price_satang"].tolist() == [90000, 95000]


@pytest.mark.parametrize("words", ["ไม่มีการจัดซื้อจัดจ้างในรอบเดือนนี้", "- ไม่มีการจัดซื้อจัดจ้าง -"])
def test_a_summary_may_say_that_nothing_was_bought(office, words):
    sheet = official.monthly(office.folder, [])
    sheet["A7"] = words
    sheet.merge_cells("A7:J7")
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.form_outcomes() == [("a.xlsx", date(2022, 10, 1), FormState.NIL, 0)]
    assert made.found() == []


def test_a_summary_without_its_month_is_sent_back_and_asked_for_it(office):
    sheet = official.monthly(office.folder, [BOUGHT])
    sheet["A2"] = "สรุปผลการดำเนินการจัดซื้อจัดจ้าง"
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.found() == [("no-month-stated", None, None)]
    assert made.form_outcomes() == [("a.xlsx", None, FormState.REFUSED, 0)]


def test_a_missing_amount_is_named_and_what_follows_from_it_is_not(office):
    sheet = official.monthly(office.folder, [BOUGHT])
    sheet["C6"], sheet["H6"] = "วงเงินรวม", "เหตุใดจึงเลือก"
    official.save(sheet, office.folder / "a.xlsx")
    found = office.settle().found()
    assert found == [
        ("missing-heading", None, None),
        ("missing-heading", None, None),
        ("extra-heading", "C6", "วงเงินรวม"),
        ("extra-heading", "H6", "เหตุใดจึงเลือก"),
    ]
    sheet["C6"] = "วงเงินงบประมาณ"
    official.save(sheet, office.folder / "a.xlsx")
    assert [code for code, *_ in office.settle().found()] == ["missing-heading", "extra-heading"]
    assert office.column("fate") == ["accepted"]


def test_twelve_files_are_twelve_parts_and_so_are_twelve_sheets(office):
    months = office.plan.round.months_list
    titles = [format_month(month, "short") for month in months]
    for n, title in enumerate(titles[:6]):
        row = BOUGHT | {"number": f"{n}/2566", "date": f"5 {title}"}
        official.monthly(office.folder, [row], title, f"{n}.xlsx")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for n, title in enumerate(titles[6:], 6):
        row = BOUGHT | {"number": f"{n}/2566", "date": f"5 {title}"}
        made = official.monthly(office.folder, [row], title, "x.xlsx")
        copy = book.create_sheet(title)
        for line in made.iter_rows():
            for cell in line:
                if cell.value is not None:
                    copy[cell.coordinate] = cell.value
    book.save(office.folder / "x.xlsx")
    made = office.settle()
    assert sorted(month for _, month, *_ in made.form_outcomes()) == list(months)
    assert {state for _, _, state, _ in made.form_outcomes()} == {FormState.COUNTS}
    assert sorted(made.column("contract_no")) == sorted(f"{n}/2566" for n in range(12))
    assert made.found() == []


# --- what is compared, not counted ----------------------------------------------------------------


def test_the_same_contract_in_the_notice_is_compared_and_not_counted(office):
    official.monthly(office.folder, [BOUGHT, BOUGHT | {"seq": 2, "number": "2/2566", "item": "อื่น"}])
    rows = [
        NOTICED,
        NOTICED | {"seq": 2, "number": "2/2566", "agreed": "12,500.00"},
        NOTICED | {"seq": 3, "number": "3/2566", "winner": "ร้านตัวอย่าง ค", "date": "7 พ.ย. 65"},
    ]
    official.quarterly(office.folder, rows)
    made = office.settle()
    assert made.column("fate") == ["accepted", "accepted", "duplicate", "duplicate", "held_back"]
    assert made.found() == [
        ("XLY-01", "E6", "12000"),
        ("XLY-02", "E7", "12,500.00"),
        ("XLY-03", "D8", "วัสดุตัวอย่าง"),
    ]
    (differs,) = [f for f in made.reading.findings if f.code == "XLY-02"]
    assert differs.severity is Severity.WARNING
    assert (differs.params["here"], differs.params["there"]) == ("12,500.00", "12,000.00")
    assert (differs.params["file"], differs.params["first"]) == ("a.xlsx", "8")
    states = {state for name, _, state, _ in made.form_outcomes() if name == "q.xlsx"}
    assert states == {FormState.COMPARED}
    assert {s.outcome for s in made.reading.submissions} == {Outcome.ACCEPTED}


def test_two_equal_purchases_need_two_counterparts(office):
    official.monthly(office.folder, [BOUGHT | {"number": "-"}])
    official.quarterly(
        office.folder, [NOTICED | {"number": "-"}, NOTICED | {"seq": 2, "number": "-"}]
    )
    assert office.settle().column("fate") == ["accepted", "duplicate", "held_back"]


def test_a_counterpart_that_is_held_back_is_still_the_counterpart(office):
    official.monthly(office.folder, [BOUGHT | {"budget": "ประมาณหมื่น"}])
    official.quarterly(office.folder, [NOTICED])
    made = office.settle()
    assert made.column("fate") == ["held_back", "duplicate"]
    assert made.found() == [
        ("unreadable-not-a-number", "C7", "ประมาณหมื่น"),
        ("XLY-01", "E6", "12000"),
    ]


def test_where_the_quarter_is_the_basis_the_notice_counts(office):
    office.plan = replace(office.plan, procurement_basis="quarterly")
    official.quarterly(office.folder, [NOTICED, NOTICED | {"number": "2/2566", "date": "-"}])
    made = office.settle()
    assert made.column("fate") == ["accepted", "accepted"]
    assert made.column("report_month") == [datetime(2022, 10, 1), None]
    assert made.found() == [("required", "F7", "-")]
    assert [(month, rows) for _, month, _, rows in made.form_outcomes()] == [
        (date(2022, 10, 1), 2),
        (date(2022, 11, 1), 0),
        (date(2022, 12, 1), 0),
    ]


@pytest.mark.parametrize("headings", [official.OIT, official.OIT_18])
def test_the_oit_list_is_read_without_what_it_has_not(office, headings):
    official.monthly(office.folder, [BOUGHT])
    official.listed(office.folder, headings, [LISTED | {"date": "5 ต.ค. 65", "end": "1 พ.ย. 65"}])
    made = office.settle()
    assert made.column("fate") == ["accepted", "duplicate"]
    assert made.column("contract_status") == [None, "สิ้นสุดระยะสัญญา"]
    assert made.column("egp_project_no") == [None, "65107000001"]
    assert [code for code, *_ in made.found()] == ["XLY-01"]


def test_open_data_gives_a_bid_a_row_and_joins_them(office):
    row = LISTED | {"bidder": "ร้านตัวอย่าง ก", "offer": "12,000.00"}
    more = {"bidder": "ร้านตัวอย่าง ข", "offer": 12400}
    official.listed(office.folder, official.OPEN_DATA, [row, more])
    made = office.settle()
    assert made.column("agreed_price_satang") == [1200000]
    bids = procurement_bids(made.table.frame)
    assert bids["bidder_name"].tolist() == ["ร้านตัวอย่าง ก", "ร้านตัวอย่าง ข"]
    assert bids["bid_price_satang"].tolist() == [1200000, 1240000]
    assert made.found() == [
        ("continued-rows", "G3", "ร้านตัวอย่าง ข"),
        ("XLY-03", "A2", "ซื้อวัสดุตัวอย่าง"),
    ]


def test_a_date_outside_the_quarter_and_a_masked_number_are_told(office):
    row = NOTICED | {"tin": "099350000xxxx", "date": "5/1/2566"}
    official.quarterly(office.folder, [row, NOTICED | {"number": "2/2566", "tin": "0993500000013"}])
    assert office.settle().found("XLY-03") == [
        ("masked-number", "B6", "099350000xxxx"),
        ("outside-stated-period", "F6", "5/1/2566"),
        ("PRC-05", "B7", "0993500000013"),
    ]


def test_a_company_merged_over_its_contracts_is_the_company_of_each(office):
    rows = [
        NOTICED,
        {"item": "อื่น", "agreed": 500, "date": "6 ต.ค. 65", "number": "2/2566", "reason": "4"},
    ]
    sheet = official.quarterly(office.folder, rows)
    for area in ("A6:A7", "B6:B7", "C6:C7"):
        sheet.merge_cells(area)
    official.save(sheet, office.folder / "q.xlsx")
    made = office.settle()
    assert made.column("winner_name") == ["ร้านตัวอย่าง ก"] * 2
    assert made.column("winner_tin") == ["0993500000012"] * 2
    assert made.column("agreed_price_satang") == [1200000, 50000]
    assert made.found("XLY-03") == []


def test_a_method_in_the_item_is_taken_only_where_its_own_cell_is_blank(office):
    items = ["ซื้อครุภัณฑ์ โดยวิธีเฉพาะเจาะจง", "ซื้อครุภัณฑ์ โดยวิธีคัดเลือก", "จ้างเหมา ด้วยวิธี e-bidding (ครั้งที่ ๒)"]
    methods = ["", "เฉพาะเจาะจง", ""]
    rows = [
        BOUGHT | {"number": f"{n}/2566", "item": item, "method": method}
        for n, (item, method) in enumerate(zip(items, methods, strict=True))
    ]
    official.monthly(office.folder, rows)
    made = office.settle()
    assert made.column("procurement_method") == [
        "เฉพาะเจาะจง",
        "เฉพาะเจาะจง",
        "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)",
    ]
    taken = [(r.cell.address, r.typed) for r in made.reading.repairs if r.codes == ("inferred",)]
    assert taken == [("B7", items[0]), ("B9", items[2])]
    assert made.found() == []


# --- the rows that were seen ----------------------------------------------------------------------

NEWSCOM, OA_CENTER = "ห้างหุ้นส่วนจำกัดนิวส์คอม ปัตตานี", "ห้างหุ้นส่วนจำกัดปัตตานี โอเอ เซ็นเตอร์"
E_BIDDING = "ประกวดราคาอิเล็กทรอนิกส์ (e-bidding)"
NOT_COUNTED, ANNOUNCED = ("XLY-03", "D6"), ("XLY-04", "C2")


def noticed(satang, winner, tin, number, day, month, *found):
    return {
        "agreed_price_satang": satang,
        "winner_name": winner,
        "winner_tin": tin,
        "contract_no": number,
        "contract_date": day,
        "report_month": month,
    }, [*found, NOT_COUNTED]


def announced(reference, method=None, budget=None, egp=None):
    return {
        "reference_price_satang": reference,
        "procurement_method": method,
        "budget_satang": budget,
        "egp_project_no": egp,
        "agreed_price_satang": None,
    }, [ANNOUNCED]


# Written by hand from the rows: what a person reads there, and what is to be told of it.
READ = {
    "1": noticed(
        1980000,
        NEWSCOM,
        "0943548000349",
        "วทก 237/64",
        datetime(2021, 10, 15),
        None,
        ("required", "H6"),
        ("outside-period", "F6"),
    ),
    "3": noticed(
        25000, OA_CENTER, "0943534000147", "วทก 196/64", datetime(2021, 9, 1), datetime(2021, 9, 1)
    ),
    "5": noticed(
        265000, NEWSCOM, "0943548000349", "วทก 214/65", datetime(2022, 9, 9), datetime(2022, 9, 1)
    ),
    "7": noticed(
        720000, NEWSCOM, "0943548000349", "วทก 173/65", datetime(2022, 7, 25), datetime(2022, 7, 1)
    ),
    "9": announced(68700000, E_BIDDING),
    "11": announced(110066458),
    "13": announced(161900000),
    "15": announced(None, "เฉพาะเจาะจง"),
    "17": announced(1202800000, E_BIDDING, egp="58096024388"),
    "19": announced(144000000, "อื่น ๆ", egp="58085202766"),
    "21": announced(44651100, "อื่น ๆ", 44200000, "59036290914"),
    "23": announced(170000000, "สอบราคา", 170000000),
}
ROWS = list(csv.DictReader(SEEN.read_text("utf-8").splitlines()))
LAYOUTS = {
    "quarterly 7-column winner announcement": None,
    "reference-price notice (narrative)": official.NOTICE,
    "e-GP RSS title": official.REFERENCE,
    "reference-price list": official.REFERENCE,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["row_id"])
def test_a_row_that_was_seen_is_read_as_a_person_reads_it(office, row):
    cells = {key.removesuffix("_raw"): text for key, text in row.items() if text}
    keys = {"work_item": "item", "reference_price": "reference", "winner_tin": "tin"}
    keys |= {"agreed_price": "agreed", "contract_no": "number", "contract_date": "date"}
    keys |= {"egp_project_no": "egp", "announce_date": "announced"}
    cells = {keys.get(key, key): text for key, text in cells.items()}
    headings = LAYOUTS[row["form_layout"]]
    if headings is None:
        year = "2564-12" if "2564" in row["period_stated"] else "2565-12"
        office.plan = replace(office.plan, round=Round.parse(year))
        official.quarterly(office.folder, [cells], row["period_stated"])
    else:
        official.listed(office.folder, headings, [cells])
    made = office.settle()
    values, found = READ[row["row_id"]]
    assert {name: made.column(name) for name in values} == {n: [v] for n, v in values.items()}
    assert made.column("work_item") == [row["work_item_raw"]]
    assert [(code, cell) for code, cell, _ in made.found()] == found


def test_every_row_that_was_seen_has_its_expectation():
    assert READ.keys() == {row["row_id"] for row in ROWS}


def test_a_summary_of_a_quarter_takes_its_months_from_its_dates(office):
    rows = [BOUGHT, BOUGHT | {"number": "2/2566", "date": "7 พ.ย. 65"}, {"seq": "3"}, {"seq": "4"}]
    sheet = official.monthly(office.folder, rows)
    sheet["A2"] = "สรุปผลการดำเนินการจัดซื้อจัดจ้าง ประจำเดือน ตุลาคม - ธันวาคม 2565 (ไตรมาสที่ ๑)"
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.column("report_month") == [datetime(2022, 10, 1), datetime(2022, 11, 1)]
    assert [month.month for _, month, *_ in made.form_outcomes()] == [10, 11, 12]
    assert made.found() == []


def test_a_row_between_them_may_say_the_month_of_those_below(office):
    sheet = official.monthly(
        office.folder, [BOUGHT, {}, BOUGHT | {"number": "2/2566", "date": "7 พ.ย. 65"}]
    )
    sheet["A8"] = "เดือนพฤศจิกายน ๒๕๖๕"
    sheet.merge_cells("A8:J8")
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.column("report_month") == [datetime(2022, 10, 1), datetime(2022, 11, 1)]
    assert made.found() == [("separator-rows", "A8", "เดือนพฤศจิกายน ๒๕๖๕")]


def test_a_notice_needs_its_quarter(office):
    official.quarterly(office.folder, [NOTICED], "ปี")
    assert office.settle().found() == [("no-quarter-stated", None, None)]


# --- what stands in lines below headings, above titles and below tables ------------------------------


@pytest.mark.parametrize(
    "below",
    [
        [None, None, "(บาท)", "(บำท)"],
        [*[None] * 8, "เลขที่สัญญา", "ลว."],
        [*[None] * 8, "เลขที่ในทะเบียน", "วันที่"],
    ],
)
def test_a_line_of_units_or_of_parts_below_headings_is_no_row(office, below):
    sheet = official.monthly(office.folder, [])
    for column, text in enumerate(below, 1):
        sheet.cell(7, column, text)
    for column, (key, _) in enumerate(official.MONTHLY, 1):
        sheet.cell(8, column, BOUGHT[key])
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.column("contract_date") == [datetime(2022, 10, 5)]
    assert (made.column("budget_satang"), made.column("fate")) == ([1250000], ["accepted"])
    assert "required" not in [code for code, *_ in made.found()]


def in_three(heading):
    """A heading broken into three lines, each of which begins with a letter."""
    starts = [n for n, sign in enumerate(heading) if "ก" <= sign <= "ฮ"]
    if len(starts) < 9:
        return heading, None, None
    first, second = starts[len(starts) // 3], starts[2 * len(starts) // 3]
    return heading[:first], heading[first:second], heading[second:]


def test_headings_may_be_broken_over_three_lines(office):
    sheet = openpyxl.Workbook().active
    sheet["A1"] = "สรุปผลการดำเนินการจัดซื้อจัดจ้างในรอบเดือนตุลาคม 2565"
    headings = [heading for _, heading in official.MONTHLY]
    for column, heading in enumerate(headings, 1):
        for row, part in enumerate(in_three(heading), 2):
            sheet.cell(row, column, part)
    sheet.append([BOUGHT[key] for key, _ in official.MONTHLY])
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert (made.column("agreed_price_satang"), made.found()) == ([1200000], [])


def test_words_before_a_number_and_a_date_are_neither(office):
    row = BOUGHT | {"number": "เลขที่", "date": "1/2566"}
    sheet = official.monthly(office.folder, [row])
    sheet.unmerge_cells("I6:J6")
    sheet.merge_cells("I6:L6")
    sheet["K7"], sheet["L7"] = "ลงวันที่", "5 ต.ค. 65"
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert (made.column("contract_no"), made.column("contract_date")) == (
        ["1/2566"],
        [datetime(2022, 10, 5)],
    )
    assert made.found() == []


@pytest.mark.parametrize(
    "lines",
    [
        [(9, {6: "(นายสมมติ ตัวอย่าง)"}), (10, {6: "นักวิชาการพัสดุชำนาญการ"})],
        [(9, {7: "ตรวจแล้วถูกต้อง"}), (10, {7: "หัวหน้าเจ้าหน้าที่พัสดุ"}), (11, {7: "ปลัดเทศบาล"})],
        [(10, {6: "นายสมมติ ตัวอย่าง"}), (11, {6: "ผู้อำนวยการกองคลัง"})],
        [
            (10, {2: "ลงชื่อ....ผู้จัดทำ", 5: "ลงชื่อ....ผู้ตรวจ", 8: "ลงชื่อ....ผู้รับรอง"}),
            (11, {2: "(นาง ก)", 5: "(นาย ข)", 8: "(นาย ค)"}),
            (12, {2: "นักวิชาการพัสดุ", 5: "หัวหน้าเจ้าหน้าที่", 8: "ผู้อำนวยการกองคลัง"}),
        ],
    ],
)
def test_who_signs_is_neither_a_row_nor_a_bidder_nor_a_winner(office, lines):
    sheet = official.monthly(office.folder, [BOUGHT, BOUGHT | {"number": "2/2566"}])
    for row, texts in lines:
        for column, text in texts.items():
            sheet.cell(row, column, text)
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert made.column("winner_name") == ["ร้านตัวอย่าง ก"] * 2
    assert made.column("bidder_count") == [2, 2]
    assert [code for code, *_ in made.found()] == ["note-rows"]


@pytest.mark.parametrize("words", ["", "-", "ไม่มีกิจกรรมใด ๆ", "งดการจัดซื้อจัดจ้าง"])
def test_a_month_without_rows_that_does_not_say_so_is_asked_about(office, words):
    sheet = official.monthly(office.folder, [])
    sheet["A7"] = words or None
    official.save(sheet, office.folder / "a.xlsx")
    made = office.settle()
    assert [code for code, *_ in made.found()] == ["month-blank"]
    assert [state for *_, state, _ in made.form_outcomes()] == [FormState.NOT_FILLED]


def test_the_month_is_that_of_the_title_not_of_a_letter_above_it(office):
    sheet = official.monthly(office.folder, [BOUGHT])
    sheet["A1"] = "อ้างถึงรายงานที่ส่งแล้ว ประจำเดือนกันยายน 2565"
    official.save(sheet, office.folder / "a.xlsx")
    assert office.settle().column("report_month") == [datetime(2022, 10, 1)]
    assert office.found() == []


@pytest.mark.parametrize(
    "title",
    ["สรุปผลการดำเนินการจัดซื้อจัดจ้างในรอบเดือนพฤศจิกายน 2565", "ประจำปีงบประมาณ 2566 เดือนพฤศจิกายน"],
)
@pytest.mark.parametrize("total", [{}, {"seq": "รวม", "budget": "12,500.00"}])
def test_a_title_of_the_next_month_needs_no_headings_below_it(office, title, total):
    later = BOUGHT | {"seq": 1, "number": "2/2566", "date": "7 พ.ย. 65"}
    official.monthly(office.folder, [BOUGHT, total, {"seq": title}, later])
    made = office.settle()
    assert made.column("report_month") == [datetime(2022, 10, 1), datetime(2022, 11, 1)]
    assert [code for code, *_ in made.found("total-row")] == []


def test_a_month_named_below_the_rows_is_not_reported_on(office):
    official.monthly(office.folder, [BOUGHT, {}, {"seq": "รายงาน ณ เดือนธันวาคม 2565"}])
    made = office.settle()
    assert [month for _, month, *_ in made.form_outcomes()] == [date(2022, 10, 1)]
