"""How a figure is declared: one expression gives its value, its Excel formula and its rows.

A small closed algebra: rows are counted or summed, figures and criteria are named, and both are
combined. Whoever wants to know something of a figure asks its term.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.model.conditions import Naming, Where
from schemas.kit.kinds import given_out, scale_of, unit_of
from schemas.kit.score import half_up

Rows = Mapping["Count", tuple[int, ...]]
Scalar = Decimal | str | None


@dataclass(frozen=True)
class Quantity:
    """What a term came to: an int, a Decimal, a code, or None where there is no base."""

    term: "Term"
    value: int | Decimal | str | None
    unit: str


@dataclass(frozen=True)
class Evaluation:
    """What terms are evaluated over: every frame by name, the criteria, the figures so far.

    Many figures share a condition, so which rows meet one is found out once.
    """

    frames: Mapping[str, pd.DataFrame]
    criteria: Mapping[str, Decimal]
    figures: Mapping[str, Quantity]
    _met: dict[tuple[str, Where], npt.NDArray[np.bool_]] = field(default_factory=dict)

    def met(self, frame: str, condition: Where) -> npt.NDArray[np.bool_]:
        """True for the rows of a frame that meet a condition."""
        key = (frame, condition)
        if key not in self._met:
            mask = condition.mask(self.frames[frame], self.criteria)
            self._met[key] = mask.to_numpy(dtype=bool)
        return self._met[key]


class Term(ABC):
    """An expression that can be computed here and recomputed in Excel."""

    counted_in: ClassVar[str] = ""

    @property
    def name(self) -> str:
        """How formulas name the figure or the criterion that it is; "" for any other term."""
        return ""

    @abstractmethod
    def value(self, scope: Evaluation) -> Scalar:
        """The exact value; None where it has no base."""

    @abstractmethod
    def formula(self, named: Naming = str) -> str:
        """The same in Excel, without the equals sign; `named` writes figures and criteria."""

    def unit(self, scope: Evaluation) -> str:
        """What the value is counted in: "count", "number", "baht", "pct" or "text"."""
        return self.counted_in or self.operands()[0].unit(scope)

    def operands(self) -> "tuple[Term, ...]":
        """The figures, criteria and counts it combines, each once, in the order of its formula."""
        return (self,)

    def rows(self, scope: Evaluation) -> Rows:
        """For each of its own counts and sums the indices of the rows it takes; no figure's."""
        counts = (each for each in self.operands() if isinstance(each, Count))
        return {each: each.taken(scope) for each in counts}

    def times(self, counted: Mapping[str, int]) -> int:
        """How often a row counts here by the figures named, in each of them so many times."""
        return int(any(counted.get(operand.name) for operand in self.operands()))

    def addends(self) -> "tuple[tuple[int, Count], ...]":
        """The counts and sums of which it is the sum, each with its factor; else nothing.

        Such a value adds up over parts of the rows; any other is computed anew from what adds up.
        """
        return ()

    def leaves(self, figures: Mapping[str, Quantity]) -> "Iterator[Count]":
        """The counts and sums it comes from, itself or through figures, in the formula's order."""
        for each in self.operands():
            if isinstance(each, Count):
                yield each
            elif each.name in figures:
                yield from figures[each.name].term.leaves(figures)


def _number(term: Term, scope: Evaluation) -> Decimal | None:
    value = term.value(scope)
    return None if isinstance(value, str) else value


