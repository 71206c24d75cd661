"""T2 ทะเบียนโครงการ: the projects of the anti-corruption plan and how far each is."""

from enum import StrEnum

import pandas as pd

from schemas.kit.columns import (
    Count,
    Day,
    Filled,
    Money,
    Severity,
    Text,
    choice,
    code,
    count,
    day,
    division,
    money,
    text,
)
from schemas.kit.form import About, Form, Prefilled, rule
from schemas.kit.kinds import Context

ERROR, WARNING = Severity.ERROR, Severity.WARNING
_PLAN = {"filled": Filled.EARLIER}
_BUDGETS = ("planned_budget_satang", "appropriated_budget_satang", "disbursed_satang")
REGISTER_WAITS = ("project_register", "project_status")


class Status(StrEnum):
    """How far a project is, in the words of e-PlanNACC; a blank waits for its report."""

    IN_PROGRESS = "อยู่ระหว่างดำเนินการ"
    DONE = "ดำเนินการแล้วเสร็จ"
    CANNOT = "ไม่สามารถดำเนินการได้"


class Reason(StrEnum):
    """Why a project could not be done, in the words of e-PlanNACC."""

    NO_BUDGET = "ไม่ได้รับงบประมาณ"
    POLICY = "นโยบายผู้บริหารเปลี่ยนแปลง"
    STAFF = "บุคลากรไม่เพียงพอ"
    OTHER = "อื่น ๆ"


TARGET_GROUPS = (
    "ข้าราชการการเมืองฝ่ายบริหาร",
    "ฝ่ายสภาท้องถิ่น",
    "ข้าราชการ/พนักงาน/ลูกจ้างส่วนท้องถิ่น",
    "เด็กและเยาวชน",
    "ประชาชน/ภาคประชาสังคม",
    "สถานศึกษา",
    "หน่วยงานภาครัฐ",
    "รัฐวิสาหกิจ",
    "เอกชน",
)


class ProjectKind(StrEnum):
    """What sort of entry of the plan it is."""

    PROJECT = "โครงการ"
    ACTIVITY = "กิจกรรม"
    MEASURE = "มาตรการ"
    PRACTICE = "แนวปฏิบัติ"


