"""T4 เรื่องร้องเรียน: complaints by month and kind, each month carried into the next."""

from enum import StrEnum

import pandas as pd

from schemas.kit.columns import Count, Day, Filled, Severity, Text, choice, count, month
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context

ERROR = Severity.ERROR


class Category(StrEnum):
    """What a complaint is about; corruption and ordinary service stay apart."""

    CORRUPTION = "ทุจริตและประพฤติมิชอบ"
    GENERAL = "ร้องเรียน–ร้องทุกข์ทั่วไป"
    GIFTS = "เรียกรับหรือรับของขวัญ"


class ComplaintStatistics(
    Form,
    about=About(
        sheet="เรื่องร้องเรียน",
        title="สถิติเรื่องร้องเรียน",
        en="Complaint statistics",
        version="2566.1",
        order=4,
        key=("fiscal_month", "complaint_category"),
        measures=(1,),
        monthly="rows",
        month="fiscal_month",
        lines="months",
        carried=True,
        blank_rows=0,
        history="2566.1: ฉบับแรก",
    ),
):
    """One row for each month and kind of complaint."""

    fiscal_month: Day = month(
        "เดือน",
        "Month",
        example="ตุลาคม 2565",
        required=True,
        defect=ERROR,
        within="round",
        filled=Filled.CONFIGURED,
    )
    complaint_category: Text = choice(
        Category,
        "ประเภท",
        "Kind",
        example=str(Category.GENERAL),
        required=True,
        defect=ERROR,
        filled=Filled.CONFIGURED,
        width=28,
    )
    brought_forward_count: Count = count(
        "ยอดยกมา (เรื่อง)",
        "Brought forward",
        example="0",
        defect=ERROR,
        required=True,
        filled=Filled.FORMULA,
        formula="previous:{in_progress_count}+{not_started_count}",
        was=("ยกมา", "ยอดยกมา"),
    )
    received_count: Count = count(
        "รับใหม่ (เรื่อง)",
        "Received",
        help_th="จำนวนเรื่องที่รับใหม่ในเดือน ไม่มีให้พิมพ์ 0",
        help_en="Complaints received this month; type 0 for none.",
        example="3",
        required=True,
        defect=ERROR,
        was=("รับใหม่",),
    )
    finished_count: Count = count(
        "แล้วเสร็จ (เรื่อง)",
        "Finished",
        help_th="จำนวนเรื่องที่แล้วเสร็จในเดือน ไม่มีให้พิมพ์ 0",
        help_en="Complaints finished this month; type 0 for none.",
        example="2",
        required=True,
        defect=ERROR,
        was=("แล้วเสร็จ",),
    )
    in_progress_count: Count = count(
        "อยู่ระหว่างดำเนินการ (เรื่อง)",
        "In progress",
        example="1",
        required=True,
        defect=ERROR,
        filled=Filled.FORMULA,
        formula="{brought_forward_count}+{received_count}-{finished_count}-{not_started_count}",
        was=("อยู่ระหว่างดำเนินการ",),
    )
    not_started_count: Count = count(
        "ยังไม่ดำเนินการ (เรื่อง)",
        "Not started",
        help_th="จำนวนเรื่องที่ยังไม่ดำเนินการ ณ สิ้นเดือน ไม่มีให้พิมพ์ 0",
        help_en="Complaints not started at the month's end; type 0 for none.",
        example="0",
        required=True,
        defect=ERROR,
        was=("ยังไม่ดำเนินการ",),
    )

    @rule(
        "CMP-01",
        on=(
            "finished_count",
            "received_count",
            "brought_forward_count",
            "in_progress_count",
            "not_started_count",
        ),
        severity=ERROR,
        th="ยอดยกมา + รับใหม่ ไม่เท่ากับ แล้วเสร็จ + อยู่ระหว่างดำเนินการ + ยังไม่ดำเนินการ โปรดตรวจสอบจำนวนในแถวนี้",
        en="Brought forward + received is not finished + in progress + not started; please check the row.",
        breaks={"finished_count": "3"},
        holds={"finished_count": "2"},
        source="เอกลักษณ์ของตารางสถิติเรื่องร้องเรียน",
    )
    def every_complaint_is_somewhere(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """What came in is finished, in progress or not started."""
        came = rows["brought_forward_count"] + rows["received_count"]
        return came == rows[["finished_count", "in_progress_count", "not_started_count"]].sum(axis=1)
