"""Thai text, numbers and dates: the forms that were really met, the traps, and round trips."""

import re
import tomllib
import unicodedata
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.kit.thai.dates import (
    FULL,
    SHORT,
    ce_year,
    date_from_cell,
    format_date,
    format_month,
    format_time,
    month_number,
    parse_date,
    parse_moment,
    parse_month,
)
from schemas.kit.thai.numbers import (
    baht_text,
    numbers_in,
    parse_count,
    parse_money,
    parse_percent,
)
from schemas.kit.thai.text import (
    ParsedCell,
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
DAYS = st.dates(date(1857, 1, 1), date(2399, 12, 31))
DAYS_OF_TWO_DIGITS = st.dates(date(2007, 1, 1), date(2056, 12, 31))


def codes(reading: ParsedCell) -> set[str]:
    assert reading.problem is None, reading
    return set(reading.repairs)


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


# --- money --------------------------------------------------------------------------------------

THAI_D, COMMAS, BAHT = "thai_digits", "thousands_commas", "currency_word"
WORDS, DASH, NONE = "amount_words_agree", "dash_suffix", "dash_means_none"
MONEY = [
    # The rows that were seen, by row number.
    ("19,800.00", 1_980_000, {COMMAS}),  # 1
    ("250.00", 25_000, set()),  # 3
    ("2,650.00", 265_000, {COMMAS}),  # 5
    ("7,200.00", 720_000, {COMMAS}),  # 7
    ("687,000 บาท (หกแสนแปดหมื่นเจ็ดพันบาทถ้วน)", 68_700_000, {COMMAS, BAHT, WORDS}),  # 9
    ("๑,๑๐๐,๖๖๔.๕๘ บาท", 110_066_458, {THAI_D, COMMAS, BAHT}),  # 11
    (
        "๑,๖๑๙,๐๐๐ บาท (หนึ่งล้านหกแสนหนึ่งหมื่นเก้าพันบาทถ้วน)",
        161_900_000,
        {THAI_D, COMMAS, BAHT, WORDS},
    ),  # 13
    ("12,028,000.00", 1_202_800_000, {COMMAS}),  # 17
    ("442,000 บาท", 44_200_000, {COMMAS, BAHT}),  # 21
    ("446,511.00 บาท", 44_651_100, {COMMAS, BAHT}),  # 21
    # The catalogue of forms, and what stands beside them.
    ("12,500.-", 1_250_000, {COMMAS, DASH}),
    ("12500.–", 1_250_000, {DASH, "look_alike"}),
    ("12,500.- บาท", 1_250_000, {COMMAS, DASH, BAHT}),
    ("฿1,000", 100_000, {COMMAS, BAHT}),
    ("1000 บาทถ้วน", 100_000, {BAHT}),
    ("500บาท", 50_000, {BAHT}),
    ("12,500.00 บ.", 1_250_000, {COMMAS, BAHT}),
    ("1,234", 123_400, {COMMAS}),
    ("๑๒", 1_200, {THAI_D}),
    ("1234.5", 123_450, set()),
    (".5", 50, set()),
    ("0", 0, set()),
    ("(500)", -50_000, {"parentheses_negative"}),
    ("(1,234.50)", -123_450, {COMMAS, "parentheses_negative"}),
    ("-500", -50_000, set()),
    ("−500", -50_000, {"look_alike"}),
    ("5,000\u00a0", 500_000, {COMMAS, "nbsp"}),
    (" 5000 ", 500_000, {"spacing"}),
    # Words in other right spellings: without ถ้วน, หนึ่ง for เอ็ด as BAHTTEXT has it, blanks.
    ("100 บาท (หนึ่งร้อยบาท)", 10_000, {BAHT, WORDS}),
    ("101 บาท (หนึ่งร้อยหนึ่งบาทถ้วน)", 10_100, {BAHT, WORDS}),
    ("21.50 บาท (ยี่สิบเอ็ด บาท ห้าสิบ สตางค์)", 2_150, {BAHT, WORDS}),
    ("50,000 (=ห้าหมื่นบาทถ้วน=)", 5_000_000, {COMMAS, WORDS}),
    # What a calculated cell holds for 0.1 + 0.2 and for a sum of prices.
    ("0.30000000000000004", 30, {"binary_noise"}),
    ("1100664.5799999998", 110_066_458, {"binary_noise"}),
]
NO_MONEY = [
    ("1.250.000", "ambiguous_number"),
    ("1.250", "ambiguous_number"),
    ("1.250,00", "ambiguous_number"),
    ("12,34,567", "ambiguous_number"),
    ("1,23", "ambiguous_number"),
    ("1,2345", "ambiguous_number"),
    ("0,500", "ambiguous_number"),
    ("94.29%", "a_rate"),
    ("ร้อยละ ๙๔.๒๙", "a_rate"),
    ("3.125", "too_precise"),
    ("0.001", "too_precise"),
    ("687,000 บาท (หกแสนแปดหมื่นบาทถ้วน)", "amount_words_differ"),
    ("100 บาท (สองร้อยบาทถ้วน)", "amount_words_differ"),
    ("5บาท50", "not_a_number"),
    ("500 บาท บาท", "not_a_number"),
    ("บาท", "not_a_number"),
    ("--5", "not_a_number"),
    ("(-5)", "not_a_number"),
    ("1 234", "not_a_number"),
    ("1,000\n2,000", "not_a_number"),
    ("1e5", "not_a_number"),
    ("nan", "not_a_number"),
    ("ประมาณ 500", "not_a_number"),
    ("9" * 16, "out_of_range"),
    ("9" * 32_767, "not_a_number"),
    ("(บาท" * 8_000, "not_a_number"),
]


@pytest.mark.parametrize(("typed", "satang", "repairs"), MONEY)
def test_money_is_read_to_the_satang(typed: str, satang: int, repairs: set[str]) -> None:
    found = parse_money(typed)
    assert found.value == satang
    assert isinstance(found.value, int)
    assert codes(found) == repairs


@pytest.mark.parametrize(("typed", "problem"), NO_MONEY)
def test_money_that_is_not_certain_is_refused(typed: str, problem: str) -> None:
    assert parse_money(typed) == ParsedCell(None, problem=problem)


def test_no_digit_is_lost_unsaid() -> None:
    # A Decimal of the default context would round this to 1 on the way to satang.
    assert parse_money("1." + "0" * 34 + "1") == ParsedCell(100, ("binary_noise",))
    assert parse_money("123456789.001").problem == "too_precise"


@pytest.mark.parametrize("typed", ["-", "–", "—", "−", "--", " - ", "ไม่มี", "- บาท"])
def test_a_dash_is_none_and_no_zero(typed: str) -> None:
    assert parse_money(typed).value is None
    assert codes(parse_money(typed)) == {NONE}


@pytest.mark.parametrize("blank", ["", " ", "\u00a0", "\u200b\n"])
@pytest.mark.parametrize(
    "parse", [parse_money, parse_count, parse_percent, parse_date, parse_month]
)
def test_a_blank_accuses_nobody(parse, blank: str) -> None:
    assert parse(blank) == ParsedCell(None)


SATANG = st.integers(-(10**17) + 1, 10**17 - 1)


@given(satang=SATANG, thai=st.booleans(), worded=st.booleans())
def test_money_as_printed_is_read_back(satang: int, *, thai: bool, worded: bool) -> None:
    baht, rest = divmod(abs(satang), 100)
    printed = f"{'-' if satang < 0 else ''}{baht:,}.{rest:02d}"
    printed += f" บาท ({baht_text(abs(satang))})" if worded else ""
    assert parse_money(thai_digits(printed) if thai else printed).value == satang


@given(SATANG)
def test_money_in_words_of_another_amount_is_refused(satang: int) -> None:
    baht, rest = divmod(abs(satang), 100)
    typed = f"{baht}.{rest:02d} ({baht_text(abs(satang) + 1)})"
    assert parse_money(typed).problem in {"amount_words_differ", "out_of_range"}


def test_a_hundred_thousand_amounts_add_up_exactly() -> None:
    total = sum(parse_money("0.10").value or 0 for _ in range(100_000))
    assert total == 1_000_000
    assert sum([0.1] * 100_000) != 10_000


# --- counts and rates ---------------------------------------------------------------------------

COUNTS = [("36", 36), ("๓๖", 36), ("1,000", 1000), ("3.0", 3), ("-3", -3), (" 7 ", 7)]
NO_COUNTS = [
    ("3.5", "not_whole"),
    ("3.125", "not_whole"),
    ("1.000", "ambiguous_number"),
    ("1,00", "ambiguous_number"),
    ("500 บาท", "not_a_number"),
    ("12.-", "not_a_number"),
    ("48%", "a_rate"),
    ("สาม", "not_a_number"),
]


@pytest.mark.parametrize(("typed", "number"), COUNTS)
def test_a_count_is_a_whole_number(typed: str, number: int) -> None:
    assert parse_count(typed).value == number


def test_a_count_may_carry_the_unit_of_its_heading_and_no_other() -> None:
    assert parse_count("๔๘ คน", "คน") == ParsedCell(48, ("thai_digits", "unit_word"))
    assert parse_count("48 ครั้ง", "คน").problem == "not_a_number"
    assert parse_count("คน", "คน").problem == "not_a_number"


def test_a_calculated_count_is_the_whole_number_that_excel_shows() -> None:
    assert parse_count("3.0000000000000004") == ParsedCell(3, ("binary_noise",))
    assert parse_count("47.99999999999999") == ParsedCell(48, ("binary_noise",))
    assert parse_count("2.9999").problem == "not_whole"


@pytest.mark.parametrize(("typed", "problem"), NO_COUNTS)
def test_what_is_no_count(typed: str, problem: str) -> None:
    assert parse_count(typed) == ParsedCell(None, problem=problem)


@pytest.mark.parametrize(
    ("typed", "rate"),
    [("ร้อยละ ๙๔.๒๙", "94.29"), ("94.29%", "94.29"), ("70.00", "70"), ("102.86 %", "102.86")],
)
def test_a_rate_with_its_word_or_without(typed: str, rate: str) -> None:
    found = parse_percent(typed)
    assert found.value == Decimal(rate)
    assert ("percent_word" in codes(found)) == (typed != "70.00")


@pytest.mark.parametrize("typed", ["ร้อยละ", "ร้อยละ 5 บาท", "5 % 6", "%%"])
def test_what_is_no_rate(typed: str) -> None:
    assert parse_percent(typed) == ParsedCell(None, problem="not_a_number")


# --- amounts in words ---------------------------------------------------------------------------

# BAHTTEXT of LibreOffice says the same, but หนึ่ง for เอ็ด after ร้อย: read as well, see MONEY.
SPOKEN = [
    (0, "ศูนย์บาทถ้วน"),
    (100, "หนึ่งบาทถ้วน"),
    (1_000, "สิบบาทถ้วน"),
    (1_100, "สิบเอ็ดบาทถ้วน"),
    (2_000, "ยี่สิบบาทถ้วน"),
    (2_150, "ยี่สิบเอ็ดบาทห้าสิบสตางค์"),
    (10_000, "หนึ่งร้อยบาทถ้วน"),
    (10_100, "หนึ่งร้อยเอ็ดบาทถ้วน"),
    (11_100, "หนึ่งร้อยสิบเอ็ดบาทถ้วน"),
    (25, "ยี่สิบห้าสตางค์"),
    (1, "หนึ่งสตางค์"),
    (100_000_000, "หนึ่งล้านบาทถ้วน"),
    (100_000_100, "หนึ่งล้านเอ็ดบาทถ้วน"),
    (2_100_000_000, "ยี่สิบเอ็ดล้านบาทถ้วน"),
    (100_000_000_000_000, "หนึ่งล้านล้านบาทถ้วน"),
    (-500, "ลบห้าบาทถ้วน"),
]
ONES = {w: n for n, w in enumerate(("หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"), 1)}
ONES |= {"เอ็ด": 1, "ยี่": 2}
PLACES = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}
WORD = re.compile("|".join([*ONES, *PLACES, "ล้าน"]))


