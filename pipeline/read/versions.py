"""Which version counts: the latest under each key; the others are superseded, or all wait."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import (
    Finding,
    Outcome,
    Plan,
    Receipt,
    ReceiptState,
    Severity,
    Submission,
)
from pipeline.read.extract import Extract
from pipeline.read.offers import Key, Nil, Offer, Tick, nil_parts, offers_of
from pipeline.read.tables import Kept

_COUNTING = (ReceiptState.COUNTS, ReceiptState.NIL, ReceiptState.COMPARED)


@dataclass(frozen=True)
class Ruling:
    """What becomes of an offer: whose file replaced it (`by`), or what it waits for (`reason`)."""

    state: ReceiptState
    by: Offer | None = None
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What counts: `kept` are (extract, positions of its rows), `receipts` tell of all.

    `replaced` are the versions right before those that count, each with the one that replaced it.
    """

    kept: tuple[Kept, ...]
    receipts: tuple[Receipt, ...]
    findings: tuple[Finding, ...]
    submissions: tuple[Submission, ...]
    replaced: tuple[tuple[Offer, Offer], ...] = ()


def decide(extracts: Sequence[Extract], submissions: Sequence[Submission], plan: Plan) -> Verdict:
    """Settle, for everything that anyone sent, which submission counts."""
    covers = [each for each in extracts if each.form.about.cover]
    nil = {each.submission.name: dict(nil_parts(each, plan)) for each in covers}
    offers = [offer for each in submissions for offer in offers_of(each, extracts, nil, plan)]
    rivals = _rivals(offers)
    rulings = {offer: Ruling(offer.state) for offer in offers}
    for same in rivals:
        rulings |= _ruled(same)
    winners = [o for same in rivals for o in same if rulings[o].state in _COUNTING]
    receipts = tuple(_receipt(offer, rulings[offer]) for offer in offers)
    counting = {offer.submission.name for offer in winners}
    kept = [(o.extract, o.rows) for o in winners if o.extract is not None and o.rows]
    kept += [(e, tuple(range(len(e.rows)))) for e in covers if e.submission.name in counting]
    clashes = _clashes(winners, nil)
    undecided = _undecided([o for o in offers if rulings[o].reason], rulings, plan)
    why = {name: finding for names, finding in undecided for name in names}
    return Verdict(
        tuple(kept),
        receipts,
        (*clashes, *(finding for _, finding in undecided)),
        tuple(_with_outcome(each, receipts, why) for each in submissions),
        tuple(_replaced(offers, rulings)),
    )


def _receipt(offer: Offer, ruling: Ruling) -> Receipt:
    key = offer.key
    return Receipt(
        offer.submission.name,
        key.division,
        key.form,
        key.month,
        ruling.state,
        len(offer.rows),
        ruling.by.submission.name if ruling.by else "",
        key.measure,
        key.part or "",
        ruling.reason,
    )


# --- which of several -----------------------------------------------------------------------------


def _rivals(offers: Sequence[Offer]) -> list[list[Offer]]:
    """The offers of each key that hold rows or a nil tick, the oldest first."""
    by_key: dict[Key, list[Offer]] = defaultdict(list)
    for offer in sorted((o for o in offers if o.state in _COUNTING), key=lambda o: o.age):
        by_key[offer.key].append(offer)
    return list(by_key.values())


def _ruled(offers: Sequence[Offer]) -> Mapping[Offer, Ruling]:
    """The rulings on the offers of one key, the oldest first."""
    if offers[0].key.part is None:
        return _waiting(offers, "no-part")
    if _is_open(offers):
        return _waiting(offers, "times-unknown")
    latest, replaced = _heads(offers)
    found = {old: Ruling(ReceiptState.SUPERSEDED, new) for old, new in replaced.items()}
    if len(latest) > 1:
        return found | _waiting(latest, "shares-no-row")
    return found | {latest[0]: Ruling(latest[0].state)}


def _waiting(offers: Sequence[Offer], reason: str) -> dict[Offer, Ruling]:
    return {offer: Ruling(ReceiptState.WAITING, reason=reason) for offer in offers}


def _is_open(offers: Sequence[Offer]) -> bool:
    """Whether nobody can tell which of these offers, the oldest first, is the latest."""
    timeless = all(o.submission.received.received_at is None for o in offers)
    return timeless and any(o.says != offers[0].says for o in offers)


