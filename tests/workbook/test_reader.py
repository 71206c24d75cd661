"""What is read from a workbook, compared with two other readers and with what was written."""

import io
import re
import shutil
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.workbook import values
from pipeline.workbook.reader import (
    CellType,
    address,
    read_cells,
)
from tests.support.books import (
    MAIN,
    THAI_DATE,
    Value,
    by_xlsxwriter,
    ours,
    raw,
    read,
    refusal,
    replaced,
    saved,
    value_of,
)

ROWS: list[list[Value]] = [
    ["ลำดับ", "รายการ", "วงเงิน", "วันที่", "เวลา", "แล้วเสร็จ"],
    [1, "ซื้อกระดาษ ๘๐ แกรม\nจำนวน ๑๐ รีม", 12500, date(2022, 10, 1), time(8, 30), True],
    [2, " ช่องว่าง  หน้าหลัง ", 0.1, date(1900, 3, 1), time(23, 59, 59), False],
    [3, "<&>\"'", -1234567.89, datetime.fromisoformat("2023-09-30T16:30:05"), time(0, 0), True],
    [4, "NA", 1e-7, date(9999, 12, 31), time(12, 0), True],
    [5, "null", 123456789012345, date(2024, 2, 29), time(6, 6, 6), False],
    [6, "012", 1e20, date(1999, 12, 31), time(1, 2, 3), False],
]


def by_openpyxl(rows: list[list[Value]] = ROWS) -> bytes:
    """Write the rows with openpyxl."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def fill_rows(book: xlsxwriter.Workbook) -> None:
    """Write the rows and a cell of rich text."""
    sheet = book.add_worksheet("ข้อมูล")
    formats = {
        time: book.add_format({"num_format": "h:mm:ss"}),
        date: book.add_format({"num_format": "[$-107041E]d mmm yyyy;@"}),
        datetime: book.add_format({"num_format": "d/m/yyyy h:mm:ss"}),
    }
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            if type(value) in formats:
                sheet.write_datetime(number, column, value, formats[type(value)])
            else:
                sheet.write(number, column, value)
    bold = book.add_format({"bold": True})
    sheet.write_rich_string(20, 3, "ส่วนแรก", bold, "ตัวหนา", " ท้าย")
    sheet.write_formula(21, 3, "=C2*2", None, 25000)
    sheet.write_formula(22, 3, '=B2&"x"', None, "ซื้อx")
    sheet.write_formula(23, 3, "=TRUE()", None, True)


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """Let LibreOffice open a workbook and save it again."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed, so nothing can be converted with it")
    source = folder / "source.xlsx"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    kind = "xlsx:Calc MS Excel 2007 XML"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir"]
    target = folder / "out"
    subprocess.run([*command, str(target), str(source)], check=True, capture_output=True)
    return (target / "source.xlsx").read_bytes()


def alike(value: object) -> object:
    """Make the values of all readers comparable."""
    if isinstance(value, bool | str | time):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def through_openpyxl(data: bytes, number: int = 0) -> dict[str, object]:
    """Give one sheet's values by address, as openpyxl reads them."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[number]
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: alike(cell.value) for cell in cells if cell.value not in (None, "")}


def through_calamine(data: bytes, number: int = 0) -> dict[str, object]:
    """Give one sheet's values by address, as calamine reads them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
    return {
        address(row, column): alike(value)
        for row, values in enumerate(rows, 1)
        for column, value in enumerate(values, 1)
        if value != ""
    }


