"""A file is opened once in a process, for as long as there is room for what it holds."""

from dataclasses import replace

import pytest

from pipeline.intake import opening
from pipeline.intake.opening import opened


@pytest.fixture
def received(settled_06, monkeypatch):
    """Three files of the example, and a process that has opened none."""
    monkeypatch.setattr(opening, "_KEPT", type(opening._KEPT)())
    return [each.received for each in settled_06.submissions[:3]]


def test_what_is_asked_for_again_is_not_opened_again(received, monkeypatch):
    first = opened(received, 1)
    assert len({id(each) for each in first.values()}) == len(received)
    asked = []
    monkeypatch.setattr(opening, "map_guarded", lambda _, items, jobs: asked.extend(items) or items)
    again = opened(received, 1)
    assert asked == []
    assert all(again[data] is first[data] for data in first)
    other = replace(received[0], data=b"other")
    assert opened([other, *received], 1)[b"other"] == b"other"
    assert asked == [b"other"]


def test_what_is_no_workbook_is_not_kept_and_what_is_left_unopened_is_not_asked_for(received):
    broken = replace(received[0], data=b"broken")
    ignored = replace(received[1], ignored="no-attachment")
    assert list(opened([broken, ignored], 1)) == [b"broken"]
    assert list(opening._KEPT) == []


def test_the_oldest_are_let_go_where_there_is_no_room(received, monkeypatch):
    found = list(opened(received, 1).items())
    cells = [sum(len(sheet.cells) for sheet in book.sheets) for _, book in found]
    monkeypatch.setattr(opening, "_MOST_CELLS", sum(cells[1:]))
    opening._let_go()
    assert list(opening._KEPT) == [data for data, _ in found[1:]]
