"""Cells as clerks type them, read by the columns of real forms: value, repairs, problem."""

from datetime import date

import pytest

from schemas import forms
from schemas.kit.kinds import IN_EXAMPLES as CONTEXT
from schemas.kit.kinds import Context, Typed
from schemas.kit.thai.thai_text import ParsedCell

FORMS = {form.name: form for form in forms()}
ARABIC, GROUPED, LOST = "thai_digits", "grouped_digits", "leading_zero"
OTHER, ALIKE, NONE, MARK = "other_name", "look_alike", "dash_means_none", "tick_mark"
DONE = "ดำเนินการแล้วเสร็จ"

READ = [
    # A number of so many digits: what is only written otherwise is put right.
    ("procurement.winner_tin", "text", "0993500000012", "0993500000012", ()),
    ("procurement.winner_tin", "text", "๐-๙๙๓๕-๐๐๐๐๐-๐๑-๒", "0993500000012", (ARABIC, GROUPED)),
    ("procurement.winner_tin", "number", "993500000012", "0993500000012", (LOST,)),
    ("procurement.winner_tin", "text", "993500000012", "993500000012", ()),
    ("procurement.winner_tin", "number", "93500000012", "93500000012", ()),
    ("procurement.winner_tin", "text", "130990115xxxx", "130990115xxxx", ()),
    ("procurement.egp_project_no", "number", "65107000001", "65107000001", ()),
    ("procurement.egp_project_no", "text", "๖๕๑๐๗๐๐๐๐๐๑", "65107000001", (ARABIC,)),
    # Another code stands as it stands in the document.
    ("procurement.contract_no", "text", " ๑/๒๕๖๖ ", "๑/๒๕๖๖", ()),
    ("procurement.contract_no", "text", "วทก\u00a0237/64", "วทก 237/64", ("nbsp",)),
    ("procurement.contract_no", "text", "1E5", "1E5", ()),
    ("procurement.contract_no", "text", "ไม่มี", None, (NONE,)),
    ("procurement.contract_no", "text", "–", None, (NONE,)),
    # One of a list.
    ("project_register.project_status", "text", f" {DONE} ", DONE, ()),
    ("project_register.project_status", "text", "ดํ\u0e32เนินการเเล้วเสร็จ", DONE, (ALIKE,)),
    ("project_register.project_status", "text", f"{DONE}\u200b", DONE, (ALIKE,)),
    ("project_register.project_status", "text", "ดำเนินการแล้ว", DONE, (OTHER,)),
    ("procurement.procurement_method", "text", "โดยวิธีเฉพำะเจาะจง", "เฉพาะเจาะจง", (OTHER,)),
    ("procurement.requesting_division_code", "text", "กองคลัง", "02", ()),
    ("procurement.requesting_division_code", "text", "02", "02", ()),
    ("procurement.requesting_division_code", "text", "สํานักปลัดเทศบาล", "01", (ALIKE,)),
    ("procurement.requesting_division_code", "text", "สำนักปลัด", "01", (OTHER,)),
    ("procurement.requesting_division_code", "number", "2", "02", (LOST,)),
    # A tick.
    ("service_manual.is_current", "text", "✓", "✓", ()),
    ("service_manual.is_current", "text", "√", "✓", (MARK,)),
    ("service_manual.is_current", "boolean", "TRUE", "✓", (MARK,)),
    ("service_manual.is_current", "boolean", "FALSE", None, (NONE,)),
    # Free text that Excel keeps as a day.
    ("measure_progress.result_summary", "date", "2565-10-05", "5 ต.ค. 2565", ("date_as_text", "be_year_in_date")),
    ("measure_progress.result_summary", "text", "โโครงการ  ก\r\nข", "โโครงการ ก\nข", ()),
    ("measure_progress.result_summary", "text", "\u00a0\u200b", None, ()),
    # A count with the unit of its heading.
    ("activity_evidence.participants_actual", "text", "๔๘ คน", 48, (ARABIC, "unit_word")),
    ("procurement.report_month", "date", "2565-10-31", date(2022, 10, 1), ("be_year_in_date",)),
]  # fmt: skip
UNREAD = [
    ("procurement.winner_tin", "text", "1.23E+12", "lost_digits"),
    ("procurement.winner_tin", "number", "1234567890123450", "lost_digits"),
    ("procurement.contract_no", "date", "2566-01-01", "became_a_date"),
    ("procurement.requesting_division_code", "text", "2", "not_in_list"),
    ("procurement.procurement_method", "text", "-", "not_in_list"),
    ("service_manual.is_current", "text", "ไม่มี", "not_a_tick"),
    ("activity_evidence.participants_actual", "text", "48 ครั้ง", "not_a_number"),
    ("service_manual.step_count", "text", "4 ขั้นตอน", "not_a_number"),
    ("procurement.budget_satang", "boolean", "TRUE", "not_a_number"),
    ("procurement.budget_satang", "date", "2022-10-01", "not_a_number"),
    ("procurement.contract_date", "number", "44835", "not_a_date"),
    ("procurement.contract_date", "time", "08:30:00", "not_a_date"),
]


