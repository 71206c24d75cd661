"""T10 ประมวลจริยธรรม: who was told of the code of ethics, by division and staff group."""

from enum import StrEnum
from typing import Any

import pandas as pd

from schemas.kit.columns import (
    Count,
    Day,
    Filled,
    Severity,
    Text,
    choice,
    code,
    count,
    day,
    division,
)
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context

ERROR, WARNING = Severity.ERROR, Severity.WARNING


_LINE: dict[str, Any] = {"required": ERROR, "filled": Filled.CONFIGURED}
_NUMBER: dict[str, Any] = {"required": ERROR}


class StaffGroup(StrEnum):
    """The four groups of staff that the announcement names."""

    OFFICIALS = "พนักงานเทศบาล"
    TEACHERS = "พนักงานครู"
    PERMANENT = "ลูกจ้างประจำ"
    CONTRACT = "พนักงานจ้าง"


class EthicsAcknowledgement(
    Form,
    about=About(
        sheet="ประมวลจริยธรรม",
        title="การแจ้งเวียนและรับทราบประมวลจริยธรรม",
        en="Code of ethics",
        version="2566.1",
        order=10,
        key=("division_code", "employee_group"),
        measures=(10,),
        carried=True,
        lines="divisions",
        blank_rows=0,
    ),
):
    """One row for each division and staff group."""

    division_code: Text = division("ส่วนราชการ", "Division", example="กองคลัง", **_LINE)
    employee_group: Text = choice(
        StaffGroup, "ประเภทบุคลากร", "Staff group", example="พนักงานเทศบาล", **_LINE
    )
    headcount: Count = count(
        "จำนวนทั้งหมด (คน)", "Headcount", example="10", **_NUMBER, was=("จำนวนทั้งหมด",)
    )
    acknowledged_count: Count = count(
        "จำนวนผู้รับทราบ (คน)",
        "Acknowledged",
        example="10",
        was=("จำนวนที่รับทราบ", "จำนวนผู้รับทราบ"),
        **_NUMBER,
    )
    announcement_no: Text = code(
        "เลขที่ประกาศ", "Announcement no.", example="1/2566", was=("เลขที่",), required=True
    )
    announcement_date: Day = day("วันที่ประกาศ", "Announced on", example="16/3/2566", required=True)
    circulated_date: Day = day("วันที่แจ้งเวียน", "Circulated on", example="17/3/2566", required=True)
    violation_complaint_count: Count = count(
        "จำนวนเรื่องร้องเรียนการฝ่าฝืนประมวลจริยธรรม",
        "Complaints of breaches",
        example="0",
        was=("ข้อร้องเรียนฝ่าฝืนจริยธรรม",),
    )

    @staticmethod
    @rule(
        "ETH-01",
        on=("acknowledged_count", "headcount"),
        severity=ERROR,
        th="จำนวนผู้รับทราบมากกว่าจำนวนทั้งหมด ({headcount}) โปรดแก้ไขจำนวนใดจำนวนหนึ่ง",
        en="More people acknowledged than there are ({headcount}); please correct either number.",
        breaks={"headcount": "9", "acknowledged_count": "10"},
        holds={"headcount": "10", "acknowledged_count": "10"},
    )
    def no_more_than_all(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """No more people acknowledge than the group has."""
        return rows["acknowledged_count"] <= rows["headcount"]

    @staticmethod
    @rule(
        "ETH-02",
        on=("circulated_date", "announcement_date"),
        severity=WARNING,
        th="วันที่แจ้งเวียนอยู่ก่อนวันที่ประกาศ ({announcement_date}) โปรดตรวจสอบ",
        en="It was circulated before it was announced ({announcement_date}); please check.",
        breaks={"announcement_date": "16/3/2566", "circulated_date": "15/3/2566"},
        holds={"announcement_date": "16/3/2566", "circulated_date": "16/3/2566"},
    )
    def circulated_after_announcement(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """What is circulated has been announced."""
        return rows["circulated_date"] >= rows["announcement_date"]
