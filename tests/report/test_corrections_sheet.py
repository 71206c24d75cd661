"""The report of a round in which everything was changed that can be."""

import shutil

import openpyxl
import pytest

from pipeline.digests import properties
from pipeline.plan import load_plan
from pipeline.record import run_json
from pipeline.report import report
from pipeline.run import assess
from tests.support import office
from tests.support.corrections import (
    DONE,
    REGISTER,
    SOON,
    WELFARE,
    at,
    correction,
    exclusion,
    explanation,
    waiver,
)


@pytest.fixture(scope="module")
def all_kinds(root, tmp_path_factory, forms):
    """The example's year, one division silent, with every kind of change and without effect too."""
    inputs = tmp_path_factory.mktemp("kinds") / "inputs"
    for name in ("2566-06", "2566-12"):
        shutil.copytree(root / "inputs" / name, inputs / name)
    (inputs / "2566-12" / "received" / "10.eml").unlink()
    entries = [
        correction(cell=at(3), old="", evidence="อีเมลยืนยัน (ตัวอย่าง)"),
        correction(cell=at(4), old="ยังไม่เริ่ม"),
        exclusion(file="แบบรายงาน กองคลัง.xlsx", sheet="จัดซื้อจัดจ้าง", row=21),
        waiver("10", "gift_report"),
        waiver("10", "service_manual", until="1/10/2566"),
        explanation("XPD-01", key="measures.3.period_text"),
    ]
    (inputs / "2566-12" / "corrections.toml").write_text("\n".join(entries), "utf-8")
    round_toml = inputs / "2566-12" / "round.toml"
    round_toml.write_text(
        round_toml.read_text("utf-8").replace("value = 35", "value = 33", 1), "utf-8"
    )
    made = assess(load_plan(inputs / "2566-12", forms, SOON))
    path = inputs.parent / "report.xlsx"
    report(made, path, properties(made))
    return made, path


def test_everything_that_was_changed_stands_on_its_sheet(all_kinds):
    _, path = all_kinds
    sheet = openpyxl.load_workbook(path)["การปรับแก้ข้อมูล"]
    rows = [[c.value for c in row if c.value is not None] for row in sheet.iter_rows()]
    lines = [" | ".join(map(str, row)) for row in rows if row]
    for said in (
        f"{WELFARE} | {REGISTER} | {at(3)} | สถานะ | (ว่าง) | {DONE} | ตัวอย่าง",
        "ไม่มีผล: ข้อมูลต้นทางแก้ไขแล้ว",
        "จัดซื้อจัดจ้าง | 21 | แถวทดสอบ (ตัวอย่าง) | ปลัด (ตัวอย่าง) | มีผล",
        "ไม่มีผล: หมดอายุ",
        "measures.3.period_text | XPD-01 | ตามรายงานจริง (ตัวอย่าง)",
        "จำนวนโครงการขั้นต่ำ | min_project_count | 35 | 33",
    ):
        assert [line for line in lines if said in line], said
    agreed = next(line for line in lines if "(ว่าง)" in line)
    assert "ตกลงกับ ผู้จัดทำ เมื่อ ๕ ต.ค. ๒๕๖๖ ทางโทรศัพท์" in agreed
    assert "หลักฐาน: อีเมลยืนยัน (ตัวอย่าง)" in agreed


def test_the_cover_counts_them(all_kinds):
    made, path = all_kinds
    sheet = openpyxl.load_workbook(path, data_only=True)["ปก"]
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    (at,) = [n for n, row in enumerate(cells) if "ปรับแก้ด้วยมือ (รายการ)" in row]
    assert [v for v in cells[at + 1] if v is not None] == [0, 0, 2, 1]
    changes = run_json(made, {})["changes"]
    found = {key: [each["effect"] for each in changes[key]] for key in list(changes)[:4]}
    assert found == {
        "corrections": ["in-effect", "source-fixed"],
        "exclusions": ["in-effect"],
        "waivers": ["in-effect", "expired"],
        "explanations": ["in-effect"],
    }


@pytest.mark.office
def test_libreoffice_agrees_with_a_report_that_holds_all_kinds(all_kinds):
    office.require_office()
    _, path = all_kinds
    counted, differing = office.differences(path)
    assert differing == []
    assert counted > 500
    low = {
        place: heights
        for place, heights in office.optimal_heights(path).items()
        if heights[0] < heights[1] - 0.5 and place[0] in ("การปรับแก้ข้อมูล", "กระทบยอด", "ปก")
    }
    assert low == {}


def test_rows_held_back_are_listed_with_what_is_to_be_corrected(messy_soon, tmp_path):
    path = tmp_path / "report.xlsx"
    report(messy_soon, path, properties(messy_soon))
    sheet = openpyxl.load_workbook(path)["การปรับแก้ข้อมูล"]
    shown = {(row[1].value, row[3].value) for row in sheet.iter_rows()}
    held = [f for f in messy_soon.findings if f.severity.name == "ERROR" and f.index is not None]
    assert len(held) > 10
    assert [f for f in held if (f.file, f.cell.address) not in shown] == []
