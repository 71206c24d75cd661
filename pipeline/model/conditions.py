"""What rows must meet to count: conditions that a frame's mask and Excel's COUNTIFS say alike."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from schemas.kit.kinds import scale_of

Naming = Callable[[str], str]
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
}


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

    def criterion(self, named: Naming) -> str:
        """The condition as COUNTIFS and SUMIFS take it."""
        if self.key:
            return f'"{self.operator}"&{named(f"criteria.{self.key}")}'
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
