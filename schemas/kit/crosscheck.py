"""How a rule between forms, rounds or configured texts is said."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from schemas.kit.calendar import Round
from schemas.kit.columns import Severity


@dataclass(frozen=True)
class MeasureText:
    """The configured texts of one measure, with the owner's code ("ALL": every division)."""

    number: int
    title: str
    procedure: str
    period_text: str
    owner: str


@dataclass(frozen=True)
class Evidence:
    """What a crosscheck may look at.

    `rows` gives for each form the rows without an ERROR, with a `division` column beside the
    form's own. `compared` gives those that came in a layout that does not count, and `counted` all
    that came in the one that does, faulty ones too. `plan` are the plan's figures by name
    (registered, done, in_progress, base, score_pct, level), `earlier` those of the six-month round
    in the same year, None where there is no such round.
    """

    round: Round
    rows: Mapping[str, pd.DataFrame]
    measures: tuple[MeasureText, ...]
    obliged: tuple[str, ...]
    plan: Mapping[str, Decimal | str]
    earlier: Mapping[str, Decimal | str] | None
    compared: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    counted: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Violation:
    """One breach: a row and column of a form, or a key of the configuration, with parameters.

    `duplicate` says that the row is met again and only compared, not that it is at fault.
    """

    form: str | None = None
    index: int | None = None
    column: str | None = None
    key: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    duplicate: bool = False


Search = Callable[[Evidence], Iterator[Violation]]


@dataclass(frozen=True)
class Crosscheck:
    """One rule between forms: its code, weight, both sentences, and the search for breaches.

    `example` says in Thai and in English what would break it.
    """

    code: str
    severity: Severity
    th: str
    en: str
    search: Search
    source: str = ""
    open_item: str = ""
    example: tuple[str, str] = ("", "")


_FOUND: dict[str, Crosscheck] = {}


def crosscheck(
    code: str,
    severity: Severity,
    th: str,
    en: str,
    source: str = "",
    open_item: str = "",
    example: tuple[str, str] = ("", ""),
) -> Callable[[Search], Search]:
    """Register the decorated search (Evidence) -> Violations as a crosscheck.

    `open_item` names the kind of open item that a breach is, where it keeps a report a draft.
    """

    def keep(search: Search) -> Search:
        _FOUND[code] = Crosscheck(code, severity, th, en, search, source, open_item, example)
        return search

    return keep


def registered() -> Mapping[str, Crosscheck]:
    """Every crosscheck by its code, in the order of their definition."""
    return dict(_FOUND)
