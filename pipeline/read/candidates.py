"""What each file offers: the rows or the nil tick of one division, part, form and month."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

from pipeline.model import CellRef, FormState, Plan, Submission
from pipeline.read.extract import Extract
from schemas.kit.form import FormSpec, Overview
from schemas.kit.thai.thai_text import matching_key

_OLDEST = datetime.min.replace(tzinfo=UTC)

Nil = Mapping[tuple[str, date | None], "Tick"]


class Tick(NamedTuple):
    """Where a cover says that there is nothing to report, and what was typed there."""

    cell: CellRef
    typed: str | None


class Key(NamedTuple):
    """What of two files the later replaces.

    That is a form of a division or of its part, a month of it, or a measure's overview. `part` is
    None where the form is reported by parts and it is not known by which. What comes in a layout
    that is only compared has a key of its own.
    """

    division: str
    part: str | None
    form: str
    month: date | None = None
    measure: int | None = None
    layout: str = ""


@dataclass(frozen=True, eq=False)
class Candidate:
    """What one submission offers under one key: the rows that belong to it, or a nil tick."""

    key: Key
    submission: Submission
    state: FormState
    extract: Extract | None = None
    rows: tuple[int, ...] = ()

    @property
    def age(self) -> tuple[datetime, str]:
        """Later is greater: by received time, then by name; what has no time is oldest."""
        received = self.submission.received
        return (received.received_at or _OLDEST, received.name)

    @property
    def says(self) -> tuple[object, ...]:
        """What it reports, as typed: two candidates that say the same are one."""
        typed = self.extract.typed if self.extract else []
        return (self.state, [sorted(typed[position].items()) for position in self.rows])

    def came_with(self, other: "Candidate") -> bool:
        """Whether nobody can tell which came first: in one mail, or at one moment."""
        return self.submission.received.received_at == other.submission.received.received_at

    def replaces(self, earlier: "Candidate") -> bool:
        """Whether it is another version of an earlier one and later, or says the same."""
        told = not self.came_with(earlier) or self.says == earlier.says
        return told and self.is_of(earlier)

    def is_of(self, other: "Candidate") -> bool:
        """Whether both may be versions of one thing: a row of each has one identity.

        So has what confirms that there is nothing, and a form by whose rows nobody can tell.
        """
        mine, others = self.identities, other.identities
        return not mine or not others or bool(mine & others)

    @cached_property
    def identities(self) -> frozenset[object]:
        """By what its rows are known again: their whole keys, else by any of what tells them."""
        if self.extract is None:
            return frozenset()
        about, values = self.extract.form.about, self.extract.rows
        names = [about.key] if about.key else about.known_by
        identities = (
            tuple((name, _plain(values[position].get(name))) for name in each)
            for position in self.rows
            for each in names
        )
        return frozenset(each for each in identities if all(value for _, value in each))


def _plain(value: object) -> object:
    return matching_key(value) if isinstance(value, str) else value


def nil_parts(cover: Extract, plan: Plan) -> Iterator[tuple[tuple[str, date | None], Tick]]:
    """The (form, month) pairs that a cover ticks as having nothing to report, and where."""
    about = cover.form.about
    tick = plan.nil_tick.name
    names = {matching_key(form.about.sheet): form.name for form in plan.forms}
    for row, typed in zip(cover.rows, cover.typed, strict=True):
        name = names.get(matching_key(str(row.get(about.key[0]))))
        if name is not None and row.get(tick):
            fixed, column = cover.positions[tick]
            at = CellRef(cover.submission.name, cover.sheet, fixed or row["row"], column)
            yield (name, row.get(about.month)), Tick(at, typed.get(tick))


def candidates_of(
    submission: Submission, extracts: Sequence[Extract], nil: Mapping[str, Nil], plan: Plan
) -> Iterator[Candidate]:
    """Everything that one submission speaks of, by rows, by a tick or by an empty sheet."""
    ticked = nil.get(submission.name, {})
    mine = [e for e in extracts if e.submission.name == submission.name and not e.form.is_cover]
    entries = (each for each in plan.changes.exclusions if each.file == submission.name)
    whole = {each.sheet for each in entries if each.row is None}  # "" is all of the file
    for each in mine:
        key = _key(submission, each.form.name, plan)
        left_out = bool(whole & {"", each.sheet})
        for candidate in _candidates(each, key, ticked, prefilled=plan.earlier is not None):
            yield replace(candidate, state=FormState.EXCLUDED) if left_out else candidate
    names = {each.form.name for each in mine}
    for form, month in sorted(ticked, key=str):
        if form not in names:
            key = _key(submission, form, plan)._replace(month=month)
            yield Candidate(key, submission, FormState.EXCLUDED if "" in whole else FormState.NIL)


def _key(submission: Submission, form: str, plan: Plan) -> Key:
    """The key of a form as a whole, for the part of the division that sends it."""
    division = next((d for d in plan.divisions if d.code == submission.division), None)
    part = division.part_of(form, submission.part) if division else ""
    return Key(submission.division or "", part, form)


def _candidates(extract: Extract, key: Key, ticked: Nil, *, prefilled: bool) -> Iterator[Candidate]:
    form = extract.form
    if extract.refused:
        yield Candidate(key, extract.submission, FormState.REFUSED, extract)
        return
    groups = _groups(extract, ticked, prefilled=prefilled)
    by_rows = form.about.monthly == "rows"
    nil_months = {month for name, month in ticked if name == form.name}
    nil_months |= extract.nothing if extract.counts else frozenset()
    whole: set[date | None] = set(extract.months) if groups else set()
    whole -= nil_months | extract.blank
    for month in whole if by_rows else whole | nil_months:
        groups.setdefault((month, None), [])
    if not groups:
        groups[(None, None)] = []
    filled = FormState.COUNTS if extract.counts else FormState.COMPARED
    layout = "" if extract.counts or extract.layout is None else extract.layout.name
    for (month, measure), rows in sorted(groups.items(), key=str):
        is_nil = month in nil_months or (by_rows and bool(nil_months))
        empty = FormState.NIL if is_nil else FormState.NOT_FILLED
        state = filled if rows or month in whole else empty
        mine = key._replace(month=month, measure=measure, layout=layout)
        yield Candidate(mine, extract.submission, state, extract, tuple(rows))


def _groups(
    extract: Extract, ticked: Nil, *, prefilled: bool
) -> dict[tuple[date | None, int | None], list[int]]:
    """Row positions by (month, overview measure); nothing where the clerk has typed nothing."""
    filled = set(extract.filled_rows(prefilled=prefilled))
    groups: dict[tuple[date | None, int | None], list[int]] = defaultdict(list)
    if not filled:
        return groups
    about, first = extract.form.about, extract.months[0] if extract.months else None
    for position, row in enumerate(extract.rows):
        overview = _is_overview(extract.form, row)
        nil = about.monthly == "rows" and (extract.form.name, row.get(about.month)) in ticked
        if position not in filled and (overview or nil):
            continue
        month = row.get(about.month, first) if about.monthly == "parts" else None
        measure = row.get(about.key[0]) if overview else None
        groups[(month, measure)].append(position)
    return groups


def _is_overview(form: FormSpec, row: Mapping[str, object]) -> bool:
    if not form.has(Overview):
        return False
    overview = form.trait(Overview)
    return row.get(overview.column) == overview.value
