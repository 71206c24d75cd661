"""T6 No Gift Policy: gifts received, where any came; usually a tick on the cover says none did."""

from enum import StrEnum

import pandas as pd

from schemas.kit.columns import Count, Money, Severity, Text, choice, count, money, text
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context

_CEILING = "thresholds.gift_value_baht"


class Giver(StrEnum):
    """Who gave."""

    STATE = "หน่วยงานภาครัฐ"
    PRIVATE = "ภาคเอกชน"
    PEOPLE = "ประชาชน"
    OTHER = "อื่น ๆ"


class Disposition(StrEnum):
    """What was done with the gift."""

    RETURNED = "ส่งคืนผู้ให้"
    HANDED_IN = "ส่งมอบหน่วยงาน"
    OTHER = "อื่น ๆ"


class GiftReport(
    Form,
    about=About(
        sheet="No Gift Policy",
        title="แบบสรุปรายงานตามนโยบาย No Gift Policy จากการปฏิบัติหน้าที่",
        en="No Gift Policy report",
        version="2566.1",
        order=6,
        measures=(6,),
        carried=True,
        known_by=(
            ("giver_type", "received_in_name_of", "item_description"),
            ("item_description", "estimated_value_satang"),
        ),
        blank_rows=15,
    ),
):
    """One row for each kind of giver, recipient and disposition, only where gifts came."""

    occurrence_count: Count = count(
        "จำนวนครั้งที่รับ",
        "Times received",
        help_th="กรอกเฉพาะเมื่อมีการรับ ไม่มีให้ใส่ ✓ ที่หน้าปก",
        help_en="Only where something was received; else tick the cover.",
        example="1",
        required=Severity.ERROR,
        minimum=1,
    )
    giver_type: Text = choice(Giver, "รับจาก", "From", example="ภาคเอกชน", required=True)
    received_in_name_of: Text = choice(
        ("หน่วยงาน", "รายบุคคล"), "รับในนาม", "In the name of", example="หน่วยงาน", required=True
    )
    item_description: Text = text(
        "รายการของขวัญ",
        "Item",
        help_th="ไม่ระบุข้อมูลส่วนบุคคล",
        help_en="No personal data.",
        example="กระเช้าผลไม้",
        required=True,
    )
    estimated_value_satang: Money = money(
        "มูลค่าโดยประมาณ (บาท)",
        "Estimated value (baht)",
        example="500",
        required=Severity.ERROR,
        was=("มูลค่าโดยประมาณ",),
    )
    disposition: Text = choice(
        Disposition, "การดำเนินการ", "Disposition", example="ส่งคืนผู้ให้", required=True
    )
    obstacle_text: Text = text("ปัญหา/อุปสรรค", "Obstacles")

    @staticmethod
    @rule(
        "GFT-01",
        on=("estimated_value_satang", "disposition"),
        severity=Severity.WARNING,
        th="ของขวัญมูลค่าเกินเกณฑ์ที่กำหนดและไม่ได้ส่งคืนผู้ให้ โปรดตรวจสอบและชี้แจง",
        en="A gift worth more than the ceiling was not returned; please check and explain.",
        breaks={"estimated_value_satang": "3,000.01", "disposition": "ส่งมอบหน่วยงาน"},
        holds={"estimated_value_satang": "3,000", "disposition": "ส่งมอบหน่วยงาน"},
        source="ประกาศ ป.ป.ช. เรื่องหลักเกณฑ์การรับทรัพย์สิน; เกณฑ์ใน round.toml",
        criteria=(_CEILING,),
    )
    def costly_gifts_go_back(rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """A gift above the ceiling is returned."""
        small = rows["estimated_value_satang"] <= int(context.criteria[_CEILING] * 100)
        return small | (rows["disposition"] == str(Disposition.RETURNED))
