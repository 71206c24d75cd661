"""A workbook marked in its parts: what changes, what stays, and what is left alone."""

import io
import warnings
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.workbook.identity import entries, is_worklist
from pipeline.workbook.patch import (
    CellLook,
    ListLine,
    Mark,
    Note,
    Pen,
    Text,
    Unmarkable,
    Worklist,
    mark_cells,
)
from pipeline.workbook.reader import read_cells
from tests.support import office, stored
from tests.support.stored import census, faults, parts, sheets, tag, zipped

LIST = "รายการที่ต้องแก้ไข"
RED, YELLOW = "F8CBAE", "FFF2CD"
COLOURS = (RED, YELLOW)
PEN = Pen("ผลตรวจข้อมูล", "TH Sarabun New")
NOTE = Note("ต้องแก้ไข\nค่า “<ก>” & =ข ไม่ใช่ตัวเลข", 250, 90)
LOOK = CellLook("TH Sarabun New")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "ffff3f0005fe02fea7356981d20000000049454e44ae426082"
)


def listing(*lines):
    return Worklist(
        LIST,
        (6.0, 20.0, 12.0, 20.0, 40.0, 30.0),
        ("sheet_seen", "cell_seen", "value_seen", "sentence", "explanation", "code"),
        lines,
        "&Cหน้า &P",
        LOOK,
    )


def line(sheet, row, column, value="", words=""):
    texts = ("1", sheet, "ช่อง", value, "ประโยค", words, "code-1")
    made = [Text(text, LOOK) for text in texts]
    made[2] = Text("ช่อง", LOOK, (sheet, "B2"))
    return ListLine(tuple(made), 30.0, at=(sheet, row, column))


def mark(data, *places, colour=RED):
    """Mark (sheet, row, column) places, with a line of the list for each."""
    marks = [Mark(*place, colour, NOTE) for place in places]
    return mark_cells(data, marks, listing(*(line(*place) for place in places)), PEN, COLOURS)


def opened(data):
    """openpyxl says aloud that it would lose x14 parts: that is why nothing of ours saves by it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def fill_of(data, sheet, address):
    return opened(data)[sheet][address].fill.fgColor.rgb[-6:]


def note_of(data, sheet, address):
    note = opened(data)[sheet][address].comment
    return note.text if note else None


@pytest.fixture(scope="module")
def rich():
    """A workbook of somebody else's with about everything that Excel can hold."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        data, other = book.add_worksheet("ข้อมูล 'ก' 1"), book.add_worksheet("Other")
        chart_sheet = book.add_chartsheet("แผนภูมิ")
        grey = book.add_format({"bg_color": "#D9D9D9", "num_format": "0.00", "locked": False})
        data.set_column("C:C", 20, grey)
        data.set_row(8, 40, grey)
        data.write_row("A1", ["ชื่อ", "จำนวน", "รวม"])
        for row in range(1, 6):
            data.write_row(row, 0, [f"แถว {row}", row], grey)
            data.write_formula(row, 2, f"=B{row + 1}*2", grey, row * 2)
        data.write_comment("A1", "ของผู้กรอก", {"author": "clerk"})
        data.write_comment("B3", "เหตุผลของฉัน", {"author": "clerk"})
        data.merge_range("E1:F2", "รวมช่อง")
        data.data_validation("B2:B9", {"validate": "list", "source": "=Other!$A$1:$A$3"})
        data.conditional_format("B2:B6", {"type": "data_bar", "data_bar_2010": True})
        data.conditional_format("A2:A6", {"type": "duplicate", "format": grey})
        data.add_sparkline("G2", {"range": "'ข้อมูล ''ก'' 1'!B2:B6"})
        data.insert_image("H2", "p.png", {"image_data": io.BytesIO(PIXEL)})
        data.insert_button("H8", {"caption": "ปุ่ม"})
        data.set_header("&L&G", {"image_left": "h.png", "image_data_left": io.BytesIO(PIXEL)})
        data.protect("", {"select_locked_cells": True})
        data.print_area("A1:F9")
        data.repeat_rows(0)
        data.freeze_panes(1, 0)
        data.autofilter("A1:C6")
        other.add_table("A5:B8", {"columns": [{"header": "x"}, {"header": "y"}]})
        other.write_url("D1", "https://a.example/")
        other.write_column("A1", ["1", "2", "3"])
        other.write("D2", "สีของฉันเอง", book.add_format({"bg_color": "#00B0F0"}))
        other.repeat_rows(4)
        other.activate()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='ข้อมูล ''ก'' 1'!$B$2:$B$6"})
        other.insert_chart("D5", chart)
        pie = book.add_chart({"type": "pie"})
        pie.add_series({"values": "='ข้อมูล ''ก'' 1'!$B$2:$B$6"})
        chart_sheet.set_chart(pie)
        book.define_name("ทั้งหมด", "='ข้อมูล ''ก'' 1'!$B$2:$B$6")
        book.define_name("Other!เฉพาะ", "=Other!$A$1")
        book.set_custom_property("ระบบ", "อื่น")
    return with_x14_lists(target.getvalue())


