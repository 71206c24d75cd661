"""What other programs, and people with ill will, make of a workbook: read right, told, or refused.

The workbooks of `tests/cases/workbooks` hold made-up reports.
"""

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.workbook import sheets
from pipeline.workbook.grid import CellType, TextBox
from pipeline.workbook.package import Package
from pipeline.workbook.reader import NotAWorkbook, read_cells
from tests.support.bombs import sheet_xml, with_links, with_sheet

CASES = Path(__file__).parents[1] / "cases" / "workbooks"
SHEET = "กิจกรรมและหลักฐาน"
GOOD = '<row r="1"><c r="A1"><v>5</v></c></row>'


def case(name: str):
    return read_cells((CASES / f"{name}.xlsx").read_bytes())


def of_case(name: str):
    return next(sheet for sheet in case(name).sheets if sheet.name == SHEET)


def cells(rows: str, rest: str = "") -> dict[str, str]:
    [sheet] = read_cells(with_sheet(sheet_xml(rows, rest))).sheets
    return {cell.address: cell.raw for cell in sheet.cells.values()}


def test_the_smallest_workbook_is_read():
    assert cells(GOOD) == {"A1": "5"}


@pytest.mark.parametrize(
    ("rows", "rest"),
    [
        (GOOD, "<sheetData/>"),
        (GOOD, '<extLst><ext><row r="2"><c r="A2"><v>777</v></c></row></ext></extLst>'),
        (GOOD, '<n:x><row r="2"><c r="A2"><v>777</v></c></row></n:x>'),
        (GOOD, '<n:x><sheetData><row r="2"/></sheetData></n:x>'),
        (GOOD, '<c r="A2"><v>777</v></c>'),
        (f"{GOOD}<mc:AlternateContent><mc:Choice>{GOOD}</mc:Choice></mc:AlternateContent>", ""),
        (f'<n:x r="1">{GOOD}</n:x>', ""),
        ('<row r="1"><n:x><c r="A1"><v>777</v></c></n:x></row>', ""),
        ('<row r="1"><c r="A1"><n:x><v>777</v></n:x></c></row>', ""),
        ('<row r="1"><c r="A1"/><n:x/><v>777</v></row>', ""),
        ('<row r="1"><c r="A1"><v>12<n:x/>3</v></c></row>', ""),
        ('<row r="1"><c r="A1"><v><n:x>12</n:x>3</v></c></row>', ""),
        ('<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>', ""),
        ('<row r="1"><c r="A1"><is><t>777</t></is></c></row>', ""),
        ('<row r="1"><c r="A1" t="s"><is><t>0</t></is></c></row>', ""),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>a<n:x/>b</t></is></c></row>', ""),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is><v>2</v></c></row>', ""),
        ('<row r="1"><c r="A1" t="inlineStr"><t>a</t></c></row>', ""),
    ],
)
def test_what_two_readers_could_read_otherwise_is_refused(rows, rest):
    with pytest.raises(NotAWorkbook) as caught:
        cells(rows, rest)
    assert caught.value.reason == "damaged"


@pytest.mark.parametrize("empty", ["<v></v>", "<v/>"])
@pytest.mark.parametrize("order", ["{v}{is_}", "{is_}{v}"])
def test_an_empty_value_beside_a_text_in_the_cell_is_none(empty, order):
    inside = order.format(v=empty, is_="<is><t>ก</t></is>")
    assert cells(f'<row r="1"><c r="A1" t="inlineStr">{inside}</c></row>') == {"A1": "ก"}


@pytest.mark.parametrize(
    "links",
    [
        [("s", "worksheet", "a.xml"), ("s", "theme", "b.xml")],
        [("s", "worksheet", "a.xml"), ("t", "styles", "b.xml"), ("u", "styles", "b.xml")],
        [("s", "worksheet", "a.xml"), *((n, "sharedStrings", "b.xml") for n in "tu")],
    ],
)
def test_doubled_links_are_refused(links):
    listed = {"_rels/book.xml.rels": with_links(*links), "b.xml": "<n/>"}
    book = with_sheet(sheet_xml(GOOD), listed)
    with pytest.raises(NotAWorkbook, match="damaged"):
        read_cells(book)


