"""Signing on a true day, taking a signing back for ever, and a digest kept outside the folder."""

import json
import shutil
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.audit.outside_digest import signed_record
from pipeline.audit.rebuild import rebuilt
from pipeline.audit.report_file import open_report
from pipeline.audit.verify import hear_witnesses, verify
from pipeline.cli import main
from pipeline.commands.close import close, register_entry, undo
from pipeline.digests import edition, figures_sha256, inputs_sha256, properties
from pipeline.messages import LANGUAGES, catalogue, say
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from pipeline.record import run_json
from pipeline.report import report, workbook_of
from pipeline.run import assess
from tests.support.corrections import REGISTER, WELFARE, at, changed, correction, explanation

pytestmark = pytest.mark.office  # whole rounds

NAME = "2566-06"
DAY, LATER = date(2023, 4, 20), date(2023, 5, 2)
MAYOR = "นายก (ตัวอย่าง)"
BACK = ("ปลัด (ตัวอย่าง)", "ลงนามผิดฉบับ (ตัวอย่าง)")


@pytest.fixture
def inputs(root, tmp_path):
    shutil.copytree(root / "inputs" / NAME, tmp_path / "inputs" / NAME)
    return tmp_path / "inputs"


@pytest.fixture
def plan(inputs, forms):
    return lambda: load_plan(inputs / NAME, forms)


@pytest.fixture(scope="module")
def settled_06(root, forms):
    return assess(load_plan(root / "inputs" / NAME, forms))


@pytest.fixture
def first(settled_06, plan):
    """The round before anything was signed; settled once, as a folder's place settles nothing."""
    return replace(settled_06, plan=plan())


def refused(*words):
    with pytest.raises(PipelineError) as caught:
        close(*words)
    for lang in LANGUAGES:
        assert say(f"error.{caught.value.code}", lang, **caught.value.params)
    return caught.value


# --- the day ------------------------------------------------------------------------------------


def test_a_day_before_the_report_s_own_is_refused_and_the_day_itself_is_not(first):
    day = first.as_of.date()
    error = refused(first, day - timedelta(days=1), MAYOR)
    assert (error.code, error.params["on_en"]) == ("close-before-as-of", day.isoformat())
    assert close(first, day, MAYOR).name == "1"


def test_what_was_settled_earlier_may_be_signed_earlier(plan, first):
    """All had reported before the due time; it was signed on that day and is closed later."""
    received = (s.received.received_at for s in first.submissions)
    last = max(each for each in received if each)
    early = replace(plan(), as_of=last + timedelta(minutes=1))
    settled = assess(early)
    error = refused(settled, last.date() - timedelta(days=1), MAYOR)
    assert error.code in ("close-before-received", "close-before-as-of")
    assert close(settled, last.date(), MAYOR).name == "1"


def test_a_file_received_after_the_day_is_named(first):
    late = first.submissions[0]
    at_last = first.as_of + timedelta(days=3)
    message = replace(late.received, received_at=at_last)
    made = replace(first, submissions=(replace(late, received=message), *first.submissions[1:]))
    error = refused(made, made.as_of.date() + timedelta(days=1), MAYOR)
    assert (error.code, error.params["name"]) == ("close-before-received", late.name)


def test_a_correction_or_an_explanation_after_the_day_is_named(plan):
    agreed = correction(agreed_on="21/4/2566")
    error = refused(assess(changed(plan(), agreed)), DAY, MAYOR)
    # The correction moves figures that texts state; without what is open the day is judged.
    assert error.code == "close-open"
    made = replace(assess(changed(plan(), agreed)), open_items=())
    error = refused(made, DAY, MAYOR)
    assert (error.code, error.params["on_en"]) == ("close-before-correction", "2023-04-21")
    assert f"{REGISTER}!{at(0)}" in error.params["name"]
    said = explanation("required", file=WELFARE).replace("7/10/2566", "24/4/2566")
    made = replace(assess(changed(plan(), agreed, said)), open_items=())
    error = refused(made, date(2023, 4, 21), MAYOR)
    assert (error.code, error.params["on_th"]) == ("close-before-explanation", "24 เม.ย. 2566")


def test_a_day_that_has_not_come_is_refused(first):
    tomorrow = datetime.now(first.plan.due.tzinfo).date() + timedelta(days=1)
    assert refused(first, tomorrow, MAYOR).code == "close-in-future"


