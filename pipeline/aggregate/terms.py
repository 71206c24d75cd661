"""How a figure is declared: one expression gives its value, its Excel formula and its rows."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from pipeline.messages import say
from schemas.kit.kinds import given_out, scale_of
from schemas.kit.score import half_up

if TYPE_CHECKING:
    import numpy.typing as npt

Rows = tuple[tuple[str, int], ...]
ACCEPTED = "accepted"
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Evaluation:
    """What terms are evaluated over: every frame by name, the criteria, the figures so far.

    Many figures share a condition, so which rows meet one is found out once.
    """

    frames: Mapping[str, pd.DataFrame]
    criteria: Mapping[str, Decimal]
    figures: Mapping[str, Decimal | None]
    _met: dict[tuple[str, "Where"], "npt.NDArray[np.bool_]"] = field(default_factory=dict)

    def met(self, frame: str, condition: "Where") -> "npt.NDArray[np.bool_]":
        """True for the rows of a frame that meet a condition."""
        key = (frame, condition)
        if key not in self._met:
            mask = condition.mask(self.frames[frame], self.criteria)
            self._met[key] = mask.to_numpy(dtype=bool)
        return self._met[key]


class Term(Protocol):
    """An expression that can be computed here and recomputed in Excel."""

    def value(self, scope: Evaluation) -> Decimal | None:
        """The exact value; None where it has no base."""

    def formula(self) -> str:
        """The same in Excel, without the equals sign, in defined names."""

    def rows(self, scope: Evaluation) -> Rows:
        """The (frame, index) pairs that the value is made of."""


@dataclass(frozen=True)
class Where:
    """One condition on a column: equal, at least, at most, below; `value` None and "=" mean blank.

    `shown` is the word that stands in the workbook where it differs from the value. `key` names a
    criterion of `round.toml` in the place of a value: an amount in baht, or a plain number.
    """

    column: str
    value: str | int | date | None = None
    operator: str = "="
    shown: str = ""
    key: str = ""

    def mask(self, frame: pd.DataFrame, criteria: Mapping[str, Decimal]) -> "pd.Series[bool]":
        """True for the rows that meet the condition; a blank meets only the search for blanks."""
        column, value = frame[self.column], self._value(criteria)
        if value is None:
            blank = column.isna()
            return blank if self.operator == "=" else ~blank
        met = _COMPARE[self.operator](column, value)
        return met.fillna(False).astype(bool)

    def _value(self, criteria: Mapping[str, Decimal]) -> Any:
        """The value as the frame's column keeps it."""
        if self.key:
            return int(criteria[self.key] * scale_of(self.column))
        return pd.Timestamp(self.value) if isinstance(self.value, date) else self.value

    def criterion(self) -> str:
        """The condition as COUNTIFS and SUMIFS take it."""
        if self.key:
            return f'"{self.operator}"&criteria.{self.key}'
        if self.value is None:
            return '"="' if self.operator == "=" else '"<>"'
        if isinstance(self.value, date):
            day = f"DATE({self.value.year},{self.value.month},{self.value.day})"
            return day if self.operator == "=" else f'"{self.operator}"&{day}'
        return f'"{self.operator}{_literal(self.shown or self.value)}"'


def _literal(value: str | int) -> str:
    """Text inside a criterion: wildcards made plain, quotes doubled."""
    text = str(value)
    for sign in "~*?":
        text = text.replace(sign, "~" + sign)
    return text.replace('"', '""')


def between(column: str, first: date, last: date) -> tuple[Where, Where]:
    """The days from `first` to `last`, both included."""
    return Where(column, first, ">="), Where(column, last + timedelta(days=1), "<")


def name_of(frame: str, column: str) -> str:
    """The defined name of a column of a data sheet; money is in baht there."""
    return f"{frame}.{given_out(column)}"


@dataclass(frozen=True)
class Count:
    """How many rows of a frame meet the conditions; of a form, accepted rows only unless told."""

    frame: str
    where: tuple[Where, ...] = ()
    fate: str | None = ACCEPTED

    def conditions(self) -> tuple[Where, ...]:
        """The conditions with the one on the row's fate."""
        if self.fate is None:
            return self.where
        return (*self.where, Where("fate", self.fate, shown=say(f"fate.{self.fate}")))

    def value(self, scope: Evaluation) -> Decimal | None:
        """The number of rows."""
        return Decimal(int(np.count_nonzero(_chosen(self, scope))))

    def formula(self) -> str:
        """COUNTIFS over the conditions."""
        return f"COUNTIFS({_pairs(self.frame, self.conditions())})"

    def rows(self, scope: Evaluation) -> Rows:
        """The rows counted."""
        index = scope.frames[self.frame].index[_chosen(self, scope)]
        return tuple((self.frame, int(i)) for i in index)


