"""The first hour of a municipality: `init --new` asks, writes a round, and the round runs at once."""

import csv
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.commands.default_roster import owed_by_nobody, usual_divisions
from pipeline.commands.init import _inside, round_toml, write_round
from pipeline.commands.questions import ABOUT_IT, WHICH_ROUND, added, kept, read_division
from pipeline.files import is_safe_name
from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan import load_plan, obligations
from schemas.kit.thai.thai_text import clean
from schemas.measure_progress import Progress

ANSWERS = {
    "year": "2570",
    "round": "6",
    "due": "6/4/2570 16.30",
    "organisation": "เทศบาลเมืองตัวอย่าง",
    "kind": "เทศบาลเมือง",
    "province": "ตัวอย่าง",
    "code": "ตย-1",
    "contact": "ผู้จัดทำ (ตัวอย่าง)",
    "phone": "0 0000 0000",
    "email": "report@town.example",
    "min_project_count": "20",
}
NASTY = [
    '"',
    "\\",
    "\\u0e01 'x'",
    '"""',
    "'''",
    "a\nb",
    "$code ${name}",
    "{0} %s #",
    "ก\u200bข",
    "=1+1",
    "\x7f",
]


def known_from(**changes):
    """Every answer read as the command reads it."""
    known = {"today": date(2026, 11, 25)}
    for question in (*WHICH_ROUND, *ABOUT_IT):
        known[question.key] = question.read((ANSWERS | changes)[question.key], known)
    assert None not in known.values(), known
    return known


def options(**changes):
    """The answers as the options of the command."""
    pairs = ((f"--{key.replace('_', '-')}", text) for key, text in (ANSWERS | changes).items())
    return [word for name, text in pairs if text is not None for word in (name, text)]


@pytest.fixture
def pipeline(root, tmp_path):
    """Run a command in an empty folder, in a process of its own."""

    def run(*words, **more):
        return subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(root)},
            capture_output=True,
            check=False,
            **({"stdin": subprocess.DEVNULL} | more),
        )

    run.folder = tmp_path
    return run


# --- the whole way ------------------------------------------------------------------------------


def fill_measures(path, target, form):
    """Fill a division's measures as a clerk does, in the cells of the issued workbook."""
    book = openpyxl.load_workbook(path)
    sheet = book[form.about.sheet]
    headings = {
        name: form.column(name).th
        for name in ("measure_no", "progress_status", "result_summary", "outcome_text")
    }
    (top,) = (r for r in range(1, 30) if headings["progress_status"] in [c.value for c in sheet[r]])
    at = {
        name: next(c.column for c in sheet[top] if c.value == th) for name, th in headings.items()
    }
    filled = 0
    for row in range(top + 1, sheet.max_row + 1):
        if sheet.cell(row, at["measure_no"]).value:
            sheet.cell(row, at["progress_status"], str(Progress.DONE))
            sheet.cell(row, at["result_summary"], "ดำเนินการแล้ว (ตัวอย่าง)")
            sheet.cell(row, at["outcome_text"], "บุคลากรรับทราบ (ตัวอย่าง)")
            filled += 1
    book.save(target)
    return filled


