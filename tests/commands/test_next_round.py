"""The next round from one there is: comments kept, days moved, and what to look at told."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest

from pipeline.commands.next_round import Asked, _period, following, next_round
from pipeline.messages import say
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from schemas.kit.thai.calendar import FiscalYear, Round
from tests.support.town import PARTS
from tests.support.typed import typed
from tests.support.written_plan import EXTENSION

NEW_YEAR = {
    "fiscal_year": (2566, 2567),
    "round": (12, 6),
    "due": ("2023-10-06T16:30:00+07:00", "2024-04-08T16:30:00+07:00"),  # the 6th is a Saturday
    "summary_due": ("2023-10-10T16:30:00+07:00", "2024-04-12T16:30:00+07:00"),
}


@pytest.fixture
def rounds(root, tmp_path, forms):
    """Rounds of the example in a folder of their own; gives the plan of one, changed or not."""

    def source(name, change=lambda text: text):
        folder = tmp_path / "inputs" / name
        folder.mkdir(parents=True, exist_ok=True)
        text = (root / "inputs" / name / "round.toml").read_text("utf-8")
        (folder / "round.toml").write_bytes(change(text).encode())
        return load_plan(folder, forms)

    source.folder = tmp_path
    return source


def refused(source, name=None, asked=None):
    with pytest.raises(PipelineError) as told:
        next_round(source, name, asked or Asked())
    assert "\n" not in say(f"error.{told.value.code}", "th", **told.value.params)
    return told.value.code


def moves_of(made):
    return {each.key: (each.then, each.now) for each in made.moves}


def looks_of(made):
    return {each.code: each.params for each in made.looks}


def test_a_year_is_followed_by_the_first_half_of_the_next(rounds, forms):
    source = rounds("2566-12", lambda text: text.replace("\n", "\r\n") + EXTENSION)
    made = next_round(source, None, Asked())
    assert made.folder.name == "2567-06"
    moves = moves_of(made)
    plain = {
        key: tuple(getattr(v, "isoformat", lambda v=v: v)() for v in moves[key]) for key in NEW_YEAR
    }
    assert plain == NEW_YEAR
    whole = (date(2022, 10, 1), date(2023, 9, 30))
    assert moves["measures.1,2,4,5,6,7,8,9,10.months"] == (
        whole,
        (date(2023, 10, 1), date(2024, 3, 31)),
    )
    assert moves["measures.3.period_text"] == ("เม.ย. - ก.ย. ๒๕๖๖", "เม.ย. - ก.ย. ๒๕๖๗")
    assert moves["extension"] == (1, None)

    then, now = ((f / "round.toml") for f in (source.folder, made.folder))
    written, _ = made.write(rounds.folder / "outputs")
    assert written == now
    lines = [f.read_bytes().decode().split("\r\n") for f in (then, now)]
    assert [[x for x in file if x.startswith("#")][1:] for file in lines] == [
        [x for x in lines[0] if x.startswith("#")][1:]
    ] * 2
    assert lines[1][0] == "# แผนของรอบรายงาน ๒๕๖๗ รอบ 6 เดือน"
    plan = load_plan(now.parent, forms)
    assert (plan.divisions, plan.criteria, plan.signers) == (
        source.divisions,
        source.criteria,
        source.signers,
    )
    assert plan.extensions == ()
    assert plan.measures[0].period_text == "ปีงบประมาณ พ.ศ.๒๕๖๗ (1 ต.ค. 66 ถึง 30 ก.ย. 67)"


def test_a_half_is_followed_by_its_whole_year(rounds):
    made = next_round(rounds("2566-06"), None, Asked())
    moves = moves_of(made)
    assert made.folder.name == "2566-12"
    assert moves.keys() == {"round", "due", "summary_due", "measures.1,2,4,5,6,7,8,9,10.months"}
    assert moves["due"][1] == datetime.fromisoformat("2023-10-09T16:30:00+07:00")
    assert looks_of(made).keys() == {"roster", "criteria", "due", "oit"}


def test_what_to_look_at_is_told(rounds):
    source = rounds("2566-12")
    looks = looks_of(
        next_round(source, None, Asked(due=datetime.fromisoformat("2024-04-10T16:30:00+07:00")))
    )
    assert "due" not in looks  # it was said
    assert looks["roster"] == {"divisions": 11, "signers": 4, "parts": 0}
    assert looks["criteria"]["count"] == len(source.criteria)
    assert looks["periods"] == {"keys": "measures.3"}
    assert looks["year"]["keys"].split(", ") == [f"measures.{n}.procedure" for n in (2, 3, 4, 5)]
    for code, params in looks.items():
        assert say(f"next.looks.{code}", "th", **params) != say(
            f"next.looks.{code}", "en", **params
        )


def test_from_year_to_year(rounds):
    made = next_round(rounds("2566-12"), "2567-12", Asked())
    months = moves_of(made)["measures.1,2,4,5,6,7,8,9,10.months"]
    assert months[1] == (date(2023, 10, 1), date(2024, 9, 30))


def test_a_division_is_renamed_and_its_old_name_still_known(rounds, forms):
    source = rounds(
        "2566-12",
        lambda text: text.replace(
            '\n[[divisions]]\ncode = "03"', PARTS + '\n[[divisions]]\ncode = "03"'
        ),
    )
    made = next_round(source, None, Asked({"02": "สำนักคลัง", "05": "กองการศึกษา ศาสนา และวัฒนธรรม"}))
    made.write(rounds.folder / "outputs")
    plan = load_plan(made.folder, forms)
    finance, education = plan.division("02"), plan.division("05")
    assert (finance.name, finance.aliases) == ("สำนักคลัง", ("กองคลัง",))
    assert finance.parts == source.division("02").parts
    assert (education.name, education.aliases) == ("กองการศึกษา ศาสนา และวัฒนธรรม", ("กองการศึกษา",))
    names = [each.params["keys"] for each in made.looks if each.code == "name"]
    assert names == [
        "measures.5.owner_text, divisions[2].head_position",
        "divisions[5].head_position",
    ]


def test_a_name_within_another_divisions_is_not_taken_for_it(rounds):
    made = next_round(rounds("2566-12"), None, Asked({"03": "กองโยธา"}))
    assert looks_of(made)["name"] == {"name": "กองช่าง", "keys": "divisions[3].head_position"}


def test_a_division_is_struck_out_unless_it_answers_for_a_measure(rounds, forms):
    source = rounds("2566-12")
    made = next_round(source, None, Asked(struck=("05",)))
    made.write(rounds.folder / "outputs")
    kept = [each for each in source.divisions if each.code != "05"]
    assert load_plan(made.folder, forms).divisions == tuple(kept)
    assert moves_of(made)["divisions.05"] == ("กองการศึกษา", None)
    assert refused(source, "2567-12", Asked(struck=("08",))) == "next-strikes-owner"
    assert refused(source, "2567-12", Asked(struck=("77",))) == "unknown-division"
    assert refused(source, "2567-12", Asked({"77": "ก"})) == "unknown-division"
    assert refused(source, "2567-12", Asked({"03": "สำนักปลัด"})) == "next-name-taken"


def test_what_is_no_later_round_or_is_there_is_refused(rounds):
    rounds("2566-06")
    source = rounds("2566-12")
    assert refused(source, "2566-06") == "next-not-later"
    assert refused(source, "next") == "next-no-name"
    made = next_round(source, None, Asked())
    made.write(rounds.folder / "outputs")
    assert refused(source) == "init-exists"
    assert refused(source, "2567-06-b") == "plan-same-round"
    assert not (source.folder.parent / "2567-06-b").exists()


def test_a_leap_day_is_the_last_of_february_in_another_year(rounds):
    source = rounds("2566-12")
    leap = replace(source.measures[2], months=(date(2024, 2, 29), date(2024, 2, 29)))
    year = Round(FiscalYear(2567), 12)
    assert _period(leap, year, following(year)) == (date(2025, 2, 28), date(2025, 2, 28))


# --- as it is typed -----------------------------------------------------------------------------


@pytest.fixture
def folder(root, tmp_path):
    """A folder that has the example's twelve-month round."""
    (tmp_path / "inputs/2566-12").mkdir(parents=True)
    shutil.copy(root / "inputs/2566-12/round.toml", tmp_path / "inputs/2566-12")
    return tmp_path


