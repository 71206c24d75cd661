"""What the round's own mail server found of a sender, and who may hand in a mail for another."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.messages import finding_sentence
from pipeline.model import PipelineError, Severity, Submission
from pipeline.plan import load_plan
from schemas import forms
from tests.support.letters import FROM, RECEIVED, attachment, mixed
from tests.support.rounds import marks_for, plan_of, workbook

SERVER = "mx.town.example"
GIFTS = workbook({"No Gift Policy": [["x"]]}, marks_for("02"))


def taken(tmp_path: Path, head: bytes, **keys: object) -> Submission:
    """What becomes of the genuine workbook of กองคลัง under these headers."""
    plan = replace(plan_of(tmp_path), **keys)
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "1.eml").write_bytes(mixed(attachment("a.xlsx", GIFTS), head=head))
    (found,) = intake(collect(plan), plan)
    return found


def results(written: str, server: str = SERVER) -> bytes:
    return f"Authentication-Results: {server}; {written}\r\n".encode()


FAILED = "dmarc=fail header.from=town.example"
HEADS = {
    "dmarc": (results(FAILED) + RECEIVED, "dmarc=fail"),
    "spf": (results("spf=fail smtp.mailfrom=x@else.example") + RECEIVED, "spf=fail"),
    "soft": (results("spf=softfail (x; y) smtp.mailfrom=x") + RECEIVED, "spf=softfail"),
    "dkim": (results('dkim=fail reason="a; b" header.d=x; spf=none') + RECEIVED, "dkim=fail"),
    "several": (results("spf=fail; dkim=fail; dmarc=none") + RECEIVED, "spf=fail, dkim=fail"),
    "version": (results("dmarc = fail", f"{SERVER} 1") + RECEIVED, "dmarc=fail"),
    "folded": (results("\r\n\tspf=pass;\r\n\tDMARC=Fail") + RECEIVED, "dmarc=fail"),
    "comments": (results("(x (y)) dmarc (z)=(q) fail") + RECEIVED, "dmarc=fail"),
    "below": (RECEIVED + results(FAILED), "dmarc=fail"),
    "two headers": (results("spf=pass") + results(FAILED) + RECEIVED, "dmarc=fail"),
    "other case": (results(FAILED, "MX.Town.Example") + RECEIVED, "dmarc=fail"),
    "between others": (
        results("dmarc=pass", "a.example") + RECEIVED + results(FAILED) + RECEIVED,
        "dmarc=fail",
    ),
    "a comment without an end": (results("dmarc=pass (") + RECEIVED, "unreadable=fail"),
    "padding": (results("x=y; " * 2000 + FAILED) + RECEIVED, "unreadable=fail"),
    "contradicting": (results("dmarc=pass") + results(FAILED) + RECEIVED, "dmarc=fail"),
    "a good one that came with it": (
        results(FAILED) + RECEIVED + results("dmarc=pass; spf=pass"),
        "dmarc=fail",
    ),
}


@pytest.mark.parametrize(("head", "said"), HEADS.values(), ids=HEADS)
def test_a_sender_against_whom_the_server_speaks_waits(
    tmp_path: Path, head: bytes, said: str
) -> None:
    found = taken(tmp_path, head + FROM, mail_server=SERVER)
    assert (found.outcome, found.reason, found.params["results"]) == (
        "quarantined",
        "sender-unproven",
        said,
    )
    (finding,) = found.findings
    assert (finding.severity, finding.to, finding.division) == (Severity.ERROR, "analyst", "02")
    for lang in ("th", "en"):
        sentence = finding_sentence(finding, lang, forms())
        assert all(each in sentence for each in (SERVER, said, "กองคลัง"))


BELIEVED = {
    "passed": results("dmarc=pass; spf=fail; dkim=fail") + RECEIVED,
    "another server": results(FAILED, "else.example") + RECEIVED,
    "a longer name": results(FAILED, f"{SERVER}.else.example") + RECEIVED,
    "no method": results("auth=fail; iprev=fail; arc=fail") + RECEIVED,
    "in a comment": results("spf=pass (dmarc=fail)") + RECEIVED,
    "in a quoted text": results('spf=pass reason="; dmarc=fail"') + RECEIVED,
    "a doubt": results("dmarc=none; spf=neutral; dkim=temperror") + RECEIVED,
    "one of two signatures": results("dkim=fail; dkim=pass") + RECEIVED,
    "came with the mail": results("spf=pass") + RECEIVED + results(FAILED),
    "none": results("none") + RECEIVED,
    "nothing": RECEIVED,
}


@pytest.mark.parametrize("head", BELIEVED.values(), ids=BELIEVED)
def test_one_against_whom_it_does_not_counts(tmp_path: Path, head: bytes) -> None:
    assert taken(tmp_path, head + FROM, mail_server=SERVER).outcome == "accepted"


def test_nothing_is_asked_where_the_round_names_no_server(tmp_path: Path) -> None:
    assert taken(tmp_path, results(FAILED) + RECEIVED + FROM).outcome == "accepted"


RELAYS = ("lists.else.example", "gate@srs.example")


@pytest.mark.parametrize(
    ("header", "counts"),
    [
        ("Return-Path: <bounce+1@lists.else.example>", True),
        ("Return-Path: <x@a.lists.else.example>", True),
        ("Sender: Gate <GATE@srs.example>", True),
        ("Return-Path: <other@srs.example>", False),
        ("Return-Path: <x@notlists.else.example>", False),
        ("Return-Path: <x@else.example>", False),
        ("Reply-To: bounce@lists.else.example", False),
        ("Sender: nonsense, x@lists.else.example", False),
    ],
)
def test_a_relay_of_the_round_may_hand_a_mail_in(
    tmp_path: Path, header: str, *, counts: bool
) -> None:
    head = RECEIVED + FROM + header.encode() + b"\r\n"
    for name in ("with", "without"):
        (tmp_path / name).mkdir()
    found = taken(tmp_path / "with", head, relays=RELAYS)
    assert (found.outcome == "accepted", found.reason == "foreign-address") == (counts, not counts)
    assert taken(tmp_path / "without", head).reason == "foreign-address"


@pytest.mark.parametrize(
    "written", ['relays = ["nonsense"]', 'relays = ["a b.example"]', "relays = [1]"]
)
def test_the_keys_of_a_round_are_checked(town, written: str) -> None:
    path = town.folder / "round.toml"
    text = path.read_text("utf-8")
    good = 'mail_server = " MX.Town.Example"\nrelays = ["Lists.Else.example", "Gate@srs.example"]\n'
    path.write_text(good + text, "utf-8")
    plan = load_plan(town.folder, town.plan.forms)
    assert (plan.mail_server, plan.relays) == (SERVER, RELAYS)
    path.write_text(f"{written}\n{text}", "utf-8")
    with pytest.raises(PipelineError) as caught:
        load_plan(town.folder, town.plan.forms)
    assert caught.value.params["key"] == "relays"
