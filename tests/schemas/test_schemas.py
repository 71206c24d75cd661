"""Every form by itself: its example row is sound, and each rule finds the row that breaks it."""

import random
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from pipeline.model import Severity
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec, Rule
from schemas.kit.kinds import Context, Typed
from schemas.kit.thai.thai_text import matching_key
from tests.support.form_rows import (
    COLUMNS,
    CONTEXT,
    DEMANDED,
    FORMS,
    RULES,
    findings,
    table,
)


def rule_id(pair: Any) -> str:
    return getattr(pair, "code", None) or getattr(pair, "name", "")


# --- the example row ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS.values(), ids=rule_id)
def test_the_example_row_is_sound(form: FormSpec) -> None:
    assert findings(form, {}) == []


def test_every_column_that_may_be_asked_for_shows_an_example() -> None:
    bare = [(f.name, c.name) for f, c in COLUMNS if not c.example and not c.derived]
    asked = {(f.name, c.name) for f, c in COLUMNS if c.required_if or c.required}
    assert not set(bare) & {(f, c) for f, c in asked if FORMS[f].column(c).required}
    assert all(FORMS[f].column(c).required_if or not FORMS[f].column(c).required for f, c in bare)


def test_what_a_clerk_types_tells_what_to_type() -> None:
    typed = [(f, c) for f, c in COLUMNS if c.is_typed(prefilled=False) and c.kind.name != "text"]
    assert [(f.name, c.name) for f, c in typed if not c.help_th or not c.help_en] == []


def test_headings_of_one_form_are_told_apart() -> None:
    for form in FORMS.values():
        keys = Counter(key for column in form.columns for key in column.heading_keys)
        assert [key for key, times in keys.items() if times > 1] == [], form.name


def test_every_spelling_of_a_choice_leads_to_a_choice() -> None:
    for form, column in COLUMNS:
        assert set(column.also.values()) <= set(column.choices), (form.name, column.name)
        assert all(column.choice_keys[matching_key(each)] == each for each in column.choices)


def test_sheets_stand_in_the_order_of_the_forms() -> None:
    orders = [form.about.order for form in FORMS.values()]
    assert orders == sorted(set(orders))
    assert all(len(form.about.sheet) <= 31 for form in FORMS.values())
    covered = {n for form in FORMS.values() for n in form.about.measures}
    assert covered == set(range(1, 11)), "each of the ten measures has a form"


# --- rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "rule"), RULES, ids=rule_id)
def test_a_rule_finds_the_row_that_breaks_it_and_no_other(form: FormSpec, rule: Rule) -> None:
    found = [f for f in findings(form, rule.holds, rule.breaks) if f.code == rule.code]
    assert [(f.index, f.column, f.severity) for f in found] == [(1, rule.on[0], rule.severity)]


@pytest.mark.parametrize(("form", "rule"), RULES, ids=rule_id)
def test_a_row_that_breaks_one_rule_is_accused_once(form: FormSpec, rule: Rule) -> None:
    assert [f.code for f in findings(form, rule.breaks)] == [rule.code]
    assert findings(form, rule.holds) == []


@pytest.mark.parametrize(("form", "rule"), RULES, ids=rule_id)
def test_a_rule_is_not_asked_where_a_cell_it_needs_is_blank(form: FormSpec, rule: Rule) -> None:
    rows = table(form, *[rule.breaks] * len(rule.on)).frame
    assert not rule(rows, CONTEXT).any()
    for index, name in enumerate(rule.on):
        rows.loc[index, name] = pd.NA
    assert rule(rows, CONTEXT).all()


@pytest.mark.parametrize("form", FORMS.values(), ids=rule_id)
def test_rules_bear_whatever_is_in_a_row(form: FormSpec) -> None:
    """Whatever was read, a rule answers for every row: no crash, no missing answer."""
    chance = random.Random(2566)
    rows = pd.DataFrame(
        [{c.name: odd(c, chance) for c in form.columns} for _ in range(300)], dtype=object
    ).astype({c.name: c.dtype for c in form.columns})
    for context in (CONTEXT, Context()):
        for rule in form.rules:
            kept = rule(rows, context)
            assert kept.dtype == bool
            assert kept.index.equals(rows.index)


def odd(column: Column, chance: random.Random) -> object:
    odd_ones: dict[str, list[object]] = {
        "money": [0, 1, -1, 10**15],
        "count": [0, 1, -1, 13],
        "day": [pd.Timestamp("1900-01-01"), pd.Timestamp("2023-09-30")],
        "month": [pd.Timestamp("2022-10-01"), pd.Timestamp("2120-01-01")],
        "choice": list(column.choices),
    }
    texts: list[object] = ["x", "๖๕๑๐๗๐๐๐๐๐๑", "65-10-7", "ชื่อ\nยาว / 1,000 บาท", "9" * 13]
    return chance.choice([None, *odd_ones.get(column.kind.name, texts)])


# --- conditional requirements -------------------------------------------------------------------


@pytest.mark.parametrize(("form", "column"), DEMANDED, ids=rule_id)
def test_what_is_needed_is_asked_for_only_then(form: FormSpec, column: Column) -> None:
    other, values = column.required_if or ("", ())
    some = form.column(other)
    rest = {c.name: sample(c) for c in form.columns if c.required_if and c is not column}
    for each in values:
        bare = rest | {other: str(each), column.name: ""}
        found = [f for f in findings(form, bare) if f.column == column.name]
        assert [(f.code, f.severity) for f in found] == [("required-if", column.defect)], each
        filled = bare | {column.name: sample(column)}
        assert [f for f in findings(form, filled) if f.column == column.name] == []
    for each in ("", *(c for c in some.choices if c not in values)):
        spared = rest | {other: each, column.name: ""}
        assert [f for f in findings(form, spared) if f.column == column.name] == []


