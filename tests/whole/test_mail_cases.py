"""Mails that were once read wrong: what is right of each. The reports in them are made up."""

import base64
from pathlib import Path

import pytest

from pipeline.collect import received_from
from pipeline.intake import intake
from pipeline.messages import finding_sentence
from pipeline.model import Severity
from pipeline.plan import load_plan
from pipeline.run import assess
from schemas import forms
from tests.support.letters import EXCEL, FROM, RECEIVED, TEXT, attachment, mixed

CASES = Path(__file__).parents[1] / "cases"
MAILS = sorted((CASES / "mails").iterdir(), key=lambda path: path.name)
WHOLE = {path.stem: path for path in MAILS if path.stem != "opaque-signed-p7m"}
SENDER = "complaints@chachoengsao.example"


@pytest.mark.parametrize("path", WHOLE.values(), ids=WHOLE)
def test_a_mail_brings_its_one_workbook(path: Path, plan_12) -> None:
    found, *others = intake(tuple(received_from(path)), plan_12)
    assert (found.name, found.outcome, found.division) == ("90.xlsx", "accepted", "90")
    assert [each.reason for each in others] == ["no-attachment"] * (path.suffix == ".mbox")
    assert (found.received.sender, found.findings) == (SENDER, ())
    assert found.received.received_at.isoformat() == "2023-10-04T15:19:00+07:00"


def test_a_signed_mail_is_not_taken_for_a_sealed_one(plan_12) -> None:
    """The case is a stub: the workbook that the signature encloses is the beginning of one."""
    (path,) = {*MAILS} - {*WHOLE.values()}
    (found,) = intake(tuple(received_from(path)), plan_12)
    assert (found.name, found.reason) == ("90.xlsx", "not-a-workbook-damaged")


def test_a_row_of_white_space_is_no_row(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "2566-12"
    (folder / "received").mkdir(parents=True)
    (folder / "round.toml").write_bytes((root / "inputs/2566-12/round.toml").read_bytes())
    data = (CASES / "workbooks" / "row-of-one-space.xlsx").read_bytes()
    head = RECEIVED + f"From: {SENDER}\r\n".encode()
    (folder / "received" / "90.eml").write_bytes(mixed(attachment("90.xlsx", data), head=head))
    settled = assess(load_plan(folder, forms()))
    (submission,) = settled.submissions
    assert submission.outcome == "accepted"
    mine = [each for each in settled.findings if each.file == submission.name]
    assert [each.code for each in mine if each.severity > Severity.NOTE] == []


# --- what was harmed on the way -----------------------------------------------------------------


def coded(data: bytes, name: str = "a.xlsx") -> bytes:
    head = f'Content-Type: {EXCEL}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return head.encode() + data


@pytest.fixture(scope="module")
def good(root: Path) -> bytes:
    return (CASES / "workbooks" / "wps-dispimg.xlsx").read_bytes()


def test_whatever_is_harmed_in_a_mail_is_not_blamed_on_the_file(tmp_path, plan_12, good) -> None:
    whole = base64.encodebytes(good)
    half = len(whole) // 2
    half -= half % 77  # the beginning of a line
    letters = whole[:half] + b"?!?!" + whole[half + 4 :]
    mails = {
        "cut off": mixed(TEXT, coded(whole), head=RECEIVED + FROM)[:-half],
        "cut within four letters": RECEIVED + FROM + coded(whole[: half + 10]),
        "strange letters": mixed(TEXT, coded(letters)),
        "a part lost": mixed(TEXT, coded(whole[: half + 2])),
    }
    for name, mail in mails.items():
        (tmp_path / f"{name}.eml").write_bytes(mail)
    paths = sorted(tmp_path.iterdir())
    received = [each for path in paths for each in received_from(path)]
    found = {each.received.path.stem: each for each in intake(received, plan_12)}
    assert {name: each.reason for name, each in found.items()} == dict.fromkeys(
        mails, "harmed-in-mail"
    )
    for each in found.values():
        (finding,) = each.findings
        said = finding_sentence(finding, "th", forms())
        assert (each.outcome, "ไฟล์ของท่านไม่ได้ผิด" in said) == ("refused", True)


def test_a_whole_file_counts_though_its_mail_ends_too_early(tmp_path, plan_12, good) -> None:
    mail = mixed(TEXT, coded(base64.encodebytes(good)))
    (tmp_path / "a.eml").write_bytes(mail[: mail.rindex(b"--b0--")])
    (found,) = received_from(tmp_path / "a.eml")
    assert (found.is_broken, found.data) == (True, good)
    assert intake([found], plan_12)[0].reason != "harmed-in-mail"


def test_a_file_broken_by_its_own_program_is_still_named_as_such(tmp_path, plan_12, good) -> None:
    (tmp_path / "a.eml").write_bytes(mixed(TEXT, attachment("a.xlsx", good[:-500])))
    (found,) = intake(tuple(received_from(tmp_path / "a.eml")), plan_12)
    assert found.reason == "not-a-workbook-damaged"


def test_a_good_file_before_a_cut_one_counts(tmp_path, plan_12, good) -> None:
    files = (coded(base64.encodebytes(good), name) for name in ("a.xlsx", "b.xlsx"))
    (tmp_path / "a.eml").write_bytes(mixed(TEXT, *files)[:-9000])
    found = {each.name: each for each in received_from(tmp_path / "a.eml")}
    assert {name: each.is_broken for name, each in found.items()} == {
        "a.xlsx": False,
        "b.xlsx": True,
    }
