"""Where the tables of a workbook stand, and what they hold when it leaves us."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd
from xlsxwriter.utility import xl_range_abs

from pipeline.model import Plan
from pipeline.template.lines import TemplateLine
from schemas.kit.columns import Column, Filled
from schemas.kit.excel.excel_reading import Lists, array, keys_of
from schemas.kit.excel.rule_formulas import SymbolRows
from schemas.kit.form import FormSpec
from schemas.kit.kinds import TICK, ColumnKind

_SHARED = {ColumnKind.MONTH: "keys_months", ColumnKind.DIVISION: "keys_divisions"}


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
    def cover(self) -> FormSpec:
        """The form on whose sheet the ticks stand."""
        return next(form for form in self.plan.forms if form.about.cover)

    @property
    def block(self) -> str:
        """The cells of the table from its headings down."""
        cells = xl_range_abs(self.top, 0, self.bottom, len(self.columns) - 1)
        return f"'{self.form.about.sheet}'!{cells}"

    def beside(self, table: "TablePlace") -> "TablePlace":
        """The same with its lines on the cover, given the cover's table."""
        key = table.form.about.key[0]
        tick = next(c.name for c in table.columns if c.kind is ColumnKind.TICK)
        found = enumerate(dict(line.values) for line in table.lines)
        mine = [
            (table.top + 1 + number, row.get(tick) == TICK)
            for number, row in found
            if row.get(key) == self.form.about.sheet
        ]
        if not mine:
            return self
        rows, ticked = zip(*mine, strict=True)
        return replace(self, ticks=(rows[0], rows[-1]), ticked=ticked)

    def name(self, suffix: str) -> str:
        """A defined name of this form."""
        return f"{self.form.name}.{suffix}"

    @cached_property
    def rows(self) -> SymbolRows:
        """The cells in the words of rules."""
        first = self.plan.round.months_list[0]
        return SymbolRows(
            self.form,
            lambda column: self.name(column.name),
            lambda column: Lists(_keys(column, self.plan), first),
        )

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
    columns = [(c, place.plan) for place in places for c in place.columns if c.kind in _SHARED]
    return {_SHARED[column.kind]: keys_of(column, plan.context) for column, plan in columns}


def _keys(column: Column, plan: Plan) -> str:
    return _SHARED.get(column.kind) or array(keys_of(column, plan.context))
