"""Writes the example rounds' mails from the readable texts beside this file.

Run `python -m tests.example.generate` to write `inputs/*/received/` anew. Measures, wording, project
counts and rates are those of the real report of fiscal year 2566; project titles, amounts and
sellers are made up and say so.
"""

import csv
import hashlib
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from pipeline.model import Division, Plan
from pipeline.plan import load_plan
from pipeline.template import workbook_for
from schemas import forms
from schemas.kit.kinds import TICK
from schemas.kit.thai.dates import parse_date, parse_month
from schemas.kit.thai.numbers import parse_money
from schemas.measure_progress import Progress, Scope

HERE = Path(__file__).parent
INPUTS = HERE.parents[1] / "inputs"
ROUNDS = ("2566-06", "2566-12")
_MADE_UP = "(ตัวอย่าง)"
_WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_KINDS = {"png": ("image", "png"), "xls": ("application", "vnd.ms-excel")}

Row = dict[str, object]


def _csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _satang(text: str) -> int | None:
    return parse_money(text).value


def _present(row: Mapping[str, object]) -> Row:
    return {key: value for key, value in row.items() if value not in (None, "")}


def measure_rows(division: Division, plan: Plan) -> list[Row]:
    """What the division says of each measure it reports on, and the overviews it coordinates."""
    texts = tomllib.loads((HERE / "measures.toml").read_text("utf-8"))
    whole = texts[str(plan.round.months)]
    rows = []
    for measure in plan.measures_of(division.code):
        if plan.round.months in measure.rounds:
            shared = measure.owner == "ALL"
            said = texts["division"][str(measure.number)] if shared else whole[str(measure.number)]
            rows.append(_measure_row(measure.number, Scope.DIVISION, said))
    coordinated = (m.number for m in plan.measures if m.coordinator == division.code)
    due = [n for n in coordinated if plan.round.months in plan.measure(n).rounds]
    return [*rows, *(_measure_row(n, Scope.OVERVIEW, whole[str(n)]) for n in due)]


def _measure_row(number: int, scope: Scope, said: Mapping[str, str]) -> Row:
    return {
        "measure_no": number,
        "scope": str(scope),
        "progress_status": str(Progress.DONE),
        "result_summary": said["summary"].strip(),
        "outcome_text": said["outcome"].strip(),
    }


def project_rows(division: Division, plan: Plan) -> list[Row]:
    """The division's own projects; สำนักปลัดเทศบาล compiles all of them."""
    rows = []
    for line in _csv("projects.csv"):
        if division.code != "01" and line["responsible_unit"] != division.name:
            continue
        status = line[f"status_{plan.round.months:02d}"]
        code = next(d.code for d in plan.divisions if d.name == line["responsible_unit"])
        rows.append(
            _present(
                {
                    "project_no": line["project_no"],
                    "project_name": line["project_name"],
                    "project_type": line["project_type"],
                    "dimension_no": int(line["dimension_no"]),
                    "responsible_unit": code,
                    "start_date": parse_date(line["start_date"]).value,
                    "end_date": parse_date(line["end_date"]).value,
                    "uses_budget": "ไม่ใช้",
                    "project_status": status,
                    "result_text": line["result_text"] if status == "ดำเนินการแล้วเสร็จ" else "",
                }
            )
        )
    return rows


def procurement_rows(plan: Plan) -> list[Row]:
    """The purchases of the round's months."""
    rows = []
    for line in _csv("procurement.csv"):
        month = parse_month(line["report_month"]).value
        if month not in plan.round.months_list:
            continue
        row = {key: value for key, value in line.items() if not key.endswith("_baht")}
        row |= {
            "report_month": month,
            "budget_satang": _satang(line["budget_baht"]),
            "reference_price_satang": _satang(line["reference_price_baht"]),
            "contract_date": parse_date(line["contract_date"]).value
            if line["contract_date"]
            else None,
            "bidders_and_prices_raw": line["bidders_and_prices_raw"].replace("; ", "\n"),
        }
        rows.append(_present(row))
    return rows


def complaint_rows(plan: Plan) -> list[Row]:
    """Complaints by month and kind; what each month leaves open is carried into the next."""
    rows, left = [], defaultdict(int)
    for line in _csv("complaints.csv"):
        month = parse_month(line["fiscal_month"]).value
        if month not in plan.round.months_list:
            continue
        kind = line["complaint_category"]
        row = {key: int(value) for key, value in line.items() if key.endswith("_count")}
        before = left[kind]
        going = before + row["received_count"] - row["finished_count"] - row["not_started_count"]
        left[kind] = going + row["not_started_count"]
        row |= {"brought_forward_count": before, "in_progress_count": going}
        rows.append({"fiscal_month": month, "complaint_category": kind, **row})
    return rows


