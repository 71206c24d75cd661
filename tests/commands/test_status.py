"""Who must act, as the analyst reads it: what one division owes stands on one line."""

from dataclasses import replace

from rich.cells import cell_len

from pipeline.commands.status import STATES
from pipeline.messages import say
from pipeline.messages.open_lines import who_must_act
from pipeline.model import ObligationState, OpenItem
from pipeline.run import assess


def owing(form, month="", kind="missing"):
    return OpenItem(kind, "division", "02", form, {"month": month})


def test_months_that_follow_one_another_are_a_span(settled_06):
    months = ("2022-10-01", "2022-11-01", "2022-12-01", "2023-02-01")
    items = (
        owing("gift_report"),
        *(owing("procurement", month) for month in months),
        owing("procurement", "2023-03-01", "pending"),
    )
    told = who_must_act(replace(settled_06, open_items=items), "th")
    assert told == {
        "division": [
            "กองคลัง: ยังไม่ส่ง No Gift Policy, จัดซื้อจัดจ้าง (ต.ค. 65–ธ.ค. 65, ก.พ. 66)",
            "กองคลัง: ยังไม่ถึงกำหนด จัดซื้อจัดจ้าง (มี.ค. 66)",
        ]
    }


def test_the_table_fits_a_window_of_80_columns_with_every_name_whole(plan_12):
    together = (
        s for s in STATES if s is not ObligationState.PENDING
    )  # till the due time nothing is missing
    headings = [*(say(f"screen.column-{state}") for state in together), say("screen.late")]
    broad = [max(map(cell_len, heading.split("\n"))) for heading in headings]
    name = max(cell_len(division.name) for division in plan_12.divisions)
    assert name + sum(broad) + 3 * len(broad) <= 80


def test_a_heading_says_what_the_state_is_called_elsewhere():
    for state in STATES:
        assert say(f"screen.column-{state}").replace("\n", "") == say(f"state.{state}")


def test_who_has_no_six_months_to_compare_with_is_told_what_to_do(plan_12):
    alone = assess(replace(plan_12, earlier=None))
    (line,) = (line for line in who_must_act(alone, "th")["analyst"] if "๖ เดือน" in line)
    assert line.endswith("pipeline correct --explain XPL-04 measures.3")
