"""What a division gets back, as text and as an unsent draft."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from pipeline.model import Outcome
from pipeline.reply import reply
from pipeline.run import assess


@pytest.fixture(scope="module")
def settled(plan_12):
    return assess(plan_12)


def test_every_accepted_file_is_answered_with_its_verdict_first_and_its_hash_last(
    settled, tmp_path
):
    written = reply(settled, tmp_path)
    names = sorted(path.name for path in written if path.suffix == ".txt")
    assert len(names) == 12
    assert {"02-1.txt", "02-2.txt"} <= set(names)
    lines = (tmp_path / "replies" / "02-1.txt").read_text("utf-8").split("\n")
    assert lines[0] == "เรียน ผู้รับผิดชอบข้อมูล กองคลัง"
    assert lines[2].startswith("ได้รับไฟล์แล้ว")
    assert lines[-2].startswith("SHA-256")
    assert "2566-12/02-1" in "".join(lines)


def test_the_draft_goes_to_the_roster_only_and_answers_its_mail(settled, tmp_path):
    reply(settled, tmp_path)
    data = (tmp_path / "replies" / "08-1.eml").read_bytes()
    mail = message_from_bytes(data, policy=policy.default)
    sent = next(s.received.message for s in settled.submissions if s.division == "08")
    assert mail["To"] == "personnel@chachoengsao.example"
    assert mail["In-Reply-To"] == sent.message_id
    assert mail["Subject"] == f"Re: {sent.subject}"
    assert mail["X-Unsent"] == "1"
    assert (mail["Date"], mail["Message-ID"]) == (None, None)
    assert "กองการเจ้าหน้าที่" in mail.get_body(("plain",)).get_content()


def test_a_subject_cannot_add_a_header_nor_text_become_html(settled, tmp_path):
    first = next(s for s in settled.submissions if s.division == "03")
    message = replace(first.received.message, subject="ถึง\r\nBcc: x@y.example <b>")
    odd = replace(first, received=replace(first.received, message=message, name="<b>.xlsx"))
    others = tuple(odd if s is first else s for s in settled.submissions)
    reply(replace(settled, submissions=others), tmp_path)
    mail = message_from_bytes((tmp_path / "replies/03-1.eml").read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None
    assert "&lt;b&gt;.xlsx" in mail.get_body(("html",)).get_content()


def test_a_file_sent_back_says_so_and_a_quarantined_one_is_not_answered(settled, tmp_path):
    states = {"03": Outcome.REFUSED, "04": Outcome.QUARANTINED}
    changed = tuple(
        replace(s, outcome=states.get(s.division, s.outcome)) for s in settled.submissions
    )
    reply(replace(settled, submissions=changed), tmp_path)
    assert "ขอส่งคืนให้แก้ไข" in (tmp_path / "replies/03-1.txt").read_text("utf-8")
    assert not (tmp_path / "replies/04-1.txt").exists()


def test_the_same_findings_give_the_same_bytes(settled, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        reply(settled, tmp_path / folder)
    first, second = tmp_path / "a" / "replies", tmp_path / "b" / "replies"
    assert [p.read_bytes() for p in sorted(first.iterdir())] == [
        p.read_bytes() for p in sorted(second.iterdir())
    ]
