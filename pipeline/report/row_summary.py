"""Rows shown away from their data sheet: at a glance, with a link back."""

from collections.abc import Mapping
from functools import cached_property

from xlsxwriter.utility import quote_sheetname

from pipeline.messages import say
from pipeline.report.book import Book
from pipeline.report.cell_content import Link, Live, Plain
from pipeline.report.data_tables import stored
from pipeline.report.page import Page
from schemas.kit.form import Glance


class DataRows:
    """The rows of one form as its data sheet shows them."""

    def __init__(self, book: Book, form: str) -> None:
        """The data sheet of the form must have been written."""
        self._table = book.assessment.tables[form]
        self._placed = book.placed[form]
        self._context = book.plan.context

    @property
    def glance(self) -> Glance:
        """The columns that tell a row at a glance."""
        return self._table.form.trait(Glance)

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {int(index): n for n, index in enumerate(self._table.frame.index)}

    def _row(self, index: int) -> int:
        return self._placed.first + self._places[index]

    def link(self, page: Page, index: int) -> Link:
        """A link to the row on the data sheet, in the words of its row number there."""
        row = self._row(index)
        return Link(page.say("row", row=row + 1), self._placed.sheet, row)

    def value(self, index: int, column: str) -> Plain:
        """A value as a cell holds it; money in baht."""
        value = self._table.frame.at[index, column]
        return stored(value, self._table.form.column(column), self._context)

    def live_amount(self, page: Page, index: int) -> Live:
        """The amount, as a formula that looks it up on the data sheet."""
        column = self._table.form.column(self.glance.amount).identifier
        cell = page.address(self._row(index), self._placed.columns[column])
        formula = f"{quote_sheetname(self._placed.sheet)}!{cell}"
        return Live(formula, self.value(index, self.glance.amount), "money")

    def place(self, index: int) -> str:
        """File, sheet and row that the row comes from."""
        file, sheet, row = (self._table.frame.at[index, n] for n in ("submission", "sheet", "row"))
        return say("report.flags.place", file=file, sheet=sheet, row=row)
