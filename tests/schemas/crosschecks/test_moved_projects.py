"""Projects that were reported before, in copies of the example's mails (XMV-07 to XMV-12)."""

import pytest

from pipeline.messages import finding_sentence, open_sentence

pytestmark = pytest.mark.office  # whole rounds

REGISTER, DONE = "ทะเบียนโครงการ", "ดำเนินการแล้วเสร็จ"


def moved(settled):
    return [f for f in settled.findings if f.code.startswith("XMV")]


def open_moved(settled):
    return [each for each in settled.open_items if each.kind == "moved-figure"]


def said(finding, settled):
    return finding_sentence(finding, "th", settled.plan.forms)


def of_register(book, number):
    """The row of a project in a division's register."""
    return next(row for row in book[REGISTER].iter_rows(min_row=5) if str(row[0].value) == number)


def done_in_both(settled):
    """The projects that the clerk's office alone reports, and that were done in both rounds."""
    frames = [each.tables["project_register"].frame for each in (settled.earlier, settled)]
    done = [set(f.loc[f["project_status"] == DONE, "project_no"]) for f in frames]
    numbers = frames[1]["project_no"]
    return sorted(done[0] & done[1] & set(numbers[~numbers.duplicated(keep=False)]))


def type_in(book, number, heading, value):
    """Type into a column of a project's row."""
    head = next(c for row in book[REGISTER].iter_rows() for c in row if c.value == heading)
    row = of_register(book, number)
    row[head.column - 1].value = value


def test_a_project_under_another_code_is_gone_with_its_budget_and_told_once(two_rounds, settled_12):
    number = done_in_both(settled_12)[0]

    def budget(book):
        type_in(book, number, "งบประมาณตามแผน (บาท)", 50_000)
        type_in(book, number, "ใช้งบประมาณ", "ใช้")

    def rename(book):
        budget(book)
        of_register(book, number)[0].value = "ก-99"

    two_rounds.change("01.eml", budget, of="2566-06")
    two_rounds.change("01.eml", rename)
    settled = two_rounds.settle()
    (found,) = moved(settled)
    assert (found.code, found.params["project_no"]) == ("XMV-08", number)
    told = said(found, settled)
    assert "งบประมาณ 50,000.00 บาท" in told
    assert "ชื่อเดียวกันอยู่ที่รหัส ก-99" in told
    (item,) = open_moved(settled)
    assert "50,000.00 บาท" in open_sentence(item, settled.plan, "th")
    assert found.params["place"] in open_sentence(item, settled.plan, "th")


def test_what_is_of_a_project_is_told_each_by_its_rule(two_rounds, settled_12):
    """One goes back, one is blank now, one has another title, one is new and in no plan."""
    back, blank, named, new = done_in_both(settled_12)[:4]

    def edit(book):
        type_in(book, back, "สถานะ", "อยู่ระหว่างดำเนินการ")
        type_in(book, blank, "สถานะ", None)
        type_in(book, named, "ชื่อโครงการ/กิจกรรม", "ก่อสร้างถนน (ตัวอย่าง)")
        row = [cell.value for cell in of_register(book, new)]
        book[REGISTER].append(["99", "โครงการที่เพิ่มภายหลัง (ตัวอย่าง)", *row[2:]])

    two_rounds.change("01.eml", edit)
    settled = two_rounds.settle()
    found = {(f.code, f.params["project_no"]): f for f in moved(settled)}
    assert found.keys() == {
        ("XMV-07", back),
        ("XMV-07", blank),
        ("XMV-09", named),
        ("XMV-12", "99"),
    }
    assert "ตอนนี้ “ว่าง”" in said(found["XMV-07", blank], settled)
    assert found["XMV-09", named].params["new"] == "ก่อสร้างถนน (ตัวอย่าง)"
    assert "รายงานรอบ 6 เดือน" in said(found["XMV-12", "99"], settled)
    assert {f.to for f in found.values()} == {"division"}
    assert [each.params["project_no"] for each in open_moved(settled)] == [back, blank]