@pytest.fixture(
    params=["openpyxl", "XlsxWriter", pytest.param("LibreOffice", marks=pytest.mark.office)],
    scope="module",
)
def workbook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Write the same rows with three programs."""
    if request.param == "openpyxl":
        return by_openpyxl()
    data = by_xlsxwriter(fill_rows)
    if request.param == "LibreOffice":
        return by_libreoffice(data, tmp_path_factory.mktemp("office"))
    return data


def test_all_values_agree_with_openpyxl(workbook: bytes) -> None:
    read = ours(workbook)
    assert len(read) >= len(ROWS) * len(ROWS[0])
    assert read == through_openpyxl(workbook)


def test_all_values_agree_with_calamine(workbook: bytes) -> None:
    assert ours(workbook) == through_calamine(workbook)


def test_the_values_are_the_ones_written(workbook: bytes) -> None:
    sheet = read_cells(workbook).sheets[0]
    assert [sheet.cells[7, column].raw for column in range(1, 7)] == [
        "6",
        "012",
        "100000000000000000000",
        "1999-12-31",
        "01:02:03",
        "FALSE",
    ]
    assert sheet.cells[4, 4].raw == "2023-09-30T16:30:05"
    assert sheet.cells[5, 3].raw == "0.0000001"
    assert sheet.cell(1, 1) == sheet.cells[1, 1]
    assert sheet.cell(500, 1) is None


def test_formulas_agree_with_openpyxl(workbook: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    theirs = {
        cell.coordinate
        for row in book.worksheets[0].iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    cells = read_cells(workbook).sheets[0].cells.values()
    assert {cell.address for cell in cells if cell.formula} == theirs
    assert all(cell.calculated for cell in cells)


# ---- where we rightly differ ----


def test_error_cells_are_kept_where_calamine_gives_blanks() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write_string(2, 0, "#N/A")

    data = by_xlsxwriter(fill)
    cells = list(read_cells(data).sheets[0].cells.values())
    assert [(cell.kind, cell.raw) for cell in cells] == [
        (CellType.ERROR, "#DIV/0!"),
        (CellType.ERROR, "#N/A"),
        (CellType.TEXT, "#N/A"),
    ]
    assert through_calamine(data) == {"A3": "#N/A"}
    assert set(through_openpyxl(data)) == {"A1", "A2", "A3"}


def test_formulas_never_calculated_are_no_blanks() -> None:
    data = by_openpyxl([[1, "=A1+1"]])
    (_, cell) = read_cells(data).sheets[0].cells.values()
    assert (cell.kind, cell.raw, cell.formula) == (CellType.BLANK_FORMULA, "", True)
    assert not cell.calculated
    assert set(through_openpyxl(data)) == set(through_calamine(data)) == {"A1"}


def test_the_1904_calendar() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        look = book.add_format({"num_format": "d/m/yyyy"})
        sheet = book.add_worksheet()
        sheet.write_datetime(0, 0, date(2022, 10, 1), look)
        sheet.write_number(1, 0, 0, look)
        sheet.write_number(2, 0, 2957004, look)

    data = by_xlsxwriter(fill, default_date_format=None)
    assert read_cells(data).sheets[0].cells[1, 1].raw == "2022-10-01"
    data = by_xlsxwriter(fill, date_1904=True)
    book = read_cells(data)
    assert book.date1904
    assert [cell.raw for cell in book.sheets[0].cells.values()] == [
        "2022-10-01",
        "1904-01-01",
        "2957004",
    ]


STRICT = (
    ("schemas.openxmlformats.org/spreadsheetml/2006/main", "spreadsheetml/main"),
    (
        "schemas.openxmlformats.org/officeDocument/2006/custom-properties",
        "officeDocument/customProperties",
    ),
    (
        "schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
        "officeDocument/docPropsVTypes",
    ),
    (
        "schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties",
        "officeDocument/relationships/customProperties",
    ),
    (
        "schemas.openxmlformats.org/officeDocument/2006/relationships",
        "officeDocument/relationships",
    ),
)


def strict(data: bytes) -> bytes:
    """Rewrite a workbook to the namespaces of Strict Open XML."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for transitional, other in STRICT:
                text = text.replace(f"http://{transitional}", f"http://purl.oclc.org/ooxml/{other}")
            new.writestr(name, text)
    return buffer.getvalue()


def test_strict_workbooks_are_read_where_openpyxl_finds_no_sheet() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        fill_rows(book)
        book.set_custom_property("round", "2566-12")
        book.define_name("ยอดรวม", "=ข้อมูล!$C$2")

    transitional = read_cells(by_xlsxwriter(fill))
    data = strict(by_xlsxwriter(fill))
    read_strict = read_cells(data)
    assert read_strict.strict
    assert not transitional.strict
    assert read_strict.sheets == transitional.sheets
    assert read_strict.custom_properties == {"round": "2566-12"}
    assert read_strict.defined_names == transitional.defined_names == {"ยอดรวม": "ข้อมูล!$C$2"}
    with pytest.warns(UserWarning, match="invalid specification"):
        assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == []


