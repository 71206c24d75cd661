"""What people change: corrections, exclusions, waivers, explanations, and criteria of the round."""

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from pipeline.digests import inputs_sha256, properties
from pipeline.messages import LANGUAGES, finding_sentence, say
from pipeline.model import ObligationState, PipelineError, Signing
from pipeline.plan import load_plan
from pipeline.plan.corrections_file import parse_changes
from pipeline.record import run_json
from pipeline.report import report
from pipeline.run import assess
from tests import office

REGISTER, WELFARE = "ทะเบียนโครงการ", "แบบรายงาน กองสวัสดิการสังคม.xlsx"
OFFICE, OFFICE_2 = "แบบรายงาน สำนักปลัดเทศบาล.xlsx", "แบบรายงาน สำนักปลัดเทศบาล (2).xlsx"
STRANGER = "แบบรายงาน กองสาธารณสุขและสิ่งแวดล้อม.xlsx"
FIRST = 5  # the first row below the headings of our register
GOING, DONE = "อยู่ระหว่างดำเนินการ", "ดำเนินการแล้วเสร็จ"
SOON = datetime.fromisoformat("2023-10-20T12:00:00+07:00")


def written_as(value):
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else f"'{value}'"


def entry(kind, **values):
    written = (f"{k} = {written_as(v)}" for k, v in values.items())
    return "\n".join([f"[[{kind}]]", *written, ""])


def at(number):
    """The status of the project on that line of the register."""
    return f"M{FIRST + number}"


def correction(file=WELFARE, sheet=REGISTER, cell=f"M{FIRST}", old=GOING, new=DONE, **more):
    said = {"reason": "ตัวอย่าง", "agreed_with": "ผู้จัดทำ", "agreed_on": "5/10/2566"}
    said |= {"channel": "โทรศัพท์", "approved_by": "หัวหน้า (ตัวอย่าง)"}
    place = {"file": file, "sheet": sheet, "cell": cell, "old": old, "new": new}
    return entry("correction", **place, **said | more)


def exclusion(file=WELFARE, sheet=REGISTER, row=FIRST):
    why = {"reason": "แถวทดสอบ (ตัวอย่าง)", "approved_by": "ปลัด (ตัวอย่าง)"}
    return entry("exclusion", file=file, sheet=sheet, row=row, **why)


def waiver(division="05", form="gift_report", until="31/12/2566", **more):
    why = {"reason": "โอนงาน (ตัวอย่าง)", "approved_by": "ปลัด (ตัวอย่าง)", "until": until}
    return entry("waiver", division=division, form=form, **why | more)


def explanation(code, **more):
    said = {"text": "ตามรายงานจริง (ตัวอย่าง)", "by": "ผู้จัดทำ", "on": "7/10/2566"}
    return entry("explanation", code=code, **more | said)


def changed(plan, *entries):
    return replace(plan, changes=parse_changes("\n".join(entries).encode(), plan))


def settled(plan, *entries):
    return assess(changed(replace(plan, as_of=SOON), *entries))


def effects(assessment):
    return [str(each.effect) for each in assessment.settled]


def values(assessment, prefix=""):
    return {k: f.value for k, f in assessment.figures.items() if k.startswith(prefix)}


def codes(assessment):
    return [finding.code for finding in assessment.findings]


def refusal(plan, text):
    """Code and parameters of the refusal; its sentences are one line in each language."""
    with pytest.raises(PipelineError) as caught:
        assess(changed(plan, text))
    error = caught.value
    for lang in LANGUAGES:
        assert len(say(f"error.{error.code}", lang, **error.params).splitlines()) == 1
    return error


@pytest.fixture(scope="module")
def six(plan_06):
    return assess(replace(plan_06, as_of=SOON))


@pytest.fixture(scope="module")
def messy(plan_messy):
    return assess(replace(plan_messy, as_of=SOON))


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


def test_a_correction_of_what_does_not_count_has_no_effect(plan_messy, messy):
    states = {r.form: r.state for r in messy.form_outcomes if r.submission == OFFICE}
    assert states["project_register"] == "superseded"
    made = settled(
        plan_messy,
        correction(file=OFFICE, cell=at(1), old=DONE, new=GOING),
        correction(file=STRANGER, cell=at(1)),
        exclusion(file=OFFICE, row=FIRST + 1),
    )
    assert effects(made) == ["not-counted"] * 3
    assert {"correction-not-counted", "exclusion-not-counted"} <= set(codes(made))
    assert values(made) == values(messy)


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


