"""The commands as they are typed: what they print, where, and how they end."""

import json
import shutil

import openpyxl
import pytest

from tests.support.typed import typed

pytestmark = pytest.mark.office


@pytest.fixture
def pipeline(root, tmp_path):
    """Run a command on a copy of the example's rounds, in a process of its own."""
    for name in ("2566-06", "2566-12"):
        shutil.copytree(root / "inputs" / name, tmp_path / "inputs" / name)

    def run(*words, **environment):
        return typed(*words, folder=tmp_path, **environment)

    run.folder = tmp_path
    return run


def test_run_prints_a_summary_an_analyst_understands(pipeline):
    made = pipeline("run", "2566-12")
    text = made.stdout.decode()
    assert made.returncode == 1
    for said in ("94.29", "36 / 33 / 0 / 0 / 3", "รอหน่วยงาน", "รอผู้จัดทำรายงาน", "report.xlsx"):
        assert said in text
    assert (pipeline.folder / "outputs/2566-12/report.xlsx").is_file()


def test_the_default_round_is_the_latest(pipeline):
    made = pipeline("run", "--json", "-q")
    assert json.loads(made.stdout)["round"] == "2566-12"


def test_as_of_sees_only_what_had_come_by_then(pipeline):
    made = pipeline("run", "2566-06", "--as-of", "2023-01-01", "--json")
    found = json.loads(made.stdout)
    assert made.returncode == 1
    assert found["files"] == []
    assert {each["state"] for each in found["obligations"]} == {"PENDING", "NOT_DUE"}


def test_as_of_is_written_as_a_thai_writes_a_day(pipeline):
    made = pipeline("run", "2566-06", "--as-of", "1/1/2566", "--json")
    assert json.loads(made.stdout)["as_of"] == "2023-01-01T23:59:59+07:00"


def test_an_as_of_may_name_an_hour_of_its_day(pipeline):
    made = pipeline("run", "2566-06", "--as-of", "2566-01-01T08:30", "--json")
    assert json.loads(made.stdout)["as_of"] == "2023-01-01T08:30:00+07:00"


def test_an_as_of_that_is_no_time_is_the_operators_mistake(pipeline):
    made = pipeline("run", "2566-06", "--as-of", "2566")
    assert made.returncode == 2
    assert made.stderr.decode("utf-8").startswith("2566 ไม่ใช่วันและเวลา")


def test_an_old_thai_console_gets_utf8_and_nothing_breaks(pipeline):
    made = pipeline("status", "2566-12", PYTHONIOENCODING="cp874", PYTHONUTF8="0")
    assert made.returncode == 1
    assert "กองสวัสดิการสังคม" in made.stdout.decode("utf-8")
    assert b"Traceback" not in made.stderr


def test_status_in_json_has_its_keys(pipeline):
    found = json.loads(pipeline("status", "2566-12", "--json").stdout)
    assert found.keys() == {"submissions", "obligations", "open_items"}
    assert found["submissions"]["completeness_pct"] == 100.0


def test_the_screen_counts_open_items_as_the_cover_of_the_report_does(pipeline):
    """What one division owes stands on one line, yet each form of it is an item."""
    (pipeline.folder / "inputs/2566-12/received/05.eml").unlink()
    items = json.loads(pipeline("status", "2566-12", "--json").stdout)["open_items"]
    text = pipeline("status", "2566-12").stdout.decode()
    assert sum(each["kind"] == "missing" for each in items) > 1
    assert text.count("กองการศึกษา: ยังไม่ส่ง") == 1
    for who, waited_for in (("division", "รอหน่วยงาน"), ("analyst", "รอผู้จัดทำรายงาน")):
        count = sum(each["who"] == who for each in items)
        assert f"{waited_for} {count} เรื่อง" in text


def test_the_operators_mistake_is_one_line_and_two(pipeline):
    made = pipeline("run", "2570-12")
    assert made.returncode == 2
    assert made.stdout == b""
    assert len(made.stderr.decode().strip().splitlines()) == 1
    assert "2566-12" in made.stderr.decode()


def test_check_is_clean_for_a_template_and_tells_a_fault(pipeline):
    assert pipeline("template", "2566-06", "--division", "02").returncode == 0
    blank = pipeline.folder / "outputs/2566-06/templates/02.xlsx"
    made = pipeline("check", str(blank), "--round", "2566-06")
    assert (made.returncode, "ยังไม่ได้กรอก" in made.stdout.decode()) == (0, True)
    book = openpyxl.load_workbook(blank)
    sheet = book["จัดซื้อจัดจ้าง"]
    row = next(r for r in range(1, 20) if sheet.cell(r, 2).value == "ลำดับที่") + 1
    for column, value in enumerate(("ตุลาคม 2565", "1", "ซื้อของ", "หมื่นกว่า"), 1):
        sheet.cell(row, column, value)
    wrong = pipeline.folder / "wrong.xlsx"
    book.save(wrong)
    made = pipeline("check", str(wrong), "--json", "--round", "2566-06")
    found = json.loads(made.stdout)
    assert made.returncode == 1
    assert "unreadable-not-a-number" in {each["code"] for each in found["findings"]}


