"""T8 คู่มือการให้บริการ: which manuals a division has, and whether they are still right."""

from enum import StrEnum
from typing import Any

import pandas as pd

from schemas.kit.columns import (
    Count,
    Day,
    Filled,
    Money,
    Severity,
    Text,
    choice,
    count,
    day,
    money,
    text,
    tick,
)
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context

_UNITS = ("นาที", "ชั่วโมง", "วัน", "วันทำการ")
_KEPT: dict[str, Any] = {"filled": Filled.EARLIER}
_KEY: dict[str, Any] = _KEPT | {"required": Severity.ERROR}


class ManualKind(StrEnum):
    """What sort of manual it is."""

    STAFF = "คู่มือปฏิบัติงาน"
    PUBLIC = "คู่มือสำหรับประชาชน"
    CHART = "ผังขั้นตอน"


class PublicationChannel(StrEnum):
    """Where people find the manual."""

    WEB = "เว็บไซต์"
    BOARD = "ป้ายประกาศ"
    PAPER = "เอกสาร/แผ่นพับ"
    PHONE = "โทรศัพท์"
    NONE = "ยังไม่เผยแพร่"


class ServiceManual(
    Form,
    about=About(
        sheet="คู่มือการให้บริการ",
        title="คู่มือและผังขั้นตอนการให้บริการ",
        en="Service manuals",
        version="2566.1",
        order=8,
        key=("service_name", "manual_type"),
        measures=(8,),
        carried=True,
    ),
):
    """One row for each service and kind of manual; prefilled after the first round."""

    manual_type: Text = choice(
        ManualKind,
        "ประเภทคู่มือ",
        "Kind of manual",
        example="คู่มือสำหรับประชาชน",
        also={"คู่มือประชาชน": ManualKind.PUBLIC},
        width=22,
        **_KEY,
    )
    service_name: Text = text("ชื่อกระบวนงาน/บริการ", "Service", example="ขอใบอนุญาต", width=36, **_KEY)
    publication_channel: Text = choice(
        PublicationChannel, "ช่องทางเผยแพร่", "Published by", example="เว็บไซต์", required=True, **_KEPT
    )
    is_current: Text = tick(
        "ยืนยันเป็นปัจจุบัน",
        "Confirmed as current",
        required=True,
        attests=True,
        help_th="ใส่ ✓ เมื่อตรวจแล้วว่าคู่มือยังเป็นปัจจุบัน",
        help_en="Tick once you have seen that the manual is still right.",
        example="✓",
    )
    step_count: Count = count("จำนวนขั้นตอน", "Steps", example="4", minimum=1, **_KEPT)
    duration_value: Count = count(
        "ระยะเวลา", "Duration", example="3", required_if=("duration_unit", _UNITS), **_KEPT
    )
    duration_unit: Text = choice(
        _UNITS, "หน่วยระยะเวลา", "Unit", example="วันทำการ", was=("หน่วย",), **_KEPT
    )
    fee_satang: Money = money(
        "ค่าธรรมเนียม (บาท)", "Fee (baht)", example="0", was=("ค่าธรรมเนียม",), **_KEPT
    )
    last_revised_date: Day = day("วันที่ปรับปรุงล่าสุด", "Last revised", example="10/1/2566", **_KEPT)
    page_url: Text = text(
        "ที่อยู่เว็บ",
        "Web address",
        example="https://city.example/manual",
        required_if=("publication_channel", (PublicationChannel.WEB,)),
        help_th="ขึ้นต้นด้วย http:// หรือ https://",
        help_en="Begins with http:// or https://.",
        pattern="https?://.+",
        **_KEPT,
    )

    @staticmethod
    @rule(
        "MAN-01",
        on="last_revised_date",
        severity=Severity.WARNING,
        th="วันที่ปรับปรุงล่าสุดอยู่หลังวันสิ้นรอบ โปรดตรวจสอบ",
        en="The manual was last revised after the round's end; please check.",
        breaks={"last_revised_date": "1/10/2566"},
        holds={"last_revised_date": "31/3/2566"},
    )
    def revised_before_the_end(rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """A manual is not revised after the round it is reported in."""
        if context.round is None:
            return pd.Series(True, index=rows.index)
        return rows["last_revised_date"] <= pd.Timestamp(context.round.end)

    @staticmethod
    @rule(
        "MAN-02",
        on="duration_value",
        beside=("duration_unit",),
        severity=Severity.WARNING,
        th="มีระยะเวลาแต่ไม่มีหน่วย โปรดเลือก นาที ชั่วโมง วัน หรือ วันทำการ",
        en="A duration stands without its unit; please choose one.",
        breaks={"duration_value": "3", "duration_unit": ""},
        holds={"duration_value": "", "duration_unit": ""},
    )
    def duration_has_a_unit(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A duration has a unit."""
        return rows["duration_unit"].notna()
