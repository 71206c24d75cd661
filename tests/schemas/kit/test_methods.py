"""Methods of buying as offices write them: the Act's method, or asked about."""

from itertools import product

import pytest

from schemas.kit.kinds import Context, Typed
from schemas.kit.methods import METHODS
from tests.support.form_rows import FORMS

COLUMN = FORMS["procurement"].column("procurement_method")
MARKET, BIDDING, _, SELECTED, SPECIFIC, _ = METHODS
WRITTEN = {
    SPECIFIC: (
        "ฉ.พ.",
        "ฉพจ.",
        "วิธี ฉ.พ.",
        "เฉพาะเจาะจง ม.56(2)(ข)",
        "เฉพาะเจาะจงตามมาตรา ๕๖ (๒) (ข)",
        "วิธีเฉพาะเจาะจง (มาตรา 56 (2) (ช))",
        "โดยวิธีการเฉพาะเจาะจง",
        "ด้วยวิธีเฉพาะเจาะจง ม. 56 (2)",
        "เฉพาะเจาะจง (ข)",
        "ซื้อ/จ้างตามมาตรา 56(2)(ข)",
        "จ้างตาม ม.56 (2) (ข)",
        "จัดซื้อจัดจ้างตามมาตรา 56(2)(ค)",
        "ม.56(2)(ข)",
        "เฉพาะเจาะจง ไม่เกิน 500,000 บาท",
    ),
    SELECTED: (
        "คัดเลือก ม.56(1)(ค)",
        "วิธีการคัดเลือก",
        "โดยวิธีคัดเลือก (มาตรา 56(1)(ก))",
        "มาตรา 56 (1) (ข)",
    ),
    BIDDING: (
        "e-Bidding (ประกวดราคาอิเล็กทรอนิกส์)",
        "ประกวดราคา e-bidding",
        "ประกวดราคา (e-Bidding)",
        "วิธีประกวดราคาด้วยวิธีการทางอิเล็กทรอนิกส์",
        "ประกวดราคาด้วยวิธีอิเล็กทรอนิกส์ (e-bidding)",
    ),
    MARKET: ("e-market", "วิธี e-Market (ตลาดอิเล็กทรอนิกส์)"),
}


@pytest.mark.parametrize(("method", "text"), [(m, t) for m, ts in WRITTEN.items() for t in ts])
def test_a_method_is_known_however_it_is_written(method: str, text: str) -> None:
    assert COLUMN.read(Typed("text", text), Context()).value == method


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("ประกาศเชิญชวนทั่วไป", None),
        ("ด้วยวิธีการทางอิเล็กทรอนิกส์", MARKET),
        ("คัดเลือกพิเศษ", SELECTED),
        ("ม.56", None),
        ("เฉพาะเจาะจง ม.56(1)(ข)", SPECIFIC),
    ],
)
def test_what_may_be_several_methods_is_asked_about_with_the_nearest(text: str, near: str) -> None:
    read = COLUMN.read(Typed("text", text), Context())
    assert (read.value, read.problem, read.suggestion) == (None, "not_in_list", near)


BEFORE = ("", "วิธี", "โดยวิธีการ", "จัดซื้อโดยวิธี", "จ้างเหมาโดยวิธี", "ซื้อหรือจ้างด้วยวิธี")
BEHIND = ("", " {}", " ({})", " ตาม{}", "{}", " ตาม พ.ร.บ. 2560 {}")
SECTIONS = ("ม.56({})({})", "มาตรา ๕๖ ({}) ({})", "มาตรา 56 วรรคหนึ่ง ({}) ({})", "ม.56({}){}")
MADE = [
    (method, f"{before}{name}{behind.format(section.format(paragraph, letter))}")
    for method, names, paragraph, letters in (
        (SPECIFIC, ("เฉพาะเจาะจง", "ฉ.พ.จ."), 2, "ขช"),
        (SELECTED, ("คัดเลือก",), 1, "กค"),
    )
    for before, name, behind, section, letter in product(BEFORE, names, BEHIND, SECTIONS, letters)
]


def test_a_method_is_known_by_what_stands_around_it() -> None:
    assert len(set(MADE)) > 400
    wrong = [
        text for method, text in MADE if COLUMN.read(Typed("text", text), Context()).value != method
    ]
    assert wrong == []
