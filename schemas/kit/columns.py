"""Columns of a form: what each is called, how it is read, checked and shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.kit.kinds import DTYPES, ColumnKind, Context, Typed, Vocabulary, read_value, shown
from schemas.kit.personal_numbers import Personal
from schemas.kit.thai.text import ParsedCell, matching_key

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
    `digits` are the lengths of a code that is a number; blanks and dashes in it group them.
    `formula` is a FORMULA column's rule over other columns of its row ("previous:" before it: of
    the row of the same kind a month earlier).
    `labelled` columns hold one value for the sheet, beside a label above the table; `derived`
    ones are made from others after reading and stand in no sheet. `said_in` names the column whose
    text says the value where the own cell is blank.
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
    labelled: bool = False
    derived: bool = False
    said_in: str = ""

    def named(self, name: str) -> "Column":
        """The same column under the name that its form gives it."""
        return replace(self, name=name)

    @property
    def dtype(self) -> str:
        """The dtype of the column in every frame."""
        return DTYPES[self.kind]

    @property
    def identifier(self) -> str:
        """The name in outputs: money is kept in satang and given in baht."""
        return self.name.removesuffix("_satang") + "_baht" if self.is_money else self.name

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
        divisions = [names[0] for names in context.divisions.values()]
        listed = divisions if self.kind is ColumnKind.DIVISION else self.choices
        return ", ".join(listed) or self.expected(lang)

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts of money in satang."""
        return self.kind is ColumnKind.MONEY

    @property
    def unasked(self) -> tuple[Personal, ...]:
        """The numbers of persons that nobody asks for: in free text any, in a code a citizen's.

        A code may well look like a telephone or an account; what is not typed is not looked at.
        """
        if self.derived or self.filled not in (Filled.TYPED, Filled.EARLIER):
            return ()
        return {ColumnKind.TEXT: tuple(Personal), ColumnKind.CODE: (Personal.CITIZEN_NUMBER,)}.get(
            self.kind, ()
        )

    @cached_property
    def unit(self) -> str:
        """The unit that the heading names in parentheses, such as คน."""
        named = re.search(r"\((\S+)\)$", self.th)
        return named[1] if named else ""

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
        known = Vocabulary(self.choice_keys, context, self.unit, self.digits)
        return read_value(self.kind, typed, known)

    def show(self, value: Any, lang: str, context: Context) -> str:
        """A value of this column as a sentence says it: amounts in baht, days in พ.ศ."""
        return shown(self.kind, value, lang, context)

    def is_demanded(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        """The rows on which `required_if` asks for this column."""
        other, values = self.required_if or ("", ())
        return rows[other].isin(values).fillna(False).astype(bool)

    def pandera_column(self, context: Context) -> pa.Column:
        """The column as pandera checks it, already typed: presence, bounds, pattern, period."""
        return pa.Column(
            self.dtype,
            checks=self._checks(context),
            nullable=self.required is None,
            name=self.name,
        )

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


_HELP: Mapping[ColumnKind, tuple[str, str]] = {
    ColumnKind.CODE: ("พิมพ์ตามที่ปรากฏในเอกสาร", "As it stands in the document."),
    ColumnKind.DIVISION: ("เลือกส่วนราชการจากรายการ", "Choose the division from the list."),
    ColumnKind.MONEY: ("จำนวนเงินเป็นบาท เช่น 12,500.00", "Amount in baht, such as 12,500.00."),
    ColumnKind.COUNT: ("พิมพ์จำนวนเต็ม เช่น 12", "A whole number, such as 12."),
    ColumnKind.DAY: ("พิมพ์ วัน/เดือน/ปี พ.ศ. เช่น 5/10/2565", "Day/month/year, such as 5/10/2565."),
    ColumnKind.MONTH: ("เดือนและปี พ.ศ. เช่น ตุลาคม 2565", "Month and year, such as ตุลาคม 2565."),
    ColumnKind.TICK: ("ใส่ ✓ หรือเว้นว่าง", "Tick ✓ or leave blank."),
}


def described(kind: ColumnKind, th: str, en: str, **options: Any) -> Column:
    """A column of a kind, with the options its author gives.

    `required=True` weighs as much as any other defect; help unsaid is that of the kind; the help
    of a choice is what may be chosen.
    """
    listed = ", ".join(options.get("choices", ()))
    help_th, help_en = _HELP.get(kind, (listed, listed))
    settled = {"help_th": help_th, "help_en": help_en} | options
    if settled.get("required") is True:
        settled["required"] = settled.get("defect", Severity.WARNING)
    if settled.get("required") is False:
        settled["required"] = None
    return Column(kind, th, en, **settled)


def _field(kind: ColumnKind, th: str, en: str, options: Mapping[str, Any]) -> Any:
    return pa.Field(nullable=True, metadata={"column": described(kind, th, en, **options)})


def text(th: str, en: str, **options: Any) -> Any:
    """Free text, kept as it is but for blanks and composed vowels."""
    return _field(ColumnKind.TEXT, th, en, {"width": 30} | options)


def code(th: str, en: str, **options: Any) -> Any:
    """A number or mark that names something; stored as text, a dash means none."""
    return _field(ColumnKind.CODE, th, en, options)


def choice(values: type[StrEnum] | Sequence[str], th: str, en: str, **options: Any) -> Any:
    """One of a list; spellings that only look different are taken for the choice."""
    listed = tuple(str(value) for value in values)
    return _field(ColumnKind.CHOICE, th, en, {"choices": listed} | options)


def division(th: str, en: str, **options: Any) -> Any:
    """One of the municipality's divisions, stored as its code, printed as its name."""
    return _field(ColumnKind.DIVISION, th, en, {"width": 24} | options)


def money(th: str, en: str, **options: Any) -> Any:
    """An amount in baht with at most two decimals, stored in satang."""
    return _field(ColumnKind.MONEY, th, en, {"minimum": 0} | options)


def count(th: str, en: str, **options: Any) -> Any:
    """A whole number, not negative unless `minimum` says so."""
    return _field(ColumnKind.COUNT, th, en, {"minimum": 0, "width": 12} | options)


def day(th: str, en: str, **options: Any) -> Any:
    """A calendar day."""
    return _field(ColumnKind.DAY, th, en, {"width": 14} | options)


def month(th: str, en: str, **options: Any) -> Any:
    """A month, stored as its first day."""
    return _field(ColumnKind.MONTH, th, en, {"width": 16} | options)


def tick(th: str, en: str, **options: Any) -> Any:
    """A tick, or nothing."""
    return _field(ColumnKind.TICK, th, en, {"width": 14} | options)
