"""A term as weighted counts and sums of rows: what it adds up, through every figure it names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from pipeline.model.terms import (
    Count,
    CriterionTerm,
    Evaluation,
    FigureTerm,
    Linear,
    Quantity,
    Sum,
    Term,
)
from schemas.kit.kinds import scale_of


@dataclass(frozen=True)
class Weighted:
    """A count or a sum times a whole number and criteria; without a count the criteria alone."""

    factor: int
    criteria: tuple[str, ...]
    count: Count | None

    def weight(self, criteria: Mapping[str, Decimal], otherwise: Mapping[str, Decimal]) -> Decimal:
        """What each unit counts by these criteria, and by others where these do not state one."""
        known = {**otherwise, **criteria}
        return Decimal(self.factor) * prod((known[key] for key in self.criteria), start=Decimal(1))

    def value(self, scope: Evaluation) -> Decimal:
        """What it comes to before it is weighted."""
        return Decimal(1) if self.count is None else self.count.value(scope)


def expanded(term: Term, figures: Mapping[str, Quantity]) -> tuple[Weighted, ...] | None:
    """The weighted counts of which a term is the sum; None where it is no such sum."""
    if isinstance(term, Count):
        return (Weighted(1, (), term),)
    if isinstance(term, CriterionTerm):
        return (Weighted(1, (term.key,), None),)
    if isinstance(term, FigureTerm):
        return expanded(figures[term.key].term, figures) if term.key in figures else None
    return _of_parts(term, figures) if isinstance(term, Linear) else None


def _of_parts(term: Linear, figures: Mapping[str, Quantity]) -> tuple[Weighted, ...] | None:
    found: list[Weighted] = []
    for factor, part in term.parts:
        inner = expanded(part, figures)
        if inner is None or not isinstance(factor, (int, CriterionTerm)):
            return None
        times, keys = (factor, ()) if isinstance(factor, int) else (1, (factor.key,))
        found += [Weighted(times * w.factor, (*keys, *w.criteria), w.count) for w in inner]
    return tuple(found)


def amounts(count: Count, scope: Evaluation) -> Iterator[tuple[int, Decimal]]:
    """Each row that a count takes, with what it adds: one, or a sum's amount in shown units."""
    taken = count.taken(scope)
    if not isinstance(count, Sum):
        yield from ((index, Decimal(1)) for index in taken)
        return
    scale, column = scale_of(count.column), scope.frames[count.frame][count.column]
    for index, value in zip(taken, column.loc[list(taken)].fillna(0), strict=True):
        yield index, Decimal(int(value)) / scale
