"""The sheet of signals: what each looked at, rates, groups side by side, contracts one by one."""

from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from pipeline.aggregate import aggregate
from pipeline.collect import collect
from pipeline.crosscheck import crosscheck
from pipeline.digests import properties
from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.model import Severity
from pipeline.read import read
from pipeline.reply import reply
from pipeline.report import report
from pipeline.validate import validate
from schemas import forms
from tests.support import office
from tests.support.builders import table
from tests.support.excel2010 import forbidden_functions

FORM = next(form for form in forms() if form.name == "procurement")
SENT = "แบบรายงาน กองคลัง.xlsx"
ALMOST = "499,999.50"
NUMBER = "0993500000012"


def bought(day, baht, seller, **others):
    won = f"{seller} / {baht} บาท"
    typed = {"report_month": "ตุลาคม 2565", "contract_date": day}
    typed |= {"winner_and_price_raw": won, "bidders_and_prices_raw": won, "winner_tin": ""}
    typed |= {"agreed_price_satang": "", "reference_price_satang": "-", "egp_project_no": ""}
    typed |= {"budget_satang": "500,000", "work_item": f"งานตัวอย่าง {day}"}
    return typed | {"requesting_division_code": ""} | others


PURCHASES = [
    bought("3/10/2565", ALMOST, "หจก.ตัวอย่าง", winner_tin=NUMBER, requesting_division_code="กองช่าง"),
    bought("4/10/2565", "0.51", "ห้างหุ้นส่วนจำกัด ตัวอย่าง", requesting_division_code="กองช่าง"),
    bought("5/10/2565", ALMOST, "ร้านหนึ่ง", reference_price_satang=ALMOST, budget_satang=ALMOST),
    bought("6/10/2565", "12,500.00", "ร้านสอง", reference_price_satang="12,000"),
    bought(
        "7/10/2565", "900,000", "ร้านสาม", procurement_method="e-bidding", budget_satang="999,999"
    ),
    bought("8/10/2565", "100.00", "", winner_and_price_raw="100 บาท", bidders_and_prices_raw=""),
    bought("ไม่ทราบ", "100.00", "ร้านสี่", contract_date="", budget_satang=""),
]


@pytest.fixture(scope="module")
def plan(plan_12):
    """Without the threshold of RF10, and with RF12 switched off."""
    fewer = {k: v for k, v in plan_12.criteria.items() if k != "thresholds.discount_pct"}
    return replace(plan_12, criteria=fewer, rules_off=("RF12",))


@pytest.fixture(scope="module")
def settled(plan):
    reading = read(intake(collect(plan), plan), plan)
    numbered = [{"contract_no": f"{n}/2566"} | each for n, each in enumerate(PURCHASES, 1)]
    made = table(FORM, numbered, plan.context, file=SENT)
    reading = replace(reading, tables={**reading.tables, "procurement": made})
    reading = crosscheck(validate(reading, plan), plan)
    return aggregate(reading, merge(reading), plan)


