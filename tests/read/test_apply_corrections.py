"""Corrections of cells and exclusions of rows: what they change, and nothing else."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from pipeline.digests import inputs_sha256
from pipeline.messages import finding_sentence
from pipeline.run import assess
from tests.support.corrections import (
    DONE,
    FIRST,
    GOING,
    OFFICE,
    OFFICE_2,
    REGISTER,
    SOON,
    WELFARE,
    at,
    changed,
    codes,
    correction,
    effects,
    exclusion,
    refusal,
    settled,
    values,
)

STRANGER = "แบบรายงาน กองสาธารณสุขและสิ่งแวดล้อม.xlsx"


@pytest.fixture(scope="module")
def six(plan_06):
    return assess(replace(plan_06, as_of=SOON))


# --- corrections --------------------------------------------------------------------------------


def test_a_correction_changes_the_figures_of_its_cell_and_no_other(plan_06, six):
    made = settled(plan_06, correction())
    before, after = values(six), values(made)
    moved = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert moved["plan.done"] == (13, 14)
    assert moved["plan.in_progress"] == (23, 22)
    assert moved["plan.score_pct"] == (Decimal("70.00"), Decimal("71.43"))
    assert {key.split(".")[0] for key in moved} == {"plan"}
    assert {key for key in moved if "dimension" in key} == {
        "plan.dimension_1.done",
        "plan.dimension_1.in_progress",
    }
    assert effects(made) == ["in-effect"]
    assert inputs_sha256(made) != inputs_sha256(six)


def test_the_cell_keeps_what_was_typed_beside_what_is_read(plan_06):
    made = settled(plan_06, correction())
    table = made.tables["project_register"]
    frame = table.frame
    (index,) = frame.index[(frame["submission"] == WELFARE) & (frame["row"] == FIRST)]
    assert frame.at[index, "project_status"] == DONE
    assert table.value(index, "project_status") == GOING
    (repair,) = [each for each in made.repairs if "agreed-correction" in each.codes]
    assert (repair.typed, repair.read, repair.cell.address) == (GOING, DONE, at(0))


def test_a_blank_cell_is_corrected_and_one_is_blanked(plan_12):
    made = settled(
        plan_12, correction(cell=at(3), old=""), correction(cell=at(0), old=DONE, new="")
    )
    assert effects(made) == ["in-effect", "in-effect"]
    waiting = {each.params["cell"] for each in made.open_items if each.kind == "waiting-project"}
    assert f"{REGISTER}!{at(0)}" in waiting
    assert f"{REGISTER}!{at(3)}" not in waiting


def test_a_number_and_a_day_agree_however_they_are_written(plan_06, six):
    table = six.tables["procurement"]
    names = ["budget_satang", "contract_date"]
    index = int(table.frame.dropna(subset=names).index[0])
    budget, day = (table.frame.at[index, name] for name in names)
    olds = (f"{budget // 100:,}.{budget % 100:02d}", f"{day.day}/{day.month}/{day.year + 543}")
    news = (budget // 100 + 1000, f"{day.day}/{day.month}/{day.year}")
    texts = [
        correction(file=cell.file, sheet=cell.sheet, cell=cell.address, old=old, new=new)
        for cell, old, new in zip([table.cell(index, n) for n in names], olds, news, strict=True)
    ]
    made = settled(plan_06, *texts)
    assert effects(made) == ["in-effect", "in-effect"]
    key = "procurement.year.budget_baht"
    moved = values(made)[key] - values(six)[key]
    assert moved == 1000 - Decimal(int(budget) % 100) / 100


def test_a_correction_goes_out_of_effect_when_the_source_is_fixed(plan_06, six):
    made = settled(plan_06, correction(old="ยังไม่เริ่ม"))
    assert effects(made) == ["source-fixed"]
    assert values(made) == values(six)
    (note,) = [f for f in made.findings if f.code == "correction-source-fixed"]
    said = finding_sentence(note, "th", plan_06.forms)
    assert said.startswith("ข้อมูลต้นทางแก้ไขแล้ว การปรับแก้นี้ไม่มีผล")
    assert (GOING in said, note.to, note.severity.name) == (True, "analyst", "NOTE")


def test_a_correction_of_what_does_not_count_has_no_effect(plan_messy, messy_soon):
    states = {r.form: r.state for r in messy_soon.form_outcomes if r.submission == OFFICE}
    assert states["project_register"] == "superseded"
    made = settled(
        plan_messy,
        correction(file=OFFICE, cell=at(1), old=DONE, new=GOING),
        correction(file=STRANGER, cell=at(1)),
        exclusion(file=OFFICE, row=FIRST + 1),
    )
    assert effects(made) == ["not-counted"] * 3
    assert {"correction-not-counted", "exclusion-not-counted"} <= set(codes(made))
    assert values(made) == values(messy_soon)


def test_the_last_correction_of_a_cell_replaces_those_before_it(plan_06, six):
    made = settled(plan_06, correction(), correction(new=GOING))
    assert effects(made) == ["replaced", "in-effect"]
    assert values(made) == values(six)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (correction(file="ไม่มี.xlsx"), "corrections-no-file"),
        (correction(sheet="ไม่มี"), "corrections-no-cell"),
        (correction(cell="M900", old=""), "corrections-no-cell"),
        (correction(cell=f"ZZ{FIRST}", old=""), "corrections-no-cell"),
        (correction(new="งง"), "corrections-unreadable"),
        (exclusion(row=900), "corrections-no-cell"),
        (exclusion(file="ไม่มี.xlsx"), "corrections-no-file"),
    ],
)
def test_what_is_not_there_is_the_operators_mistake(plan_06, text, code):
    error = refusal(plan_06, text)
    assert (error.code, error.params["number"]) == (code, 1)


def test_what_has_not_come_yet_is_no_mistake(plan_06):
    early = replace(plan_06, as_of=datetime.fromisoformat("2023-01-01T00:00:00+07:00"))
    assert effects(assess(changed(early, correction()))) == ["not-counted"]


def test_a_rule_speaks_of_the_agreed_value_and_points_at_the_typed_one(plan_12):
    """A sentence that named the value nobody uses any more would be wrong."""
    table = assess(replace(plan_12, as_of=SOON)).tables["procurement"]
    places = [table.cell(0, name) for name in ("budget_satang", "winner_and_price_raw")]
    typed = [table.value(0, name) for name in ("budget_satang", "winner_and_price_raw")]
    texts = [
        correction(file=place.file, sheet=place.sheet, cell=place.address, old=old, new=new)
        for place, old, new in zip(places, typed, ("1", "ร้านตัวอย่าง / 2"), strict=True)
    ]
    (found,) = [f for f in settled(plan_12, *texts).findings if f.code == "PRC-03"]
    assert "(1.00 บาท)" in finding_sentence(found, "th", plan_12.forms)
    assert (found.cell, found.value) == (places[1], typed[1])


# --- exclusions ---------------------------------------------------------------------------------


def test_an_excluded_row_is_not_counted_and_the_rows_still_balance(plan_06, six):
    made = settled(plan_06, exclusion(file=OFFICE, row=FIRST + 1))
    before, after = values(six, "rows.project_register"), values(made, "rows.project_register")
    assert after["rows.project_register.excluded"] == 1
    assert after["rows.project_register.accepted"] == before["rows.project_register.accepted"] - 1
    assert after["rows.project_register.read"] == before["rows.project_register.read"]
    (finding,) = [f for f in made.findings if f.code == "excluded"]
    assert finding.params["approved_by"] == "ปลัด (ตัวอย่าง)"
    assert finding.value == six.tables["project_register"].value(finding.index, "project_no")


def test_an_excluded_row_is_judged_no_more_and_is_not_open(plan_messy, messy_soon):
    (one,) = [
        f for f in messy_soon.findings if f.code == "unreadable-not-in-list" and f.file == OFFICE_2
    ]
    made = settled(plan_messy, exclusion(file=OFFICE_2, row=one.cell.row))
    about = [f.code for f in made.findings if (f.form, f.index) == (one.form, one.index)]
    assert about == ["excluded"]
    held = {
        (i.division, i.form): int(i.params["rows"])
        for a in (messy_soon, made)
        for i in a.open_items
        if i.kind == "held-back"
    }
    before = next(i for i in messy_soon.open_items if (i.division, i.form) == ("01", one.form))
    assert held[("01", one.form)] == int(before.params["rows"]) - 1


def test_of_two_rows_with_one_key_the_other_counts_when_the_first_is_excluded(
    plan_messy, messy_soon
):
    (double,) = [f for f in messy_soon.findings if f.code == "duplicate-key"]
    first = int("".join(c for c in double.params["first"] if c.isdigit()))
    made = settled(plan_messy, exclusion(file=OFFICE_2, row=first))
    assert "duplicate-key" not in codes(made)
