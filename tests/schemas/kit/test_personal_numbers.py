"""Numbers of persons in free text: what is found, what is left alone, and how it is masked.

The numbers are made up: no province is called 99, and nobody has a telephone of noughts.
"""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.kit.personal_numbers import Personal, is_citizen_number, masked, personal_numbers
from schemas.kit.thai.thai_text import thai_digits

CITIZEN, ACCOUNT, PHONE = Personal.CITIZEN_NUMBER, Personal.BANK_ACCOUNT, Personal.PHONE
TESTS = Path(__file__).resolve().parents[2]
PERSON = "1990000000019"

FOUND = [
    (PERSON, "199xxxxxxxxxx", CITIZEN),
    ("(1-9900-00000-01-9)", "(1-99xx-xxxxx-xx-x)", CITIZEN),
    ("บัตร 1 9900 00000 01 9", "บัตร 1 99xx xxxxx xx x", CITIZEN),
    ("๑-๙๙๐๐-๐๐๐๐๐-๐๑-๙", "๑-๙๙xx-xxxxx-xx-x", CITIZEN),
    ("1–9900–00000–01–9", "1–99xx–xxxxx–xx–x", CITIZEN),
    ("0810000000", "081xxxxxxx", PHONE),
    ("โทร.08-1000-0000", "โทร.08-1xxx-xxxx", PHONE),
    ("๐๘๑-๐๐๐-๐๐๐๐", "๐๘๑-xxx-xxxx", PHONE),
    ("+66 81 000 0000", "+66 8x xxx xxxx", PHONE),
    ("ตามสัญญา นายตัวอย่าง 081-000-0000", "ตามสัญญา นายตัวอย่าง 081-xxx-xxxx", PHONE),
    ("02-000-0000", "02-0xx-xxxx", PHONE),
    ("0 3800 0000-5", "0 38xx xxxx-5", PHONE),
    ("โทรศัพท์เลขที่ 038000000", "โทรศัพท์เลขที่ 038xxxxxx", PHONE),
    ("ธนาคารขยะ ติดต่อ 081-000-0000", "ธนาคารขยะ ติดต่อ 081-xxx-xxxx", PHONE),
    ("เลขที่บัญชี 000-0-00000-0", "เลขที่บัญชี 000-x-xxxxx-x", ACCOUNT),
    ("000-0-00000-0 ธนาคารตัวอย่าง", "000-x-xxxxx-x ธนาคารตัวอย่าง", ACCOUNT),
    ("บัญชีออมทรัพย์ เลขที่ 0000000000", "บัญชีออมทรัพย์ เลขที่ 000xxxxxxx", ACCOUNT),
    ("โอนเข้าธนาคาร 012345678901", "โอนเข้าธนาคาร 012xxxxxxxxx", ACCOUNT),
]
LEFT_ALONE = [
    "1990000000018",  # no check digit
    "0993500000012",  # of a company
    "เลขประจำตัวผู้เสียภาษี 0-9935-00000-01-2",
    "130990115xxxx",
    "เลขที่โครงการ e-GP 65107000001",
    "จ้างทำธนาคารน้ำใต้ดิน โครงการ 65107000001",
    "บัญชีสัญญาเลขที่ 650914000001",
    "000-0-00000-0",
    "ใบสั่งซื้อ 0810000000",
    "ที่ ฉช 52002/0810 ลว. 06.08.2566 09.30 น.",
    "01-10-2565 ถึง 30-09-2566",
    "บัญชีปี 2564-2565-2566 รวม 1,234,567,890.00 บาท",
    "ยอดในบัญชี 1234567890 บาท",
    "ธนาคารขยะ 12 2566 120 400",
    "ครุภัณฑ์ 420-57-0012-123",
    "ฉะเชิงเทรา 24000 โทร 1567",
    "https://city.example/news/0810000000",
    "IMG_0810000000.jpg S__0810000000",
    "SN0810000000 0810000000-1234",
    "038000000",
]


@pytest.mark.parametrize(("text", "shown", "what"), FOUND)
def test_a_number_of_a_person_is_found_and_masked(text, shown, what):
    assert [each.what for each in personal_numbers(text)] == [what]
    assert masked(text) == shown


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_numbers_are_left_alone(text):
    assert personal_numbers(text) == []
    assert masked(text) == text


def test_several_in_one_text_are_each_told():
    text = f"นายตัวอย่าง {PERSON}\n081-000-0000/0820000000, บัญชี 000-0-00000-0"
    assert [each.what for each in personal_numbers(text)] == [CITIZEN, PHONE, PHONE, ACCOUNT]
    assert masked(text) == ("นายตัวอย่าง 199xxxxxxxxxx\n081-xxx-xxxx/082xxxxxxx, บัญชี 000-x-xxxxx-x")


def test_who_pays_taxes_as_a_person_is_known_by_the_first_digit():
    assert is_citizen_number(PERSON)
    assert not is_citizen_number("0993500000012")
    assert not is_citizen_number("1990000000018")


@given(
    before=st.text("กบ โทรบัญชี,/()", max_size=8),
    number=st.sampled_from([text for text, _, _ in FOUND]),
    after=st.text("กบ ,()", max_size=8),
    thai=st.booleans(),
)
def test_what_is_masked_holds_no_number_and_is_as_long(before, number, after, thai):
    text = before + (thai_digits(number) if thai else number) + after
    shown = masked(text)
    assert len(shown) == len(text)
    assert masked(shown) == shown
    assert personal_numbers(shown) == []


def test_what_offices_really_publish_raises_no_alarm():
    """Rows of real procurement, the seed's own words, and every text of the example rounds."""
    tables = [
        TESTS / "schemas" / "kit" / "procurement_rows_seen.csv",
        *sorted((TESTS / "example").glob("*.csv")),
    ]
    words = [*sorted((TESTS / "example").glob("*.t*"))]
    rows = (row for file in tables for row in csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    cells += [line for file in words for line in file.read_text("utf-8").splitlines()]
    assert len(cells) > 1500
    assert [cell for cell in cells if personal_numbers(cell)] == []
