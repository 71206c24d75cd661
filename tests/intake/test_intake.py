"""Whose a received file is, which forms it holds, and why another does not count."""

import hashlib
import logging
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from pipeline import intake as stage
from pipeline.collect.mails import open_mail
from pipeline.intake import intake, opening
from pipeline.messages import catalogue, finding_sentence, say
from pipeline.model import (
    Channel,
    Message,
    Outcome,
    Plan,
    Received,
    Severity,
    Submission,
)
from pipeline.workbook.reader import open_workbook
from schemas.kit.form import FormSpec
from tests.support.rounds import headings, marks_for, plan_of, workbook

GIFTS = "No Gift Policy"
PLAN = plan_of(Path("2566-12"))
WHEN = datetime.fromisoformat("2023-10-05T14:32:00+07:00")


def form(name: str) -> FormSpec:
    return PLAN.form(name)


def gifts(*, marks: object = None, **named: object) -> bytes:
    return workbook({GIFTS: [["หัวเรื่อง"], headings(form("gift_report"))]}, marks, **named)  # type: ignore[arg-type]


def mailed(
    data: bytes, sender: str = "finance@town.example", name: str = "a.xlsx", **said: object
) -> Received:
    message = Message(Path("1.eml"), "", "<1@x>", sender, "ส่งรายงาน", WHEN)
    made = Received(
        name,
        data,
        hashlib.sha256(data).hexdigest(),
        Channel.ATTACHMENT,
        WHEN,
        sender,
        message.path,
        message,
    )
    return replace(made, **said)  # type: ignore[arg-type]


def loose(data: bytes, sender: str = "", name: str = "a.xlsx") -> Received:
    return Received(name, data, "", Channel.LOOSE, None, sender, Path(name))


def taken(received: Received, plan: Plan = PLAN) -> Submission:
    (only,) = intake([received], plan)
    return only


def codes(submission: Submission) -> list[str]:
    """The codes found, and that each is about this file and can be said in both languages."""
    for finding in submission.findings:
        assert (finding.file, finding.division) == (submission.name, submission.division)
        for lang in ("th", "en"):
            assert finding_sentence(finding, lang, PLAN.forms)
    return [finding.code for finding in submission.findings]


def settled(submission: Submission) -> tuple[str | None, str, str]:
    return submission.division, str(submission.outcome), submission.reason


# --- whose it is --------------------------------------------------------------------------------


@pytest.mark.parametrize("as_properties", [True, False], ids=["properties", "hidden sheet"])
def test_the_marks_say_whose_it_is(*, as_properties: bool) -> None:
    data = gifts(marks=marks_for("02"), as_properties=as_properties)
    found = taken(mailed(data, "all@town.example"))
    assert settled(found) == ("02", "accepted", "")
    assert found.sheets == {"gift_report": GIFTS}
    assert found.workbook is not None
    assert codes(found) == []


def test_without_marks_the_sender_says_whose_it_is() -> None:
    found = taken(mailed(gifts(), "FINANCE@town.example"))
    assert settled(found) == ("02", "accepted", "")


def cover(division: str, label: str = "ส่วนราชการ:") -> bytes:
    top = [[label, division], ["ผู้จัดทำ (ชื่อ–สกุล)", "x"], headings(form("cover"))]
    return workbook({"ปก": top, GIFTS: [headings(form("gift_report"))]})


def test_without_marks_a_shared_senders_cover_says_whose_it_is() -> None:
    assert settled(taken(mailed(cover("สำนักปลัด"), "all@town.example"))) == ("01", "accepted", "")
    assert settled(taken(mailed(cover("กองคลัง", "ส่วนราชการ"), "all@town.example")))[0] == "02"


@pytest.mark.parametrize("data", [gifts(), cover("กองอื่น"), cover("กองคลัง", "ผู้จัดทำ")])
def test_a_file_of_nobody_known_waits_for_the_analyst(data: bytes) -> None:
    found = taken(mailed(data, "all@town.example"))
    assert settled(found) == (None, "quarantined", "no-division")
    assert codes(found) == ["no-division"]
    assert found.findings[0].to == "analyst"


