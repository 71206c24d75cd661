"""The first sheet: how to fill the workbook in, by when, and who vouches for it."""

from datetime import datetime

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.template.form_sheet import Desk, write_table, write_value
from pipeline.template.limits import help_of, limit_of, one_line
from pipeline.template.lines import FilledRows, Owner, TemplateLine, labels_of, lines_of
from pipeline.template.table_places import TablePlace
from schemas.kit.columns import Filled
from schemas.kit.thai.dates import format_date, format_time


def write_cover(
    desk: Desk, owner: Owner, filled: FilledRows
) -> tuple[list[TablePlace], TablePlace]:
    """Write the cover: instructions, labelled cells, a line for each form owed; gives both."""
    form = owner.cover
    sheet = desk.sheet(form)
    sheet.write_string(0, 0, form.about.title, desk.look.title)
    sheet.set_row(0, desk.look.title_height)
    top = _write_part(desk, sheet, owner, _write_instructions(desk, sheet, owner))
    row = _write_labels(desk, sheet, owner, filled, top)
    table = write_table(desk, sheet, form, lines_of(form, owner, filled), heading_row=row + 1)
    sheet.activate()
    closed = (c.name for c in form.labelled_columns if c.filled is Filled.CONFIGURED)
    line = TemplateLine(labels_of(owner, filled), frozenset(closed))
    labels = [
        TablePlace(form, row, row, (line,), desk.plan, label=column)
        for row, column in enumerate(form.labelled_columns, top)
    ]
    return labels, table


def _write_instructions(desk: Desk, sheet: Worksheet, owner: Owner) -> int:
    """The heading and its lines, each across the table; returns the next free row."""
    last = len(owner.cover.table_columns) - 1
    width = sum(column.width for column in owner.cover.table_columns)
    sheet.write_string(1, 0, say("template.instructions"), desk.look.subtitle)
    sheet.set_row(1, desk.look.subtitle_height)
    lines = _instructions(owner)
    for row, text in enumerate(lines, 2):
        sheet.merge_range(row, 0, row, last, text, desk.look.instruction)
        sheet.set_row(row, desk.look.text_height([(text, width)]) or desk.look.line_height)
    return 2 + len(lines)


def _instructions(owner: Owner) -> list[str]:
    plan = owner.plan
    own = [o.due for o in owner.owed if o.measure is None]
    shared = [o.due for o in owner.owed if o.measure is not None]
    sheets = ", ".join(form.about.sheet for form in owner.forms)
    lines = [say("template.step-summary", sheet=sheets)]
    if own:
        first = say("template.step-1")
        if plan.earlier is not None:
            first = say("template.step-1-carried", months=plan.earlier.round.months)
        lines = [first, say("template.step-2", tick=one_line(plan.nil_tick.th))]
    words = {"sheet": say("template.precheck-sheet"), "ready": say("template.state-ready")}
    lines.append(say("template.step-3", number=len(lines) + 1, **words))
    if own:
        lines.append(_due("template.due", min(own)))
    if shared:
        lines.append(_due("template.summary-due", min(shared)))
    lines.append(say("template.send-to", email=plan.reply_from or plan.contact.email))
    name, phone = plan.contact.name, plan.contact.phone
    return [*lines, say("template.contact", name=name, phone=phone)]


def _due(key: str, due: datetime) -> str:
    return say(key, day=format_date(due.date(), "weekday"), time=format_time(due.time()))


def _write_part(desk: Desk, sheet: Worksheet, owner: Owner, row: int) -> int:
    """The part of the division whose workbook it is, as a closed label; returns the next row."""
    if owner.part is None:
        return row
    column = owner.plan.whose
    sheet.write_string(row, 0, say("template.part"), desk.look.label(column))
    sheet.merge_range(row, 1, row, 2, owner.part.name, desk.look.cell(column, closed=True))
    sheet.set_row(row, desk.look.line_height)
    return row + 1


def _write_labels(desk: Desk, sheet: Worksheet, owner: Owner, filled: FilledRows, top: int) -> int:
    """Each label with its value to the right; returns the next free row."""
    values = labels_of(owner, filled)
    form = owner.cover
    for row, column in enumerate(form.labelled_columns, top):
        sheet.write_string(row, 0, column.th, desk.look.label(column))
        closed = column.filled is Filled.CONFIGURED
        sheet.merge_range(row, 1, row, 2, "", desk.look.cell(column, closed=closed))
        write_value(desk, sheet, (row, 1), column, values.get(column.name), closed=closed)
        sheet.set_row(row, desk.look.line_height)
        if not closed:
            note, cell = help_of(form, column), str(xl_rowcol_to_cell(row, 1))
            sheet.write_comment(row, 0, note, desk.look.note(note))
            sheet.data_validation(row, 1, row, 1, dict(limit_of(form, column, cell, desk.plan)))
    return top + len(form.labelled_columns)
