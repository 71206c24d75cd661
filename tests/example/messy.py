"""Writes the messy round from `messy.toml`: its plan, its mails and its loose files.

Run `python -m tests.example.messy` to write `inputs/2566-12-messy/` anew. Everything in it is made up.
"""

import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from pipeline.model import Division, Plan
from pipeline.plan import load_plan
from pipeline.template import workbook_for
from schemas import forms
from schemas.kit.form import FormSpec
from tests.example import hand
from tests.example.generate import INPUTS, Letter, filled, mail

HERE = Path(__file__).parent
ROUND, MODEL, BEFORE = "2566-12-messy", "2566-12", "2566-06"
_CHANGED = (
    (
        "# แผนของรอบรายงาน ๒๕๖๖ รอบ 12 เดือน\n",
        "# แผนของรอบรายงาน ๒๕๖๖ รอบ 12 เดือน สำหรับฝึกและทดสอบ: ทุกเรื่องที่เกิดขึ้นได้เกิดในรอบนี้\n# เขียนโดย python -m tests.example.messy จากแผนของรอบ 2566-12\nexample = true\n",
    ),
    ('senders = ["sanitation@chachoengsao.example"]', "senders = [] # ยังไม่ทราบที่อยู่ของกองนี้"),
)
_EXTENSION = """
# ขยายเวลาให้ส่วนราชการเดียว
[[extension]]
division = "09"
due = 2023-10-10T16:30:00+07:00
reason = "ผู้จัดทำข้อมูลลาป่วย (ตัวอย่าง)"
approved_by = "(ปลัดเทศบาล – ตัวอย่าง)"
"""

Entry = Mapping[str, Any]


def deliveries() -> list[Entry]:
    """Everything received, as `messy.toml` tells it."""
    told: list[Entry] = tomllib.loads((HERE / "messy.toml").read_text("utf-8"))["received"]
    return told


def plan_text() -> str:
    """The round's plan: that of the example with what is different in a messy round."""
    text = (INPUTS / MODEL / "round.toml").read_text("utf-8")
    for old, new in _CHANGED:
        if text.count(old) != 1:
            raise ValueError(old)
        text = text.replace(old, new)
    return text + _EXTENSION


# --- what is sent instead of the division's workbook --------------------------------------------


def _ole(stream: str) -> bytes:
    """An OLE container with one stream: what encrypted and old workbooks are."""
    name = f"{stream}\0".encode("utf-16-le").ljust(128, b"\0")
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + name + bytes(512)


def _zipped(parts: Mapping[str, str | bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as made:
        for name, text in parts.items():
            made.writestr(ZipInfo(name), text)
    return target.getvalue()


def _stranger() -> bytes:
    book = hand.Workbook()
    sheet = book.active
    for row in (("รายการ", "จำนวน", "ราคา"), ("กระดาษ (ตัวอย่าง)", 10, 1200)):
        sheet.append(row)
    return hand.saved(book)


_OFFICE = "http://schemas.openxmlformats.org"


def _office(kind: str, part: str) -> bytes:
    """A package of an office program, with one part of that type."""
    types = f"{_OFFICE}/package/2006/content-types"
    links = f"{_OFFICE}/package/2006/relationships"
    link = f"{_OFFICE}/officeDocument/2006/relationships/officeDocument"
    return _zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/{part}" ContentType="{kind}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{links}"><Relationship Id="rId1" Type="{link}" '
            f'Target="{part}"/></Relationships>',
            part: "(ตัวอย่าง)",
        }
    )


_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
_LETTER = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OTHER_FILES: Mapping[str, bytes] = {
    "password": _ole("EncryptedPackage"),
    "old": _ole("Workbook"),
    "html": "<html><table><tr><td>แบบรายงาน (ตัวอย่าง)</td></tr></table></html>\n".encode(),
    "csv": "มาตรการที่,สถานะ\r\n6,ดำเนินการแล้วเสร็จ\r\n".encode("utf-8-sig"),
    "ods": _zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    "xlsb": _office(_BINARY, "xl/workbook.bin"),
    "docx": _office(_LETTER, "word/document.xml"),
    "zip": _zipped({"แบบรายงาน.zip": _zipped({"แบบรายงาน.xlsx": "(ตัวอย่าง)"})}),
    "empty": b"",
    "lock": "ตัวอย่าง".encode("utf-16-le").ljust(165, b"\x20"),
    "stranger": _stranger(),
    "picture": bytes.fromhex("89504e470d0a1a0a") + b"(example)",
    "damaged-mail": "นี่ไม่ใช่อีเมล (ตัวอย่าง)\n".encode(),
}


# --- the division's workbook, and what happened to it -------------------------------------------


def _older(form: FormSpec) -> FormSpec:
    return replace(form, about=replace(form.about, version="2565.1"))


def _for_other_organisation(plan: Plan) -> Plan:
    return replace(plan, organisation=replace(plan.organisation, code="ตย-990001"))


_OTHER_PLANS: Mapping[str, Callable[[Plan], Plan]] = {
    "older-version": lambda plan: replace(plan, forms=tuple(map(_older, plan.forms))),
    "other-organisation": _for_other_organisation,
    "earlier-round": lambda plan: plan.earlier or plan,
}


_HANDLING = {
    "cells",
    "headings",
    "rename",
    "copy",
    "remove",
    "hide",
    "hide_columns",
    "further",
    "far",
}