def heard(words: str) -> int:
    """The number that a listener would write down: the way back, written on its own."""
    total, digit = 0, None
    for word in WORD.findall(words):
        if word in ONES:
            digit = ONES[word]
        elif word == "ล้าน":
            total, digit = (total + (digit or 0)) * 1_000_000, None
        else:
            total, digit = total + (1 if digit is None else digit) * PLACES[word], None
    return total + (digit or 0)


@pytest.mark.parametrize(("satang", "words"), SPOKEN)
def test_an_amount_in_words(satang: int, words: str) -> None:
    assert baht_text(satang) == words


@given(st.integers(1, 10**14))
@example(100_000_100)
def test_an_amount_in_words_says_the_amount(satang: int) -> None:
    words = baht_text(satang)
    baht, found, rest = words.rpartition("บาท")
    assert heard(baht if found else "") * 100 + heard(rest) == satang
    assert WORD.sub("", words) in {"บาทถ้วน", "บาทสตางค์", "สตางค์"}


# --- numbers in prose ---------------------------------------------------------------------------


def test_numbers_of_a_sentence_with_their_neighbours() -> None:
    # The outcome of the seed's measure 3.
    text = (
        "มีโครงการจำนวน ๓๖ โครงการ สถานะอยู่ระหว่างดำเนินการ ๒๓ โครงการและดำเนินการแล้ว ๑๓ โครงการ "
        "ผลของการนำแผนปฏิบัติคิดเป็นร้อยละ ๗๐.๐๐ คิดจากโครงการขั้นต่ำ ๓๕ โครงการ"
    )
    found = numbers_in(text)
    assert [(str(n.value), n.before, n.after) for n in found] == [
        ("36", "", "โครงการ"),
        ("23", "", "โครงการ"),
        ("13", "", "โครงการ"),
        ("70.00", "ร้อยละ", "คิดจากโครงการขั้นต่ำ"),
        ("35", "", "โครงการ"),
    ]
    assert [text[n.start : n.end] for n in found] == ["๓๖", "๒๓", "๑๓", "๗๐.๐๐", "๓๕"]


