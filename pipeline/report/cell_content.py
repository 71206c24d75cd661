"""What a cell of the report may hold, besides plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from pipeline.messages import say
from pipeline.model import Figure

Plain = str | int | float | date | datetime | None
UNIT_LOOKS = {"count": "count", "baht": "money", "pct": "rate", "number": "rate", "text": "text"}


@dataclass(frozen=True)
class Value:
    """A value shown by a look: count, money, rate, date, month, time, code or a text's look."""

    value: Plain
    look: str


@dataclass(frozen=True)
class FigureCell:
    """A figure; its first place in the workbook holds its formula and bears its name."""

    id: str


@dataclass(frozen=True)
class Live:
    """A formula without its equals sign, the value it has, and the look of that value."""

    formula: str
    value: Plain
    look: str


@dataclass(frozen=True)
class Link:
    """A text that leads to a cell of this workbook: sheet, row and column counted from 0."""

    text: str
    sheet: str
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Placed:
    """A written table: its sheet, its first row, and where the column of each identifier stands."""

    sheet: str
    first: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Charted:
    """A block of figures that a chart shows: its sheet, its heading row, how many rows follow.

    `columns` are those that are drawn; the first column of the sheet says what each row is.
    """

    sheet: str
    head: int
    rows: int
    columns: Sequence[int]


Cell = None | str | Value | FigureCell | Live | Link


def figure_value(figure: Figure) -> Plain:
    """The value as a cell holds it: a level as its word, blank where there is no base."""
    if figure.value is None:
        return ""
    if isinstance(figure.value, Decimal):
        return float(figure.value)
    return say(f"level.{figure.value}") if figure.unit == "text" else figure.value


def one_line(text: str) -> str:
    """A heading of several lines in one."""
    return " ".join(text.split())


def is_blank(value: object) -> bool:
    """Whether a value of a frame is none at all."""
    return value is None or bool(pd.isna(value))
