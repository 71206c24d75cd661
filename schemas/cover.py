"""T0 ปก: whose workbook it is, who vouches for it, and what is confirmed to be empty."""

from schemas.kit.columns import Day, Filled, Text, code, day, division, month, text, tick
from schemas.kit.form import About, CoverPage, Form

_LABEL = {"labelled": True}
_LOCKED = {"labelled": True, "filled": Filled.CONFIGURED}


class Cover(
    Form,
    about=About(
        sheet="ปก",
        title="คำชี้แจงการกรอกและคำรับรองข้อมูล",
        en="Cover",
        version="2566.1",
        order=0,
        key=("form_sheet",),
        month="report_month",
        lines="obligations",
    ),
    traits=(CoverPage(tick="is_nil", division="division_code"),),
):
    """One row for each form (or month of it) the division owes; a tick says there is nothing."""

    form_sheet: Text = text(
        "แบบฟอร์ม", "Form", filled=Filled.CONFIGURED, example="จัดซื้อจัดจ้าง", width=34
    )
    report_month: Day = month(
        "เดือน", "Month", filled=Filled.CONFIGURED, example="ตุลาคม 2565", was=("เดือนที่รายงาน",)
    )
    is_nil: Text = tick(
        "ยืนยันว่าไม่มีรายการในรอบนี้",
        "Confirmed: nothing to report",
        help_th="ใส่ ✓ เฉพาะเมื่อไม่มีรายการจริง ๆ มิใช่ยังไม่มีข้อมูล",
        help_en="Tick only where there is nothing, not where data are still to come.",
        example="✓",
        was=("ไม่มีข้อมูลในรอบนี้",),
        width=22,
    )
    division_code: Text = division("ส่วนราชการ", "Division", example="กองคลัง", **_LOCKED)
    fiscal_year: Text = code("ปีงบประมาณ (พ.ศ.)", "Fiscal year", example="2566", **_LOCKED)
    report_round: Text = text("รอบรายงาน", "Round", example="12 เดือน", **_LOCKED)
    prepared_by: Text = text(
        "ผู้จัดทำ (ชื่อ–สกุล)",
        "Prepared by",
        help_th="พิมพ์ชื่อและนามสกุลผู้กรอกข้อมูล",
        help_en="Name of the person who filled in the workbook.",
        example="(ชื่อผู้จัดทำ)",
        required=True,
        was=("ผู้จัดทำ",),
        **_LABEL,
    )
    prepared_position: Text = text("ตำแหน่งผู้จัดทำ", "Position", example="(ตำแหน่ง)", **_LABEL)
    prepared_date: Day = day("วันที่จัดทำ", "Prepared on", example="5/10/2566", required=True, **_LABEL)
    certified_by: Text = text(
        "ผู้รับรองข้อมูล (หัวหน้าส่วนราชการ)",
        "Certified by (head of division)",
        example="(ชื่อหัวหน้าส่วนราชการ)",
        required=True,
        filled=Filled.EARLIER,
        was=("ผู้อนุมัติ", "ผู้รับรองข้อมูล"),
        **_LABEL,
    )
    covering_letter_no: Text = code(
        "เลขที่หนังสือนำส่ง", "Covering letter no.", example="ฉช 52002/123", **_LABEL
    )
    covering_letter_date: Day = day(
        "หนังสือนำส่งลงวันที่", "Covering letter date", example="5/10/2566", **_LABEL
    )
