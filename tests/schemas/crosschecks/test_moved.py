"""What was accepted before and is said otherwise now, in copies of the example's mails."""

import pytest

from pipeline.messages import finding_sentence, open_sentence
from schemas import forms
from tests.support.corrections import explanation

pytestmark = pytest.mark.office  # whole rounds

BOUGHT, HEARD = "จัดซื้อจัดจ้าง", "เรื่องร้องเรียน"


def moved(settled):
    return [f for f in settled.findings if f.code.startswith("XMV")]


def rows(sheet, text):
    return [row for row in sheet.iter_rows() if any(str(cell.value) == text for cell in row)]


def contract(sheet, number):
    [row] = rows(sheet, number)
    return row


def blank(row):
    for cell in row:
        cell.value = None


def open_moved(settled):
    return [each for each in settled.open_items if each.kind == "moved-figure"]


def said(finding):
    return finding_sentence(finding, "th", forms())


def test_the_example_says_of_nothing_that_it_moved(two_rounds):
    assert moved(two_rounds.settle()) == []


def test_an_accepted_purchase_that_is_deleted_is_named_with_its_baht(two_rounds):
    two_rounds.change("02.eml", lambda book: blank(contract(book[BOUGHT], "ตย.002/2565")))
    settled = two_rounds.settle()
    (found,) = moved(settled)
    assert (found.code, found.division, found.to) == ("XMV-01", "02", "division")
    assert "78,200.00 บาท" in said(found)
    assert "ตุลาคม 2565" in said(found)
    assert "รายงานรอบ 6 เดือน ปีงบประมาณ 2566" in said(found)
    (item,) = open_moved(settled)
    told = open_sentence(item, settled.plan, "th")
    assert "XMV-01" in told
    assert "78,200.00 บาท" in told
    assert f"{found.params['place']}" in told


def test_a_doubled_contract_is_told_once_with_its_baht_and_counts_once(two_rounds, settled_12):
    def edit(book):
        sheet = book[BOUGHT]
        sheet.append([cell.value for cell in contract(sheet, "ตย.002/2565")])

    two_rounds.change("02.eml", edit)
    settled = two_rounds.settle()
    (found,) = [f for f in settled.findings if f.code.startswith(("XDB", "XMV"))]
    assert (found.code, found.severity.name, found.to) == ("XDB-01", "WARNING", "division")
    assert "78,200.00 บาท" in said(found)
    values = {key: figure.value for key, figure in settled.figures.items() if "rows." not in key}
    assert values == {key: settled_12.figures[key].value for key in values}
    assert len(settled.open_items) == len(settled_12.open_items)


def test_a_contract_doubled_under_another_number_is_a_new_purchase_of_an_accepted_month(two_rounds):
    def edit(book):
        sheet = book[BOUGHT]
        values = [cell.value for cell in contract(sheet, "ตย.002/2565")]
        sheet.append(["ตย.902/2565" if value == "ตย.002/2565" else value for value in values])

    two_rounds.change("02.eml", edit)
    settled = two_rounds.settle()
    (found,) = moved(settled)
    assert (found.code, found.to) == ("XMV-13", "division")
    assert "78,200.00 บาท" in said(found)
    assert "RF15" in {f.code for f in settled.findings}
    (item,) = open_moved(settled)
    assert "+78,200.00 บาท" in open_sentence(item, settled.plan, "th")


def test_a_purchase_that_two_alike_now_could_be_is_in_doubt_and_not_gone(two_rounds):
    def edit(book):
        sheet = book[BOUGHT]
        row = contract(sheet, "ตย.002/2565")
        number = next(cell.column for cell in row if cell.value == "ตย.002/2565")
        sheet.append([cell.value for cell in row])
        for place, written in ((row[0].row, "ตย.902/2565"), (sheet.max_row, "ตย.903/2565")):
            sheet.cell(place, number).value = written

    two_rounds.change("02.eml", edit)
    (found,) = moved(two_rounds.settle())
    assert found.code == "XMV-02"
    assert "78,200.00 บาท" in said(found)
    assert "มีหลายรายการที่คล้ายกัน" in said(found)


