"""Whom a mail is from, and what a forged one comes to in a whole round."""

import time
from email import message_from_bytes
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect import collect
from pipeline.collect.senders import mailboxes
from pipeline.intake import intake
from pipeline.messages import finding_sentence
from pipeline.model import Severity, Submission
from schemas import forms
from tests.support.letters import FROM, RECEIVED, attachment, b64word, mixed, opened
from tests.support.rounds import marks_for, plan_of, workbook
from tests.support.town import fates, items_in

REAL, EVIL = "finance@town.example", "evil@else.example"
GIFTS = workbook({"No Gift Policy": [["x"]]}, marks_for("02"))

# How a stranger may dress his own address with the registered one, each both ways around.
_CLOTHES = {
    "comment": f"{EVIL} (<{REAL}>)",
    "comment in front": f"(<{REAL}>) {EVIL}",
    "nested comment": f"{EVIL} ((a) <{REAL}> (b))",
    "comment inside": f"finance(x)@town.example ({EVIL})",
    "comment without an end": f"{EVIL} (<{REAL}>",
    "comment in angles": f"<{EVIL} (<{REAL}>)>",
    "escaped end of a comment": rf"{EVIL} (\) <{REAL}>)",
    "quoted name": f'"{REAL}" <{EVIL}>',
    "quoted angles": f'"x <{REAL}>" <{EVIL}>',
    "quoted end": rf'"x\" <{REAL}>, \"" <{EVIL}>',
    "quoted without an end": f'{EVIL} "<{REAL}>',
    "quoted address": '"finance"@town.example',
    "quoted part": f'"{REAL}"@else.example',
    "group": f"x: {REAL};",
    "group of several": f"{EVIL}: {REAL}, {EVIL};",
    "empty group": f"{REAL}:;",
    "several": f"{REAL}, {EVIL}",
    "several the other way": f"{EVIL}, {REAL}",
    "two in angles": f"<{REAL}> <{EVIL}>",
    "two in angles the other way": f"<{EVIL}> <{REAL}>",
    "address as a name": f"{EVIL} <{REAL}>",
    "angles in angles": f"<{EVIL}<{REAL}>>",
    "behind the address": f"<{EVIL}> {REAL}",
    "encoded name": f"{b64word(REAL)} <{EVIL}>",
    "encoded angles": f"{b64word(f'x <{REAL}>')} <{EVIL}>",
    "encoded address": b64word(REAL),
    "encoded in angles": f"<{b64word(REAL)}>",
    "encoded part": f"=?utf-8?q?finance?=@else.example (<{REAL}>)",
    "a blank inside": "finance @town.example",
    "full-width letters": "finance@town\uff0eexample",
    "a look-alike": "finance@t\u043ewn.example",
    "a control character": f"{REAL}\x00.else.example",
    "a bell": f"x\x07 <{REAL}>",
    "a route": f"<@else.example:{REAL}>",
    "a longer domain": f"{REAL}.else.example",
    "an escape": r"finance\@town.example@else.example",
    "padding": f"{REAL}{' ' * 9000}, {EVIL}",
    "nothing": "",
    "a name only": "finance",
}
_FOLDED = {"in one line": " ", "folded": "\r\n "}
FORGED = {
    f"{name}, {how}": text.replace(" ", fold, 1)
    for (name, text), (how, fold) in product(_CLOTHES.items(), _FOLDED.items())
}


def delivered(tmp_path: Path, *heads: bytes) -> tuple[Submission, ...]:
    """What becomes of the genuine workbook of กองคลัง in mails with these headers."""
    plan = plan_of(tmp_path)
    (tmp_path / "received").mkdir()
    for number, head in enumerate(heads):
        mail = mixed(attachment("a.xlsx", GIFTS), head=RECEIVED + head)
        (tmp_path / "received" / f"{number}.eml").write_bytes(mail)
    return intake(collect(plan), plan)


