"""Thai days and months: the forms that were really met, the traps, and round trips."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.kit.thai.dates import (
    FULL,
    SHORT,
    ce_year,
    date_from_cell,
    format_date,
    format_month,
    format_time,
    month_number,
    parse_date,
    parse_moment,
    parse_month,
)
from schemas.kit.thai.thai_text import (
    ParsedCell,
    arabic_digits,
    thai_digits,
)
from tests.support.builders import repairs_of

DAYS = st.dates(date(1857, 1, 1), date(2399, 12, 31))
DAYS_OF_TWO_DIGITS = st.dates(date(2007, 1, 1), date(2056, 12, 31))


# --- days ---------------------------------------------------------------------------------------

DAY_FORMS = [
    # The catalogue of forms that were seen.
    ("3 ต.ค. 65", date(2022, 10, 3)),
    ("20 พ.ย. 68", date(2025, 11, 20)),
    ("15/10/2564", date(2021, 10, 15)),
    ("2 ส.ค. 2568", date(2025, 8, 2)),
    ("๔ มิถุนายน ๒๕๕๘", date(2015, 6, 4)),
    ("1 ต.ค.65", date(2022, 10, 1)),
    # The procurement rows that were seen, by row number.
    ("01/09/2564", date(2021, 9, 1)),  # 3
    ("09/09/2565", date(2022, 9, 9)),  # 5
    ("25/07/2565", date(2022, 7, 25)),  # 7
    ("๑๔ พฤษภาคม ๒๕๕๘", date(2015, 5, 14)),  # 13
    ("09/10/2558", date(2015, 10, 9)),  # 17
    ("31/03/2559", date(2016, 3, 31)),  # 21
    # The seed's measures 2 and 10.
    ("ลงวันที่ ๙ กุมภาพันธ์ พ.ศ.๒๕๖๕", date(2022, 2, 9)),
    ("๑๖ มีนาคม พ.ศ.๒๕๖๖", date(2023, 3, 16)),
    ("วันที่ ๕ พฤศจิกายน ๒๕๖๔", date(2021, 11, 5)),
    # Day first, always: pandas reads this as the tenth of January 2565 C.E.
    ("01/10/2565", date(2022, 10, 1)),
    ("1-10-65", date(2022, 10, 1)),
    ("1.10.2565", date(2022, 10, 1)),
    ("1/10/2022", date(2022, 10, 1)),
    ("1ต.ค.65", date(2022, 10, 1)),
    ("1 ต ค 2565", date(2022, 10, 1)),
    ("1 ตค 65", date(2022, 10, 1)),
    ("1 ต. ค. 2565", date(2022, 10, 1)),
    ("1 เดือนตุลาคม พ.ศ. 2565", date(2022, 10, 1)),
    ("1 ตุลาคม, 2565", date(2022, 10, 1)),
    # What Excel shows in Thai for its own format d-mmm-yy.
    ("1-ต.ค.-65", date(2022, 10, 1)),
    ("1/ต.ค./2565", date(2022, 10, 1)),
    ("1 ตุลาคม พุทธศักราช 2565", date(2022, 10, 1)),
    ("1 ตุลาคม ค.ศ. 2022", date(2022, 10, 1)),
    ("วันศุกร์ที่ 6 ตุลาคม 2566", date(2023, 10, 6)),
    ("วันพฤหัสบดี ที่ 5 ต.ค. 66", date(2023, 10, 5)),
    ("ศุกร์ 6/10/2566", date(2023, 10, 6)),
    ("2565-10-01", date(2022, 10, 1)),
    ("2022-10-01", date(2022, 10, 1)),
    ("2022-10-01T00:00:00", date(2022, 10, 1)),
    # 29 February is of the right years: 2567 is 2024, and 2567 C.E. would have none.
    ("29 ก.พ. 2567", date(2024, 2, 29)),
    ("29/2/67", date(2024, 2, 29)),
]
NO_DAYS = [
    ("29 ก.พ. 2566", "impossible_date"),
    ("29/2/2564", "impossible_date"),
    ("31/4/2566", "impossible_date"),
    ("10/25/2565", "impossible_date"),
    ("0/10/2565", "impossible_date"),
    ("1/10/49", "out_of_range"),
    ("1/10/00", "out_of_range"),
    ("1/10/22", "out_of_range"),
    ("1/10/3108", "out_of_range"),
    ("1/10/0565", "out_of_range"),
    ("1 ตุลาคม พ.ศ. 2022", "out_of_range"),
    ("1 ตุลาคม ค.ศ. 2565", "out_of_range"),
    ("1 ตุลาคม ค.ศ. 65", "out_of_range"),
    ("1 1 ต.ค. 65", "not_a_date"),
    ("1 ต.ค. 25 65", "not_a_date"),
    ("1 ต.ค. 565", "not_a_date"),
    ("5 ตุลาคม 2,565", "not_a_date"),
    ("1/10-2565", "not_a_date"),
    ("1-5 ต.ค. 65", "not_a_date"),
    ("1/10", "not_a_date"),
    ("พ.ศ.2564", "not_a_date"),
    ("44835", "not_a_date"),
    ("1 ก.ก. 2565", "not_a_date"),
    ("1" * 32_767, "not_a_date"),
]


@pytest.mark.parametrize(("typed", "day"), DAY_FORMS)
def test_a_day_in_every_form_that_was_met(typed: str, day: date) -> None:
    found = parse_date(typed)
    assert found.value == day
    assert type(found.value) is date
    assert "text_date" in repairs_of(found)
    assert ("thai_digits" in found.repairs) == (arabic_digits(typed) != typed)


@pytest.mark.parametrize(("typed", "problem"), NO_DAYS)
def test_what_is_no_day(typed: str, problem: str) -> None:
    assert parse_date(typed) == ParsedCell(None, problem=problem)


def test_a_year_of_two_digits_is_said_to_be_one() -> None:
    assert "two_digit_year" in parse_date("3 ต.ค. 65").repairs
    assert "two_digit_year" not in parse_date("3 ต.ค. 2565").repairs
    assert (ce_year("50"), ce_year("99"), ce_year("49")) == (2007, 2056, None)


def test_a_day_that_is_a_dash_is_none() -> None:
    assert parse_date("-") == ParsedCell(None, ("dash_means_none",))


@given(DAYS, st.sampled_from(["short", "long", "thai", "weekday"]))
def test_a_day_as_printed_is_read_back(day: date, style) -> None:
    assert parse_date(format_date(day, style)).value == day


@given(
    DAYS,
    st.sampled_from(
        [
            "{d}/{m}/{b}",
            "{d:02}-{m:02}-{b}",
            "{b}-{m:02}-{d:02}",
            "{c}-{m:02}-{d:02}",
            "{d}.{m}.{c}",
        ]
    ),
)
def test_a_day_in_figures_is_read_back(day: date, form: str) -> None:
    typed = form.format(d=day.day, m=day.month, b=day.year + 543, c=day.year)
    assert parse_date(typed).value == day
    assert parse_date(thai_digits(typed)).value == day


@given(DAYS_OF_TWO_DIGITS, st.sampled_from([*"/-."]))
def test_a_day_of_a_short_year_is_read_back(day: date, mark: str) -> None:
    year = (day.year + 543) % 100
    assert parse_date(f"{day.day}{mark}{day.month}{mark}{year:02}").value == day
    assert parse_date(f"{day.day}{SHORT[day.month - 1]}{year:02}").value == day


@given(
    DAYS,
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["short", "long", "thai", "weekday"]),
)
def test_a_moment_as_we_print_it_is_read_back(day: date, at: time, style: str) -> None:
    assert parse_moment(f"{format_date(day, style)} เวลา {format_time(at)}") == (day, at)
    assert parse_moment(thai_digits(f"{format_date(day, style)} {at:%H:%M}")) == (day, at)
    assert parse_moment(format_date(day, style)) == (day, None)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("6/10/2566 9.05", (date(2023, 10, 6), time(9, 5))),
        ("2023-10-06T16:30", (date(2023, 10, 6), time(16, 30))),
        ("2023-10-06 16:30:05", (date(2023, 10, 6), time(16, 30, 5))),
        ("6.10.2566", (date(2023, 10, 6), None)),
        ("6.10.66", (date(2023, 10, 6), None)),
        ("6 ต.ค. 66", (date(2023, 10, 6), None)),
        ("6/10/2566 24.00", None),
        ("31/2/2566 9.00", None),
        ("16.30", None),
        ("", None),
    ],
)
def test_a_moment_is_a_day_and_perhaps_a_time(typed: str, found: object) -> None:
    assert parse_moment(typed) == found


# --- real date cells ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (date(2022, 10, 1), ParsedCell(date(2022, 10, 1))),
        (date(2565, 10, 1), ParsedCell(date(2022, 10, 1), ("be_year_in_date",))),
        (date(2567, 2, 28), ParsedCell(date(2024, 2, 28), ("be_year_in_date",))),
        # 2564 has a 29 February only as a year C.E.
        (date(2564, 2, 29), ParsedCell(None, problem="impossible_date")),
        # What a cell of the Buddhist calendar makes of 1/10/2565 is no year to guess at.
        (date(3108, 10, 1), ParsedCell(None, problem="out_of_range")),
        (date(1965, 10, 1), ParsedCell(None, problem="year_1965", suggestion=date(2022, 10, 1))),
        (date(1968, 2, 29), ParsedCell(None, problem="year_1965", suggestion=date(2025, 2, 28))),
        (date(1956, 12, 31), ParsedCell(None, problem="out_of_range")),
        (
            date(1907, 1, 8),
            ParsedCell(None, problem="out_of_range"),
        ),  # 2565 in the format of a date
        (date(1977, 1, 1), ParsedCell(date(1977, 1, 1))),
        (date(2056, 12, 31), ParsedCell(date(2056, 12, 31))),
        (date(2065, 10, 1), ParsedCell(None, problem="out_of_range")),  # 65 taken for 2065
        (date(9999, 12, 31), ParsedCell(None, problem="out_of_range")),
    ],
)
def test_a_date_cell(cell: date, found: ParsedCell) -> None:
    assert date_from_cell(cell) == found


@given(st.dates(date(1957, 1, 1), date(1976, 12, 31)))
def test_a_year_typed_as_65_is_asked_about_and_never_taken(cell: date) -> None:
    found = date_from_cell(cell)
    assert (found.value, found.problem) == (None, "year_1965")
    assert found.suggestion is not None
    assert found.suggestion.year + 543 - 2500 == cell.year - 1900


# --- months -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "ตุลาคม 2565",
        "ต.ค.65",
        "ต.ค. ๒๕๖๕",
        "10/2565",
        "2565-10",
        "2022-10",
        "ตค 65",
        "ต.ค.-65",
        "ต ค 2565",
        "เดือนตุลาคม พ.ศ. 2565",
        "ประจำเดือน ตุลาคม 2565",
        "ตุลาคม ค.ศ. 2022",
        "๑๐/๒๕๖๕",
        "15 ต.ค. 2565",
        "01/10/2565",
    ],
)
def test_a_month_in_every_form(typed: str) -> None:
    assert parse_month(typed).value == date(2022, 10, 1)
    assert parse_month(typed).problem is None


@pytest.mark.parametrize(
    ("typed", "year"), [("ตุลาคม", 2022), ("ธ.ค.", 2022), ("ม.ค.", 2023), ("เดือน กันยายน", 2023)]
)
def test_a_month_without_a_year_is_completed_by_the_fiscal_year_alone(
    typed: str, year: int
) -> None:
    assert parse_month(typed) == ParsedCell(None, problem="month_without_year")
    found = parse_month(typed, 2566)
    assert found.value is not None
    assert found.value == date(year, month_number(typed.replace(" ", "")) or 0, 1)
    assert found.repairs == ("year_from_round",)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("13/2565", "not_a_month"),
        ("2565", "not_a_month"),
        ("10", "not_a_month"),
        ("ไตรมาส 1", "not_a_month"),
        ("10/49", "out_of_range"),
        ("ต.ค. 49", "out_of_range"),
    ],
)
def test_what_is_no_month(typed: str, problem: str) -> None:
    assert parse_month(typed, 2566) == ParsedCell(None, problem=problem)


@given(DAYS)
def test_a_month_as_printed_is_read_back(day: date) -> None:
    assert parse_month(format_month(day)).value == day.replace(day=1)


@given(DAYS_OF_TWO_DIGITS)
def test_a_short_month_as_printed_is_read_back(day: date) -> None:
    assert parse_month(format_month(day, "short")).value == day.replace(day=1)


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_is_known_by_all_its_spellings(number: int) -> None:
    full, short = FULL[number - 1], SHORT[number - 1]
    spellings = [full, short, short.replace(".", ""), short.replace(".", ". "), f"เดือน{full}"]
    assert {month_number(each) for each in spellings} == {number}
    assert len({*FULL, *SHORT}) == 24


# --- printing -----------------------------------------------------------------------------------


def test_days_and_times_as_they_are_printed() -> None:
    day = date(2022, 10, 1)
    assert format_date(day) == "1 ต.ค. 2565"
    assert format_date(day, "long") == "1 ตุลาคม 2565"
    assert format_date(day, "thai") == "๑ ตุลาคม ๒๕๖๕"
    assert format_date(date(2023, 10, 6), "weekday") == "วันศุกร์ที่ 6 ตุลาคม 2566"
    assert format_month(day) == "ตุลาคม 2565"
    assert format_month(day, "short") == "ต.ค. 65"
    assert format_time(time(14, 32)) == "14.32 น."
    assert format_time(time(8, 5, 59)) == "08.05 น."
