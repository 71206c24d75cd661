"""The round's promises: what the two example files say, and which round is meant."""

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.model import PipelineError
from pipeline.plan import find_round
from tests.support.written_plan import CODES

SEED = Path(__file__).parents[1] / "example" / "seed_table.tsv"


def bare(words):
    return "".join(words.split())


def test_the_ten_measures_are_the_seeds_word_for_word(plan_12, plan_06):
    rows = [line.split("\t") for line in SEED.read_text("utf-8").splitlines() if line.strip()]
    seed = [tuple(map(bare, row[:4])) for row in rows]

    def said(plan):
        return [
            tuple(map(bare, (m.title, m.procedure, m.owner_text, m.period_text)))
            for m in plan.measures
        ]

    assert said(plan_12) == seed
    differing = [
        m.number for m, a, b in zip(plan_06.measures, said(plan_06), seed, strict=True) if a != b
    ]
    assert differing == [3]
    assert "(ข้อความตัวอย่าง)" in plan_06.measure(3).procedure


def test_roster_due_times_and_odd_period_are_as_agreed(plan_12, plan_06):
    assert tuple(each.code for each in plan_12.divisions) == CODES
    assert plan_12.obliged_to_all == CODES[:-1]
    assert plan_12.due == datetime.fromisoformat("2023-10-06T16:30+07:00")
    assert plan_06.due == datetime.fromisoformat("2023-04-07T16:30+07:00")
    assert plan_12.measure(3).months == (date(2023, 4, 1), date(2023, 9, 30))
    assert plan_06.measure(3).months == (date(2022, 10, 1), date(2023, 3, 31))
    assert [plan_12.measure(n).coordinator for n in (6, 8, 9)] == ["08", "06", "01"]


@pytest.mark.parametrize("name", ["plan_06", "plan_12"])
def test_no_sender_is_real_and_every_criterion_has_source_and_approver(name, request):
    plan = request.getfixturevalue(name)
    senders = [address for each in plan.divisions for address in each.senders]
    assert len(senders) == len(CODES)
    assert all(address.endswith(".example") for address in senders)
    assert plan.criterion("min_project_count") == 35
    assert plan.criterion("weights.in_progress") == Decimal("0.5")
    bands = [plan.criterion(f"bands.{n}.{w}") for n in (12, 6) for w in ("high", "medium")]
    assert bands == [80, 50, 50, 20]
    assert [key for key, c in plan.criteria.items() if not (c.source and c.approved_by)] == []


def test_the_plan_bears_the_hash_of_its_file_and_the_round_before(root, plan_12):
    for plan in (plan_12, plan_12.earlier):
        file = root / "inputs" / plan.name / "round.toml"
        assert plan.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert plan_12.earlier.name == "2566-06"
    assert plan_12.earlier.earlier is None


@pytest.fixture
def inputs(tmp_path):
    """Folders of rounds by their first lines."""
    said = {
        "2566-06": "fiscal_year = 2566\nround = 6",
        "2566-12": "fiscal_year = 2566\nround = 12",
        "2566-12-messy": "example = true\nfiscal_year = 2567\nround = 12",
        "a-2565": "fiscal_year = 2565\nround = 12",
    }
    for name, words in said.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "round.toml").write_text(words, "utf-8")
    return tmp_path


def test_the_default_is_the_latest_round_that_is_no_example(inputs):
    assert find_round(inputs, None).name == "2566-12"


def test_a_named_round_is_found_even_an_example(inputs):
    assert find_round(inputs, "2566-12-messy").name == "2566-12-messy"


def test_an_unknown_round_is_answered_with_those_there_are(inputs):
    with pytest.raises(PipelineError) as caught:
        find_round(inputs, "2570-12")
    assert caught.value.code == "plan-no-round"
    assert caught.value.params["names"] == "2566-06, 2566-12, 2566-12-messy, a-2565"


def test_no_round_at_all_is_said(tmp_path):
    with pytest.raises(PipelineError) as caught:
        find_round(tmp_path, None)
    assert caught.value.code == "plan-no-rounds"


@pytest.mark.parametrize("words", ['fiscal_year = "x"', "fiscal_year = [1]", "round = 12.5"])
def test_a_round_that_cannot_be_ranked_does_not_hide_the_others(inputs, words):
    (inputs / "a-2565" / "round.toml").write_text(words, "utf-8")
    assert find_round(inputs, None).name == "2566-12"