@pytest.mark.office
def test_an_empty_folder_becomes_a_report_in_four_commands(pipeline, forms):
    made = pipeline(
        "init",
        "--new",
        *options(),
        "--division",
        "01=สำนักปลัด",
        "--division",
        "02=กองคลัง=finance@town.example",
        "--division",
        "03=กองช่าง",
    )
    assert (made.returncode, made.stderr) == (0, b"")
    said = made.stdout.decode()
    steps = [
        said.rindex(each) for each in ("template 2570-06", "inputs/2570-06/received", "run 2570-06")
    ]
    assert steps == sorted(steps)
    assert (pipeline.folder / "outputs/2570-06").is_dir()

    bare = pipeline("run", "--json", "--as-of", "2027-04-01")
    assert bare.returncode == 1
    assert {o["state"] for o in json.loads(bare.stdout)["obligations"]} == {"PENDING", "NOT_DUE"}

    assert pipeline("template").returncode == 0
    templates = pipeline.folder / "outputs/2570-06/templates"
    assert sorted(p.name for p in templates.iterdir()) == ["01.xlsx", "02.xlsx", "03.xlsx"]
    received = pipeline.folder / "inputs/2570-06/received"
    (form,) = (f for f in forms if f.name == "measure_progress")
    assert fill_measures(templates / "03.xlsx", received / "กองช่าง.xlsx", form) == 3

    ran = pipeline("run", "2570-06", "--json", "--as-of", "2027-04-01")
    found = json.loads(ran.stdout)
    assert ran.returncode == 1
    (file,) = found["files"]
    assert (file["division"], file["outcome"]) == ("03", "accepted")
    assert file["forms"]["measure_progress"]["accepted"] == 3
    states = {
        (o["division"], o["form"]): o["state"] for o in found["obligations"] if not o["measure"]
    }
    assert states["03", "measure_progress"] == "REPORTED"
    assert states["03", "gift_report"] == states["02", "measure_progress"] == "PENDING"
    assert {f["code"] for f in found["findings"]} <= {"sender-not-registered", "required"}
    written = [p for p in (pipeline.folder / "outputs").rglob("*") if not is_safe_name(p.name)]
    assert written == []

    told = pipeline("status", "2570-06")
    assert told.returncode == 1
    lines = told.stdout.decode().splitlines()
    (finance,) = (line for line in lines if line.startswith("  - กองคลัง: "))
    assert "จัดซื้อจัดจ้าง (ต.ค. 69–มี.ค. 70)" in finance


@pytest.mark.office
def test_it_never_writes_over_a_round(pipeline):
    assert pipeline("init", "--new", *options()).returncode == 0
    file = pipeline.folder / "inputs/2570-06/round.toml"
    file.write_text("mine", "utf-8")
    again = pipeline("init", "--new", *options())
    assert (again.returncode, again.stdout) == (2, b"")
    (line,) = again.stderr.decode().splitlines()
    assert "inputs/2570-06" in line
    assert file.read_text("utf-8") == "mine"


@pytest.mark.office
def test_a_missing_answer_names_its_option_and_a_strange_one_its_value(pipeline):
    def told(*words):
        made = pipeline("init", *words, "--yes")
        assert (made.returncode, made.stdout) == (2, b"")
        (line,) = made.stderr.decode().splitlines()
        return line

    assert "--new" in told(*options())
    assert "--year" in told("--new")
    assert "--min-project-count" in told("--new", *options(min_project_count=None))
    assert "--kind" in told("--new", *options(organisation="เมืองตัวอย่าง", kind=None))
    strange = told("--new", *options(due="6/4/2570"))
    assert "--due" in strange
    assert "6/4/2570" in strange
    assert "--division" in told("--new", *options(), "--division", "CON=กองคลัง")
    assert not (pipeline.folder / "inputs").exists()


@pytest.mark.office
def test_in_json_it_prints_what_it_wrote_and_what_to_type(pipeline, forms):
    made = pipeline("init", "--new", "--json", "--outputs", "ผล ลัพธ์", *options())
    found = json.loads(made.stdout)
    assert found["round"] == "2570-06"
    assert found["written"] == ["inputs/2570-06/round.toml", "inputs/2570-06/received/received.csv"]
    assert [each.split()[-1] for each in found["next"]] == ['ลัพธ์"', 'ลัพธ์"']
    assert "template 2570-06" in found["next"][0]
    assert found["owed_by_nobody"] == [f.name for f in owed_by_nobody(usual_divisions(), forms)]


