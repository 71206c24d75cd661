"""An entry that is taken back stays with its end, and any day is as it was known on it."""

import json
import shutil
import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from pipeline.commands.close import close
from pipeline.commands.correct import undo
from pipeline.commands.status import amendment, nothing_open
from pipeline.digests import properties
from pipeline.messages import LANGUAGES, say
from pipeline.model import PipelineError
from pipeline.plan import as_known, clock, load_plan
from pipeline.record import run_json
from pipeline.report import report
from pipeline.run import assess
from tests.support.corrections import DONE, at, correction, exclusion, explanation, waiver
from tests.support.typed import typed

WHO = ("ผู้จัดทำรายงาน (ตัวอย่าง)", 'หน่วยงานยืนยันค่าเดิม "ตัวอย่าง"')
ZONE = "+07:00"
MAYOR = "นายกเทศมนตรี (ตัวอย่าง)"


@pytest.fixture
def folder(root, tmp_path):
    """The example's six-month round; the folder, to write changes into."""
    made = tmp_path / "inputs/2566-06"
    shutil.copytree(root / "inputs/2566-06", made)
    return made


@pytest.fixture
def plan(folder, forms):
    def loaded(text=None, as_of=None):
        if text is not None:
            (folder / "corrections.toml").write_bytes(text.encode())
        return load_plan(folder, forms, as_of)

    return loaded


def refused(*words):
    with pytest.raises(PipelineError) as told:
        undo(*words)
    for lang in LANGUAGES:
        assert len(say(f"error.{told.value.code}", lang, **told.value.params).splitlines()) == 1
    return told.value.code


def test_what_is_taken_back_stays_with_its_end(plan, folder):
    before = assess(plan())
    text = "\ufeff# mine\r\n" + correction(cell=at(0)).replace("\n", "\r\n") + "# end\r\n"
    made = undo(plan(text), "correction", 1, *WHO)
    then, now = made.figures["plan.done"]
    assert (then.value, now.value) == (14, 13)
    kept = (folder / "corrections.toml").read_bytes().decode()
    assert kept.startswith("\ufeff# mine\r\n[[correction]]\r\nfile = ")
    assert "# end\r\n" in kept
    (entry,) = tomllib.loads(kept.removeprefix("\ufeff"))["correction"]
    assert (entry["undone"]["by"], entry["undone"]["reason"]) == WHO

    after = assess(plan())
    assert {k: f.value for k, f in after.figures.items()} == {
        k: f.value for k, f in before.figures.items()
    }
    (settled,) = after.settled
    assert (str(settled.effect), settled.entry.withdrawn.by) == ("withdrawn", WHO[0])
    assert run_json(after, {})["changes"]["corrections"][0]["withdrawn"]["reason"] == WHO[1]
    assert refused(plan(), "correction", 1, *WHO) == "correct-undone"
    assert refused(plan(), "waiver", 1, *WHO) == "correct-undo-nothing"
    assert refused(plan(), "correction", 1, "", "why") == "correct-undo-incomplete"


def test_the_report_says_who_took_it_back_and_counts_it(plan, tmp_path):
    made = plan(correction(cell=at(0)) + correction(cell=at(0), new="ไม่สามารถดำเนินการได้"))
    undo(made, "correction", 2, *WHO)  # what it had replaced holds again
    settled = assess(plan())
    assert settled.figures["plan.done"].value == 14
    report(settled, tmp_path / "report.xlsx", properties(settled))
    book = openpyxl.load_workbook(tmp_path / "report.xlsx", data_only=True)
    texts = [str(c.value) for row in book["การปรับแก้ข้อมูล"] for c in row if c.value]
    (told,) = (each for each in texts if each.startswith("ไม่มีผล: ถอนแล้ว"))
    assert all(each in told for each in WHO)
    (line,) = (
        [c.value for c in row] for row in book["กระทบยอด"] if row[1].value == "[[correction]]"
    )
    assert line[2:6] == [2, 1, 1, 0]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("exclusion", exclusion()),
        ("waiver", waiver()),
        ("explanation", explanation("required", file="x.xlsx")),
    ],
)
def test_every_kind_can_be_taken_back(kind, text, plan):
    undo(plan(text), kind, 1, *WHO)
    assert [str(each.effect) for each in assess(plan()).settled] == ["withdrawn"]