@pytest.mark.office
def test_init_offers_the_next_round_makes_it_and_never_twice(folder):
    pipeline = partial(typed, folder=folder)
    offered = pipeline("init")
    assert offered.returncode == 2
    assert "pipeline init 2567-06 --from 2566-12" in offered.stderr.decode()
    assert pipeline("init", "--new", "--from", "2566-12").returncode == 2
    assert pipeline("init", "--from", "2566-12", "--organisation", "ก").returncode == 2
    made = pipeline("init", "2567-06", "--from", "2566-12", "--yes")
    assert made.returncode == 0, made.stderr.decode()
    said = made.stdout.decode()
    assert "8 เม.ย. 2567 16.30 น." in said
    assert "inputs/2567-06/round.toml" in said
    again = pipeline("init", "2567-06", "--from", "2566-12", "--yes")
    assert (again.returncode, len(again.stderr.decode().splitlines())) == (2, 1)
    last = pipeline(
        "init", "--from", "2567-06", "--json", "--due", "10/10/2567 12.00", "--strike", "05"
    )
    found = json.loads(last.stdout)
    assert (found["round"], found["from"]) == ("2567-12", "2567-06")
    assert {
        "key": "due",
        "old": "2024-04-08 16:30:00+07:00",
        "new": "2024-10-10 12:00:00+07:00",
    } in found["moved"]
    assert [each["code"] for each in found["look_at"]][:2] == ["roster", "criteria"]


def test_in_a_terminal_no_makes_nothing(root, folder):
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    os.write(master, b"y\nn\n")
    told = subprocess.run(
        [sys.executable, "-m", "pipeline", "init"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(root)},
        stdin=slave,
        capture_output=True,
        check=False,
    )
    os.close(slave)
    os.close(master)
    assert told.returncode == 2
    assert say("error.init-stopped") in told.stderr.decode()
    assert "2567-06" in told.stdout.decode()  # what it would have written was shown
    assert sorted(p.name for p in (folder / "inputs").iterdir()) == ["2566-12"]
