"""Thai text: digits, cleaning, keys of matching, and the codes of what was put right."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.kit.thai.dates import (
    parse_date,
)
from schemas.kit.thai.numbers import (
    parse_count,
)
from schemas.kit.thai.thai_text import (
    ProblemCode,
    RepairCode,
    arabic_digits,
    clean,
    matching_key,
    text_repairs,
    thai_digits,
)
from schemas.kit.thai.wording import RowRepair

NIKHAHIT, AA, AM, MAI_EK, MAI_THO = "\u0e4d", "\u0e32", "\u0e33", "\u0e48", "\u0e49"
MAITAIKHU = "\u0e47"
THAI = st.text(
    st.one_of(
        st.characters(min_codepoint=0x0E00, max_codepoint=0x0E7F),
        st.sampled_from(" .-\n\r\u00a0\u200b\u2028\u2013()09๙aß\u0301\u0345\ufe0f"),
    ),
    max_size=12,
)


# --- digits -------------------------------------------------------------------------------------


def test_digits_go_both_ways_and_touch_nothing_else() -> None:
    assert arabic_digits("ที่ ๐๑๒๓๔๕๖๗๘๙/2565") == "ที่ 0123456789/2565"
    assert thai_digits("1 ตุลาคม 2565") == "๑ ตุลาคม ๒๕๖๕"
    # What int and \d take for digits is more than Thai and Arabic ones.
    assert arabic_digits("٣ ³ ໓") == "٣ ³ ໓"


@given(st.text(max_size=30))
def test_digits_keep_the_length(text: str) -> None:
    assert len(arabic_digits(text)) == len(thai_digits(text)) == len(text)


@pytest.mark.parametrize("digit", ["٣", "໓", "３", "³", "①"])
def test_digits_of_other_scripts_are_no_number(digit: str) -> None:
    assert unicodedata.digit(digit) in {1, 3}
    assert parse_count(digit).problem == "not_a_number"
    assert parse_date(f"{digit}/10/2565").problem == "not_a_date"


# --- clean --------------------------------------------------------------------------------------

CLEANED = [
    # Decomposed ำ, as in headings that were met: ลําดับ, จํานวน.
    (f"ล{NIKHAHIT}{AA}ดับ", f"ล{AM}ดับ"),
    (f"จ{NIKHAHIT}{AA}นวน", f"จ{AM}นวน"),
    (f"น{NIKHAHIT}{MAI_THO}{AA}", f"น{MAI_THO}{AM}"),
    (f"น{MAI_THO}{NIKHAHIT}{AA}", f"น{MAI_THO}{AM}"),
    (f"ก\u200b{NIKHAHIT}\u200b{AA}", f"ก{AM}"),
    (f"น{MAI_THO}{AM}", f"น{MAI_THO}{AM}"),
    # Blanks and what cannot be seen.
    ("หน่วยงาน\u00a0ผู้รับผิดชอบ", "หน่วยงาน ผู้รับผิดชอบ"),
    ("a\u2009\u3000\u202f\tb", "a b"),
    ("\ufeffสำนัก\u200bปลัด\u200c", "สำนักปลัด"),
    ("\u202eabc\u202c", "abc"),
    ("  ก   ข  ", "ก ข"),
    ("a\x00b\x1f", "ab"),
    # Lines stay lines, whatever ended them.
    ("บริษัท ก / 1,234.00 บาท \r\n บริษัท ข", "บริษัท ก / 1,234.00 บาท\nบริษัท ข"),
    ("ก\rข\u2028ค\x0bง", "ก\nข\nค\nง"),
    ("ก\n\nข", "ก\n\nข"),
    # NFC, never NFKC: these say what they said.
    ("e\u0301", "é"),
    ("ﬁ ² ½ ①", "ﬁ ² ½ ①"),
    # What is wrong in the wording is not for us to mend: the seed's ไว้ไว้, a doubled โ.
    ("ที่กำหนดไว้ไว้", "ที่กำหนดไว้ไว้"),
    ("โโครงการ", "โโครงการ"),
]


@pytest.mark.parametrize(("typed", "printed"), CLEANED)
def test_clean_changes_how_it_is_written_and_not_what_it_says(typed: str, printed: str) -> None:
    assert clean(typed) == printed


def test_the_usual_forms_would_tear_or_leave_the_vowel() -> None:
    torn = unicodedata.normalize("NFKC", "ลำดับ")
    assert torn != "ลำดับ"
    assert unicodedata.normalize("NFC", torn) == torn
    assert clean(torn) == clean("ลำดับ") == "ลำดับ"


@given(THAI)
@example(f"{NIKHAHIT}\u200b{AA}")
@example("e\x00\u0301")
@example("\r\u200b\n")
def test_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once == once.strip()
    assert "\r" not in once
    assert "  " not in once


# --- matching_key -------------------------------------------------------------------------------

SAME = [
    ("ป.ค.๑", "ปค.1", "ปค1", "ป.ค. 1", " ปค.๑ "),
    ("สขร.1", "สขร. ๑", "ส.ข.ร.1"),
    (f"ล{NIKHAHIT}{AA}ดับ", f"ล{AM}ดับ", f"ล {AM}ดับ"),
    (f"น{MAI_THO}{AM}", f"น{AM}{MAI_THO}", f"น{NIKHAHIT}{MAI_THO}{AA}"),
    # เเ typed for แ; doubled vowel and dangling marks of the procurement rows 13 and 3.
    ("แผน", "เเผน", "เแผน"),
    ("โครงการปรับปรุง", "โโครงการปรับปรุง"),
    ("HDMI Switcher", f"{MAITAIKHU}{MAITAIKHU}HDMI Switcher", f"hdmi {MAITAIKHU}switcher"),
    ("ที่", f"ท{MAI_EK}\u0e35", f"ที{MAI_EK}{MAI_EK}"),
    ("หน่วยงาน\nผู้รับผิดชอบ", "หน่วยงาน ผู้รับผิดชอบ", "หน่วยงานผู้รับผิดชอบ"),
    ("e-bidding", "e–bidding", "E‑Bidding", "e−bidding"),
    ("ผลลัพธ์\n/ความสำเร็จ", "ผลลัพธ์ /ความสำเร็จ"),
    ("อื่น ๆ", "อื่นๆ"),
    ("✔", "✔\ufe0f"),
    ("ประชุมปรึกษา", "ประชุมปรึกษ\u0e45"),
    ("รายการ", "รำยกำร"),  # as some programs write what was copied out of a PDF
]
APART = [
    ("กก", "ก"),
    ("ปค.1", "ปค.2"),
    ("3.125", "3125"),
    ("ข้อ 1.1", "ข้อ 11"),
    ("มา", "ม่า"),
    ("เก", "แก"),
    ("ก่อสร้าง", "ก่อสร้างก่อสร้าง"),
    ("6 เดือน", "12 เดือน"),
]


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert {matching_key(each) for each in spellings} == {matching_key(spellings[0])}


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert matching_key(one) != matching_key(other)


def test_a_key_of_thousands_of_stray_marks_is_the_key_of_one() -> None:
    assert matching_key("ท" + f"{MAI_EK}\u0e35" * 15_000) == matching_key("ที่")
    assert matching_key("น" + f"{AM}{MAI_THO}" * 15_000) == matching_key("น้ำ")


@given(THAI)
@example("เเเผน")
@example(f"ก{NIKHAHIT}{MAI_EK}{MAI_EK}{AA}")
@example(f"ก{NIKHAHIT}\u0e34{AA}")
@example(f"{NIKHAHIT} {AA}")
@example("1..2")
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    key = matching_key(text)
    assert matching_key(key) == key
    assert key == matching_key(clean(text))
    assert not re.search(r"\s|[๐-๙]", key)


# --- codes --------------------------------------------------------------------------------------


def test_every_problem_has_its_sentence(root: Path) -> None:
    text = (root / "pipeline" / "messages" / "findings.toml").read_text("utf-8")
    said = tomllib.loads(text)["finding"]
    wanted = {f"unreadable-{code.replace('_', '-')}" for code in ProblemCode}
    assert wanted - said.keys() == set()


def test_every_repair_has_its_sentence(root: Path) -> None:
    text = (root / "pipeline" / "messages" / "repairs.toml").read_text("utf-8")
    assert tomllib.loads(text)["repair"].keys() == {*RepairCode, *RowRepair}


def test_free_text_says_what_was_put_right_in_it_and_not_how_it_was_spaced() -> None:
    assert text_repairs(f"ด{NIKHAHIT}{AA}เนินการ") == ("composed_vowel",)
    assert text_repairs("ก\u00a0ข\u200b") == ("nbsp",)
    assert text_repairs("  ก  ข\r\n") == ()


def test_a_code_is_its_word() -> None:
    assert f"{RepairCode.NBSP}" == "nbsp"
    assert {str(code) for code in RepairCode} & {str(code) for code in ProblemCode} == set()
