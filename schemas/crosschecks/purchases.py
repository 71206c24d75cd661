"""What the signals about procurement share: the form, its cells, the criteria, how they speak."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from schemas.kit.cross_rules import Evidence, Violation, signal
from schemas.kit.methods import SPECIFIC

FORM = "procurement"
PRICE = "winner_and_price_raw"
LIMIT = "thresholds.specific_limit_baht"
NEAR_LIMIT = "thresholds.near_limit_baht"
RULES = "ชุดกฎ {} (suwit321/Procurement.github.io)"
CARDINAL = "OCP Cardinal {}"
purchase_signal = partial(signal, form=FORM)


def each(
    rows: pd.DataFrame, column: str, params_of: Callable[[Any], Mapping[str, str]]
) -> Iterator[Violation]:
    """One violation a row, at this column, with the parameters that the row gives."""
    for row in rows.itertuples():
        yield Violation(FORM, int(row.Index), column, params=params_of(row))


def baht(satang: int) -> str:
    """An amount as it is read: 1,234.50."""
    return f"{satang // 100:,}.{satang % 100:02d}"


def is_specific(rows: pd.DataFrame) -> "pd.Series[bool]":
    """The rows bought by the specific method."""
    return (rows["procurement_method"] == SPECIFIC).fillna(False).astype(bool)


def small_specific(rows: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """The rows bought by the specific method for no more than its limit."""
    return rows[is_specific(rows) & (rows["agreed_price_satang"] <= evidence.satang(LIMIT))]
