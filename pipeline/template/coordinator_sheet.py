"""The sheet on which a coordinator sums up a measure: all divisions' words left, one row right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.styles import split_for_rows
from pipeline.template.form_sheet import Desk, write_form, write_value
from pipeline.template.lines import Owner, TemplateLine, lines_of
from pipeline.template.table_places import TablePlace
from schemas.kit.columns import Column, Filled, Severity, shown_column
from schemas.kit.form import FormSpec, Overview

# By measure: of each division the words it reported, by column; under "" the division's name.
DivisionTexts = Mapping[int, Sequence[Mapping[str, str]]]

_SHOWN = "shown_"  # before the name of the column that is quoted
_SIZE = 14
_ZOOM = 90  # percent: both sides are to be seen at once
_NARROWER = 0.7  # the rows are many, so that a column may be narrower than where it has but one
_NARROWEST = 9
_DIVISION_WIDTH = 26


def write_summary(desk: Desk, form: FormSpec, owner: Owner, texts: DivisionTexts) -> TablePlace:
    """Write the sheet: a block of rows for each measure, the cells to be filled merged down it."""
    whole = summary_form(form)
    asked = lines_of(whole, owner, ())
    blocks = [list(_block(whole, line, texts[_measure(form, line)])) for line in asked]
    lines = [line for block in blocks for line in block]
    place = write_form(desk, whole, lines, say("template.help-summary"))
    sheet = desk.book.get_worksheet_by_name(form.about.sheet)
    sheet.set_zoom(_ZOOM)
    first = place.top + 1
    for block in blocks:
        _merge(desk, sheet, whole, block[0], (first, first + len(block) - 1))
        first += len(block)
    return place


def summary_form(form: FormSpec) -> FormSpec:
    """The form as this sheet has it: what a row is of, what is shown, what is asked for.

    What else is printed of a measure is left out; what a division's own row must have is asked for
    here too.
    """
    scope = form.trait(Overview).column
    head = [c for c in form.table_columns if c.filled is Filled.CONFIGURED and c.name != scope]
    asked = [c for c in form.table_columns if c.name == scope or c.filled is Filled.TYPED]
    columns = (*head[:2], *_quoted(form), *(_as_required(c, scope) for c in asked))
    narrow = (replace(c, width=max(c.width * _NARROWER, _NARROWEST)) for c in columns)
    return replace(form, columns=tuple(narrow))


def _as_required(column: Column, scope: str) -> Column:
    if column.required_if is None or column.required_if[0] != scope:
        return column
    return replace(column, required=Severity.WARNING, required_if=None)


def _quoted(form: FormSpec) -> Iterator[Column]:
    for name, heading in form.trait(Overview).quoted.items():
        width = form.column(name).width if name else _DIVISION_WIDTH
        yield shown_column(f"{_SHOWN}{name}", heading, width)


def _measure(form: FormSpec, line: TemplateLine) -> int:
    number = line.values[form.about.key[0]]
    assert isinstance(number, int)
    return number


def _block(
    form: FormSpec, line: TemplateLine, texts: Sequence[Mapping[str, str]]
) -> Iterator[TemplateLine]:
    """The rows beside one summary: a division's words, which go on below where they are long."""
    closed = frozenset(column.name for column in form.columns)
    rows = [row for words in texts or [{}] for row in _rows(form, words)]
    yield replace(line, values={**line.values, **rows[0]})
    for row in rows[1:]:
        yield TemplateLine(row, closed)


def _rows(form: FormSpec, words: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    parts = {
        f"{_SHOWN}{name}": split_for_rows(
            words.get(name, ""), form.column(f"{_SHOWN}{name}").width, _SIZE
        )
        for name in form.trait(Overview).quoted
    }
    for row in zip_longest(*parts.values(), fillvalue=""):
        yield {name: text for name, text in zip(parts, row, strict=True) if text}


def _merge(
    desk: Desk, sheet: Worksheet, form: FormSpec, line: TemplateLine, rows: tuple[int, int]
) -> None:
    """Make the cells that belong to all rows of a block one cell each."""
    first, last = rows
    for number, column in enumerate(form.table_columns):
        if column.filled is not Filled.SHOWN and last > first:
            closed = column.name in line.closed
            value, look = line.values.get(column.name), desk.look.cell(column, closed=closed)
            sheet.merge_range(first, number, last, number, "", look)
            write_value(desk, sheet, (first, number), column, value, closed=closed)
