"""Excel opens our workbooks without offering to repair them, as far as their parts can tell.

The reports are looked at in test_safe_to_open.py, with everything else that is written.
"""

import re
import zipfile

import pytest
import xlsxwriter

from pipeline.template import workbook_for
from tests.support.repair import repairs

SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
# A part, what stands in it (a pattern), what is put in its place, and what is then said.
FAULTS = [
    ("[Content_Types].xml", r"/xl/styles\.xml", "/xl/stiles.xml", "content type of no part"),
    ("xl/_rels/workbook.xml.rels", "worksheets/sheet2", "worksheets/sheet99", "not there"),
    (BOOK, 'r:id="rId2"', 'r:id="rId1234"', "leads nowhere"),
    (BOOK, 'sheetId="2"', 'sheetId="1"', "sheet id twice"),
    (BOOK, 'name="list_ticks"', 'name="A1"', "nothing can be called"),
    (BOOK, 'name="list_ticks"', 'name="Keys_Months"', "defined name twice"),
    (BOOK, r"ISBLANK\(", "ISBLANK((", "do not close"),
    (BOOK, "'รายการตัวเลือก'!", "'ไม่มีแผ่นนี้'!", "no sheet"),
    (STYLES, '<cellXfs count="', '<cellXfs count="9', "cellXfs says"),
    (SHEET, '<c r="A1" s="[0-9]+"', '<c r="A1" s="9999"', "a style that is not there"),
    (SHEET, 't="s"><v>0<', 't="s"><v>99999<', "a text that is not there"),
    (SHEET, '<mergeCell ref="A4:C4"/>', '<mergeCell ref="A3:C4"/>', "merged cells overlap"),
    (SHEET, '<row r="2"', '<row r="1"', "rows out of order"),
    (SHEET, "<mergeCells", "<pageMargins/><mergeCells", "out of order"),
    (SHEET, '(dataValidation [^>]*sqref="B)([0-9]+)"', r'\1\2 B13:B15"', "validations overlap"),
    (SHEET, 'prompt="', 'prompt="' + "ก" * 256, "too long"),
    ("xl/comments1.xml", 'authorId="0"', 'authorId="7"', "a note without an author"),
]


@pytest.fixture(scope="module")
def template(plan_06, tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "01.xlsx"
    path.write_bytes(workbook_for(plan_06.division("01"), plan_06))
    return path


def test_no_divisions_workbook_is_offered_for_repair(plan_06, plan_12, tmp_path):
    for plan in (plan_06, plan_12):
        for division in plan.divisions:
            path = tmp_path / f"{division.code}.xlsx"
            path.write_bytes(workbook_for(division, plan))
            assert repairs(path) == [], division.code


@pytest.mark.parametrize(("part", "there", "instead", "said"), FAULTS)
def test_what_excel_would_mend_is_told(template, tmp_path, part, there, instead, said):
    path = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(template) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == part:
                content, times = re.subn(there, instead, content.decode(), count=1)
                assert times == 1
            bad.writestr(name, content)
    assert [each for each in repairs(path) if said in each]


@pytest.mark.parametrize(
    ("link", "shown", "said"),
    [
        ("internal:'ข'!A1", "=ก!$A$1:$A$2", "the link at C1 leads to no sheet ข"),
        ("internal:'ก'!Z99", "=ก!$A$1:$A$2", "where nothing is"),
        ("internal:ไม่มี", "=ก!$A$1:$A$2", "which is no place"),
        ("internal:'ก'!A1", "=ข!$A$1:$A$2", "chart1.xml leads to no sheet ข"),
        ("internal:'ก'!A1", "=ก!$A$1:$A$3", "where nothing is"),
        ("internal:'ก'!A1", "=ก!$A$1:$A$2", None),
    ],
)
@pytest.mark.filterwarnings("ignore:Unknown worksheet reference")
def test_a_link_or_chart_that_leads_nowhere_is_told(tmp_path, link, shown, said):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("ก")
        sheet.write_column("A1", [1, 2])
        sheet.write_url("C1", link)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": shown})
        sheet.insert_chart("E1", chart)
    found = repairs(path)
    assert found == [] if said is None else any(said in each for each in found), found
