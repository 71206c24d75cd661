"""T5 กิจกรรมและหลักฐาน: what was done for a measure, and where the proof of it lies."""

from enum import StrEnum

import pandas as pd

from schemas.kit.columns import (
    Count,
    Day,
    Money,
    Severity,
    Text,
    choice,
    code,
    count,
    day,
    money,
    text,
)
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context


class EvidenceKind(StrEnum):
    """What sort of evidence there is."""

    LETTER = "หนังสือ/คำสั่ง"
    PICTURE = "ภาพถ่าย"
    NAMES = "รายชื่อ"
    URL = "URL"
    FILE = "ไฟล์"


_ACTIVITIES = ("ประชุม", "อบรม", "ประกาศ/แจ้งเวียน", "เผยแพร่สื่อ", "อื่น ๆ")
_OF_LETTERS = ("evidence_type", (EvidenceKind.LETTER,))


class ActivityEvidence(
    Form,
    about=About(
        sheet="กิจกรรมและหลักฐาน",
        title="กิจกรรมและหลักฐานตามมาตรการ",
        en="Activities and evidence",
        version="2566.1",
        order=5,
        measures=(1, 2, 3, 4, 6, 7, 9, 10),
        carried=True,
        known_by=(("activity_name",), ("evidence_ref",)),
    ),
):
    """One row for each activity with its evidence."""

    measure_no: Count = count(
        "มาตรการที่",
        "Measure no.",
        help_th="เลขมาตรการ 1–10",
        help_en="Number of the measure, 1–10.",
        example="6",
        required=Severity.ERROR,
        minimum=1,
        maximum=10,
        width=9,
    )
    activity_name: Text = text(
        "ชื่อกิจกรรม", "Activity", example="ประชุมหัวหน้าส่วนราชการ", required=True, width=36
    )
    activity_type: Text = choice(_ACTIVITIES, "ประเภทกิจกรรม", "Kind of activity", example="ประชุม")
    activity_date: Day = day(
        "วันที่ดำเนินการ", "Date", example="15/11/2565", required=True, within="round"
    )
    participants_target: Count = count(
        "เป้าหมาย (คน)", "Participants planned", example="50", was=("เป้าหมาย",)
    )
    participants_actual: Count = count(
        "ผู้เข้าร่วมจริง (คน)", "Participants", example="48", was=("ผู้เข้าร่วมจริง",)
    )
    disbursed_satang: Money = money(
        "งบประมาณที่ใช้ (บาท)", "Spent (baht)", example="0", was=("งบประมาณที่ใช้",)
    )
    evidence_type: Text = choice(EvidenceKind, "ประเภทหลักฐาน", "Kind of evidence", example="ภาพถ่าย")
    evidence_ref: Text = text(
        "หลักฐานอ้างอิง",
        "Evidence",
        help_th="ที่อยู่เว็บ ชื่อไฟล์ หรือเลขที่หนังสือ",
        help_en="Web address, file name or letter number.",
        example="ภาพกิจกรรม.jpg",
        required=True,
    )
    document_no: Text = code(
        "เลขที่เอกสาร", "Document no.", example="1/2566", was=("เลขที่",), required_if=_OF_LETTERS
    )
    document_date: Day = day(
        "ลงวันที่", "Document date", example="15/11/2565", required_if=_OF_LETTERS
    )

    @staticmethod
    @rule(
        "ACT-01",
        on=("evidence_ref", "evidence_type"),
        severity=Severity.WARNING,
        th="ประเภทหลักฐานเป็น URL แต่หลักฐานอ้างอิงไม่ใช่ที่อยู่เว็บ โปรดพิมพ์ที่อยู่ที่ขึ้นต้นด้วย http",
        en="The evidence is said to be a URL but is no web address; please type one (http…).",
        breaks={"evidence_type": "URL", "evidence_ref": "ภาพกิจกรรม.jpg"},
        holds={"evidence_type": "URL", "evidence_ref": "https://city.example/news"},
    )
    def url_is_an_address(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """Evidence on the web is given by its address."""
        address = rows["evidence_ref"].str.match(r"https?://\S")
        return (rows["evidence_type"] != EvidenceKind.URL) | address
