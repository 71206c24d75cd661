"""Purchases: bidders, winner, method, numbers and dates, as the form reads them."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.model import Severity
from pipeline.validate import judge
from schemas.kit.bids import parse_bid, procurement_bids, with_winner
from schemas.kit.kinds import Typed
from schemas.kit.methods import METHODS
from tests.support.form_rows import CONTEXT, FORMS, findings, table


@pytest.mark.parametrize(
    ("text", "name", "baht"),
    [
        ("ร้านตัวอย่าง / 12,000.00 บาท", "ร้านตัวอย่าง", "12000.00"),
        ("ร้านตัวอย่าง\n12,000 บาท", "ร้านตัวอย่าง", "12000.00"),
        ("บริษัท ตัวอย่าง\nจำกัด / 12,500.-", "บริษัท ตัวอย่าง จำกัด", "12500.00"),
        ("ร้าน ๒๔๙๙ / ๑,๑๐๐,๖๖๔.๕๘ บาท", "ร้าน ๒๔๙๙", "1100664.58"),
        ("1. ร้านตัวอย่าง : 900 บาทถ้วน", "ร้านตัวอย่าง", "900.00"),
        ("ร้านตัวอย่าง ราคา 250 บาท", "ร้านตัวอย่าง", "250.00"),
        ("ร้านตัวอย่าง (1,500.00 บาท)", "ร้านตัวอย่าง", "1500.00"),
        (
            "ร้านตัวอย่าง / 687,000 บาท (หกแสนแปดหมื่นเจ็ดพันบาทถ้วน)",
            "ร้านตัวอย่าง",
            "687000.00",
        ),
        ("ร้านตัวอย่าง / 12000", "ร้านตัวอย่าง", "12000.00"),
    ],
)
def test_a_price_is_read_out_of_a_bidders_cell(text: str, name: str, baht: str) -> None:
    assert parse_bid(text) == (name, int(baht.replace(".", "")))


@pytest.mark.parametrize(
    "text",
    [
        "ร้านตัวอย่าง",
        "ร้านตัวอย่าง 2499",  # a name may end with a number: no certain price
        "ร้านตัวอย่าง / 1.234.567 บาท",
        "ร้านตัวอย่าง / 687,000 บาท (หกแสนบาทถ้วน)",
        "ร้านตัวอย่าง / 10.555 บาท",
        "ร้านตัวอย่าง / -",
        "/1" * 16_000,
    ],
)
def test_a_doubtful_price_is_asked_about(text: str) -> None:
    assert parse_bid(text)[1] is None
    form = FORMS["procurement"]
    changes = {"winner_and_price_raw": text, "agreed_price_satang": ""}
    assert [(f.code, f.column) for f in findings(form, changes)] == [
        ("PRC-01", "winner_and_price_raw")
    ]


def test_the_agreed_price_comes_from_the_winners_cell_unless_it_is_typed() -> None:
    winner = "ร้านตัวอย่าง / 12,000.00 บาท"
    made = table(
        FORMS["procurement"],
        {"winner_and_price_raw": winner, "agreed_price_satang": ""},
        {"winner_and_price_raw": winner, "agreed_price_satang": "11,000"},
        {"winner_and_price_raw": "", "agreed_price_satang": ""},
    ).frame
    assert made["agreed_price_satang"].tolist()[:2] == [1_200_000, 1_100_000]
    assert made["agreed_price_satang"].isna().tolist() == [False, False, True]
    assert made["winner_name"].tolist()[:2] == ["ร้านตัวอย่าง", "ร้านตัวอย่าง"]
    assert made["winner_name"].isna().tolist() == [False, False, True]
    assert (made["agreed_price_satang"].dtype, made["winner_name"].dtype) == ("Int64", "string")
    columns = FORMS["procurement"].columns
    none = pd.DataFrame({c.name: pd.Series([], dtype=c.dtype) for c in columns})
    assert with_winner(none).empty


def test_what_a_purchase_says_between_its_lines() -> None:
    candidates = "ร้านตัวอย่าง / 12,000 บาท\nร้าน ก / 11,000 บาท"
    made = table(
        FORMS["procurement"],
        {"bidders_and_prices_raw": candidates, "budget_satang": "12,000"},
        {"bidders_and_prices_raw": candidates + "\nร้าน ข", "reference_price_satang": "-"},
        {"bidders_and_prices_raw": "", "reference_price_satang": "12,000.01"},
    ).frame.fillna({"lowest_bid_satang": 0, "winning_bid_satang": 0, "bidder_count": 0})
    assert made["bidder_count"].tolist() == [2, 3, 0]
    assert made["lowest_bid_satang"].tolist() == [1_100_000, 0, 0]
    assert made["winning_bid_satang"].tolist() == [1_200_000, 0, 0]
    assert made["at_reference_price"].notna().tolist() == [True, False, False]
    assert made["reference_is_budget"].notna().tolist() == [True, False, False]


def test_bidders_are_told_apart_and_the_winner_among_them() -> None:
    bidders = "ร้าน ก / 12,500.00 บาท\nร้านตัวอย่าง\n12,000 บาท\nร้าน ค"
    made = table(
        FORMS["procurement"],
        {"bidders_and_prices_raw": bidders, "winner_and_price_raw": "ร้าน ตัวอย่าง / 12,000 บาท"},
        {"bidders_and_prices_raw": ""},
    ).frame
    bids = procurement_bids(made)
    assert bids["row"].tolist() == [0, 0, 0]
    assert bids["seq_no"].tolist() == [1, 2, 3]
    assert bids["bidder_name"].tolist() == ["ร้าน ก", "ร้านตัวอย่าง", "ร้าน ค"]
    assert bids["bid_price_satang"].tolist()[:2] == [1_250_000, 1_200_000]
    assert bids["bid_price_satang"].isna().tolist() == [False, False, True]
    assert bids["is_winner"].tolist() == [False, True, False]
    assert procurement_bids(made.iloc[:0]).dtypes.equals(bids.dtypes)


def test_purchases_by_the_quarter_are_dated_within_the_quarter_reported() -> None:
    context = replace(CONTEXT, quarterly=True)
    days = ("1/10/2565", "31/12/2565", "1/1/2566")
    rows = [{"report_month": "ธันวาคม 2565", "contract_date": d, "egp_project_no": ""} for d in days]
    found = judge(table(FORMS["procurement"], *rows, context=context), context)
    assert [(f.index, f.code) for f in found] == [(2, "PRC-04")]


@pytest.mark.parametrize(
    ("typed", "method"),
    [
        ("โดยวิธีเฉพาะเจาะจง", "เฉพาะเจาะจง"),
        ("วิธีคัดเลือก", "คัดเลือก"),
        ("ด้วยวิธีประกวดราคาอิเล็กทรอนิกส์ (e-bidding)", METHODS[1]),
        ("e-bidding", METHODS[1]),
        ("วิธี e-market", METHODS[0]),
        ("วิธีเฉพาะเจาะจง – ไม่เกิน 500,000 บาท (ม.56(2)(ข))", "เฉพาะเจาะจง"),
        ("ตกลงราคา", "อื่น ๆ"),
        ("ประกาศเชิญชวนทั่วไป", None),  # names a group of three methods, not one
    ],
)
def test_a_method_is_known_in_its_spellings(typed: str, method: str | None) -> None:
    column = FORMS["procurement"].column("procurement_method")
    assert column.read(Typed("text", typed), CONTEXT).value == method


@pytest.mark.parametrize(
    "number",
    # the last two: the weighted sum leaves 0 and 1, whose check digits are 1 and 0
    ["0993500000012", "0-9935-00000-01-2", "๐ ๙๙๓๕ ๐๐๐๐๐ ๐๑ ๒", "0993500000021", "0993500000080"],
)
def test_a_sound_tax_number_may_be_written_in_groups(number: str) -> None:
    assert findings(FORMS["procurement"], {"winner_tin": number}) == []


def test_of_a_masked_tax_number_only_the_length_is_judged() -> None:
    assert findings(FORMS["procurement"], {"winner_tin": "130990115xxxx"}) == []


@pytest.mark.parametrize(
    "number", ["130990115xxx", "xxxxxxxxxxxxx", "099350000001", "0993500000013"]
)
def test_a_tax_number_that_cannot_be_is_told(number: str) -> None:
    found = findings(FORMS["procurement"], {"winner_tin": number})
    assert [(f.code, f.severity) for f in found] == [("PRC-05", Severity.WARNING)]


def test_a_project_number_that_is_none_is_accused_once() -> None:
    found = findings(FORMS["procurement"], {"egp_project_no": "P651-07"})
    assert [(f.code, f.column) for f in found] == [("pattern", "egp_project_no")]


def test_a_contract_outside_the_year_is_accused_once() -> None:
    found = findings(FORMS["procurement"], {"contract_date": "5/10/2566"})
    assert [(f.code, f.column) for f in found] == [("outside-period", "contract_date")]
