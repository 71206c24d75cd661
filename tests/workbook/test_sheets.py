"""Runs of blank cells are thinned before anything is read, and nothing else is."""

import pytest

from pipeline.workbook import values
from pipeline.workbook.sheets import thinned
from tests.support.books import MAIN, ours, raw, read, refusal, replaced

BLANKS = [
    '<c r="A1" s="1"/><c r="B1" s="1"/><c r="C1"/>',
    '<c r="A1" s="1" /><c r="B1" s="1" /><c r="C1" s="1" t="n" />',
    '<x:c r="A1" s="1"/><x:c r="B1" s="1"/><x:c r="C1"/>',
    '<c s="1" r="A1"/><c r="B1"></c><c r="C1"><!-- --></c>',
]


@pytest.mark.parametrize("blanks", BLANKS)
def test_runs_of_blank_cells_change_nothing(blanks: str) -> None:
    again = blanks.replace('1"', '2"')
    rows = f"<row>{blanks}<c><v>4</v></c></row><row>{again}</row>"
    data = raw(rows, before=f'<x:a xmlns:x="{MAIN}"/>')
    data = replaced(data, "xl/worksheets/sheet1.xml", "<worksheet", f'<worksheet xmlns:x="{MAIN}"')
    assert ours(data) == {"D1": 4.0}


def test_blank_cells_in_runs_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MOST_BLANKS", 20)
    rows = [f'<row r="{n}">' + BLANKS[0].replace('1"', f'{n}"') + "</row>" for n in range(1, 8)]
    assert read("".join(rows[:6])).cells == {}
    assert refusal(raw("".join(rows))).params == {"what": "blanks", "found": 21, "limit": 20}


def test_text_that_looks_like_blank_cells_stays() -> None:
    section = f"<row><c t='inlineStr'><is><t><![CDATA[{BLANKS[0]}]]></t></is></c></row>"
    (cell,) = read(section).cells.values()
    assert cell.raw == BLANKS[0]
    far = read(f"<!--{'x' * 70_000}--><row/>" + section).cells
    assert [cell.raw for cell in far.values()] == [BLANKS[0]]


def test_a_section_that_begins_between_two_pieces_is_seen() -> None:
    pieces = [b"<t><", b"![CDATA[" + BLANKS[0].encode(), b"]]></t>"]
    assert list(thinned(pieces, values.Tally())) == pieces
