"""A report beside its inputs: the same, saved again, edited, of other inputs, of another version."""

import email
import email.policy
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.audit.causes import Cause
from pipeline.audit.report_file import open_report
from pipeline.audit.verify import verify
from pipeline.commands.close import close
from pipeline.digests import properties
from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from pipeline.report import report
from pipeline.run import assess
from pipeline.software import content_sha256, libraries, program_version
from schemas import forms
from tests.support import office
from tests.support.typed import typed

pytestmark = pytest.mark.office  # whole rounds

ROUNDS = ("2566-06", "2566-12")


@pytest.fixture
def verified(heard):
    """Verify a report against the round as it was settled once."""
    return lambda path: heard(path.read_bytes())


def place_of(found):
    """Where the first difference stands, as a formula has it."""
    return "!".join(found.first.spot[:2])


def rewritten(source, target, changes=(), method=zipfile.ZIP_DEFLATED):
    """The workbook with texts of its parts replaced: (part, old, new); each must be there."""
    waiting = list(changes)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for part in old.infolist():
            content = old.read(part)
            for change in [each for each in waiting if each[0] == part.filename]:
                assert change[1].encode() in content, change
                content = content.replace(change[1].encode(), change[2].encode(), 1)
                waiting.remove(change)
            new.writestr(part.filename, content)
    assert not waiting
    return target


def part_of(path, sheet):
    """The part that holds a sheet."""
    names = openpyxl.load_workbook(path).sheetnames
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def cell_xml(path, place):
    """A cell as the workbook stores it."""
    text = zipfile.ZipFile(path).read(part_of(path, place.sheet)).decode()
    return re.search(rf'<c r="{place.address}"[^>]*>.*?</c>', text)[0]


# --- the same -----------------------------------------------------------------------------------


def test_a_report_is_the_same_as_the_one_rebuilt(root, made):
    found = verify(made, root / "inputs", forms())
    assert (found.same, found.cause, found.first) == (True, Cause.NONE, None)


def test_how_it_is_compressed_makes_no_difference(verified, made, tmp_path):
    other = rewritten(made, tmp_path / "report.xlsx", method=zipfile.ZIP_STORED)
    assert other.read_bytes() != made.read_bytes()
    assert verified(other).cause is Cause.NONE


def test_saved_again_by_libreoffice_is_told_from_changed(verified, made, tmp_path):
    office.require_office()
    [saved] = office.convert(made, "xlsx", tmp_path)
    assert zipfile.ZipFile(saved).namelist() != zipfile.ZipFile(made).namelist()
    found = verified(saved)
    assert (found.same, found.cause) == (True, Cause.SAVED_AGAIN)
    assert found.seen.met["truth-words"] > 1_000


# --- edited by hand -----------------------------------------------------------------------------


def test_a_figure_typed_over_is_named_with_its_cell(verified, made, tmp_path):
    home = open_report(made).names["plan.score_pct"]
    old = cell_xml(made, home)
    new = re.sub(r"<f>.*</f>|<v>.*?</v>", "", old).replace("</c>", "<v>96.29</v></c>")
    part = part_of(made, home.sheet)
    found = verified(rewritten(made, tmp_path / "report.xlsx", [(part, old, new)]))
    assert (found.same, found.cause) == (False, Cause.EDITED)
    assert [each.what for each in found.seen.differences] == ["cell f=", "cell v="]
    assert place_of(found) == str(home)
    assert found.seen.differences[1].printed == "96.29"
    assert [each.id for each in found.figures] == ["plan.score_pct"]


def test_a_value_shown_otherwise_than_its_formula_gives(verified, made, tmp_path):
    home = open_report(made).names["plan.done"]
    old = cell_xml(made, home)
    change = (part_of(made, home.sheet), old, old.replace("<v>33</v>", "<v>35</v>"))
    found = verified(rewritten(made, tmp_path / "report.xlsx", [change]))
    assert (found.cause, place_of(found)) == (Cause.EDITED, str(home))
    [wrong] = found.figures_checked.wrong
    assert (wrong.place, wrong.kept, wrong.value, wrong.expected) == (home, "35", "33", "33")


def test_the_cell_typed_over_is_named_before_those_that_follow_it(verified, made, tmp_path):
    """A row's fate is changed and LibreOffice calculates: the figures move, the cause is the row."""
    office.require_office()
    book = openpyxl.load_workbook(made)
    fate = open_report(made).names["project_register.fate"]
    book[fate.sheet][fate.address] = say("fate.held_back")
    book.save(tmp_path / "report.xlsx")
    [saved] = office.convert(tmp_path / "report.xlsx", "xlsx", tmp_path / "saved")
    found = verified(saved)
    assert (found.cause, place_of(found)) == (Cause.EDITED, str(fate))
    assert (found.first.printed, found.first.expected) == (
        say("fate.held_back"),
        say("fate.accepted"),
    )
    assert "plan.registered" in {each.id for each in found.figures}


