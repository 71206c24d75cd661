"""The clerk's round as she lives it: a blank workbook, the keyboard, mails, and her marked copy.

Everything between the two mails happens in the real LibreOffice of a Thai machine, which takes
what is typed for dates and numbers as it takes her keys.
"""

import email
import json
import re
import shutil
from email import policy
from email.message import EmailMessage

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.styles import MARKS
from tests.support import office

pytestmark = pytest.mark.office
ROUND, DIVISION, SENDER = "2566-12", "10", "sanitation@chachoengsao.example"
LIST = "รายการที่ต้องแก้ไข"
COVER, PROGRESS, EVIDENCE = "ปก", "ผลตามมาตรการ", "กิจกรรมและหลักฐาน"
GIFTS, MANUALS, CONTROL = "No Gift Policy", "คู่มือการให้บริการ", "ปค.5 ควบคุมภายใน"
EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What she types: rows of texts from a cell on; all of it is made up.
ROWS = {
    (COVER, "B12"): [["ผู้ทดสอบ (ตัวอย่าง)"], ["เจ้าพนักงานธุรการ"], ["5/10/2566"]],
    (PROGRESS, "G5"): [
        ["ดำเนินการแล้วเสร็จ", "แจ้งเวียนแล้ว (ตัวอย่าง)", "บุคลากรรับทราบ (ตัวอย่าง)"],
        ["ดำเนินการแล้วเสร็จ", "ปรับปรุงคู่มือแล้ว (ตัวอย่าง)", "ลดขั้นตอนได้ (ตัวอย่าง)"],
        ["ไม่สามารถดำเนินการได้", "", "", "ไม่มีงบประมาณ (ตัวอย่าง)"],
    ],
    (EVIDENCE, "A6"): [
        ["6", "ประชุมกอง (ตัวอย่าง)", "ประชุม", "5 ต.ค. 2565", "๒๐", "18", "1,250.50", "ไฟล์", "ก.pdf"],
        ["6", "อบรมในกอง (ตัวอย่าง)", "อบรม", "1/3/2566", "15", "15", "500", "ไฟล์", "ข.pdf"],
    ],
    (GIFTS, "A5"): [["1", "ประชาชน", "หน่วยงาน", "กระเช้าผลไม้ (ตัวอย่าง)", "500", "ส่งคืนผู้ให้"]],
    (MANUALS, "D5"): [["✓"], ["✓"]],  # what stands there already is right still
    (MANUALS, "A7"): [["คู่มือปฏิบัติงาน", "บริการเรื่องที่ 3 (ตัวอย่าง)", "ป้ายประกาศ", "✓"]],
    (CONTROL, "A5"): [["งานทดสอบ (ตัวอย่าง)", "เครื่องชำรุด", "ตรวจทุกเดือน", "ได้ผล", "เพียงพอ"]],
}
# Ten cells of it, each wrong in a way of its own.
BROKEN = {
    (COVER, "C22"): ("✓", "nil-with-rows"),
    (PROGRESS, "G6"): ("เสร็จบางส่วน", "unreadable-not-in-list"),
    (PROGRESS, "H5"): ("", "required-if"),
    (EVIDENCE, "A7"): ("มาตรการ ๖ กับ ๗", "unreadable-not-a-number"),
    (EVIDENCE, "B6"): ("", "required"),
    (EVIDENCE, "D6"): ("พุธที่แล้ว", "unreadable-not-a-date"),
    (EVIDENCE, "D7"): ("1/11/2566", "outside-period"),
    (EVIDENCE, "F6"): ("=1/0", "error-cell"),
    (GIFTS, "E5"): ("-500", "below-minimum"),
    (MANUALS, "B7"): ("บริการของกองช่างสุขาภิบาล เรื่องที่ 2 (ตัวอย่าง)", "duplicate-key"),
}


def filled(rows):
    """The cells of rows of texts: (sheet, address) to text."""
    return {
        (sheet, f"{chr(ord(start[0]) + across)}{int(start[1:]) + down}"): text
        for (sheet, start), lines in rows.items()
        for down, line in enumerate(lines)
        for across, text in enumerate(line)
        if text
    }


RIGHT = filled(ROWS)
WRONG = RIGHT | {place: text for place, (text, _) in BROKEN.items()}