def test_a_later_signing_is_not_dated_before_an_earlier_one_nor_before_its_end(plan, first):
    close(first, DAY, MAYOR)
    with pytest.raises(PipelineError, match="close-before-signing"):
        undo(plan(), *BACK, DAY - timedelta(days=1))
    undo(plan(), *BACK, LATER)
    error = refused(assess(plan()), LATER - timedelta(days=1), MAYOR)
    assert (error.code, error.params["name"]) == ("close-before-signing", "1")


# --- the register -------------------------------------------------------------------------------


def test_the_register_is_told_the_day_the_edition_and_the_digest(plan, first):
    close(first, DAY, MAYOR)
    entry = register_entry(first, DAY)
    assert entry == {
        "date": "2023-04-20",
        "edition": "signed",
        "edition_th": "ฉบับลงนามแล้ว",
        "figures_sha256": figures_sha256(first),
    }
    amended = assess(changed(plan(), correction()))
    assert register_entry(amended, LATER)["edition_th"] == "ฉบับแก้ไข ครั้งที่ 1"


# --- taking back --------------------------------------------------------------------------------


def test_what_is_taken_back_makes_the_edition_what_it_was_and_is_told_for_ever(
    plan, first, tmp_path, inputs
):
    close(first, DAY, MAYOR)
    signed = assess(plan())
    (tmp_path / "signed.xlsx").write_bytes(workbook_of(signed, properties(signed)))
    path = undo(plan(), *BACK, LATER)
    assert path == inputs / NAME / "signed" / "1" / "undone.json"
    made = assess(plan())
    assert (edition(signed), edition(made)) == ("signed", "for_signature")
    assert inputs_sha256(made) == inputs_sha256(first)
    told = {"on": "2023-05-02", "by": BACK[0], "reason": BACK[1]}
    assert [each["undone"] for each in run_json(made, {})["signed"]] == [told]

    file = tmp_path / "report.xlsx"
    report(made, file, properties(made))
    sheet = openpyxl.load_workbook(file)["การปรับแก้ข้อมูล"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.values]
    [row] = [row for row in rows if BACK[1] in row]
    assert (row[0], row[2:4]) == (1, [MAYOR, figures_sha256(first)])
    assert (row[1].date(), row[4].date(), row[5]) == (DAY, LATER, BACK[0])

    assert close(made, LATER, MAYOR).name == "2"
    again = assess(plan())
    assert edition(again) == "signed"
    assert [bool(each["undone"]) for each in run_json(again, {})["signed"]] == [True, False]
    # Each report is still verified as what it was when it was made.
    kept = inputs / NAME / "signed" / "1" / "report.xlsx"
    for made in (kept, tmp_path / "signed.xlsx", file):
        assert verify(made, inputs, plan().forms).same
    for number in "12":
        assert verify(inputs / NAME / "signed" / number / "report.xlsx", inputs, plan().forms).same


def test_an_amended_report_is_amended_again_once_its_signature_is_taken_back(plan, first, inputs):
    close(first, DAY, MAYOR)
    text = correction(agreed_on="1/5/2566")
    (inputs / NAME / "corrections.toml").write_text(text, "utf-8")
    amended = assess(plan())
    assert edition(amended) == "amended-1"
    close(replace(amended, open_items=()), LATER, MAYOR)
    assert edition(assess(plan())) == "signed"
    undo(plan(), *BACK, LATER)
    assert edition(assess(plan())) == "amended-1"


@pytest.mark.parametrize("words", [("", "ก"), ("ก", " ")])
def test_taking_back_needs_who_and_why_and_something_to_take(plan, words):
    with pytest.raises(PipelineError, match="undo-incomplete"):
        undo(plan(), *words, LATER)
    with pytest.raises(PipelineError, match="undo-nothing"):
        undo(plan(), *BACK, LATER)


# --- tampered with ------------------------------------------------------------------------------


def test_a_report_is_not_accused_of_what_became_of_the_record(plan, first, inputs, tmp_path, forms):
    """Made while all was well it is verified as it was then; the fault is told beside it."""
    close(first, DAY, MAYOR)
    signed = assess(plan())
    file = tmp_path / "report.xlsx"
    report(signed, file, properties(signed))
    (inputs / NAME / "signed" / "1" / "run.json").unlink()
    assert verify(file, inputs, forms).same
    record = signed_record(file, inputs, None)
    assert [each.code for each in record.faults] == ["signing-missing"]
    assert not record.holds
    after = assess(plan())
    assert hear_witnesses(open_report(file), rebuilt(after), after).same is False


# --- a digest from outside ----------------------------------------------------------------------


