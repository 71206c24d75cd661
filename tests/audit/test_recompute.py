"""Formulas by another road: as Excel computes them, beside LibreOffice, and never passed over."""

import io

import pytest
import xlsxwriter

from pipeline.audit.recompute import recompute
from pipeline.audit.report_file import ReportFile
from tests.support import office

TEXTS = ["accepted", "Accepted", "a*b", "ab", "axb", None, 3, 3.5, "3", 0, True, 45000]
PLAIN = [each for each in TEXTS if each not in ("3", True)]  # here Excel and LibreOffice agree
FORMULAS = {
    "ROUND(0.125,2)": 0.13,
    "ROUND(-0.125,2)": -0.13,
    "ROUND(2.675,2)": 2.68,
    "ROUND(1.005*1000,0)": 1005,
    "ROUND((33*1+0*0.5)/35*100,2)": 94.29,
    "ROUND(1/32*100,2)": 3.13,
    "DATE(2023,10,1)": 45200,
    "COUNTA(column.a)": 11,
    "SUM(column.a)": 45006.5,
    "SUM(column.a,column.b)": 45084.5,
    "COUNTIF(column.a,3)": 2,
    "MIN(102.86,100)": 100,
    'IF(1=1,"yes","no")': "yes",
    'IF(missing.one=0,"",1)': "",
    'IF(OR(1=2,"x"="X"),1,2)': 1,
    '"a"&1.50&"b"': "a1.5b",
    "-2+3*4-10/4": 7.5,
    "(1+2)*3": 9,
    "1/0": "#DIV/0!",
    '"x"+1': "#VALUE!",
    "Data!B1+'Data'!B2": 3,
    '"b">"A"': True,
    '1<"1"': True,
}
CRITERIA = ['"accepted"', '"ACC*"', '"a~*b"', '"a?b"', "3", '">3"', '">="&3', '"<>accepted"',
            '"<>"', '"="', '"<>3"', '"<"&DATE(2023,10,1)', '"zzz"', "TRUE"]  # fmt: skip
FORMULAS |= {f"COUNTIFS(column.a,{each})": None for each in CRITERIA}
FORMULAS |= {f"SUMIFS(column.b,column.a,{each})": None for each in CRITERIA}
FORMULAS |= {f"SUMIFS(column.b,column.a,{each},column.b,{each})": None for each in CRITERIA[4:7]}
UNKNOWN = ["SUMPRODUCT(1,2)", "VLOOKUP(1,column.a,1)", "Data!A1:A2", "nowhere.at_all", "{1,2}",
           "table[column]", "ROUND(1)", "1%", "2^3", "[1]Data!A1", "NoSheet!A1", "DATE(2023,13,1)",
           "IF(1,2,3,4)", "Formulas!A1:Data!A1"]  # fmt: skip


def workbook(formulas, texts=TEXTS):
    """A workbook with these formulas in a column, each keeping its value."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    book.set_custom_property("round", "x", "text")
    data, sheet = book.add_worksheet("Data"), book.add_worksheet("Formulas")
    for row, value in enumerate(texts):
        if value is not None:
            data.write(row, 0, value)
        data.write(row, 1, row + 1)
    book.define_name("column.a", f"=Data!$A$1:$A${len(texts)}")
    book.define_name("column.b", f"=Data!$B$1:$B${len(texts)}")
    book.define_name("missing.one", "=Data!$C$1")
    for row, (formula, value) in enumerate(formulas):
        sheet.write_formula(row, 0, f"={formula}", None, value)
    book.close()
    return target.getvalue()


def checked(formulas, texts=TEXTS):
    report = ReportFile("made.xlsx", workbook(formulas, texts))
    return recompute(report, report)


@pytest.mark.office
def test_every_formula_comes_out_as_libreoffice_computes_it(tmp_path):
    path = tmp_path / "formulas.xlsx"
    path.write_bytes(workbook([(formula, 0) for formula in FORMULAS], PLAIN))
    values = office.recalculate(path)
    kept = [(f, values.get(("Formulas", f"A{n}"), "")) for n, f in enumerate(FORMULAS, 1)]
    kept = [(f, bool(v) if f in ('"b">"A"', '1<"1"') else v) for f, v in kept]
    found = checked(
        [(f, str(v) if isinstance(v, office.ErrorValue) else v) for f, v in kept], PLAIN
    )
    assert found.count == len(FORMULAS)
    assert found.wrong == ()


def test_every_formula_comes_out_as_excel_says():
    said = [(formula, value) for formula, value in FORMULAS.items() if value is not None]
    assert checked(said).wrong == ()


@pytest.mark.parametrize("formula", UNKNOWN)
def test_what_is_not_known_is_a_finding(formula):
    [wrong] = checked([(formula, 1)]).wrong
    assert wrong.why


def test_a_circle_is_a_finding():
    found = checked([("Formulas!A2", 1), ("Formulas!A1", 1)])
    assert [each.why for each in found.wrong] == ["circular", "circular"]


def test_a_kept_value_that_is_off_by_a_satang_is_a_finding():
    [wrong] = checked([("ROUND(94.285714,2)", 94.30), ("1+1", 2)]).wrong
    assert (wrong.kept, wrong.value, wrong.why) == ("94.3", "94.29", "")
    assert checked([("1+1", "2")]).unkept


def test_the_whole_report_is_computed_and_comes_out(anew):
    found = recompute(anew, anew)
    assert found.count > 1_000
    assert found.agrees