class Town:
    """The analyst's folder, into which her mails come and from which she is answered."""

    def __init__(self, root, folder):
        self.folder = folder
        shutil.copytree(root / "inputs" / "2566-06", folder / "inputs" / "2566-06")
        self.inbox = folder / "inputs" / ROUND / "received"
        self.inbox.mkdir(parents=True)
        shutil.copy(root / "inputs" / ROUND / "round.toml", self.inbox.parent)

    def pipeline(self, *words):
        """Run a command; gives back what `--json` prints of it."""
        places = [
            "--inputs",
            str(self.folder / "inputs"),
            "--outputs",
            str(self.folder / "outputs"),
        ]
        done = CliRunner().invoke(main, [*words, *places, "--json", "-q"])
        assert done.exit_code in (0, 1), done.output
        return json.loads(done.stdout)

    def receive(self, workbook, hour, subject, answered=""):
        """Her mail with a workbook, as her mail program and the town's server make it."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = SENDER, "report@chachoengsao.example", subject
        mail["Date"] = f"Thu, 05 Oct 2023 {hour:02}:00:00 +0700"
        mail["Message-ID"] = f"<{hour}@chachoengsao.example>"
        if answered:
            mail["In-Reply-To"] = mail["References"] = answered
        mail.set_content("เรียน ผู้จัดทำรายงาน\n\nขอส่งแบบรายงานตามแนบ\n")
        mail.add_attachment(workbook.read_bytes(), "application", EXCEL, filename=workbook.name)
        received = (
            f"Received: from office by town.example; Thu, 05 Oct 2023 {hour:02}:00:09 +0700\r\n"
        )
        (self.inbox / f"{hour}.eml").write_bytes(received.encode() + mail.as_bytes())

    def answer(self, number, folder):
        """The newest draft to her: the mail, and the marked copy that is attached to it, as a file."""
        draft = self.folder / "outputs" / ROUND / "replies" / f"{DIVISION}-{number}.eml"
        mail = email.message_from_bytes(draft.read_bytes(), policy=policy.default)
        copies = list(mail.iter_attachments())
        folder.mkdir()
        for copy in copies:
            (folder / "แก้ไข.xlsx").write_bytes(copy.get_content())
        return mail, folder / "แก้ไข.xlsx" if copies else None


@pytest.fixture(scope="module")
def loop(root, tmp_path_factory):
    """The whole round: what each run said of her file, and what she saw in her copy."""
    office.require_office()
    folder = tmp_path_factory.mktemp("town")
    town = Town(root, folder)
    town.pipeline("template", ROUND, "--division", DIVISION)
    blank = folder / "outputs" / ROUND / "templates" / f"{DIVISION}.xlsx"
    sent = office.fill_in(blank, WRONG, made(folder / "first"))
    town.receive(sent, 9, "ส่งรายงานรอบ 12 เดือน กองช่างสุขาภิบาล")
    first = town.pipeline("run", ROUND)
    mail, copy = town.answer(1, folder / "answer")
    links = office.links(copy)
    named = {place(target) for (sheet, _), target in links.items() if sheet == LIST}
    corrections = {cell: RIGHT.get(cell, "") for cell in named}
    again = office.fill_in(copy, corrections, made(folder / "second"))
    town.receive(again, 11, mail["Subject"], "<9@chachoengsao.example>")
    second = town.pipeline("run", ROUND)
    return {
        "first": first,
        "named": named,
        "copy": copy,
        "second": second,
        "thanks": town.answer(2, folder / "thanks"),
        "name": again.name,
    }


def made(folder):
    folder.mkdir()
    return folder


def place(target):
    """The sheet and the cell that a link inside a workbook leads to, as LibreOffice spells it."""
    sheet, cell = re.fullmatch(r"#'?(.+?)'?[.!]([A-Z]+[0-9]+)", target).groups()
    return sheet.replace("''", "'"), cell


def said_of(run, file):
    """What a run told the division of one file: code by place."""
    told = [f for f in run["findings"] if f["file"] == file and f["severity"] != "NOTE"]
    return {(f["sheet"], f["cell"]): f["code"] for f in told if f["to"] == "division"}


def test_exactly_the_ten_faults_are_found(loop):
    (file,) = loop["first"]["files"]
    assert said_of(loop["first"], file["name"]) == {p: code for p, (_, code) in BROKEN.items()}


def test_the_list_leads_to_these_ten_cells_and_no_others_are_coloured(loop):
    assert loop["named"] == BROKEN.keys()
    book = openpyxl.load_workbook(loop["copy"])
    assert book.sheetnames[0] == LIST
    coloured = {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.fill.fgColor.rgb)[2:] in MARKS.values()
    }
    assert coloured == BROKEN.keys()


def test_her_rows_with_a_fault_wait_until_they_are_right(loop):
    first, second = (counted(loop[run]) for run in ("first", "second"))
    held = {form: rows["held_back"] for form, rows in first.items() if rows["held_back"]}
    assert held == {
        "measure_progress": 1,
        "activity_evidence": 1,
        "gift_report": 1,
        "service_manual": 1,
    }
    assert {form: rows["read"] for form, rows in first.items()} == {
        form: rows["accepted"] for form, rows in second.items()
    }


def counted(run):
    """What became of the rows of her newest file, by form."""
    return run["files"][-1]["forms"]


def test_corrected_in_those_cells_alone_nothing_is_left_to_say(loop):
    second = loop["second"]
    assert [f["outcome"] for f in second["files"]] == ["superseded", "accepted"]
    about = [f for f in second["findings"] if f["file"] == second["files"][-1]["name"]]
    assert [f for f in about if f["severity"] != "NOTE"] == []
    states = {o["state"] for o in second["obligations"] if o["division"] == DIVISION}
    assert states == {"REPORTED"}
    assert DIVISION not in {item["division"] for item in second["open_items"]}


def test_the_last_answer_thanks_her_and_brings_no_file(loop):
    mail, copy = loop["thanks"]
    assert copy is None
    assert mail["In-Reply-To"] == "<11@chachoengsao.example>"
    assert mail["Subject"].count("Re:") == 1
    assert "ขอบคุณ" in mail.get_body(("plain",)).get_content()
