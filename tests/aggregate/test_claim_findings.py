"""What is said against what is computed: a whole round whose texts are wrong once a measure."""

import shutil
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digests import properties
from pipeline.messages import finding_sentence, note_sentence, say
from pipeline.plan import load_plan
from pipeline.reply.answers import findings_to_send
from pipeline.reply.marked_copies import marked_copy
from pipeline.report import report
from pipeline.run import assess
from schemas.crosschecks import claim_patterns_for, language
from schemas.kit.claims.extraction import EVERY, claims_in
from schemas.kit.claims.modifiers import Setting
from schemas.kit.thai.thai_text import thai_digits
from tests.example.generate import filled
from tests.example.messy import content_of
from tests.support import office
from tests.support.stored import explain

FORM, OUTCOME, SUMMARY = "measure_progress", "outcome_text", "result_summary"
AT = datetime.fromisoformat("2023-10-02T09:00:00+07:00")
SIX_SAID = "มีโครงการจำนวน ๓๕ โครงการ สถานะอยู่ระหว่างดำเนินการ ๒๓ โครงการและดำเนินการแล้ว ๑๓ โครงการ"

# measure, division, whether of all divisions, column, what is typed, what is computed instead
WRONG = (
    (1, "90", False, OUTCOME, "ได้รับเรื่องร้องเรียน ๙๙ เรื่อง", "เรื่องร้องเรียน ทั้งหมด: รับใหม่ 66"),
    (2, "01", False, SUMMARY, "มีโครงการตามแผน ๔๐ โครงการ", "โครงการในทะเบียน 36"),
    (3, "01", False, OUTCOME, SIX_SAID, "โครงการในทะเบียน (รอบ 6 เดือน) 36"),
    (4, "01", False, OUTCOME, "ดำเนินการแล้วเสร็จ ๓๔ โครงการ", "ดำเนินการแล้วเสร็จ 33"),
    (
        5,
        "02",
        False,
        OUTCOME,
        "มีการจัดซื้อจัดจ้าง ๙๙ สัญญา",
        "จัดซื้อจัดจ้าง ทั้งปี: จำนวนสัญญา 41",
    ),
    (6, "04", False, OUTCOME, "มีการรับของขวัญ ๒ ครั้ง", "จำนวนครั้งที่รับของขวัญ 0"),
    (7, "06", False, OUTCOME, "ปรับปรุงเว็บไซต์ ๙ ครั้ง", "การปรับปรุงเว็บไซต์ 3"),
    (8, "06", True, OUTCOME, "ทุกหน่วยงานดำเนินการแล้วเสร็จ", "มาตรการที่ 8: หน่วยงานที่แล้วเสร็จ 9 จาก 10"),
    (9, "03", False, OUTCOME, "ระบุความเสี่ยง ๙ เรื่อง", "ความเสี่ยงที่ประเมิน (ปค.5) 2"),
    (10, "08", False, OUTCOME, "บุคลากรรับทราบแล้ว ๙๙๙ คน", "จำนวนผู้รับทราบประมวลจริยธรรม 340"),
)
PRINTED = {1, 2, 3, 4, 5, 7, 8, 10}  # 6 and 9: a division's own words, which stand in the annex
OVERVIEW = "ภาพรวมเทศบาล"


def entry(code, plan, cells):
    return {"file": f"{code}.eml", "division": code, "at": AT, "cells": cells}


def cell(division, plan, measure, column, text, *, overview=False):
    """A cell to type over: [form, row of its table, column, text]."""
    rows = filled(division, plan)[FORM]
    of = [(each["measure_no"], each["scope"] == OVERVIEW) for each in rows]
    return [FORM, of.index((measure, overview)) + 1, column, text]


def cells_of(division, plan):
    typed_over = [
        cell(division, plan, measure, column, text, overview=overview)
        for measure, code, overview, column, text, _ in WRONG
        if code == division.code
    ]
    if division.code == "03":  # one division is not done, and says so of measure 8
        typed_over += [cell(division, plan, 8, "progress_status", "อยู่ระหว่างดำเนินการ")]
    if division.code == "05":  # right: its own manuals, not those of all
        typed_over += [cell(division, plan, 8, OUTCOME, "มีคู่มือ ๒ เรื่อง (ตัวอย่าง)")]
    return typed_over


