"""Number formats: which make a number a date, which are Thai digits, and serials of both calendars."""

import openpyxl
import pytest

from pipeline.workbook.reader import (
    Cell,
    CellType,
    Moment,
    address,
    read_cells,
)
from tests.support.books import MAIN, THAI_DATE, read, saved


@pytest.mark.parametrize("code", [THAI_DATE, "d/m/bbbb", "วว ดดด ปป", "[$-107041E]d mmm yyyy;@"])
def test_thai_date_formats_are_dates(code: str) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 44835
    book.active["A1"].number_format = code
    cell = read_cells(saved(book)).sheets[0].cells[1, 1]
    assert (cell.kind, cell.raw) == (CellType.DATE, "2022-10-01")
    assert cell.style.number_format == code


def styled(*styles: str, formats: str = "", value: str = "44835.5") -> list[Cell]:
    """Read one number under each of these built-in formats."""
    cells = "".join(
        f'<c r="{address(1, n)}" s="{n - 1}"><v>{value}</v></c>' for n in range(1, len(styles) + 1)
    )
    looks = "".join(f'<xf numFmtId="{style}"/>' for style in styles)
    text = f'<styleSheet xmlns="{MAIN}">{formats}<cellXfs>{looks}</cellXfs></styleSheet>'
    return list(read(f'<row r="1">{cells}</row>', styles=text).cells.values())


def test_built_in_formats_are_told_apart_by_their_numbers() -> None:
    numbers = [*range(14), *range(37, 45), 48, 49, *range(59, 63), *range(67, 71)]
    moments = [*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)]
    assert {cell.kind for cell in styled(*map(str, numbers))} == {CellType.NUMBER}
    read_moments = {
        number: cell.kind for number, cell in zip(moments, styled(*map(str, moments)), strict=True)
    }
    assert set(read_moments.values()) == {CellType.DATE, CellType.TIME}
    assert [n for n, kind in read_moments.items() if kind is CellType.TIME] == [46, 79]
    shares = [n for n, cell in enumerate(styled(*map(str, range(82)))) if cell.style.percent]
    assert shares == [9, 10, 67, 68]


@pytest.mark.parametrize(
    ("code", "moment"),
    [
        ("General", None),
        ("t0.00", None),
        ("t#,##0", None),
        ("t0%", None),
        ("[$-D00041E]#,##0.00", None),
        ('#,##0.00" บาท"', None),
        ("0.00 บาท", None),
        ("0.00E+00", None),
        ("[Red]0", None),
        ('"ปี "0', None),
        (r"\d0", None),
        ("@", None),
        ("", None),
        ("td/m/yyyy", Moment.DATE),
        ("ทd/m/ปปปป", Moment.BOTH),
        ("mmmm", Moment.DATE),
        ("[Blue]dd-mmm-yy", Moment.DATE),
        ('[$-D07041E]d mmmm "พ.ศ." yyyy;@', Moment.DATE),
        ("yyyy\\-mm\\-dd", Moment.DATE),
        ("h:mm AM/PM", Moment.TIME),
        ("mm:ss.0", Moment.TIME),
        ("ช:นน:ทท", Moment.TIME),
        ("[h]:mm", Moment.ELAPSED),
        ("[ช]:นน", Moment.ELAPSED),
        ("d/m/yyyy h:mm", Moment.BOTH),
        (f"{THAI_DATE} ช:นน", Moment.BOTH),
        ('[=0]"";d/m/yyyy', Moment.DATE),
        ("0;d/m", None),
    ],
)
def test_custom_formats(code: str, moment: Moment | None) -> None:
    escaped = code.replace("&", "&amp;").replace('"', "&quot;")
    formats = f'<numFmts><numFmt numFmtId="164" formatCode="{escaped}"/></numFmts>'
    (cell,) = styled("164", formats=formats)
    assert cell.style.moment is moment
    assert cell.style.percent == code.endswith("%")


@pytest.mark.parametrize(
    ("serial", "style", "expected"),
    [
        ("1", "14", "1900-01-01"),
        ("59", "14", "1900-02-28"),
        ("60", "14", "60"),
        ("61", "14", "1900-03-01"),
        ("0", "14", "0"),
        ("0.5", "14", "0.5"),
        ("-1", "14", "-1"),
        ("2958465", "14", "9999-12-31"),
        ("2958466", "14", "2958466"),
        ("45000.9999999999", "14", "2023-03-15T23:59:59.999"),
        ("45000.5", "14", "2023-03-15T12:00:00"),
        ("0.5", "22", "12:00:00"),
        ("0", "20", "00:00:00"),
        ("0.0000115741", "21", "00:00:01"),
        ("1.5625", "46", "37:30:00"),
        ("-0.5", "46", "-0.5"),
        ("45000.25", "20", "2023-03-15T06:00:00"),
    ],
)
def test_serials_become_dates_only_where_there_is_such_a_day(
    serial: str, style: str, expected: str
) -> None:
    (cell,) = styled(style, value=serial)
    assert cell.raw == expected
    assert (cell.kind is CellType.NUMBER) == (expected == serial)