@pytest.mark.parametrize(
    ("text", "value", "before", "after"),
    [
        ("อยู่ในระดับมากร้อยละ ๙๔.๒๙ ในปีงบประมาณ", "94.29", "ร้อยละ", "ในปีงบประมาณ"),
        ("วงเงิน 1,234,567.50 บาท", "1234567.50", "", "บาท"),
        ("ร้อยละ๙๔.๒๙", "94.29", "ร้อยละ", ""),
        ("94.29%", "94.29", "", "%"),
        ("- ๕ ครั้ง", "5", "", "ครั้ง"),
        ("ข้อ 2.", "2", "", ""),
    ],
)
def test_one_number_in_prose(text: str, value: str, before: str, after: str) -> None:
    (found,) = numbers_in(text)
    assert (str(found.value), found.before, found.after) == (value, before, after)


# --- days ---------------------------------------------------------------------------------------

DAY_FORMS = [
    # The catalogue of forms that were seen.
    ("3 ต.ค. 65", date(2022, 10, 3)),
    ("20 พ.ย. 68", date(2025, 11, 20)),
    ("15/10/2564", date(2021, 10, 15)),
    ("2 ส.ค. 2568", date(2025, 8, 2)),
    ("๔ มิถุนายน ๒๕๕๘", date(2015, 6, 4)),
    ("1 ต.ค.65", date(2022, 10, 1)),
    # The procurement rows that were seen, by row number.
    ("01/09/2564", date(2021, 9, 1)),  # 3
    ("09/09/2565", date(2022, 9, 9)),  # 5
    ("25/07/2565", date(2022, 7, 25)),  # 7
    ("๑๔ พฤษภาคม ๒๕๕๘", date(2015, 5, 14)),  # 13
    ("09/10/2558", date(2015, 10, 9)),  # 17
    ("31/03/2559", date(2016, 3, 31)),  # 21
    # The seed's measures 2 and 10.
    ("ลงวันที่ ๙ กุมภาพันธ์ พ.ศ.๒๕๖๕", date(2022, 2, 9)),
    ("๑๖ มีนาคม พ.ศ.๒๕๖๖", date(2023, 3, 16)),
    ("วันที่ ๕ พฤศจิกายน ๒๕๖๔", date(2021, 11, 5)),
    # Day first, always: pandas reads this as the tenth of January 2565 C.E.
    ("01/10/2565", date(2022, 10, 1)),
    ("1-10-65", date(2022, 10, 1)),
    ("1.10.2565", date(2022, 10, 1)),
    ("1/10/2022", date(2022, 10, 1)),
    ("1ต.ค.65", date(2022, 10, 1)),
    ("1 ต ค 2565", date(2022, 10, 1)),
    ("1 ตค 65", date(2022, 10, 1)),
    ("1 ต. ค. 2565", date(2022, 10, 1)),
    ("1 เดือนตุลาคม พ.ศ. 2565", date(2022, 10, 1)),
    ("1 ตุลาคม, 2565", date(2022, 10, 1)),
    # What Excel shows in Thai for its own format d-mmm-yy.
    ("1-ต.ค.-65", date(2022, 10, 1)),
    ("1/ต.ค./2565", date(2022, 10, 1)),
    ("1 ตุลาคม พุทธศักราช 2565", date(2022, 10, 1)),
    ("1 ตุลาคม ค.ศ. 2022", date(2022, 10, 1)),
    ("วันศุกร์ที่ 6 ตุลาคม 2566", date(2023, 10, 6)),
    ("วันพฤหัสบดี ที่ 5 ต.ค. 66", date(2023, 10, 5)),
    ("ศุกร์ 6/10/2566", date(2023, 10, 6)),
    ("2565-10-01", date(2022, 10, 1)),
    ("2022-10-01", date(2022, 10, 1)),
    ("2022-10-01T00:00:00", date(2022, 10, 1)),
    # 29 February is of the right years: 2567 is 2024, and 2567 C.E. would have none.
    ("29 ก.พ. 2567", date(2024, 2, 29)),
    ("29/2/67", date(2024, 2, 29)),
]
NO_DAYS = [
    ("29 ก.พ. 2566", "impossible_date"),
    ("29/2/2564", "impossible_date"),
    ("31/4/2566", "impossible_date"),
    ("10/25/2565", "impossible_date"),
    ("0/10/2565", "impossible_date"),
    ("1/10/49", "out_of_range"),
    ("1/10/00", "out_of_range"),
    ("1/10/22", "out_of_range"),
    ("1/10/3108", "out_of_range"),
    ("1/10/0565", "out_of_range"),
    ("1 ตุลาคม พ.ศ. 2022", "out_of_range"),
    ("1 ตุลาคม ค.ศ. 2565", "out_of_range"),
    ("1 ตุลาคม ค.ศ. 65", "out_of_range"),
    ("1 1 ต.ค. 65", "not_a_date"),
    ("1 ต.ค. 25 65", "not_a_date"),
    ("1 ต.ค. 565", "not_a_date"),
    ("5 ตุลาคม 2,565", "not_a_date"),
    ("1/10-2565", "not_a_date"),
    ("1-5 ต.ค. 65", "not_a_date"),
    ("1/10", "not_a_date"),
    ("พ.ศ.2564", "not_a_date"),
    ("44835", "not_a_date"),
    ("1 ก.ก. 2565", "not_a_date"),
    ("1" * 32_767, "not_a_date"),
]