@pytest.fixture(scope="module")
def place(tmp_path_factory, root, forms):
    """A folder with the six months as they are and the twelve with these texts; the plan of it."""
    folder = tmp_path_factory.mktemp("inputs")
    shutil.copytree(root / "inputs" / "2566-06", folder / "2566-06")
    home = folder / "2566-12"
    (home / "received").mkdir(parents=True)
    told = (root / "inputs" / "2566-12" / "round.toml").read_text("utf-8")
    configured = "ผลการดำเนินโครงการ/กิจกรรมจำนวน ๓๖ โครงการ"
    assert told.count(configured) == 1
    told = told.replace(configured, configured.replace("๓๖", "๓๗"))
    (home / "round.toml").write_text(told, "utf-8")
    plan = load_plan(home, forms)
    for division in plan.divisions:
        made = entry(division.code, plan, cells_of(division, plan))
        (home / "received" / made["file"]).write_bytes(content_of(made, plan))
    return plan


@pytest.fixture(scope="module")
def made(place):
    return assess(place)


def about(assessment, code):
    return [each for each in assessment.findings if each.code == code]


def test_each_wrong_text_is_one_finding_at_its_cell(made):
    """Another library opens the file as it was received and finds the words there."""
    found = {int(each.params["measure"]): each for each in about(made, "XPL-02")}
    assert len(about(made, "XPL-02")) == len(WRONG)
    received = {each.name: each.received.data for each in made.submissions}
    for measure, division, _, column, text, computed in WRONG:
        finding = found[measure]
        assert finding.params["computed_th"] == computed
        assert (finding.division, finding.to, finding.column) == (division, "division", column)
        book = openpyxl.load_workbook(BytesIO(received[finding.file]), read_only=True)
        assert book[finding.cell.sheet][finding.cell.address].value == text
        assert finding.params["stated"].strip("“”") in text


def test_a_configured_text_is_told_to_the_analyst_by_its_key(made):
    (finding,) = about(made, "XPL-01")
    assert (finding.to, finding.params["key"]) == ("analyst", "measures.4.procedure")
    assert finding.params["stated"] == "“ดำเนินโครงการ/กิจกรรมจำนวน ๓๗ โครงการ”"
    mailed = [f for each in made.submissions for f in findings_to_send(each, made.findings)]
    assert finding not in mailed
    assert {each.code for each in mailed} >= {"XPL-02"}


def test_the_words_are_printed_as_they_are_and_the_note_stands_under_the_table(made, tmp_path):
    path = tmp_path / "report.xlsx"
    report(made, path, properties(made))
    sheet = openpyxl.load_workbook(path)["รายงาน"]
    texts = [row[0].value or "" for row in sheet.iter_rows(max_col=1)]
    notes = texts[texts.index(say("report.public.notes")) :]
    for measure, _, _, _, text, _ in WRONG:
        finding = next(f for f in about(made, "XPL-02") if f.params["measure"] == str(measure))
        before, quoted, after = note_sentence(finding, "th").partition(finding.params["stated"])
        said = f"{thai_digits(before)}{quoted}{thai_digits(after)}"
        noted = [note for note in notes if note.endswith(said)]
        assert (quoted, len(noted)) == (finding.params["stated"], int(measure in PRINTED)), measure
        cells = [each.value for row in sheet.iter_rows() for each in row]
        assert (text in cells) == (measure in PRINTED)


def test_a_printed_note_tells_nobody_what_to_do(made):
    """The page is published: what is to be corrected, and by which key, stands in the findings."""
    noted = [finding for printed in made.printed for finding in printed.notes]
    assert {"XPL-01", "XPL-02", "XPD-01"} == {finding.code for finding in noted}
    for finding in noted:
        said = finding_sentence(finding, "th", made.plan.forms)
        note = note_sentence(finding, "th")
        assert "โปรด" in said
        for unwanted in ("โปรด", "ชี้แจง", "measures.", "round.toml", "_"):
            assert unwanted not in note, note


def test_what_differs_stays_open_until_it_is_explained(made, place):
    kinds = [
        (each.who, each.division) for each in made.open_items if each.kind == "said-not-computed"
    ]
    assert len(kinds) == len(WRONG) + 1
    assert ("analyst", None) in kinds
    sent = answered(made, place, "90")
    (place.folder / "received" / "90-2.xlsx").write_bytes(sent)
    noted = "file,received_at,from,channel,note\n90-2.xlsx,2023-10-03T09:00:00+07:00,90,ส่งมือ,\n"
    stated = place.folder / "received" / "received.csv"
    stated.write_text(noted, "utf-8")
    again = assess(place)
    stated.unlink()
    (place.folder / "received" / "90-2.xlsx").unlink()
    (finding,) = [f for f in about(again, "XPL-02") if f.division == "90"]
    assert (finding.explained, finding.explanation) == (True, "นับรวมเรื่องที่ส่งต่อ (ตัวอย่าง)")
    left = [each for each in again.open_items if each.kind == "said-not-computed"]
    assert len(left) == len(WRONG)
    assert "90" not in {each.division for each in left}


