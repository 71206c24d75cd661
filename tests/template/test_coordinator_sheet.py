"""The coordinator's workbook: what all have told on the left; what becomes of it when it is back."""

import io
import shutil
from dataclasses import replace
from email import message_from_bytes, policy

import openpyxl
import pytest

from pipeline.commands.templates import division_texts, make_templates
from pipeline.model import Fate, ObligationState, PipelineError, Severity
from pipeline.plan import load_plan
from pipeline.run import assess
from pipeline.template import summary_workbook
from schemas.kit.columns import Filled
from schemas.kit.form import Overview
from tests.support import office
from tests.support.excel2010 import forbidden_functions

FORM, SHEET, MEASURE, COORDINATOR = "measure_progress", "ผลตามมาตรการ", 6, "08"
SUMMARY, OUTCOME = "ทุกหน่วยงานประชุมชี้แจงแล้ว (ตัวอย่าง)", "บุคลากรทั้งองค์กรรับทราบ (ตัวอย่าง)"
LATER = "บุคลากรรับทราบเพิ่มเติม (ตัวอย่าง)"
STATED = "file,received_at,from,channel,note\n"


@pytest.fixture(scope="module")
def settled(settled_12):
    return settled_12


@pytest.fixture(scope="module")
def made(plan_12, settled):
    return summary_workbook(plan_12.division(COORDINATOR), plan_12, division_texts(settled))


class Town:
    """A round whose coordinator sends loose workbooks, one after the other."""

    def __init__(self, folder, forms):
        self.folder, self.forms = folder, forms
        self.received = folder / "received"
        mail = message_from_bytes((self.received / "08.eml").read_bytes(), policy=policy.default)
        [attached] = mail.iter_attachments()
        self.own = attached.get_content()
        (self.received / "08.eml").unlink()
        self.lines = []

    def send(self, name, data, day):
        """Put a workbook in with the day on which it came."""
        (self.received / name).write_bytes(data)
        self.lines.append(f"{name},2023-10-{day:02d}T09:00:00+07:00,กองการเจ้าหน้าที่,ตัวอย่าง,\n")
        (self.received / "received.csv").write_text("".join([STATED, *self.lines]), "utf-8")

    def assessed(self):
        return assess(load_plan(self.folder, self.forms))

    def asked(self):
        """The summary's workbook as the command makes it now."""
        made = make_templates(load_plan(self.folder, self.forms), self.folder, None, summary=True)
        return made.workbooks[COORDINATOR, ""].read_bytes()


@pytest.fixture
def town(root, tmp_path, forms):
    folder = tmp_path / "2566-12"
    received = folder / "received"
    received.mkdir(parents=True)
    for name in ("round.toml", "received/02.eml", "received/08.eml"):
        shutil.copyfile(root / "inputs/2566-12" / name, folder / name)
    return Town(folder, forms)


def cells_of(book):
    """The sheet, and its columns by their headings."""
    sheet = book[SHEET]
    heads = next(row for row in sheet.iter_rows() if row[0].value == "มาตรการที่")
    return sheet, heads[0].row, {" ".join(c.value.split()): c.column for c in heads}


def filled(data, **texts):
    """The workbook with these texts in the row of the municipality, "" for a blank."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, top, columns = cells_of(book)
    row = next(
        row
        for row in range(top + 1, sheet.max_row + 1)
        if sheet.cell(row, columns["ขอบเขต"]).value == "ภาพรวมเทศบาล"
    )
    headings = {"status": "สถานะ", "summary": "สรุปผลการดำเนินงาน", "outcome": "ผลลัพธ์ /ความสำเร็จ"}
    for name, text in texts.items():
        sheet.cell(row, columns[headings[name]]).value = text or None
    cover = book["ปก"]
    for (label,) in cover.iter_rows(min_col=1, max_col=1):
        said = {"ผู้จัดทำ (ชื่อ–สกุล)": "(ตัวอย่าง)", "วันที่จัดทำ": "9/10/2566"}.get(label.value)
        if said:
            cover.cell(label.row, 2, said)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def without_overview(data):
    return filled(data, status="", summary="", outcome="")


def summed_up(data, **texts):
    return filled(data, **{"summary": SUMMARY, "outcome": OUTCOME} | texts)


def without_a_manual(data):
    """The workbook with a form that is left blank, and not said to have nothing."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["คู่มือการให้บริการ"]
    for row in sheet.iter_rows(min_row=5):
        for cell in row:
            cell.value = None
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def printed(assessment):
    found = next(each for each in assessment.printed if each.measure.number == MEASURE)
    return found.summary, found.outcome


