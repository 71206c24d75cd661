"""T9 ปค.5 ควบคุมภายใน: risks of a division's work and what keeps them small."""

from enum import StrEnum

from schemas.kit.columns import Day, Severity, Text, choice, day, division, text
from schemas.kit.form import About, Form


class Adequacy(StrEnum):
    """Whether the control in place is enough."""

    ADEQUATE = "เพียงพอ"
    NOT_YET = "ยังไม่เพียงพอ"


class InternalControl(
    Form,
    about=About(
        sheet="ปค.5 ควบคุมภายใน",
        title="รายงานการประเมินผลการควบคุมภายใน (แบบ ปค.5)",
        en="Internal control",
        version="2566.1",
        order=9,
        rounds=(12,),
        measures=(9,),
        known_by=(("risk_description",), ("existing_control",)),
        blank_rows=20,
    ),
):
    """One row for each risk; owed in the twelve-month round."""

    mission_objective: Text = text("ภารกิจ/วัตถุประสงค์", "Mission or objective", example="งานพัสดุ")
    risk_description: Text = text("ความเสี่ยง", "Risk", example="พัสดุสูญหาย", required=True)
    existing_control: Text = text(
        "การควบคุมภายในที่มีอยู่", "Control in place", example="ตรวจนับประจำเดือน", required=True
    )
    control_assessment: Text = text("การประเมินผลการควบคุมภายใน", "Assessment", example="ได้ผล")
    is_control_adequate: Text = choice(
        Adequacy,
        "เพียงพอหรือไม่",
        "Adequate",
        help_th="เลือก เพียงพอ หรือ ยังไม่เพียงพอ",
        help_en="Choose whether the control is adequate.",
        example="เพียงพอ",
        required=Severity.ERROR,
    )
    residual_risk: Text = text(
        "ความเสี่ยงที่ยังมีอยู่",
        "Residual risk",
        example="",
        required_if=("is_control_adequate", (Adequacy.NOT_YET,)),
    )
    improvement_plan: Text = text(
        "การปรับปรุงการควบคุมภายใน",
        "Improvement",
        example="",
        required_if=("is_control_adequate", (Adequacy.NOT_YET,)),
    )
    responsible_unit: Text = division("หน่วยงานที่รับผิดชอบ", "Responsible division", example="กองคลัง")
    due_date: Day = day(
        "กำหนดเสร็จ",
        "Due",
        example="31/3/2567",
        required_if=("is_control_adequate", (Adequacy.NOT_YET,)),
    )
    followup_status: Text = choice(
        ("อยู่ระหว่างดำเนินการ", "ดำเนินการแล้วเสร็จ", "ไม่สามารถดำเนินการได้"),
        "ผลติดตามรอบ 6 เดือน",
        "Six-month follow-up",
        example="อยู่ระหว่างดำเนินการ",
    )
    control_area: Text = choice(("ทั่วไป", "เทคโนโลยีสารสนเทศ"), "ด้าน", "Area", example="ทั่วไป")
