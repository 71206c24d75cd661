"""Years and rounds in words, said of another year: digits as they were, nothing else touched."""

import pytest

from schemas.kit.thai.calendar import FiscalYear, Round
from schemas.kit.thai.moved_years import with_round, with_years, years_named

SIX, TWELVE = (Round(FiscalYear(2566), months) for months in (6, 12))
NEXT = Round(FiscalYear(2567), 6)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("ปีงบประมาณ พ.ศ.๒๕๖๖ (1 ต.ค. 65 ถึง 30 ก.ย. 66)", "ปีงบประมาณ พ.ศ.๒๕๖๗ (1 ต.ค. 66 ถึง 30 ก.ย. 67)"),
        ("เม.ย. - ก.ย. ๒๕๖๖", "เม.ย. - ก.ย. ๒๕๖๗"),
        ("ต.ค. ๖๕ - มี.ค. พ.ศ. ๖๖", "ต.ค. ๖๖ - มี.ค. พ.ศ. ๖๗"),
        ("31 ธันวาคม 2599", "31 ธันวาคม 2600"),
        ("ธ.ค. 99", "ธ.ค. 00"),
        ("รายไตรมาส 36 โครงการ วงเงิน 25660 บาท", "รายไตรมาส 36 โครงการ วงเงิน 25660 บาท"),
    ],
)  # fmt: skip
def test_years_move_and_numbers_stay(text, moved):
    assert with_years(text, 1) == moved
    assert with_years(text, 0) == text


@pytest.mark.parametrize(
    ("line", "then", "moved"),
    [
        ("# แผน ปีงบประมาณ ๒๕๖๖ รอบ 12 เดือน", NEXT, "# แผน ปีงบประมาณ ๒๕๖๗ รอบ 6 เดือน"),
        ("# แผน ๒๕๖๖ รอบ ๑๒ เดือน", NEXT, "# แผน ๒๕๖๗ รอบ ๖ เดือน"),
        ("# สั่ง pipeline status 2566-12", NEXT, "# สั่ง pipeline status 2567-06"),
        ("# จากรายงานจริง ปีงบประมาณ ๒๕๖๖", NEXT, "# จากรายงานจริง ปีงบประมาณ ๒๕๖๖"),
        ("# ต่างจาก ๒๕๖๖ รอบ 6 เดือน", NEXT, "# ต่างจาก ๒๕๖๖ รอบ 6 เดือน"),
        ("# ต่างจาก ๒๕๖๔ รอบ 12 เดือน", NEXT, "# ต่างจาก ๒๕๖๔ รอบ 12 เดือน"),
    ],
)
def test_a_line_that_names_this_round_names_the_next(line, then, moved):
    assert with_round(line, TWELVE, then) == moved


def test_the_first_half_is_followed_by_its_year():
    assert with_round("# ปี 2566 รอบ 6 เดือน", SIX, TWELVE) == "# ปี 2566 รอบ 12 เดือน"


def test_years_are_known_in_either_digits():
    assert years_named("ปี ๒๕๖๖ และ 2570 จำนวน 25671 ราย") == {2566, 2570}
