"""Evidence that came back as it was handed out (XMV-11), in copies of the example's mails."""

import pytest

from pipeline.messages import finding_sentence
from pipeline.model import Severity

pytestmark = pytest.mark.office  # whole rounds

MANUALS, PAGES, DONE = "คู่มือการให้บริการ", "การปรับปรุงเว็บไซต์", "กิจกรรมและหลักฐาน"


def told(settled):
    return {(f.division, f.params["measure"]): f for f in settled.findings if f.code == "XMV-11"}


def cell_of(sheet, text):
    return next(c for row in sheet.iter_rows() for c in row if text in str(c.value or ""))


def untick(sheet, rows):
    column = cell_of(sheet, "ยืนยันเป็นปัจจุบัน").column
    ticks = [row[column - 1] for row in sheet.iter_rows() if row[column - 1].value == "✓"]
    for cell in ticks[:rows]:
        cell.value = None


def test_what_was_handed_out_and_not_attested_is_no_evidence_of_this_round(two_rounds):
    """No page and no activity of this half year; a row that nobody ticked says nothing at all."""

    def pages(book):
        row = cell_of(book[PAGES], "หน้าข้อมูลที่ 3")
        book[PAGES].delete_rows(row.row)
        earlier(book)

    def earlier(book):
        for row in book[DONE].iter_rows():
            for cell in row:
                if hasattr(cell.value, "month") and cell.value.month == 8:
                    cell.value = cell.value.replace(month=2)

    two_rounds.change("06.eml", pages)
    two_rounds.change("03.eml", lambda book: untick(book[MANUALS], 2))
    two_rounds.change("04.eml", lambda book: untick(book[MANUALS], 1))
    settled = two_rounds.settle()
    found = told(settled)
    assert found.keys() == {("06", "6"), ("06", "7")}
    seventh = found["06", "7"]
    assert (seventh.severity, seventh.to, seventh.cell.sheet) == (
        Severity.WARNING,
        "division",
        DONE,
    )
    said = finding_sentence(seventh, "th", settled.plan.forms)
    assert "มาตรการที่ 7" in said
    assert "3 แถว" in said
    of_manuals = [(f.division, f.code) for f in settled.findings if f.form == "service_manual"]
    assert of_manuals == [("03", "neither-tick-nor-rows"), ("04", "required")]


def test_the_example_has_evidence_of_its_own_of_every_measure(settled_12):
    assert told(settled_12) == {}
