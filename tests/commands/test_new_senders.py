"""Addresses taken into the roster: by one command, and nothing else of round.toml changes."""

import json
import tomllib
from dataclasses import replace

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.commands.new_senders import Proposal, chosen, proposals, take
from pipeline.model import PipelineError
from pipeline.plan import load_plan
from tests.support.town import FINANCE, fates, without_parts

STRANGER = "officer@home.example"


def proposed(address=STRANGER, division="02"):
    return Proposal(address, division, ("a.xlsx",), counts=False)


@pytest.fixture
def asked(town, bought):
    """Files of กองคลัง from a strange address, and of a division that has none in the roster."""
    without_parts(town)
    path = town.folder / "round.toml"
    text = path.read_text("utf-8").replace(
        'senders = ["works@chachoengsao.example"]', "senders = []"
    )
    path.write_text(text, "utf-8")
    town.plan = load_plan(town.folder, town.plan.forms)
    town.mail("a.xlsx", town.book(bought[0]), STRANGER)
    return town


def senders(town, *words):
    inputs, outputs = str(town.folder.parent), str(town.out)
    given = ["senders", town.folder.name, *words, "--inputs", inputs, "--outputs", outputs]
    return CliRunner().invoke(main, given)


def test_an_address_is_shown_then_taken_and_its_file_counts(asked):
    assert fates(asked.settle()) == {"a.xlsx": "quarantined"}
    before = (asked.folder / "round.toml").read_text("utf-8")
    shown = senders(asked)
    assert (shown.exit_code, STRANGER in shown.output) == (0, True)
    assert (asked.folder / "round.toml").read_text("utf-8") == before
    taken = senders(asked, "--take", STRANGER.upper(), "--json")
    assert [each["address"] for each in json.loads(taken.output)["taken"]] == [STRANGER]
    after = (asked.folder / "round.toml").read_text("utf-8")
    assert after.replace(f', "{STRANGER}"', "") == before
    asked.plan = load_plan(asked.folder, asked.plan.forms)
    assert fates(asked.settle()) == {"a.xlsx": "accepted"}
    assert STRANGER not in senders(asked).output


def test_all_takes_those_that_count_and_never_one_that_waits(asked, bought):
    divisions = tuple(
        replace(each, senders=(), parts=()) if each.code == "02" else each
        for each in asked.plan.divisions
    )
    (open_one,) = proposals(replace(asked.plan, divisions=divisions))
    assert open_one.counts
    (waiting,) = proposals(asked.plan)
    assert not waiting.counts
    assert json.loads(senders(asked, "--all", "--json").output)["taken"] == []


def test_an_address_that_nobody_sent_from_is_refused(asked):
    refused = senders(asked, "--take", "other@home.example")
    assert (refused.exit_code, STRANGER in refused.output) == (2, True)
    with pytest.raises(PipelineError):
        chosen([proposed()], ["other@home.example"])


WRITTEN = {
    "one": 'senders = ["x@y"] # ที่อยู่',
    "none": "senders = [ ]",
    "several lines": 'senders = [\n  "x@y", # one ]\n  \'a@b\', # "]"\n]',
    "a comma at the end": 'senders = ["x@y",]',
    "single quotes": "senders=['x#y']",
    "no key": "",
    "a mark within": 'senders = ["]", "\\"["]',
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_list_changes_however_it_is_written(town, written, end):
    """The file is parsed before and after: the address is one more, all else is the same."""
    path = town.folder / "round.toml"
    text = path.read_text("utf-8").replace(f'senders = ["{FINANCE}"', f'{written}\nx_ = [""', 1)
    lines = text.splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("x_ = "))
    del lines[number]
    data = "\ufeff".encode() + end.join([*lines, ""]).encode()
    path.write_bytes(data)
    take(town.plan, [proposed()])
    then, now = (tomllib.loads(each.decode("utf-8-sig")) for each in (data, path.read_bytes()))
    mine = next(each for each in then["divisions"] if each["code"] == "02")
    mine["senders"] = [*mine.get("senders", []), STRANGER]
    assert now == then
    assert path.read_bytes().count(end.encode()) >= data.count(end.encode())


def test_a_roster_written_in_another_way_is_left_as_it_is(town):
    path = town.folder / "round.toml"
    path.write_text('divisions = [{ code = "01" }, { code = "02", senders = [] }]\n', "utf-8")
    with pytest.raises(PipelineError) as caught:
        take(town.plan, [proposed()])
    assert caught.value.code == "senders-by-hand"
    assert STRANGER not in path.read_text("utf-8")
