"""T1 ผลตามมาตรการ: what each division did for each measure, in its own words."""

from enum import StrEnum
from typing import Any

import pandas as pd

from schemas.kit.columns import Count, Filled, Severity, Text, choice, count, text
from schemas.kit.form import About, Form, Overview, rule
from schemas.kit.kinds import Context

OVERVIEW = "ภาพรวมเทศบาล"
_PRINTED = {"filled": Filled.CONFIGURED}
_KEY: dict[str, Any] = _PRINTED | {"required": Severity.ERROR}

# A count behind the words says how far the parts of it are, not the measure.
_UNDONE = (
    r"[\s•-]*(?:อยู่ระหว่าง(?:การ)?ดำเนินการ|ยังไม่(?:ได้)?ดำเนินการ|ไม่สามารถดำเนินการได้)"
    r"(?!\s*(?:จำนวน|[0-9๐-๙]))"
)


class Scope(StrEnum):
    """Whose result a row tells: the division's own, or the municipality's as a whole."""

    DIVISION = "ส่วนราชการ"
    OVERVIEW = OVERVIEW


class Progress(StrEnum):
    """How far a measure is; 2–4 are the words of e-PlanNACC."""

    NOT_STARTED = "ยังไม่ได้ดำเนินการ"
    IN_PROGRESS = "อยู่ระหว่างดำเนินการ"
    DONE = "ดำเนินการแล้วเสร็จ"
    CANNOT = "ไม่สามารถดำเนินการได้"


class MeasureProgress(
    Form,
    about=About(
        sheet="ผลตามมาตรการ",
        title="ผลการดำเนินงานตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส",
        en="Progress by measure",
        version="2566.1",
        order=1,
        key=("measure_no", "scope"),
        measures=tuple(range(1, 11)),
        lines="measures",
        blank_rows=0,
    ),
    traits=(
        Overview(
            column="scope",
            value=OVERVIEW,
            quoted={
                "": "ส่วนราชการที่รายงาน",
                "progress_status": "สถานะที่รายงาน",
                "result_summary": "สรุปผลที่รายงาน",
                "outcome_text": "ผลลัพธ์ที่รายงาน",
                "obstacle_text": "ปัญหา/อุปสรรคที่รายงาน",
            },
        ),
    ),
):
    """One row for each measure the division reports on."""

    measure_no: Count = count(
        "มาตรการที่", "Measure no.", example="6", minimum=1, maximum=10, width=9, **_KEY
    )
    scope: Text = choice(Scope, "ขอบเขต", "Scope", example="ส่วนราชการ", **_KEY)
    measure_title: Text = text(
        "มาตรการ/แนวทาง", "Measure", example="จัดทำมาตรการ", width=34, **_PRINTED
    )
    procedure_text: Text = text(
        "ขั้นตอน/วิธีการดำเนินการ", "Procedure", example="แจ้งเวียน", width=40, **_PRINTED
    )
    owner_text: Text = text(
        "หน่วยงาน\nผู้รับผิดชอบ", "Responsible", example="ทุกหน่วยงาน", width=18, **_PRINTED
    )
    period_text: Text = text(
        "ระยะเวลา\nดำเนินการ", "Period", example="ปีงบประมาณ พ.ศ.๒๕๖๖", width=18, **_PRINTED
    )
    progress_status: Text = choice(
        Progress,
        "สถานะ",
        "Status",
        example="ดำเนินการแล้วเสร็จ",
        defect=Severity.ERROR,
        required_if=("scope", (Scope.DIVISION,)),
        also={"ยังไม่ดำเนินการ": Progress.NOT_STARTED, "ดำเนินการแล้ว": Progress.DONE},
        width=22,
    )
    result_summary: Text = text(
        "สรุปผลการดำเนินงาน",
        "Summary of results",
        help_th="สรุปสิ่งที่ได้ดำเนินการ",
        help_en="What was done.",
        example="แจ้งเวียนแล้ว",
        required_if=("progress_status", (Progress.IN_PROGRESS, Progress.DONE)),
        width=44,
    )
    outcome_text: Text = text(
        "ผลลัพธ์\n/ความสำเร็จ",
        "Outcome",
        help_th="ผลที่เกิดขึ้นจากการดำเนินการ",
        help_en="What came of it.",
        example="บุคลากรรับทราบ",
        required_if=("progress_status", (Progress.DONE,)),
        width=44,
    )
    obstacle_text: Text = text(
        "ปัญหา/อุปสรรค",
        "Obstacles",
        help_th="กรอกเมื่อไม่สามารถดำเนินการได้",
        help_en="Fill in where it could not be done.",
        example="",
        required_if=("progress_status", (Progress.CANNOT,)),
        width=30,
    )

    @staticmethod
    @rule(
        "MSR-01",
        on=("result_summary", "progress_status"),
        severity=Severity.WARNING,
        th="ข้อความขึ้นต้นว่ายังไม่แล้วเสร็จ แต่สถานะเป็นดำเนินการแล้วเสร็จ โปรดตรวจสอบสถานะหรือข้อความ",
        en="The text begins by saying that it is not done, yet the status is done; please check "
        "the status or the text.",
        breaks={"result_summary": "อยู่ระหว่างดำเนินการจัดทำแผน"},
        holds={"result_summary": "อยู่ระหว่างดำเนินการ ๒ โครงการ แล้วเสร็จ ๓๔ โครงการ"},
    )
    def words_fit_the_status(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A measure that is done is not said to be under way, not begun or impossible."""
        is_undone = rows["result_summary"].str.match(_UNDONE)
        return (rows["progress_status"] != Progress.DONE) | ~is_undone
