"""What is not there: blank templates, forms without tick or rows, sheets taken out."""

from dataclasses import replace
from datetime import timedelta

import openpyxl

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.model import FormState, Severity
from pipeline.read import read
from pipeline.template import workbook_for
from tests.support.builders import example_row
from tests.support.desk import BOUGHT

GIFTS = "gift_report"
MEASURES = "measure_progress"


def issued(plan, folder, change):
    """กองคลัง's own template, changed, and what is found in it."""
    path = folder / "received" / "a.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(workbook_for(plan.division("02"), plan))
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    lines = "file,received_at,from,channel,note\na.xlsx,2023-10-02T10:00,กองคลัง,LINE,\n"
    path.with_name("received.csv").write_text(lines, "utf-8")
    return read(intake(collect(plan), plan), plan)


def test_a_blank_template_says_nothing(desk, tmp_path):
    reading = issued(desk.plan, tmp_path, lambda book: None)
    assert reading.findings == ()
    assert {r.state for r in reading.form_outcomes} == {FormState.NOT_FILLED}


def fill(book, form):
    sheet = book[form.about.sheet]
    keys = {c.th: c.name for c in form.table_columns}
    heads = next(
        row for row in sheet.iter_rows(max_row=20) if sum(c.value in keys for c in row) > 3
    )
    for cell in heads:
        value = example_row(form).get(keys.get(cell.value, ""))
        if value:
            sheet.cell(cell.row + 1, cell.column, value)


def test_a_form_with_neither_tick_nor_rows_is_asked_for_once_others_report(desk, tmp_path):
    reading = issued(desk.plan, tmp_path, lambda book: fill(book, desk.plan.form(GIFTS)))
    blank = {f.form for f in reading.findings if f.code == "neither-tick-nor-rows"}
    owed = set(desk.plan.division("02").forms)
    assert BOUGHT in blank <= owed - {GIFTS, MEASURES, "cover"}
    assert [f.form for f in reading.findings if f.code == "measures-blank"] == [MEASURES]
    assert [f.code for f in reading.findings if f.code == "missing-sheet"] == []


def test_a_form_is_not_asked_for_while_it_is_not_due(desk, tmp_path):
    """Whether `--as-of` or the clock says so."""

    def asked(**times):
        plan = replace(desk.plan, **times)
        reading = issued(plan, tmp_path, lambda book: fill(book, plan.form(GIFTS)))
        return "neither-tick-nor-rows" in {f.code for f in reading.findings}

    due = desk.plan.due
    assert asked(as_of=due)
    assert not asked(as_of=due - timedelta(minutes=1))
    assert not asked(due=due.replace(year=9000))


def test_a_sheet_taken_out_is_missed_until_it_has_come(desk, tmp_path):
    def change(book):
        fill(book, desk.plan.form(GIFTS))
        del book[desk.plan.form(BOUGHT).about.sheet]

    (missing,) = [
        f for f in issued(desk.plan, tmp_path, change).findings if f.code == "missing-sheet"
    ]
    assert (missing.params["forms"], missing.severity) == ("จัดซื้อจัดจ้าง", Severity.WARNING)
    desk.lay()
    desk.path = desk.path.with_name("b.xlsx")
    desk.book.save(desk.path)
    listed = desk.path.with_name("received.csv")
    listed.write_text(listed.read_text("utf-8") + "b.xlsx,2023-09-01T10:00,กองคลัง,LINE,\n", "utf-8")
    reading = read(intake(collect(desk.plan), desk.plan), desk.plan)
    assert [f for f in reading.findings if f.code == "missing-sheet"] == []


def test_the_examples_have_nothing_of_this_kind(settled_06):
    """Rules have codes of their own; what is told of any form has a word."""
    assert {f.code for f in settled_06.findings if f.code.islower()} == {"required"}
