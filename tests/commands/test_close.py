"""What is written down by `correct`, kept by `close` and handed over by `bundle`."""

import hashlib
import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.commands.bundle import SUMS, bundle
from pipeline.commands.close import close
from pipeline.commands.correct import correct, entry_text
from pipeline.digests import edition, figures_sha256, inputs_sha256, properties
from pipeline.model import Ledger, PipelineError
from pipeline.plan import load_plan
from pipeline.plan.corrections_file import parse_changes
from pipeline.record import run_json
from pipeline.report import report
from pipeline.run import assess
from tests.support.corrections import DONE, FIRST, GOING, REGISTER, WELFARE, at, correction
from tests.support.typed import typed

pytestmark = pytest.mark.office  # whole rounds

AGREED = {
    "reason": 'ลืมกรอก "ตัวอย่าง"',
    "agreed_with": "ผู้จัดทำ",
    "agreed_on": "5/10/2566",
    "channel": "โทรศัพท์",
    "approved_by": "หัวหน้า (ตัวอย่าง)",
}
SIGNED = (date(2023, 4, 20), "นายกเทศมนตรี (ตัวอย่าง)")


@pytest.fixture
def inputs(root, tmp_path):
    shutil.copytree(root / "inputs" / "2566-06", tmp_path / "inputs" / "2566-06")
    return tmp_path / "inputs"


@pytest.fixture
def plan(inputs, forms):
    return lambda: load_plan(inputs / "2566-06", forms)


# --- correct ------------------------------------------------------------------------------------


def test_correct_adds_the_entry_with_the_old_value_and_shows_what_it_changes(plan, inputs):
    made = correct(plan(), "correction", [WELFARE, f"'{REGISTER}'!$M${FIRST}", DONE], AGREED)
    assert (made.values["old"], made.values["new"]) == (GOING, DONE)
    then, now = made.figures["plan.done"]
    assert (then.value, now.value) == (13, 14)
    text = (inputs / "2566-06" / "corrections.toml").read_text("utf-8")
    assert text.startswith("# การปรับแก้ข้อมูลของรอบนี้")
    assert tomllib.loads(text)["correction"][0]["reason"] == AGREED["reason"]
    assert plan().changes.corrections[0].agreed_on == date(2023, 10, 5)


def test_correct_keeps_every_byte_that_stands_there(plan, inputs):
    file = inputs / "2566-06" / "corrections.toml"
    kept = (
        b"\xef\xbb\xbf# \xe0\xb8\x81 my own words\r\n" + correction(cell=at(1)).encode() + b"# end"
    )
    file.write_bytes(kept)
    made = correct(plan(), "correction", [WELFARE, REGISTER, at(0), DONE], AGREED)
    assert file.read_bytes().startswith(kept)
    assert made.settled.entry.number == 2
    assert len(plan().changes.corrections) == 2


def test_the_example_in_a_new_file_is_right_once_its_marks_are_taken_away(plan):
    blank = files("pipeline.plan") / "corrections.txt"
    lines = blank.read_text("utf-8").splitlines()
    shown = [line for line in lines if " = " in line or line.startswith("# [[")]
    taken = [line.removeprefix("# ") for line in shown if not line.startswith("# ---")]
    made = parse_changes("\n".join(taken).encode(), plan())
    counts = (made.corrections, made.exclusions, made.waivers, made.explanations)
    assert [len(each) for each in counts] == [1, 1, 1, 1]


def test_a_misspelt_file_is_answered_with_the_names_nearest_to_it(plan):
    with pytest.raises(PipelineError) as caught:
        correct(plan(), "correction", [WELFARE.replace("รา", "ลา"), f"{REGISTER}!M4", DONE], AGREED)
    names = caught.value.params["names"].split(", ")
    assert names[0] == WELFARE
    assert len(names) == 3


