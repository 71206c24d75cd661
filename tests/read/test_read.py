"""From real workbooks to typed tables: what is read, what is told, and which version counts."""

from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.messages import finding_sentence
from pipeline.model import Fate, FormState, Outcome
from pipeline.read import read
from tests.support.builders import example_row

COVER = ["แบบฟอร์ม", "เดือน", "ยืนยันว่าไม่มีรายการในรอบนี้"]
TIMES = "file,received_at,from,channel,note\n"


@pytest.fixture
def inbox(tmp_path, plan_12):
    """A folder to deliver workbooks to, and the reading of what lies in it."""
    (tmp_path / "received").mkdir()
    plan = replace(plan_12, folder=tmp_path, earlier=None)
    times = []

    class Inbox:
        def deliver(self, name, division="กองคลัง", at=None, cover=(), **sheets):
            book = openpyxl.Workbook()
            book.active.title = "ปก"
            for row in (["ส่วนราชการ", division], COVER, *cover):
                book.active.append(row)
            for form_name, rows in sheets.items():
                sheet = book.create_sheet(plan.form(form_name).about.sheet)
                for row in rows:
                    sheet.append(row)
            book.save(tmp_path / "received" / name)
            if at:
                times.append(f"{name},{at},,LINE,\n")
                (tmp_path / "received" / "received.csv").write_text(TIMES + "".join(times), "utf-8")
            return book

        def read(self):
            return read(intake(collect(plan), plan), plan)

    made = Inbox()
    made.plan = plan
    return made


def sheet_of(plan, name, *changes, without=()):
    """Headings and rows of a form: its example with each set of changes."""
    form = plan.form(name)
    columns = [c for c in form.table_columns if c.name not in without]
    headings = [c.th for c in columns]
    base = example_row(form)
    return [headings, *([(base | dict(each)).get(c.name) for c in columns] for each in changes)]


def codes(reading):
    return [(f.code, f.cell.address if f.cell else None) for f in reading.findings]


def test_a_workbook_by_hand_is_read_with_types_and_places(inbox):
    rows = sheet_of(inbox.plan, "procurement", {"contract_date": datetime(2022, 10, 5)})
    inbox.deliver("a.xlsx", procurement=[["สรุปผลการจัดซื้อจัดจ้าง"], [], *rows])
    reading = inbox.read()
    table = reading.tables["procurement"]
    assert table.frame["agreed_price_satang"].tolist() == [1200000]
    assert table.frame["report_month"].tolist() == [datetime(2022, 10, 1)]
    assert table.frame["winner_name"].tolist() == ["ร้านตัวอย่าง"]
    assert table.cell(0, "contract_date").address == "K4"
    assert table.value(0, "contract_date") == "2022-10-05"
    assert {r.column for r in reading.repairs} >= {"budget_satang"}


UNREADABLE = [
    ("procurement", "budget_satang", "ประมาณหมื่น", "unreadable-not-a-number"),
    ("procurement", "budget_satang", "1.250.000", "unreadable-ambiguous-number"),
    ("procurement", "budget_satang", "10.123", "unreadable-too-precise"),
    ("procurement", "budget_satang", "500 บาท (หกร้อยบาทถ้วน)", "unreadable-amount-words-differ"),
    ("procurement", "budget_satang", "9" * 20, "unreadable-out-of-range"),
    ("procurement", "procurement_method", "ถูกใจ", "unreadable-not-in-list"),
    ("procurement", "contract_date", "เมื่อวาน", "unreadable-not-a-date"),
    ("procurement", "contract_date", "31/2/2566", "unreadable-impossible-date"),
    ("procurement", "contract_date", date(1965, 10, 5), "unreadable-year-1965"),
    ("procurement", "report_month", "ต้นปี", "unreadable-not-a-month"),
    ("procurement", "budget_satang", "94.29%", "unreadable-a-rate"),
    ("procurement", "winner_tin", "1.23E+12", "unreadable-lost-digits"),
    ("procurement", "contract_no", date(2023, 1, 1), "unreadable-became-a-date"),
    ("gift_report", "occurrence_count", "1.5", "unreadable-not-whole"),
    ("service_manual", "is_current", "อาจจะ", "unreadable-not-a-tick"),
]


