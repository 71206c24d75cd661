"""Columns of a form: what each is called, how it is read, checked and shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.kit.kinds import ColumnKind, Context, Typed, Vocabulary
from schemas.kit.kinds.choice import choice
from schemas.kit.kinds.code import code
from schemas.kit.kinds.count import count
from schemas.kit.kinds.day import day
from schemas.kit.kinds.division import division
from schemas.kit.kinds.money import money
from schemas.kit.kinds.month import month
from schemas.kit.kinds.text import TEXT, text
from schemas.kit.kinds.tick import tick
from schemas.kit.personal_numbers import Personal
from schemas.kit.thai.thai_text import ParsedCell, matching_key

__all__ = ["Column", "Count", "Day", "Filled", "Money", "Severity", "Text", "column_of"]
__all__ += ["choice", "code", "count", "day", "division", "money", "month", "shown_column"]
__all__ += ["text", "tick"]

Text = Series[pd.StringDtype]
Count = Series[pd.Int64Dtype]
Money = Series[pd.Int64Dtype]
Day = Series[pa.DateTime]

_EXAMPLES_ARE_OF = 2566
_YEAR_AT_END = re.compile("(?<=[ /])256[56]$")


class Severity(IntEnum):
    """How much a finding weighs: to know, to look at, to correct."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


