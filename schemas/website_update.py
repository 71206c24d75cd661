"""T7 การปรับปรุงเว็บไซต์: what was changed on the municipality's website."""

from enum import StrEnum

from schemas.kit.columns import Count, Day, Text, choice, code, count, day, text
from schemas.kit.form import About, Form


class ChangeKind(StrEnum):
    """What was done to a page."""

    NEW = "เพิ่มใหม่"
    CHANGED = "ปรับปรุง"
    REMOVED = "ยกเลิก"


class WebsiteUpdate(
    Form,
    about=About(
        sheet="การปรับปรุงเว็บไซต์",
        title="การปรับปรุงเว็บไซต์ของเทศบาล",
        en="Website updates",
        version="2566.1",
        order=7,
        measures=(7,),
        carried=True,
        known_by=(("section_name",), ("page_url",)),
    ),
):
    """One row for each section or page changed."""

    section_name: Text = text(
        "หัวข้อ/หน้า", "Section", example="ข่าวประชาสัมพันธ์", required=True, width=36
    )
    oit_item_no: Text = code("ข้อ OIT", "OIT item", example="O10")
    change_type: Text = choice(
        ChangeKind, "ลักษณะการปรับปรุง", "Change", example="ปรับปรุง", required=True
    )
    update_date: Day = day("วันที่ปรับปรุง", "Date", example="10/1/2566", required=True, within="round")
    page_url: Text = text(
        "ที่อยู่เว็บ",
        "Web address",
        help_th="ขึ้นต้นด้วย http:// หรือ https://",
        help_en="Begins with http:// or https://.",
        example="https://city.example/news",
        required=True,
        pattern="https?://.+",
    )
    visit_count: Count = count("จำนวนผู้เข้าชม (ครั้ง)", "Visits", example="120", was=("จำนวนผู้เข้าชม",))
