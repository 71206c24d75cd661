"""The kinds of value a column can hold: each is one object in one file of this folder.

Whatever a stage wants to know of a kind it asks the object, and names none. What a kind does not
say for itself is so of free text. A new kind is a new file: it is found by looking, like a form.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pandera.pandas as pa

from schemas.kit.excel_reading import ExcelReading, Lists
from schemas.kit.personal_numbers import Personal
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.thai_text import ParsedCell, matching_key

TICK = "✓"  # what a tick is, in a form and in every frame that says yes
_LARGEST = 10**12  # that a template takes unasked where a column has no maximum


@dataclass(frozen=True)
class Context:
    """What a value may be measured by: the round, and the municipality's divisions.

    `divisions` maps a code to all its names, the printed one first; `criteria` are the round's
    numbers by key; `quarterly` says that purchases come by the quarter. Without a round (a workbook
    checked by itself) nothing is judged against the calendar.
    """

    round: Round | None = None
    divisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    quarterly: bool = False

    @cached_property
    def division_keys(self) -> Mapping[str, str]:
        """Every spelling of a division's code or name, as a matching key, to its code."""
        spelt = {matching_key(n): code for code, names in self.divisions.items() for n in names}
        return spelt | {matching_key(code): code for code in self.divisions}

    @property
    def fiscal_year_be(self) -> int | None:
        """The fiscal year in พ.ศ. that completes a month written without a year."""
        return self.round.fiscal_year.be if self.round else None