@pytest.mark.parametrize(
    ("kind", "words", "left_out", "code"),
    [
        ("correction", ["ไม่มี.xlsx", "x!M4", DONE], "", "correct-no-file"),
        ("correction", [WELFARE, "ไม่มี!M4", DONE], "", "correct-no-sheet"),
        ("correction", [WELFARE, f"{REGISTER}!4M", DONE], "", "correct-place"),
        ("correction", [WELFARE, f"{REGISTER}!M900", DONE], "", "corrections-no-cell"),
        ("correction", [WELFARE, f"{REGISTER}!{at(0)}", "งง"], "", "corrections-unreadable"),
        ("correction", [WELFARE, f"{REGISTER}!{at(0)}"], "", "correct-words"),
        ("correction", [WELFARE, f"{REGISTER}!{at(0)}", DONE], "reason", "correct-missing"),
        ("exclusion", [WELFARE, f"{REGISTER}!{at(0)}"], "", "correct-place"),
        ("explanation", ["required", WELFARE], "", "correct-without-effect"),
        ("waiver", ["05", "gift_report"], "", "correct-without-effect"),
    ],
)
def test_correct_writes_nothing_that_is_not_right(plan, inputs, kind, words, left_out, code):
    said = AGREED | {"until": "31/12/2566", "text": "ก", "by": "ข", "on": "1/10/2566"}
    with pytest.raises(PipelineError) as caught:
        correct(plan(), kind, words, {k: v for k, v in said.items() if k != left_out})
    assert caught.value.code == code
    assert not (inputs / "2566-06" / "corrections.toml").exists()


@given(st.text(), st.text(), st.dates())
def test_an_entry_is_toml_whatever_is_typed(one, two, day):
    text = entry_text("correction", {"a": one, "b": two, "c": day, "d": 7})
    (found,) = tomllib.loads(text.encode("utf-8").decode("utf-8"))["correction"]
    assert (found["b"], found["c"], found["d"]) == (two, day, 7)
    assert found["a"] == one


# --- close --------------------------------------------------------------------------------------


def test_what_was_signed_stays_signed_until_a_figure_changes(plan, inputs, tmp_path):
    first = assess(plan())
    before = inputs_sha256(first)
    folder = close(first, *SIGNED)
    assert folder == inputs / "2566-06" / "signed" / "1"
    kept = openpyxl.load_workbook(folder / "report.xlsx")
    bears = {each.name: each.value for each in kept.custom_doc_props.props}
    assert bears == properties(first)
    assert bears["edition"] == "for_signature"

    second = assess(plan())
    assert (edition(second), inputs_sha256(second)) == ("signed", before)
    assert [each["signed_by"] for each in run_json(second, {})["signed"]] == [SIGNED[1]]

    correct(plan(), "correction", [WELFARE, REGISTER, at(0), DONE], AGREED)
    third = assess(plan())
    assert edition(third) == "amended-1"
    since = run_json(third, {})["changes"]["since_signed"]
    assert {"kind": "figures", "name": "plan.done", "then": "13", "now": "14"} in since
    assert {each["name"] for each in since if each["kind"] == "rows"} == {"project_register"}
    assert {each["kind"] for each in since} == {"figures", "rows"}
    path = tmp_path / "report.xlsx"
    report(third, path, properties(third))
    cover, sheet = (
        [
            [c.value for c in row if c.value is not None]
            for row in openpyxl.load_workbook(path)[name]
        ]
        for name in ("ปก", "การปรับแก้ข้อมูล")
    )
    assert ["ฉบับแก้ไข ครั้งที่ ๑"] in cover
    assert ["ลงนามเมื่อวันที่ ๒๐ เมษายน ๒๕๖๖ โดย นายกเทศมนตรี (ตัวอย่าง)"] in cover
    assert ["ดำเนินการแล้วเสร็จ", "plan.done", "13", "14"] in sheet

    for item in third.open_items:
        (finding,) = [f for f in third.findings if f.code == item.params["code"]]
        words = [finding.code, finding.params.get("key") or finding.file]
        correct(plan(), "explanation", words, {"text": "ก", "by": "ข", "on": "1/5/2566"})
    assert close(assess(plan()), datetime.now(third.plan.due.tzinfo).date(), SIGNED[1]).name == "2"
    assert edition(assess(plan())) == "signed"