def _united(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The operands of several terms, each once."""
    return tuple(dict.fromkeys(operand for term in terms for operand in term.operands()))


@dataclass(frozen=True)
class Count(Term):
    """How many rows of a frame meet the conditions; of a form, those of one fate."""

    counted_in = "count"
    frame: str
    where: tuple[Where, ...] = ()
    fate: Where | None = None
    column: str = ""

    def conditions(self) -> tuple[Where, ...]:
        """The conditions with the one on the row's fate."""
        return (*self.where, self.fate) if self.fate else self.where

    @property
    def columns(self) -> tuple[str, ...]:
        """What the workbook calls the columns of the formula, in their order."""
        conditions = (each.column for each in self.conditions())
        return tuple(map(given_out, filter(None, (self.column, *conditions))))

    @property
    def telling(self) -> str:
        """The one of them whose values show what a row adds, or why it is counted."""
        by_condition = self.where and not self.column
        return given_out(self.where[-1].column) if by_condition else self.columns[0]

    def value(self, scope: Evaluation) -> Decimal:
        """The number of rows."""
        return Decimal(int(np.count_nonzero(self._chosen(scope))))

    def formula(self, named: Naming = str) -> str:
        """COUNTIFS over the conditions."""
        return f"COUNTIFS({self._pairs(named)})"

    def taken(self, scope: Evaluation) -> tuple[int, ...]:
        """The indices of the rows counted."""
        return tuple(map(int, scope.frames[self.frame].index[self._chosen(scope)]))

    def addends(self) -> "tuple[tuple[int, Count], ...]":
        """Itself."""
        return ((1, self),)

    def _chosen(self, scope: Evaluation) -> npt.NDArray[np.bool_]:
        chosen = np.ones(len(scope.frames[self.frame]), dtype=bool)
        for each in self.conditions():
            chosen &= scope.met(self.frame, each)
        return chosen

    def _pairs(self, named: Naming) -> str:
        conditions = self.conditions()
        return ",".join(f"{self._named(c.column)},{c.criterion(named)}" for c in conditions)

    def _named(self, column: str) -> str:
        """The defined name of a column of the frame's sheet."""
        return f"{self.frame}.{given_out(column)}"


@dataclass(frozen=True)
class Sum(Count):
    """The sum of a column over the rows that meet the conditions; satang are given in baht."""

    def value(self, scope: Evaluation) -> Decimal:
        """The exact sum."""
        column = scope.frames[self.frame][self.column]
        total = Decimal(int(column[self._chosen(scope)].sum()))
        return total / scale_of(self.column)

    def unit(self, scope: Evaluation) -> str:
        """Baht, or what the column counts."""
        return unit_of(self.column)

    def formula(self, named: Naming = str) -> str:
        """SUMIFS over the conditions."""
        return f"SUMIFS({self._named(self.column)},{self._pairs(named)})"


@dataclass(frozen=True)
class _Named(Term):
    """What has a cell of its own in the workbook, and is known by its name."""

    key: str

    @property
    def name(self) -> str:
        """The name of the cell."""
        return self.key

    def formula(self, named: Naming = str) -> str:
        """The name."""
        return named(self.name)


class FigureTerm(_Named):
    """Another figure, by its id."""

    def value(self, scope: Evaluation) -> Scalar:
        """The figure's value."""
        found = scope.figures[self.key].value
        return Decimal(found) if isinstance(found, int) else found

    def unit(self, scope: Evaluation) -> str:
        """The figure's unit."""
        return scope.figures[self.key].unit


class CriterionTerm(_Named):
    """A criterion of `round.toml`, by its key."""

    @property
    def name(self) -> str:
        """The name of its cell."""
        return f"criteria.{self.key}"

    def value(self, scope: Evaluation) -> Decimal:
        """The value it states."""
        return scope.criteria[self.key]

    def unit(self, scope: Evaluation) -> str:
        """A count where it is whole."""
        return "count" if self.value(scope) % 1 == 0 else "number"


@dataclass(frozen=True)
class Linear(Term):
    """A sum of terms, each times a factor: (factor, term) pairs; a factor may be a term too."""

    parts: tuple[tuple[int | Term, Term], ...]

    def value(self, scope: Evaluation) -> Decimal | None:
        """The exact sum; None where a part has no value."""
        total = Decimal(0)
        for factor, term in self.parts:
            weight = Decimal(factor) if isinstance(factor, int) else _number(factor, scope)
            amount = _number(term, scope)
            if weight is None or amount is None:
                return None
            total += weight * amount
        return total

    def unit(self, scope: Evaluation) -> str:
        """That of its parts; a weighted sum is a mere number."""
        weighted = any(isinstance(factor, Term) for factor, _ in self.parts)
        return "number" if weighted else super().unit(scope)

    def formula(self, named: Naming = str) -> str:
        """The sum written out."""
        return "".join(_signed(f, term, named) for f, term in self.parts).removeprefix("+")

    def operands(self) -> tuple[Term, ...]:
        """Those of each part, then of its factor."""
        several = (each for factor, term in self.parts for each in (term, factor))
        return _united(each for each in several if isinstance(each, Term))

    def times(self, counted: Mapping[str, int]) -> int:
        """What is added in one part and taken away in another does not count.

        A purchase of a quarter is in the year, and in none of the purchases without a quarter.
        """
        plain = [(factor, part) for factor, part in self.parts if isinstance(factor, int)]
        if len(plain) < len(self.parts):
            return super().times(counted)
        return sum(factor * counted.get(part.name, 0) for factor, part in plain)

    def addends(self) -> tuple[tuple[int, Count], ...]:
        """Those of all its parts, where every part has some."""
        found: list[tuple[int, Count]] = []
        for factor, term in self.parts:
            inner = term.addends()
            if not inner or not isinstance(factor, int):
                return ()
            found += [(factor * times, leaf) for times, leaf in inner]
        return tuple(found)


def _signed(factor: int | Term, term: Term, named: Naming) -> str:
    if not isinstance(factor, int):
        return f"+{term.formula(named)}*{factor.formula(named)}"
    return {1: "+", -1: "-"}.get(factor, f"+{factor}*") + term.formula(named)


@dataclass(frozen=True)
class Share(Term):
    """Numerator ÷ denominator × 100, two decimals, half-up; no value where the denominator is 0."""

    counted_in = "pct"
    numerator: Term
    denominator: Term

    def value(self, scope: Evaluation) -> Decimal | None:
        """The percentage."""
        above, below = _number(self.numerator, scope), _number(self.denominator, scope)
        return None if above is None or not below else half_up(above / below * 100)

    def formula(self, named: Naming = str) -> str:
        """A guarded ROUND; blank where there is no base."""
        above, below = self.numerator.formula(named), self.denominator.formula(named)
        return f'IF({below}=0,"",ROUND(({above})/({below})*100,2))'

    def operands(self) -> tuple[Term, ...]:
        """Those of the denominator, which the formula asks first, and of the numerator."""
        return _united((self.denominator, self.numerator))


@dataclass(frozen=True)
class AtMost(Term):
    """A figure, capped."""

    figure: FigureTerm
    limit: int

    def value(self, scope: Evaluation) -> Decimal | None:
        """The smaller of both."""
        found = _number(self.figure, scope)
        return None if found is None else min(found, Decimal(self.limit))

    def formula(self, named: Naming = str) -> str:
        """MIN, blank where there is nothing to cap."""
        name = self.figure.formula(named)
        return f'IF({name}="","",MIN({name},{self.limit}))'

    def operands(self) -> tuple[Term, ...]:
        """The figure."""
        return (self.figure,)


@dataclass(frozen=True)
class Band(Term):
    """The code of the band that a figure is in, shown in Excel by its word.

    `bands` are (least value, code, word), the highest first; `rest` is (code, word) below them all.
    """

    counted_in = "text"
    figure: FigureTerm
    bands: tuple[tuple[CriterionTerm, str, str], ...]
    rest: tuple[str, str]

    def value(self, scope: Evaluation) -> str | None:
        """The code; None where the figure has no value."""
        found = _number(self.figure, scope)
        if found is None:
            return None
        reached = (code for least, code, _ in self.bands if found >= least.value(scope))
        return next(reached, self.rest[0])

    def formula(self, named: Naming = str) -> str:
        """An IF in an IF, blank where there is nothing to judge."""
        name, written = self.figure.formula(named), f'"{self.rest[1]}"'
        for least, _, word in reversed(self.bands):
            written = f'IF({name}>={least.formula(named)},"{word}",{written})'
        return f'IF({name}="","",{written})'

    def operands(self) -> tuple[Term, ...]:
        """The figure, and where each band begins."""
        return (self.figure, *(least for least, _, _ in self.bands))
