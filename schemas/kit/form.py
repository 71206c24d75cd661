"""How a form is said: one class from which template, reader, checks and report all follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

import pandas as pd
import pandera.pandas as pa

from schemas.kit.columns import Column, Severity, column_of
from schemas.kit.kinds import ColumnKind, Context
from schemas.kit.layouts import Layout, Variants

Trait = TypeVar("Trait")
Judge = Callable[[pd.DataFrame, Context], "pd.Series[bool]"]


@dataclass(frozen=True)
class Glance:
    """The columns that tell a row shown away from its sheet: who, what, number, day and amount."""

    who: str
    what: str
    number: str
    day: str
    amount: str


@dataclass(frozen=True)
class Derivation:
    """How the derived columns are filled after reading, and which others are completed by it."""

    fill: Callable[[pd.DataFrame], pd.DataFrame]
    completed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overview:
    """The column, and its value, that make a row the municipality's summary of all divisions' rows.

    `quoted` are the columns that the summary's sheet shows of them, under headings of their own,
    behind the division's under "".
    """

    column: str
    value: str
    quoted: Mapping[str, str]


@dataclass(frozen=True)
class Prefilled:
    """What an earlier round has prefilled is settled: nobody may type over it."""


@dataclass(frozen=True)
class CoverPage:
    """The columns of the sheet that comes first: the tick for nothing, whose workbook it is."""

    tick: str
    division: str


@dataclass(frozen=True)
class About:
    """What a form is called, what identifies a row of it, and when it is owed.

    `rounds` are the rounds in months (6, 12) in which it is due. `monthly` says that its rows
    come in parts: "parts" (each month is an obligation of its own) or "rows" (the months are rows
    of one obligation); in both the cover has a tick for each month. `lines` names how the rows of a
    template are made beforehand; `carried` puts accepted rows into the next template. `known_by`
    are the sets of columns by any of which a row is known again in a later version of its file
    where there is no key; where there are none either, nobody can tell.
    """

    sheet: str
    title: str
    en: str
    version: str
    order: int
    key: tuple[str, ...] = ()
    rounds: tuple[int, ...] = (6, 12)
    measures: tuple[int, ...] = ()
    monthly: str = ""
    month: str = ""
    lines: str = ""
    carried: bool = False
    known_by: tuple[tuple[str, ...], ...] = ()
    blank_rows: int = 30


@dataclass(frozen=True, eq=False)
class Rule:
    """One check of a row: its code, its sentences, and a row that breaks it beside one that holds.

    `on` names the columns that must hold readable values before the rule is asked; the first is
    blamed. `beside` names those it looks at though they may be blank: one that cannot be read is
    not taken for a blank. `breaks` and `holds` are changes to the form's example row, as a clerk
    types them. `criteria` are the round's numbers without which the rule is not asked; `flag` is
    the signal for review (RF03) that a breach is, besides being a fault.
    """

    code: str
    severity: Severity
    on: tuple[str, ...]
    th: str
    en: str
    judge: Judge
    breaks: Mapping[str, str]
    holds: Mapping[str, str]
    source: str = ""
    criteria: tuple[str, ...] = ()
    flag: str = ""
    beside: tuple[str, ...] = ()

    @property
    def looked_at(self) -> tuple[str, ...]:
        """Every column the rule looks at."""
        return self.on + self.beside

    def __call__(self, rows: pd.DataFrame, context: Context) -> "pd.Series[bool]":
        """True for every row that keeps the rule or cannot be asked; shape: one value per row."""
        kept = pd.Series(True, index=rows.index)
        if not context.criteria.keys() >= set(self.criteria):
            return kept
        asked = rows[rows[list(self.on)].notna().all(axis="columns")]
        if not asked.empty:
            kept[asked.index] = self.judge(asked, context).astype(bool)
        return kept


def rule(
    code: str,
    *,
    on: str | tuple[str, ...],
    severity: Severity,
    th: str,
    en: str,
    breaks: Mapping[str, str],
    holds: Mapping[str, str],
    source: str = "",
    beside: tuple[str, ...] = (),
    criteria: tuple[str, ...] = (),
    flag: str = "",
) -> Callable[[Judge], Judge]:
    """Make the decorated static method (rows, context) -> bool Series a rule of its form."""
    columns = (on,) if isinstance(on, str) else on

    def mark(judge: Judge) -> Judge:
        examples, notes = (breaks, holds), (source, criteria, flag, beside)
        judge.__dict__["rule"] = Rule(code, severity, columns, th, en, judge, *examples, *notes)
        return judge

    return mark


class Form(pa.DataFrameModel):
    """The class an author derives a form from; columns are attributes, rules are methods."""

    def __init_subclass__(
        cls, about: About | None = None, traits: tuple[object, ...] = (), **keywords: Any
    ) -> None:
        """Keep what the form is called beside the class (pandera allows no plain attribute).

        `traits` are what few forms have: a Glance, a Derivation, an Overview …
        """
        super().__init_subclass__(**keywords)  # type: ignore[no-untyped-call]
        if about is not None:
            type.__setattr__(cls, "__about__", (about, traits))


@dataclass(frozen=True, eq=False)
class FormSpec:
    """A form made ready for the pipeline: its name, its columns in order and its rules."""

    name: str
    about: About
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    variants: Variants = field(default_factory=Variants)
    traits: tuple[object, ...] = ()

    def has(self, trait: type) -> bool:
        """Whether the form has such a trait; most have none."""
        return any(isinstance(each, trait) for each in self.traits)

    def trait(self, trait: type[Trait]) -> Trait:
        """The form's own, such as its Overview; LookupError where it has none."""
        for each in self.traits:
            if isinstance(each, trait):
                return each
        raise LookupError(f"{self.name} has no {trait.__name__}")

    @cached_property
    def is_cover(self) -> bool:
        """Whether it is the sheet that comes first."""
        return self.has(CoverPage)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where the form has none."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def table_columns(self) -> tuple[Column, ...]:
        """The columns that stand in the sheet's table, in order."""
        return tuple(c for c in self.columns if not c.labelled and not c.derived)

    @cached_property
    def labelled_columns(self) -> tuple[Column, ...]:
        """The columns whose one value stands beside a label above the table."""
        return tuple(c for c in self.columns if c.labelled)

    def typed_columns(self, *, prefilled: bool) -> tuple[Column, ...]:
        """The columns the clerk types, given whether an earlier round has prefilled the sheet."""
        return tuple(c for c in self.columns if c.is_typed(prefilled=prefilled))

    def columns_in(self, layout: Layout) -> frozenset[str]:
        """The columns that a sheet of another layout can have, and those that follow from them."""
        held = {*layout.columns, *layout.optional} | (
            {self.about.month} if layout.period else set()
        )
        completed = self.trait(Derivation).completed if self.has(Derivation) else ()
        follow = (c.name for c in self.columns if c.name in completed and c.said_in in held)
        return frozenset((*held, *follow))

    def named(self, sentence: str, lang: str) -> str:
        """A rule's sentence with the headings of its columns in the places of their values."""
        headings = {c.name: f"“{' '.join(getattr(c, lang).split())}”" for c in self.columns}
        return sentence.format_map(headings)

    def as_typed(self, row: Mapping[str, str], lang: str, blank: str) -> str:
        """The cells of an example: heading = what is typed, `blank` where nothing is."""
        headings = {name: " ".join(getattr(self.column(name), lang).split()) for name in row}
        return "; ".join(f"{headings[name]} = {text or blank}" for name, text in row.items())

    def schema(self, context: Context) -> pa.DataFrameSchema:
        """The pandera schema that judges all rows of this form in one call."""
        columns = {c.name: c.pandera_column(context) for c in self.columns}
        judges: list[tuple[str, Callable[..., pd.Series[bool]]]]
        judges = [(f"required-if:{c.name}", c.is_filled) for c in self.columns if c.required_if]
        judges += [(f"rule:{each.code}", partial(each, context=context)) for each in self.rules]
        checks = [pa.Check(judge, name=name, ignore_na=False) for name, judge in judges]
        return pa.DataFrameSchema(columns=columns, checks=checks)


def spec(model: type[Form], name: str, variants: Variants | None = None) -> FormSpec:
    """Read a form class, and how else it arrives, into what the pipeline works with."""
    about, traits = vars(model)["__about__"]
    fields = model.to_schema().columns
    columns = tuple(_column(key, *each.metadata["column"]) for key, each in fields.items())
    methods = (getattr(value, "__func__", value) for value in vars(model).values())
    rules = tuple(method.rule for method in methods if hasattr(method, "rule"))
    return FormSpec(name, about, columns, rules, variants or Variants(), traits)


def _column(name: str, kind: ColumnKind, th: str, en: str, options: Mapping[str, Any]) -> Column:
    return column_of(kind, th, en, name=name, **options)