class ProjectRegister(
    Form,
    about=About(
        sheet="ทะเบียนโครงการ",
        title="ทะเบียนโครงการตามแผนปฏิบัติการป้องกันการทุจริต",
        en="Project register",
        version="2566.1",
        order=2,
        key=("project_no",),
        measures=(2, 3, 4),
        carried=True,
    ),
    traits=(Prefilled(),),
):
    """One row for each project of the plan that the division reports."""

    project_no: Text = code(
        "ลำดับ / รหัสโครงการ", "Project no.", example="01", required=ERROR, width=12, **_PLAN
    )
    project_name: Text = text(
        "ชื่อโครงการ/กิจกรรม", "Project", example="อบรมสุจริต", required=True, width=44, **_PLAN
    )
    project_type: Text = choice(ProjectKind, "ประเภท", "Kind", example="โครงการ", **_PLAN)
    dimension_no: Count = count(
        "มิติ", "Dimension", example="1", required=ERROR, minimum=1, maximum=4, width=8, **_PLAN
    )
    target_group: Text = choice(
        TARGET_GROUPS, "กลุ่มเป้าหมาย", "Target group", example=TARGET_GROUPS[2], width=24, **_PLAN
    )
    responsible_unit: Text = division(
        "ผู้รับผิดชอบ", "Responsible division", example="สำนักปลัดเทศบาล", required=True, **_PLAN
    )
    start_date: Day = day("วันเริ่ม", "Start", example="1/10/2565", **_PLAN)
    end_date: Day = day("วันสิ้นสุด", "End", example="30/9/2566", **_PLAN)
    uses_budget: Text = choice(("ใช้", "ไม่ใช้"), "ใช้งบประมาณ", "Uses a budget", example="ใช้", **_PLAN)
    planned_budget_satang: Money = money(
        "งบประมาณตามแผน (บาท)", "Planned budget (baht)", example="50,000", defect=ERROR, **_PLAN
    )
    appropriated_budget_satang: Money = money(
        "งบประมาณตามเทศบัญญัติ (บาท)",
        "Appropriated budget (baht)",
        example="50,000",
        defect=ERROR,
        **_PLAN,
    )
    disbursed_satang: Money = money(
        "เบิกจ่าย (บาท)",
        "Disbursed (baht)",
        help_th="จำนวนเงินที่เบิกจ่ายแล้ว ไม่ใช้งบประมาณให้เว้นว่าง",
        help_en="What was disbursed; leave blank where no budget is used.",
        example="45,000",
        defect=ERROR,
    )
    project_status: Text = choice(
        Status,
        "สถานะ",
        "Status",
        help_th="เลือกสถานะ: อยู่ระหว่าง แล้วเสร็จ หรือไม่สามารถดำเนินการได้ (ว่าง = รอการรายงานผล)",
        help_en="Choose the status; a blank waits for its report.",
        example="ดำเนินการแล้วเสร็จ",
        required=WARNING,
        defect=ERROR,
        also={"ดำเนินการแล้ว": Status.DONE},
        width=22,
    )
    cannot_reason: Text = choice(
        Reason,
        "เหตุผลที่ไม่สามารถดำเนินการได้",
        "Why it could not be done",
        example="",
        required_if=("project_status", (Status.CANNOT,)),
        was=("เหตุผลที่ดำเนินการไม่ได้",),
        width=22,
    )
    result_text: Text = text(
        "ผลการดำเนินงาน",
        "Result",
        help_th="สรุปผลของโครงการที่แล้วเสร็จ หรือเหตุผลอื่น ๆ",
        help_en="What came of a project that is done, or the other reason.",
        example="ดำเนินการครบตามแผน",
        required_if=("project_status", (Status.DONE,)),
        width=40,
    )

    @staticmethod
    @rule(
        "PRJ-01",
        on=("end_date", "start_date"),
        severity=WARNING,
        th="วันสิ้นสุดโครงการอยู่ก่อนวันเริ่ม ({start_date}) โปรดตรวจสอบวันทั้งสอง",
        en="The project ends before it starts ({start_date}); please check both days.",
        breaks={"start_date": "1/9/2566", "end_date": "1/8/2566"},
        holds={"start_date": "1/8/2566", "end_date": "1/8/2566"},
    )
    def ends_after_start(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A project does not end before it starts."""
        return rows["end_date"] >= rows["start_date"]

    @staticmethod
    @rule(
        "PRJ-02",
        on=("disbursed_satang", "appropriated_budget_satang"),
        severity=WARNING,
        th="เบิกจ่ายเกินงบประมาณตามเทศบัญญัติ ({appropriated_budget_satang}) โปรดตรวจสอบจำนวนเงิน",
        en="More was disbursed than appropriated ({appropriated_budget_satang}); please check.",
        breaks={"appropriated_budget_satang": "100", "disbursed_satang": "100.01"},
        holds={"appropriated_budget_satang": "100", "disbursed_satang": "100.00"},
        source="e-PlanNACC",
    )
    def disbursed_within_budget(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """No more is disbursed than was appropriated."""
        return rows["disbursed_satang"] <= rows["appropriated_budget_satang"]

    @staticmethod
    @rule(
        "PRJ-03",
        on="uses_budget",
        beside=_BUDGETS,
        severity=WARNING,
        th="ระบุว่าไม่ใช้งบประมาณ แต่มีจำนวนเงินในช่องงบประมาณหรือเบิกจ่าย โปรดแก้ให้ตรงกัน",
        en="It says that no budget is used, yet an amount is given; please make them agree.",
        breaks={"uses_budget": "ไม่ใช้", "disbursed_satang": "0"},
        holds={"uses_budget": "ไม่ใช้"} | dict.fromkeys(_BUDGETS, "0"),
        source="e-PlanNACC: ดำเนินการโดยไม่ใช้งบประมาณ",
    )
    def no_money_without_budget(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """A project that uses no budget has none and disburses nothing."""
        none = [rows[name].fillna(0) == 0 for name in _BUDGETS]
        return (rows["uses_budget"] == "ใช้") | (none[0] & none[1] & none[2])

    @staticmethod
    @rule(
        "PRJ-04",
        on=("cannot_reason", "project_status"),
        beside=("result_text",),
        severity=WARNING,
        th="เลือกเหตุผล “อื่น ๆ” แต่ยังไม่ได้ระบุ โปรดพิมพ์เหตุผลในช่องผลการดำเนินงาน",
        en="“Other” is chosen as the reason; please say it in the column for the result.",
        breaks={"project_status": Status.CANNOT, "cannot_reason": "อื่น ๆ", "result_text": ""},
        holds={"project_status": Status.CANNOT, "cannot_reason": "นโยบายผู้บริหารเปลี่ยนแปลง"},
        source="e-PlanNACC: เหตุผลที่ 4 ต้องระบุข้อความ",
    )
    def other_reason_is_said(rows: pd.DataFrame, _: Context) -> "pd.Series[bool]":
        """Another reason than those listed is put in words."""
        other = (rows["project_status"] == Status.CANNOT) & (rows["cannot_reason"] == Reason.OTHER)
        return ~other | rows["result_text"].notna()