def test_a_mail_that_changes_no_figure_amends_nothing(plan, inputs):
    close(assess(plan()), *SIGNED)
    thanks = b"From: a@example.example\r\nSubject: thanks\r\nMessage-ID: <1@x.example>\r\n"
    thanks += b"Date: Fri, 07 Apr 2023 10:00:00 +0700\r\n\r\nthank you\r\n"
    (inputs / "2566-06" / "received" / "zz.eml").write_bytes(thanks)
    made = assess(plan())
    assert made.figures["balance.ignored"].value == 1
    assert edition(made) == "signed"


def test_nothing_is_closed_while_anything_is_open_nor_twice(plan, settled_12):
    with pytest.raises(PipelineError) as caught:
        close(settled_12, *SIGNED)
    count = len(settled_12.open_items)
    assert (caught.value.code, caught.value.params["count"]) == ("close-open", count)
    assert count
    close(assess(plan()), *SIGNED)
    with pytest.raises(PipelineError) as caught:
        close(assess(plan()), *SIGNED)
    assert caught.value.code == "close-twice"
    with pytest.raises(PipelineError) as caught:
        close(assess(plan()), SIGNED[0], " ")
    assert caught.value.code == "close-no-name"


def test_a_waiver_that_held_when_the_report_was_signed_holds_on(plan, inputs, forms):
    from datetime import datetime

    from tests.support.corrections import effects, waiver

    (inputs / "2566-06" / "received" / "10.eml").unlink()
    owed = {s.obligation.form for s in assess(plan()).obligation_statuses if s.state == "MISSING"}
    text = "\n".join(waiver("10", form, until="30/4/2566") for form in sorted(owed))
    (inputs / "2566-06" / "corrections.toml").write_text(text, "utf-8")
    at = datetime.fromisoformat("2023-04-20T10:00:00+07:00")
    close(assess(replace(plan(), as_of=at)), *SIGNED)
    late = replace(plan(), as_of=at.replace(month=6))
    assert (edition(assess(late)), set(effects(assess(late)))) == ("signed", {"in-effect"})
    unsigned = replace(late, ledger=Ledger(), changes=parse_changes(text.encode(), late))
    assert set(effects(assess(unsigned))) == {"expired"}


def test_the_year_takes_the_figures_that_were_signed_for_its_first_half(root, inputs, plan, forms):
    shutil.copytree(root / "inputs" / "2566-12", inputs / "2566-12")
    close(assess(plan()), *SIGNED)
    correct(plan(), "correction", [WELFARE, REGISTER, at(0), DONE], AGREED)
    assert assess(plan()).figures["plan.done"].value == 14
    made = assess(load_plan(inputs / "2566-12", forms))
    assert made.figures["earlier.plan.done"].value == 13
    assert str(made.figures["earlier.plan.score_pct"].value) == "70.00"


# --- bundle -------------------------------------------------------------------------------------


def test_two_bundles_have_the_same_bytes_and_hold_what_the_sums_say(root, inputs, forms, tmp_path):
    shutil.copytree(root / "inputs" / "2566-12", inputs / "2566-12")
    odd = inputs / "2566-12" / "received" / "บันทึก con:1?.txt"
    odd.write_text("ตัวอย่าง", "utf-8")
    (inputs / "2566-12" / "received" / "link").symlink_to("/etc/hostname")
    plan = load_plan(inputs / "2566-12", forms)
    paths = [bundle(plan, tmp_path / name)[0] for name in ("one", "two")]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as made:
        names = made.namelist()
        assert names[:2] == ["อ่านก่อน.txt", SUMS]
        assert {"report.xlsx", "run.json", "findings.csv"} <= set(names)
        for name in ("2566-06/round.toml", "2566-12/round.toml", "2566-12/received/01.eml"):
            assert made.read(f"inputs/{name}") == (inputs / name).read_bytes()
        assert "inputs/2566-12/received/บันทึก con_1_.txt" in names
        assert not [name for name in names if name.endswith("/link")]
        assert all(m.flag_bits & 0x800 for m in made.infolist() if not m.filename.isascii())
        sums = dict(line.split("  ", 1)[::-1] for line in made.read(SUMS).decode().splitlines())
        assert sums.keys() == set(names) - {SUMS}
        for name, digest in sums.items():
            assert hashlib.sha256(made.read(name)).hexdigest() == digest, name
        readme = made.read("อ่านก่อน.txt")
        assert readme.startswith(b"\xef\xbb\xbf")
        assert b"certutil -hashfile report.xlsx SHA256\r" in readme.replace(b"   ", b"\r")
        found = json.loads(made.read("run.json"))
        assert found["written"]["report.xlsx"] == sums["report.xlsx"]
        assert found["figures_sha256"] in readme.decode("utf-8-sig")
        cover = openpyxl.load_workbook(BytesIO(made.read("report.xlsx")))["ปก"]
        digests = next(text for (text, *_) in cover.values if "SHA-256" in str(text))
        printed = re.findall("[0-9a-f]{64}", digests)
        assert len(printed) == 3
        assert [each for each in printed if each not in readme.decode("utf-8-sig")] == []
        made.extractall(tmp_path / "out")
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", SUMS],
        cwd=tmp_path / "out",
        capture_output=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, b"")
    again = load_plan(tmp_path / "out" / "inputs" / "2566-12", forms)
    assert figures_sha256(assess(again)) == found["figures_sha256"]


