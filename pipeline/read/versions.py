"""Which version counts: the latest of each division, form and month; the others are superseded."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from pipeline.model import (
    CellRef,
    Finding,
    Outcome,
    Plan,
    Receipt,
    ReceiptState,
    Severity,
    Submission,
)
from pipeline.read.extract import Extract
from schemas.kit.form import FormSpec
from schemas.kit.kinds import TICK, Kind
from schemas.kit.thai import matching_key

_OLDEST = datetime.min.replace(tzinfo=UTC)
_COUNTING = (ReceiptState.COUNTS, ReceiptState.NIL, ReceiptState.COMPARED)

Nil = Mapping[tuple[str, date | None], "Tick"]


class Tick(NamedTuple):
    """Where a cover says that there is nothing to report, and what was typed there."""

    cell: CellRef
    typed: str | None


class Part(NamedTuple):
    """What one obligation is about: a division's form, a month of it, or a measure's overview.

    What comes in a layout that is only compared is a part of its own.
    """

    division: str
    form: str
    month: date | None = None
    measure: int | None = None
    layout: str = ""


@dataclass(frozen=True)
class Offer:
    """One part as one submission offers it: the rows that belong to it, or a nil tick."""

    part: Part
    submission: Submission
    state: ReceiptState
    extract: Extract | None = None
    rows: tuple[int, ...] = ()

    @property
    def age(self) -> tuple[datetime, str]:
        """Later is greater: by received time, then by name; what has no time is oldest."""
        received = self.submission.received
        return (received.received_at or _OLDEST, received.name)

    @property
    def says(self) -> tuple[object, ...]:
        """What it reports, as typed: two offers that say the same are one."""
        typed = self.extract.typed if self.extract else []
        return (self.state, [sorted(typed[position].items()) for position in self.rows])

    def receipt(self, counts: "Offer | None") -> Receipt:
        """What became of this offer, given the one that counts for its part, if any does."""
        state, by = self.state, ""
        if state in _COUNTING and counts is None:
            state = ReceiptState.WAITING
        elif state in _COUNTING and counts is not self:
            state, by = ReceiptState.SUPERSEDED, counts.submission.name if counts else ""
        part = self.part
        rows = len(self.rows)
        return Receipt(
            self.submission.name,
            part.division,
            part.form,
            part.month,
            state,
            rows,
            by,
            part.measure,
        )


@dataclass(frozen=True)
class Verdict:
    """What counts: `kept` are (extract, positions of its rows), `receipts` tell of all."""

    kept: tuple[tuple[Extract, tuple[int, ...]], ...]
    receipts: tuple[Receipt, ...]
    findings: tuple[Finding, ...]
    submissions: tuple[Submission, ...]


def decide(extracts: Sequence[Extract], submissions: Sequence[Submission], plan: Plan) -> Verdict:
    """Settle, for every part that anyone sent, which submission counts."""
    covers = [each for each in extracts if each.form.about.cover]
    nil = {each.submission.name: dict(_nil_parts(each, plan)) for each in covers}
    offers = [offer for each in submissions for offer in _offers(each, extracts, nil, plan)]
    winners = _winners(offers)
    receipts = tuple(offer.receipt(winners.get(offer.part)) for offer in offers)
    counting = {r.submission for r in receipts if r.state in _COUNTING}
    kept = [(o.extract, o.rows) for o in winners.values() if o.extract is not None and o.rows]
    kept += [(e, tuple(range(len(e.rows)))) for e in covers if e.submission.name in counting]
    findings = _clashes(list(winners.values()), nil)
    findings += _undecided([o for o in offers if o.state in _COUNTING and o.part not in winners])
    settled = tuple(_with_outcome(each, receipts) for each in submissions)
    return Verdict(tuple(kept), receipts, tuple(findings), settled)


def _nil_parts(cover: Extract, plan: Plan) -> Iterator[tuple[tuple[str, date | None], Tick]]:
    """The (form, month) pairs that a cover ticks as having nothing to report, and where."""
    about = cover.form.about
    tick = next(c.name for c in cover.form.columns if c.kind is Kind.TICK)
    names = {matching_key(form.about.sheet): form.name for form in plan.forms}
    for row, typed in zip(cover.rows, cover.typed, strict=True):
        name = names.get(matching_key(str(row.get(about.key[0]))))
        if name is not None and row.get(tick) == TICK:
            fixed, column = cover.positions[tick]
            at = CellRef(cover.submission.name, cover.sheet, fixed or row["row"], column)
            yield (name, row.get(about.month)), Tick(at, typed.get(tick))


def _offers(
    submission: Submission, extracts: Sequence[Extract], nil: Mapping[str, Nil], plan: Plan
) -> Iterator[Offer]:
    """Every part that one submission speaks of, by rows, by a tick or by an empty sheet."""
    ticked = nil.get(submission.name, {})
    mine = [e for e in extracts if e.submission.name == submission.name and not e.form.about.cover]
    for each in mine:
        yield from _offered(each, ticked, prefilled=plan.earlier is not None)
    spoken = {each.form.name for each in mine}
    for form, month in sorted(ticked, key=str):
        if form not in spoken:
            yield Offer(Part(submission.division or "", form, month), submission, ReceiptState.NIL)


def _offered(made: Extract, ticked: Nil, *, prefilled: bool) -> Iterator[Offer]:
    form, division = made.form, made.submission.division or ""
    if made.refused:
        yield Offer(Part(division, form.name), made.submission, ReceiptState.REFUSED, made)
        return
    groups = _grouped(made, ticked, prefilled=prefilled)
    nil_months = {month for name, month in ticked if name == form.name}
    nil_months |= made.nothing if made.counts else frozenset()
    whole: set[date | None] = set(made.months) if groups else set()
    for month in whole:
        groups.setdefault((month, None), [])
    for month in nil_months if form.about.monthly != "rows" else ():
        groups.setdefault((month, None), [])
    if not groups:
        groups[(None, None)] = []
    all_nil = bool(nil_months)
    for (month, measure), rows in sorted(groups.items(), key=str):
        is_nil = month in nil_months or (form.about.monthly == "rows" and all_nil)
        empty = ReceiptState.NIL if is_nil else ReceiptState.NOT_FILLED
        filled = ReceiptState.COUNTS if made.counts else ReceiptState.COMPARED
        state = filled if rows or month in whole else empty
        layout = "" if made.counts or made.layout is None else made.layout.name
        part = Part(division, form.name, month, measure, layout)
        yield Offer(part, made.submission, state, made, tuple(rows))


def _grouped(
    made: Extract, ticked: Nil, *, prefilled: bool
) -> dict[tuple[date | None, int | None], list[int]]:
    """Row positions by (month, overview measure); nothing where the clerk has typed nothing."""
    filled = set(made.filled_rows(prefilled=prefilled))
    groups: dict[tuple[date | None, int | None], list[int]] = defaultdict(list)
    if not filled:
        return groups
    for position, row in enumerate(made.rows):
        overview = _is_overview(made.form, row)
        if position not in filled and (overview or _month_is_nil(made.form, row, ticked)):
            continue
        first = made.months[0] if made.months else None
        month = (
            row.get(made.form.about.month, first) if made.form.about.monthly == "parts" else None
        )
        measure = row.get(made.form.about.key[0]) if overview else None
        groups[(month, measure)].append(position)
    return groups


def _is_overview(form: FormSpec, row: Mapping[str, object]) -> bool:
    if form.about.overview is None:
        return False
    column, value = form.about.overview
    return row.get(column) == value


def _month_is_nil(form: FormSpec, row: Mapping[str, object], ticked: Nil) -> bool:
    return form.about.monthly == "rows" and (form.name, row.get(form.about.month)) in ticked


def _winners(offers: Sequence[Offer]) -> dict[Part, Offer]:
    """The latest offer of each part that holds rows or a nil tick.

    Of files without a time none is the latest: where they differ, the part has no winner.
    """
    made: dict[Part, list[Offer]] = defaultdict(list)
    for offer in sorted((o for o in offers if o.state in _COUNTING), key=lambda o: o.age):
        made[offer.part].append(offer)
    return {part: mine[-1] for part, mine in made.items() if not _is_open(mine)}


def _is_open(offers: Sequence[Offer]) -> bool:
    """Whether nobody can tell which of these offers, the oldest first, is the latest."""
    timeless = all(o.submission.received.received_at is None for o in offers)
    return timeless and any(o.says != offers[0].says for o in offers)


def _undecided(offers: Sequence[Offer]) -> Iterator[Finding]:
    """One finding for each set of files among which the analyst must choose."""
    files: dict[Part, dict[str, Offer]] = defaultdict(dict)
    for offer in offers:
        files[offer.part][offer.submission.name] = offer
    forms: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for part, named in files.items():
        made = next((o.extract for o in named.values() if o.extract), None)
        forms[tuple(named)][made.form.about.sheet if made else part.form] = None
    for names, sheets in forms.items():
        division = next(o.part.division for o in offers if o.submission.name == names[-1])
        params = {"files": ", ".join(names), "forms": ", ".join(sheets)}
        yield Finding(
            "times-unknown",
            Severity.WARNING,
            division=division,
            file=names[-1],
            params=params,
            to="analyst",
        )


def _clashes(offers: Sequence[Offer], nil: Mapping[str, Nil]) -> list[Finding]:
    """One finding for each tick beside rows of what it denies, however many parts these are of."""
    clashing: dict[Tick, list[Offer]] = defaultdict(list)
    for offer in offers:
        tick = nil.get(offer.submission.name, {}).get((offer.part.form, offer.part.month))
        by_rows = offer.extract is not None and offer.extract.form.about.monthly == "rows"
        if tick is not None and offer.rows and not by_rows:
            clashing[tick].append(offer)
    return [_clash(tick, same) for tick, same in clashing.items()]


def _clash(tick: Tick, offers: Sequence[Offer]) -> Finding:
    first, rows = offers[0], sum(len(offer.rows) for offer in offers)
    made = first.extract
    return Finding(
        "nil-with-rows",
        Severity.WARNING,
        division=first.part.division,
        file=first.submission.name,
        cell=tick.cell,
        value=tick.typed,
        params={"form": made.form.about.sheet if made else "", "rows": str(rows)},
        form=first.part.form,
        sheet=tick.cell.sheet,
    )


def _with_outcome(submission: Submission, receipts: Sequence[Receipt]) -> Submission:
    """A file is accepted if one of its forms counts; else what became of its forms decides."""
    states = {r.state for r in receipts if r.submission == submission.name}
    if submission.outcome is not Outcome.ACCEPTED or states & set(_COUNTING):
        return submission
    if ReceiptState.SUPERSEDED in states:
        by = next(r.by for r in receipts if r.submission == submission.name and r.by)
        return replace(
            submission, outcome=Outcome.SUPERSEDED, reason="superseded", params={"by": by}
        )
    if ReceiptState.WAITING in states:
        return replace(submission, outcome=Outcome.QUARANTINED, reason="times-unknown")
    if ReceiptState.REFUSED in states:
        return replace(submission, outcome=Outcome.REFUSED, reason="no-form-accepted")
    return replace(submission, outcome=Outcome.IGNORED, reason="not-filled")