def test_what_is_explained_is_open_no_longer(two_rounds):
    two_rounds.change("02.eml", lambda book: blank(contract(book[BOUGHT], "ตย.002/2565")))
    file = next(f.file for f in moved(two_rounds.settle()))
    assert open_moved(two_rounds.settle(explanation("XMV-01", file=file))) == []


def test_an_accepted_purchase_at_ten_times_its_price_is_named_with_the_difference(two_rounds):
    def edit(book):
        row = contract(book[BOUGHT], "ตย.003/2565")
        cell = next(c for c in row if "22,700.00" in str(c.value) and "ห้างหุ้น" in str(c.value))
        for each in row:
            if isinstance(each.value, str) and "22,700.00" in each.value:
                each.value = each.value.replace("22,700.00", "227,000.00")
        assert "227,000.00" in cell.value

    two_rounds.change("02.eml", edit)
    settled = two_rounds.settle()
    (found,) = [f for f in moved(settled) if f.code == "XMV-03"]
    assert found.cell is not None
    for amount in ("22,700.00", "227,000.00", "204,300.00"):
        assert amount in said(found)
    assert [each.params["code"] for each in open_moved(settled)] == ["XMV-03"]


def test_a_newer_may_with_one_of_four_purchases_names_the_three_that_are_gone(two_rounds):
    def edit(book):
        sheet = book[BOUGHT]
        kept = contract(sheet, "ตย.023/2566")[0].row
        for row in sheet.iter_rows(min_row=5):
            if row[0].row != kept and any(cell.value is not None for cell in row[1:]):
                blank(row)
        for name in book.sheetnames:
            if name not in (BOUGHT, "ปก", "รายการตัวเลือก", "รหัสแบบฟอร์ม"):
                del book[name]

    later = "from a by b; Thu, 05 Oct 2023 09:00:00 +0700"
    two_rounds.change("02.eml", edit, to="02b.eml", at=later)
    settled = two_rounds.settle()
    gone = [f for f in moved(settled) if f.code == "XMV-01"]
    assert len(gone) == 3
    told = " ".join(map(said, gone))
    for amount in ("621,250.00", "619,750.00", "42,200.00"):
        assert amount in told
    assert len([i for i in open_moved(settled) if i.params["code"] == "XMV-01"]) == 3


def test_a_count_of_complaints_that_was_reported_is_not_changed_in_silence(two_rounds):
    def edit(book):
        sheet = book[HEARD]
        heads = {str(cell.value).split(" ")[0]: cell.column for row in sheet.iter_rows(max_row=5)
                 for cell in row if cell.value}  # fmt: skip
        column = heads["รับใหม่"]
        row = next(r for r in range(5, 12) if isinstance(sheet.cell(r, column).value, int))
        sheet.cell(row, column).value += 5

    two_rounds.change("90.eml", edit)
    settled = two_rounds.settle()
    found = [f for f in moved(settled) if f.code == "XMV-06"]
    assert found
    assert {f.column for f in found} >= {"received_count"}
    assert {"XMV-06"} <= {each.params["code"] for each in open_moved(settled)}


def test_a_purchase_told_of_another_month_is_known_again(two_rounds):
    def edit(book):
        row = contract(book[BOUGHT], "ตย.002/2565")
        (month,) = [c for c in row if str(c.value) == "ตุลาคม 2565"]
        month.value = "พฤศจิกายน 2565"

    two_rounds.change("02.eml", edit)
    (found,) = [f for f in moved(two_rounds.settle()) if f.code == "XMV-04"]
    assert "ตุลาคม 2565" in said(found)
    assert "พฤศจิกายน 2565" in said(found)


def test_a_purchase_of_another_method_is_known_again_by_its_contract(two_rounds):
    def edit(book):
        (method,) = [c for c in contract(book[BOUGHT], "ตย.002/2565") if c.value == "เฉพาะเจาะจง"]
        method.value = "คัดเลือก"

    two_rounds.change("02.eml", edit)
    assert "คัดเลือก" in said(next(f for f in moved(two_rounds.settle()) if f.code == "XMV-05"))
