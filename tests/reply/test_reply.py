"""What a division gets back, as text and as an unsent draft."""

import io
import zipfile
from dataclasses import replace
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from pipeline.model import CellRef, Finding, ObligationState, Outcome, Severity
from pipeline.reply import reply
from pipeline.reply.reminders import remind
from pipeline.workbook.reader import read_cells


@pytest.fixture(scope="module")
def settled(settled_12):
    return settled_12


def test_every_accepted_file_is_answered_with_its_verdict_first_and_its_hash_last(
    settled, tmp_path
):
    written = reply(settled, tmp_path)
    names = sorted(path.name for path in written if path.suffix == ".txt")
    assert len(names) == 12
    assert {"02-1.txt", "02-2.txt"} <= set(names)
    lines = (tmp_path / "replies" / "02-1.txt").read_text("utf-8").split("\n")
    assert lines[0].startswith("เรียน ผู้รับผิดชอบข้อมูล กองคลัง: ได้รับไฟล์แล้ว นำเข้าข้อมูล")
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


def test_a_long_identifier_still_ties_the_conversation_together(settled, tmp_path):
    """Outlook's are longer than a line of a mail; encoded as text they are no identifiers."""
    first = next(s for s in settled.submissions if s.division == "03")
    ids = [f"<{letter * 90}@mail.town.example>" for letter in "abc"]
    message = replace(first.received.message, message_id=ids[2], references=tuple(ids[:2]))
    odd = replace(first, received=replace(first.received, message=message))
    others = tuple(odd if s is first else s for s in settled.submissions)
    plan = replace(settled.plan, reply_from=f"{'เทศบาลเมืองตัวอย่าง' * 4} <report@town.example>")
    reply(replace(settled, submissions=others, plan=plan), tmp_path)
    data = (tmp_path / "replies/03-1.eml").read_bytes()
    assert f"In-Reply-To: {ids[2]}\r\n".encode() in data
    assert "\r\n ".join([f"References: {ids[0]}", *ids[1:]]).encode() in data
    mail = message_from_bytes(data, policy=policy.default)
    assert mail["From"].addresses[0].addr_spec == "report@town.example"
    assert max(map(len, data.split(b"\r\n"))) < 200


