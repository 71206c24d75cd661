"""From a figure of one settled round to the same one of another: old + named changes = new.

What adds up is bridged row by row, by the rows that its term takes on either side, each difference
under the one thing that explains it. A share is bridged by its numerator and its denominator; what
two decimals and a cap leave over is one line, so that the line sums in what is shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import pandas as pd

from pipeline.model.corrections import Correction
from pipeline.model.expansion import Weighted, amounts, expanded
from pipeline.model.figure import Figure
from pipeline.model.paired_rows import Paired, paired
from pipeline.model.results import Assessment
from pipeline.model.terms import AtMost, Band, Count, Evaluation, FigureTerm, Share, Sum, Term
from schemas.kit.score import half_up

_BY_CODE = ("month",)  # a month is the same place in any year; other slices are what they say


class ChangeName(NamedTuple):
    """What explains a difference: a kind, and the column, values or criterion it is about.

    appeared, vanished, doubtful: the row is in one round alone, or may be another; fate: it counts
    now or no longer; moved: a value puts it into another group; changed, corrected: its amount is
    another; criterion: a number of `round.toml` is; period: the days that are counted are;
    rounding: two decimals or a cap; unexplained: what was recorded is not what the rows give.
    """

    kind: str
    form: str = ""
    column: str = ""
    then: str = ""
    now: str = ""
    of: str = ""


@dataclass(frozen=True)
class Change:
    """A named change: how much of a figure it explains, by which rows (before, now)."""

    named: ChangeName
    delta: Decimal
    rows: tuple[tuple[int | None, int | None], ...] = ()


@dataclass(frozen=True)
class Bridge:
    """A figure in both rounds, the changes that lead from one to the other, and its two ends."""

    then: Figure
    now: Figure
    changes: tuple[Change, ...] = ()
    ends: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    def thresholds(self, then: Assessment, now: Assessment) -> Iterator[tuple[str, str, str]]:
        """Of a level the least value of each band, before and now: the code of the band first."""
        before, after = (
            {code: least.value(_scope(a)) for least, code, _ in f.term.bands}
            if isinstance(f.term, Band)
            else {}
            for f, a in ((self.then, then), (self.now, now))
        )
        yield from ((c, str(before[c]), str(after[c])) for c in after if c in before)

    @property
    def sums(self) -> bool:
        """Whether the changes lead from the one value to the other; words are not summed."""
        if not isinstance(self.then.value, (int, Decimal)) or self.now.unit == "text":
            return True
        if not isinstance(self.now.value, (int, Decimal)):
            return True
        return sum((c.delta for c in self.changes), Decimal(self.then.value)) == self.now.value

    @property
    def moved(self) -> bool:
        """Whether anything of it is otherwise."""
        return self.then.value != self.now.value or bool(self.changes)


def bridges(then: Assessment, now: Assessment) -> tuple[Bridge, ...]:
    """Every figure that both rounds have, in the order of the later one."""
    before = {_identity(each): each for each in then.figures.values()}
    work = _Bridging(_Side(then), _Side(now))
    pairs = ((before.get(_identity(each)), each) for each in now.figures.values())
    return tuple(work.bridge(old, new) for old, new in pairs if old is not None)


def _identity(figure: Figure) -> tuple[object, ...]:
    """What a figure is about, whatever place a list gives it."""
    slices = (
        (name, each.code if name in _BY_CODE else each.th)
        for name, each in figure.dimensions.items()
    )
    return (figure.subject, figure.name, *slices)


def _scope(assessment: Assessment) -> Evaluation:
    tables = {name: table.frame for name, table in assessment.tables.items()}
    criteria = {key: each.value for key, each in assessment.plan.criteria.items()}
    return Evaluation({**tables, **assessment.frames}, criteria, assessment.figures)


class _Side:
    """One round: its figures as terms look them up, and what each count takes."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.figures = assessment.figures
        scope = _scope(assessment)
        self.criteria, self.frames, self.scope = scope.criteria, scope.frames, scope
        self.amounts = cache(lambda count: dict(amounts(count, scope)))
        self.corrected = {
            entry.cell for entry, settled in assessment.entries(Correction) if settled.in_effect
        }

    def spoken_of(self, term: Term) -> Term:
        """The term of the figure that a term names, or itself."""
        while isinstance(term, FigureTerm) and term.key in self.figures:
            term = self.figures[term.key].term
        return term

    def at(self, frame: str, index: int, column: str) -> Any:
        """A value of a row; None for a blank and for what the frame has not."""
        value = self.frames[frame].at[index, column] if column in self.frames[frame] else None
        return None if pd.isna(value) else value