@dataclass(frozen=True)
class Typed:
    """A cell as it was found: its sort (text, number, boolean, date, time) and its text.

    `percent` says that the cell would show a number as a share of a hundred.
    """

    sort: str
    raw: str
    percent: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it shows a number as a share of a hundred; a text shows as it is."""
        return self.percent and self.sort == "number"


class Vocabulary(NamedTuple):
    """What a kind may know of one column, besides a cell of it, in a round.

    `spelt` are all spellings of its `choices` by matching key; `unit` is what its heading names,
    `digits` are the lengths of a code that is a number; the bounds are in stored units. `phrases`
    are patterns of matching keys, each with the choice that it means.
    """

    context: Context
    spelt: Mapping[str, str]
    choices: tuple[str, ...] = ()
    unit: str = ""
    digits: tuple[int, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    within: str = ""
    phrases: tuple[tuple[str, str], ...] = ()


class Limit(NamedTuple):
    """What Excel lets pass in a cell: its sort of validation, and bounds or a formula.

    `says` is the key of what it answers to anything else; `{minimum}` in it is `low`.
    """

    sort: str
    says: str
    low: int = 0
    high: int = 0
    formula: str = ""


class ValueExamples(NamedTuple):
    """Cells as clerks type them, and the heading of the column that they stand in.

    A cell is its text, or its sort and text, or whole. Those `without_round` are read where no
    round is known. `read` reads the cells where it is not the kind that does.
    """

    th: str
    en: str
    cells: Sequence[str | tuple[str, str] | Typed]
    without_round: Sequence[str] = ()
    options: Mapping[str, Any] = {}
    read: Callable[[str], ParsedCell[Any]] | None = None


# The round and the divisions by which examples are read.
IN_EXAMPLES = Context(
    Round.parse("2566-12"),
    {"01": ("สำนักปลัดเทศบาล", "สำนักปลัด"), "02": ("กองคลัง",)},
)


@dataclass(frozen=True, eq=False)
class ColumnKind:
    """One kind of value: how it is read, stored, shown, asked for in a template and reported.

    What it is: `name` in outputs, `th` in the report's dictionary, `order` among the kinds.
    Read: `parse` makes a stored value of a cell (None for none; never raises for what may be
    typed). `only_listed`: what is not in its list cannot be read. `continues`: a text that may go
    on in the rows below. `identifies`: it names a thing, or only numbers the rows. `is_day`: a cell
    of it is a calendar day. `unasked`: the numbers of persons that may stand in it unasked; without
    any it is not free text.
    Stored: `dtype` in every frame; a number has so many `decimals` and is stored without its point;
    `units` end the name of a column as stored and as given out. `sums`: it can be added up;
    `alone_is_total`: a row of nothing else is a total without its name. `exported`: the type in an
    exported schema, in the words of Table Schema.
    Shown: `to_cell` gives what a clerk would have typed (unset: the number, else the text), `show`
    what a sentence says (unset: the same, a number with its `unit_words`), `look` names that of a
    report's cell.
    Asked: `help` unless it is the choices, `width`, `minimum`; `align` and `number_format` of a
    cell to fill; `members` are the stored values of its list, `list_name` what all its columns
    choose from (unset: each has its own choices); `asks` is the key of what may be typed, `limited`
    what Excel lets pass, where neither is that of a list or a number.
    Excel: `excel` makes the formulas that read cells as `parse` does, out of `bases`; `keys` are
    all spellings that it looks up.
    """

    name: str
    th: str
    order: int
    parse: Callable[[Typed, Vocabulary], ParsedCell[Any]]
    excel: Callable[[str, Lists], ExcelReading]
    examples: tuple[ValueExamples, ...]
    only_listed: bool = False
    continues: bool = False
    identifies: bool = False
    is_day: bool = False
    unasked: tuple[Personal, ...] = ()
    dtype: str = "string"
    decimals: int = 0
    units: tuple[str, str] = ("", "")
    sums: bool = False
    alone_is_total: bool = False
    exported: str = "string"
    to_cell: Callable[[Any, Context], str | date] | None = None
    show: Callable[[Any, str, Context], str] | None = None
    unit_words: Mapping[str, str] = field(default_factory=dict)
    look: str = "text"
    help: tuple[str, str] | None = None
    width: float = 16
    minimum: int | None = None
    align: str = "left"
    number_format: str = "@"
    members: Callable[[Vocabulary], Sequence[Any]] = lambda vocabulary: vocabulary.choices
    list_name: str = ""
    asks: str = ""
    limited: Callable[[Vocabulary, str], Limit] | None = None
    bases: tuple[str, ...] = ("text",)
    keys: Callable[[Vocabulary], Sequence[str]] = lambda vocabulary: tuple(vocabulary.spelt)

    def column(self, th: str, en: str, **options: Any) -> Any:
        """A column of this kind as the author of a form declares it."""
        return pa.Field(nullable=True, metadata={"column": (self, th, en, options)})

    @property
    def is_free(self) -> bool:
        """Whether any text is right."""
        return bool(self.unasked)

    @property
    def scale(self) -> int:
        """How many stored units make one shown."""
        return int(10**self.decimals)

    def given_out(self, name: str) -> str:
        """The name of a column in outputs."""
        stored, given = self.units
        return name.removesuffix(stored) + given if stored else name

    def number(self, value: Any) -> Decimal:
        """A stored number in the units that are shown."""
        return Decimal(int(value)) / self.scale

    def typed(self, value: Any, context: Context) -> str | int | float | date:
        """A stored value as a clerk would have typed it into a cell."""
        if self.to_cell:
            return self.to_cell(value, context)
        if self.sums:
            return int(value) / self.scale if self.decimals else int(value)
        return str(value)

    def plain(self, value: Any, context: Context) -> str:
        """A stored value as plain text: a number with its decimals, an ISO day, a name."""
        if isinstance(value, date):
            return f"{value:%Y-%m-%d}"
        return self._number_text(value) if self.decimals else str(self.typed(value, context))

    def in_sentence(self, value: Any, lang: str, context: Context) -> str:
        """A stored value as a sentence says it."""
        if self.show:
            return self.show(value, lang, context)
        if self.sums:
            return f"{self._number_text(value)} {self.unit_words.get(lang, '')}".rstrip()
        return str(self.typed(value, context))

    def _number_text(self, value: Any) -> str:
        return f"{self.number(value):,.{self.decimals}f}"

    def limit(self, vocabulary: Vocabulary, cell: str) -> Limit | None:
        """What Excel lets pass in a column whose first input cell is `cell`; None: anything."""
        if self.limited or not self.sums:
            return self.limited(vocabulary, cell) if self.limited else None
        low, high = self._bounds(vocabulary)
        sort = "decimal" if self.decimals else "integer"
        return Limit(sort, "template.check-number", low, _LARGEST if high is None else high)

    def expectation(self, vocabulary: Vocabulary) -> tuple[str, Mapping[str, int]]:
        """The key of what a cell may hold and what it names; "" for any text."""
        if not self.sums:
            return self.asks, {}
        low, high = self._bounds(vocabulary)
        least = "number" if vocabulary.minimum is None else "least"
        key = f"template.asks-{least if high is None else 'between'}"
        return key, {"low": low, "high": high or 0}

    def _bounds(self, vocabulary: Vocabulary) -> tuple[int, int | None]:
        high = None if vocabulary.maximum is None else vocabulary.maximum // self.scale
        return (vocabulary.minimum or 0) // self.scale, high


@cache
def kinds() -> tuple[ColumnKind, ...]:
    """Every kind, each found in the file of its name, in their order."""
    files = (file.stem for file in Path(__file__).parent.glob("*.py") if file.stem != "__init__")
    objects = (vars(import_module(f"{__name__}.{name}"))[name.upper()] for name in files)
    return tuple(sorted(objects, key=lambda kind: kind.order))


def scale_of(column: str) -> int:
    """How many stored units of a column make one shown, as the end of its name tells."""
    return next((kind.scale for kind in _kinds_of(column)), 1)


def unit_of(column: str) -> str:
    """What a stored column is given out in, like "baht"; "count" where its name tells nothing."""
    return next((kind.units[1].removeprefix("_") for kind in _kinds_of(column)), "count")


def given_out(column: str) -> str:
    """The name of a stored column in outputs, as the end of its name tells."""
    return next((kind.given_out(column) for kind in _kinds_of(column)), column)


def _kinds_of(column: str) -> Iterator[ColumnKind]:
    return (kind for kind in kinds() if kind.units[0] and column.endswith(kind.units[0]))