def test_a_workbook_is_checked_without_any_round(pipeline):
    assert pipeline("template", "2566-06", "--division", "02").returncode == 0
    book = openpyxl.load_workbook(pipeline.folder / "outputs/2566-06/templates/02.xlsx")
    sheet = book["จัดซื้อจัดจ้าง"]
    row = next(r for r in range(1, 20) if sheet.cell(r, 2).value == "ลำดับที่") + 1
    sheet.cell(row, 1, "ตุลาคม")
    book.save(pipeline.folder / "alone.xlsx")
    made = pipeline("check", "alone.xlsx", "--inputs", "nowhere", "--lang", "en")
    assert made.returncode == 1
    assert "There is no round to judge by" in made.stdout.decode()
    assert "has no year" in made.stdout.decode()
    assert (
        pipeline("check", "alone.xlsx", "--inputs", "nowhere", "--round", "2566-06").returncode == 2
    )


def test_rules_explain_and_dictionary(pipeline):
    codes = {each["code"] for each in json.loads(pipeline("rules", "--json").stdout)["rules"]}
    assert {"PRJ-01", "XPL-02", "required"} <= codes
    assert "PRC-02" in pipeline("explain", "prc-02", "--lang", "en").stdout.decode()
    assert pipeline("explain", "no-such").returncode == 2
    columns = json.loads(pipeline("dictionary", "--json").stdout)["columns"]
    assert {"procurement", "cover"} <= {each["form"] for each in columns}
    assert not [each for each in columns if each["column"].endswith("_satang")]


def test_a_new_form_needs_its_file_and_the_line_that_says_who_owes_it(root, tmp_path, plan_12):
    """From template to report, with no other change."""
    from dataclasses import replace

    from pipeline.plan import obligations
    from pipeline.run import run
    from pipeline.template import workbook_for
    from schemas import forms

    folder = tmp_path / "schemas"
    shutil.copytree(root / "schemas", folder)
    (folder / "training.py").write_text(
        '"""A form that is new."""\n'
        "from schemas.kit.columns import Count, Text, count, text\n"
        "from schemas.kit.form import About, Form\n\n\n"
        "class Training(\n"
        "    Form,\n"
        '    about=About(sheet="การอบรม", title="การอบรม", en="Training", version="1", order=20),\n'
        "):\n"
        '    """One row for each course."""\n\n'
        '    course: Text = text("หลักสูตร", "Course", example="สุจริต", required=True)\n'
        '    people: Count = count("จำนวนคน", "People", example="5", required=True)\n',
        "utf-8",
    )
    every = forms(folder)
    owing = replace(plan_12.division("03"), forms={**plan_12.division("03").forms, "training": ()})
    divisions = tuple(owing if d.code == "03" else d for d in plan_12.divisions)
    plan = replace(plan_12, forms=every, divisions=divisions, folder=tmp_path, earlier=None)
    assert [o.division for o in obligations(plan) if o.form == "training"] == ["03"]
    rows = [{"course": "สุจริต", "people": 7}]
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "a.xlsx").write_bytes(workbook_for(owing, plan, {"training": rows}))
    made = run(plan, tmp_path / "out")
    assert made.assessment.tables["training"].frame["people"].tolist() == [7]
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    sheet = book["ข้อมูล-การอบรม"]
    assert "สุจริต" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_check_marks_beside_the_file_and_only_when_asked(pipeline):
    assert pipeline("template", "2566-06", "--division", "02").returncode == 0
    file = pipeline.folder / "02.xlsx"
    book = openpyxl.load_workbook(pipeline.folder / "outputs/2566-06/templates/02.xlsx")
    book["No Gift Policy"]["C5"] = "ก"
    book.save(file)
    before = file.read_bytes()
    words = ("check", "02.xlsx", "--round", "2566-06")
    assert pipeline(*words).returncode == 1
    assert not list(pipeline.folder.glob("*ตรวจแล้ว*"))
    made = pipeline(*words, "--mark")
    assert made.returncode == 1
    assert "02-ตรวจแล้ว.xlsx" in made.stdout.decode()
    again = json.loads(pipeline(*words, "--mark", "--json").stdout)
    assert "02-ตรวจแล้ว-2.xlsx" in again["marked"][0]
    assert {p.name for p in pipeline.folder.glob("*.xlsx")} == {
        "02.xlsx",
        "02-ตรวจแล้ว.xlsx",
        "02-ตรวจแล้ว-2.xlsx",
    }
    assert file.read_bytes() == before
    copied = openpyxl.load_workbook(pipeline.folder / "02-ตรวจแล้ว.xlsx")
    assert copied.sheetnames == ["รายการที่ต้องแก้ไข", *book.sheetnames]


def test_check_says_why_it_did_not_mark(pipeline):
    (pipeline.folder / "a.xlsx").write_bytes(b"x")
    made = pipeline("check", "a.xlsx", "--mark")
    assert "จึงไม่ได้ทำเครื่องหมาย" in made.stdout.decode()
    assert "[ต้องแก้ไข]  " not in made.stdout.decode()
    assert not list(pipeline.folder.glob("*ตรวจแล้ว*"))


def test_status_drafts_reminders_when_asked(pipeline):
    (pipeline.folder / "inputs/2566-12/received/03.eml").unlink()
    folder = pipeline.folder / "outputs/2566-12/reminders"
    pipeline("status", "2566-12")
    assert not folder.exists()
    made = pipeline("status", "2566-12", "--remind")
    assert "outputs/2566-12/reminders" in made.stdout.decode()
    assert sorted(path.name for path in folder.iterdir()) == ["03.eml", "03.txt"]
