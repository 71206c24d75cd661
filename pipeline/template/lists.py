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


@dataclass(frozen=True)
class NamedList:
    """A defined name and the texts it stands for."""

    name: str
    texts: tuple[str, ...]


def list_of(form: FormSpec, column: Column, plan: Plan) -> NamedList | None:
    """The list a column is chosen from, or None where it is typed freely."""
    texts = column.listed(plan.context)
    name = column.kind.list_name or f"{form.name}_{column.name}"
    return NamedList(f"list_{name}", texts) if texts else None


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
