"""Official forms of the other measures: read where every value has its place, else answered."""

from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from pipeline.commands.check import check_files
from pipeline.model import ObligationState
from pipeline.plan import load_plan
from pipeline.run import assess, template_for
from schemas import forms

pytestmark = pytest.mark.office  # whole rounds

CASES = Path(__file__).parents[1] / "cases" / "layouts"
GENERAL, CORRUPTION = "ร้องเรียน–ร้องทุกข์ทั่วไป", "ทุจริตและประพฤติมิชอบ"
MARKED = ("ที่", "โครงการ/กิจกรรม", "แล้วเสร็จ", "อยู่ระหว่างดำเนินการ", "ผู้รับผิดชอบ")


@pytest.fixture
def settle(root, tmp_path):
    """The round 2566-12 into which one workbook came from a division; a path, or its lines."""
    folder = tmp_path / "inputs" / "2566-12"
    (folder / "received").mkdir(parents=True)
    (folder / "round.toml").write_bytes((root / "inputs/2566-12/round.toml").read_bytes())
    plan = load_plan(folder, forms(), None)

    def settled(division, what):
        if not isinstance(what, Path):
            book = openpyxl.Workbook()
            for line in what:
                book.active.append(line)
            what = (tmp_path / "made.xlsx", book.save(tmp_path / "made.xlsx"))[0]
        mail = EmailMessage()
        mail["Received"] = "from a by b; Wed, 04 Oct 2023 10:00:00 +0700"
        mail["From"] = plan.division(division).senders[0]
        mail.set_content("ส่งรายงาน")
        mail.add_attachment(what.read_bytes(), "application", "xlsx", filename=what.name)
        (folder / "received" / "a.eml").write_bytes(bytes(mail))
        return assess(plan)

    return settled


def states(settled, form):
    return {s.state for s in settled.obligation_statuses if s.obligation.form == form}


def said(settled):
    return [(f.params["layout_en"], f.cell) for f in settled.findings if f.code == "official-form"]


def in_template(settled, tmp_path, sheet):
    """The rows of the workbook that goes back, by their values."""
    (tmp_path / "back.xlsx").write_bytes(template_for(settled, settled.submissions[0]))
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    return list(book[sheet].iter_rows(values_only=True))


def test_pk5_as_printed_is_read(settle):
    table = settle("02", CASES / "pk5.xlsx").tables["internal_control"]
    assert list(table.frame["is_control_adequate"]) == ["ยังไม่เพียงพอ", "เพียงพอ"]
    assert list(table.frame["responsible_unit"]) == ["02", "02"]
    assert [str(day)[:10] for day in table.frame["due_date"]] == ["2024-09-30"] * 2
    assert table.cell(table.frame.index[1], "due_date").address == "G8"
    assert set(table.frame["fate"]) == {"accepted"}


def test_an_assessment_that_does_not_say_whether_it_is_enough_is_asked_about(settle):
    lines = [
        ("แบบ ปค.5",),
        (
            *("ภารกิจ/วัตถุประสงค์", "ความเสี่ยง", "การควบคุมภายในที่มีอยู่", "การประเมินผลการควบคุมภายใน"),
            *("ความเสี่ยงที่ยังมีอยู่", "การปรับปรุงการควบคุมภายใน", "หน่วยงานที่รับผิดชอบ", "กำหนดเสร็จ"),
        ),
        ("งานพัสดุ", "สูญหาย", "ตรวจนับ", "ได้ผล", "-", "-", "กองคลัง", "30 ก.ย. 67"),
    ]
    settled = settle("02", lines)
    asked = [(f.cell.address, f.column) for f in settled.findings if f.code == "required"]
    assert asked == [("D3", "is_control_adequate")]
    assert set(settled.tables["internal_control"].frame["fate"]) == {"held_back"}


def test_pk4_is_told_from_pk5(settle):
    lines = [
        ("แบบ ปค.4",),
        ("องค์ประกอบของการควบคุมภายใน", "ผลการประเมิน/ข้อสรุป"),
        ("1. สภาพแวดล้อม", "ดี"),
    ]
    assert said(settle("02", lines)) == [("the form ปค.4 (not ปค.5)", None)]


