"""Where the tables of a workbook stand, and what they hold when it leaves us."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from xlsxwriter.utility import xl_range_abs

from pipeline.model import Plan
from pipeline.template.lines import TemplateLine
from schemas.kit.columns import Column, Filled
from schemas.kit.excel_reading import Lists, array
from schemas.kit.form import FormSpec
from schemas.kit.rule_formulas import SymbolRows


@dataclass(frozen=True)
class TablePlace:
    """Where a form's table stands, or the cell of a `label`, and what it holds when it leaves us.

    Rows are counted from 0. `top` is the row of the headings, or that of the label; `ticks` are the
    first and last row of the cover's lines for this form, `ticked` tells which of them are.
    """

    form: FormSpec
    top: int
    bottom: int
    lines: tuple[TemplateLine, ...]
    plan: Plan
    ticks: tuple[int, int] | None = None
    ticked: tuple[bool, ...] = ()
    label: Column | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table, or the labelled one."""
        return (self.label,) if self.label else self.form.table_columns

    @property
    def block(self) -> str:
        """The cells of the table from its headings down."""
        cells = xl_range_abs(self.top, 0, self.bottom, len(self.columns) - 1)
        return f"'{self.form.about.sheet}'!{cells}"

    def beside(self, table: "TablePlace") -> "TablePlace":
        """The same with its lines on the cover, given the cover's table."""
        key = table.form.about.key[0]
        rows = enumerate((dict(line.values) for line in table.lines), table.top + 1)
        tick, mine = self.plan.nil_tick.name, self.form.about.sheet
        ticked = {number: bool(row.get(tick)) for number, row in rows if row.get(key) == mine}
        if not ticked:
            return self
        ticks = (min(ticked), max(ticked))
        return replace(self, ticks=ticks, ticked=tuple(ticked.values()))

    def name(self, suffix: str) -> str:
        """A defined name of this form."""
        return f"{self.form.name}.{suffix}"

    @cached_property
    def rows(self) -> SymbolRows:
        """The cells in the words of rules."""
        return SymbolRows(self.form, lambda column: self.name(column.name), self._lists)

    def _lists(self, column: Column) -> Lists:
        """The name of the keys of a column, or the array of them, and the first month."""
        named = column.kind.list_name
        keys = _name_of_keys(column) if named else array(_keys(column, self.plan))
        return Lists(keys, self.plan.round.months_list[0])

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows as they leave us."""
        columns = [c for c in self.form.columns if not c.derived]
        rows = [dict(line.values) for line in self.lines]
        frame = pd.DataFrame(rows, columns=[c.name for c in columns], dtype=object)
        return frame.astype({c.name: c.dtype for c in columns})

    @cached_property
    def begun_names(self) -> list[str]:
        """The columns of which one that is filled makes a row: no formula, nothing only shown."""
        apart = (Filled.FORMULA, Filled.SHOWN)
        return [c.name for c in self.columns if c.filled not in apart]

    @cached_property
    def typed_names(self) -> list[str]:
        """The columns of the table that the clerk types."""
        typed = self.form.typed_columns(prefilled=self.plan.earlier is not None)
        return [c.name for c in typed if not c.labelled]

    def sheet_row(self, position: int) -> int:
        """The row, counted from 1, of a line at a position counted from 0."""
        return self.top + position + (1 if self.label else 2)


def shared_keys(places: Sequence[TablePlace]) -> dict[str, tuple[str, ...]]:
    """The keys that the formulas of several columns look up, by defined name."""
    columns = [(c, place.plan) for place in places for c in place.columns if c.kind.list_name]
    keys = {_name_of_keys(column): _keys(column, plan) for column, plan in columns}
    return {name: each for name, each in keys.items() if each}


def _name_of_keys(column: Column) -> str:
    return f"keys_{column.kind.list_name}"


def _keys(column: Column, plan: Plan) -> tuple[str, ...]:
    """The matching keys of all that may be typed into a column."""
    return tuple(column.kind.keys(column.vocabulary(plan.context)))