@pytest.mark.office
def test_in_a_terminal_it_asks_and_asks_again(pipeline):
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    typed = [
        "2027",
        "๒๕๗๐",
        "",
        "31/2/2570 9.00",
        "6 เม.ย. 2570 เวลา 16.30 น.",
        "",
        "เทศบาลตำบลตัวอย่าง",
        "",
    ]
    typed += ["ตัวอย่าง", "ตย-2", "ผู้จัดทำ", "0 0000 0000", "nobody", "report@town.example", "0", "๒๐"]
    typed += ["-", "finance@town.example saraban@town.example", "?", "", *["-"] * 8]
    typed += ["02=ซ้ำ", "11=กองการประปา", "", ""]
    os.write(master, "\n".join(typed).encode())
    made = pipeline("init", "--new", stdin=slave)
    os.close(slave)
    os.close(master)
    assert made.returncode == 0, made.stderr.decode()
    asked = made.stderr.decode()
    for key in (
        "year",
        "due",
        "organisation",
        "email",
        "min_project_count",
        "addresses",
        "division",
    ):
        assert asked.count(say(f"expected.{key}")) == 1, key
    raw = tomllib.loads((pipeline.folder / "inputs/2570-06/round.toml").read_text("utf-8"))
    assert raw["organisation"] == {
        "code": "ตย-2",
        "name": "เทศบาลตำบลตัวอย่าง",
        "kind": "เทศบาลตำบล",
        "province": "ตัวอย่าง",
    }
    assert raw["due"] == datetime.fromisoformat("2027-04-06T16:30:00+07:00")
    assert [(d["code"], d["name"]) for d in raw["divisions"]] == [
        ("02", "กองคลัง"),
        ("03", "กองช่าง"),
        ("11", "กองการประปา"),
    ]
    assert raw["divisions"][0]["senders"] == ["finance@town.example", "saraban@town.example"]


@pytest.mark.office
def test_stopping_makes_nothing(pipeline):
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    os.write(master, b"2570\n\x04")
    made = pipeline("init", "--new", stdin=slave)
    os.close(slave)
    os.close(master)
    assert (made.returncode, made.stdout) == (2, b"")
    assert made.stderr.decode().splitlines()[-1] == say("error.init-stopped")
    assert not (pipeline.folder / "inputs").exists()


# --- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize("months", ["6", "12"])
def test_the_file_loads_and_asks_what_the_example_asks(months, tmp_path, forms, plan_06, plan_12):
    known = known_from(round=months, due="6/10/2570 16:30")
    plan_file, register = write_round(known, usual_divisions(), tmp_path / "in", tmp_path / "out")
    example = plan_06 if months == "6" else plan_12
    plan = load_plan(plan_file.parent, forms)
    assert plan.name == known["round"].name
    assert {n: (m.owner, m.coordinator, m.rounds) for n, m in enumerate(plan.measures, 1)} == {
        n: (m.owner, m.coordinator, m.rounds) for n, m in enumerate(example.measures, 1)
    }
    assert {k: v.value for k, v in plan.criteria.items()} == {
        k: v.value for k, v in example.criteria.items()
    } | {"min_project_count": 20}
    assert {c.approved_by for c in plan.criteria.values()} == {"(รอผู้มีอำนาจอนุมัติเกณฑ์)"}
    usual = {name for division in plan.divisions for name in division.forms}
    owed, owed_there = (
        Counter((o.division, o.form, o.in_this_round) for o in obligations(p) if o.form in usual)
        for p in (plan, example)
    )
    differs = {(d, f): n for (d, f, _), n in ((owed - owed_there) + (owed_there - owed)).items()}
    assert differs == {
        ("04", "project_register"): 1,
        ("05", "project_register"): 1,
        ("07", "project_register"): 1,
        ("09", "service_manual"): 1,
    }
    assert not [m for m in plan.measures if "ฉะเชิงเทรา" in m.title + m.procedure + m.owner_text]
    data = register.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert list(csv.reader(data.decode("utf-8-sig").splitlines())) == [
        ["file", "received_at", "from", "channel", "note"]
    ]
    assert b"\n" not in plan_file.read_bytes().replace(b"\r\n", b"")  # an old Notepad shows lines


