"""Forms → a division's blank workbook: one sheet per form it owes, its identity within."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from pipeline.messages import say
from pipeline.model import Division, Plan
from pipeline.plan import obligations
from pipeline.styles import INPUT_DATE, Styles, print_setup
from pipeline.template.lines import Row, lines
from pipeline.template.sheets import Lists, Page, write_table, write_text_rows, write_value
from pipeline.workbook.marks import Marks
from schemas.kit.columns import Filled
from schemas.kit.form import FormSpec
from schemas.kit.kinds import Kind
from schemas.kit.thai_dates import format_date, format_time

__all__ = ["templates", "workbook_for"]

Rows = Mapping[str, Sequence[Row]]
_LABEL_COLUMN, _VALUE_COLUMN = 0, 1


def templates(
    plan: Plan, folder: Path, filled: Mapping[str, Rows], division: str | None = None
) -> list[Path]:
    """Write `<code>.xlsx` for each division that owes something, prefilled with `filled`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for each in plan.divisions:
        if division in (None, each.code):
            path = folder / f"{each.code}.xlsx"
            path.write_bytes(workbook_for(each, plan, filled.get(each.code)))
            written.append(path)
    return written


def workbook_for(division: Division, plan: Plan, filled: Rows | None = None) -> bytes:
    """A division's workbook as bytes; `filled` holds rows of stored values by form."""
    rows = filled or {}
    forms = _owed(division, plan)
    cover = next(form for form in plan.forms if form.about.cover)
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"title": division.name, "created": datetime(plan.round.start.year, 10, 1)})
    styles = Styles(workbook)
    workbook.formats[0].set_locked(False)
    sheets = [workbook.add_worksheet(form.about.sheet) for form in (cover, *forms)]
    lists = Lists(workbook, workbook.add_worksheet(say("template.lists-sheet")))
    lists.sheet.hide()
    for form, sheet in zip((cover, *forms), sheets, strict=True):
        page = Page(sheet, form, plan, styles, lists)
        write = _write_cover if form.about.cover else _write_form
        write(page, division, rows.get(form.name, ()))
    _write_marks(workbook, Marks(plan.organisation.code, division.code, plan.round.name, _versions(cover, forms)))
    sheets[0].activate()
    workbook.close()
    return out.getvalue()


def _versions(cover: FormSpec, forms: Sequence[FormSpec]) -> dict[str, str]:
    return {form.name: form.about.version for form in (cover, *forms)}


def _owed(division: Division, plan: Plan) -> list[FormSpec]:
    """The forms the division owes in this round, in the order of the forms."""
    names = {o.form for o in obligations(plan) if o.division == division.code and o.in_this_round}
    return [form for form in plan.forms if form.name in names]


def _write_form(page: Page, division: Division, filled: Sequence[Row]) -> None:
    width = sum(column.width for column in page.columns)
    intro = [("title", page.form.about.title), ("note", say("template.how", division=division.name))]
    top = write_text_rows(page, 0, intro, width)
    write_table(page, top, lines(page.form, division, page.plan, filled))
    print_setup(page.sheet, landscape=True, footer=say("template.footer"))


def _write_cover(page: Page, division: Division, filled: Sequence[Row]) -> None:
    """What to do, by when and for whom; who vouches; what is confirmed to be empty."""
    plan, contact = page.plan, page.plan.contact
    width = sum(column.width for column in page.columns)
    due = f"{format_date(plan.due.date(), 'weekday')} {format_time(plan.due.time())}"
    steps = [
        ("title", say("template.cover-title")),
        ("subtitle", say("template.for", division=division.name, months=plan.round.months, year=plan.round.fiscal_year.be)),
        ("text_plain", say("template.step-1")),
        ("text_plain", say("template.step-2")),
        ("text_plain", say("template.step-3", due=due, email=plan.reply_from or contact.email)),
        ("note", say("template.contact", name=contact.name, phone=contact.phone, email=contact.email)),
    ]
    at = write_text_rows(page, 0, steps, width) + 1
    at = _write_labels(page, at, division, filled[0] if filled else {}) + 1
    rows = lines(page.form, division, plan, filled[1:])
    write_table(page, at, rows)
    print_setup(page.sheet, landscape=False, footer=say("template.footer"))


def _write_labels(page: Page, at: int, division: Division, given: Row) -> int:
    """Each label with its value beside it; identity is locked, the rest is typed."""
    known = _identity(page.plan, division)
    for column in page.form.labelled_columns:
        locked = column.filled is Filled.CONFIGURED
        look = page.styles.get("input_locked" if locked else "input", **_number_format(column.kind))
        value = known.get(column.kind if column.kind is Kind.DIVISION else column.name, None)
        value = given.get(column.name, value)
        page.sheet.set_row(at, 24)
        page.sheet.write_string(at, _LABEL_COLUMN, column.th, page.styles.get("label"))
        write_value(page.sheet, at, _VALUE_COLUMN, value, look)
        at += 1
    return at


def _identity(plan: Plan, division: Division) -> dict[str, object]:
    """What the cover knows by itself, by column name (the division by its kind)."""
    return {
        str(Kind.DIVISION): division.name,
        "fiscal_year": str(plan.round.fiscal_year.be),
        "report_round": say("template.months", months=plan.round.months),
        "certified_by": division.head or None,
    }


def _number_format(kind: Kind) -> dict[str, str]:
    return {"num_format": INPUT_DATE} if kind is Kind.DAY else {"num_format": "@"}


def _write_marks(workbook: Workbook, marks: Marks) -> None:
    """The identity, in the document's properties and on a hidden sheet that bears being seen."""
    for key, value in marks.properties().items():
        workbook.set_custom_property(key, value)
    sheet = workbook.add_worksheet(say("template.marks-sheet"))
    for row, pair in enumerate(marks.rows()):
        sheet.write_row(row, 0, pair)
    sheet.hide()


