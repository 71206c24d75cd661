"""Thai numbers: money, counts, rates, amounts in words, numbers in prose, and round trips."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.kit.thai.dates import (
    parse_date,
    parse_month,
)
from schemas.kit.thai.numbers import (
    baht_text,
    numbers_in,
    parse_count,
    parse_money,
    parse_percent,
)
from schemas.kit.thai.thai_text import (
    ParsedCell,
    thai_digits,
)
from tests.support.builders import repairs_of

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
    assert repairs_of(found) == repairs


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
    assert repairs_of(parse_money(typed)) == {NONE}


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
    assert ("percent_word" in repairs_of(found)) == (typed != "70.00")


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


def test_numbers_of_a_sentence_with_the_word_before() -> None:
    # The outcome of the seed's measure 3.
    text = (
        "มีโครงการจำนวน ๓๖ โครงการ สถานะอยู่ระหว่างดำเนินการ ๒๓ โครงการและดำเนินการแล้ว ๑๓ โครงการ "
        "ผลของการนำแผนปฏิบัติคิดเป็นร้อยละ ๗๐.๐๐ คิดจากโครงการขั้นต่ำ ๓๕ โครงการ"
    )
    found = numbers_in(text)
    assert [(str(n.value), n.before) for n in found] == [
        ("36", ""),
        ("23", ""),
        ("13", ""),
        ("70.00", "ร้อยละ"),
        ("35", ""),
    ]
    assert [text[n.start : n.end] for n in found] == ["๓๖", "๒๓", "๑๓", "๗๐.๐๐", "๓๕"]


@pytest.mark.parametrize(
    ("text", "value", "before"),
    [
        ("อยู่ในระดับมากร้อยละ ๙๔.๒๙ ในปีงบประมาณ", "94.29", "ร้อยละ"),
        ("วงเงิน 1,234,567.50 บาท", "1234567.50", ""),
        ("ร้อยละ๙๔.๒๙", "94.29", "ร้อยละ"),
        ("94.29%", "94.29", ""),
        ("- ๕ ครั้ง", "5", ""),
        ("ข้อ 2.", "2", ""),
    ],
)
def test_one_number_in_prose(text: str, value: str, before: str) -> None:
    (found,) = numbers_in(text)
    assert (str(found.value), found.before) == (value, before)