@pytest.mark.parametrize(("typed", "day"), DAY_FORMS)
def test_a_day_in_every_form_that_was_met(typed: str, day: date) -> None:
    found = parse_date(typed)
    assert found.value == day
    assert type(found.value) is date
    assert "text_date" in codes(found)
    assert ("thai_digits" in found.repairs) == (arabic_digits(typed) != typed)


@pytest.mark.parametrize(("typed", "problem"), NO_DAYS)
def test_what_is_no_day(typed: str, problem: str) -> None:
    assert parse_date(typed) == ParsedCell(None, problem=problem)


def test_a_year_of_two_digits_is_said_to_be_one() -> None:
    assert "two_digit_year" in parse_date("3 ต.ค. 65").repairs
    assert "two_digit_year" not in parse_date("3 ต.ค. 2565").repairs
    assert (ce_year("50"), ce_year("99"), ce_year("49")) == (2007, 2056, None)


def test_a_day_that_is_a_dash_is_none() -> None:
    assert parse_date("-") == ParsedCell(None, ("dash_means_none",))


@given(DAYS, st.sampled_from(["short", "long", "thai", "weekday"]))
def test_a_day_as_printed_is_read_back(day: date, style) -> None:
    assert parse_date(format_date(day, style)).value == day


@given(
    DAYS,
    st.sampled_from(
        [
            "{d}/{m}/{b}",
            "{d:02}-{m:02}-{b}",
            "{b}-{m:02}-{d:02}",
            "{c}-{m:02}-{d:02}",
            "{d}.{m}.{c}",
        ]
    ),
)
def test_a_day_in_figures_is_read_back(day: date, form: str) -> None:
    typed = form.format(d=day.day, m=day.month, b=day.year + 543, c=day.year)
    assert parse_date(typed).value == day
    assert parse_date(thai_digits(typed)).value == day


