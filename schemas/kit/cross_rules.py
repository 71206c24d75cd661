"""How a rule between forms, rounds or configured texts is said."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from schemas.kit.claims.comparison import Comparison
from schemas.kit.columns import Severity
from schemas.kit.form import FormSpec
from schemas.kit.known_again import KnownAgain
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.thai_text import matching_key


@dataclass(frozen=True)
class MeasureText:
    """The configured texts of one measure, with the owner's code ("ALL": every division)."""

    number: int
    title: str
    procedure: str
    period_text: str
    owner: str


@dataclass(frozen=True)
class Restated:
    """What a form said before and says now, of divisions and months that report on it again.

    `before` are the rows that counted, `now` those in their place, faulty ones too, both with a
    `division` column; `known` pairs them. `source` is the earlier round where it `is_round`, else
    the file that a newer one replaced; `files` names by division the file that speaks now, and
    `reported` are all rows that counted then, whoever reports again. `months` are the (division,
    month) pairs that a round has reported, those with nothing in them too.
    """

    spec: FormSpec
    before: pd.DataFrame
    now: pd.DataFrame
    reported: pd.DataFrame
    known: KnownAgain
    source: str
    files: Mapping[str, str] = field(default_factory=dict)
    is_round: bool = False
    months: AbstractSet[tuple[str, date]] = frozenset()

    @property
    def form(self) -> str:
        """The name of the form."""
        return self.spec.name

    def changed(self, *columns: str) -> Iterator[tuple[int, int]]:
        """The pairs of rows that differ in one of these columns."""
        pairs, names = self.known.pairs, list(columns)
        before = self.before.loc[[old for old, _ in pairs], names].itertuples(False, None)
        now = self.now.loc[[new for _, new in pairs], names].itertuples(False, None)
        for pair, there, here in zip(pairs, before, now, strict=True):
            if any(map(_differ, here, there)):
                yield pair

    def told_at(self, index: int) -> dict[str, str]:
        """Where a row stood before: file, sheet and row, and what these are of."""
        row = self.before.loc[index]
        return {"place": f"{row['submission']} {row['sheet']}!{row['row']}", **self.source_words}

    @property
    def source_words(self) -> dict[str, str]:
        """The source as each language says it: a round in words, a file by its name."""
        if not self.is_round:
            return {"source_th": f" {self.source}", "source_en": self.source}
        told = Round.parse(self.source)
        return {
            "source_th": f"รายงานรอบ {told.months} เดือน ปีงบประมาณ {told.fiscal_year.be}",
            "source_en": f"the {told.months}-month report of fiscal year {told.fiscal_year.be}",
        }


def _differ(here: object, there: object) -> bool:
    """Whether two values say otherwise; a blank says nothing and differs from none."""
    if pd.isna(here) or pd.isna(there):
        return False
    return (
        matching_key(here) != matching_key(str(there)) if isinstance(here, str) else here != there
    )


@dataclass(frozen=True)
class Evidence:
    """What a crosscheck may look at.

    `rows` gives for each form the rows without an ERROR, with a `division` column beside the
    form's own. `compared` gives those that came in a layout that does not count, and `counted` all
    that came in the one that does, faulty ones too. `has_earlier` says whether there is a six-month
    round of the same year. `criteria` are the round's numbers by key, `divisions` its names by
    code, `restated` what was reported before of the same things, `forms` the forms by name,
    `accused` the cells (form, row, column) with an ERROR, `excluded` the rows (form, row) that are
    judged no more. `comparisons` are there once there are figures.
    """

    round: Round
    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    measures: tuple[MeasureText, ...] = ()
    obliged: tuple[str, ...] = ()
    has_earlier: bool = False
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    divisions: Mapping[str, str] = field(default_factory=dict)
    comparisons: tuple[Comparison[Any], ...] = ()
    compared: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    counted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    restated: tuple[Restated, ...] = ()
    forms: Mapping[str, FormSpec] = field(default_factory=dict)
    accused: AbstractSet[tuple[str | None, int | None, str | None]] = frozenset()
    excluded: AbstractSet[tuple[str | None, int | None]] = frozenset()

    def restated_of(self, form: str) -> Iterator[Restated]:
        """What one form said before, in the earlier round and in the versions that went before."""
        return (each for each in self.restated if each.form == form)

    def filled(self, form: str, on: tuple[str, ...]) -> pd.DataFrame:
        """The rows of a form that hold a value in each of these columns."""
        rows = self.rows[form]
        return rows[rows[list(on)].notna().all(axis="columns")]

    def title_of(self, measure: int) -> str:
        """The configured title of a measure; "" where the round has no such measure."""
        return next((each.title for each in self.measures if each.number == measure), "")

    def satang(self, key: str) -> int:
        """A criterion in baht as the frames keep money."""
        return int(self.criteria[key] * 100)