def with_x14_lists(data):
    """Excel stores a list that points at another sheet in a part of its own; here is one."""
    content = parts(data)
    part = sheets(content)["ข้อมูล 'ก' 1"]
    new = (
        b'<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        b'<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/'
        b'main"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Other!$A$1:$A$3'
        b"</xm:f></x14:formula1><xm:sqref>D2:D9</xm:sqref></x14:dataValidation>"
        b"</x14:dataValidations></ext></extLst>"
    )
    assert b"</extLst>" in content[part]
    content[part] = content[part].replace(b"</extLst>", new)
    return zipped(content)


RICH = "ข้อมูล 'ก' 1"
PLACES = (
    (RICH, 2, 2),
    (RICH, 3, 2),
    (RICH, 4, 3),
    (RICH, 9, 3),
    (RICH, 9, 4),
    (RICH, 30, 3),
    (RICH, 2, 9),
)


def stripped(data, part, places):
    """A sheet without what a marking may change: looks of these cells, blanks, tab, its notes."""
    root = ET.fromstring(parts(data)[part])
    for view in root.iter(tag("sheetView")):
        view.attrib.pop("tabSelected", None)
    for node in root.findall(tag("legacyDrawing")):
        root.remove(node)
    rows = root.find(tag("sheetData"))
    for row in list(rows):
        row.attrib.pop("spans", None)
        for cell in list(row):
            if cell.get("r") in places:
                cell.attrib.pop("s", None)
                if len(cell) == 0:
                    row.remove(cell)
        if len(row) == 0 and row.attrib.keys() <= {"r"}:
            rows.remove(row)
    return ET.tostring(root)


ADDRESSES = {"B2", "B3", "C4", "C9", "D9", "C30", "I2"}


def test_everything_of_a_strange_workbook_survives(rich):
    made = mark(rich, *PLACES)
    before, after = parts(rich), parts(made)
    names = dict(sheets(before))
    allowed = {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    }
    changed = {name for name in before if before[name] != after.get(name)}
    notes = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    assert changed == allowed | notes | {names[RICH], names["Other"]}
    assert len(after.keys() - before.keys()) == 1
    for name in (RICH, "Other"):
        places = ADDRESSES if name == RICH else set()
        assert stripped(rich, names[name], places) == stripped(made, names[name], places)
    assert census(rich) == census(made)
    assert (
        min(census(made)[key] for key in ("x14", "cfRule", "f", "legacyDrawingHF", "tablePart")) > 0
    )
    assert faults(rich) == []
    assert faults(made) == []


def test_every_value_and_formula_is_read_as_before(rich):
    before, after = read_cells(rich), read_cells(mark(rich, *PLACES))
    assert is_worklist(after.sheets[0])
    assert [(s.name, s.state, s.cells, s.merged) for s in after.sheets[1:]] == [
        (s.name, s.state, s.cells, s.merged) for s in before.sheets
    ]
    assert after.defined_names == before.defined_names
    assert after.custom_properties == before.custom_properties


def test_a_marked_cell_keeps_its_own_look_and_a_blank_one_that_of_its_place(rich):
    made = mark(rich, *PLACES)
    sheet = opened(made)[RICH]
    for address in ADDRESSES:
        assert sheet[address].fill.fgColor.rgb == f"FF{RED}", address
    for address in ("B2", "C4", "C9", "D9", "C30"):  # grey, by its cell, row or column
        assert (sheet[address].number_format, sheet[address].protection.locked) == ("0.00", False)
    assert sheet["I2"].protection.locked
    assert note_of(made, RICH, "B2").strip("\u200b") == NOTE.text
    assert sheet.protection.sheet


def test_the_clerks_own_note_is_kept_above_ours(rich):
    made = mark(rich, *PLACES)
    assert note_of(made, RICH, "A1") == "ของผู้กรอก"
    own, ours = note_of(made, RICH, "B3").split("\u200b" * 3)[:2]
    assert (own, ours.strip()) == ("เหตุผลของฉัน", NOTE.text)
    assert note_of(mark(made), RICH, "B3") == "เหตุผลของฉัน"


