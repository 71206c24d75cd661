"""The reader of formulas finds what Excel 2010 does not know, wherever a workbook can hold it."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.support.excel2010 import forbidden_functions, functions_in


@pytest.mark.parametrize(
    ("formula", "names"),
    [
        ("SUM(A1:A2)*IF(B1=\"XLOOKUP(\",1,'MAX(1)'!A1)", {"SUM", "IF"}),
        ("_xlfn.STDEV.S(procurement.agreed_price_baht)", {"_XLFN.STDEV.S"}),
        ("COUNTIFS(ตาราง[[#This Row],[ยอด (บาท)]],1)", {"COUNTIFS"}),
        ('"a ""IFS(1)"" b"&iferror (1,2)', {"IFERROR"}),
        ("procurement.agreed_price_baht+(1)", set()),
    ],
)
def test_functions_are_told_from_texts_sheets_columns_and_names(
    formula: str, names: set[str]
) -> None:
    assert functions_in(formula) == names


def written(path: Path, cell: str, name: str, check: str, colour: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("ก")
        sheet.write_formula("A1", cell, None, 1)
        book.define_name("total", name)
        sheet.data_validation("B1", {"validate": "custom", "value": check})
        sheet.conditional_format("C1", {"type": "formula", "criteria": colour})
    return path


def test_a_workbook_of_2010_is_let_through(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx",
        "=SUMIFS(D1:D3,E1:E3,1)+_xlfn.STDEV.S(D1:D3)",
        "=INDEX(ก!$D$1:$D$3,MATCH(1,ก!$E$1:$E$3,0))",
        "=ISNUMBER(B1)",
        "=IFERROR(C1,FALSE)",
    )
    assert forbidden_functions(path) == set()


def test_what_is_younger_is_named_in_a_cell_a_name_a_check_and_a_colour(tmp_path: Path) -> None:
    path = written(
        tmp_path / "b.xlsx",
        "=_xlfn.IFS(D1,1)+STDEV.S(D1:D2)",
        "=_xlfn.XLOOKUP(1,ก!$D$1:$D$3,ก!$E$1:$E$3)",
        '=_xlfn.TEXTJOIN(",",TRUE,B1)=""',
        "=_xlfn.CONCAT(C1)=1",
    )
    expected = {"_XLFN.IFS", "_XLFN.XLOOKUP", "_XLFN.TEXTJOIN", "_XLFN.CONCAT", "STDEV.S"}
    assert forbidden_functions(path) == expected