def test_a_filled_far_corner_costs_no_memory() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_number("A1", 1)
        sheet.write_string("XFD1048576", "ไกล")

    data = by_xlsxwriter(fill)
    tracemalloc.start()
    sheet = read_cells(data).sheets[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [cell.address for cell in sheet.cells.values()] == ["A1", "XFD1048576"]
    assert sheet.last_row == 1_048_576
    assert peak < 2_000_000


def test_values_under_merged_cells_are_kept_with_the_range() -> None:
    text = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    data = raw(text, after='<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="E5"/></mergeCells>')
    sheet = read_cells(data).sheets[0]
    assert ours(data) == {"A1": 1.0, "B1": 2.0}
    assert sheet.merged == ((1, 1, 2, 3), (5, 5, 5, 5))
    assert through_openpyxl(data) == {"A1": 1.0}


def test_a_wrong_dimension_is_not_believed() -> None:
    text = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 30))
    data = raw(text, before='<dimension ref="A1:A2"/>')
    assert len(ours(data)) == 29
    short = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    assert len(list(short.iter_rows())) == 2


def test_escapes_are_undone_and_control_characters_dropped() -> None:
    written = {
        "ก_x000D_\nข": "ก\r\nข",
        "_x005F_x0041_": "_x0041_",
        "a_x0000__x001B_b_x0009_": "ab\t",
        "_x0000_": "",
        "_xD83D__xDE00_": "😀",
        "_xD83D_": "\N{REPLACEMENT CHARACTER}",
        "_x41_": "_x41_",
    }
    rows = "".join(
        f'<row><c t="inlineStr"><is><t>{text}</t></is></c><c t="str"><v>{text}</v></c></row>'
        for text in written
    )
    cells = list(read(rows).cells.values())
    expected = [text for text in written.values() for _ in range(2) if text]
    assert [cell.raw for cell in cells] == expected


def shared(*texts: str, count: str = "1") -> str:
    """Write a table of shared strings."""
    return f'<sst xmlns="{MAIN}" uniqueCount="{count}">{"".join(texts)}</sst>'


def test_rich_and_phonetic_strings() -> None:
    rich = "<si><r><rPr><b/></rPr><t>กอง</t></r><r><t>คลัง</t></r><rPh><t>อ่าน</t></rPh></si>"
    strings = shared("<si><t>หนึ่ง</t></si>", rich, "<si/>", "<si><t></t></si>")
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(4))
    inline = "<c t='inlineStr'><is><r><t>ก</t></r><r><t>ข</t></r><rPh><t>ค</t></rPh></is></c>"
    sheet = read(f"<row>{cells}{inline}</row>", strings=strings)
    assert {cell.address: cell.raw for cell in sheet.cells.values()} == {
        "A1": "หนึ่ง",
        "B1": "กองคลัง",
        "E1": "กข",
    }


def test_blank_cells_are_not_kept() -> None:
    blank = '<c s="0"/><c><v></v></c><c t="s"/><c t="inlineStr"><is><t/></is></c>'
    empty_formula = '<c t="str"><f>""</f><v></v></c>'
    sheet = read(f"<row>{blank}{empty_formula}</row>" * 2)
    assert sheet.cells == {}
    assert sheet.last_row == 0


def test_formulas_of_every_make() -> None:
    sheet = read(
        '<row><c><f t="shared" ref="A1:A2" si="0">B1+1</f><v>2</v></c><c><f>1</f></c></row>'
        '<row><c><f t="shared" si="0"/><v>3</v></c><c t="str"><f>1</f></c>'
        '<c t="e"><f>A9</f><v>#SPILL!</v></c><c t="b"><f>1</f><v>1</v></c></row>'
    )
    assert [(c.address, c.kind, c.raw, c.calculated) for c in sheet.cells.values()] == [
        ("A1", CellType.NUMBER, "2", True),
        ("B1", CellType.BLANK_FORMULA, "", False),
        ("A2", CellType.NUMBER, "3", True),
        ("B2", CellType.BLANK_FORMULA, "", False),
        ("C2", CellType.ERROR, "#SPILL!", True),
        ("D2", CellType.BOOLEAN, "TRUE", True),
    ]
    assert all(cell.formula for cell in sheet.cells.values())


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("12500", "12500"),
        ("1.25E4", "12500"),
        ("0.10000000000000001", "0.1"),
        ("007", "7"),
        ("-0", "0"),
        ("0", "0"),
        (" 5 ", "5"),
        ("+.5", "0.5"),
        ("1234567890123", "1234567890123"),
        ("99.990000000000009", "99.99000000000001"),
        ("-12345678.9", "-12345678.9"),
        ("1E-7", "0.0000001"),
        ("1.7976931348623157E308", "1.7976931348623157E+308"),
    ],
)
def test_numbers_are_given_as_the_shortest_decimal(stored: str, shown: str) -> None:
    (cell,) = read(f"<row><c><v>{stored}</v></c></row>").cells.values()
    assert (cell.kind, cell.raw) == (CellType.NUMBER, shown)