def test_a_new_round_contradicts_no_calendar(tmp_path, forms):
    """Nothing that the program itself wrote is put before the analyst."""
    from pipeline.run import assess

    for months in ("6", "12"):
        write_round(
            known_from(round=months, due="6/10/2570 16.30"),
            usual_divisions(),
            tmp_path,
            tmp_path / "out",
        )
    assessment = assess(load_plan(tmp_path / "2570-12", forms))
    assert {item.who for item in assessment.open_items} == {"division"}
    assert [f for f in assessment.findings if f.to == "analyst"] == []
    assert assessment.earlier is not None


def test_every_example_that_is_commented_out_is_right(tmp_path, forms):
    plan_file, _ = write_round(known_from(), usual_divisions(), tmp_path, tmp_path / "out")
    text = plan_file.read_text("utf-8")
    examples = re.findall(r"(?m)^#(?=[a-z\[])", text)
    assert len(examples) == 20
    (exempt,) = re.findall(r"(?m)^# +(exempt = \[.*?\])", text)
    text = re.sub(r"(?m)^#(?=[a-z\[])", "", text).replace(
        "in_all = true", f"in_all = true\n{exempt}", 1
    )
    plan_file.write_text(text, "utf-8")
    plan = load_plan(plan_file.parent, forms)
    assert (plan.oit_item, plan.reply_from, plan.rules_off) == (
        "O43",
        "report@town.example",
        ("PRC-02",),
    )
    assert [e.division for e in plan.extensions] == ["01"]
    assert plan.divisions[0].exempt == ("service_manual",)
    (part,) = plan.divisions[-1].parts
    assert (part.code, part.forms) == ("1", ("activity_evidence",))


def test_every_part_of_the_file_is_explained():
    """A comment stands above each table or list of tables, and above the first of several."""
    lines = round_toml(known_from(), usual_divisions()).splitlines()
    tables = [n for n, line in enumerate(lines) if re.match(r"\[+[a-z]+", line)]
    kinds = {re.match(r"\[+([a-z]+)", lines[n])[1]: n for n in reversed(tables)}
    assert kinds.keys() == {"signers", "criteria", "measures", "divisions"}
    for kind, at in kinds.items():
        above = next(line for line in reversed(lines[:at]) if line.strip())
        assert above.startswith("#"), kind


@pytest.mark.parametrize("nasty", NASTY, ids=[repr(each) for each in NASTY])
def test_whatever_is_typed_stands_in_the_file_as_typed(nasty, tmp_path, forms):
    name = f"เทศบาล {nasty} ก"
    keys = ("organisation", "kind", "province", "code", "contact", "phone")
    known = known_from(**dict.fromkeys(keys, name))
    kept_name = " ".join(clean(name).split("\n"))
    divisions = (replace(usual_divisions()[0], name=kept_name),)
    plan_file, _ = write_round(known, divisions, tmp_path, tmp_path / "out")
    plan = load_plan(plan_file.parent, forms)
    assert {
        plan.organisation.name,
        plan.organisation.code,
        plan.contact.phone,
        plan.divisions[0].name,
    } == {kept_name}
    assert kept_name in plan.measures[1].procedure
    assert {m.owner for m in plan.measures} == {"01", "ALL"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_stand_between_quotation_marks(text):
    assert tomllib.loads(f'a = "{_inside(text)}"')["a"] == text


@given(st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)))
def test_a_due_time_that_is_taken_loads(tmp_path_factory, forms, moment):
    (due,) = (q for q in ABOUT_IT if q.key == "due")
    known = known_from()
    read = due.read(f"{moment.day}/{moment.month}/{moment.year + 543} {moment:%H:%M}", known)
    last = known["round"].end
    assert (read is not None) == (last <= moment.date() < last + timedelta(days=365))
    if read is not None:
        folder = tmp_path_factory.mktemp("due")
        plan_file, _ = write_round(known | {"due": read}, usual_divisions(), folder, folder / "out")
        assert load_plan(plan_file.parent, forms).due == read
        assert read.time() == time(moment.hour, moment.minute)