@given(DAYS_OF_TWO_DIGITS, st.sampled_from([*"/-."]))
def test_a_day_of_a_short_year_is_read_back(day: date, mark: str) -> None:
    year = (day.year + 543) % 100
    assert parse_date(f"{day.day}{mark}{day.month}{mark}{year:02}").value == day
    assert parse_date(f"{day.day}{SHORT[day.month - 1]}{year:02}").value == day


@given(
    DAYS,
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["short", "long", "thai", "weekday"]),
)
def test_a_moment_as_we_print_it_is_read_back(day: date, at: time, style: str) -> None:
    assert parse_moment(f"{format_date(day, style)} เวลา {format_time(at)}") == (day, at)
    assert parse_moment(thai_digits(f"{format_date(day, style)} {at:%H:%M}")) == (day, at)
    assert parse_moment(format_date(day, style)) == (day, None)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("6/10/2566 9.05", (date(2023, 10, 6), time(9, 5))),
        ("2023-10-06T16:30", (date(2023, 10, 6), time(16, 30))),
        ("2023-10-06 16:30:05", (date(2023, 10, 6), time(16, 30, 5))),
        ("6.10.2566", (date(2023, 10, 6), None)),
        ("6.10.66", (date(2023, 10, 6), None)),
        ("6 ต.ค. 66", (date(2023, 10, 6), None)),
        ("6/10/2566 24.00", None),
        ("31/2/2566 9.00", None),
        ("16.30", None),
        ("", None),
    ],
)
def test_a_moment_is_a_day_and_perhaps_a_time(typed: str, found: object) -> None:
    assert parse_moment(typed) == found