def test_an_excluded_row_is_judged_no_more_and_is_not_open(plan_messy, messy):
    (one,) = [
        f for f in messy.findings if f.code == "unreadable-not-in-list" and f.file == OFFICE_2
    ]
    made = settled(plan_messy, exclusion(file=OFFICE_2, row=one.cell.row))
    about = [f.code for f in made.findings if (f.form, f.index) == (one.form, one.index)]
    assert about == ["excluded"]
    held = {
        (i.division, i.form): int(i.params["rows"])
        for a in (messy, made)
        for i in a.open_items
        if i.kind == "held-back"
    }
    before = next(i for i in messy.open_items if (i.division, i.form) == ("01", one.form))
    assert held[("01", one.form)] == int(before.params["rows"]) - 1


def test_of_two_rows_with_one_key_the_other_counts_when_the_first_is_excluded(plan_messy, messy):
    (double,) = [f for f in messy.findings if f.code == "duplicate-key"]
    first = int("".join(c for c in double.params["first"] if c.isdigit()))
    made = settled(plan_messy, exclusion(file=OFFICE_2, row=first))
    assert "duplicate-key" not in codes(made)


# --- waivers ------------------------------------------------------------------------------------


def test_a_waived_form_is_not_open_while_the_waiver_lasts(plan_messy, messy):
    owed = [s for s in messy.obligation_statuses if s.obligation.division == "05"]
    assert {s.state for s in owed if s.obligation.form == "gift_report"} == {
        ObligationState.MISSING
    }
    made = settled(plan_messy, waiver(), waiver(form="service_manual", until=date(2566, 10, 19)))
    states = {
        s.obligation.form: s.state
        for s in made.obligation_statuses
        if s.obligation.division == "05"
    }
    assert (states["gift_report"], states["service_manual"]) == (
        ObligationState.WAIVED,
        ObligationState.MISSING,
    )
    assert effects(made) == ["in-effect", "expired"]
    assert len(made.open_items) == len(messy.open_items) - 1
    (note,) = [f for f in made.findings if f.code == "waiver-expired"]
    assert "19 ต.ค. 2566" in finding_sentence(note, "th", plan_messy.forms)
    figures = values(made, "submissions.")
    assert figures["submissions.waived"] == 1
    assert figures["submissions.due"] == values(messy)["submissions.due"] - 1


def test_a_waiver_lasts_to_the_end_of_its_day(plan_messy):
    def states(at):
        plan = replace(plan_messy, as_of=datetime.fromisoformat(at))
        made = assess(changed(plan, waiver(until="20/10/2566")))
        return effects(made)

    assert states("2023-10-20T23:59:00+07:00") == ["in-effect"]
    assert states("2023-10-21T00:00:00+07:00") == ["expired"]


def test_a_waiver_of_what_was_sent_is_not_needed(plan_06):
    made = settled(plan_06, waiver(form="service_manual"))
    assert effects(made) == ["not-needed"]
    assert "waiver-not-needed" in codes(made)
    assert values(made)["submissions.waived"] == 0


def test_a_file_sent_back_is_not_open_when_nothing_is_owed_any_more(plan_messy, messy):
    mine = [s.obligation for s in messy.obligation_statuses if s.obligation.division == "06"]
    parts = dict.fromkeys((o.form, o.month, o.measure) for o in mine if o.in_this_round)
    texts = [
        waiver("06", form, **({"month": f"{month:%Y-%m}"} if month else {}), **number(measure))
        for form, month, measure in parts
    ]
    assert [i.division for i in messy.open_items if i.kind == "refused"] == ["06"]
    made = settled(plan_messy, *texts)
    assert set(effects(made)) == {"in-effect"}
    assert [i for i in made.open_items if i.division == "06"] == []


def number(measure):
    return {"measure": measure} if measure else {}


# --- explanations -------------------------------------------------------------------------------


def test_an_explained_item_closes_and_says_so(plan_12):
    made = settled(
        plan_12,
        explanation("XPD-01", key="measures.3.period_text"),
        explanation("required", file=OFFICE, sheet=REGISTER, cell=at(31)),
        explanation("required", file="ไม่มี.xlsx"),
    )
    assert effects(made) == ["in-effect", "in-effect", "not-needed"]
    assert sum(f.explained for f in made.findings) == 2
    assert "explanation-not-needed" in codes(made)
    kinds = [each.kind for each in made.open_items]
    assert kinds == ["waiting-project", "waiting-project"]
    assert OFFICE not in {each.params.get("file") for each in made.open_items}