@dataclass(frozen=True)
class Sum(Count):
    """The sum of a column over the rows that meet the conditions; satang are given in baht."""

    column: str = ""

    def value(self, scope: Evaluation) -> Decimal | None:
        """The exact sum."""
        column = scope.frames[self.frame][self.column]
        total = Decimal(int(column[_chosen(self, scope)].sum()))
        return total / scale_of(self.column)

    def formula(self) -> str:
        """SUMIFS over the conditions."""
        pairs = _pairs(self.frame, self.conditions())
        return f"SUMIFS({name_of(self.frame, self.column)},{pairs})"


def _chosen(term: Count, scope: Evaluation) -> "npt.NDArray[np.bool_]":
    """True for the rows of the term's frame that meet all its conditions."""
    chosen = np.ones(len(scope.frames[term.frame]), dtype=bool)
    for each in term.conditions():
        chosen &= scope.met(term.frame, each)
    return chosen


def _pairs(frame: str, conditions: tuple[Where, ...]) -> str:
    return ",".join(f"{name_of(frame, each.column)},{each.criterion()}" for each in conditions)


@dataclass(frozen=True)
class FigureTerm:
    """Another figure, by its id."""

    id: str

    def value(self, scope: Evaluation) -> Decimal | None:
        """The figure's value."""
        return scope.figures[self.id]

    def formula(self) -> str:
        """The figure's defined name."""
        return self.id

    def rows(self, scope: Evaluation) -> Rows:
        """None of its own: the other figure has them."""
        return ()


@dataclass(frozen=True)
class CriterionTerm:
    """A criterion of `round.toml`, by its key."""

    key: str

    def value(self, scope: Evaluation) -> Decimal | None:
        """The value it states."""
        return scope.criteria[self.key]

    def formula(self) -> str:
        """Its named cell."""
        return f"criteria.{self.key}"

    def rows(self, scope: Evaluation) -> Rows:
        """None: it is configured."""
        return ()


@dataclass(frozen=True)
class Linear:
    """A sum of terms, each times a factor: (factor, term) pairs; a factor may be a term too."""

    parts: tuple[tuple["int | Term", Term], ...]

    def value(self, scope: Evaluation) -> Decimal | None:
        """The exact sum; None where a part has no value."""
        total = Decimal(0)
        for factor, term in self.parts:
            weight = Decimal(factor) if isinstance(factor, int) else factor.value(scope)
            amount = term.value(scope)
            if weight is None or amount is None:
                return None
            total += weight * amount
        return total

    def formula(self) -> str:
        """The sum written out."""
        written = "".join(_signed(factor, term) for factor, term in self.parts)
        return written.removeprefix("+")

    def rows(self, scope: Evaluation) -> Rows:
        """The rows of all parts."""
        return tuple(row for _, term in self.parts for row in term.rows(scope))


def _signed(factor: "int | Term", term: Term) -> str:
    if not isinstance(factor, int):
        return f"+{term.formula()}*{factor.formula()}"
    return {1: "+", -1: "-"}.get(factor, f"+{factor}*") + term.formula()


@dataclass(frozen=True)
class Share:
    """Numerator ÷ denominator × 100, two decimals, half-up; no value where the denominator is 0."""

    numerator: Term
    denominator: Term

    def value(self, scope: Evaluation) -> Decimal | None:
        """The percentage."""
        above, below = self.numerator.value(scope), self.denominator.value(scope)
        return None if above is None or not below else half_up(above / below * 100)

    def formula(self) -> str:
        """A guarded ROUND; blank where there is no base."""
        above, below = self.numerator.formula(), self.denominator.formula()
        return f'IF({below}=0,"",ROUND(({above})/({below})*100,2))'

    def rows(self, scope: Evaluation) -> Rows:
        """The rows of the numerator and of the denominator, each once."""
        return tuple(dict.fromkeys(self.numerator.rows(scope) + self.denominator.rows(scope)))


@dataclass(frozen=True)
class AtMost:
    """A figure, capped."""

    figure: FigureTerm
    limit: int

    def value(self, scope: Evaluation) -> Decimal | None:
        """The smaller of both."""
        found = self.figure.value(scope)
        return None if found is None else min(found, Decimal(self.limit))

    def formula(self) -> str:
        """MIN, blank where there is nothing to cap."""
        return f'IF({self.figure.id}="","",MIN({self.figure.id},{self.limit}))'

    def rows(self, scope: Evaluation) -> Rows:
        """None of its own."""
        return ()