# --- real date cells ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (date(2022, 10, 1), ParsedCell(date(2022, 10, 1))),
        (date(2565, 10, 1), ParsedCell(date(2022, 10, 1), ("be_year_in_date",))),
        (date(2567, 2, 28), ParsedCell(date(2024, 2, 28), ("be_year_in_date",))),
        # 2564 has a 29 February only as a year C.E.
        (date(2564, 2, 29), ParsedCell(None, problem="impossible_date")),
        # What a cell of the Buddhist calendar makes of 1/10/2565 is no year to guess at.
        (date(3108, 10, 1), ParsedCell(None, problem="out_of_range")),
        (date(1965, 10, 1), ParsedCell(None, problem="year_1965", suggestion=date(2022, 10, 1))),
        (date(1968, 2, 29), ParsedCell(None, problem="year_1965", suggestion=date(2025, 2, 28))),
        (date(1956, 12, 31), ParsedCell(None, problem="out_of_range")),
        (
            date(1907, 1, 8),
            ParsedCell(None, problem="out_of_range"),
        ),  # 2565 in the format of a date
        (date(1977, 1, 1), ParsedCell(date(1977, 1, 1))),
        (date(2056, 12, 31), ParsedCell(date(2056, 12, 31))),
        (date(2065, 10, 1), ParsedCell(None, problem="out_of_range")),  # 65 taken for 2065
        (date(9999, 12, 31), ParsedCell(None, problem="out_of_range")),
    ],
)
def test_a_date_cell(cell: date, found: ParsedCell) -> None:
    assert date_from_cell(cell) == found


