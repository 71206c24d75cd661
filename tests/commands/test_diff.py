"""`diff`: rounds, editions, days and files side by side, each figure with what led to it."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest

from pipeline.commands.close import close
from pipeline.commands.diff import as_signed, compare, of_file, sentence
from pipeline.messages import catalogue
from pipeline.model import PipelineError
from pipeline.model.bridges import ChangeName
from pipeline.plan import load_plan
from pipeline.run import assess
from tests.example.generate import procurement_rows
from tests.support.corrections import GOING, at, correction
from tests.support.typed import typed

SIGNED = (date(2023, 4, 20), "นายกเทศมนตรี (ตัวอย่าง)")


@pytest.fixture
def rounds(settled_06, settled_12):
    return compare(("2566-06", "2566-12"), (settled_06, settled_12))


def test_the_rounds_of_the_example_are_told_figure_by_figure(rounds):
    found = rounds.as_json()
    assert (found["a"], found["b"]) == ("2566-06", "2566-12")
    by_id = {each["figure"]: each for each in found["figures"]}
    score = by_id["plan.score_pct"]
    assert (score["old"], score["new"]) == (70.0, 94.29)
    assert score["numerator"] == {"old": 24.5, "new": 33.0}
    assert score["changes"][0]["name"].startswith(
        "numerator.moved.project_register.project_status."
    )
    assert len(score["changes"][0]["rows"]) == 20
    places = score["changes"][0]["rows"][0]
    assert places["old"].endswith(f"'ทะเบียนโครงการ'!{at(1)}")
    assert places["new"].split("!")[0].endswith("'ทะเบียนโครงการ'")
    assert by_id["procurement.year.agreed_baht"]["old"].count(".") == 1  # money is text with satang
    for each in found["figures"]:
        if each["unit"] == "count":
            assert each["old"] + sum(c["delta"] for c in each["changes"]) == each["new"], each
        for change in each["changes"]:
            assert change["th"]
            assert change["en"]
    json.dumps(found)


def test_the_screen_says_each_change_in_either_language(rounds):
    thai, english = (list(rounds.lines(lang)) for lang in ("th", "en"))
    assert len(thai) == len(english)
    at_score = next(n for n, line in enumerate(thai) if "plan.score_pct" in line)
    assert thai[at_score].endswith("70.00 → 94.29")
    assert thai[at_score + 1].startswith("    +28.57  ตัวตั้ง: ")
    assert english[at_score + 3] == "    +0.01  rounding, cap"
    assert "    high from 50 → 80" in english
    assert english[-1].endswith("(see --json).")


def test_what_does_not_differ_is_said_to_be_the_same(settled_12):
    compared = compare(("a", "b"), (settled_12, settled_12))
    assert len(list(compared.lines("th"))) == 1
    assert compared.as_json()["figures"] == []


def test_every_name_of_a_change_has_its_words(plan_12):
    kinds = {key.split(".")[2] for key in catalogue() if key.startswith("diff.name.")}
    assert kinds >= {"appeared", "vanished", "doubtful", "fate", "unexplained"}
    for kind in kinds - {"moved-only"}:
        named = ChangeName(kind, "obligations", "state", "MISSING", "REPORTED", "numerator")
        for lang in ("th", "en"):
            assert "{" not in sentence(named, plan_12, lang)
    assert "MISSING" not in sentence(
        ChangeName("moved", "obligations", "state", "MISSING", "REPORTED"), plan_12, "th"
    )


def test_an_edition_is_as_it_was_signed_and_a_correction_since_is_named(root, tmp_path, forms):
    folder = tmp_path / "inputs/2566-06"
    shutil.copytree(root / "inputs/2566-06", folder)
    settled = assess(load_plan(folder, forms))
    close(settled, *SIGNED)
    (folder / "corrections.toml").write_text(correction(old=GOING, agreed_on="25/4/2566"), "utf-8")
    plan = load_plan(folder, forms)
    signed = as_signed(plan, 1)
    assert {k: f.value for k, f in signed.figures.items()} == {
        k: f.value for k, f in settled.figures.items()
    }
    done = next(
        b for b in compare(("1", "2"), (signed, assess(plan))).bridges if b.now.id == "plan.done"
    )
    (change,) = done.changes
    assert (change.named.kind, change.delta, done.sums) == ("corrected", 1, True)
    with pytest.raises(PipelineError) as told:
        as_signed(plan, 2)
    assert (told.value.code, told.value.params["numbers"]) == ("diff-not-signed", "1")

    kept = replace(plan.ledger.signings[0], substance={"figures": {"plan.done": "12"}})
    told = as_signed(replace(plan, ledger=replace(plan.ledger, signings=(kept,))), 1)
    assert told.figures["plan.done"].value == 12  # what was signed stands


def test_two_files_of_a_division(town, tmp_path):
    town.parts("")
    rows = procurement_rows(town.plan)[:3]
    old, new = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    old.write_bytes(town.book(rows))
    new.write_bytes(town.book([rows[0] | {"agreed_price_satang": 100}, *rows[1:]]))
    sides = of_file(old, town.plan), of_file(new, town.plan)
    assert sides[0].figures["procurement.year.contracts"].value == 3
    compared = compare(("a", "b"), sides)
    assert all(each.sums for each in compared.bridges)
    (year,) = (b for b in compared.bridges if b.now.id == "procurement.year.agreed_baht")
    assert {c.named.kind for c in year.changes} <= {"changed", "fate"}
    assert year.changes


@pytest.mark.office
def test_as_it_is_typed(root):
    told = typed("diff", "2566-06", "2566-12@5/10/2566", "--lang", "en", folder=root)
    assert told.returncode == 0, told.stderr.decode()
    assert "plan.score_pct): 70.00 →" in told.stdout.decode()
    wrong = typed("diff", "2566-06@7", "2566-12", folder=root)
    assert (wrong.returncode, len(wrong.stderr.decode().splitlines())) == (2, 1)
