"""Findings in blocks: what is said once of many cells, and what is said apart."""

from pipeline.messages.blocks import blocks
from pipeline.model import CellRef, Finding, Severity
from schemas import forms

FORMS = forms()


def fault(column, row, code="required", sheet="แบบ", value=None, severity=Severity.ERROR, **more):
    cell = CellRef("a.xlsx", sheet, row, column)
    params = {"heading": "ก", "expected_th": "ข", "expected_en": "b"} | more
    return Finding(
        code, severity, file="a.xlsx", cell=cell, sheet=sheet, value=value, params=params
    )


def places(found, lang="th"):
    return [block.place for block in blocks(found, FORMS, lang)]


def test_neighbouring_cells_of_one_fault_are_one_line():
    found = [fault(4, row) for row in (5, 6, 7, 9)] + [fault(5, 8)]
    assert places(found) == ["แบบ!D5:D7 (3 ช่อง)", "แบบ!E8", "แบบ!D9"]
    assert places(found, "en")[0] == "แบบ!D5:D7 (3 cells)"


def test_what_is_said_differently_is_said_apart():
    found = [fault(4, 5), fault(4, 6, code="pattern"), fault(4, 7), fault(4, 8, heading="ค")]
    found += [fault(4, 9, severity=Severity.WARNING)]
    assert places(found) == [f"แบบ!D{row}" for row in (5, 6, 7, 8, 9)]


def test_parameters_that_no_sentence_speaks_of_part_nothing():
    found = [fault(4, 5, winner="ร้าน ก"), fault(4, 6, winner="ร้าน ข")]
    assert places(found) == ["แบบ!D5:D6 (2 ช่อง)"]


def test_sheets_come_as_they_were_found_and_what_is_of_no_cell_first():
    whole = Finding("internal", Severity.ERROR, params={"error": "x", "message": "y"}, sheet="ฮ")
    found = [fault(1, 9, sheet="ฮ"), fault(1, 5, sheet="ก"), whole, fault(2, 2, sheet="ฮ")]
    assert places(found) == ["ฮ", "ฮ!B2", "ฮ!A9", "ก!A5"]


def test_a_block_keeps_every_finding_and_each_value_once():
    found = [fault(4, row, value=text) for row, text in ((7, "ค"), (5, "ก"), (6, "ก"), (8, None))]
    (block,) = blocks(found, FORMS)
    assert (len(block.findings), block.values) == (4, ("ก", "ค"))
    assert block.severity is Severity.ERROR


def test_what_was_found_is_one_line_however_many_values_there_are():
    found = [fault(4, row, value=text) for row, text in enumerate(["ก", "ข", "ค", "ง"], 5)]
    assert [block.found for block in blocks(found[:3], FORMS)] == ["ก · ข · ค"]
    assert [block.found for block in blocks(found, FORMS)] == ["ก · ข · ค …"]
    assert [len(block.found) for block in blocks([fault(4, 5, value="ก" * 900)], FORMS)] == [202]
    assert [block.found for block in blocks([fault(4, 5)], FORMS)] == [""]