@given(st.dates(date(1957, 1, 1), date(1976, 12, 31)))
def test_a_year_typed_as_65_is_asked_about_and_never_taken(cell: date) -> None:
    found = date_from_cell(cell)
    assert (found.value, found.problem) == (None, "year_1965")
    assert found.suggestion is not None
    assert found.suggestion.year + 543 - 2500 == cell.year - 1900


# --- months -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "ตุลาคม 2565",
        "ต.ค.65",
        "ต.ค. ๒๕๖๕",
        "10/2565",
        "2565-10",
        "2022-10",
        "ตค 65",
        "ต.ค.-65",
        "ต ค 2565",
        "เดือนตุลาคม พ.ศ. 2565",
        "ประจำเดือน ตุลาคม 2565",
        "ตุลาคม ค.ศ. 2022",
        "๑๐/๒๕๖๕",
        "15 ต.ค. 2565",
        "01/10/2565",
    ],
)
def test_a_month_in_every_form(typed: str) -> None:
    assert parse_month(typed).value == date(2022, 10, 1)
    assert parse_month(typed).problem is None


@pytest.mark.parametrize(
    ("typed", "year"), [("ตุลาคม", 2022), ("ธ.ค.", 2022), ("ม.ค.", 2023), ("เดือน กันยายน", 2023)]
)
def test_a_month_without_a_year_is_completed_by_the_fiscal_year_alone(
    typed: str, year: int
) -> None:
    assert parse_month(typed) == ParsedCell(None, problem="month_without_year")
    found = parse_month(typed, 2566)
    assert found.value is not None
    assert found.value == date(year, month_number(typed.replace(" ", "")) or 0, 1)
    assert found.repairs == ("year_from_round",)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("13/2565", "not_a_month"),
        ("2565", "not_a_month"),
        ("10", "not_a_month"),
        ("ไตรมาส 1", "not_a_month"),
        ("10/49", "out_of_range"),
        ("ต.ค. 49", "out_of_range"),
    ],
)
def test_what_is_no_month(typed: str, problem: str) -> None:
    assert parse_month(typed, 2566) == ParsedCell(None, problem=problem)


@given(DAYS)
def test_a_month_as_printed_is_read_back(day: date) -> None:
    assert parse_month(format_month(day)).value == day.replace(day=1)


@given(DAYS_OF_TWO_DIGITS)
def test_a_short_month_as_printed_is_read_back(day: date) -> None:
    assert parse_month(format_month(day, "short")).value == day.replace(day=1)


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_is_known_by_all_its_spellings(number: int) -> None:
    full, short = FULL[number - 1], SHORT[number - 1]
    spellings = [full, short, short.replace(".", ""), short.replace(".", ". "), f"เดือน{full}"]
    assert {month_number(each) for each in spellings} == {number}
    assert len({*FULL, *SHORT}) == 24


# --- printing -----------------------------------------------------------------------------------


def test_days_and_times_as_they_are_printed() -> None:
    day = date(2022, 10, 1)
    assert format_date(day) == "1 ต.ค. 2565"
    assert format_date(day, "long") == "1 ตุลาคม 2565"
    assert format_date(day, "thai") == "๑ ตุลาคม ๒๕๖๕"
    assert format_date(date(2023, 10, 6), "weekday") == "วันศุกร์ที่ 6 ตุลาคม 2566"
    assert format_month(day) == "ตุลาคม 2565"
    assert format_month(day, "short") == "ต.ค. 65"
    assert format_time(time(14, 32)) == "14.32 น."
    assert format_time(time(8, 5, 59)) == "08.05 น."


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
