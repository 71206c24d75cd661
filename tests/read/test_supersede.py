"""Files that may or may not be versions of one another, and what the analyst is asked."""

from dataclasses import replace

import openpyxl
import pytest

from pipeline.commands.correct import correct
from pipeline.commands.status import who_must_act
from pipeline.messages import finding_sentence
from pipeline.model import FormState
from pipeline.plan import load_plan
from pipeline.record import run_json
from pipeline.run import assess, run
from pipeline.template import workbook_for
from schemas.kit.kinds import TICK
from tests.support.town import (
    FORM,
    MAY,
    PARTS,
    REVENUE,
    SUPPLIES,
    codes,
    fates,
    items_in,
    rows_balance,
    without_parts,
)


def states_of(settled, month=MAY):
    return {
        form_outcome.submission: form_outcome.state
        for form_outcome in settled.form_outcomes
        if form_outcome.form == FORM and form_outcome.month == month
    }


def test_files_that_share_no_row_both_wait_for_the_analyst(split):
    settled = split.settle()
    assert fates(settled) == {"a.xlsx": "quarantined", "b.xlsx": "quarantined"}
    assert set(states_of(settled).values()) == {FormState.WAITING}
    assert items_in(settled) == []
    (finding,) = [f for f in settled.findings if f.code == "shares-no-row"]
    assert (finding.to, finding.params["files"]) == ("analyst", "a.xlsx, b.xlsx")
    said = finding_sentence(finding, "th", split.plan.forms)
    assert "pipeline correct --exclude" in said
    assert "[[divisions.parts]]" in said
    lines = who_must_act(settled, "th")["analyst"]
    assert [line for line in lines if "จัดซื้อจัดจ้าง (พ.ค. 66) ที่ไม่มีรายการตรงกันเลย" in line]
    assert list(rows_balance(settled)) == [(2, 2), (2, 2)]
    first = split.answers(settled)["02-2.txt"]
    assert "ไม่มีรายการใดตรงกันเลย" in first


def test_an_exclusion_of_one_lets_the_other_count(split):
    approved = {"reason": "ส่งผิดไฟล์ (ตัวอย่าง)", "approved_by": "ปลัดเทศบาล (ตัวอย่าง)"}
    written = correct(split.plan, "exclusion", ["a.xlsx", "จัดซื้อจัดจ้าง"], approved)
    assert written.settled.in_effect
    split.plan = load_plan(split.folder, split.plan.forms)
    settled = split.settle()
    assert fates(settled) == {"a.xlsx": "ignored", "b.xlsx": "accepted"}
    assert items_in(settled) == ["ตย.025/2566", "ตย.026/2566"]
    assert {"excluded-sheet"} == set(codes(settled)) & {"excluded-sheet", "shares-no-row"}
    assert list(rows_balance(settled)) == [(2, 2), (2, 2)]
    file = run_json(settled, {})["files"][0]
    assert file["forms"][FORM]["excluded"] == 2
    report = run(split.plan, split.out).path.with_name("report.xlsx")
    rows = openpyxl.load_workbook(report, read_only=True)["การปรับแก้ข้อมูล"].values
    assert ("a.xlsx", "จัดซื้อจัดจ้าง", "ทั้งชีต") in [row[1:4] for row in rows]


def test_parts_declared_afterwards_let_both_count(town, bought):
    without_parts(town)
    town.mail("a.xlsx", town.book(bought[0]), SUPPLIES)
    town.mail("b.xlsx", town.book(bought[1]), REVENUE)
    assert set(states_of(town.settle()).values()) == {FormState.WAITING}
    town.parts(PARTS)
    assert set(states_of(town.settle()).values()) == {FormState.COUNTS}


def test_a_later_file_with_the_rows_of_both_replaces_both(split, bought):
    split.mail("c.xlsx", split.book([*bought[0], *bought[1]]))
    settled = split.settle()
    assert fates(settled) == {"a.xlsx": "superseded", "b.xlsx": "superseded", "c.xlsx": "accepted"}
    assert "shares-no-row" not in codes(settled)


def test_a_later_file_with_the_rows_of_one_leaves_the_other_in_question(split, bought):
    split.mail("c.xlsx", split.book(bought[1]))
    settled = split.settle()
    assert states_of(settled) == {
        "a.xlsx": FormState.WAITING,
        "b.xlsx": FormState.SUPERSEDED,
        "c.xlsx": FormState.WAITING,
    }


def test_a_nil_return_replaces_rows_and_is_replaced_by_them(town, bought):
    without_parts(town)
    nil = [{"form_sheet": "จัดซื้อจัดจ้าง", "report_month": MAY, "is_nil": TICK}]
    town.mail("a.xlsx", town.book(bought[0]))
    town.mail("b.xlsx", town.book([], cover=nil))
    settled = town.settle()
    assert states_of(settled)["b.xlsx"] is FormState.NIL
    assert "fewer-rows" in codes(settled)
    town.mail("c.xlsx", town.book(bought[1]))
    assert states_of(town.settle())["c.xlsx"] is FormState.COUNTS


KEYED = [
    ("project_register", "project_no", ("01", "02"), ("03",), FormState.WAITING),
    ("project_register", "project_no", ("01", "02"), ("02", "03"), FormState.COUNTS),
    ("website_update", "section_name", ("ก", "ข"), ("ค",), FormState.WAITING),
    ("internal_control", "risk_description", ("ก",), ("ข",), FormState.WAITING),
    ("activity_evidence", "activity_name", ("ก",), ("ข",), FormState.WAITING),
    ("service_manual", "service_name", ("ก",), ("ข",), FormState.WAITING),
    ("gift_report", "giver_type", ("ภาคเอกชน",), ("หน่วยงานของรัฐ",), FormState.COUNTS),
]


@pytest.mark.parametrize(("name", "column", "then", "now", "state"), KEYED)
def test_a_version_is_known_by_the_forms_key_else_by_what_tells_its_rows(
    town, name, column, then, now, state
):
    """A form of which neither is known cannot be told: the later file counts."""
    owing = town.plan.division("01")
    forms = dict.fromkeys((*owing.forms, name), ())
    divisions = tuple(replace(d, forms=forms) if d is owing else d for d in town.plan.divisions)
    plan = replace(town.plan, divisions=divisions)
    kind = {"manual_type": "คู่มือสำหรับประชาชน"} if name == "service_manual" else {}
    for file, values in (("a.xlsx", then), ("b.xlsx", now)):
        rows = [{column: value, **kind} for value in values]
        data = workbook_for(plan.division("01"), plan, {name: rows})
        town.mail(file, data, "office@chachoengsao.example")
    found = {r.submission: r.state for r in assess(plan).form_outcomes if r.form == name}
    assert found["b.xlsx"] is state


def test_forms_with_lines_made_beforehand_always_share_them(town, plan_12):
    rows = [{"measure_no": 6, "scope": "ส่วนราชการ", "progress_status": "ดำเนินการแล้วเสร็จ"}]
    for name in ("a.xlsx", "b.xlsx"):
        town.mail(
            name,
            workbook_for(town.plan.division("03"), town.plan, {"measure_progress": rows}),
            "works@chachoengsao.example",
        )
        rows = [rows[0] | {"measure_no": 8}]
    assert fates(town.settle()) == {"a.xlsx": "superseded", "b.xlsx": "accepted"}