def missing(assessment):
    items = (i for i in assessment.open_items if i.kind == "summary-missing")
    return [item.params["measure"] for item in items]


def own_rows(assessment):
    """The rows that the coordinator's division reports of itself: measures and files."""
    frame = assessment.tables[FORM].frame
    mine = frame[frame["submission"].str.startswith("08") & (frame["scope"] == "ส่วนราชการ")]
    assert set(mine["fate"]) == {Fate.ACCEPTED}
    return [(int(n), str(f)) for n, f in zip(mine["measure_no"], mine["submission"], strict=True)]


# --- what comes of it ---------------------------------------------------------------------------


def test_it_is_printed_when_it_is_back_and_the_divisions_own_rows_stay(town):
    town.send("08.xlsx", without_a_manual(without_overview(town.own)), 5)
    before = town.assessed()
    assert "6" in missing(before)
    assert ("neither-tick-nor-rows", "08.xlsx") in {(f.code, f.file) for f in before.findings}
    assert "มีหน่วยงานรายงานแล้ว" in printed(before)[0]
    town.send("08-summary.xlsx", summed_up(town.asked()), 9)
    after = town.assessed()
    assert "6" not in missing(after)
    assert printed(after) == (SUMMARY, OUTCOME)
    assert own_rows(after) == own_rows(before) == [(n, "08.xlsx") for n in (6, 8, 9, 10)]
    assert after.figures["measures.6.done"].value == before.figures["measures.6.done"].value
    told_of_it = [f for f in after.findings if f.file == "08-summary.xlsx"]
    assert [f.code for f in told_of_it if f.severity > Severity.NOTE] == []
    assert {f.code for f in before.findings if f.file == "08.xlsx"} == {
        f.code for f in after.findings if f.file == "08.xlsx"
    }


def test_neither_workbook_pushes_away_what_the_other_has_brought(town):
    """What is left blank is no version; of two summaries the later is printed."""
    town.send("08-summary.xlsx", summed_up(town.asked()), 4)
    town.send("08.xlsx", without_overview(town.own), 5)
    made = town.assessed()
    assert printed(made) == (SUMMARY, OUTCOME)
    assert {file for _, file in own_rows(made)} == {"08.xlsx"}
    town.send("08-summary-2.xlsx", summed_up(town.asked(), outcome=LATER), 6)
    assert printed(town.assessed()) == (SUMMARY, LATER)
    town.send("08-again.xlsx", town.own, 7)
    assert SUMMARY not in printed(town.assessed())


def test_alone_it_is_no_report_of_its_division(town):
    town.send("08-summary.xlsx", summed_up(town.asked()), 4)
    made = town.assessed()
    assert "6" not in missing(made)
    states = {
        s.obligation.form: s.state
        for s in made.obligation_statuses
        if s.obligation.division == COORDINATOR and s.obligation.measure is None
    }
    assert set(states.values()) == {ObligationState.PENDING} or set(states.values()) == {
        ObligationState.MISSING
    }


def test_blank_it_says_nothing(town):
    town.send("08.xlsx", town.own, 5)
    before = town.assessed()
    town.send("08-summary.xlsx", town.asked(), 6)
    made = town.assessed()
    assert printed(made) == printed(before)
    assert next(s for s in made.submissions if s.name == "08-summary.xlsx").reason == "not-filled"


# --- what is in it ------------------------------------------------------------------------------


def test_the_left_says_what_each_division_reported_and_the_right_is_one_cell_each(made, plan_12):
    sheet, top, columns = cells_of(openpyxl.load_workbook(io.BytesIO(made)))
    rows = range(top + 1, top + 1 + len(plan_12.obliged_to_all))
    names = [sheet.cell(row, columns["ส่วนราชการที่รายงาน"]).value for row in rows]
    assert names == [plan_12.division(code).name for code in plan_12.obliged_to_all]
    words = [sheet.cell(row, columns["สรุปผลที่รายงาน"]).value for row in rows]
    assert all(words)
    spans = {str(each) for each in sheet.merged_cells.ranges}
    for heading in ("สถานะ", "สรุปผลการดำเนินงาน", "ผลลัพธ์ /ความสำเร็จ"):
        first, last = (sheet.cell(row, columns[heading]) for row in (rows[0], rows[-1]))
        assert f"{first.coordinate}:{last.coordinate}" in spans
        assert first.value is None
        assert first.protection.locked is False
        assert first.column > columns["ปัญหา/อุปสรรคที่รายงาน"]
    assert sheet.cell(rows[0], columns["สรุปผลที่รายงาน"]).protection.locked