@pytest.mark.parametrize("form, column, text, code", UNREADABLE)
def test_what_cannot_be_read_is_told_at_its_cell_with_the_value_as_typed(
    inbox, form, column, text, code
):
    inbox.deliver("a.xlsx", **{form: sheet_of(inbox.plan, form, {column: text})})
    reading = inbox.read()
    (finding,) = [f for f in reading.findings if f.code == code]
    assert (finding.column, finding.index) == (column, 0)
    reopened = openpyxl.load_workbook(inbox.plan.folder / "received" / "a.xlsx")
    value = reopened[finding.cell.sheet][finding.cell.address].value
    assert finding.value == (value.date().isoformat() if isinstance(value, datetime) else value)
    assert finding_sentence(finding, "th", inbox.plan.forms)
    assert finding_sentence(finding, "en", inbox.plan.forms)
    assert reading.tables[form].frame[column].isna().all()


def test_what_is_not_in_a_list_is_told_with_what_the_list_holds(inbox):
    changes = {"requesting_division_code": "กองแผนที่", "procurement_method": "จ้างตรง"}
    inbox.deliver("a.xlsx", procurement=sheet_of(inbox.plan, "procurement", changes))
    told = [f for f in inbox.read().findings if f.code == "unreadable-not-in-list"]
    said = [finding_sentence(f, "th", inbox.plan.forms) for f in told]
    assert any("จากรายการ: สำนักปลัดเทศบาล, " in text for text in said)
    assert any("คัดเลือก, เฉพาะเจาะจง" in text for text in said)
    near = [f.params["suggestion_th"] for f in told if "suggestion_th" in f.params]
    assert near
    assert all(any(f"ใกล้เคียงที่สุดคือ “{each}”" in text for text in said) for each in near)


def test_a_repair_is_told_as_it_was_typed_and_as_a_person_reads_it(inbox):
    changes = {"budget_satang": "๑๒,๕๐๐.-", "contract_date": "5 ต.ค. 65", "egp_project_no": "-"}
    changes |= {"requesting_division_code": "สำนักปลัด"}
    inbox.deliver("a.xlsx", procurement=sheet_of(inbox.plan, "procurement", changes))
    told = {r.column: (r.typed, r.read) for r in inbox.read().repairs if r.column in changes}
    assert told == {
        "budget_satang": ("๑๒,๕๐๐.-", "12,500.00 บาท"),
        "contract_date": ("5 ต.ค. 65", "5 ต.ค. 2565"),
        "egp_project_no": ("-", "ว่าง"),
        "requesting_division_code": ("สำนักปลัด", "สำนักปลัดเทศบาล"),
    }


def test_a_cell_that_shows_a_percentage_is_not_taken_for_an_amount(inbox):
    rows = sheet_of(inbox.plan, "procurement", {"budget_satang": 0.5})
    book = inbox.deliver("a.xlsx", procurement=rows)
    book["จัดซื้อจัดจ้าง"]["D2"].number_format = "0%"
    book.save(inbox.plan.folder / "received" / "a.xlsx")
    assert ("unreadable-a-rate", "D2") in codes(inbox.read())


def test_a_month_without_a_year_takes_it_from_the_fiscal_year(inbox):
    rows = sheet_of(inbox.plan, "procurement", {"report_month": "ตุลาคม"})
    inbox.deliver("a.xlsx", procurement=rows)
    assert inbox.read().tables["procurement"].frame["report_month"].tolist() == [
        datetime(2022, 10, 1)
    ]