@pytest.mark.parametrize(
    ("stored", "kind", "shown"),
    [
        ("2022-10-01", CellType.DATE, "2022-10-01"),
        ("2022-10-01T00:00:00.000", CellType.DATE, "2022-10-01"),
        ("2022-10-01T13:30:05Z", CellType.DATE, "2022-10-01T13:30:05"),
        ("13:30", CellType.TIME, "13:30:00"),
        ("T13:30:00.5", CellType.TIME, "13:30:00.500"),
    ],
)
def test_dates_stored_in_iso_form(stored: str, kind: CellType, shown: str) -> None:
    (cell,) = read(f'<row><c t="d"><v>{stored}</v></c></row>').cells.values()
    assert (cell.kind, cell.raw) == (kind, shown)


def test_cells_without_a_name_are_counted() -> None:
    sheet = read(
        '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row>'
        '<row r="7"><c><v>4</v></c></row><row><c><v>5</v></c></row>'
    )
    assert [cell.address for cell in sheet.cells.values()] == ["A1", "D1", "E1", "A7", "A8"]


def test_what_is_hidden_is_read_and_said() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("เปิด").write(0, 0, 1)
        hidden = book.add_worksheet("ซ่อน")
        hidden.write_column(0, 0, [1, 2, 3])
        hidden.set_row(1, None, None, {"hidden": True})
        hidden.set_row(8, None, None, {"hidden": True})
        hidden.set_column("C:E", None, None, {"hidden": True})
        hidden.hide()
        book.add_worksheet("ซ่อนสนิท").very_hidden()

    opened, hidden, very = read_cells(by_xlsxwriter(fill)).sheets
    assert [sheet.state for sheet in (opened, hidden, very)] == ["visible", "hidden", "veryHidden"]
    assert len(hidden.cells) == 3
    assert hidden.hidden_rows == {2}
    assert hidden.hidden_columns == {3, 4, 5}


def test_names_and_properties_of_the_workbook() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("ก")
        book.add_worksheet("ข").set_h_pagebreaks([1])
        book.define_name("ก!ช่วง", "=ก!$A$1:$A$9")
        book.define_name("ทั้งหมด", "=ข!$B$2")
        book.set_custom_property("division", "กองคลัง_x000D_")
        book.set_custom_property("count", 11)
        book.set_custom_property("final", True)
        book.set_properties({"title": "แบบรายงาน", "author": "งานพัสดุ"})

    book = read_cells(by_xlsxwriter(fill))
    assert book.defined_names == {"ก!ช่วง": "ก!$A$1:$A$9", "ทั้งหมด": "ข!$B$2"}
    assert book.custom_properties["count"] == "11"
    assert book.custom_properties["final"] == "true"
    assert book.custom_properties["division"].startswith("กองคลัง")
    assert book.core_properties["title"] == "แบบรายงาน"
    assert book.core_properties["creator"] == "งานพัสดุ"