def test_a_name_that_points_elsewhere_is_a_difference(verified, made, tmp_path):
    home = open_report(made).names["plan.base"]
    column = re.match("[A-Z]+", home.address)[0]
    old = f"<definedName name=\"plan.base\">'{home.sheet}'!${column}${home.row}<"
    changes = [("xl/workbook.xml", old, old.replace(f"${home.row}<", f"${home.row + 1}<"))]
    found = verified(rewritten(made, tmp_path / "report.xlsx", changes))
    assert found.cause is Cause.EDITED
    assert found.first.spot == ("", "plan.base", "definedName")


# --- other inputs -------------------------------------------------------------------------------


@pytest.fixture
def inputs(root, tmp_path):
    for name in ROUNDS:
        shutil.copytree(root / "inputs" / name, tmp_path / "inputs" / name)
    return tmp_path / "inputs"


def one_digit_changed(mail, old, new):
    """The workbook in a mail with one text of it changed, all else of the mail as it was."""
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.compat32)
    (part,) = (each for each in message.walk() if (each.get_filename() or "").endswith("xlsx"))
    workbook = io.BytesIO(part.get_payload(decode=True))
    changed = io.BytesIO()
    rewritten(workbook, changed, [("xl/sharedStrings.xml", old, new)])
    del part["Content-Transfer-Encoding"]
    part.set_payload(changed.getvalue())
    email.encoders.encode_base64(part)
    mail.write_bytes(message.as_bytes())


def test_one_digit_in_a_received_workbook_is_named_by_figure_cell_and_file(inputs, made):
    mail = inputs / "2566-12" / "received" / "02.eml"
    one_digit_changed(mail, "136,750.00", "136,760.00")
    found = verify(made, inputs, forms())
    assert (found.same, found.cause) == (False, Cause.INPUTS)
    moved = {each.id: (each.printed, each.expected) for each in found.figures}
    assert moved["procurement.quarter_1.agreed_baht"] == ("5,969,308.75", "5,969,318.75")
    assert moved["procurement.year.agreed_baht"] == ("32,698,375.00", "32,698,385.00")
    home = open_report(made).names["procurement.quarter_1.agreed_baht"]
    assert place_of(found) == str(home)
    assert (found.first.printed, found.first.expected) == ("5969308.75", "5969318.75")
    (file,) = found.files
    assert file.name == "แบบรายงาน กองคลัง.xlsx"
    assert len(file.was.split()) == len(file.now.split()) == 2
    assert set(file.was.split()).isdisjoint(file.now.split())


def test_a_mail_that_came_later_is_not_seen_but_one_slipped_in_is(inputs, made):
    received = inputs / "2566-12" / "received"
    late = (received / "03.eml").read_text("utf-8").replace(" Oct 2023 ", " Nov 2023 ")
    (received / "late.eml").write_text(late, "utf-8", newline="")
    assert verify(made, inputs, forms()).same
    shutil.copy(received / "03.eml", received / "03-again.eml")
    found = verify(made, inputs, forms())
    assert found.cause is Cause.INPUTS
    assert [each.was for each in found.files] == [""]


def test_another_base_in_round_toml_is_named(inputs, made):
    toml = inputs / "2566-12" / "round.toml"
    text = toml.read_text("utf-8")
    assert len(re.findall(r"value = 35\b", text)) == 1
    toml.write_text(re.sub(r"value = 35\b", "value = 33", text), "utf-8", newline="")
    found = verify(made, inputs, forms())
    assert found.cause is Cause.INPUTS
    moved = {each.id: (each.printed, each.expected) for each in found.figures}
    assert moved["plan.score_pct"] == ("94.29", "100.00")
    assert [each.name for each in found.files] == ["round.toml"]


def test_what_changed_in_the_round_before_is_no_file_of_this_one(inputs, made):
    with (inputs / "2566-06" / "round.toml").open("a", encoding="utf-8", newline="") as toml:
        toml.write("# a remark\n")
    found = verify(made, inputs, forms())
    assert (found.cause, found.files, found.figures) == (Cause.INPUTS, (), ())


# --- signed -------------------------------------------------------------------------------------