def test_errors_and_uncalculated_formulas_are_told_apart(inbox):
    rows = sheet_of(
        inbox.plan, "procurement", {"budget_satang": "#REF!"}, {"budget_satang": "=1+1"}
    )
    book = inbox.deliver("a.xlsx", procurement=rows)
    sheet = book["จัดซื้อจัดจ้าง"]
    sheet["D2"].data_type = "e"
    book.save(inbox.plan.folder / "received" / "a.xlsx")
    assert codes(inbox.read())[-2:] == [("error-cell", "D2"), ("uncalculated-formula", "D3")]


def test_a_heading_that_figures_need_refuses_its_form_only(inbox):
    rows = sheet_of(inbox.plan, "procurement", {}, without=("budget_satang",))
    gifts = sheet_of(inbox.plan, "gift_report", {})
    inbox.deliver("a.xlsx", procurement=rows, gift_report=gifts)
    reading = inbox.read()
    assert "missing-heading" in [f.code for f in reading.findings]
    assert len(reading.tables["procurement"].frame) == 0
    assert len(reading.tables["gift_report"].frame) == 1
    states = {r.form: r.state for r in reading.form_outcomes}
    assert states["procurement"] is FormState.REFUSED
    assert reading.submissions[0].outcome is Outcome.ACCEPTED


def test_a_heading_in_doubt_is_asked_about_and_its_rows_wait(inbox):
    rows = sheet_of(inbox.plan, "procurement", {})
    rows[0][rows[0].index("วงเงินที่จะซื้อหรือจ้าง (บาท)")] = "วงเงินตามแผนที่จะซื้อ (บาท)"
    inbox.deliver("a.xlsx", procurement=rows)
    reading = inbox.read()
    (finding,) = [f for f in reading.findings if f.code == "missing-heading"]
    assert finding.params["seen"] == "วงเงินตามแผนที่จะซื้อ (บาท)"
    assert {each.state for each in reading.form_outcomes} == {FormState.COUNTS}
    assert set(merge(reading)["procurement"].frame["fate"]) == {Fate.HELD_BACK}


def test_a_heading_spelt_a_little_otherwise_is_read_and_told(inbox):
    rows = sheet_of(inbox.plan, "procurement", {})
    rows[0][rows[0].index("วงเงินที่จะซื้อหรือจ้าง (บาท)")] = "วงเงินที่จะซื้อหรือจัดจ้าง (บาท)"
    inbox.deliver("a.xlsx", procurement=rows)
    reading = inbox.read()
    assert [f.code for f in reading.findings] == ["heading-read-as"]
    assert set(merge(reading)["procurement"].frame["fate"]) == {Fate.ACCEPTED}


def test_doubled_and_strange_headings_and_no_headings_at_all(inbox):
    doubled = sheet_of(inbox.plan, "gift_report", {})
    doubled[0].append(doubled[0][0])
    strange = sheet_of(inbox.plan, "website_update", {})
    strange[0].append("ข้อสังเกต")
    none = [["อะไรก็ไม่รู้"], ["ข้อมูล"]]
    inbox.deliver("a.xlsx", gift_report=doubled, website_update=strange, procurement=none)
    found = [f.code for f in inbox.read().findings]
    assert {"doubled-heading", "extra-heading", "no-headings"} <= set(found)


def test_columns_may_stand_in_any_order(inbox):
    rows = [list(reversed(row)) for row in sheet_of(inbox.plan, "procurement", {})]
    inbox.deliver("a.xlsx", procurement=rows)
    assert len(inbox.read().tables["procurement"].frame) == 1


def test_a_later_month_replaces_that_month_only(inbox):
    both = sheet_of(inbox.plan, "procurement", {}, {"report_month": "พฤศจิกายน 2565", "seq_no": "2"})
    again = sheet_of(inbox.plan, "procurement", {"seq_no": "9"})
    inbox.deliver("first.xlsx", at="2023-09-01T10:00", procurement=both)
    inbox.deliver("second.xlsx", at="2023-09-02T10:00", procurement=again)
    reading = inbox.read()
    assert sorted(reading.tables["procurement"].frame["seq_no"]) == ["2", "9"]
    replaced = [r for r in reading.form_outcomes if r.state is FormState.SUPERSEDED]
    assert [(r.submission, r.month, r.by) for r in replaced] == [
        ("first.xlsx", date(2022, 10, 1), "second.xlsx")
    ]


