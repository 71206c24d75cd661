"""A form as a stranger adds one: visits of study, who went where, and what came of them."""

import pandas as pd

from schemas.kit.columns import Count, Day, Money, Severity, Text, count, day, money, text
from schemas.kit.form import About, Form, rule
from schemas.kit.kinds import Context


class StudyVisit(
    Form,
    about=About(
        sheet="การศึกษาดูงาน",
        title="สรุปการศึกษาดูงานของเทศบาล",
        en="Study visits",
        version="2566.1",
        order=11,
        measures=(2,),
        known_by=(("place_visited", "visit_date"),),
    ),
):
    """One row for each visit."""

    place_visited: Text = text("สถานที่ดูงาน", "Place visited", example="เทศบาลตัวอย่าง", required=True)
    visit_date: Day = day(
        "วันที่ดูงาน",
        "Date of the visit",
        example="10/1/2566",
        required=True,
        within="round",
    )
    visitor_count: Count = count(
        "จำนวนผู้ไปดูงาน (คน)",
        "People",
        example="12",
        required=True,
        defect=Severity.ERROR,
        minimum=1,
    )
    visit_cost_satang: Money = money(
        "ค่าใช้จ่ายดูงาน (บาท)",
        "Cost of the visit (baht)",
        example="12,000",
        required=True,
        defect=Severity.ERROR,
    )
    result_of_visit: Text = text("สิ่งที่นำกลับมาใช้", "What came of it", example="แนวทางตัวอย่าง")

    @staticmethod
    @rule(
        "STV-01",
        on=("visit_cost_satang", "visitor_count"),
        severity=Severity.WARNING,
        th="ค่าใช้จ่ายดูงานเกิน 5,000 บาทต่อคน โปรดตรวจสอบ",
        en="A visit costs more than 5,000 baht a person; please check.",
        breaks={"visit_cost_satang": "60,000.01", "visitor_count": "12"},
        holds={"visit_cost_satang": "60,000", "visitor_count": "12"},
        source="เกณฑ์สอบทาน (ตัวอย่าง)",
    )
    def visits_are_cheap(rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """At most 5,000 baht a person."""
        return rows["visit_cost_satang"] <= rows["visitor_count"] * 500_000

    @staticmethod
    @rule(
        "STV-02",
        on=("result_of_visit",),
        severity=Severity.WARNING,
        th="สิ่งที่นำกลับมาใช้สั้นเกินไป โปรดอธิบาย",
        en="What came of the visit is too short; please explain.",
        breaks={"result_of_visit": "-ดี-"},
        holds={"result_of_visit": "แนวทางตัวอย่าง"},
        source="เกณฑ์สอบทาน (ตัวอย่าง)",
    )
    def results_are_told(rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """More than a word."""
        return rows["result_of_visit"].str.len() > 5