@pytest.mark.office
def test_it_is_typed_by_its_number(folder, tmp_path):
    (folder / "corrections.toml").write_text(correction(cell=at(0)), "utf-8")
    words = ("--undo", "1", "--by", WHO[0], "--reason", WHO[1])
    wrong = typed("correct", *words, "--channel", "โทรศัพท์", folder=tmp_path)
    assert (wrong.returncode, "--channel" in wrong.stderr.decode()) == (2, True)
    told = typed("correct", *words, folder=tmp_path)
    assert told.returncode == 0, told.stderr.decode()
    assert "14" in told.stdout.decode()
    status = typed("status", "--as-of", "6/4/2566", "--json", folder=tmp_path)
    assert {o["state"] for o in json.loads(status.stdout)["obligations"]} >= {"REPORTED"}


# --- any day --------------------------------------------------------------------------------------


def recorded(day, text):
    return text + f"recorded_at = {day}T09:00:00{ZONE}\n"


def taken_back(day):
    return f'undone = {{ at = {day}T09:00:00{ZONE}, by = "ก", reason = "ข" }}\n'


FIRST = recorded("2023-04-12", correction(cell=at(0)))
SECOND = recorded("2023-04-14", correction(cell=at(1)))
END = taken_back("2023-04-16")


def on_the_day(monkeypatch, day):
    """The clock of that day's last second."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromisoformat(f"{day}T23:59:59{ZONE}").astimezone(tz)

    monkeypatch.setattr(clock, "datetime", Clock)


@pytest.mark.parametrize(
    ("day", "text", "done"),
    [
        ("2023-04-05", "", None),
        ("2023-04-12", FIRST, 14),
        ("2023-04-15", FIRST + SECOND, 15),
        ("2023-04-17", FIRST + END + SECOND, 14),
    ],
)
def test_as_of_a_day_gives_the_bytes_of_a_run_on_it(
    day, text, done, plan, folder, tmp_path, monkeypatch
):
    def made(settled, name):
        report(settled, tmp_path / name, properties(settled))
        return (tmp_path / name).read_bytes(), run_json(settled, {})

    with monkeypatch.context() as patched:
        on_the_day(patched, day)
        at_that_time = assess(plan(text))
    received = {s.received.received_at for s in at_that_time.submissions if s.received.received_at}
    end = datetime.fromisoformat(f"{day}T23:59:59{ZONE}")
    if max(received) > end:  # on that day the later mails were not there yet
        at_that_time = assess(replace(plan(text), as_of=at_that_time.as_of))
    later = assess(as_known(plan(FIRST + END + SECOND, end)))
    assert done in (None, later.figures["plan.done"].value)
    assert made(later, "b.xlsx") == made(at_that_time, "a.xlsx")


def test_what_was_signed_later_is_not_known_before(plan):
    close(assess(plan()), date(2023, 4, 20), MAYOR)
    day = datetime.fromisoformat(f"2023-04-19T23:59:59{ZONE}")
    assert as_known(plan(as_of=day)).signings == ()
    assert len(as_known(plan(as_of=day + timedelta(days=1))).signings) == 1


def test_after_close_one_line_says_what_an_amendment_changes(plan):
    close(assess(plan()), date(2023, 4, 20), MAYOR)
    signed = assess(plan())
    assert (amendment(signed, "th"), "ลงนามแล้ว" in nothing_open(signed, "th")) == ("", True)
    amended = assess(plan(correction(cell=at(0), new=DONE)))
    for lang in LANGUAGES:
        line = amendment(amended, lang)
        assert "13 → 14" in line
        assert "\n" not in line
        assert "ready for signature" not in nothing_open(amended, lang)
        assert "พร้อมเสนอลงนาม" not in nothing_open(amended, lang)


def test_an_extension_is_granted_on_a_day(plan, folder, forms):
    file = folder / "round.toml"
    granted = (
        '\n[[extension]]\ndivision = "02"\ndue = 2023-04-20T16:30:00+07:00\nreason = "ก"\n'
        'approved_by = "ข"\ngranted_on = 2023-04-10\n'
    )
    file.write_text(file.read_text("utf-8") + granted, "utf-8")
    day = datetime.fromisoformat(f"2023-04-09T23:59:59{ZONE}")
    assert plan(as_of=day).extensions == ()
    assert len(plan(as_of=day + timedelta(days=1)).extensions) == len(plan().extensions) == 1


def test_a_report_made_again_as_of_its_own_moment_holds_the_same(plan):
    settled = assess(plan(FIRST + END + SECOND))
    again = assess(plan(as_of=settled.as_of))
    assert again.as_of == settled.as_of == datetime.fromisoformat(f"2023-04-16T09:00:00{ZONE}")
    assert properties(again) == properties(settled)