def test_a_digest_from_outside_is_compared_and_its_signing_named(plan, first, inputs):
    file = close(first, DAY, MAYOR) / "report.xlsx"
    digest = figures_sha256(first)
    copied = f" {digest[:32].upper()}\n{digest[32:]} "
    found = signed_record(file, inputs, copied)
    assert (found.holds, found.outside.same, found.outside.signing.number) == (True, True, 1)
    undo(plan(), *BACK, LATER)
    found = signed_record(file, inputs, digest)
    assert found.as_json()["digest"] == {
        "given": digest,
        "same": True,
        "signing": 1,
        "undone": True,
    }
    other = "0" * 64
    found = signed_record(file, inputs, other)
    assert (found.holds, found.outside.same, found.outside.signing) == (False, False, None)
    for wrong in ("", "abc", digest + "0", digest[:-1] + "g"):
        with pytest.raises(PipelineError, match="verify-no-digest"):
            signed_record(file, inputs, wrong)


def test_the_digest_of_another_edition_is_that_editions(plan, first, inputs, tmp_path):
    close(first, DAY, MAYOR)
    (inputs / NAME / "corrections.toml").write_text(correction(agreed_on="1/5/2566"), "utf-8")
    amended = assess(plan())
    report(amended, tmp_path / "report.xlsx", properties(amended))
    found = signed_record(tmp_path / "report.xlsx", inputs, figures_sha256(first))
    assert (found.outside.same, found.outside.signing.number) == (False, 1)
    found = signed_record(tmp_path / "report.xlsx", inputs, figures_sha256(amended))
    assert (found.outside.same, found.outside.signing) == (True, None)
    (inputs / NAME / "signed" / "1" / "run.json").write_bytes(b"{}")
    found = signed_record(tmp_path / "report.xlsx", inputs, figures_sha256(first))
    assert found.outside.signing is None


# --- as they are typed --------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path, inputs, monkeypatch):
    """The commands as they are typed in the folder above `inputs`, all in one process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def typed(*words):
        made = CliRunner().invoke(main, words)
        return made.exit_code, made.stdout or made.stderr

    return typed


def test_the_commands_on_the_screen(run, tmp_path):
    signing = ("close", NAME, "--signed-by", MAYOR)
    code, said = run(*signing, "--signed-on", "1/4/2566")
    assert (code, "--as-of" in said, len(said.splitlines())) == (2, True, 1)
    for words in (signing, (*signing, "--signed-on", "20/4/2566", "--reason", "x")):
        code, said = run(*words)
        assert (code, len(said.splitlines())) == (2, 1)
    code, said = run(*signing, "--signed-on", "20/4/2566", "--json")
    digest = json.loads(said)["register"]["figures_sha256"]
    assert (code, json.loads(said)["folder"]) == (0, f"inputs/{NAME}/signed/1")

    kept = f"inputs/{NAME}/signed/1/report.xlsx"
    code, said = run("verify", kept, "--digest", digest)
    assert code == 0
    assert say("verify.digest-same") in said
    assert MAYOR in said
    code, said = run("verify", kept, "--digest", "f" * 64, "--json", "--lang", "en")
    assert (code, json.loads(said)["same"], json.loads(said)["digest"]["same"]) == (1, True, False)

    back = ("close", NAME, "--undo", "--by", BACK[0], "--reason", BACK[1], "--on", "2/5/2566")
    code, said = run(*back, "--signed-by", "x")
    assert (code, "--signed-by" in said) == (2, True)
    code, said = run(*back)
    assert (code, "ฉบับเสนอลงนาม" in said, "signed/1/undone.json" in said) == (0, True, True)
    code, said = run("status", NAME)
    assert BACK[1] in said
    code, said = run("status", NAME, "--json")
    assert json.loads(said)["signed"][0]["undone"]["by"] == BACK[0]
    assert run(*back)[0] == 2

    (tmp_path / kept).write_bytes(b"")
    for words in (("status", NAME, "--lang", "en"), ("run", NAME, "--lang", "en")):
        code, said = run(*words)
        assert (code, f"{NAME}/signed/1/report.xlsx" in said) == (1, True)
    code, said = run("verify", f"outputs/{NAME}/report.xlsx")
    assert (code, f"✗ {NAME}/signed/1/report.xlsx" in said) == (1, True)


def test_every_refusal_of_a_day_has_its_sentence():
    whats = ("as-of", "received", "correction", "explanation", "signing")
    assert {f"error.close-before-{what}" for what in whats} <= catalogue().keys()