class _Bridging:
    """The work on all figures of two rounds; which row is which is found out once a frame."""

    def __init__(self, then: _Side, now: _Side) -> None:
        self._then, self._now = then, now
        self._paired = cache(lambda frame: paired(frame, then.assessment, now.assessment))

    def bridge(self, old: Figure, new: Figure) -> Bridge:
        """One figure; what its record says otherwise than its rows is a change of its own."""
        found, ends = self._of_terms(old.term, new.term)
        if not isinstance(old.value, (int, Decimal)) or not isinstance(new.value, (int, Decimal)):
            return Bridge(old, new)
        changes = [c for c in found or () if c.delta]
        rest = Decimal(new.value) - Decimal(old.value) - sum(c.delta for c in changes)
        if rest:
            rounded = found is not None and isinstance(new.term, (Share, AtMost))
            changes.append(Change(ChangeName("rounding" if rounded else "unexplained"), rest))
        return Bridge(old, new, tuple(changes), ends)

    def _of_terms(
        self, old: Term, new: Term
    ) -> tuple[list[Change] | None, Mapping[str, tuple[Decimal, Decimal]]]:
        """The changes between two terms, and of a share what it is made of."""
        old, new = self._then.spoken_of(old), self._now.spoken_of(new)
        if isinstance(old, Share) and isinstance(new, Share):
            return self._of_share(old, new)
        if isinstance(old, AtMost) and isinstance(new, AtMost):
            return self._of_terms(old.figure, new.figure)
        before, after = expanded(old, self._then.figures), expanded(new, self._now.figures)
        if before is None or after is None:
            return None, {}
        return list(self._of_sums(before, after)), {}

    # --- shares -----------------------------------------------------------------------------------

    def _of_share(
        self, old: Share, new: Share
    ) -> tuple[list[Change] | None, Mapping[str, tuple[Decimal, Decimal]]]:
        values = [
            term.value(side.scope)
            for side, share in ((self._then, old), (self._now, new))
            for term in (share.numerator, share.denominator)
        ]
        numbers = [each for each in values if isinstance(each, Decimal)]
        if len(numbers) < 4 or not numbers[1] or not numbers[3]:
            return None, {}
        n_old, d_old, n_new, d_new = numbers
        ends = {"numerator": (n_old, n_new), "denominator": (d_old, d_new)}
        upper, _ = self._of_terms(old.numerator, new.numerator)
        lower, _ = self._of_terms(old.denominator, new.denominator)
        per_lower = n_new * 100 * (1 / d_new - 1 / d_old) / (d_new - d_old) if d_new != d_old else 0
        changes = [_scaled(c, Decimal(100) / d_old, "numerator") for c in upper or ()]
        changes += [_scaled(c, Decimal(per_lower), "denominator") for c in lower or ()]
        return changes, ends

    # --- what adds up -----------------------------------------------------------------------------

    def _of_sums(self, before: Sequence[Weighted], after: Sequence[Weighted]) -> Iterator[Change]:
        """The rows at the old weights, then what other criteria make of the new rows."""
        old = self._weighed(before, self._then)
        new = self._weighed(after, self._now)
        frames = dict.fromkeys(w.count.frame for w in (*before, *after) if w.count)
        for frame in frames:
            yield from self._of_frame(frame, old.get(frame, {}), new.get(frame, {}))
        yield from self._of_criteria(after)

    def _weighed(
        self, parts: Sequence[Weighted], side: _Side
    ) -> Mapping[str, Mapping[int, "_Taken"]]:
        """Per frame each row taken: what it adds at the old weights, and which counts take it."""
        found: defaultdict[str, dict[int, _Taken]] = defaultdict(dict)
        for part in parts:
            if part.count is None:
                continue
            weight = part.weight(self._then.criteria, self._now.criteria)
            rows = found[part.count.frame]
            for index, amount in side.amounts(part.count).items():
                taken = rows.get(index, _Taken())
                counts = (*taken.counts, part.count)
                rows[index] = _Taken(taken.amount + weight * amount, counts)
        return found

    def _of_frame(
        self, frame: str, old: Mapping[int, "_Taken"], new: Mapping[int, "_Taken"]
    ) -> Iterator[Change]:
        """The differences of one frame's rows, those of one name together."""
        known: Paired = self._paired(frame)
        sums: defaultdict[ChangeName, Decimal] = defaultdict(Decimal)
        rows: defaultdict[ChangeName, list[tuple[int | None, int | None]]] = defaultdict(list)
        partner = dict(known.pairs)
        lonely = {new_index for _, new_index in known.pairs}
        couples: list[tuple[int | None, int | None]] = [
            (i, j) for i, j in known.pairs if i in old or j in new
        ]
        couples += [(i, None) for i in old if i not in partner]
        couples += [(None, j) for j in new if j not in lonely]
        for i, j in couples:
            was = old.get(i, _Taken()) if i is not None else _Taken()
            now = new.get(j, _Taken()) if j is not None else _Taken()
            if was.amount != now.amount:
                named = self._name(frame, (i, j), was, now, known)
                sums[named] += now.amount - was.amount
                rows[named].append((i, j))
        for named, delta in sums.items():
            yield Change(named, delta, tuple(rows[named]))

    def _of_criteria(self, parts: Sequence[Weighted]) -> Iterator[Change]:
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for part in parts:
            then, now = self._then.criteria, self._now.criteria
            more = part.weight(now, then) - part.weight(then, now)
            changed = [key for key in part.criteria if then.get(key) != now.get(key)]
            if more:
                sums[", ".join(changed)] += more * part.value(self._now.scope)
        for key, delta in sums.items():
            yield Change(self._criterion(key), delta)

    def _criterion(self, keys: str) -> ChangeName:
        then, now = (
            ", ".join(str(side.criteria.get(key, "-")) for key in keys.split(", "))
            for side in (self._then, self._now)
        )
        return ChangeName("criterion", "", keys, then, now)

    # --- names -----------------------------------------------------------------------------------

    def _name(
        self,
        frame: str,
        rows: tuple[int | None, int | None],
        was: "_Taken",
        now: "_Taken",
        known: Paired,
    ) -> ChangeName:
        old, new = rows
        if old is None or new is None:
            doubtful = old in known.doubtful
            return ChangeName(
                "appeared" if old is None else "doubtful" if doubtful else "vanished", frame
            )
        if was.counts == now.counts:
            return self._amount(frame, old, new, now.counts)
        return self._membership(frame, old, new, (*was.counts, *now.counts))

    def _amount(self, frame: str, old: int, new: int, counts: Sequence[Count]) -> ChangeName:
        """Which amount of the row is another, and whether that was agreed."""
        columns = dict.fromkeys(count.column for count in counts if isinstance(count, Sum))
        column = next(
            c for c in columns if self._then.at(frame, old, c) != self._now.at(frame, new, c)
        )
        return ChangeName(
            "corrected" if self._is_agreed(frame, new, column) else "changed", frame, column
        )

    def _is_agreed(self, frame: str, index: int, column: str) -> bool:
        """Whether the value is one that `corrections.toml` put there."""
        tables = self._now.assessment.tables
        known = frame in tables and column in tables[frame].typed
        return known and tables[frame].cell(index, column) in self._now.corrected

    def _membership(self, frame: str, old: int, new: int, counts: Sequence[Count]) -> ChangeName:
        """What put the row into a count, or took it out."""
        conditions = [each for count in counts for each in count.conditions()]
        fate = [each for each in conditions if each.column == "fate"]
        for each in (*fate, *conditions):
            then, now = (
                self._then.at(frame, old, each.column),
                self._now.at(frame, new, each.column),
            )
            if then != now:
                telling = each.operator == "=" and isinstance(each.value, str)
                values = ("" if v is None or not telling else str(v) for v in (then, now))
                agreed = self._is_agreed(frame, new, each.column)
                kind = "fate" if each.column == "fate" else "corrected" if agreed else "moved"
                return ChangeName(kind, frame, each.column, *values)
        for each in conditions:
            if each.key and self._then.criteria.get(each.key) != self._now.criteria.get(each.key):
                return self._criterion(each.key)
        return ChangeName("period", frame)


@dataclass(frozen=True)
class _Taken:
    """What a row adds to a figure, and the counts that take it."""

    amount: Decimal = Decimal(0)
    counts: tuple[Count, ...] = ()


def _scaled(change: Change, by: Decimal, of: str) -> Change:
    """A change of one end of a share in points of it, two decimals."""
    return replace(change, named=change.named._replace(of=of), delta=half_up(change.delta * by))