@dataclass(frozen=True)
class Violation:
    """One breach: a row and column of a form, or a key of the configuration, with parameters.

    `duplicate` says that the row is met again and only compared, not that it is at fault. `group`
    are the rows that are a breach only together, where they are to be seen side by side. Of what
    is no longer there the `division` is told, and the `file` in which it is not.
    """

    form: str | None = None
    index: int | None = None
    column: str | None = None
    key: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    duplicate: bool = False
    group: tuple[int, ...] = ()
    division: str = ""
    file: str = ""


Search = Callable[[Evidence], Iterator[Violation]]
RowSearch = Callable[[pd.DataFrame, Evidence], Iterator[Violation]]
AUDITOR = "auditor"


@dataclass(frozen=True)
class Crosscheck:
    """One rule between forms: its code, weight, both sentences, and the search for breaches.

    `example` says in Thai and in English what would break it. A check of rows names its `form`
    and, in `on`, the columns a row must hold to be looked at. `criteria` are the round's numbers
    without which it is not run. `flag` is the signal for review (RF06) that it looks for, and
    `title` says in both languages what that is; `to` is who is told of a row. One `after_figures`
    looks at the comparisons and is asked when there are any. `note` is what is printed of a breach
    under the public table: what stands there and what is computed, nothing that is to be done.
    """

    code: str
    severity: Severity
    th: str
    en: str
    search: Search
    source: str = ""
    open_item: str = ""
    example: tuple[str, str] = ("", "")
    form: str = ""
    on: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    flag: str = ""
    title: tuple[str, str] | None = None
    to: str = "division"
    after_figures: bool = False
    note: tuple[str, str] = ("", "")

    def lacks(self, criteria: Mapping[str, Decimal]) -> tuple[str, ...]:
        """The criteria that it needs and the round does not state."""
        return tuple(key for key in self.criteria if key not in criteria)


def place_of(rows: pd.DataFrame, index: int) -> dict[str, str]:
    """The file and the row at which a row stands, as the parameters of a sentence."""
    return {"file": str(rows.at[index, "submission"]), "first": str(rows.at[index, "row"])}


_REGISTERED: dict[str, Crosscheck] = {}


def crosscheck(
    code: str, severity: Severity, th: str, en: str, source: str = "", **options: Any
) -> Callable[[Search], Search]:
    """Register the decorated search (Evidence) -> Violations as a crosscheck.

    `open_item` names the kind of open item that a breach is, where it keeps a report a draft; the
    other options are those of Crosscheck.
    """

    def keep(search: Search) -> Search:
        _REGISTERED[code] = Crosscheck(code, severity, th, en, search, source, **options)
        return search

    return keep


def signal(
    code: str, *, form: str, on: tuple[str, ...], **options: Any
) -> Callable[[RowSearch], RowSearch]:
    """Register the decorated search (rows, Evidence) -> Violations as a signal for review.

    It is given the rows that hold a value in each column of `on`; what it finds is no fault, goes
    to the auditor and keeps nothing back. The options are those of Crosscheck; unless `flag` names
    another one, the signal is that of its own code.
    """
    options = {"form": form, "on": on, "to": AUDITOR, "flag": code, **options}
    register = crosscheck(code, Severity.NOTE, **options)

    def keep(search: RowSearch) -> RowSearch:
        register(lambda evidence: search(evidence.filled(form, on), evidence))
        return search

    return keep


def registered() -> Mapping[str, Crosscheck]:
    """Every crosscheck by its code, in the order of their definition."""
    return dict(_REGISTERED)