def _heads(offers: Sequence[Offer]) -> tuple[list[Offer], Mapping[Offer, Offer]]:
    """The offers that nothing replaces, and each that is replaced with the one of these over it.

    A later one replaces all of which it is a version; what shares nothing with it stands beside it.
    """
    heads: list[Offer] = []
    over: dict[Offer, Offer] = {}
    for offer in offers:
        gone = [head for head in heads if offer.is_of(head)]
        over |= {old: offer for old, head in over.items() if head in gone}
        over |= dict.fromkeys(gone, offer)
        heads = [*(head for head in heads if head not in gone), offer]
    return heads, over


def _replaced(
    offers: Sequence[Offer], rulings: Mapping[Offer, Ruling]
) -> Iterator[tuple[Offer, Offer]]:
    """For each offer that counts the version right before it, where there was one."""
    before: dict[Offer, Offer] = {}
    for offer in sorted(offers, key=lambda each: each.age):
        by = rulings[offer].by
        if by is not None and rulings[by].state in _COUNTING:
            before[by] = offer
    yield from ((old, new) for new, old in before.items())


# --- what the analyst must decide -----------------------------------------------------------------


def _undecided(
    offers: Sequence[Offer], rulings: Mapping[Offer, Ruling], plan: Plan
) -> list[tuple[tuple[str, ...], Finding]]:
    """One finding for each set of files that wait for one reason, with the names of these."""
    files: dict[tuple[Key, str], dict[str, Offer]] = defaultdict(dict)
    for offer in sorted(offers, key=lambda each: each.age):
        alone = offer.submission.name if offer.key.part is None else ""
        files[(offer.key, alone)][offer.submission.name] = offer
    forms: dict[tuple[str, tuple[str, ...]], list[Offer]] = defaultdict(list)
    for named in files.values():
        reason = rulings[next(iter(named.values()))].reason
        forms[(reason, tuple(named))] += named.values()
    return [
        (names, _question(reason, names, [each.key for each in same], plan))
        for (reason, names), same in forms.items()
    ]


def _question(reason: str, names: Sequence[str], keys: Sequence[Key], plan: Plan) -> Finding:
    """What the analyst is asked of these files, the oldest first."""
    division = plan.division(keys[0].division)
    sheets = dict.fromkeys(plan.form(key.form).about.sheet for key in keys)
    parts = dict.fromkeys(part.name for key in keys for part in division.parts_of(key.form))
    params = {"files": ", ".join(names), "forms": ", ".join(sheets)}
    params |= {"division": division.name, "parts": ", ".join(parts)}
    return Finding(
        reason,
        Severity.WARNING,
        division=division.code,
        file=names[-1],
        params=params,
        to="analyst",
    )


def _clashes(offers: Sequence[Offer], nil: Mapping[str, Nil]) -> list[Finding]:
    """One finding for each tick beside rows of what it denies, however many keys these are of."""
    clashing: dict[Tick, list[Offer]] = defaultdict(list)
    for offer in offers:
        tick = nil.get(offer.submission.name, {}).get((offer.key.form, offer.key.month))
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
        division=first.key.division,
        file=first.submission.name,
        cell=tick.cell,
        value=tick.typed,
        params={"form": made.form.about.sheet if made else "", "rows": str(rows)},
        form=first.key.form,
        sheet=tick.cell.sheet,
    )


# --- what becomes of a file -----------------------------------------------------------------------


def _with_outcome(
    submission: Submission, receipts: Sequence[Receipt], why: Mapping[str, Finding]
) -> Submission:
    """A file is accepted if one of its forms counts; else what became of its forms decides.

    `why` says of each file that waits for what.
    """
    mine = {r.state: r for r in receipts if r.submission == submission.name}
    if submission.outcome is not Outcome.ACCEPTED or mine.keys() & set(_COUNTING):
        return submission
    if ReceiptState.WAITING in mine:
        told = why[submission.name]
        return replace(
            submission, outcome=Outcome.QUARANTINED, reason=told.code, params=told.params
        )
    if ReceiptState.SUPERSEDED in mine:
        by = {"by": mine[ReceiptState.SUPERSEDED].by}
        return replace(submission, outcome=Outcome.SUPERSEDED, reason="superseded", params=by)
    if ReceiptState.REFUSED in mine:
        return replace(submission, outcome=Outcome.REFUSED, reason="no-form-accepted")
    left_out = ReceiptState.EXCLUDED in mine
    return replace(
        submission, outcome=Outcome.IGNORED, reason="left-out" if left_out else "not-filled"
    )
