"""What a workbook holds once it is read: its filled cells and what stands around them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from pipeline.workbook.addresses import address

__all__ = ["Cell", "CellType", "Moment", "Sheet", "Style", "TextBox", "Workbook"]


class CellType(StrEnum):
    """What a cell's value is."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    ERROR = "error"
    PICTURE = "picture"
    BLANK_FORMULA = "blank_formula"


class Moment(StrEnum):
    """What a number format makes of a number that it shows as a point in time."""

    DATE = "date"
    TIME = "time"
    BOTH = "both"
    ELAPSED = "elapsed"


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell shows its value; the format is empty where it depends on Excel's language."""

    number_format: str = "General"
    percent: bool = False
    moment: Moment | None = None
    struck: bool = False


class Cell(NamedTuple):
    """One filled cell, row and column counted from 1; a plain tuple, since there are so many.

    `raw` is the text; the shortest decimal of a number; TRUE or FALSE; a date or time in ISO form;
    the code of an error; nothing for a picture, or a formula whose value was never calculated.
    """

    row: int
    column: int
    kind: CellType
    raw: str
    formula: bool = False
    calculated: bool = True
    style: Style = Style()

    @property
    def address(self) -> str:
        """Name the cell as Excel does."""
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class TextBox:
    """A drawn shape with a text that lies over the cells: its range, and what it says."""

    range: tuple[int, int, int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled cells of one sheet, in reading order, and what is hidden or merged of it.

    `hidden_rows` names those that hold a filled cell, `hidden_columns` every hidden one;
    an overlong sheet was read no further than its beginning;
    a range is (first row, first column, last row, last column).
    """

    name: str
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict, repr=False)
    state: str = "visible"
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    boxes: tuple[TextBox, ...] = ()
    overlong: bool = False

    def cell(self, row: int, column: int) -> Cell | None:
        """Give the filled cell at this place, or nothing."""
        return self.cells.get((row, column))

    @property
    def last_row(self) -> int:
        """Give the last row that holds a filled cell, 0 for an empty sheet."""
        return max((row for row, _ in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """Every sheet of a workbook, hidden ones too, and what the workbook says about itself.

    A defined name that holds in one sheet only is keyed as `sheet!name`.
    """

    sheets: tuple[Sheet, ...]
    date1904: bool = False
    strict: bool = False
    defined_names: Mapping[str, str] = field(default_factory=dict)
    custom_properties: Mapping[str, str] = field(default_factory=dict)
    core_properties: Mapping[str, str] = field(default_factory=dict)
    has_macros: bool = False
    external_links: tuple[str, ...] = ()