def test_a_small_municipality_has_its_first_division_do_what_no_other_is_named_for(tmp_path, forms):
    roster = ["1=สำนักปลัด", "2=กองช่าง", "K3=กองคลังและพัสดุ", "9=ศูนย์รับเรื่องร้องเรียน"]
    divisions = ()
    for text in roster:
        divisions += (read_division(text, divisions),)
    plan_file, _ = write_round(
        known_from(round="12", due="6/10/2570 16.30"), divisions, tmp_path, tmp_path / "out"
    )
    plan = load_plan(plan_file.parent, forms)
    assert {m.number: m.owner for m in plan.measures if m.owner != "ALL"} == {
        1: "9",
        2: "1",
        3: "1",
        4: "1",
        5: "K3",
        7: "1",
        10: "1",
    }
    assert {m.coordinator for m in plan.measures} == {"", "1"}
    assert plan.obliged_to_all == ("1", "2", "K3")
    assert plan.division("9").forms == {
        "measure_progress": (),
        "complaint_statistics": (1,),
        "activity_evidence": (1,),
    }
    assert plan.division("1").forms["activity_evidence"] == (2, 3, 4, 6, 7, 9, 10)


# --- what is typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("year", each) for each in ("", "2026", "66", "๒๕", "2566.5", "ปีนี้")),
        *(("round", each) for each in ("", "9", "6,12")),
        *(("due", each) for each in ("", "6/4/2570", "16.30", "6/4/2570 24.00", "31/4/2570 9.00", "6/4/2569 9.00")),
        *(("organisation", each) for each in ("", " \n ", "ก" * 121, "ก\udc80")),
        *(("email", each) for each in ("", "a@b", "a b@c.example", "a@b.example,c@d.example", "ก@town.example")),
        *(("min_project_count", each) for each in ("", "0", "-1", "1.5", "10000", "สามสิบ")),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_asked_again(key, text):
    (question,) = (q for q in (*WHICH_ROUND, *ABOUT_IT) if q.key == key)
    assert question.read(text, known_from()) is None


@pytest.mark.parametrize(
    "text",
    ["", "02", "02=", "=กองคลัง", "0 2=กองคลัง", "CON=กองคลัง", "all=กองคลัง", "-1=กองคลัง", "02=กองคลัง=x", "01=กองคลัง", "a=กองคลัง", "02=กองช่าง", "02=กอง ช่าง", "02=ก=b=c@d.example"],
)  # fmt: skip
def test_a_division_that_cannot_be_used_is_asked_again(text):
    earlier = (read_division("01=กองช่าง", ()),)
    earlier += (read_division("A=กองการศึกษา", earlier),)
    assert read_division(text, earlier) is None


def test_a_roster_is_the_usual_one_changed():
    office, finance, *_ = usual_divisions()
    assert kept(office, " - ") == ()
    assert kept(office, "") == (office,)
    assert kept(office, "ไม่มี") is None
    assert kept(finance, "a@b.example; c@d.example")[0].senders == ("a@b.example", "c@d.example")
    assert added("", ()) is None
    assert added(" ", (office,)) == ()
    assert added("๐๒=กองคลัง", (office,)) == (finance,)


@pytest.mark.parametrize(
    ("day", "year", "months", "due"),
    [
        (date(2026, 11, 25), "2570", "6", "12/4/2570 16.30"),  # the tenth is a Saturday
        (date(2023, 9, 30), "2566", "12", "10/10/2566 16.30"),
        (date(2023, 3, 31), "2566", "6", "10/4/2566 16.30"),
        (date(2023, 4, 1), "2566", "12", "10/10/2566 16.30"),
    ],
)
def test_what_is_offered_is_the_present_round(day, year, months, due):
    known = {"today": day}
    for question in WHICH_ROUND:
        known[question.key] = question.read(question.suggested(known), known)
    assert (str(known["year"]), str(known["round"].months)) == (year, months)
    (question,) = (q for q in ABOUT_IT if q.key == "due")
    assert question.suggested(known) == due
    assert question.read(due, known) is not None


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "in").write_text("a file where the folder should be")
    with pytest.raises(PipelineError) as told:
        write_round(known_from(), usual_divisions(), Path(tmp_path / "in"), tmp_path / "out")
    assert told.value.code == "cannot-write"