@pytest.fixture(scope="module")
def made(settled, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    report(settled, path, properties(settled))
    return path


@pytest.fixture(scope="module")
def sheet(made):
    return openpyxl.load_workbook(made)["ข้อสังเกตจัดซื้อจัดจ้าง"]


def rows_with(sheet, first):
    """The values of the rows whose first cell holds this."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [row for row in rows if row[0] == first]


def test_signals_keep_nothing_back_and_are_no_findings_to_act_on(settled, made):
    signals = [f for f in settled.findings if f.is_signal]
    assert {f.code for f in signals} == {"RF01", "RF02", "RF05", "RF06", "RF13"}
    assert all(f.severity is Severity.NOTE and f.fate is None for f in signals)
    told = [item for item in settled.open_items if item.form == "procurement"]
    assert {item.kind for item in told} == {"held-back"}
    shown = openpyxl.load_workbook(made)["ผลตรวจข้อมูล"]
    assert not [c for row in shown.iter_rows() for c in row if str(c.value).startswith("RF")]


def test_no_signal_is_told_to_a_clerk(settled, tmp_path):
    texts = [path.read_text("utf-8") for path in reply(settled, tmp_path) if path.suffix == ".txt"]
    assert texts
    assert not [text for text in texts if "ควรสอบทาน" in text]


def test_the_first_line_says_that_signals_are_no_conclusions(sheet):
    assert sheet["A1"].value == "เป็นสัญญาณเพื่อการสอบทาน มิใช่ข้อสรุปว่ามีการกระทำผิด"


def coverage(sheet, code):
    (row,) = rows_with(sheet, code)
    return (*row[1:4], row[6])


def test_it_says_how_many_rows_each_looked_at_and_why_not_the_others(sheet):
    date, price = "วันที่ของสัญญาหรือข้อตกลงในการซื้อหรือจ้าง", "ราคากลาง (บาท)"
    held = "รอแก้ไข ๑ แถว"
    assert coverage(sheet, "RF04") == (6, 1, 0, held)
    seller = f"{held}\nผู้ขายหรือผู้รับจ้าง ว่างหรืออ่านไม่ได้ ๑ แถว"
    assert coverage(sheet, "RF06") == (5, 2, 1, seller)
    assert coverage(sheet, "RF03 (PRC-02)")[:3] == (2, 5, 1)
    assert f"{price} ว่างหรืออ่านไม่ได้ ๕ แถว" in coverage(sheet, "RF03 (PRC-02)")[3]
    assert coverage(sheet, "PRC-04") == (6, 1, 0, f"{date} ว่างหรืออ่านไม่ได้ ๑ แถว")


def test_a_signal_that_was_not_run_is_told_from_one_that_found_nothing(sheet):
    assert coverage(sheet, "RF10")[:3] == (0, 7, 0)
    assert (
        "ไม่ได้ตรวจ: round.toml ไม่มีเกณฑ์ criteria.thresholds.discount_pct"
        in coverage(sheet, "RF10")[3]
    )
    assert "ไม่ได้ตรวจ: ปิด RF12 ไว้ใน round.toml" in coverage(sheet, "RF12")[3]
    assert coverage(sheet, "RF08")[:3] == (5, 2, 0)


def test_every_check_of_the_form_stands_in_the_table(sheet, settled):
    codes = {row[0].value for row in sheet.iter_rows()}
    checks = [each.check for each in settled.coverage if each.form is FORM or each.check.flag]
    shown = {c.code if c.flag in ("", c.code) else f"{c.flag} ({c.code})" for c in checks}
    assert shown - codes == set()


def test_each_division_has_its_rates(settled):
    values = {key: figure.value for key, figure in settled.figures.items()}
    assert values["procurement.division_3.contracts"] == 2
    assert values["procurement.division_3.near_limit_pct"] == Decimal("50.00")
    assert values["procurement.division_unknown.contracts"] == 4
    assert values["procurement.division_all.at_reference_price_pct"] == Decimal("50.00")
    assert values["procurement.division_all.single_bidder_pct"] == Decimal("100.00")
    found = [values[f"procurement.matched.{name}"] for name in ("number", "name", "unknown")]
    assert found == [1, 4, 1]


def test_one_seller_spelt_two_ways_is_one_line_with_its_methods(settled):
    values = {key: figure.value for key, figure in settled.figures.items()}
    assert settled.figures["procurement.vendor_2.contracts"].title_th.startswith("หจก.ตัวอย่าง")
    names = ("contracts", "agreed_baht", "method_5")
    assert [values[f"procurement.vendor_2.{name}"] for name in names] == [
        2,
        Decimal("500000.01"),
        2,
    ]


def test_a_group_stands_over_its_rows_with_live_totals(sheet):
    (head,) = rows_with(sheet, "กลุ่มที่ ๑ (RF06)")
    at = next(row[0].row for row in sheet.iter_rows() if row[0].value == head[0])
    assert head[1] == f"=COUNT(E{at + 1}:E{at + 2})"
    assert head[4] == f"=SUM(E{at + 1}:E{at + 2})"
    assert head[5] == "=criteria.thresholds.specific_limit_baht"
    assert head[6:8] == ["หจก.ตัวอย่าง", "เลขประจำตัวผู้เสียภาษีและชื่อ"]
    for place, (row, number) in enumerate(zip((at + 1, at + 2), ("1/2566", "2/2566"), strict=True)):
        data, cell = sheet.cell(row, 1).hyperlink.location.rsplit("!", 1)
        assert sheet.cell(row, 2).value == number
        assert sheet.cell(row, 5).value.startswith(f"={data}!")
        shown = [c.value for c in sheet.parent[data.strip("'")][int(cell[1:])]]
        assert number in shown
        assert sheet.cell(row, 9).value == f"{SENT} · {FORM.about.sheet} แถว {5 + place}"


def test_a_contract_with_several_signals_is_one_line(sheet):
    (first,) = rows_with(sheet, "RF02, RF05, RF13")
    assert first[2] == "3/2566"
    assert first[8].count("\n") == 2
    assert [row[2] for row in rows_with(sheet, "RF03")] == ["4/2566"]


@pytest.mark.office
def test_it_recalculates_to_what_is_cached_and_every_row_is_high_enough(made, sheet):
    office.require_office()
    computed = office.recalculate(made)
    cached = openpyxl.load_workbook(made, data_only=True)[sheet.title]
    live = [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    kept = {place: cached[place].value for place in live}
    same = {place: computed[sheet.title, place] for place in live}
    assert len(live) > 50
    assert {p: str(v) for p, v in same.items() if isinstance(v, str)} == {
        p: str(kept[p] or "") for p, v in same.items() if isinstance(v, str)
    }
    numbers = {p: v for p, v in same.items() if not isinstance(v, str)}
    assert numbers == pytest.approx({p: kept[p] for p in numbers})
    heights = office.optimal_heights(made)
    low = {k: v for k, v in heights.items() if k[0] == sheet.title and v[0] < v[1] - 0.5}
    assert low == {}
    assert forbidden_functions(made) == set()
