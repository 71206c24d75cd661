"""Every form by itself: its example row is sound, and each rule finds the row that breaks it."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from pipeline.model import Finding, Severity, Table
from pipeline.validate import judge
from schemas import forms as all_forms
from schemas.kit.bids import parse_bid, procurement_bids, with_winner
from schemas.kit.columns import Column, Filled
from schemas.kit.form import Derivation, FormSpec, Rule
from schemas.kit.kinds import Context, Typed
from schemas.kit.methods import METHODS
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.text import matching_key

FORMS = {form.name: form for form in all_forms()}
CONTEXT = Context(
    Round.parse("2566-12"),
    {"01": ("สำนักปลัดเทศบาล", "สำนักปลัด"), "02": ("กองคลัง",), "07": ("กองสวัสดิการสังคม",)},
    {"thresholds.gift_value_baht": Decimal(3000)},
)
RULES = [(form, rule) for form in FORMS.values() for rule in form.rules]
COLUMNS = [(form, column) for form in FORMS.values() for column in form.columns]
DEMANDED = [(form, column) for form, column in COLUMNS if column.required_if]


def rule_id(pair: Any) -> str:
    return getattr(pair, "code", None) or getattr(pair, "name", "")


def table(form: FormSpec, *changes: Mapping[str, str], context: Context = CONTEXT) -> Table:
    """One row for each change of the example row; an empty text is a blank cell."""
    names = [column.name for column in form.columns]
    examples = {c.name: c.example for c in form.columns if not c.derived}
    rows = [{n: text for n, text in (examples | dict(c)).items() if text} for c in changes]
    read = [{n: value(form.column(n), t, context) for n, t in row.items()} for row in rows]
    frame = pd.DataFrame(read, columns=names, dtype=object)
    frame = frame.astype({c.name: c.dtype for c in form.columns})
    derivation = form.own(Derivation)
    frame = derivation.fill(frame) if derivation else frame
    origin = {"submission": "example.xlsx", "sheet": form.about.sheet}
    frame = frame.assign(**origin, row=range(5, 5 + len(rows)))
    typed = pd.DataFrame(rows, columns=names, dtype="string")
    places = {n: (None, i) for i, n in enumerate(names, 1)}
    return Table(form, frame, typed, {tuple(origin.values()): places})


def value(column: Column, text: str, context: Context) -> Any:
    reading = column.read(Typed("text", text), context)
    assert reading.problem is None, (column.name, text, reading.problem)
    return reading.value


def findings(form: FormSpec, *changes: Mapping[str, str]) -> list[Finding]:
    return judge(table(form, *changes), CONTEXT)


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
    assert [form.about.order for form in FORMS.values()] == list(range(11))
    assert all(len(form.about.sheet) <= 31 for form in FORMS.values())
    covered = {n for form in FORMS.values() for n in form.about.measures}
    assert covered == set(range(1, 11))


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


# --- procurement: bidders, winner, method -------------------------------------------------------


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
    offers = "ร้านตัวอย่าง / 12,000 บาท\nร้าน ก / 11,000 บาท"
    made = table(
        FORMS["procurement"],
        {"bidders_and_prices_raw": offers, "budget_satang": "12,000"},
        {"bidders_and_prices_raw": offers + "\nร้าน ข", "reference_price_satang": "-"},
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
