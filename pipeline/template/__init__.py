"""A division's blank workbook: the cover, one sheet per form it owes, the lists and the marks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from pipeline.files import writing
from pipeline.messages import say
from pipeline.model import Division, Plan
from pipeline.template.cover import write_cover
from pipeline.template.lines import FilledRows, Owner, coordinator_of, lines_of, owner_of
from pipeline.template.lists import write_lists
from pipeline.template.look import OPTIONS, Look
from pipeline.template.places import Place, shared_keys
from pipeline.template.precheck import add_precheck, write_precheck
from pipeline.template.sheet import Desk, write_form
from pipeline.template.summary import Told, write_summary
from pipeline.workbook.heights import freed_heights
from pipeline.workbook.marks import Marks
from schemas.kit.form import FormSpec

__all__ = ["Told", "summaries", "summary_workbook", "templates", "workbook_for"]

Filled = Mapping[str, FilledRows]
_LONGEST_PROPERTY = 255


def workbook_for(division: Division, plan: Plan, filled: Filled | None = None) -> bytes:
    """The workbook of one division, as the bytes of its file.

    `filled` holds, by form, rows of typed values by column name (satang, days, codes) that stand
    there already; the cover's first row holds the values of its labelled cells.
    """
    owner, given = owner_of(division, plan), filled or {}

    def write(desk: Desk, form: FormSpec) -> Place:
        lines = lines_of(form, owner, given.get(form.name, ()))
        advice = _advice(form, plan, carried=bool(given.get(form.name)))
        return write_form(desk, form, lines, advice)

    return _workbook(owner, write, given.get(owner.cover.name, ()))


def summary_workbook(division: Division, plan: Plan, told: Told) -> bytes:
    """The workbook in which a coordinator sums up what all divisions have `told` of a measure.

    It asks for these summaries alone. Each is a part of its own when it comes back, so that it
    takes the place of no row of the division's own, and the ordinary workbook may bring it as well.
    """
    owner = coordinator_of(division, plan)
    return _workbook(owner, partial(write_summary, owner=owner, told=told))


def templates(
    plan: Plan, folder: Path, prefilled: Mapping[str, Filled], division: str | None = None
) -> dict[str, Path]:
    """Write `<code>.xlsx` for each division that owes something, or for the one named.

    Raises PipelineError where another program holds one of them open.
    """
    owing = [each for each in _chosen(plan, division) if owner_of(each, plan).forms]
    books = {each.code: workbook_for(each, plan, prefilled.get(each.code)) for each in owing}
    return _put(books, folder, "")


def summaries(plan: Plan, folder: Path, told: Told, division: str | None = None) -> dict[str, Path]:
    """Write `<code>-summary.xlsx` for each coordinator of measures of all divisions, as above."""
    owing = [each for each in _chosen(plan, division) if coordinator_of(each, plan).forms]
    books = {each.code: summary_workbook(each, plan, told) for each in owing}
    return _put(books, folder, "-summary")


def _chosen(plan: Plan, division: str | None) -> list[Division]:
    return [each for each in plan.divisions if division in (None, each.code)]


def _put(books: Mapping[str, bytes], folder: Path, ending: str) -> dict[str, Path]:
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = {code: folder / f"{code}{ending}.xlsx" for code in books}
    for code, path in paths.items():
        with writing(path):
            path.write_bytes(books[code])
    return paths


def _workbook(
    owner: Owner, write: Callable[[Desk, FormSpec], Place], cover: FilledRows = ()
) -> bytes:
    """A workbook for what the owner owes: cover, check, a sheet for each form, lists and marks."""
    target = BytesIO()
    book = Workbook(target, dict(OPTIONS))
    desk = Desk(book, Look(book), owner.plan)
    labels, table = write_cover(desk, owner, cover)
    precheck, places = add_precheck(desk), [*labels, table]
    places += [write(desk, form).beside(table) for form in owner.forms]
    write_precheck(desk, precheck, places)
    _finish(book, owner, places)
    book.close()
    return freed_heights(target.getvalue())


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