class Filled(StrEnum):
    """Who fills a column: the clerk, the round's configuration, the earlier round or a formula.

    SHOWN is filled with what others have reported, to be read beside the cells to be filled.
    """

    TYPED = "typed"
    CONFIGURED = "configured"
    EARLIER = "earlier"
    FORMULA = "formula"
    SHOWN = "shown"


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a form.

    `required` is the severity of a blank (None: may be blank), `defect` that of any other fault:
    ERROR only where a figure that uses the row would be wrong. `required_if` names another column
    and the values of it that demand this one. `within` is "round" or "year" for days and months.
    `phrases` are patterns of matching keys that mean a choice, which only the reader knows.
    `digits` are the lengths of a code that is a number; blanks and dashes in it group them.
    `formula` is a FORMULA column's rule over other columns of its row ("previous:" before it: of
    the row of the same kind a month earlier).
    `labelled` columns hold one value for the sheet, beside a label above the table; `derived`
    ones are made from others after reading and stand in no sheet. `said_in` names the column whose
    text says the value where the own cell is blank. What `attests` vouches for the row in this
    round: nobody types it beforehand.
    """

    kind: ColumnKind
    th: str
    en: str
    name: str = ""
    help_th: str = ""
    help_en: str = ""
    example: str = ""
    required: Severity | None = None
    defect: Severity = Severity.WARNING
    required_if: tuple[str, tuple[str, ...]] | None = None
    choices: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    was: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str = ""
    digits: tuple[int, ...] = ()
    within: str = ""
    width: float = 16
    filled: Filled = Filled.TYPED
    formula: str = ""
    phrases: tuple[tuple[str, str], ...] = ()
    labelled: bool = False
    derived: bool = False
    said_in: str = ""
    attests: bool = False

    @property
    def dtype(self) -> str:
        """The dtype of the column in every frame."""
        return self.kind.dtype

    @property
    def identifier(self) -> str:
        """The name in outputs: what is kept in satang is given in baht."""
        return self.kind.given_out(self.name)

    def example_in(self, fiscal_year_be: int) -> str:
        """The example, with the year that it may end with as it would be in that fiscal year."""
        later = fiscal_year_be - _EXAMPLES_ARE_OF
        return _YEAR_AT_END.sub(lambda year: str(int(year[0]) + later), self.example)

    def expected(self, lang: str) -> str:
        """What to type here: the help of the column, else its example."""
        if lang == "th":
            return self.help_th or f"เช่น {self.example}"
        return self.help_en or f"such as {self.example}"

    def readable(self, lang: str, context: Context) -> str:
        """What could be read here: what the list holds, where there is one, else what to type."""
        listed = self.listed(context) if self.kind.only_listed else ()
        return ", ".join(listed) or self.expected(lang)

    @property
    def unasked(self) -> tuple[Personal, ...]:
        """The numbers of persons that nobody asks for; what is not typed is not looked at."""
        typed = not self.derived and self.filled in (Filled.TYPED, Filled.EARLIER)
        return self.kind.unasked if typed else ()

    @cached_property
    def unit(self) -> str:
        """The unit that the heading names in parentheses, such as คน."""
        match = re.search(r"\((\S+)\)$", self.th)
        return match[1] if match else ""

    @cached_property
    def heading_keys(self) -> frozenset[str]:
        """The matching keys of every heading this column goes by, now or formerly."""
        return frozenset(matching_key(each) for each in (self.th, *self.was))

    @cached_property
    def choice_keys(self) -> Mapping[str, str]:
        """Every accepted spelling of a choice, as a matching key, to the choice."""
        spelt = {matching_key(choice): choice for choice in self.choices}
        return {matching_key(k): v for k, v in self.also.items()} | spelt

    def is_typed(self, *, prefilled: bool) -> bool:
        """Whether the clerk types this column, given whether an earlier round prefills it."""
        if self.filled is Filled.EARLIER:
            return not prefilled
        return self.filled is Filled.TYPED and not self.derived

    def read(self, typed: Typed, context: Context) -> ParsedCell[Any]:
        """Read one non-empty cell as this column's value."""
        return self.kind.parse(typed, self.vocabulary(context))

    def vocabulary(self, context: Context) -> Vocabulary:
        """What the kind may know of this column."""
        return Vocabulary(
            context,
            self.choice_keys,
            self.choices,
            self.unit,
            self.digits,
            self.minimum,
            self.maximum,
            self.within,
            self.phrases,
        )

    def show(self, value: Any, lang: str, context: Context) -> str:
        """A value of this column as a sentence says it: amounts in baht, days in พ.ศ."""
        if value is None:
            return "ว่าง" if lang == "th" else "blank"
        return self.kind.in_sentence(value, lang, context)

    def listed(self, context: Context) -> tuple[str, ...]:
        """What its list offers, as it is typed; nothing where there is no list."""
        members = self.kind.members(self.vocabulary(context))
        return tuple(str(self.kind.typed(member, context)) for member in members)

    def blanks(self, rows: Any) -> Any:
        """Where a cell must be filled and is not, of a frame or of symbols; None: none must."""
        if self.required is not None:
            return rows[self.name].isna()
        if self.required_if is None:
            return None
        other, values = self.required_if
        return rows[other].isin(values) & rows[self.name].isna()

    def is_filled(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """The rows on which it is filled where `required` or `required_if` demands it."""
        filled: pd.Series[bool] = ~self.blanks(rows)
        return filled

    def pandera_column(self, context: Context) -> pa.Column:
        """The column as pandera checks it, already typed: presence, bounds, pattern, period."""
        checks, nullable = self._checks(context), self.required is None
        return pa.Column(self.dtype, checks=checks, nullable=nullable, name=self.name)

    def _checks(self, context: Context) -> list[pa.Check]:
        checks = []
        if self.minimum is not None:
            checks.append(pa.Check.ge(self.minimum, name="minimum"))
        if self.maximum is not None:
            checks.append(pa.Check.le(self.maximum, name="maximum"))
        if self.pattern:
            checks.append(pa.Check.str_matches(rf"^(?:{self.pattern})\Z", name="pattern"))
        if self.within and context.round:
            low, high = context.round.bounds(self.within)
            first, last = pd.Timestamp(low), pd.Timestamp(high)
            checks.append(pa.Check.in_range(first, last, name="within"))
        return checks


def column_of(kind: ColumnKind, th: str, en: str, **options: Any) -> Column:
    """A column of a kind, with the options its author gives.

    A severity as `required` is also the column's `defect`, `required=True` weighs as much as any
    other defect; what is unsaid is as the kind has it; the help of a choice is what may be chosen.
    """
    listed, required = ", ".join(options.get("choices", ())), options.get("required")
    help_th, help_en = kind.help or (listed, listed)
    settled: dict[str, Any] = {
        "help_th": help_th,
        "help_en": help_en,
        "width": kind.width,
        "minimum": kind.minimum,
        "defect": required if isinstance(required, Severity) else Severity.WARNING,
    }
    settled |= options
    if required is True:
        settled["required"] = settled["defect"]
    return Column(kind, th, en, **settled)


def shown_column(name: str, heading: str, width: float) -> Column:
    """A column that only shows texts that others have reported."""
    return Column(TEXT, heading, heading, name, width=width, filled=Filled.SHOWN)