# --- as they are typed --------------------------------------------------------------------------


def test_a_measures_overview_is_waived_on_the_screen_like_a_form(root, tmp_path):
    """In the messy round the overview of measure 8 is open; its coordinator is freed of it."""
    shutil.copytree(root / "inputs", tmp_path / "inputs")
    why = ["--reason=โอนงาน (ตัวอย่าง)", "--approved-by=ปลัด (ตัวอย่าง)", "--until=31/12/2599"]

    def run(*words):
        command = ["correct", "--round", "2566-12-messy", "--json", "--waive", *words, *why]
        return typed(*command, folder=tmp_path)

    assert run("06", "measure_progress", "--measure", "9").returncode == 2
    made = json.loads(run("06", "measure_progress", "--measure", "8").stdout)
    assert (made["kind"], made["entry"]["measure"]) == ("waiver", 8)
    waived = {each["figure"]: (each["old"], each["new"]) for each in made["figures"]}
    assert waived["submissions.waived"] == (0, 1)
    assert made["open_items"]["new"] == made["open_items"]["old"] - 1
    file = tmp_path / "inputs" / "2566-12-messy" / "corrections.toml"
    assert tomllib.loads(file.read_text("utf-8"))["waiver"][0]["measure"] == 8


def test_the_commands_on_the_screen(root, inputs, tmp_path, plan_06):
    def run(*words):
        return typed(*words, folder=tmp_path)

    options = [f"--{key.replace('_', '-')}={text}" for key, text in AGREED.items()]
    made = run("correct", WELFARE, f"'{REGISTER}'!{at(0)}", DONE, *options)
    text = made.stdout.decode()
    assert (made.returncode, f"{GOING} → {DONE}" in text, "71.43" in text) == (0, True, True)
    made = run("correct", "--exclude", WELFARE, f"{REGISTER}!{FIRST}", "--json", *options)
    assert json.loads(made.stdout)["entry"]["row"] == FIRST
    made = run("correct", "--exclude", WELFARE, f"{REGISTER}!{FIRST}")
    assert (made.returncode, "--reason" in made.stderr.decode()) == (2, True)
    early = ("close", "2566-06", "--signed-on", "20/10/2566", "--signed-by", "นายก (ตัวอย่าง)")
    assert run(*early).returncode == 2  # the correction was written down today
    today = datetime.now(plan_06.due.tzinfo).date().isoformat()
    made = run("close", "2566-06", "--signed-on", today, "--signed-by", "นายก (ตัวอย่าง)")
    assert (made.returncode, "signed/1" in made.stdout.decode()) == (0, True)
    made = run("run", "2566-06")
    assert (made.returncode, "ฉบับลงนามแล้ว" in made.stdout.decode()) == (0, True)
    made = run("bundle", "2566-06", "--json")
    found = json.loads(made.stdout)
    assert hashlib.sha256((tmp_path / found["path"]).read_bytes()).hexdigest() == found["sha256"]
    with zipfile.ZipFile(tmp_path / found["path"]) as kept:
        assert "inputs/2566-06/signed/1/report.xlsx" in kept.namelist()