@pytest.mark.parametrize("words", ["ไม่มีการรับของขวัญ", "-ไม่มี-", "ไม่มีการรับของขวัญหรือของกำนัล"])
def test_a_gift_report_that_says_there_was_none_is_a_nil_return(settle, words):
    heads = ("ที่", "วันที่รับ", "รายการของขวัญ", "ผู้ให้", "การดำเนินการ")
    settled = settle("02", [("รายงานการรับของขวัญ",), heads, ("-", None, words, "-", "-")])
    assert ObligationState.CONFIRMED_ZERO in states(settled, "gift_report")
    settled = settle("02", CASES / "gift2.xlsx")
    assert ObligationState.CONFIRMED_ZERO in states(settled, "gift_report")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("แบบ ปค.5", "ตามสิ่งที่ส่งมาด้วย"), "known-form"),
        (("รายงานการรับของขวัญ", "ไม่มีการรับของขวัญ"), "known-form-nil"),
    ],
)
def test_a_form_of_the_authorities_without_its_table_is_answered_by_its_name(settle, words, code):
    settled = settle("02", [(each,) for each in words])
    (found,) = [f for f in settled.findings if f.code.startswith("known-form")]
    assert (found.code, found.division, found.to) == (code, "02", "division")


def test_a_gift_without_its_value_is_held_back(settle):
    heads = ("ที่", "รายการของขวัญ", "จำนวนครั้ง", "รับจาก", "การดำเนินการ")
    settled = settle("02", [("รายงาน",), heads, (1, "กระเช้า", 1, "ภาคเอกชน", "ส่งคืนผู้ให้")])
    assert [f.column for f in settled.findings if f.code == "required"] == [
        "estimated_value_satang"
    ]
    assert set(settled.tables["gift_report"].frame["fate"]) == {"held_back"}


@pytest.mark.parametrize(
    ("case", "kind", "received"),
    [("c1", CORRUPTION, [0, 0, 1, 0, 0, 0]), ("c4", GENERAL, [2] * 6)],
)
def test_a_complaints_table_goes_back_as_rows_of_our_template(
    settle, tmp_path, case, kind, received
):
    settled = settle("90", CASES / f"{case}.xlsx")
    assert len(said(settled)) == 1
    rows = [r for r in in_template(settled, tmp_path, "เรื่องร้องเรียน") if r[1] == kind]
    assert [row[3] for row in rows[:6]] == received


def test_complaints_by_channel_are_their_sum(settle, tmp_path):
    heads = ("เดือน", "เว็บไซต์", "โทรศัพท์", "ด้วยตนเอง", "รวม")
    lines = [("สถิติเรื่องร้องเรียนการทุจริต",), heads, ("ต.ค. 65", 1, 1, 0, 2), ("รวม", 1, 1, 0, 2)]
    settled = settle("90", lines)
    assert said(settled) == [("the table of complaints by month and channel", None)]
    rows = [r for r in in_template(settled, tmp_path, "เรื่องร้องเรียน") if r[1] == CORRUPTION]
    assert [row[3] for row in rows[:2]] == [2, None]


def test_the_follow_up_of_the_plan_goes_back_with_what_its_marks_say(settle, tmp_path):
    settled = settle("01", CASES / "plan1.xlsx")
    rows = in_template(settled, tmp_path, "ทะเบียนโครงการ")
    done = {row[1]: {*row} for row in rows if row[1]}
    assert "ดำเนินการแล้วเสร็จ" in done["โครงการส่งเสริมคุณธรรม จริยธรรม"]
    assert "อยู่ระหว่างดำเนินการ" in done["กิจกรรมเปิดเผยข้อมูล"]
    assert 20000 in done["โครงการส่งเสริมคุณธรรม จริยธรรม"]
    assert ObligationState.REFUSED not in states(settled, "procurement")


@pytest.mark.parametrize("mark", ["✓", "√", "✔", "x", "1", "/"])
def test_two_marks_in_a_row_say_nothing(settle, tmp_path, mark):
    lines = [
        ("แบบติดตามผล",),
        MARKED,
        (1, "โครงการ ก", None, mark, "กองคลัง"),
        (2, "โครงการ ข", mark, mark, "กองคลัง"),
        ("รวม", None, 1, 2, None),
    ]
    rows = in_template(settle("01", lines), tmp_path, "ทะเบียนโครงการ")
    found = {row[1]: {*row} for row in rows if row[1]}
    assert "อยู่ระหว่างดำเนินการ" in found["โครงการ ก"]
    assert not {"อยู่ระหว่างดำเนินการ", "ดำเนินการแล้วเสร็จ"} & found["โครงการ ข"]


@pytest.mark.parametrize("division", ["", "02"])
def test_check_judges_an_official_form_whoever_is_named(root, division):
    checked = check_files([CASES / "pk5.xlsx"], root / "inputs", "2566-12", forms(), division)
    assert [str(each.outcome) for each in checked.submissions] == ["accepted"]
    assert any("--division" in line for line in checked.lines("th")) == (not division)