def answered(assessment, plan, division):
    """The division's marked copy with its explanation typed in."""
    (submission,) = [s for s in assessment.submissions if s.division == division]
    told = findings_to_send(submission, assessment.findings)
    copy = marked_copy(submission, told, plan, assessment.tables)
    words = "นับรวมเรื่องที่ส่งต่อ (ตัวอย่าง)"
    return explain(copy.data, "XPL-02", words)


def test_a_rule_that_is_off_says_nothing(made, place):
    off = assess(replace(place, rules_off=("XPL-02",)))
    assert about(off, "XPL-02") == []
    assert about(off, "XPL-01")
    assert off.comparisons == made.comparisons


@pytest.mark.office
def test_the_auditor_sees_every_statement_beside_its_live_figure(made, tmp_path):
    office.require_office()
    path = tmp_path / "report.xlsx"
    report(made, path, properties(made))
    counted, differing = office.differences(path)
    assert (counted > 0, differing) == (True, [])
    sheet = openpyxl.load_workbook(path, data_only=True)["กระทบยอด"]
    rows = list(sheet.iter_rows(values_only=True))
    agrees, differs = say("report.balance.agrees"), say("report.balance.differs")
    stated = [row for row in rows if row[5] in (agrees, differs)]
    assert len(stated) == len(made.comparisons)
    assert [row[5] == agrees for row in stated] == [each.agrees for each in made.comparisons]
    assert [row[4] == 0 for row in stated] == [each.agrees for each in made.comparisons]
    assert sum(row[5] == differs for row in stated) == len(WRONG) + 1
    own = next(row for row in stated if "มีคู่มือ ๒ เรื่อง" in row[1])
    assert (own[2], own[3], own[5]) == (2, 2, agrees)


def test_every_figure_that_can_be_said_exists(made):
    for claim_pattern in language().claim_patterns:
        measures = claim_pattern.measures or tuple(m.number for m in made.plan.measures)
        for measure in measures:
            names = (
                claim_pattern.figure,
                *claim_pattern.follows,
                *claim_pattern.alternatives,
                claim_pattern.whole,
            )
            parts = {part for name in names if name for part in name.split("+")}
            assert {each.format(measure=measure) for each in parts} <= made.figures.keys()


# --- the program's own sentences ----------------------------------------------------------------

COUNTS = st.tuples(*[st.integers(0, 200)] * 3)


@given(COUNTS, st.sampled_from(["thai", "arabic"]))
def test_a_sentence_made_from_the_figures_agrees_with_them(place, made, counts, digits):
    """The patterns of round.toml and the general sentences, for any numbers."""
    done, going, more = counts
    score = Decimal(done * 10000 // 35) / 100
    values = {"plan.registered": done + going + more, "plan.done": done, "plan.in_progress": going}
    values |= {"plan.score_pct": score}
    for measure in place.measures:
        own = {"obliged": done + going + more, "reported": done + going, "done": done}
        values |= {f"measures.{measure.number}.{key}": value for key, value in own.items()}
    figures = {key: replace(made.figures[key], value=value) for key, value in values.items()}
    read = [agreement(each, figures, place, digits) for each in place.measures]
    assert all(agrees for each in read for agrees in each)
    assert [len(each) for each, m in zip(read, place.measures, strict=True) if m.patterns] == [4, 4]
    assert [
        len(each) for each, m in zip(read, place.measures, strict=True) if m.owner == "ALL"
    ] == [3] * 3


def agreement(measure, figures, plan, digits):
    from pipeline.aggregate.printed_measures import _generated

    text = _generated(measure, "outcome", replace(plan, digits=digits), figures)
    claim_patterns = claim_patterns_for(measure.number, shared=measure.owner == "ALL")
    stated = claims_in(text, language(), claim_patterns, Setting(2566, 12))
    named = [each.figure.format(measure=measure.number) for each in stated]
    assert all(each.value != EVERY for each in stated)
    return [
        each.agrees(Decimal(figures[name].value)) for each, name in zip(stated, named, strict=True)
    ]
