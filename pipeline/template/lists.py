"""The lists behind the drop-downs: named ranges of a hidden sheet; an inline list is short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from pipeline.messages import say
from pipeline.model import Plan
from pipeline.template.template_look import TemplateLook
from schemas.kit.columns import Column
from schemas.kit.form import FormSpec
from schemas.kit.kinds import TICK, ColumnKind
from schemas.kit.thai.dates import format_month

_SHARED = {ColumnKind.MONTH: "months", ColumnKind.DIVISION: "divisions", ColumnKind.TICK: "ticks"}


@dataclass(frozen=True)
class NamedList:
    """A defined name and the texts it stands for."""

    name: str
    texts: tuple[str, ...]


def list_of(form: FormSpec, column: Column, plan: Plan) -> NamedList | None:
    """The list a column is chosen from, or None where it is typed freely."""
    texts = _texts(column, plan)
    if not texts:
        return None
    return NamedList(f"list_{_SHARED.get(column.kind, f'{form.name}_{column.name}')}", texts)


def write_lists(
    book: Workbook, forms: Sequence[FormSpec], plan: Plan, keys: Mapping[str, Sequence[str]]
) -> None:
    """Write every list to the hidden sheet, a column each, and name its range.

    They are the lists the forms choose from, and the `keys` by which what was chosen is known.
    """
    sheet_name = say("template.lists-sheet")
    sheet = book.add_worksheet(sheet_name)
    sheet.hide()
    found = (list_of(form, column, plan) for form in forms for column in form.columns)
    lists = {each.name: each for each in found if each is not None}
    lists |= {name: NamedList(name, tuple(texts)) for name, texts in keys.items()}
    for position, each in enumerate(lists.values()):
        for row, text in enumerate((each.name, *each.texts)):
            sheet.write_string(row, position, text)
        cells = xl_range_abs(1, position, len(each.texts), position)
        book.define_name(each.name, f"='{sheet_name}'!{cells}")
    for row in range(1 + max((len(each.texts) for each in lists.values()), default=0)):
        sheet.set_row(row, TemplateLook.line_height)


def _texts(column: Column, plan: Plan) -> tuple[str, ...]:
    if column.kind is ColumnKind.MONTH:
        return tuple(format_month(month) for month in plan.round.months_list)
    if column.kind is ColumnKind.DIVISION:
        return tuple(division.name for division in plan.divisions)
    return (TICK,) if column.kind is ColumnKind.TICK else column.choices
