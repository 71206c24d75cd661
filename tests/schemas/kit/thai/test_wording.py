"""Words between the rows: the month or quarter of a title, totals, notes, masked numbers."""

import pytest

from schemas.kit.thai.wording import (
    is_masked,
    is_note,
    is_numbering,
    is_total_label,
    number_and_date,
    stated_month,
    stated_quarter,
)


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
