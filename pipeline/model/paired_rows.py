"""Which row of one settled round is which row of another, whatever became of it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.model.results import Assessment
from schemas.kit.known_again import known_again

_ACCEPTED = "accepted"
# What a line of the tables that no form gives is about.
_KEYS = {
    "annex": ("measure_no", "division"),
    "obligations": ("division", "form", "month", "measure_no"),
    "files": ("sha256", "name"),
}


@dataclass(frozen=True)
class Paired:
    """The rows of one frame in both rounds: the pairs, and the rows before that are in doubt."""

    pairs: tuple[tuple[int, int], ...]
    doubtful: frozenset[int]


def paired(name: str, then: Assessment, now: Assessment) -> Paired:
    """Rows alike in all they say first, then what the form's identities know again.

    Those that count come before those that do not: a twin that is no longer counted is no other.
    """
    if name in _KEYS:
        return Paired(tuple(_alike(then.frames[name], now.frames[name], _KEYS[name])), frozenset())
    form = now.plan.form(name)
    before, after = (_owned(name, each) for each in (then, now))
    columns = [c.name for c in form.columns if c.name in before and c.name in after]
    pairs = list(_alike(before, after, ("division", *columns)))
    doubtful: tuple[int, ...] = ()
    for counted in (True, False) if form.identities else ():
        old, new = _left(before, 0, pairs, counted=counted), _left(after, 1, pairs, counted=counted)
        known = known_again(old, new, form.identities)
        pairs += known.pairs
        doubtful = (*doubtful, *known.doubtful)
    settled = {old for old, _ in pairs}
    return Paired(tuple(pairs), frozenset(doubtful) - settled)


def _owned(name: str, assessment: Assessment) -> pd.DataFrame:
    frame = assessment.tables[name].frame
    divisions = {each.name: each.division for each in assessment.submissions}
    owned = frame.assign(division=frame["submission"].map(divisions).astype("string"))
    return owned.sort_values("fate", key=lambda fates: fates != _ACCEPTED, kind="stable")


def _left(
    frame: pd.DataFrame, side: int, pairs: Iterable[tuple[int, int]], *, counted: bool
) -> pd.DataFrame:
    """The rows not yet paired: those that count, or all."""
    taken = {pair[side] for pair in pairs}
    rows = frame.loc[[index not in taken for index in frame.index]]
    return rows[rows["fate"] == _ACCEPTED] if counted else rows


def _alike(
    before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str]
) -> Iterable[tuple[int, int]]:
    """Each row with the first one not yet taken that says the same in these columns."""
    waiting: defaultdict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for index, said in _said(before, columns):
        waiting[said].append(index)
    for index, said in _said(after, columns):
        if waiting[said]:
            yield waiting[said].pop(0), index


def _said(
    frame: pd.DataFrame, columns: Sequence[str]
) -> Iterable[tuple[int, tuple[Hashable, ...]]]:
    values = ([None if pd.isna(v) else v for v in frame[name]] for name in columns)
    indices = (int(str(index)) for index in frame.index)
    return zip(indices, zip(*values, strict=True), strict=True)