@pytest.mark.parametrize("data", [gifts(marks=marks_for("02")), cover("กองคลัง")])
def test_another_divisions_workbook_waits(data: bytes) -> None:
    found = taken(mailed(data, "office@town.example"))
    assert settled(found) == ("02", "quarantined", "other-divisions-workbook")
    assert codes(found) == ["other-divisions-workbook"]
    assert found.findings[0].params["registered"] == "สำนักปลัดเทศบาล"
    assert found.workbook is None


def test_a_sender_of_both_divisions_may_send_for_either() -> None:
    for division in ("01", "02"):
        assert (
            taken(mailed(gifts(marks=marks_for(division)), "all@town.example")).outcome
            == "accepted"
        )


@pytest.mark.parametrize("sender", ["stranger@else.example", ""])
def test_an_unknown_sender_of_a_division_that_has_some_waits(sender: str) -> None:
    found = taken(mailed(gifts(marks=marks_for("02")), sender))
    assert settled(found) == ("02", "quarantined", "unknown-sender")
    assert codes(found) == ["unknown-sender"]
    assert found.findings[0].severity is Severity.ERROR


def test_a_division_without_senders_is_believed_and_the_address_proposed() -> None:
    found = taken(mailed(gifts(marks=marks_for("03")), "works@town.example"))
    assert settled(found) == ("03", "accepted", "")
    assert codes(found) == ["sender-not-registered"]
    assert found.findings[0].params == {"sender": "works@town.example"}
    assert found.findings[0].severity is Severity.NOTE


def test_a_known_sender_does_not_pass_for_a_division_without_senders() -> None:
    found = taken(mailed(gifts(marks=marks_for("03")), "finance@town.example"))
    assert settled(found) == ("03", "quarantined", "other-divisions-workbook")


def test_a_loose_file_is_taken_as_the_analyst_states_it() -> None:
    assert settled(taken(loose(gifts(marks=marks_for("02"))))) == ("02", "accepted", "")
    assert settled(taken(loose(gifts(), "กองคลัง"))) == ("02", "accepted", "")
    assert settled(taken(loose(gifts(), "finance@town.example")))[0] == "02"
    assert codes(taken(loose(gifts(marks=marks_for("03"))))) == []


# --- what is sent back --------------------------------------------------------------------------


def test_another_rounds_template_is_sent_back() -> None:
    found = taken(mailed(gifts(marks=marks_for("02", round_name="2566-06"))))
    assert settled(found) == ("02", "refused", "other-round")
    assert codes(found) == ["other-round"]
    assert found.params == {"round": "2566-06", "expected": "2566-12"}
    assert (found.findings[0].severity, found.findings[0].to) == (Severity.ERROR, "division")


def test_a_strangers_mail_of_another_round_is_not_answered() -> None:
    data = gifts(marks=marks_for("02", round_name="2566-06"))
    assert settled(taken(mailed(data, "x@else.example"))) == ("02", "quarantined", "unknown-sender")


def test_another_municipalitys_template_is_sent_back_to_who_sent_it() -> None:
    data = gifts(marks=marks_for("01", organisation="10-0001"))
    assert settled(taken(mailed(data))) == ("02", "refused", "other-organisation")
    unknown = taken(mailed(data, "x@else.example"))
    assert settled(unknown) == (None, "refused", "other-organisation")
    assert (codes(unknown), unknown.findings[0].to) == (["other-organisation"], "analyst")


def test_a_workbook_without_any_form_is_sent_back() -> None:
    found = taken(mailed(workbook({"Sheet1": [["ก", "ข"]]})))
    assert settled(found) == ("02", "refused", "no-form-recognised")
    assert codes(found) == ["no-form-recognised"]


