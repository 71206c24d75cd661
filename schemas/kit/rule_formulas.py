"""A form's checks as Excel formulas: the judges that pandas asks, asked with symbols for columns.

A rule is one function of rows. Given a frame it judges values; given `Rows` it writes down what it
does to them, and what it writes is a formula for an array, one value a row, in functions of Excel
2010. What has no such formula is `Inexpressible`, and is judged when the workbook has come in.

A cell is known where the formula reads it as the reader does, blank where it says nothing, unsure
where only the reader can tell, and else wrong.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, cast

import pandas as pd

from schemas.kit.columns import Column
from schemas.kit.excel_reading import ExcelReading, Lists, array, literal, one_of
from schemas.kit.form import Derivation, FormSpec, Rule
from schemas.kit.kinds import Context
from schemas.kit.thai.calendar import Round


class Inexpressible(Exception):  # noqa: N818 (it is no error that a rule has no formula)
    """A rule does something to its rows that no formula can do."""


def _operator(sign: str) -> Callable[["Symbol", object], "Symbol"]:
    """What an operator of pandas writes between two formulas."""
    return lambda left, right: Symbol(f"({left.text}{sign}{_text(right)})")


@dataclass(frozen=True, eq=False)
class Symbol:
    """A formula for an array: what a rule has written down so far. True is any number but 0."""

    text: str

    def __getattr__(self, name: str) -> Any:
        """What a column of pandas may do and a formula may not."""
        raise Inexpressible(name)

    def __bool__(self) -> bool:
        """A rule that branches on its rows cannot be followed."""
        raise Inexpressible("bool")

    __lt__ = _operator("<")
    __le__ = _operator("<=")
    __gt__ = _operator(">")
    __ge__ = _operator(">=")
    __eq__ = _operator("=")  # type: ignore[assignment]
    __ne__ = _operator("<>")  # type: ignore[assignment]
    __add__ = _operator("+")
    __sub__ = _operator("-")
    __and__ = _operator("*")

    def __or__(self, other: object) -> "Symbol":
        """Either."""
        return Symbol(f"({self.text}+{_text(other)}>0)")

    def __invert__(self) -> "Symbol":
        """Not."""
        return Symbol(f"(1-{self.text})")

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class ColumnSymbol(Symbol):
    """A column as a rule sees it: its values where they are known, and whether they are."""

    column: Column
    reading: ExcelReading

    def notna(self) -> Symbol:
        """Where something stands, even if it cannot be read: it is not taken for a blank."""
        return Symbol(f"(1-{self.reading.blank})")

    def isna(self) -> Symbol:
        """Where nothing stands."""
        return Symbol(self.reading.blank)

    def fillna(self, value: int) -> Symbol:
        """The values, `value` where none is known."""
        return Symbol(f"IF({self.reading.known},{self.text},{value})")

    def between(self, low: object, high: object) -> Symbol:
        """Where the value is neither less nor more."""
        return (self >= low) & (self <= high)

    def isin(self, values: Collection[str]) -> Symbol:
        """Where one of these choices is made, however it is spelt."""
        spelt = [key for key, choice in self.column.choice_keys.items() if choice in values]
        return Symbol(one_of(self.text, spelt)) if spelt else Symbol("0")

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        """Equal to a value, or the choice made."""
        return self.isin([other]) if isinstance(other, str) else super().__eq__(other)

    def __ne__(self, other: object) -> Symbol:  # type: ignore[override]
        """Not equal to a value, or another choice made or none."""
        return ~self.isin([other]) if isinstance(other, str) else super().__ne__(other)

    @property
    def identity(self) -> str:
        """The formula of what two cells that say the same have in common."""
        keys = self.column.choice_keys
        if not self.column.also:
            return self.text
        places = ";".join(str(number) for number, _ in enumerate(keys, 1))
        chosen = ";".join(str(self.column.choices.index(each)) for each in keys.values())
        found = f"MATCH({self.text},{array(tuple(keys))},0)"
        return f"IFERROR(LOOKUP({found},{{{places}}},{{{chosen}}}),{self.text})"

    @property
    def dt(self) -> "Calendar":
        """The parts of days."""
        return Calendar(Symbol(f"YEAR({self.text})"), Symbol(f"MONTH({self.text})"))

    __hash__ = None


@dataclass(frozen=True)
class Calendar:
    """The year and the month of days."""

    year: Symbol
    month: Symbol

    def __getattr__(self, name: str) -> Any:
        """What a column of days may be asked and a sheet may not."""
        raise Inexpressible(name)


@dataclass(frozen=True)
class SymbolRows:
    """The rows of a form's sheet, as its rules see them in place of a frame.

    `cells` gives the defined name of a column's cells, `lists` what may be typed into it; the
    columns of `late` are filled only when the workbook is read.
    """

    form: FormSpec
    cells: Callable[[Column], str]
    lists: Callable[[Column], Lists]
    late: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> ColumnSymbol:
        """A column; Inexpressible for one that is filled only after reading."""
        column = self.form.column(name) if isinstance(name, str) else None
        if column is None or column.derived or name in self.late:
            raise Inexpressible(str(name))
        reading = column.kind.excel(self.cells(column), self.lists(column))
        return ColumnSymbol(reading.value, column, reading)

    def __getattr__(self, name: str) -> Any:
        """What a frame may do and a sheet may not."""
        raise Inexpressible(name)


def out_of_bounds(rows: Any, column: Column, context: Context) -> Any:
    """Where a value is out of its bounds, of a frame or of `Rows`; None where it has none."""
    cells, parts = rows[column.name], []
    if column.minimum is not None:
        parts.append(cells < column.minimum)
    if column.maximum is not None:
        parts.append(cells > column.maximum)
    if column.within and context.round:
        low, high = context.round.bounds(column.within)
        parts.append(~cells.between(pd.Timestamp(low), pd.Timestamp(high)))
    return reduce(or_, parts) if parts else None


def invalid_cells(rows: SymbolRows, column: Column, context: Context) -> Symbol:
    """Where a cell cannot be read as its column, or holds what is out of its bounds."""
    reading, beyond = rows[column.name].reading, out_of_bounds(rows, column, context)
    return Symbol(reading.wrong("" if beyond is None else beyond.text))


def duplicate_keys(rows: SymbolRows, key: Sequence[str]) -> Symbol:
    """The later rows of a key that stands above them too; a key with a blank is no key."""
    parts = [rows[name] for name in key]
    whole = "*".join(f"(1-{each.reading.blank})" for each in parts)
    joined = '&"|"&'.join(each.identity for each in parts)
    cells = rows.cells(parts[0].column)
    place = f"(ROW({cells})-MIN(ROW({cells}))+1)"
    return Symbol(f"{whole}*(IFERROR(MATCH({joined},{joined},0),{place})<{place})")


def breaches(rows: SymbolRows, rule: Rule, context: Context) -> Symbol:
    """Where a row breaks a rule; Inexpressible where only the reader can tell."""
    form = rows.form
    late = form.trait(Derivation).completed if form.has(Derivation) else ()
    rows = replace(rows, late=late)
    try:
        kept = rule.judge(cast(Any, rows), context)
    except TypeError as error:  # an operation that symbols have not, such as a product
        raise Inexpressible(rule.code) from error
    if not isinstance(kept, Symbol):
        raise Inexpressible(rule.code)
    asked = Symbol("*".join(rows[name].reading.known for name in rule.on))
    return asked & ~kept


def is_expressible(form: FormSpec, rule: Rule) -> bool:
    """Whether a formula can tell what breaks a rule, in any round."""
    some_round = Round.parse("2566-12")
    context = Context(some_round, criteria=dict.fromkeys(rule.criteria, Decimal(1)))
    rows = SymbolRows(form, lambda column: column.name, lambda _: Lists("", some_round.start))
    try:
        breaches(rows, rule, context)
    except Inexpressible:
        return False
    return True


def _text(value: object) -> str:
    if isinstance(value, Symbol):
        return value.text
    if isinstance(value, date):
        return str(literal(value))
    if isinstance(value, int):
        return str(value)
    raise Inexpressible(repr(value))
