"""Forms of the authorities in other words, orders and titles: known by name, or left unknown."""

import io

import openpyxl
import pytest

from pipeline.intake.recognition import official_of
from pipeline.workbook.reader import read_cells

CONTROL = [
    "ภารกิจ/วัตถุประสงค์", "ความเสี่ยง", "การควบคุมภายในที่มีอยู่", "การประเมินผลการควบคุมภายใน", "ความเสี่ยงที่ยังมีอยู่",
    "การปรับปรุงการควบคุมภายใน", "หน่วยงานที่รับผิดชอบ",
]  # fmt: skip


def known(plan, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    found = official_of(read_cells(buffer.getvalue()), plan)
    return (found[0].name, found[1].th) if found else None


@pytest.mark.parametrize(
    ("rows", "form", "name"),
    [
        ([["แบบ ปค.๕"], ["สำนักปลัด"]], "internal_control", "แบบ ปค.5"),
        ([["เทศบาลตัวอย่าง"], CONTROL], "internal_control", "แบบ ปค.5"),
        ([["เทศบาลตัวอย่าง"], CONTROL[::-1]], "internal_control", "แบบ ปค.5"),
        ([["แบบ ปค. 4"], ["องค์ประกอบของการควบคุมภายใน", "ผลการประเมิน/ข้อสรุป"]], "internal_control", "แบบ ปค.4"),
        ([["สถิติเรื่องร้องเรียน ประจำปีงบประมาณ 2566"]], "complaint_statistics", "ตารางสถิติ"),
        ([["ข้อมูล"], ["เดือน", "ช่องทาง", "จำนวนเรื่อง", "แล้วเสร็จ"]], "complaint_statistics", "ตารางสถิติ"),
        ([["x"], ["ลำดับ", "มิติ", "ชื่อโครงการ", "งบประมาณ", "ผลการดำเนินงาน", "ผู้รับผิดชอบ"]], "project_register", "ตารางติดตาม"),
        ([["แบบรายงานการรับของขวัญและของกำนัล"]], "gift_report", "แบบรายงานการรับของขวัญ"),
    ],
)  # fmt: skip
def test_it_is_known_by_its_title_or_by_most_of_its_headings(plan_12, rows, form, name):
    found = known(plan_12, *rows)
    assert found is not None
    assert found[0] == form
    assert found[1].startswith(name)


@pytest.mark.parametrize(
    "rows",
    [
        [["รายชื่อโทรศัพท์"], ["ลำดับ", "ชื่อ", "โทรศัพท์"]],
        [["หมายเหตุ"]],
        [["เดือน", "ยอดขาย", "กำไร", "ภาษี"]],
        [],
    ],
)
def test_what_is_none_of_them_stays_unknown(plan_12, rows):
    assert known(plan_12, *rows) is None
