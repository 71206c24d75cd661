"""Who must act, as the analyst reads it: what one division owes stands on one line."""

from dataclasses import replace

from pipeline.commands.status import who_must_act
from pipeline.model import OpenItem
from pipeline.run import assess


def owing(form, month="", kind="missing"):
    return OpenItem(kind, "division", "02", form, {"month": month})


def test_months_that_follow_one_another_are_a_span(plan_06):
    months = ("2022-10-01", "2022-11-01", "2022-12-01", "2023-02-01")
    items = (
        owing("gift_report"),
        *(owing("procurement", month) for month in months),
        owing("procurement", "2023-03-01", "pending"),
    )
    told = who_must_act(replace(assess(plan_06), open_items=items), "th")
    assert told == {
        "division": [
            "กองคลัง: ยังไม่ส่ง No Gift Policy, จัดซื้อจัดจ้าง (ต.ค. 65–ธ.ค. 65, ก.พ. 66)",
            "กองคลัง: ยังไม่ถึงกำหนด จัดซื้อจัดจ้าง (มี.ค. 66)",
        ]
    }
