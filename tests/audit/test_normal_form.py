"""What LibreOffice writes otherwise: every entry is met by the real program, none hides anything."""

import re

import pytest

from pipeline.audit.appearance import appearance
from pipeline.audit.differences import compare
from pipeline.audit.normal_form import entry_for, quoted_sheets, rewritings
from pipeline.audit.rebuild import rebuilt
from tests.support import office


@pytest.fixture(scope="module")
def met(settled_06, anew, made, saved, tmp_path_factory):
    """What was met in a draft, in a finished report, and in one saved from an open window."""
    folder = tmp_path_factory.mktemp("saved")
    finished = rebuilt(settled_06)
    (folder / "finished.xlsx").write_bytes(finished.data)
    [path] = office.convert(folder / "finished.xlsx", "xlsx", folder / "out")
    opened = office.save_open(made, folder / "open", sheet=3, row=20)
    expected = appearance(anew.data)
    return [
        compare(appearance(saved), expected),
        compare(appearance(path.read_bytes()), appearance(finished.data)),
        compare(appearance(opened.read_bytes()), expected),
    ]


@pytest.mark.office
def test_nothing_else_differs_in_what_libreoffice_saves(met):
    assert [each.differences for each in met] == [[], [], []]


@pytest.mark.office
def test_every_entry_is_met_by_the_real_program(met):
    names = {name for each in met for name in each.met}
    assert {each.name for each in rewritings()} == names


@pytest.mark.office
def test_what_marks_its_hand_is_met_in_everything_that_it_saves(met):
    hands = {each.name for each in rewritings() if each.hand}
    assert all(hands <= each.met.keys() for each in met)


def test_every_entry_has_its_reason_in_both_languages():
    thai = re.compile("[\u0e00-\u0e7f]")
    assert all(thai.search(each.th) for each in rewritings())
    assert not any(
        thai.search(each.en) or not each.en.endswith((".", ":")) for each in rewritings()
    )


# Another colour, a thing hidden, a header, a reference: (name, in the report, from the inputs).
NEVER = [
    ("font/color", "FFFFFF", "000000"),
    ("fill/patternFill/fgColor", "000000", "EBEBEB"),
    ("cfRule[1]/fill/patternFill/bgColor", "FFFFFF", "F8CBAD"),
    ("c:chartSpace/c:chart/c:plotArea/c:barChart/c:ser/c:spPr/a:solidFill/a:srgbClr@val",
     "ffffff", "2F5D8A"),
    ("c:chartSpace/c:chart/c:plotArea/c:barChart/c:ser/c:spPr/a:noFill", "", None),
    ("c:chartSpace/c:chart/c:plotArea/c:valAx/c:spPr/a:ln/a:noFill", "", None),
    ("c:chartSpace/c:chart/c:plotArea/c:valAx/c:delete@val", "1", None),
    ("c:chartSpace/c:chart/c:plotArea/c:valAx/c:scaling/c:min@val", "30", "0"),
    ("c:chartSpace/c:chart/c:plotArea/c:barChart/c:ser/c:val/c:numRef/c:f=",
     "'x'!$A$1:$A$3", "'x'!$A$1:$A$4"),
    ("c:chartSpace/c:chart/c:title/c:tx/c:rich/a:p/a:r/a:t=", "x", "y"),
    ("sheet@state", "hidden", None),
    ("row@hidden", "1", None),
    ("row@hidden", "true", None),
    ("row@ht", "0", "23.25"),
    ("row@ht", "23.25", None),
    ("row@customHeight", None, "1"),
    ("column@hidden", "true", None),
    ("column@width", "0", "21.7109375"),
    ("column@width", "20.71", "21.7109375"),
    ("definedName", "'x'!$A$1", "'x'!$A$2"),
    ("definedName", None, "'x'!$A$2"),
    ("definedName@hidden", "true", None),
    ("hyperlink@location", "'x'!A1", "'x'!A2"),
    ("mergeCell@ref", "A1:B1", None),
    ("headerFooter/oddHeader=", "x", "y"),
    ("headerFooter/oddHeader=", None, "y"),
    ("headerFooter/oddHeader", "", "y"),
    ("headerFooter@differentFirst", "true", None),
    ("number format", '"98.57"', "0.00"),
    ("number format", ";;;", "#,##0"),
    ("number format", "#,##0;;;", "#,##0;;"),
    ("number format", '"\\ "0', '" "0'),
    ("pageSetup@scale", "10", None),
    ("pageSetup@orientation", "portrait", "landscape"),
    ("pageMargins@left", "9", "0.4"),
    ("sheetViews/sheetView@zoomScale", "10", None),
    ("sheetViews/sheetView@showZeros", "false", None),
    ("sheetViews/sheetView@showGridLines", "false", "1"),
    ("sheetViews/sheetView@topLeftCell", "A4", None),
    ("sheetViews/sheetView/pane@ySplit", "9", "5"),
    ("sheetProtection@sheet", "true", None),
    ("cell v=", "98.57", "94.29"),
    ("cell v=", "94.2900001", "94.29"),
    ("cell text=", "100.0", "100"),
    ("cell f=", "'x'!A1+1", "x!A1"),
    ("cell f=", None, "x!A1"),
    ("cell is/t=", "x", "y"),
    ("dataValidation@prompt", "x", None),
    ("xdr:wsDr/anchor/xdr:from/xdr:row=", "3", "18"),
    ("xdr:wsDr/anchor/xdr:from/xdr:colOff=", "38100", "900000"),
    ("xdr:wsDr/anchor/xdr:sp/xdr:txBody/a:p/a:r/a:t=", "x", None),
    ("Properties/property[inputs_sha256]/lpwstr=", "0", "1"),
    ("cp:coreProperties/title=", "x", "y"),
    ("part", "x", None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "here", "there"), NEVER)
def test_no_entry_covers_what_a_person_would_see(what, here, there):
    assert entry_for(what, here, there) is None


@pytest.mark.parametrize(
    ("formula", "quoted"),
    [
        ("สรุป!$A$1", "'สรุป'!$A$1"),
        ("'ข้อมูล-ปก'!A1+แผน!B2", "'ข้อมูล-ปก'!A1+'แผน'!B2"),
        ('IF(a!B1="x!","y!","z")', 'IF(\'a\'!B1="x!","y!","z")'),
    ],
)
def test_names_of_sheets_are_quoted_and_texts_left_alone(formula, quoted):
    assert quoted_sheets(formula) == quoted == quoted_sheets(quoted)


def test_a_report_saved_by_another_library_is_not_excused(anew, tmp_path):
    """openpyxl writes otherwise, too; its hand is not in the list, and nothing is let pass."""
    import io

    import openpyxl

    target = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(anew.data)).save(target)
    found = compare(appearance(target.getvalue()), appearance(anew.data))
    assert found.met == {}
    assert found.differences