def test_no_forged_from_counts_or_is_passed_over(tmp_path: Path) -> None:
    assert len(FORGED) >= 24
    heads = [f"From: {text}\r\n".encode() for text in FORGED.values()]
    submissions = {each.received.path.stem: each for each in delivered(tmp_path, *heads)}
    for number, name in enumerate(FORGED):
        found = submissions[str(number)]
        assert (found.outcome, found.division) == ("quarantined", "02"), name
        (finding,) = found.findings
        assert (finding.severity, finding.to) == (Severity.ERROR, "analyst"), name
        assert found.received.sender != REAL, name
        assert all(finding_sentence(finding, lang, forms()) for lang in ("th", "en"))


@pytest.mark.parametrize(
    "written",
    [
        REAL.encode(),
        f"<{REAL}>".encode(),
        b'"A, B; C: <x@y>" <Finance@Town.Example>',
        f"{b64word('กองคลัง')} <{REAL}>".encode(),
        f"{b64word('กองคลัง')}\r\n {b64word('เทศบาล')}\r\n <{REAL}>".encode(),
        f"=?utf-8?q?{'=E0=B8=81' * 3}?= <{REAL}>".encode(),
        f"กองคลัง <{REAL}>".encode("cp874"),
        f"กองคลัง ทม. <{REAL}>".encode(),
        f"{REAL} (กองคลัง (ฝ่ายพัสดุ))".encode(),
        f"(x) a.b (y) < {REAL} >\t(z)".encode(),
    ],
)
def test_an_ordinary_from_counts(tmp_path: Path, written: bytes) -> None:
    (found,) = delivered(tmp_path, b"From: " + written + b"\r\n")
    assert (found.received.sender, found.outcome) == (REAL, "accepted")


def test_the_reason_is_that_of_the_header(tmp_path: Path) -> None:
    def reason(head: str) -> str:
        return opened(b"Subject: x\r\n" + head.encode()).sender_fault

    assert reason("") == reason("From: \r\n") == "no-sender"
    assert reason(f"From: {REAL}, {EVIL}\r\n") == "several-senders"
    assert reason(f"From: {REAL}\r\nFrom: {EVIL}\r\n") == "several-senders"
    assert reason(f"From: x: {REAL};\r\n") == "sender-unreadable"
    assert reason(f"From: {REAL}\r\nfrom: {REAL}\r\n") == ""
    assert reason(f"From: {EVIL}\r\n") == ""
    (found,) = delivered(tmp_path, f"From: a@x.example, {EVIL}\r\n".encode())
    assert found.params == {"written": f"a@x.example, {EVIL}"}


def test_a_file_of_nobody_tells_why_there_is_no_sender(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    (tmp_path / "received").mkdir()
    mail = mixed(attachment("a.xlsx"), head=f"From: {REAL}, {EVIL}\r\n".encode())
    (tmp_path / "received/1.eml").write_bytes(mail)
    (found,) = intake(collect(plan), plan)
    assert (found.division, found.reason) == (None, "several-senders")


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        (f"Reply-To: {EVIL}", True),
        (f"Reply-To: {REAL}, {EVIL}", True),
        (f"Reply-To: {REAL} <{EVIL}>", True),
        ("Reply-To: somebody@town.example", True),
        (f"Reply-To: x: {REAL};", True),
        (f"Sender: {EVIL}", True),
        ("Sender: office@notown.example", True),
        (f"Return-Path: <{EVIL}>", True),
        ("Return-Path: <SRS0=a=b=town.example=finance@else.example>", True),
        (f"Return-Path: {' ' * 9000}<{EVIL}>", True),
        ("Reply-To: Finance <FINANCE@town.example>", False),
        ("Reply-To: all@town.example", False),
        ("Reply-To: ", False),
        ("Sender: secretary@town.example", False),
        ("Sender: list-bounces@lists.town.example", False),
        ("Return-Path: <bounce+finance=town.example@town.example>", False),
        ("Return-Path: <>", False),
    ],
)
def test_a_foreign_address_beside_the_sender_waits(
    tmp_path: Path, header: str, *, waits: bool
) -> None:
    (found,) = delivered(tmp_path, FROM + header.encode() + b"\r\n")
    assert (found.reason == "foreign-address", found.outcome == "quarantined") == (waits, waits)


def test_a_foreign_address_is_named(tmp_path: Path) -> None:
    (found,) = delivered(tmp_path, FROM + f"Reply-To: {EVIL}\r\n".encode())
    (finding,) = found.findings
    for lang in ("th", "en"):
        said = finding_sentence(finding, lang, forms())
        assert all(each in said for each in ("Reply-To", EVIL, REAL, "กองคลัง"))