def test_chart_sheets_are_listed_without_cells() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("ก").write_column(0, 0, [1, 2])
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=ก!$A$1:$A$2"})
        book.add_chartsheet("แผนภูมิ").set_chart(chart)

    names = {sheet.name: len(sheet.cells) for sheet in read_cells(by_xlsxwriter(fill)).sheets}
    assert names == {"ก": 2, "แผนภูมิ": 0}


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        ('<row r="2000000000"/>', "แบบ!A1"),
        ('<row r="99999999999999999999"/>', "แบบ!A1"),
        ('<row r="1048577"/>', "แบบ!A1"),
        ('<row r="0"/>', "แบบ!A1"),
        ('<row r="๑"/>', "แบบ!A1"),
        ('<row r="3"/><row r="3"/>', "แบบ!A3"),
        ('<row r="3"/><row r="2"/>', "แบบ!A3"),
        ('<row r="1048576"/><row/>', "แบบ!A1048576"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "แบบ!A1"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "แบบ!A1"),
        ('<row r="1"><c r="ZZZZZZZZZZ1"><v>1</v></c></row>', "แบบ!A1"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>', "แบบ!B1"),
        ('<row r="1"><c r="B1"/><c r="A1"><v>1</v></c></row>', "แบบ!B1"),
        ('<row r="1"><c r="XFD1"/><c/></row>', "แบบ!XFD1"),
        ('<row><c t="s"><v>1</v></c></row>', "แบบ!A1"),
        ('<row><c t="s"><v>-1</v></c></row>', "แบบ!A1"),
        ("<row><c><v>NaN</v></c></row>", "แบบ!A1"),
        ("<row><c/><c><v>INF</v></c></row>", "แบบ!B1"),
        ("<row><c><v>1e400</v></c></row>", "แบบ!A1"),
        (f"<row><c><v>{'9' * 400}</v></c></row>", "แบบ!A1"),
        ("<row><c><v>1_000</v></c></row>", "แบบ!A1"),
        ("<row><c><v>๑๒</v></c></row>", "แบบ!A1"),
        ('<row><c t="n"><v>หนึ่ง</v></c></row>', "แบบ!A1"),
        ('<row><c t="b"><v>2</v></c></row>', "แบบ!A1"),
        ('<row><c t="d"><v>2022-13-01</v></c></row>', "แบบ!A1"),
        ('<row><c t="x"><v>1</v></c></row>', "แบบ!A1"),
        ('<row><c s="99"><v>1</v></c></row>', "แบบ!A1"),
        ("<row><c><v>1</v><v>2</v></c></row>", "แบบ!A1"),
        ("<row><v>1</v></row>", "แบบ!A1"),
        ("<c><v>1</v></c>", "แบบ!A1"),
        ("<c><v>1</v></c><row/>", "แบบ!A1"),
        ('<row><c t="n"><is><t>ก</t></is></c></row>', "แบบ!A1"),
        (f"<row><c t='e'><v>{'#' * 100}</v></c></row>", "แบบ!A1"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_damaged(rows: str, where: str) -> None:
    refused = refusal(raw(rows))
    assert (refused.reason, refused.params) == ("damaged", {"where": where})


@pytest.mark.parametrize("ref", ["", "A1:XFE1", "B2:A1", "A0", "1:2", "A1:B2:C3"])
def test_a_merged_range_that_is_none_is_damaged(ref: str) -> None:
    data = raw("", after=f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>')
    assert refusal(data).reason == "damaged"


def test_a_merge_over_the_whole_sheet_is_too_big() -> None:
    data = raw("", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    assert refusal(data).params["what"] == "merged"


def test_a_table_of_strings_that_promises_too_much_is_damaged() -> None:
    for count in ("4294967295", "x", "9" * 30):
        data = raw("<row/>", strings=shared("<si><t>ก</t></si>", count=count))
        assert refusal(data).params == {"where": "xl/sharedStrings.xml"}


def test_one_long_string_in_very_many_cells_is_too_big() -> None:
    strings = shared(f"<si><t>{'x' * 30_000}</t></si>")
    rows = ('<row><c t="s"><v>0</v></c></row>') * 150_000
    refused = refusal(raw(rows, strings=strings))
    assert (refused.reason, refused.params["what"]) == ("too_big", "text")
    assert refused.params["limit"] == values.MOST_TEXT


@pytest.mark.parametrize(
    "rows",
    [
        '<row><c t="inlineStr"><is><t>{}</t></is></c></row>',
        '<row><c t="str"><v>{}</v></c></row>',
    ],
)
def test_a_text_longer_than_any_cell_is_too_big(rows: str) -> None:
    assert refusal(raw(rows.format("x" * 65_535))).params["what"] == "text"
    in_runs = '<row><c t="inlineStr"><is>' + f"<r><t>{'x' * 9_000}</t></r>" * 8 + "</is></c></row>"
    assert refusal(raw(in_runs)).params["what"] == "text"


@pytest.mark.parametrize(
    ("limit", "rows", "what"),
    [
        ("MOST_CELLS", "<row><c><v>1</v></c><c><v>1</v></c></row>", "cells"),
        ("MOST_BLANKS", "<row><c/><c/></row>", "blanks"),
    ],
)
def test_too_many_cells_are_too_big(
    limit: str, rows: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, limit, 9)
    assert refusal(raw(rows * 5)).params == {"what": what, "found": 10, "limit": 9}


def test_one_endless_row_of_cells_is_damaged() -> None:
    assert refusal(raw(f"<row>{'<c/>' * 16_385}</row>")).params == {"where": "แบบ!XFD1"}
    assert refusal(raw(f"<row>{'<c/>' * 100_000}</x>")).params == {"where": "แบบ!A1"}


def test_deep_nesting_in_a_sheet_is_unsafe() -> None:
    assert refusal(raw("<row>" * 200_000 + "</row>" * 200_000)).reason in ("unsafe", "damaged")
    nested = "<a>" * 200_000 + "</a>" * 200_000
    assert refusal(raw(nested)).params == {"where": "แบบ!A1"}
    assert refusal(raw(f"</sheetData>{nested}<sheetData>")).params["what"] == "depth"


def test_two_sheets_of_one_name_or_one_part_are_damaged() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("ก")
        book.add_worksheet("ข")

    data = by_xlsxwriter(fill)
    for old, new in (('name="ข"', 'name="ก"'), ('r:id="rId2"', 'r:id="rId1"')):
        assert refusal(replaced(data, "xl/workbook.xml", old, new)).reason == "damaged"
    links = "xl/_rels/workbook.xml.rels"
    assert refusal(replaced(data, links, "sheet2.xml", "sheet1.xml")).reason == "damaged"


# ---- round trips ----

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t"), min_size=1, max_size=60).filter(lambda text: not re.search("_x[0-9A-Fa-f]{4}_", text))  # fmt: skip
WHOLE = st.integers(-(10**15) + 1, 10**15 - 1)
BROKEN = st.floats(-1e300, 1e300).map(lambda n: float(f"{n:.16G}"))
DAY = st.dates(date(1900, 3, 1))
SECOND = st.datetimes(datetime.fromisoformat("1900-03-01")).map(
    lambda moment: moment.replace(microsecond=0)
)
CLOCK = st.times().map(lambda moment: moment.replace(microsecond=0))
VALUES = st.lists(
    st.one_of(TEXT, WHOLE, BROKEN, st.booleans(), DAY, SECOND, CLOCK), min_size=1, max_size=12
)


def kinds(values: list[Value]) -> Iterator[tuple[CellType, Value]]:
    """Say what each written value must come back as."""
    for value in values:
        if isinstance(value, bool):
            yield CellType.BOOLEAN, value
        elif isinstance(value, str):
            yield CellType.TEXT, value
        elif isinstance(value, time):
            yield CellType.TIME, value
        elif isinstance(value, date):
            yield CellType.DATE, alike(value)  # type: ignore[misc]
        else:
            yield CellType.NUMBER, float(value)  # type: ignore[arg-type]


def check_round_trip(data: bytes, values: list[Value]) -> None:
    """Compare what was read with what was written, row by row."""
    cells = list(read_cells(data).sheets[0].cells.values())
    assert [cell.row for cell in cells] == list(range(1, len(values) + 1))
    assert [(cell.kind, value_of(cell)) for cell in cells] == list(kinds(values))


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_what_openpyxl_writes_comes_back_equal(values: list[Value]) -> None:
    book = openpyxl.Workbook()
    for row, value in enumerate(values, 1):
        cell = book.active.cell(row, 2)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    check_round_trip(saved(book), values)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_what_xlsxwriter_writes_comes_back_equal(values: list[Value]) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        clock = book.add_format({"num_format": "h:mm:ss"})
        day = book.add_format({"num_format": THAI_DATE})
        for row, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(row, 1, value)
            elif isinstance(value, time | date):
                sheet.write_datetime(row, 1, value, clock if isinstance(value, time) else day)
            else:
                sheet.write(row, 1, value)

    check_round_trip(by_xlsxwriter(fill), values)