def test_who_has_not_reported_or_awaits_correction_is_said_to(settled):
    table = settled.tables[FORM]
    frame = table.frame.copy()
    mails = {each.division: each.name for each in settled.submissions}
    six = frame["measure_no"] == MEASURE
    frame.loc[six & (frame["submission"] == mails["03"]), "fate"] = Fate.HELD_BACK
    statuses = tuple(
        replace(s, state=ObligationState.REFUSED)
        if (s.obligation.division, s.obligation.form) == ("05", FORM)
        else s
        for s in settled.obligation_statuses
    )
    frame = frame[~(six & frame["submission"].isin([mails["04"], mails["05"]]))]
    tables = {**settled.tables, FORM: table.with_frame(frame)}
    odd = replace(settled, tables=tables, obligation_statuses=statuses)
    found = {each[""]: each for each in division_texts(odd)[MEASURE]}
    assert found["กองช่าง"]["progress_status"] == "รอแก้ไข (ยังไม่นำมารวม)"
    assert "result_summary" not in found["กองช่าง"]
    assert found["กองสาธารณสุขและสิ่งแวดล้อม"]["progress_status"] == "ยังไม่ส่ง"
    assert found["กองการศึกษา"]["progress_status"] == "ส่งคืนให้แก้ไข"
    assert found["กองคลัง"]["progress_status"] == "ดำเนินการแล้วเสร็จ"


def test_each_coordinator_has_one_and_others_are_told_that_they_have_none(plan_12, tmp_path):
    made = make_templates(plan_12, tmp_path, None, summary=True)
    names = {code: path.name for (code, _), path in made.workbooks.items()}
    assert names == {code: f"{code}-summary.xlsx" for code in ("01", "06", "08")}
    with pytest.raises(PipelineError) as caught:
        make_templates(plan_12, tmp_path, "02", summary=True)
    assert (caught.value.code, caught.value.params) == ("no-summary", {"division": "กองคลัง"})


def test_a_long_text_goes_on_in_the_next_row_and_the_summary_stays_one_cell(settled, plan_12):
    words = division_texts(settled)
    long = {**words[MEASURE][0], "result_summary": "ประชุมชี้แจง (ตัวอย่าง) " * 150}
    many = {**words, MEASURE: [long, *words[MEASURE][1:]]}
    data = summary_workbook(plan_12.division(COORDINATOR), plan_12, many)
    sheet, _, columns = cells_of(openpyxl.load_workbook(io.BytesIO(data)))
    [span] = [s for s in sheet.merged_cells.ranges if s.min_col == columns["สถานะ"]]
    rows = range(span.min_row, span.max_row + 1)
    assert len(rows) > len(plan_12.obliged_to_all)
    parts = [sheet.cell(row, columns["สรุปผลที่รายงาน"]).value for row in rows]
    names = [sheet.cell(row, columns["ส่วนราชการที่รายงาน"]).value for row in rows]
    first = parts[: names.index(plan_12.division("02").name)]
    assert "".join("".join(first).split()) == "".join(long["result_summary"].split())


@pytest.mark.office
def test_its_pages_and_its_own_check_are_right(made, plan_12, tmp_path):
    office.require_office()
    blank, ready = tmp_path / "blank.xlsx", tmp_path / "ready.xlsx"
    blank.write_bytes(made)
    ready.write_bytes(summed_up(made, status="ดำเนินการแล้วเสร็จ"))
    assert forbidden_functions(blank) == set()
    formulas, wrong = office.differences(blank)
    assert formulas > 20
    assert wrong == []
    book = openpyxl.load_workbook(blank)
    low = [
        (sheet, row)
        for (sheet, row), (has, needs) in office.optimal_heights(blank).items()
        if has < needs - 0.5 and any(cell.value is not None for cell in book[sheet][row])
    ]
    assert low == []
    for path, said in ((blank, "ยังไม่ได้กรอก"), (ready, "พร้อมส่ง")):
        shown = office.recalculate(path)
        whole = next(at for at, text in shown.items() if text == "ทั้งไฟล์")
        assert shown[(whole[0], whole[1].replace("A", "B"))] == said


def test_the_columns_it_shows_are_no_columns_of_the_form(forms):
    form = next(each for each in forms if each.name == FORM)
    keys = {key for column in form.columns for key in column.heading_keys}
    assert not {"".join(text.split()) for text in form.trait(Overview).quoted.values()} & keys
    assert all(column.filled is not Filled.SHOWN for column in form.columns)
