"""T4 เรื่องร้องเรียน: complaints by month and kind, each month carried into the next."""

from enum import StrEnum
from typing import Any

import pandas as pd

from schemas.kit.columns import Count, Day, Filled, Severity, Text, choice, count, month
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context

ERROR = Severity.ERROR
_COUNTED: dict[str, Any] = {"required": ERROR, "width": 14}
_LINE: dict[str, Any] = {"required": ERROR, "filled": Filled.CONFIGURED}
_TYPED = _COUNTED | {
    "help_th": "พิมพ์จำนวนเรื่อง ไม่มีให้พิมพ์ 0",
    "help_en": "Number of complaints; type 0 for none.",
}

SHEET = "เรื่องร้องเรียน"


class Category(StrEnum):
    """What a complaint is about; corruption and ordinary service stay apart."""

    CORRUPTION = "ทุจริตและประพฤติมิชอบ"
    GENERAL = "ร้องเรียน–ร้องทุกข์ทั่วไป"
    GIFTS = "เรียกรับหรือรับของขวัญ"


_BALANCE = (
    "finished_count",
    "received_count",
    "brought_forward_count",
    "in_progress_count",
    "not_started_count",
)


class ComplaintStatistics(
    Form,
    about=About(
        sheet=SHEET,
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
    ),
):
    """One row for each month and kind of complaint."""

    fiscal_month: Day = month("เดือน", "Month", example="ตุลาคม 2565", within="round", **_LINE)
    complaint_category: Text = choice(
        Category,
        "ประเภท",
        "Kind",
        example=str(Category.GENERAL),
        also={"ร้องเรียน/ร้องทุกข์ทั่วไป": Category.GENERAL},
        width=28,
        **_LINE,
    )
    brought_forward_count: Count = count(
        "ยอดยกมา (เรื่อง)",
        "Brought forward",
        example="0",
        filled=Filled.FORMULA,
        formula="previous:{in_progress_count}+{not_started_count}",
        was=("ยกมา", "ยอดยกมา"),
        **_COUNTED,
    )
    received_count: Count = count("รับใหม่ (เรื่อง)", "Received", example="3", was=("รับใหม่",), **_TYPED)
    finished_count: Count = count(
        "แล้วเสร็จ (เรื่อง)", "Finished", example="2", was=("แล้วเสร็จ",), **_TYPED
    )
    in_progress_count: Count = count(
        "อยู่ระหว่างดำเนินการ (เรื่อง)",
        "In progress",
        example="1",
        filled=Filled.FORMULA,
        formula="{brought_forward_count}+{received_count}-{finished_count}-{not_started_count}",
        minimum=None,
        was=("อยู่ระหว่างดำเนินการ",),
        **_COUNTED,
    )
    not_started_count: Count = count(
        "ยังไม่ดำเนินการ (เรื่อง)", "Not started", example="0", was=("ยังไม่ดำเนินการ",), **_TYPED
    )

    @staticmethod
    @rule(
        "CMP-01",
        on=_BALANCE,
        severity=ERROR,
        th="ยอดยกมา + รับใหม่ ไม่เท่ากับ แล้วเสร็จ + อยู่ระหว่างดำเนินการ + ยังไม่ดำเนินการ โปรดตรวจสอบแถวนี้",
        en="Brought forward + received is not finished + in progress + not started; check the row.",
        breaks={"finished_count": "3"},
        holds={"finished_count": "2"},
        source="เอกลักษณ์ของตารางสถิติเรื่องร้องเรียน",
    )
    def every_complaint_is_somewhere(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """What came in is finished, in progress or not started; nothing is less than none."""
        came = rows["brought_forward_count"] + rows["received_count"]
        went = rows["finished_count"] + rows["in_progress_count"] + rows["not_started_count"]
        return (came == went) & (rows["in_progress_count"] >= 0)