def test_an_explained_file_is_no_longer_to_be_confirmed(plan_messy, messy):
    made = settled(plan_messy, explanation("no-division", file="ใบเสนอราคา.xlsx"))
    assert len(made.open_items) == len(messy.open_items) - 1


def test_words_do_not_make_a_row_right_that_is_held_back(plan_messy):
    text = explanation("unreadable-not-in-list", file=OFFICE_2)
    assert refusal(plan_messy, text).code == "corrections-explains-error"


def test_an_unknown_code_names_its_entry_and_the_nearest_code(plan_12):
    """A misspelt code would answer nothing: of the two entries the second is at fault."""
    fine = explanation("XPD-01", key="measures.3.period_text")
    error = refusal(plan_12, fine + explanation("requird", file=OFFICE))
    assert error.code == "corrections-unknown-code"
    assert (error.params["number"], error.params["near"]) == (2, "required")
    assert "requird" in say(f"error.{error.code}", **error.params)
    near = refusal(plan_12, explanation("xpd-1", file=OFFICE)).params["near"]
    assert near == "XPD-01"


def test_a_code_that_has_gone_since_stops_no_round_that_is_signed(plan_12):
    signing = Signing(1, plan_12.folder, date(2023, 10, 20), "ตัวอย่าง", plan_12.due, "")
    plan = replace(plan_12, signings=(signing,))
    notes = [f.code for f in settled(plan, explanation("OLD-01", file=OFFICE)).findings]
    assert "explanation-not-needed" in notes


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        (correction(reson="x"), "plan-unknown-key", "correction[1].reson"),
        (correction().replace("reason", "#"), "plan-missing-key", "correction[1].reason"),
        (correction(cell="7M"), "corrections-no-address", "correction[1].cell"),
        (correction(agreed_on="เมื่อวาน"), "corrections-no-day", "correction[1].agreed_on"),
        (exclusion(row=0), "plan-out-of-range", "exclusion[1].row"),
        (waiver(division="77"), "plan-wrong-value", "waiver[1].division"),
        (waiver(form="procurement"), "plan-wrong-value", "waiver[1].form"),
        (waiver(month="2565-10"), "plan-wrong-value", "waiver[1].month"),
        (waiver(measure=6), "plan-wrong-value", "waiver[1].measure"),
        (explanation("required"), "plan-missing-key", "explanation[1].file"),
        ("[[corection]]\n", "plan-unknown-key", "corection"),
    ],
)
def test_an_error_names_file_and_key(plan_06, text, code, key):
    error = refusal(plan_06, text)
    assert (error.code, error.params["key"]) == (code, key)
    assert "corrections.toml" in say(f"error.{code}", **error.params)


def test_it_is_read_as_utf8_with_or_without_bom_and_nothing_else(plan_06):
    text = correction()
    assert parse_changes(b"\xef\xbb\xbf" + text.encode(), plan_06).corrections[0].new == DONE
    for data, code in ((text.encode("cp874"), "plan-not-utf8"), (b"[[x", "plan-not-toml-other")):
        with pytest.raises(PipelineError) as caught:
            parse_changes(data, plan_06)
        assert caught.value.code == code


def test_days_and_values_may_be_written_as_people_do(plan_06):
    text = correction(new=12).replace("'5/10/2566'", "2566-10-05")
    (made,) = parse_changes(text.encode(), plan_06).corrections
    assert (made.new, made.agreed_on) == ("12", date(2023, 10, 5))
    months = parse_changes(waiver("02", "procurement", month="ตุลาคม 2565").encode(), plan_06)
    assert months.waivers[0].month == date(2022, 10, 1)


# --- criteria -----------------------------------------------------------------------------------


def test_a_changed_criterion_is_told_with_both_values(plan_12):
    criteria = dict(plan_12.criteria)
    key = "min_project_count"
    criteria[key] = replace(criteria[key], value=Decimal(33))
    made = assess(replace(plan_12, criteria=criteria, as_of=SOON))
    (finding,) = [f for f in made.findings if f.code == "criterion-changed"]
    assert finding.params == {"key": f"criteria.{key}", "old": "35", "new": "33"}
    assert (finding.to, finding.severity.name) == ("analyst", "WARNING")
    assert run_json(made, {})["changes"]["criteria"] == [{"key": key, "then": 35.0, "now": 33.0}]
    assert plan_12.changed_criteria == {}