def test_a_whole_file_replaced_is_superseded_and_its_faults_are_not_told(inbox):
    wrong = sheet_of(inbox.plan, "gift_report", {"occurrence_count": "หลาย"})
    right = sheet_of(inbox.plan, "gift_report", {})
    inbox.deliver("first.xlsx", at="2023-09-01T10:00", gift_report=wrong)
    inbox.deliver("second.xlsx", at="2023-09-02T10:00", gift_report=right)
    reading = inbox.read()
    outcomes = {s.name: s.outcome for s in reading.submissions}
    assert outcomes == {"first.xlsx": Outcome.SUPERSEDED, "second.xlsx": Outcome.ACCEPTED}
    assert [f for f in reading.findings if f.code.startswith("unreadable")] == []


def test_a_tick_says_none_and_contradicts_rows(inbox):
    cover = [
        ["จัดซื้อจัดจ้าง", "ตุลาคม 2565", "✓"],
        ["จัดซื้อจัดจ้าง", "พฤศจิกายน 2565", "✓"],
    ]
    rows = sheet_of(inbox.plan, "procurement", {})
    inbox.deliver("a.xlsx", cover=cover, procurement=rows)
    reading = inbox.read()
    states = {r.month: r.state for r in reading.form_outcomes if r.form == "procurement"}
    assert states == {
        date(2022, 10, 1): FormState.COUNTS,
        date(2022, 11, 1): FormState.NIL,
    }
    (clash,) = [f for f in reading.findings if f.code == "nil-with-rows"]
    assert (clash.cell.sheet, clash.cell.address, clash.value) == ("ปก", "C3", "✓")


def test_hidden_rows_with_content_are_read_and_listed(inbox):
    book = inbox.deliver("a.xlsx", gift_report=sheet_of(inbox.plan, "gift_report", {}, {}))
    book["No Gift Policy"].row_dimensions[3].hidden = True
    book.save(inbox.plan.folder / "received" / "a.xlsx")
    reading = inbox.read()
    assert len(reading.tables["gift_report"].frame) == 2
    assert [(h.what, h.where) for h in reading.hidden] == [("row", "3")]


def test_two_differing_files_without_times_wait_for_the_analyst(inbox):
    for name, item in (("a.xlsx", "ก"), ("b.xlsx", "ข")):
        inbox.deliver(name, procurement=sheet_of(inbox.plan, "procurement", {"work_item": item}))
    reading = inbox.read()
    assert reading.tables["procurement"].frame.empty
    assert [s.outcome for s in reading.submissions] == [Outcome.QUARANTINED] * 2
    (finding,) = [f for f in reading.findings if f.code == "times-unknown"]
    assert sorted(finding.params["files"].split(", ")) == ["a.xlsx", "b.xlsx"]
    assert finding.params["forms"] == "จัดซื้อจัดจ้าง"
    assert (finding.to, finding.division) == ("analyst", "02")


def test_two_files_without_times_that_say_the_same_are_one(inbox):
    for name in ("a.xlsx", "b.xlsx"):
        inbox.deliver(name, procurement=sheet_of(inbox.plan, "procurement", {}))
    reading = inbox.read()
    assert sorted(r.state for r in reading.form_outcomes) == [
        FormState.COUNTS,
        FormState.SUPERSEDED,
    ]


def test_a_file_with_a_time_decides_between_two_without(inbox):
    for name, item, at in (("a.xlsx", "ก", ""), ("b.xlsx", "ข", ""), ("c.xlsx", "ค", "2023-10-01")):
        rows = sheet_of(inbox.plan, "procurement", {"work_item": item})
        inbox.deliver(name, at=at, procurement=rows)
    reading = inbox.read()
    assert reading.tables["procurement"].frame["work_item"].tolist() == ["ค"]
    assert [f.code for f in reading.findings if f.code == "times-unknown"] == []