def sample(column: Column) -> str:
    return column.example or (column.choices[0] if column.choices else "มีข้อความ")


# --- severities ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "column"), COLUMNS, ids=rule_id)
def test_a_blank_weighs_what_its_column_says(form: FormSpec, column: Column) -> None:
    if column.derived or column.name == "winner_and_price_raw":
        return
    found = [f for f in findings(form, {column.name: ""}) if f.column == column.name]
    demanded = column.required_if and form.column(column.required_if[0]).example
    demanded = demanded in (column.required_if or ("", ()))[1]
    expected = column.required or (column.defect if demanded else None)
    assert [f.severity for f in found] == ([expected] if expected else [])


def test_only_what_a_figure_uses_takes_a_row_out_of_it() -> None:
    """Keys, amounts, counts, months, measures and statuses are ERROR; all that describes is not."""
    vital = {
        (form.name, c.name)
        for form, c in COLUMNS
        if Severity.ERROR in (c.required, c.defect) and not form.is_cover
    }
    describing = {"text", "code", "day"}
    allowed = {(f.name, key) for f in FORMS.values() for key in f.about.key}
    allowed |= {("procurement", "winner_and_price_raw")}
    odd_ones = {(f, c) for f, c in vital if FORMS[f].column(c).kind.name in describing}
    assert odd_ones <= allowed
    keys = {(f.name, k) for f in FORMS.values() for k in f.about.key if not f.is_cover}
    months = {(f.name, f.about.month) for f in FORMS.values() if f.about.monthly}
    assert (keys | months) - vital == set()
    blank_status = FORMS["project_register"].column("project_status")
    assert (blank_status.required, blank_status.defect) == (Severity.WARNING, Severity.ERROR)


# --- burden -------------------------------------------------------------------------------------

OWED = {"measure_progress": 3, "activity_evidence": 3, "service_manual": 8, "gift_report": 0}
OWED_12 = OWED | {"internal_control": 3}


def burden(owed: Mapping[str, int], *, prefilled: bool) -> int:
    """Cells a division must type: required or, in its example's state, demanded; cover included."""
    cover = [c for c in FORMS["cover"].labelled_columns if c.required and c.filled is Filled.TYPED]
    return len(cover) + sum(
        rows * sum(is_asked(FORMS[name], c) for c in FORMS[name].typed_columns(prefilled=prefilled))
        for name, rows in owed.items()
    )


def is_asked(form: FormSpec, column: Column) -> bool:
    if column.required_if is None:
        return column.required is not None
    other, values = column.required_if
    return form.column(other).example in values


def test_a_small_division_types_little() -> None:
    assert burden(OWED_12, prefilled=True) <= 50
    assert burden(OWED, prefilled=True) <= 35
    assert burden(OWED_12, prefilled=True) >= 35


def test_complaints_that_do_not_add_up_are_told_at_a_cell_the_clerk_types() -> None:
    recalculated = {"finished_count": "5", "in_progress_count": "-2"}
    found = findings(FORMS["complaint_statistics"], recalculated)
    assert [(f.code, f.column) for f in found] == [("CMP-01", "finished_count")]


def test_another_reason_than_those_listed_is_put_in_words() -> None:
    change = {"project_status": "ไม่สามารถดำเนินการได้", "cannot_reason": "อื่น ๆ"}
    form = FORMS["project_register"]
    assert [f.code for f in findings(form, change | {"result_text": ""})] == ["PRJ-04"]
    assert findings(form, change | {"result_text": "พื้นที่น้ำท่วม"}) == []
    assert findings(form, change | {"cannot_reason": "บุคลากรไม่เพียงพอ", "result_text": ""}) == []


def test_a_project_without_a_budget_may_leave_its_amounts_blank() -> None:
    amounts = ("planned_budget_satang", "appropriated_budget_satang", "disbursed_satang")
    for amount in ("", "0"):
        change = {"uses_budget": "ไม่ใช้"} | dict.fromkeys(amounts, amount)
        assert findings(FORMS["project_register"], change) == []


def test_a_manual_still_to_be_published_needs_no_address() -> None:
    form = FORMS["service_manual"]
    assert findings(form, {"publication_channel": "ป้ายประกาศ", "page_url": ""}) == []
    found = findings(form, {"page_url": "www.example"})
    assert [(f.code, f.severity) for f in found] == [("pattern", Severity.WARNING)]


def test_the_coordinators_row_waits_without_being_a_fault() -> None:
    blank = {"scope": "ภาพรวมเทศบาล", "progress_status": "", "result_summary": ""}
    blank |= {"outcome_text": ""}
    assert findings(FORMS["measure_progress"], blank) == []
    own = blank | {"scope": "ส่วนราชการ"}
    found = findings(FORMS["measure_progress"], own)
    assert [(f.code, f.column, f.severity) for f in found] == [
        ("required-if", "progress_status", Severity.ERROR)
    ]


@pytest.mark.parametrize(
    ("form", "column", "typed", "meant"),
    [
        ("measure_progress", "progress_status", "ยังไม่ดำเนินการ", "ยังไม่ได้ดำเนินการ"),
        ("service_manual", "manual_type", "คู่มือประชาชน", "คู่มือสำหรับประชาชน"),
        ("complaint_statistics", "complaint_category", "ร้องเรียน/ร้องทุกข์ทั่วไป", "ร้องเรียน–ร้องทุกข์ทั่วไป"),
        ("procurement", "contract_status", "สิ้นสุดสัญญา", "สิ้นสุดระยะสัญญา"),
    ],
)
def test_a_former_spelling_is_understood(form: str, column: str, typed: str, meant: str) -> None:
    assert FORMS[form].column(column).read(Typed("text", typed), CONTEXT).value == meant