def activity_rows(division: Division, plan: Plan) -> list[Row]:
    """One activity with its evidence for each measure that owes one."""
    late = plan.round.months == 12
    names = {
        1: "ปิดประกาศแนวทางการนำเสนอสถิติเรื่องร้องเรียน",
        2: "จัดทำและเผยแพร่แผนปฏิบัติการป้องกันการทุจริต (พ.ศ.๒๕๖๖ - ๒๕๗๐)",
        3: "จัดทำรายงานกำกับติดตาม รอบ ๖ เดือน",
        4: "จัดทำรายงานผล รอบ ๑๒ เดือน",
        6: "ประชุมชี้แจงนโยบาย No Gift Policy",
        7: "ปรับปรุงเว็บไซต์ของเทศบาล",
        9: "จัดทำหนังสือรับรองการประเมินผลการควบคุมภายใน (แบบ ปค.1)",
        10: "แจ้งเวียนประกาศประมวลจริยธรรม",
    }
    rows = []
    for number in division.forms.get("activity_evidence", ()):
        if plan.round.months in plan.measure(number).rounds:
            day = date(2023, 3, 17) if number == 10 else date(2023, 8 if late else 2, 10)
            rows.append(
                {
                    "measure_no": number,
                    "activity_name": f"{names[number]} {_MADE_UP}",
                    "activity_type": "ประกาศ/แจ้งเวียน" if number in (1, 10) else "ประชุม",
                    "activity_date": day,
                    "evidence_type": "ไฟล์",
                    "evidence_ref": f"หลักฐานมาตรการที่ {number} {_MADE_UP}.pdf",
                }
            )
    return rows


def manual_rows(division: Division) -> list[Row]:
    """Two manuals of each division that serves the public."""
    made = []
    for number, kind in ((1, "คู่มือสำหรับประชาชน"), (2, "คู่มือปฏิบัติงาน")):
        made.append(
            {
                "manual_type": kind,
                "service_name": f"บริการของ{division.name} เรื่องที่ {number} {_MADE_UP}",
                "publication_channel": "เว็บไซต์" if number == 1 else "เอกสาร/แผ่นพับ",
                "is_current": TICK,
                "step_count": 3 + number,
                "duration_value": number,
                "duration_unit": "วันทำการ",
                "fee_satang": 0,
                "last_revised_date": date(2023, 1, 10),
                "page_url": "https://chachoengsao.example/manual" if number == 1 else None,
            }
        )
    return [_present(row) for row in made]


def control_rows(division: Division) -> list[Row]:
    """One risk that is under control and one that is not yet."""
    first = {
        "mission_objective": f"งานธุรการของ{division.name}",
        "risk_description": f"เอกสารสูญหาย {_MADE_UP}",
        "existing_control": "ลงทะเบียนรับ–ส่งทุกฉบับ",
        "control_assessment": "การควบคุมใช้ได้",
        "is_control_adequate": "เพียงพอ",
        "responsible_unit": division.code,
        "control_area": "ทั่วไป",
    }
    second = first | {
        "risk_description": f"ข้อมูลในคอมพิวเตอร์ไม่มีสำเนา {_MADE_UP}",
        "existing_control": "สำรองข้อมูลเป็นครั้งคราว",
        "control_assessment": "ยังไม่สม่ำเสมอ",
        "is_control_adequate": "ยังไม่เพียงพอ",
        "residual_risk": "ข้อมูลอาจสูญหาย",
        "improvement_plan": "สำรองข้อมูลทุกสัปดาห์",
        "due_date": date(2024, 3, 31),
        "control_area": "เทคโนโลยีสารสนเทศ",
    }
    return [first, second]


def ethics_rows(plan: Plan) -> list[Row]:
    """Every division's staff groups, all told and all having acknowledged."""
    groups = {"พนักงานเทศบาล": 12, "ลูกจ้างประจำ": 3, "พนักงานจ้าง": 15}
    rows = []
    for division in plan.divisions:
        if not division.in_all:
            continue
        teachers = {"พนักงานครู": 40 if division.code == "05" else 0}
        for group, heads in (groups | teachers).items():
            rows.append(
                {
                    "division_code": division.code,
                    "employee_group": group,
                    "headcount": heads,
                    "acknowledged_count": heads,
                    "announcement_no": "ตย.1/2566",
                    "announcement_date": date(2023, 3, 16),
                    "circulated_date": date(2023, 3, 17),
                    "violation_complaint_count": 0,
                }
            )
    return rows


def website_rows(plan: Plan) -> list[Row]:
    """A few pages that were brought up to date."""
    days = [date(2022, 11, 8), date(2023, 2, 14)]
    days += [date(2023, 6, 20)] if plan.round.months == 12 else []
    return [
        {
            "section_name": f"หน้าข้อมูลที่ {number} {_MADE_UP}",
            "change_type": "ปรับปรุง",
            "update_date": day,
            "page_url": f"https://chachoengsao.example/page/{number}",
        }
        for number, day in enumerate(days, 1)
    ]


