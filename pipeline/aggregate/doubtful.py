"""What a total comes to without amounts that may be typed wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.aggregate.declared import Declared, compute
from pipeline.aggregate.procurement_figures import AGREED, FORM, REFERENCE
from pipeline.model import Figure, Plan
from pipeline.model.terms import Evaluation, Sum

_TIMES = 10
_MEASURED_BY = ("budget_satang", REFERENCE)


def with_doubts(
    figures: Mapping[str, Figure], declared: Sequence[Declared], scope: Evaluation, plan: Plan
) -> Mapping[str, Figure]:
    """The figures, those that add up an outsized price with what they are without it.

    Nothing is left out of a figure for that: it is beside it that the other is told.
    """
    rows = scope.frames[FORM]
    doubted = _outsized(rows)
    if not doubted.any():
        return figures
    spared = rows.assign(**{AGREED: rows[AGREED].mask(doubted)})
    frames = {**scope.frames, FORM: spared}
    others = compute(declared, Evaluation(frames, scope.criteria, {}), plan.forms)
    return {
        key: replace(figure, without=others[key].value)
        if _adds_prices(figure, figures) and others[key].value != figure.value
        else figure
        for key, figure in figures.items()
    }


def _outsized(rows: pd.DataFrame) -> "pd.Series[bool]":
    """The purchases that count at more than ten times their budget or their reference price."""
    found = pd.Series(False, index=rows.index)
    for name in _MEASURED_BY:
        found |= ((rows[name] > 0) & (rows[AGREED] > rows[name] * _TIMES)).fillna(False)
    return found & (rows["fate"] == "accepted").fillna(False)


def _adds_prices(figure: Figure, figures: Mapping[str, Figure]) -> bool:
    leaves = figure.term.leaves(figures)
    of_prices = any(isinstance(each, Sum) and each.column == AGREED for each in leaves)
    return figure.unit == "baht" and of_prices
