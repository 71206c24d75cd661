"""The shipped example: its mails are what the generator writes, and the seed's year comes out."""

import json
import re
from pathlib import Path

import pytest

from pipeline.plan import load_plan
from pipeline.run import assess, run
from schemas import forms
from tests.example.generate import write_round

ROUNDS = ("2566-06", "2566-12")
# The ten measures of the report of เทศบาลเมืองฉะเชิงเทรา for fiscal year 2566, as published, tags removed.
SEED = (Path(__file__).parent / "example" / "seed_table.tsv").read_text("utf-8")


@pytest.fixture(scope="module")
def settled(root):
    return {name: assess(load_plan(root / "inputs" / name, forms())) for name in ROUNDS}


@pytest.mark.parametrize("name", ROUNDS)
def test_the_committed_mails_are_what_the_generator_writes(root, tmp_path, name):
    folder = root / "inputs" / name
    write_round(load_plan(folder, forms()), tmp_path / "received")
    made = {path.name: path.read_bytes() for path in (tmp_path / "received").iterdir()}
    kept = {path.name: path.read_bytes() for path in (folder / "received").iterdir()}
    assert made.keys() == kept.keys()
    assert [each for each in made if made[each] != kept[each]] == []


def test_the_twelve_months_give_the_seeds_figures(root, tmp_path):
    made = run(load_plan(root / "inputs" / "2566-12", forms()), tmp_path / "out")
    found = json.loads(made.path.read_text("utf-8"))
    plan = found["figures"]["plan"]
    keys = ("registered", "done", "waiting", "score_pct", "done_share_pct", "level")
    assert [plan[key] for key in keys] == [36, 33, 3, 94.29, 91.67, "high"]
    assert made.exit_code == 1
    assert sorted({item["kind"] for item in found["open_items"]}) == [
        "configured-period",
        "waiting-project",
    ]
    balance = found["balance"]
    outcomes = ("accepted", "refused", "superseded", "quarantined", "ignored")
    assert balance["files"] == sum(balance[key] for key in outcomes) == len(found["files"])
    assert set(found["written"]) >= {"report.xlsx", "findings.csv"}


def test_the_six_months_give_seventy_and_nothing_is_open(settled):
    figures = settled["2566-06"].figures
    keys = ("registered", "done", "in_progress", "waiting", "score_pct")
    assert [str(figures[f"plan.{key}"].value) for key in keys] == ["36", "13", "23", "0", "70.00"]
    assert settled["2566-06"].complete


def test_both_inconsistencies_of_the_seed_are_findings_not_repairs(settled):
    found = settled["2566-12"].findings
    (period,) = [f for f in found if f.code == "XPD-01"]
    assert (period.params["key"], period.to) == ("measures.3.period_text", "analyst")
    (sums,) = [f for f in found if f.code == "XPL-03"]
    assert (sums.params["missing"], sums.division) == ("3", "01")


def test_the_ten_rows_are_the_seeds_word_for_word(settled):
    """Equal in all six columns once white space is taken away."""
    bare = re.compile(r"\s+")
    expected = [[bare.sub("", cell) for cell in line.split("\t")] for line in SEED.splitlines()]
    printed = [
        [
            bare.sub("", text)
            for text in (
                each.measure.title,
                each.measure.procedure,
                each.measure.owner_text,
                each.measure.period_text,
                each.summary,
                each.outcome,
            )
        ]
        for each in settled["2566-12"].printed
    ]
    assert printed == expected
