"""The shipped example: its mails are what the generator writes, and the seed's year comes out."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.plan import load_plan
from pipeline.run import run
from schemas import forms
from tests.example.generate import write_round
from tests.support import office
from tests.support.excel2010 import forbidden_functions

pytestmark = pytest.mark.office  # whole rounds

ROUNDS = ("2566-06", "2566-12")
# The ten measures of the report of เทศบาลเมืองฉะเชิงเทรา for fiscal year 2566, as published, tags removed.
SEED = (Path(__file__).parents[1] / "example" / "seed_table.tsv").read_text("utf-8")


@pytest.fixture(scope="module")
def settled(settled_06, settled_12):
    return dict(zip(ROUNDS, (settled_06, settled_12), strict=True))


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


def test_libreoffice_recalculates_every_figure_to_its_cached_value(root, tmp_path):
    office.require_office()
    made = run(load_plan(root / "inputs" / "2566-12", forms()), tmp_path / "out")
    path = made.path.with_name("report.xlsx")
    counted, differing = office.differences(path)
    assert differing == []
    assert counted > 500
    assert forbidden_functions(path) == set()


def test_the_same_inputs_give_the_same_bytes_elsewhere(root, tmp_path):
    """Another folder, time zone, hash seed, locale and order of files."""
    made = []
    for number, (zone, seed) in enumerate((("UTC", "1"), ("Asia/Bangkok", "77"))):
        inputs = tmp_path / str(number) / "inputs"
        for name in ROUNDS[:: -1 if number else 1]:
            shutil.copytree(root / "inputs" / name, inputs / name)
        outputs = tmp_path / str(number) / "out"
        command = [sys.executable, "-m", "pipeline", "run", "2566-12", "-q"]
        command += ["--inputs", str(inputs), "--outputs", str(outputs)]
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        subprocess.run(command, env=environment, cwd=tmp_path, check=False, capture_output=True)
        files = (path for path in sorted(outputs.rglob("*")) if path.is_file())
        made.append({path.relative_to(outputs).as_posix(): path.read_bytes() for path in files})
    assert made[0].keys() == made[1].keys()
    assert "2566-12/report.xlsx" in made[0]
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []


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


def test_every_number_that_the_seed_states_agrees(settled):
    """Only its sum and its period are at fault."""
    stated = [
        f"{each.measure} {each.claim.figure} {each.claim.value}"
        for each in settled["2566-12"].comparisons
    ]
    assert stated == SEED_STATES
    assert all(each.agrees for each in settled["2566-12"].comparisons)
    codes = {each.code for each in settled["2566-12"].findings}
    assert codes & {"XPL-01", "XPL-02", "XPL-03", "XPD-01"} == {"XPL-03", "XPD-01"}


SEED_STATES = [
    "2 plan.registered 36",
    "3 plan.registered 36",
    "3 plan.registered 36",
    "3 plan.in_progress 23",
    "3 plan.done 13",
    "3 plan.score_pct 70.00",
    "3 plan.base 35",
    "4 plan.registered 36",
    "4 plan.disbursed_baht none",
    "4 plan.obstacles none",
    "4 plan.registered 36",
    "4 plan.in_progress none",
    "4 plan.done 33",
    "4 plan.level high",
    "4 plan.score_pct 94.29",
    "6 complaints.kind_3.received none",
]


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
