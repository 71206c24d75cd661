"""Bidders and prices in one cell, as offices write them: the name alone, the price, how many."""

from itertools import product

import pandas as pd
import pytest

from schemas.kit.bids import Bid, parse_bids, procurement_bids, with_facts, with_winner
from tests.support.form_rows import FORMS, table

FORM = FORMS["procurement"]
# How a price of 5,000 baht stands behind the name of a seller.
PRICES = (
    "5,000.00",
    "(5,000.00)",
    "5,000.-",
    "5,000.-บาท",
    "5,000.– บาท",
    "๕,๐๐๐ บาท",
    "5,000 บาทถ้วน",
    "/ 5 000 บาท",
    "/ 5000",
    "= 5,000 บาท",
    "- 5,000.00",
    ": 5000",
    "ราคา 5,000",
    "เสนอราคา 5,000 บาท",
    "โดยเสนอราคา 5,000.00 บาท",
    "ตกลงราคา 5,000 บาท",
    "เป็นเงิน 5,000 บาท",
    "เสนอราคาเป็นเงิน 5,000.00 บาท",
    "เป็นเงินทั้งสิ้น 5,000 บาท",
    "ในวงเงิน 5000 บาท",
    "ราคาที่ตกลงซื้อ 5,000 บาท",
    "ราคาที่ตกลงซื้อหรือจ้าง 5,000 บาท",
    "5,000 บาท (รวมภาษีมูลค่าเพิ่ม)",
    "5,000.00 (รวม VAT 7% แล้ว)",
    "5,000 บาท (ห้าพันบาทถ้วน)",
    "เสนอราคา\n5,000.00\nบาท",
)
NAMES = ("ร้าน ก", "บริษัท ค โยธา จำกัด", "หจก.2000 การช่าง", "ร้าน 99", "นาย ง ขยัน", "ร้านจำนวนดี")


@pytest.mark.parametrize("joined", [" ", "  ", "\n"])
def test_the_name_is_the_name_alone(joined: str) -> None:
    for name, price in product(NAMES, PRICES):
        text = f"{name}{joined}{price}"
        assert parse_bids(text) == (((name, 500_000),), True), text


@pytest.mark.parametrize(
    "text",
    [
        "1) ร้าน ก 5,000 บาท 2) ร้าน ข 6,000 บาท",
        "(1) ร้าน ก 5,000 บาท (2) ร้าน ข 6,000 บาท",
        "๑. ร้าน ก ๕,๐๐๐ บาท ๒. ร้าน ข ๖,๐๐๐ บาท",
        "ร้าน ก 5,000 บาท, ร้าน ข 6,000 บาท",
        "ร้าน ก 5,000.00, ร้าน ข 6,000.00",
        "ร้าน ก 5,000 บาท; ร้าน ข 6,000 บาท",
        "ร้าน ก 5,000 บาท ร้าน ข 6,000 บาท",
        "ร้าน ก / 5,000\nร้าน ข / 6,000",
        "1.ร้าน ก\n5,000.00\n2.ร้าน ข\n6,000.00",
        "- ร้าน ก 5,000 บาท\n- ร้าน ข 6,000 บาท",
        "ร้าน ก\nเสนอราคา 5,000 บาท\nร้าน ข\nเสนอราคา 6,000 บาท",
    ],
)
def test_several_bidders_are_told_apart(text: str) -> None:
    assert parse_bids(text) == ((Bid("ร้าน ก", 500_000), Bid("ร้าน ข", 600_000)), True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("บริษัท ค โยธา\nจำกัด / 1,700,000 บาท", "บริษัท ค โยธา จำกัด"),
        ("บริษัท ค\nโยธา จำกัด 1,700,000.00", "บริษัท ค โยธา จำกัด"),
        ("ห้างหุ้นส่วนจำกัด\nค โยธา / 1,700,000 บาท", "ห้างหุ้นส่วนจำกัด ค โยธา"),
        ("ABC Co., Ltd. / 1,700,000.00 บาท", "ABC Co., Ltd."),
    ],
)
def test_a_name_broken_over_lines_is_one(text: str, name: str) -> None:
    assert parse_bids(text) == ((Bid(name, 170_000_000),), True)


@pytest.mark.parametrize(
    "text",
    [
        "ร้าน ก\nพาณิชย์ / 5,000",  # one bidder on two lines, or two of which one has no price
        "บริษัท ก จำกัด, บริษัท ข จำกัด",
        "บจก.ก เสนอราคา 10,000 บาท ต่อรองเหลือ 9,500 บาท",
        "5,000 บาท",
        "ร้าน ก 5,000 บาท\n4,900 บาท",
    ],
)
def test_a_number_of_bidders_that_is_not_certain_is_unknown(text: str) -> None:
    assert not parse_bids(text).certain
    rows = with_facts(table(FORM, {"bidders_and_prices_raw": text}).frame)
    assert rows["bidder_count"].isna().all()
    assert rows["lowest_bid_satang"].isna().all()
    assert procurement_bids(rows).empty


@pytest.mark.parametrize(
    "text",
    [
        "ยกเลิก",
        "ยกเลิกโครงการ 5,000 บาท",
        "ร้าน 7 500 บาท",  # ร้าน 7 at 500, or ร้าน at 7,500
        "ร้านเจริญ 2000",
        "ร้าน ก / 0.00 บาท",
        "ร้าน ก 5,000 บาท ร้าน ข 6,000 บาท",
        "ร้าน ก 10,000 บาท ต่อรองเหลือ 9,500 บาท",
        "ร้าน ก / 5,000 บาท (หกพันบาทถ้วน)",
    ],
)
def test_a_winner_without_one_certain_price_has_none(text: str) -> None:
    changes = {"winner_and_price_raw": text, "agreed_price_satang": ""}
    assert with_winner(table(FORM, changes).frame)["agreed_price_satang"].isna().all()


def test_a_winner_broken_over_lines_has_its_price() -> None:
    changes = {"winner_and_price_raw": "ร้าน ก\nพาณิชย์ / 5,000", "agreed_price_satang": ""}
    rows = with_winner(table(FORM, changes).frame)
    assert rows["winner_name"].tolist() == ["ร้าน ก พาณิชย์"]
    assert rows["agreed_price_satang"].tolist() == [500_000]


def test_no_bidder_means_an_empty_frame() -> None:
    rows = table(FORM, {"bidders_and_prices_raw": ""}).frame
    assert isinstance(procurement_bids(rows), pd.DataFrame)
    assert procurement_bids(rows).empty