def test_marking_twice_is_marking_once(rich):
    once = mark(rich, *PLACES)
    assert mark(once, *PLACES) == once


def test_old_marks_go_and_the_former_look_comes_back(rich):
    once = mark(rich, *PLACES)
    again = mark(once, (RICH, 5, 2), colour=YELLOW)
    assert fill_of(again, RICH, "B5") == YELLOW
    assert fill_of(again, RICH, "B2") == fill_of(rich, RICH, "B2") == "D9D9D9"
    assert note_of(again, RICH, "B2") is None
    cleaned, plain = parts(mark(once)), parts(mark(rich))
    allowed = {"xl/styles.xml", "xl/comments1.xml", sheets(plain)[RICH], sheets(plain)[LIST]}
    assert {name for name in plain if plain[name] != cleaned.get(name)} <= allowed
    assert cleaned.keys() == plain.keys()
    assert faults(again) == faults(mark(once)) == []
    styles = {a: c.get("s") for a, c in stored.cells(plain, RICH).items()}
    assert {a: c.get("s") for a, c in stored.cells(cleaned, RICH).items() if a in styles} == styles


def test_notes_and_their_parts_go_where_nothing_else_needs_them():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("ก").write("A1", 1)
    plain = target.getvalue()
    once = mark(plain, ("ก", 1, 1))
    assert {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"} <= parts(once).keys()
    assert faults(once) == []
    cleaned = mark(once)
    assert not {n for n in parts(cleaned) if "omments" in n or n.endswith(".vml")}
    assert faults(cleaned) == []


def test_the_link_to_new_notes_stands_where_excel_looks_for_it(rich):
    """A sheet with a picture and a table, between which the link belongs."""
    made = mark(rich, ("Other", 2, 4))
    root = ET.fromstring(parts(made)[sheets(parts(made))["Other"]])
    assert [node.tag for node in root][-3:] == [
        tag("drawing"),
        tag("legacyDrawing"),
        tag("tableParts"),
    ]
    assert faults(made) == []


def test_notes_go_also_where_the_clerk_has_taken_the_colours_off(rich):
    once = mark(rich, *PLACES)
    other = swapped(once, "xl/styles.xml", RED.encode(), b"00FF00")
    assert note_of(mark(other), RICH, "B2") is None


def test_the_list_is_first_and_shown_and_leads_to_the_cells(rich):
    made = mark(rich, *PLACES)
    book = opened(made)
    assert book.sheetnames == [LIST, *opened(rich).sheetnames]
    assert book.active.title == LIST
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == [LIST]
    cells = (cell for row in book[LIST].iter_rows() for cell in row)
    assert {cell.hyperlink.location for cell in cells if cell.hyperlink} == {"'ข้อมูล ''ก'' 1'!B2"}
    assert book["Other"].print_title_rows == "$5:$5"
    assert book[RICH].print_title_rows == "$1:$1"
    assert book["Other"].defined_names["เฉพาะ"].attr_text == "Other!$A$1"


def test_the_list_is_read_again_and_holds_no_formula(rich):
    odd = "=1+1 _x0041_ <b> & \x07ก"
    made = mark_cells(rich, [], listing(line(RICH, 2, 2, odd, "ถูกต้องแล้ว\nค่ะ")), PEN, COLOURS)
    (entry,) = entries(read_cells(made))
    assert entry["value_seen"] == odd.replace("\x07", "")
    assert entry["explanation"] == "ถูกต้องแล้ว\nค่ะ"
    assert (entry["sheet"], entry["cell"]) == (RICH, "B2")
    cell = opened(made)[LIST]["D2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_sheet_of_the_same_name_is_replaced():
    book = openpyxl.Workbook()
    book.create_sheet(LIST)
    target = io.BytesIO()
    book.save(target)
    made = mark(target.getvalue(), ("Sheet", 2, 2))
    assert opened(made).sheetnames == [LIST, "Sheet"]
    assert faults(made) == []


def test_a_workbook_of_openpyxl_with_notes_and_prefixes_of_its_own():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B2"] = 1
    sheet["B2"].comment = Comment("เดิม", "clerk")
    sheet.add_data_validation(DataValidation("list", '"ก,ข"', sqref="C1:C9"))
    target = io.BytesIO()
    book.save(target)
    made = mark(target.getvalue(), ("Sheet", 2, 2), ("Sheet", 4, 4))
    assert faults(made) == []
    assert note_of(made, "Sheet", "D4").strip("\u200b") == NOTE.text
    assert note_of(made, "Sheet", "B2").startswith("เดิม")
    assert mark(made, ("Sheet", 2, 2), ("Sheet", 4, 4)) == made


def test_elements_with_a_prefix_and_cells_without_a_name():
    """As other libraries write them: `x:row`, `x:c`, no `r`, a row in one tag."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("ก")
    content = parts(target.getvalue())
    main = tag("")[1:-1]
    content["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{main}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2'
        '</x:v></x:c></x:row><x:row r="3"/></x:sheetData></x:worksheet>'
    ).encode()
    made = mark(zipped(content), ("ก", 1, 2), ("ก", 1, 4), ("ก", 2, 1), ("ก", 3, 3), ("ก", 9, 1))
    sheet = opened(made)["ก"]
    assert [sheet[a].fill.fgColor.rgb[-6:] for a in ("B1", "D1", "A2", "C3", "A9")] == [RED] * 5
    assert (sheet["A1"].value, sheet["B1"].value) == (1, 2)
    assert faults(made) == []


def test_a_strict_workbook_is_marked_in_its_own_namespaces():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("ก").write("A1", 1)
    office_names, strict = b"schemas.openxmlformats.org", b"purl.oclc.org/ooxml"
    old = (b"/spreadsheetml/2006/main", b"/officeDocument/2006/relationships")
    new = (b"/spreadsheetml/main", b"/officeDocument/relationships")
    content = parts(target.getvalue())
    for name in content:
        for before, after in zip(old, new, strict=True):
            content[name] = content[name].replace(office_names + before, strict + after)
    made = mark(zipped(content), ("ก", 1, 1), ("ก", 3, 2))
    book = read_cells(made)
    assert book.strict
    assert [sheet.name for sheet in book.sheets] == [LIST, "ก"]
    assert book.sheets[1].cells == read_cells(zipped(content)).sheets[0].cells
    after = parts(made)
    added = after.keys() - content.keys() | {"xl/_rels/workbook.xml.rels"}
    assert not [name for name in added if office_names + old[0] in after[name]]
    assert not [name for name in added if office_names + old[1] in after[name]]


def test_a_conversation_of_excels_own_is_left_alone(rich):
    content = parts(rich)
    content["xl/comments1.xml"] = content["xl/comments1.xml"].replace(
        b"<author>clerk</author>", b"<author>tc={0}</author>"
    )
    made = mark(zipped(content), *PLACES)
    assert note_of(made, RICH, "B3") == "เหตุผลของฉัน"
    assert fill_of(made, RICH, "B3") == RED


# What workbooks of other programs hold, each construct met in a public one.


def plain(**cells):
    """A workbook of one sheet ก with these cells."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("ก")
        for cell, value in cells.items():
            sheet.write(cell, value)
    return target.getvalue()


def test_the_first_links_of_a_sheet_are_declared_where_each_part_is_declared_by_name():
    """Some programs declare every part by its name and no ending; what is not declared is damage."""
    content = parts(plain(A1=1))
    by_ending = b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    by_ending += b'relationships+xml"/>'
    assert by_ending in content["[Content_Types].xml"]
    named = b"".join(
        by_ending.replace(b'Default Extension="rels"', b'Override PartName="/%s"' % n.encode())
        for n in content
        if n.endswith(".rels")
    )
    types = content["[Content_Types].xml"].replace(by_ending, b"")
    types = types.replace(b"</Types>", named + b"</Types>")
    data = zipped(content | {"[Content_Types].xml": types})
    assert faults(data) == faults(mark(data, ("ก", 1, 1))) == []


def test_a_sheet_whose_list_of_links_is_empty_is_marked_twice_alike():
    content = parts(plain(A1=1))
    empty = content["_rels/.rels"].partition(b"<Relationship ")[0] + b"</Relationships>"
    once = mark(zipped(content | {"xl/worksheets/_rels/sheet1.xml.rels": empty}), ("ก", 1, 1))
    assert faults(once) == []
    assert mark(once, ("ก", 1, 1)) == once


def test_a_sheet_without_a_part_stays_listed():
    """Excel lists a module of its old programs so."""
    module = b'<sheet name="Module1" sheetId="9" r:id=""/></sheets>'
    data = swapped(plain(A1=1), "xl/workbook.xml", b"</sheets>", module)
    assert [sheet.name for sheet in read_cells(data).sheets] == ["ก"]
    made = mark(data, ("ก", 1, 1))
    assert b'name="Module1"' in parts(made)["xl/workbook.xml"]
    assert [sheet.name for sheet in read_cells(made).sheets] == [LIST, "ก"]


def test_of_two_fills_that_look_alike_either_comes_back():
    data = swapped(
        plain(A1=1),
        "xl/styles.xml",
        b'<fill><patternFill patternType="gray125"/></fill>',
        b'<fill><patternFill patternType="none"/></fill>',
    )
    data = swapped(data, "xl/styles.xml", b'fontId="0" fillId="0"', b'fontId="0" fillId="1"')
    once = mark(data, ("ก", 1, 1))
    assert mark(once, ("ก", 1, 1)) == once
    assert stored.cells(parts(mark(once)), "ก")["A1"].get("s", "0") == "0"


def put(data, name, new):
    return zipped(parts(data) | {name: new})


def swapped(data, name, old, new):
    content = parts(data)
    assert old in content[name]
    return put(data, name, content[name].replace(old, new))


DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "b">]>'
VML = "xl/drawings/vmlDrawing1.vml"


@pytest.mark.parametrize("broken", [b"<br>", b"<BR>", b'<br clear="all">'])
def test_the_breaks_that_excel_leaves_open_in_a_note_stay_as_they_are(rich, broken):
    odd = swapped(rich, VML, b"</xml>", b"<div>a" + broken + b"b</div></xml>")
    made = parts(mark(odd, *PLACES))[VML]
    assert b"<div>a" + broken + b"b</div>" in made
    assert made.count(b"ClientData ObjectType") > parts(rich)[VML].count(b"ClientData ObjectType")
    assert parts(mark(mark(odd, *PLACES)))[VML] == parts(odd)[VML]


def test_a_note_as_excel_writes_it_with_an_open_break_is_marked(root):
    data = (root / "tests/cases/workbooks/vml-unclosed-br.xlsx").read_bytes()
    [drawing] = [name for name, content in parts(data).items() if b"<br>" in content]
    made = mark(data, ("กิจกรรมและหลักฐาน", 5, 2))
    assert b"first<br>second" in parts(made)[drawing]
    assert parts(made)[drawing].count(b"ClientData Obj") > parts(data)[drawing].count(
        b"ClientData Obj"
    )
    assert fill_of(made, "กิจกรรมและหลักฐาน", "B5") == RED


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("signed", lambda d: put(d, "_xmlsignatures/origin.sigs", b"")),
        ("macros", lambda d: put(d, "xl/vbaProject.bin", b"x")),
        ("shared", lambda d: put(d, "xl/revisions/revisionHeaders.xml", b"<headers/>")),
        ("unsafe", lambda d: put(d, VML, DOCTYPE + parts(d)[VML])),
        ("damaged", lambda d: swapped(d, VML, b"</xml>", b"<p></xml>")),
        ("notes", lambda d: swapped(d, "xl/comments1.xml", b'ref="A1"', b'ref="?"')),
        (
            "encoding",
            lambda d: swapped(d, "xl/comments1.xml", b'encoding="UTF-8"', b'encoding="US-ASCII"'),
        ),
        ("styles", lambda d: swapped(d, "xl/styles.xml", b"cellXfs", b"otherXfs")),
    ],
)
def test_what_could_take_harm_is_not_marked_and_says_why(rich, reason, change):
    with pytest.raises(Unmarkable) as refused:
        mark(change(rich), *PLACES)
    assert refused.value.reason == reason


@pytest.mark.office
def test_libreoffice_opens_it_saves_it_and_it_can_be_marked_again(rich, tmp_path):
    office.require_office()
    source = tmp_path / "marked.xlsx"
    source.write_bytes(mark(rich, *PLACES, ("Other", 2, 4)))
    shown = office.shown(source)
    assert shown[RICH, "B2"] == "1.00"
    assert shown[LIST, "E2"] == "ประโยค"
    (saved,) = office.convert(source, "xlsx", tmp_path / "saved")
    data = saved.read_bytes()
    assert fill_of(data, RICH, "B2") == RED
    assert NOTE.text in note_of(data, RICH, "B2")
    again = mark(data, (RICH, 5, 2))
    assert faults(again) == []
    assert (fill_of(again, RICH, "B5"), fill_of(again, RICH, "B2")) == (RED, "D9D9D9")
    assert (fill_of(data, "Other", "D2"), fill_of(again, "Other", "D2")) == (RED, "00B0F0")
    assert (note_of(again, RICH, "B2"), note_of(again, RICH, "B3")) == (None, "เหตุผลของฉัน")
    assert opened(again).sheetnames.count(LIST) == 1