def filled(division: Division, plan: Plan) -> dict[str, list[Row]]:
    """Everything the division types in this round, by form."""
    rows: dict[str, list[Row]] = {
        "measure_progress": measure_rows(division, plan),
        "project_register": project_rows(division, plan),
        "procurement": procurement_rows(plan),
        "complaint_statistics": complaint_rows(plan),
        "activity_evidence": activity_rows(division, plan),
        "gift_report": [],
        "website_update": website_rows(plan),
        "service_manual": manual_rows(division),
        "internal_control": control_rows(division),
        "ethics_acknowledgement": ethics_rows(plan),
    }
    owed = {name: rows[name] for name in division.forms if name not in division.exempt}
    owed["cover"] = cover_rows(owed, plan)
    return owed


def cover_rows(owed: Mapping[str, Sequence[Row]], plan: Plan) -> list[Row]:
    """Who vouches for the workbook, and a tick for what there is nothing of."""
    signed: Row = {
        "prepared_by": "(ชื่อผู้จัดทำ – ตัวอย่าง)",
        "prepared_date": plan.due.date() - timedelta(days=2),
        "certified_by": "(ชื่อหัวหน้าส่วนราชการ – ตัวอย่าง)",
    }
    ticks: list[Row] = []
    for name, rows in owed.items():
        form = plan.form(name)
        if form.about.monthly == "parts":
            there = {row[form.about.month] for row in rows}
            missing = [m for m in plan.round.months_list if m not in there]
            ticks += [
                {"form_sheet": form.about.sheet, "report_month": m, "is_nil": TICK} for m in missing
            ]
        elif not rows and plan.round.months in form.about.rounds:
            ticks.append({"form_sheet": form.about.sheet, "is_nil": TICK})
    return [signed, *ticks]


@dataclass(frozen=True)
class Letter:
    """What a mail says around its workbook."""

    sender: str
    to: str
    subject: str
    text: str
    received: datetime
    automatic: bool = False


def letter_of(division: Division, plan: Plan, received: datetime) -> Letter:
    """The few words with which a division sends its workbook."""
    return Letter(
        sender=division.senders[0],
        to=plan.reply_from,
        subject=f"ส่งแบบรายงาน รอบ {plan.round.months} เดือน ({division.name})",
        text=f"เรียน ผู้จัดทำรายงาน\n\n{division.name}ขอส่งแบบรายงานตามไฟล์แนบ (ข้อมูลตัวอย่าง)\n",
        received=received,
    )


def mail(letter: Letter, file: bytes | None = None, name: str = "") -> bytes:
    """A mail with a file attached, or none; the same bytes every time."""
    made = EmailMessage(policy=policy.SMTP.clone(max_line_length=998))
    digest = hashlib.sha256(file or letter.text.encode()).hexdigest()
    host = "mail.chachoengsao.example"
    made["Received"] = f"from {host} by {host}; {format_datetime(letter.received)}"
    made["From"] = letter.sender
    made["To"] = letter.to
    made["Date"] = format_datetime(letter.received - timedelta(minutes=1))
    made["Message-ID"] = f"<{digest[:24]}@{host}>"
    made["Subject"] = letter.subject
    if letter.automatic:
        made["Auto-Submitted"] = "auto-replied"
    made.set_content(letter.text)
    if file is not None:
        kind = _KINDS.get(name.rpartition(".")[2], _WORKBOOK)
        made.add_attachment(file, maintype=kind[0], subtype=kind[1], filename=name)
        made.set_boundary(f"=_{digest[:32]}")
    return made.as_bytes()


def write_round(plan: Plan, folder: Path) -> None:
    """Write the mails of a round, and the one workbook that came by another way."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for number, division in enumerate(plan.divisions):
        rows = filled(division, plan)
        if division.code == "02" and plan.round.months == 12:
            rows = _without_last_month(rows, plan, folder, division)
        workbook = workbook_for(division, plan, rows)
        sent = plan.due - timedelta(days=3 - number % 3, hours=number % 5, minutes=7 * number)
        name = f"แบบรายงาน {division.name}.xlsx"
        data = mail(letter_of(division, plan, sent.replace(second=0)), workbook, name)
        (folder / f"{division.code}.eml").write_bytes(data)


def _without_last_month(
    rows: dict[str, list[Row]], plan: Plan, folder: Path, division: Division
) -> dict[str, list[Row]]:
    """กองคลัง sent September by chat: a loose workbook with its line in received.csv."""
    last = plan.round.months_list[-1]
    september = [row for row in rows["procurement"] if row["report_month"] == last]
    loose = workbook_for(division, plan, {"procurement": september, "cover": rows["cover"][:1]})
    name = "procurement-2566-09.xlsx"
    (folder / name).write_bytes(loose)
    (folder / "received.csv").write_text(
        "file,received_at,from,channel,note\r\n"
        f"{name},2023-10-06T09:15:00+07:00,finance@chachoengsao.example,LINE,ข้อมูลตัวอย่าง\r\n",
        "utf-8-sig",
        newline="",
    )
    kept = [row for row in rows["procurement"] if row["report_month"] != last]
    return rows | {"procurement": kept}


def main() -> None:
    """Write both rounds into `inputs`."""
    for name in ROUNDS:
        write_round(load_plan(INPUTS / name, forms()), INPUTS / name / "received")


if __name__ == "__main__":
    main()