def zipped(parts: Mapping[str, str]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def altered(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            assert name != part or old in content
            target.writestr(name, content.replace(old, new) if name == part else content)
    return buffer.getvalue()


def ole(stream: str) -> bytes:
    name = f"{stream}\0".encode("utf-16-le").ljust(128, b"\0")
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + name + bytes(512)


BOOK = gifts()
DOCTYPE = b'standalone="yes"?>\n<!DOCTYPE x [<!ENTITY a "b">]>'
NO_WORKBOOKS = {
    "empty-file": b"",
    "password": ole("EncryptedPackage"),
    "label": ole("EncryptedPackage") + ole("DRMEncryptedDataSpace")[512:],
    "old-format": ole("Workbook"),
    "ods": zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    "html": b"<html><table></table></html>",
    "csv": "ลำดับ,ชื่อ\n1,ก\n".encode(),
    "pdf": b"%PDF-1.7\n",
    "image": b"\x89PNG\r\n\x1a\n",
    "docx": ole("WordDocument"),
    "zip": zipped({"a.xlsx": "x"}),
    "other": b"hello",
    "winmail": b"\x78\x9f\x3e\x22" + bytes(40),
    "damaged": BOOK[: len(BOOK) // 2],
    "unsafe": altered(BOOK, "xl/workbook.xml", b'standalone="yes"?>', DOCTYPE),
    "no-sheets": altered(
        BOOK, "xl/workbook.xml", b'<sheet name="No Gift Policy" sheetId="1" r:id="rId1"/>', b""
    ),
    "too-many-sheets": workbook({f"s{n}": [] for n in range(201)}),
    "too-big": b"PK\x03\x04" + bytes(26 << 20),
}


@pytest.mark.parametrize(("reason", "data"), NO_WORKBOOKS.items(), ids=NO_WORKBOOKS)
def test_what_is_no_workbook_is_sent_back_with_its_reason(reason: str, data: bytes) -> None:
    found = taken(mailed(data))
    assert settled(found) == ("02", "refused", f"not-a-workbook-{reason}")
    assert codes(found) == [f"not-a-workbook-{reason}"]
    assert found.findings[0].params == found.params
    assert all(isinstance(value, str) for value in found.params.values())


def test_a_mail_kept_by_outlook_is_named_as_such() -> None:
    assert taken(mailed(ole("__x"), name="ส่งงาน.msg")).reason == "not-a-workbook-outlook"
    assert codes(taken(mailed(ole("__x"), name="ส่งงาน.MSG"))) == ["not-a-workbook-outlook"]


def test_every_reason_of_refusal_has_its_sentence() -> None:
    said = {
        key.removeprefix("finding.not-a-workbook-")
        for key in catalogue()
        if key.startswith("finding.not-a-workbook")
    }
    assert said == {*NO_WORKBOOKS, "outlook"}


def test_no_sentence_to_a_clerk_says_that_she_failed() -> None:
    harsh = ("ผิดพลาด", "ล้มเหลว", "ปฏิเสธ", "ไม่ถูกต้อง")
    texts = (Path(stage.__file__).parents[1] / "messages" / "intake.toml").read_text("utf-8")
    assert [word for word in harsh if word in texts] == []


# --- what is ignored ----------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["lock-file", "not-a-report", "automatic-mail", "not-a-plain-file"])
def test_what_was_left_unopened_stays_so(why: str) -> None:
    found = taken(mailed(gifts(), ignored=why))
    assert settled(found) == ("02", "ignored", why)
    assert (found.workbook, codes(found)) == (None, [])
    assert say(f"ignored.{why}")


@pytest.mark.parametrize("why", ["no-attachment", "mail-damaged", "mail-encrypted"])
def test_a_mail_that_may_say_something_is_put_before_the_analyst(why: str) -> None:
    found = taken(mailed(b"", ignored=why, channel=Channel.BARE_MAIL))
    assert settled(found) == ("02", "ignored", why)
    assert codes(found) == [why]
    (finding,) = found.findings
    assert (finding.severity, finding.to) == (Severity.WARNING, "analyst")
    assert finding.params == {"sender": "finance@town.example", "subject": "ส่งรายงาน"}
    assert say(f"ignored.{why}")


def test_every_outcome_has_its_word() -> None:
    assert {
        key.removeprefix("outcome.") for key in catalogue() if key.startswith("outcome.")
    } == set(Outcome)


# --- which forms --------------------------------------------------------------------------------


def sheets_of(
    sheets: Mapping[str, Sequence[Sequence[str]]], hidden: Sequence[str] = ()
) -> Submission:
    return taken(mailed(workbook(sheets, marks_for("02"), hidden=hidden)))


@pytest.mark.parametrize("name", [f.name for f in PLAN.forms])
def test_every_form_is_known_by_its_title_and_by_its_headings(name: str) -> None:
    asked = form(name)
    by_title = sheets_of({f" {asked.about.sheet} ": [["ว่าง"]]})
    assert by_title.sheets == {name: f" {asked.about.sheet} "}
    by_headings = sheets_of({"Sheet1": [["ชื่อเรื่อง"], [], headings(asked)]})
    assert by_headings.sheets == {name: "Sheet1"}


def test_a_title_in_other_digits_and_dots_is_the_same() -> None:
    assert sheets_of({"ป.ค.๕ ควบคุมภายใน": [["x"]]}).sheets == {
        "internal_control": "ป.ค.๕ ควบคุมภายใน"
    }


def test_enough_headings_make_a_form_and_too_few_do_not() -> None:
    asked = headings(form("activity_evidence"))
    assert sheets_of({"S": [asked[:7]], GIFTS: [["x"]]}).sheets == {
        "gift_report": GIFTS,
        "activity_evidence": "S",
    }
    found = sheets_of({"S": [asked[:3]], GIFTS: [["x"]]})
    assert (found.sheets, codes(found)) == ({"gift_report": GIFTS}, ["unknown-sheet"])


def test_headings_are_looked_for_in_the_first_sixty_rows() -> None:
    asked = headings(form("gift_report"))
    assert sheets_of({"S": [["x"]] * 59 + [asked]}).sheets == {"gift_report": "S"}
    assert sheets_of({"S": [["x"]] * 60 + [asked]}).reason == "no-form-recognised"


def test_the_ten_official_columns_of_a_procurement_summary_are_enough() -> None:
    official = headings(form("procurement"))[1:11]
    assert len(official) == 10
    assert sheets_of({"ต.ค. 65": [["แบบ สขร.1"], official]}).sheets == {"procurement": "ต.ค. 65"}


def test_a_second_sheet_of_a_form_is_told_and_not_read() -> None:
    asked = headings(form("procurement"))
    found = sheets_of({"ต.ค.": [asked], "พ.ย.": [asked]})
    assert found.sheets == {"procurement": "ต.ค."}
    assert codes(found) == ["renamed-sheet", "second-sheet"]
    assert found.findings[1].params == {"sheet": "พ.ย.", "form": "จัดซื้อจัดจ้าง", "read": "ต.ค."}


def test_a_sheet_that_fits_no_form_is_told() -> None:
    found = sheets_of({GIFTS: [["x"]], "บันทึก": [["ส่วนตัว"]], "Sheet2": []})
    assert codes(found) == ["unknown-sheet"]
    assert (found.findings[0].sheet, found.findings[0].severity) == ("บันทึก", Severity.NOTE)


def test_the_sheets_we_add_ourselves_are_no_strangers() -> None:
    lists = say("template.lists-sheet")
    assert codes(sheets_of({GIFTS: [["x"]], lists: [["ก"]]})) == []


def test_a_hidden_sheet_counts_only_under_a_forms_title() -> None:
    asked = headings(form("procurement"))
    found = sheets_of(
        {"ปก": [["x"]], GIFTS: [["x"]], "S": [asked], "T": [["x"]]}, hidden=(GIFTS, "S", "T")
    )
    assert found.sheets == {"cover": "ปก", "gift_report": GIFTS}
    assert codes(found) == ["hidden-unread", "unknown-sheet"]
    assert [f.sheet for f in found.findings] == ["S", "T"]


# --- what is odd though it is taken -------------------------------------------------------------


def test_another_version_of_a_form_is_read_and_told() -> None:
    marks = marks_for("02", gift_report="2565.1", procurement="2565.1", unheard_of="1")
    found = taken(mailed(gifts(marks=marks)))
    assert settled(found) == ("02", "accepted", "")
    assert codes(found) == ["older-template"]
    assert found.findings[0].params == {"forms": f"{GIFTS} 2565.1 → 2566.1"}


def test_many_forms_of_another_version_are_one_finding() -> None:
    marks = marks_for("02", gift_report="2565.1", procurement="2565.1")
    both = {GIFTS: [["x"]], "จัดซื้อจัดจ้าง": [["x"]]}
    found = taken(mailed(workbook(both, marks)))
    assert codes(found) == ["older-template"]
    assert found.findings[0].params["forms"].count("2565.1 → 2566.1") == 2


def with_part(data: bytes, name: str, kind: str) -> bytes:
    """The workbook with one more part of that type."""
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'.encode()
    made = BytesIO(altered(data, "[Content_Types].xml", b"</Types>", override))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(name, "<x/>")
    return made.getvalue()


def test_macros_and_links_to_other_files_are_told() -> None:
    macros = with_part(BOOK, "xl/vbaProject.bin", "application/vnd.ms-office.vbaProject")
    links = with_part(
        BOOK,
        "xl/externalLinks/externalLink1.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml",
    )
    assert codes(taken(mailed(macros, name="a.xlsm"))) == ["macros"]
    assert codes(taken(mailed(links))) == ["external-links"]


def test_an_odd_time_is_told_to_the_analyst() -> None:
    before = datetime.fromisoformat("2022-09-30T23:59:00+07:00")
    message = Message(Path("1.eml"), "", "", "", "", before, time_from_date=True)
    found = taken(mailed(gifts(), received_at=before, message=message))
    assert found.outcome is Outcome.ACCEPTED
    assert [(f.code, f.severity, f.to) for f in found.findings] == [
        ("time-from-date", Severity.NOTE, "analyst"),
        ("time-outside-round", Severity.WARNING, "analyst"),
    ]
    assert len(codes(found)) == 2
    first = datetime.fromisoformat("2022-10-01T00:00:00+07:00")
    assert codes(taken(mailed(gifts(), received_at=first))) == []


# --- a crash ------------------------------------------------------------------------------------


def breaking(data: bytes) -> object:
    """Opens a workbook in a process of its own, and breaks on one."""
    if data == b"bad":
        raise ZeroDivisionError("of\nours")
    return open_workbook(data)


def test_one_files_crash_is_one_finding_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(opening, "open_workbook", breaking)
    with caplog.at_level(logging.ERROR):
        bad, good = intake([mailed(b"bad"), mailed(gifts(), name="b.xlsx")], PLAN)
    assert settled(bad) == ("02", "quarantined", "internal")
    assert codes(bad) == ["internal"]
    assert bad.params == {"error": "ZeroDivisionError", "message": "of ours"}
    assert bad.findings[0].to == "analyst"
    assert good.outcome is Outcome.ACCEPTED
    assert "ZeroDivisionError" in caplog.text


def test_a_mail_on_which_the_parser_breaks_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("pipeline.collect.mails._parsed", broken)
    found = open_mail(b"From: finance@town.example\r\n\r\n")
    assert (found.ignored, found.note, found.sender) == (
        "mail-damaged",
        "KeyError",
        "finance@town.example",
    )