def test_two_sheets_of_one_number_are_refused():
    plain = with_sheet(sheet_xml(GOOD))
    listed = zipfile.ZipFile(io.BytesIO(plain)).read("book.xml").decode()
    twice = listed.replace("</sheets>", '<sheet name="b" sheetId="1"/></sheets>')
    with pytest.raises(NotAWorkbook, match="damaged"):
        read_cells(with_sheet(sheet_xml(GOOD), {"book.xml": twice}))


@pytest.mark.parametrize("name", ["row-in-ext", "second-sheetData", "alternate-content"])
def test_cells_planted_outside_the_table_refuse_the_file_by_the_sheet(name):
    with pytest.raises(NotAWorkbook) as caught:
        case(name)
    assert caught.value.reason == "damaged"
    assert str(caught.value.params["where"]).startswith(SHEET)


def test_two_tables_of_texts_refuse_the_file():
    with pytest.raises(NotAWorkbook, match="damaged"):
        case("two-sst")


@pytest.mark.parametrize(
    "name", ["zip64-central", "zip-backslash-names", "inline-string-with-empty-v"]
)
def test_what_other_programs_pack_otherwise_is_read(name):
    sheet = of_case(name)
    assert [sheet.cells[5, n].raw for n in (1, 8)] == ["1", "ไฟล์"]
    assert sheet.cells[5, 2].raw.startswith("ปิดประกาศแนวทางการนำเสนอสถิติ")


@pytest.mark.parametrize("name", ["..\\x.xml", "a\\..\\..\\x.xml", "\\x.xml", "c:\\x.xml"])
def test_a_way_out_is_none_with_the_other_stroke_either(name):
    with pytest.raises(NotAWorkbook, match="unsafe"):
        read_cells(with_sheet(sheet_xml(GOOD), {name: "x"}))


def test_a_label_is_told_from_a_password():
    with pytest.raises(NotAWorkbook) as caught:
        case("sensitivity-label-encrypted")
    assert caught.value.reason == "label"


def test_a_picture_in_a_cell_is_a_picture():
    assert of_case("wps-dispimg").cells[5, 9].kind is CellType.PICTURE
    rows = '<row r="1"><c r="A1" t="e" vm="1"><v>#VALUE!</v></c></row>'
    [sheet] = read_cells(with_sheet(sheet_xml(rows))).sheets
    assert sheet.cells[1, 1].kind is CellType.PICTURE


def test_a_text_box_is_read_with_the_cells_below_it():
    [box] = of_case("text-box-over-cells").boxes
    assert box == TextBox((6, 2, 10, 7), "กิจกรรมที่ 2 อบรม 15/8/2566 จำนวน 40 คน")


@pytest.mark.parametrize("size", ["0", "0.0", "00"])
def test_rows_and_columns_of_no_size_are_hidden(size):
    xml = sheet_xml(GOOD.replace('r="1"', f'r="1" ht="{size}"', 1))
    columns = f'<cols><col min="2" max="3" width="{size}"/></cols><sheetData>'
    [sheet] = read_cells(with_sheet(xml.replace("<sheetData>", columns))).sheets
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {2, 3})
    xml = xml.replace(f'ht="{size}"', 'ht="0.75"')
    [sheet] = read_cells(with_sheet(xml)).sheets
    assert not sheet.hidden_rows


# --- far too long -------------------------------------------------------------------------------


def test_of_a_sheet_beyond_the_limit_only_the_beginning_is_read(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 300)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 302))
    [sheet] = read_cells(with_sheet(sheet_xml(rows))).sheets
    assert (sheet.overlong, sheet.last_row) == (True, 200)
    blank = rows.replace("<v>301</v>", "")
    [sheet] = read_cells(with_sheet(sheet_xml(blank))).sheets
    assert (sheet.overlong, sheet.last_row) == (False, 300)


def test_the_rest_of_a_sheet_beyond_the_limit_costs_nothing(monkeypatch):
    """What is read of the part is the same, however far it goes on."""
    monkeypatch.setattr(sheets, "MOST_ROWS", 1_000)
    fed = []
    feed = Package.feed

    def counting(package, name):
        for piece in feed(package, name):
            fed.append(len(piece))
            yield piece

    monkeypatch.setattr(Package, "feed", counting)
    taken = []
    for last in (10_000, 40_000):
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, last))
        fed.clear()
        read_cells(with_sheet(sheet_xml(rows)))
        taken.append(sum(fed))
    assert taken[0] == taken[1]
