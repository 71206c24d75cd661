"""The fiscal calendar, its rounds and quarters, and the periods that texts state."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.kit.thai.calendar import FiscalYear, Quarter, Round, stated_period
from schemas.kit.thai.dates import format_date, format_month
from schemas.kit.thai.thai_text import thai_digits

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
YEAR = FiscalYear(2566)
ALL_YEAR = (date(2022, 10, 1), date(2023, 9, 30))
HALF = (date(2022, 10, 1), date(2023, 3, 31))


# --- years and quarters -------------------------------------------------------------------------


def test_a_fiscal_year_runs_from_october_to_september() -> None:
    assert (YEAR.start, YEAR.end) == ALL_YEAR
    assert FiscalYear.of(date(2022, 9, 30)) == FiscalYear(2565)
    assert FiscalYear.of(date(2022, 10, 1)) == FiscalYear.of(date(2023, 9, 30)) == YEAR
    assert [month.month for month in YEAR.months] == [10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_quarters_begin_in_october() -> None:
    spans = [(q.start, q.end) for q in YEAR.quarters]
    assert spans[0] == (date(2022, 10, 1), date(2022, 12, 31))
    assert spans[1] == (date(2023, 1, 1), date(2023, 3, 31))
    assert spans[2] == (date(2023, 4, 1), date(2023, 6, 30))
    assert spans[3] == (date(2023, 7, 1), date(2023, 9, 30))
    assert FiscalYear(2567).quarters[1].end == date(2024, 3, 31)


def test_a_contract_of_october_is_of_the_next_year() -> None:
    # Procurement row 1: 15/10/2564, filed under July to September 2564.
    assert Quarter.of(date(2021, 10, 15)) == Quarter(2565, 1)
    assert Quarter.of(date(2021, 9, 30)) == Quarter(2564, 4)


@given(DAYS)
def test_every_day_lies_in_one_year_and_one_of_its_quarters(day: date) -> None:
    year, quarter = FiscalYear.of(day), Quarter.of(day)
    assert year.contains(day)
    assert [q for q in year.quarters if q.start <= day <= q.end] == [quarter]
    assert day.replace(day=1) in quarter.months
    assert not FiscalYear(year.be + 1).contains(day)


@given(st.integers(2444, 2700))
def test_quarters_fill_the_year_without_a_gap(be: int) -> None:
    year = FiscalYear(be)
    assert tuple(month for q in year.quarters for month in q.months) == year.months
    ends = [(a.end + timedelta(days=1), b.start) for a, b in pairwise(year.quarters)]
    assert [one for one, other in ends if one != other] == []
    assert (year.quarters[0].start, year.quarters[3].end) == (year.start, year.end)
    assert year.end + timedelta(days=1) == FiscalYear(be + 1).start


@pytest.mark.parametrize("number", [0, 5])
def test_there_are_four_quarters(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        Quarter(2566, number)


# --- rounds -------------------------------------------------------------------------------------


def test_the_first_round_is_six_months_and_the_second_the_whole_year() -> None:
    half, whole = Round.parse("2566-06"), Round.parse("2566-12")
    assert (half.start, half.end) == HALF
    assert (whole.start, whole.end) == ALL_YEAR
    assert half.months_list == whole.months_list[:6]
    assert len(whole.months_list) == 12
    assert half.bounds("year") == whole.bounds("round") == ALL_YEAR
    assert half.bounds("round") == HALF


def test_rounds_are_ordered_by_year_and_months() -> None:
    names = ["2566-12", "2567-06", "2565-12", "2566-06"]
    ordered = ["2565-12", "2566-06", "2566-12", "2567-06"]
    assert [r.name for r in sorted(map(Round.parse, names))] == ordered


@given(st.integers(2400, 2599), st.sampled_from([6, 12]))
def test_a_round_is_known_by_its_name(be: int, months: int) -> None:
    this = Round(FiscalYear(be), months)
    assert Round.parse(this.name) == this
    assert Round.parse(f"{this.name}-messy") == this
    assert this.months_list[0] == this.start
    assert (this.end + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "name", ["2566", "2566-6", "2566-09", "2023-12", "๒๕๖๖-๑๒", "2566-12 ", "2566-12\n", ""]
)
def test_another_name_is_no_round(name: str) -> None:
    with pytest.raises(ValueError):
        Round.parse(name)


def test_there_is_no_round_of_nine_months() -> None:
    with pytest.raises(ValueError, match="9"):
        Round(YEAR, 9)


# --- periods in words ---------------------------------------------------------------------------

STATED = [
    # The seed's texts.
    ("เม.ย. - ก.ย. ๒๕๖๖", (date(2023, 4, 1), date(2023, 9, 30))),
    ("รอบ ๖ เดือน ตั้งแต่เดือน เม.ย. - ก.ย. ๒๕๖๖ และมี", (date(2023, 4, 1), date(2023, 9, 30))),
    ("1 ต.ค. 65 ถึง 30 ก.ย. 66", ALL_YEAR),
    ("ปีงบประมาณ พ.ศ.๒๕๖๖ (1 ต.ค. 65 ถึง 30 ก.ย. 66)", ALL_YEAR),
    ("ร้อยละ ๙๔.๒๙ ในปีงบประมาณ ๒๕๖๖ (1 ต.ค.65 - 30 ก.ย.66)", ALL_YEAR),
    # The heading over procurement rows 1 and 5.
    (
        "ไตรมาสที่ 4 (เดือน กรกฎาคม พ.ศ. 2564 ถึง เดือน กันยายน พ.ศ. 2564 )",
        (date(2021, 7, 1), date(2021, 9, 30)),
    ),
    # The example's first round, and forms like these.
    ("ต.ค. ๒๕๖๕ - มี.ค. ๒๕๖๖", HALF),
    ("ต.ค. - มี.ค. ๒๕๖๖", HALF),
    ("ตุลาคม 2565 – มีนาคม 2566", HALF),
    ("1 ตุลาคม 2565 ถึงวันที่ 31 มีนาคม 2566", HALF),
    ("1 ตุลาคม พ.ศ. 2565 จนถึง 31 มีนาคม พ.ศ. 2566", HALF),
    ("1/10/2565 - 31/3/2566", HALF),
    ("1 ต.ค. - 31 มี.ค. 66", HALF),
    ("1 - 31 ต.ค. 2565", (date(2022, 10, 1), date(2022, 10, 31))),
    ("ม.ค. - ก.พ. 2567", (date(2024, 1, 1), date(2024, 2, 29))),
    # A period that ends before it begins is shown as it stands, for a person to see.
    ("30 ก.ย. 66 - 1 ต.ค. 65", (date(2023, 9, 30), date(2022, 10, 1))),
    # The first of two.
    ("เม.ย. - ก.ย. 66 (1 ต.ค. 65 - 30 ก.ย. 66)", (date(2023, 4, 1), date(2023, 9, 30))),
]
UNSTATED = [
    "รายไตรมาส",
    "ปีงบประมาณ พ.ศ.๒๕๖๖",
    "(พ.ศ.๒๕๖๖ - ๒๕๗๐)",
    "ลงวันที่ ๑๖ มีนาคม พ.ศ.๒๕๖๖",
    "1 ต.ค. 65 - 31 ก.ย. 66",
    "1 ต.ค. 49 - 30 ก.ย. 49",
    "ที่ ปช ๐๐๑๓/ว๐๐๑๕",
    "",
]


@pytest.mark.parametrize(("text", "period"), STATED)
def test_a_period_in_words(text: str, period: tuple[date, date]) -> None:
    assert stated_period(text) == period


@pytest.mark.parametrize("text", UNSTATED)
def test_no_period_is_made_up(text: str) -> None:
    assert stated_period(text) is None


@given(
    DAYS, DAYS, st.sampled_from(["short", "long", "thai"]), st.sampled_from([" ถึง ", " - ", "–"])
)
def test_a_period_of_days_is_read_back(first: date, last: date, style, to: str) -> None:
    text = f"ระหว่าง ({format_date(first, style)}{to}{format_date(last, style)})"
    assert stated_period(text) == (first, last)


@given(be=st.integers(2444, 2700), months=st.sampled_from([6, 12]), thai=st.booleans())
def test_the_months_of_a_round_are_its_period(be: int, months: int, *, thai: bool) -> None:
    this = Round(FiscalYear(be), months)
    first, last = (format_month(month) for month in (this.start, this.end))
    text = f"{first} - {last}"
    assert stated_period(thai_digits(text) if thai else text) == (this.start, this.end)
    assert stated_period(f"{first.split()[0]} - {last}") == (this.start, this.end)