def workbook_of(entry: Entry, plan: Plan) -> bytes:
    """The bytes of the file that a delivery brings."""
    made = entry.get("made", "")
    if made in _OTHER_FILES:
        return _OTHER_FILES[made]
    if "sheets" in entry:
        return hand.saved(hand.written(entry["sheets"]))
    issued = _OTHER_PLANS.get(made, lambda each: each)(plan)
    division = _division(entry, issued)
    rows = filled(division, issued)
    if "ticks" in entry:
        rows["cover"] = _ticked(rows["cover"], entry["ticks"], plan)
    data = workbook_for(division, issued, rows)
    return data[: len(data) // 2] if made == "cut" else _handled(data, entry, plan)


def _division(entry: Entry, plan: Plan) -> Division:
    return plan.division(entry["division"])


def _ticked(
    rows: list[dict[str, object]], ticks: Mapping[str, str], plan: Plan
) -> list[dict[str, object]]:
    """The cover's rows with other ticks for these forms."""
    sheets = {plan.form(name).about.sheet: tick for name, tick in ticks.items()}
    kept = [row for row in rows if row.get("form_sheet") not in sheets]
    return kept + [{"form_sheet": sheet, "is_nil": tick} for sheet, tick in sheets.items() if tick]


def _handled(data: bytes, entry: Entry, plan: Plan) -> bytes:
    """The workbook after everything that the entry tells of; untouched where it tells nothing."""
    made = entry.get("made", "")
    told = _HANDLING & entry.keys()
    if not told and made not in ("uncalculated", "values"):
        return data
    book = hand.opened(data, values=made != "uncalculated")
    for name, *cell in entry.get("cells", ()):
        hand.type_over(book, plan.form(name), [tuple(cell)])
    for name, title in entry.get("copy", {}).items():
        hand.copy_sheet(book, plan.form(name), title)
    for name, rows in entry.get("hide", {}).items():
        hand.hide_rows(book, plan.form(name), rows)
    for name, columns in entry.get("hide_columns", {}).items():
        hand.hide_columns(book, plan.form(name), columns)
    if "further" in entry:
        book.create_sheet(entry["further"]).append([entry["further"]])
    for name, (rows, stray) in entry.get("far", {}).items():
        hand.format_far_below(book, plan.form(name), rows, stray)
    for name, texts in entry.get("headings", {}).items():
        hand.change_headings(book, plan.form(name), texts)
    for name in entry.get("remove", ()):
        del book[plan.form(name).about.sheet]
    for name, title in entry.get("rename", {}).items():
        book[plan.form(name).about.sheet].title = title
    return hand.saved(book)


# --- the files of the round ---------------------------------------------------------------------


def _letter(entry: Entry, plan: Plan) -> Letter:
    """Who writes what, where the entry does not say otherwise as a division does."""
    known = {each.code: each for each in plan.divisions}
    division = known.get(entry.get("division", ""))
    name = division.name if division else ""
    usual = next(iter(division.senders), "") if division else ""
    months = plan.round.months
    return Letter(
        sender=entry.get("from", usual),
        to=plan.reply_from,
        subject=entry.get("subject", f"ส่งแบบรายงาน รอบ {months} เดือน ({name})"),
        text=entry.get("text", f"เรียน ผู้จัดทำรายงาน\n\n{name}ขอส่งแบบรายงานตามไฟล์แนบ (ข้อมูลตัวอย่าง)\n"),
        received=entry["at"],
    )


def content_of(entry: Entry, plan: Plan) -> bytes:
    """The bytes of the file in `received/`: a mail, or what came by another way."""
    made = entry.get("made", "")
    if entry.get("loose") or made == "damaged-mail":
        return workbook_of(entry, plan)
    letter = _letter(entry, plan)
    if made == "no-attachment":
        return mail(letter)
    if made == "auto-reply":
        return mail(replace(letter, text="ไม่อยู่ที่ทำงาน (ข้อมูลตัวอย่าง)\n", automatic=True))
    usual = f"แบบรายงาน {_division(entry, plan).name}.xlsx" if "division" in entry else ""
    return mail(letter, workbook_of(entry, plan), entry.get("name", usual))


def _stated(entries: list[Entry]) -> str:
    """`received.csv`: what the analyst has noted of the loose files."""
    lines = ["file,received_at,from,channel,note"]
    for entry in entries:
        if entry.get("loose") and "from" in entry:
            at = entry.get("at")
            time = at.isoformat() if isinstance(at, datetime) else ""
            channel = entry.get("channel", "")
            lines.append(f"{entry['file']},{time},{entry['from']},{channel},ข้อมูลตัวอย่าง")
    return "".join(f"{line}\r\n" for line in lines)


def write_messy(folder: Path) -> None:
    """Write the whole round into its folder; the round before must lie beside it."""
    if folder.exists():
        shutil.rmtree(folder)
    received = folder / "received"
    received.mkdir(parents=True)
    (folder / "round.toml").write_text(plan_text(), "utf-8", newline="\n")
    plan, entries = load_plan(folder, forms()), deliveries()
    for entry in entries:
        (received / entry["file"]).write_bytes(content_of(entry, plan))
    (received / "received.csv").write_text(_stated(entries), "utf-8-sig", newline="")


def main() -> None:
    """Write the round into `inputs`."""
    write_messy(INPUTS / ROUND)


if __name__ == "__main__":
    main()