def test_a_subject_cannot_add_a_header_nor_text_become_html(settled, tmp_path):
    first = next(s for s in settled.submissions if s.division == "03")
    message = replace(first.received.message, subject="ถึง\r\nBcc: x@y.example <b>")
    odd = replace(first, received=replace(first.received, message=message, name="<b>.xlsx"))
    others = tuple(odd if s is first else s for s in settled.submissions)
    reply(replace(settled, submissions=others), tmp_path)
    mail = message_from_bytes((tmp_path / "replies/03-1.eml").read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None
    assert "&lt;b&gt;.xlsx" in mail.get_body(("html",)).get_content()


def with_outcomes(settled, states):
    return replace(
        settled,
        submissions=tuple(
            replace(s, outcome=states.get(s.division, s.outcome)) for s in settled.submissions
        ),
    )


def test_a_file_sent_back_says_so(settled, tmp_path):
    reply(with_outcomes(settled, {"03": Outcome.REFUSED}), tmp_path)
    assert "ขอส่งคืนให้แก้ไข" in (tmp_path / "replies/03-1.txt").read_text("utf-8")


def test_of_a_quarantined_file_its_claimed_division_is_asked_and_gets_nothing(settled, tmp_path):
    first = next(s for s in settled.submissions if s.division == "04")
    stranger = replace(first, received=replace(first.received, sender="x@stranger.example"))
    stranger = replace(stranger, outcome=Outcome.QUARANTINED, reason="unknown-sender")
    others = tuple(stranger if s is first else s for s in settled.submissions)
    reply(replace(settled, submissions=others), tmp_path)
    mail = message_from_bytes((tmp_path / "replies/04-1.eml").read_bytes(), policy=policy.default)
    assert mail["To"] == "health@chachoengsao.example"
    assert (mail["In-Reply-To"], mail["Reply-To"], mail["Cc"]) == (None, None, None)
    assert "ยืนยัน" in mail["Subject"]
    assert "x@stranger.example" in mail.get_body(("plain",)).get_content()
    assert list(mail.iter_attachments()) == []
    assert not (tmp_path / "replies/04-1.xlsx").exists()


def test_a_number_stays_when_another_file_takes_the_place_of_the_first(settled, tmp_path):
    first = next(s for s in settled.submissions if s.division == "02")
    gone = replace(first, outcome=Outcome.SUPERSEDED)
    others = tuple(gone if s is first else s for s in settled.submissions)
    names = {p.name for p in reply(replace(settled, submissions=others), tmp_path)}
    assert "02-2.txt" in names
    assert "02-1.txt" not in names


def test_a_blank_workbook_is_told_so(settled, tmp_path):
    first = next(s for s in settled.submissions if s.division == "03")
    blank = replace(first, outcome=Outcome.IGNORED, reason="not-filled")
    others = tuple(blank if s is first else s for s in settled.submissions)
    reply(replace(settled, submissions=others), tmp_path)
    assert "ยังไม่ได้กรอก" in (tmp_path / "replies/03-1.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def faulty(settled):
    """The round with more faults in one file than a mail should list."""
    sent = next(s for s in settled.submissions if s.division == "03")
    found = [
        Finding(
            "required",
            Severity.ERROR,
            division="03",
            file=sent.name,
            cell=CellRef(sent.name, "ผลตามมาตรการ", row, column),
            params={"heading": f"{row}", "expected_th": "ข", "expected_en": "b"},
            value="<ค่า>",
        )
        for row in range(4, 9)
        for column in range(1, 7)
    ]
    return replace(settled, findings=tuple(found))


def test_the_marked_copy_is_attached_and_lies_beside(faulty, tmp_path):
    reply(faulty, tmp_path)
    mail = message_from_bytes((tmp_path / "replies/03-1.eml").read_bytes(), policy=policy.default)
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == (tmp_path / "replies/03-1.xlsx").read_bytes()
    assert attached.get_filename() == "แบบรายงาน กองช่าง-ตรวจแล้ว.xlsx"
    plain = mail.get_body(("plain",)).get_content()
    assert plain.splitlines()[0].endswith("ขอให้แก้ไข 30 รายการ แล้วส่งกลับมาอีกครั้ง")
    assert "และอีก 10 รายการ" in plain
    page = mail.get_body(("html",)).get_content()
    assert page.count("<li>") == 21
    assert "&lt;ค่า&gt;" in page
    assert 'name="viewport"' in page
    assert mail["X-Unsent"] == "1"
    assert read_cells(attached.get_content()).sheets[0].name == "รายการที่ต้องแก้ไข"


def signed(data):
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as file:
        file.writestr("_xmlsignatures/origin.sigs", b"")
    return target.getvalue()


@pytest.mark.parametrize(
    ("change", "said"),
    [(signed, "ลายมือชื่อดิจิทัล"), (lambda _: b"PK", "มีส่วนที่เสียหาย")],
)
def test_what_cannot_be_marked_gets_the_list_alone_and_why(faulty, tmp_path, change, said):
    first = next(s for s in faulty.submissions if s.division == "03")
    odd = replace(first, received=replace(first.received, data=change(first.received.data)))
    others = tuple(odd if s is first else s for s in faulty.submissions)
    reply(replace(faulty, submissions=others), tmp_path)
    text = (tmp_path / "replies/03-1.txt").read_text("utf-8")
    assert said in text
    assert "30. ผลตามมาตรการ!F8" in text
    assert not (tmp_path / "replies/03-1.xlsx").exists()
    mail = message_from_bytes((tmp_path / "replies/03-1.eml").read_bytes(), policy=policy.default)
    assert list(mail.iter_attachments()) == []


def test_a_fault_of_ours_in_one_copy_does_not_stop_the_others(faulty, tmp_path, caplog):
    first = next(s for s in faulty.submissions if s.division == "03")
    odd = replace(first, received=replace(first.received, data=object()))
    others = tuple(odd if s is first else s for s in faulty.submissions)
    reply(replace(faulty, submissions=others), tmp_path)
    assert "ทำเครื่องหมายลงในไฟล์นี้ไม่ได้" in (tmp_path / "replies/03-1.txt").read_text("utf-8")
    assert (tmp_path / "replies/10-1.txt").exists()
    assert "could not be processed" in caplog.text


class Anchors(HTMLParser):
    """The places that a page leads to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append(dict(attrs)["href"])


def test_one_page_lists_all_answers(faulty, tmp_path):
    written = reply(faulty, tmp_path)
    page = Anchors()
    page.feed((tmp_path / "replies/index.html").read_text("utf-8"))
    files = {path.name for path in written} - {"index.html"}
    assert {a for a in page.found if not a.startswith("mailto:")} == files
    assert {p.name for p in (tmp_path / "replies").iterdir()} == files | {"index.html"}
    mails = [a for a in page.found if a.startswith("mailto:works@chachoengsao.example?subject=")]
    assert len(mails) == 1


def test_those_who_owe_are_reminded_and_no_others(settled, tmp_path):
    late = tuple(
        replace(s, state=ObligationState.MISSING) if s.obligation.division in ("02", "03") else s
        for s in settled.obligation_statuses
    )
    late = tuple(
        replace(s, state=ObligationState.REPORTED)
        if s.obligation.division not in ("02", "03")
        else s
        for s in late
    )
    written = remind(replace(settled, obligation_statuses=late), tmp_path)
    assert [path.name for path in written] == ["02.txt", "02.eml", "03.txt", "03.eml"]
    text = (tmp_path / "02.txt").read_text("utf-8")
    assert text.splitlines()[0].startswith("เรียน ผู้รับผิดชอบข้อมูล กองคลัง: ยังรอรับแบบรายงาน")
    assert "จัดซื้อจัดจ้าง (ตุลาคม 2565, พฤศจิกายน 2565" in text
    mail = message_from_bytes((tmp_path / "02.eml").read_bytes(), policy=policy.default)
    assert (mail["To"], mail["X-Unsent"]) == ("finance@chachoengsao.example", "1")
    assert (mail["Date"], mail["Message-ID"], mail["In-Reply-To"]) == (None, None, None)


def test_the_same_findings_give_the_same_bytes(faulty, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        reply(faulty, tmp_path / folder)
    first, second = tmp_path / "a" / "replies", tmp_path / "b" / "replies"
    assert [p.read_bytes() for p in sorted(first.iterdir())] == [
        p.read_bytes() for p in sorted(second.iterdir())
    ]