@given(st.text(st.sampled_from('()"\\<>@,:;. ab\r\n\t\x00ก='), max_size=60))
def test_what_is_no_list_of_addresses_is_none(text: str) -> None:
    for address in mailboxes(text) or ():
        local, _, domain = address.partition("@")
        assert local and domain and address.isascii()
        assert not set('()"\\<>,:; ') & set(address)


def test_hostile_headers_cost_nothing() -> None:
    begun = time.process_time()
    for text in ("(" * 8000, "a." * 4000, "a@" * 4000, "<" * 8000, '"' * 8001, "a@b," * 2000):
        mailboxes(text)
        opened(f"From: {text}\r\nReply-To: {text}\r\n".encode())
    assert time.process_time() - begun < 2


# --- the two hostile mails of a round -----------------------------------------------------------


@pytest.fixture
def forged(town, bought):
    """Give กองคลัง's genuine return and a later one that differs, with other headers; settle."""
    supplies, _ = bought
    town.parts("")

    def settle(**headers):
        town.mail("a.xlsx", town.book(supplies))
        town.mail("b.xlsx", town.book([supplies[0] | {"budget_satang": 62_200_000}]))
        path = town.plan.folder / "received" / "2.eml"
        mail = message_from_bytes(path.read_bytes())
        for name, value in headers.items():
            del mail[name]
            if value:
                mail[name] = value
        path.write_bytes(mail.as_bytes())
        return town.settle()

    return settle


def test_a_strangers_mail_replaces_nothing(forged, bought):
    settled = forged(From="attacker@evil.example (<finance@chachoengsao.example>)")
    assert fates(settled) == {"a.xlsx": "accepted", "b.xlsx": "quarantined"}
    assert items_in(settled) == sorted(row["contract_no"] for row in bought[0])
    (finding,) = [each for each in settled.findings if each.file == "b.xlsx"]
    assert (finding.code, finding.params["sender"]) == ("unknown-sender", "attacker@evil.example")


def test_a_mail_of_a_far_year_replaces_nothing_and_moves_no_date(forged, bought):
    settled = forged(Received=None, Date="Thu, 05 Oct 2099 12:33:00 +0700")
    assert fates(settled) == {"a.xlsx": "accepted", "b.xlsx": "superseded"}
    assert items_in(settled) == sorted(row["contract_no"] for row in bought[0])
    told = {each.code: each for each in settled.findings if each.file == "b.xlsx"}
    assert "time-from-date" not in told
    finding = told["time-unbelieved"]
    assert (finding.severity, finding.to) == (Severity.WARNING, "analyst")
    assert "5 ต.ค. 2642" in finding_sentence(finding, "th", settled.plan.forms)
    assert settled.as_of == settled.plan.summary_due


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"From": EVIL}, f"จาก {EVIL} ซึ่งไม่อยู่ในทะเบียนผู้ส่งของท่าน"),
        ({"Reply-To": EVIL}, "ซึ่งยังยืนยันผู้ส่งไม่ได้"),
    ],
)
def test_a_division_is_asked_about_a_file_for_the_reason_that_it_waits(town, forged, headers, said):
    assert said in town.answers(forged(**headers))["02-2.txt"]


def test_the_same_round_is_seen_at_its_own_moment(forged, town):
    settled = forged(Received=None, Date="Thu, 05 Oct 2099 12:33:00 +0700")
    again = town.settle(as_of=settled.as_of)
    assert (fates(again), again.figures) == (fates(settled), settled.figures)


def test_two_mails_of_a_far_year_wait(forged, town):
    far = "from x by y; Mon, 05 Oct 2099 12:33:00 +0700"
    settled = forged(Received=far)
    first = town.plan.folder / "received" / "1.eml"
    mail = message_from_bytes(first.read_bytes())
    mail.replace_header("Received", far)
    first.write_bytes(mail.as_bytes())
    settled = town.settle()
    assert fates(settled) == {"a.xlsx": "quarantined", "b.xlsx": "quarantined"}
    assert items_in(settled) == []
    assert settled.as_of == settled.plan.summary_due
