"""How it is said that something was told otherwise before: where it stood, and each thing once."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pandas as pd

from schemas.crosschecks.purchases import baht
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import Evidence, Restated, Search, Violation, crosscheck
from schemas.kit.thai.dates import format_date, format_month

Words = dict[str, str]
MOVED = "moved-figure"
_WHERE = ("place", "source_th", "source_en")


def retold(code: str, **said: Any) -> Callable[[Search], Search]:
    """Register a search among what was told before as a crosscheck.

    Nothing is said at a cell that has to be corrected anyway, nor of a row that is excluded, nor of
    one change twice: what went before is both the earlier round and a file of this one that a newer
    one replaced.
    """

    def keep(search: Search) -> Search:
        @wraps(search)
        def once(evidence: Evidence) -> Iterator[Violation]:
            known: dict[tuple[object, ...], str] = {}
            for each in search(evidence):
                source = each.params["source_en"]
                at_fault = (each.form, each.index, each.column) in evidence.accused
                at_fault |= (each.form, each.index) in evidence.excluded
                if known.setdefault(_change(each), source) == source and not at_fault:
                    yield each

        crosscheck(code, Severity.WARNING, **said)(once)
        return search

    return keep


def _change(violation: Violation) -> tuple[object, ...]:
    """What changed, wherever it stood before."""
    params = {k: v for k, v in violation.params.items() if k not in _WHERE}
    at = (violation.index, violation.column, violation.division)
    return (*at, *sorted((k, v) for k, v in params.items() if not k.startswith("moved_")))


def of_old(restated: Restated, index: int, params: Words, moved: Words) -> Violation:
    """Of a row that is not there any more, or not for certain; `moved` is what is open of it."""
    division = str(restated.before.at[index, "division"])
    where = restated.told_at(index)
    at = {f"moved_{lang}": f"{text} ({where['place']})" for lang, text in moved.items()}
    file = restated.files.get(division, "")
    return Violation(restated.form, params=params | where | at, division=division, file=file)


def of_new(
    restated: Restated, pair: tuple[int, int], column: str, params: Words, unit: Words | None = None
) -> Violation:
    """Of a row that is there and says otherwise, its `old` and `new` in `unit`."""
    old, new = pair
    at = {}
    for lang in ("th", "en"):
        was, now = (params.get(name) or params[f"{name}_{lang}"] for name in ("old", "new"))
        at[f"moved_{lang}"] = f"{was} → {now} {(unit or {}).get(lang, '')}".rstrip()
    return Violation(restated.form, new, column, params=params | restated.told_at(old) | at)


def amount(satang: object) -> str:
    """An amount in baht; a dash where there is none."""
    return "-" if pd.isna(satang) else baht(int(str(satang)))


def days(name: str, value: object, *, month: bool = False) -> Words:
    """A value as each language says it, days by their calendar."""
    if not isinstance(value, pd.Timestamp):
        return {f"{name}_th": str(value), f"{name}_en": str(value)}
    th = format_month(value.date()) if month else format_date(value.date())
    return {f"{name}_th": th, f"{name}_en": f"{value:%Y-%m}" if month else f"{value:%Y-%m-%d}"}
