"""Printed pages: what would fit on one is not cut, and headings go with what they head."""

from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.digests import properties
from pipeline.report import report
from pipeline.report.paging import page_breaks, page_height, pages_wide
from tests.support import office

ROOM = 100.0
HEIGHTS = st.lists(st.floats(1, 60), min_size=1, max_size=60)


def test_a_block_that_would_be_cut_begins_a_page():
    assert page_breaks([60, 20, 30], [1], ROOM) == [1]
    assert page_breaks([60, 20, 20], [1], ROOM) == []


def test_a_long_block_goes_on_where_there_is_room_and_begins_a_page_where_there_is_little():
    assert page_breaks([30, *[20] * 9], [1], ROOM) == []
    assert page_breaks([80, *[20] * 9], [1], ROOM) == [1]


def test_a_few_rows_too_many_go_to_the_page_of_what_follows_them():
    """A printer with a hair more room would leave the next heading alone below them."""
    assert page_breaks([*[20] * 5, 10, 30], [6], ROOM) == [5]
    assert page_breaks([*[20] * 5, 20, 30], [6], ROOM) == []


def test_no_title_stands_on_a_page_without_what_it_heads(settled_messy, tmp_path):
    path = tmp_path / "report.xlsx"
    report(settled_messy, path, properties(settled_messy))
    broken = {
        ws.title: [each.id for each in ws.row_breaks.brk] for ws in openpyxl.load_workbook(path)
    }
    assert sum(map(bool, broken.values())) > 5
    assert [title for title, rows in broken.items() if rows and rows[0] < 5] == []


@given(HEIGHTS, st.lists(st.integers(0, 59), max_size=8))
def test_no_block_that_fits_on_a_page_is_cut(heights, starts):
    blocks = sorted({0, *(start for start in starts if start < len(heights))})
    page = pages(heights, page_breaks(heights, blocks, ROOM))
    for first, following in pairwise([*blocks, len(heights)]):
        if sum(heights[first:following]) <= ROOM:
            assert len(set(page[first:following])) == 1


def pages(heights, breaks):
    """The page of every row, as a printer that fills pages from the top lays them out."""
    numbers, number, used = [], 0, 0.0
    for row, height in enumerate(heights):
        if row in breaks or used + height > ROOM:
            number, used = number + 1, 0.0
        used += height
        numbers.append(number)
    return numbers


def test_wide_columns_make_rows_smaller_and_then_more_pages():
    assert page_height([40.0]) < page_height([200.0])
    assert [pages_wide([each]) for each in (100.0, 300.0, 400.0, 700.0)] == [1, 1, 2, 3]


@pytest.mark.office
def test_tables_of_the_report_are_printed_whole(settled_12, tmp_path):
    path = tmp_path / "report.xlsx"
    report(settled_12, path, properties(settled_12))
    printed = ["".join(text.split()) for text in office.page_texts(path, tmp_path)]
    together = (
        ("จำแนกตามเดือน", "จำแนกตามประเภท"),
        ("จำแนกตามไตรมาส", "จำนวนสัญญาจำแนกตามวิธีและไตรมาส"),
        ("ราคาที่ตกลง(บาท)จำแนกตามวิธีและไตรมาส", "จำแนกตามผู้ขาย"),
        ("ความสำเร็จของแต่ละมาตรการ", "ตัวเลขอื่นของรอบ"),
    )
    for first, second in together:
        assert any(first in page and second in page for page in printed), (first, second)
