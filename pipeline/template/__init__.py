"""A division's blank workbook: the cover, one sheet per form it owes, the lists and the marks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from pipeline.files import writing
from pipeline.messages import say
from pipeline.model import Division, Plan
from pipeline.template.cover import write_cover
from pipeline.template.lines import FilledRows, Owner, lines_of, owner_of
from pipeline.template.lists import write_lists
from pipeline.template.look import OPTIONS, Look
from pipeline.template.places import Place, shared_keys
from pipeline.template.precheck import add_precheck, write_precheck
from pipeline.template.sheet import Desk, write_form
from pipeline.workbook.finished import finished, freed_heights
from pipeline.workbook.marks import Marks
from schemas.kit.form import FormSpec

__all__ = ["templates", "workbook_for"]

Filled = Mapping[str, FilledRows]
_LONGEST_PROPERTY = 255


def workbook_for(division: Division, plan: Plan, filled: Filled | None = None) -> bytes:
    """The workbook of one division, as the bytes of its file.

    `filled` holds, by form, rows of typed values by column name (satang, days, codes) that stand
    there already; the cover's first row holds the values of its labelled cells.
    """
    owner, given = owner_of(division, plan), filled or {}
    target = BytesIO()
    book = Workbook(target, dict(OPTIONS))
    desk = Desk(book, Look(book), plan)
    labels, table = write_cover(desk, owner, given.get(owner.cover.name, ()))
    precheck, places = add_precheck(desk), [*labels, table]
    for form in owner.forms:
        lines = lines_of(form, owner, given.get(form.name, ()))
        advice = _advice(form, plan, carried=bool(given.get(form.name)))
        places.append(write_form(desk, form, lines, advice).beside(table))
    write_precheck(desk, precheck, places)
    _finish(book, owner, places)
    book.close()
    return finished(target.getvalue(), freed_heights)


def templates(
    plan: Plan, folder: Path, prefilled: Mapping[str, Filled], division: str | None = None
) -> list[Path]:
    """Write `<code>.xlsx` for each division that owes something, or for the one named.

    Raises PipelineError where another program holds one of them open.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    chosen = [each for each in plan.divisions if division in (None, each.code)]
    written = []
    for each in chosen:
        if owner_of(each, plan).forms:
            path = folder / f"{each.code}.xlsx"
            made = workbook_for(each, plan, prefilled.get(each.code))
            with writing(path):
                path.write_bytes(made)
            written.append(path)
    return written


def _advice(form: FormSpec, plan: Plan, *, carried: bool) -> str:
    """The one line above a table."""
    if form.about.lines:
        return say("template.help-lines")
    if carried and plan.earlier is not None:
        return say("template.help-carried", months=plan.earlier.round.months)
    return say("template.help-open")


def _finish(book: Workbook, owner: Owner, places: Sequence[Place]) -> None:
    """Add what the clerk does not see: the lists, whose workbook it is, and when it was made."""
    forms = (owner.cover, *owner.forms)
    write_lists(book, forms, owner.plan, shared_keys(places))
    versions = {form.name: form.about.version for form in forms}
    plan = owner.plan
    ours = tuple(say(f"template.{name}-sheet") for name in ("precheck", "lists", "marks"))
    marks = Marks(plan.organisation.code, owner.division.code, plan.name, versions, ours)
    _write_marks(book, marks)
    made = datetime.combine(plan.round.end, time())
    book.set_properties({"title": owner.cover.about.title, "created": made})


def _write_marks(book: Workbook, marks: Marks) -> None:
    sheet = book.add_worksheet(say("template.marks-sheet"))
    sheet.hide()
    for row, pair in enumerate(marks.rows()):
        sheet.set_row(row, Look.line_height)
        for place, text in enumerate(pair):
            sheet.write_string(row, place, text)
    for name, value in marks.properties().items():
        if len(value) <= _LONGEST_PROPERTY:
            book.set_custom_property(name, value, "text")