# --- in the report ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def all_kinds(root, tmp_path_factory, forms):
    """The example's year, one division silent, with every kind of change and without effect too."""
    inputs = tmp_path_factory.mktemp("kinds") / "inputs"
    for name in ("2566-06", "2566-12"):
        shutil.copytree(root / "inputs" / name, inputs / name)
    (inputs / "2566-12" / "received" / "10.eml").unlink()
    entries = [
        correction(cell=at(3), old="", evidence="อีเมลยืนยัน (ตัวอย่าง)"),
        correction(cell=at(4), old="ยังไม่เริ่ม"),
        exclusion(file="แบบรายงาน กองคลัง.xlsx", sheet="จัดซื้อจัดจ้าง", row=21),
        waiver("10", "gift_report"),
        waiver("10", "service_manual", until="1/10/2566"),
        explanation("XPD-01", key="measures.3.period_text"),
    ]
    (inputs / "2566-12" / "corrections.toml").write_text("\n".join(entries), "utf-8")
    round_toml = inputs / "2566-12" / "round.toml"
    round_toml.write_text(
        round_toml.read_text("utf-8").replace("value = 35", "value = 33", 1), "utf-8"
    )
    made = assess(load_plan(inputs / "2566-12", forms, SOON))
    path = inputs.parent / "report.xlsx"
    report(made, path, properties(made))
    return made, path


def test_everything_that_was_changed_stands_on_its_sheet(all_kinds):
    _, path = all_kinds
    sheet = openpyxl.load_workbook(path)["การปรับแก้ข้อมูล"]
    rows = [[c.value for c in row if c.value is not None] for row in sheet.iter_rows()]
    lines = [" | ".join(map(str, row)) for row in rows if row]
    for said in (
        f"{WELFARE} | {REGISTER} | {at(3)} | สถานะ | (ว่าง) | {DONE} | ตัวอย่าง",
        "ไม่มีผล: ข้อมูลต้นทางแก้ไขแล้ว",
        "จัดซื้อจัดจ้าง | 21 | แถวทดสอบ (ตัวอย่าง) | ปลัด (ตัวอย่าง) | มีผล",
        "ไม่มีผล: หมดอายุ",
        "measures.3.period_text | XPD-01 | ตามรายงานจริง (ตัวอย่าง)",
        "จำนวนโครงการขั้นต่ำ | min_project_count | 35 | 33",
    ):
        assert [line for line in lines if said in line], said
    agreed = next(line for line in lines if "(ว่าง)" in line)
    assert "ตกลงกับ ผู้จัดทำ เมื่อ ๕ ต.ค. ๒๕๖๖ ทางโทรศัพท์" in agreed
    assert "หลักฐาน: อีเมลยืนยัน (ตัวอย่าง)" in agreed


def test_the_cover_counts_them(all_kinds):
    made, path = all_kinds
    sheet = openpyxl.load_workbook(path, data_only=True)["ปก"]
    cells = [[c.value for c in row] for row in sheet.iter_rows()]
    (at,) = [n for n, row in enumerate(cells) if "ยังไม่ส่ง (รายการ)" in row]
    assert [v for v in cells[at + 1] if v is not None] == [4, 1, 1, 1]
    changes = run_json(made, {})["changes"]
    found = {key: [each["effect"] for each in changes[key]] for key in list(changes)[:4]}
    assert found == {
        "corrections": ["in-effect", "source-fixed"],
        "exclusions": ["in-effect"],
        "waivers": ["in-effect", "expired"],
        "explanations": ["in-effect"],
    }


def test_libreoffice_agrees_with_a_report_that_holds_all_kinds(all_kinds):
    office.require_office()
    _, path = all_kinds
    counted, differing = office.differences(path)
    assert differing == []
    assert counted > 500
    low = {
        place: heights
        for place, heights in office.optimal_heights(path).items()
        if heights[0] < heights[1] - 0.5 and place[0] in ("การปรับแก้ข้อมูล", "กระทบยอด", "ปก")
    }
    assert low == {}


def test_rows_held_back_are_listed_with_what_is_to_be_corrected(messy, tmp_path):
    path = tmp_path / "report.xlsx"
    report(messy, path, properties(messy))
    sheet = openpyxl.load_workbook(path)["การปรับแก้ข้อมูล"]
    shown = {(row[1].value, row[3].value) for row in sheet.iter_rows()}
    held = [f for f in messy.findings if f.severity.name == "ERROR" and f.index is not None]
    assert len(held) > 10
    assert [f for f in held if (f.file, f.cell.address) not in shown] == []