def column(where):
    form, _, name = where.partition(".")
    return FORMS[form].column(name)


@pytest.mark.parametrize("where, sort, raw, value, repairs", READ)
def test_what_is_certain_is_read_and_every_repair_is_told(where, sort, raw, value, repairs):
    assert column(where).read(Typed(sort, raw), CONTEXT) == ParsedCell(value, repairs)


@pytest.mark.parametrize("where, sort, raw, problem", UNREAD)
def test_what_is_not_certain_is_asked_about(where, sort, raw, problem):
    assert column(where).read(Typed(sort, raw), CONTEXT) == ParsedCell(None, problem=problem)


@pytest.mark.parametrize("where", ["procurement.budget_satang", "activity_evidence.measure_no"])
def test_a_cell_that_shows_a_percentage_is_no_amount(where):
    typed = Typed("number", "0.5", percent=True)
    assert column(where).read(typed, CONTEXT).problem == "a_rate"


def test_a_percentage_in_free_text_is_kept_as_excel_shows_it():
    typed = Typed("number", "0.9429", percent=True)
    found = column("measure_progress.result_summary").read(typed, CONTEXT)
    assert found == ParsedCell("94.29%", ("percent_as_text",))


def test_a_text_in_a_cell_of_that_format_is_what_it_says():
    amount, summary = column("procurement.budget_satang"), column("measure_progress.result_summary")
    assert amount.read(Typed("text", "12,500.-", percent=True), CONTEXT).value == 1_250_000
    assert summary.read(Typed("text", "ครบถ้วน", percent=True), CONTEXT) == ParsedCell("ครบถ้วน")


@pytest.mark.parametrize("where", [f"{f.name}.{c.name}" for f in FORMS.values() for c in f.columns])
def test_no_cell_that_can_be_typed_stops_the_reading(where):
    raws = {
        "text": ("", " ", "-", "ก", "1e5", "=1+1", "9" * 400, "(", "ร้อยละ", "%", "1/1/1", "\u0e33"),
        "number": ("0", "-1", "0.1", "1E+300", "1" * 300, "44835"),
        "boolean": ("TRUE", "FALSE"),
        "date": ("1900-01-01", "2565-10-01", "9999-12-31", "2022-10-01T10:00:00"),
        "time": ("08:30:00", "PT36H"),
    }
    for sort, typed in raws.items():
        for raw in typed:
            for percent in (False, True):
                found = column(where).read(Typed(sort, raw, percent), CONTEXT)
                assert found.problem is None or found.value is None


def test_without_a_roster_a_division_is_what_was_typed():
    found = column("procurement.requesting_division_code").read(Typed("text", "ใดๆ"), Context())
    assert found == ParsedCell("ใดๆ")


@pytest.mark.parametrize(
    "where, value, th, en",
    [
        ("procurement.budget_satang", 1_250_050, "12,500.50 บาท", "12,500.50 baht"),
        ("procurement.budget_satang", -50, "-0.50 บาท", "-0.50 baht"),
        ("procurement.contract_date", date(2022, 10, 5), "5 ต.ค. 2565", "2022-10-05"),
        ("procurement.report_month", date(2022, 10, 1), "ตุลาคม 2565", "2022-10"),
        ("procurement.requesting_division_code", "02", "กองคลัง", "กองคลัง"),
        ("activity_evidence.participants_actual", 1200, "1,200", "1,200"),
        ("procurement.contract_no", None, "ว่าง", "blank"),
    ],
)
def test_a_value_is_said_as_a_person_reads_it(where, value, th, en):
    assert column(where).show(value, "th", CONTEXT) == th
    assert column(where).show(value, "en", CONTEXT) == en
