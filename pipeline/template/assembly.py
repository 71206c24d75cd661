"""A whole workbook: the cover, the check, a sheet for each form, the lists and the marks."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from io import BytesIO

from xlsxwriter import Workbook

from pipeline.messages import say, template_sheets
from pipeline.template.cover_page import write_cover
from pipeline.template.form_sheet import Desk
from pipeline.template.lines import FilledRows, Owner
from pipeline.template.lists import write_lists
from pipeline.template.precheck import add_precheck, write_precheck
from pipeline.template.table_places import TablePlace, shared_keys
from pipeline.template.template_look import OPTIONS, TemplateLook
from pipeline.workbook.identity import Marks
from pipeline.workbook.postprocess import finished, trimmed
from schemas.kit.form import FormSpec

_LONGEST_PROPERTY = 255


def assembled(
    owner: Owner, write: Callable[[Desk, FormSpec], TablePlace], cover: FilledRows = ()
) -> bytes:
    """The workbook for what the owner owes, each form written by `write`, as bytes."""
    target = BytesIO()
    book = Workbook(target, dict(OPTIONS))
    desk = Desk(book, TemplateLook(book), owner.plan)
    labels, table = write_cover(desk, owner, cover)
    precheck, places = add_precheck(desk), [*labels, table]
    places += [write(desk, form).beside(table) for form in owner.forms]
    write_precheck(desk, precheck, places)
    _finish(book, owner, places)
    book.close()
    return finished(target.getvalue(), trimmed)


def _finish(book: Workbook, owner: Owner, places: Sequence[TablePlace]) -> None:
    """Add what the clerk does not see: the lists, whose workbook it is, and when it was made."""
    forms = (owner.cover, *owner.forms)
    write_lists(book, forms, owner.plan, shared_keys(places))
    versions = {form.name: form.about.version for form in forms}
    plan = owner.plan
    part = owner.part.code if owner.part else ""
    marks = Marks(
        plan.organisation.code, owner.division.code, plan.name, versions, template_sheets(), part
    )
    _write_marks(book, marks)
    made = datetime.combine(plan.round.end, time())
    book.set_properties({"title": owner.cover.about.title, "created": made})


def _write_marks(book: Workbook, marks: Marks) -> None:
    sheet = book.add_worksheet(say("template.marks-sheet"))
    sheet.hide()
    for row, pair in enumerate(marks.rows()):
        sheet.set_row(row, TemplateLook.line_height)
        for place, text in enumerate(pair):
            sheet.write_string(row, place, text)
    for name, value in marks.properties().items():
        if len(value) <= _LONGEST_PROPERTY:
            book.set_custom_property(name, value, "text")
