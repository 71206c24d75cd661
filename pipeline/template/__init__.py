"""A division's blank workbook: the cover, the check, a sheet per form it owes, lists and marks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from pipeline.files import writing
from pipeline.messages import say, template_sheets
from pipeline.model import Assessment, Division, Plan, SubUnit, Whose, whose_code
from pipeline.template.coordinator_sheet import DivisionTexts, write_summary
from pipeline.template.cover_page import write_cover
from pipeline.template.form_sheet import Desk, write_form
from pipeline.template.limits import list_of
from pipeline.template.lines import (
    FilledRows,
    Owner,
    RowsByForm,
    carried_rows,
    coordinator_of,
    lines_of,
    owner_of,
    with_rows,
)
from pipeline.template.precheck import add_precheck, write_precheck
from pipeline.template.table_places import TablePlace, shared_keys
from pipeline.template.template_look import OPTIONS, TemplateLook
from pipeline.workbook.identity import Marks
from pipeline.workbook.postprocess import finished, trimmed
from schemas.kit.form import FormSpec

__all__ = ["DivisionTexts", "current_template", "summaries", "summary_workbook", "templates"]
__all__ += ["workbook_for"]

_LONGEST_PROPERTY = 255


def workbook_for(
    division: Division, plan: Plan, filled: RowsByForm | None = None, part: SubUnit | None = None
) -> bytes:
    """The workbook of one division, or of one part of it, as the bytes of its file.

    `filled` holds, by form, rows of typed values by column name (satang, days, codes) that stand
    there already; the cover's first row holds the values of its labelled cells.
    """
    owner, given = owner_of(division, plan, part), filled or {}

    def write(desk: Desk, form: FormSpec) -> TablePlace:
        rows = given.get(form.name, ())
        advice = _advice(form, plan, carried=bool(rows))
        return write_form(desk, form, lines_of(form, owner, rows), advice)

    return _workbook(owner, write, given.get(owner.cover.name, ()))


def summary_workbook(division: Division, plan: Plan, texts: DivisionTexts) -> bytes:
    """The workbook in which a coordinator sums up a measure from the `texts` of all divisions.

    It asks for these summaries alone. Each is a key of its own when it comes back, so that it
    takes the place of no row of the division's own, and the ordinary workbook may bring it as well.
    """
    owner = coordinator_of(division, plan)
    return _workbook(owner, partial(write_summary, owner=owner, texts=texts))


def templates(
    plan: Plan, folder: Path, earlier: Assessment | None, division: str | None = None
) -> dict[Whose, Path]:
    """Write `<code>.xlsx` for each division that owes something, or for the one named.

    A part of a division gets its own, `<code>.<part>.xlsx`. Rows that the `earlier` round has
    accepted stand in them. Gives the files by (division, part). Raises PipelineError where another
    program holds one of them open.
    """
    prefilled = carried_rows(earlier, plan)
    books = {
        whose: workbook_for(each, plan, prefilled.get(whose), part)
        for whose, each, part in _everyone(plan, division)
        if owner_of(each, plan, part).forms
    }
    return _put(books, folder, "")


def summaries(
    plan: Plan, folder: Path, texts: DivisionTexts, division: str | None = None
) -> dict[Whose, Path]:
    """Write `<code>-summary.xlsx` for each coordinator of measures of all divisions, as above."""
    books = {
        whose: summary_workbook(each, plan, texts)
        for whose, each, part in _everyone(plan, division)
        if part is None and coordinator_of(each, plan).forms
    }
    return _put(books, folder, "-summary")


def current_template(
    assessment: Assessment, division: str, part: str, rows: RowsByForm | None = None
) -> bytes | None:
    """The workbook that `templates` writes for a division or its part; None where it owes nothing.

    What is asked of a round that is settled already, so that nothing is settled twice; with `rows`
    beside those that the round before has accepted.
    """
    plan, whose = assessment.plan, (division, part)
    each, own = next((d, p) for key, d, p in _everyone(plan, division) if key == whose)
    if not owner_of(each, plan, own).forms:
        return None
    filled = with_rows(carried_rows(assessment.earlier, plan).get(whose, {}), rows or {}, plan)
    return workbook_for(each, plan, filled, own)


def _everyone(plan: Plan, division: str | None) -> Iterator[tuple[Whose, Division, SubUnit | None]]:
    """Each division, or the one named, and each of its parts."""
    for each in plan.divisions:
        if division in (None, each.code):
            yield (each.code, ""), each, None
            yield from (((each.code, part.code), each, part) for part in each.parts)


def _put(books: Mapping[Whose, bytes], folder: Path, ending: str) -> dict[Whose, Path]:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = {whose: folder / f"{whose_code(*whose)}{ending}.xlsx" for whose in books}
    for whose, path in paths.items():
        with writing(path):
            path.write_bytes(books[whose])
    return paths


def _advice(form: FormSpec, plan: Plan, *, carried: bool) -> str:
    """The one line above a table."""
    if form.about.lines:
        return say("template.help-lines")
    if carried and plan.earlier is not None:
        return say("template.help-carried", months=plan.earlier.round.months)
    return say("template.help-open")


# --- the whole workbook ---------------------------------------------------------------------------


def _workbook(
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
    plan, part = owner.plan, owner.part.code if owner.part else ""
    _write_lists(book, forms, plan, shared_keys(places))
    versions = {form.name: form.about.version for form in forms}
    codes = (plan.organisation.code, owner.division.code, plan.name)
    _write_marks(book, Marks(*codes, versions, template_sheets(), part))
    created = datetime.combine(plan.round.end, time())
    book.set_properties({"title": owner.cover.about.title, "created": created})


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


def _write_lists(
    book: Workbook, forms: Sequence[FormSpec], plan: Plan, keys: Mapping[str, tuple[str, ...]]
) -> None:
    """Write every list to the hidden sheet, a column each, and name its range.

    They are the lists the forms choose from, and the `keys` by which what was chosen is known.
    """
    sheet_name = say("template.lists-sheet")
    sheet = book.add_worksheet(sheet_name)
    sheet.hide()
    lists = dict(list_of(form, column, plan) for form in forms for column in form.columns)
    lists = {name: texts for name, texts in lists.items() if texts} | dict(keys)
    for position, (name, texts) in enumerate(lists.items()):
        for row, text in enumerate((name, *texts)):
            sheet.write_string(row, position, text)
        cells = xl_range_abs(1, position, len(texts), position)
        book.define_name(name, f"='{sheet_name}'!{cells}")
    for row in range(1 + max(map(len, lists.values()), default=0)):
        sheet.set_row(row, TemplateLook.line_height)
