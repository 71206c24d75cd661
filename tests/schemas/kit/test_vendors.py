"""Sellers: one name in its many spellings, and names that stay apart."""

import pandas as pd
import pytest

from schemas.kit.vendors import tax_number, vendor_key, with_vendors

A, B = "0993500000012", "0993500000021"


@pytest.mark.parametrize(
    "spelt",
    [
        "ห้างหุ้นส่วนจำกัดตัวอย่าง",
        "หจก. ตัวอย่าง",
        "หจก.ห้างหุ้นส่วนจำกัด ตัวอย่าง",
        "ห้างหุ้นส่วนจำกัด  ห้างหุ้นส่วนจำกัด ตัวอย่าง",
        "ห้างหุ้นส่วนจำกัด ตัวอย่าง (สำนักงานใหญ่)",
        "ห้างหุ้นส่วนจํากัด ตัวอย่าง ( สํานักงานใหญ่ )",
    ],
)
def test_spellings_of_a_partnership_are_one_seller(spelt):
    assert vendor_key(spelt) == vendor_key("ห้างหุ้นส่วนจำกัด ตัวอย่าง")


@pytest.mark.parametrize(
    ("spelt", "written"),
    [
        ("บจก.ตัวอย่าง", "บริษัท ตัวอย่าง จำกัด"),
        ("บจก. ตัวอย่าง จำกัด", "บริษัท ตัวอย่าง จำกัด"),
        ("บริษัท บริษัท ตัวอย่าง จำกัด", "บริษัท ตัวอย่าง จำกัด"),
        ("บมจ. ตัวอย่าง", "บริษัท ตัวอย่าง จำกัด (มหาชน)"),
    ],
)
def test_spellings_of_a_company_are_one_seller(spelt, written):
    assert vendor_key(spelt) == vendor_key(written)


def test_what_is_not_certain_stays_apart():
    names = ["ตัวอย่าง", "ร้านตัวอย่าง", "บริษัท ตัวอย่าง จำกัด", "บริษัท ตัวอย่าง จำกัด (มหาชน)"]
    names += ["หจก. ตัวอย่าง", "บริษัท ตัวอย่าง จำกัด (สาขา 1)", "บริษัท", "หจก. บริษัท ตัวอย่าง จำกัด"]
    assert len({vendor_key(name) for name in names}) == len(names)


def told(*sellers):
    rows = pd.DataFrame(sellers, columns=["winner_name", "winner_tin"], dtype="string")
    made = with_vendors(rows).fillna("-")
    return list(zip(made["vendor"], made["vendor_matched_by"], strict=True))


def test_a_number_joins_names_and_a_name_borrows_the_only_number_beside_it():
    by_number, by_name = "เลขประจำตัวผู้เสียภาษี", "ชื่อ"
    assert told(("ร้าน ก", A), ("ร้าน กก", A), ("ร้านก", None), ("ร้าน ข", None)) == [
        ("ร้าน ก", by_number),
        ("ร้าน ก", by_number),
        ("ร้าน ก", by_name),
        ("ร้าน ข", by_name),
    ]


def test_sellers_of_one_name_are_told_apart_by_number():
    made = told(("ร้าน ก", A), ("ร้าน ก", B), ("ร้าน ก", None))
    assert [name for name, _ in made] == [f"ร้าน ก ({A})", f"ร้าน ก ({B})", "ร้าน ก"]


def test_a_seller_without_a_name_is_its_number_and_without_both_nobody():
    assert told((None, A), (None, "130990115xxxx"), (None, None))[0][0] == A
    assert told((None, A), (None, "130990115xxxx"), (None, None))[1:] == [("-", "-")] * 2


def test_only_a_sound_number_tells_a_seller():
    assert tax_number("0-9935-00000-01-2") == A
    assert tax_number("0993500000013") is None
    assert tax_number("130990115xxxx") is None