def test_signing_makes_no_report_an_edited_one(inputs):
    """Neither the one that was signed, nor the signed edition printed after it."""
    folder = inputs / "2566-06"
    kept = close(assess(load_plan(folder, forms())), date(2023, 4, 20), "ตัวอย่าง")
    signed = assess(load_plan(folder, forms()))
    report(signed, inputs / "after.xlsx", properties(signed))
    for path, edition in (
        (kept / "report.xlsx", "for_signature"),
        (inputs / "after.xlsx", "signed"),
    ):
        assert open_report(path).properties["edition"] == edition
        assert verify(path, inputs, forms()).cause is Cause.NONE


# --- another version, no report of ours ---------------------------------------------------------


def test_a_version_that_only_the_properties_claim_excuses_nothing(verified, made, tmp_path):
    change = ("docProps/custom.xml", f">{program_version()}<", ">0.0.9<")
    found = verified(rewritten(made, tmp_path / "report.xlsx", [change]))
    assert (found.same, found.cause) == (False, Cause.EDITED)
    assert "version-not-printed" in {each.key for each in found.evidence}


def test_another_version_of_the_program_is_told(verified, made, tmp_path):
    """Its cover prints it as its properties state it; the one difference is still listed."""
    changes = [
        (part, program_version(), "0.0.9")
        for part in ("docProps/custom.xml", "xl/sharedStrings.xml")
    ]
    found = verified(rewritten(made, tmp_path / "report.xlsx", changes))
    assert (found.same, found.cause) == (False, Cause.VERSION)
    assert (found.figures, found.files) == ((), ())
    assert len(found.seen.differences) == 2


def test_other_libraries_are_named_and_are_no_difference(verified, made, tmp_path):
    mine = libraries()["XlsxWriter"]
    change = ("docProps/custom.xml", f">{mine}<", ">9.9.9<")
    other = rewritten(made, tmp_path / "report.xlsx", [change])
    found = verified(other)
    assert (found.same, found.cause) == (True, Cause.NONE)
    assert found.other_libraries == {"library_xlsxwriter": ("9.9.9", mine)}
    assert content_sha256(other.read_bytes()) == content_sha256(made.read_bytes())


def test_the_content_leaves_out_versions_and_nothing_else(made, tmp_path):
    for part, old in (("docProps/custom.xml", ">draft<"), ("xl/workbook.xml", "plan.base")):
        other = rewritten(made, tmp_path / "report.xlsx", [(part, old, old[:-1] + "X")])
        assert content_sha256(other.read_bytes()) != content_sha256(made.read_bytes())
    stored = rewritten(made, tmp_path / "report.xlsx", method=zipfile.ZIP_STORED)
    assert content_sha256(stored.read_bytes()) == content_sha256(made.read_bytes())


def test_a_changed_source_is_another_version(root, tmp_path):
    for name in ("pipeline", "schemas"):
        shutil.copytree(root / name, tmp_path / name)
    asked = [sys.executable, "-c", "from pipeline.software import *; print(program_version())"]

    def version():
        made = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=True)
        return made.stdout.decode().strip()

    first = version()
    assert first == program_version()
    source = tmp_path / "pipeline" / "messages" / "verify.toml"
    source.write_bytes(source.read_bytes().replace(b"\n", b"\r\n"))
    assert version() == first
    source.write_bytes(source.read_bytes() + b"# changed\r\n")
    assert version() != first


def test_what_is_no_report_of_ours_is_said_in_a_line(root, tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_text("no workbook")
    for name in ("other.xlsx", "text.xlsx", "none.xlsx"):
        with pytest.raises(PipelineError):
            verify(tmp_path / name, root / "inputs", forms())


# --- the command --------------------------------------------------------------------------------


def command(root, path, *words):
    made = typed("verify", str(path), *words, "--inputs", str(root / "inputs"), folder=root)
    return made.returncode, made.stdout.decode(), made.stderr.decode()


def test_the_command_ends_with_zero_one_or_two(root, made, tmp_path):
    code, text, _ = command(root, made)
    assert code == 0
    assert [line[0] for line in text.splitlines()] == ["1", "2", "3", "✓"]
    assert text.splitlines()[-1] == say("verify.none", file="report.xlsx")
    book = openpyxl.load_workbook(made)
    home = open_report(made).names["plan.done"]
    book[home.sheet][home.address] = 34
    book.save(tmp_path / "edited.xlsx")
    code, text, _ = command(root, tmp_path / "edited.xlsx", "--json")
    found = json.loads(text)
    assert (code, found["same"], found["cause"]) == (1, False, "edited")
    first = found["first_difference"]
    assert (first["sheet"], first["cell"], first["figure"]) == (*str(home).split("!"), "plan.done")
    code, text, said = command(root, Path(root) / "README.md")
    assert (code, text, len(said.strip().splitlines())) == (2, "", 1)
