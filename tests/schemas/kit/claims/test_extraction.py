"""What is read from sentences: which words state which figure, and what must not be taken for one."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.crosschecks import claim_patterns_for, language
from schemas.kit.claims.extraction import claims_in
from schemas.kit.claims.modifiers import Setting

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))["sentence"]
NAMES = ("สำนักปลัดเทศบาล", "กองช่าง", "กองคลัง")


def read(text, measure, *, months=12, own=False, shared=False):
    claim_patterns = claim_patterns_for(measure, own=own, shared=shared)
    return claims_in(text, language(), claim_patterns, Setting(2566, months, NAMES))


def written(said, measure):
    return f"{said.figure.format(measure=measure)} = {said.value}"


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda each: each["text"][:40])
def test_a_sentence_states_what_was_meant_and_no_more(sentence):
    where = {key: sentence[key] for key in ("months", "own", "shared") if key in sentence}
    found = read(sentence["text"], sentence["measure"], **where)
    assert [written(each, sentence["measure"]) for each in found] == sentence["said"]


def test_there_are_sentences_enough_and_half_of_them_are_traps():
    traps = [each for each in SENTENCES if not each["said"]]
    assert len(SENTENCES) >= 40
    assert len(traps) >= 20


def test_the_words_are_those_of_the_text():
    text = "สรุป มีโครงการจำนวน ๓๖ โครงการ ผลของการนำแผนปฏิบัติคิดเป็นร้อยละ ๗๐.๐๐"
    words = [text[each.start : each.end] for each in read(text, 4)]
    assert words == ["มีโครงการจำนวน ๓๖ โครงการ", "ผลของการนำแผนปฏิบัติคิดเป็นร้อยละ ๗๐.๐๐"]


@pytest.mark.parametrize(
    ("said", "computed", "agrees"),
    [
        ("ร้อยละ ๙๔.๒๙", "94.29", True),
        ("ร้อยละ ๙๔", "94.29", True),
        ("ร้อยละ ๙๔.๓", "94.29", True),
        ("ร้อยละ ๙๕", "94.50", True),
        ("ร้อยละ ๙๔.๒", "94.29", False),
        ("ร้อยละ ๙๕", "94.49", False),
        ("ร้อยละ ๙๔.๒๘๕๗", "94.29", True),
        ("ร้อยละ ๙๔.๒๘", "94.29", False),
    ],
)
def test_a_rate_is_compared_to_the_decimals_that_are_stated(said, computed, agrees):
    (found,) = read(f"ผลของการนำแผนปฏิบัติคิดเป็น{said}", 4)
    assert found.agrees(Decimal(computed)) is agrees


@pytest.mark.parametrize(
    ("said", "computed", "agrees"),
    [
        ("๑.๒๕ ล้านบาท", "1250400.00", True),
        ("๑.๒๕ ล้านบาท", "1255000.00", False),
        ("๑,๒๕๐,๔๐๐ บาท", "1250400.49", True),
        ("๑,๒๕๐,๔๐๐.๕๐ บาท", "1250400.49", False),
    ],
)
def test_an_amount_is_compared_to_the_decimals_that_are_stated(said, computed, agrees):
    (found,) = read(f"เบิกจ่ายงบประมาณ {said}", 4)
    assert found.agrees(Decimal(computed)) is agrees


def test_none_is_zero_and_all_is_the_whole():
    (none,) = read("ไม่มีเรื่องร้องเรียน", 1)
    (every,) = read("ทุกหน่วยงานดำเนินการแล้วเสร็จ", 8, shared=True)
    assert [none.agrees(Decimal(n)) for n in (0, 1)] == [True, False]
    assert [every.agrees(Decimal(n), Decimal(10)) for n in (10, 9)] == [True, False]


@given(st.text("๐๑๒๓456 ./-%()ร้อยละโครงการแล้วเสร็จจำนวนไม่มีระดับมากบาทล้าน\n", max_size=60))
def test_no_text_at_all_stops_the_reading(text):
    for measure in range(1, 11):
        for said in read(text, measure, shared=True):
            assert 0 <= said.start < said.end <= len(text)
