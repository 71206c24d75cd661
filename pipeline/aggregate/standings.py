"""Where every obligation stands, and everything that is still open."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pipeline.aggregate.answered import frees, has_expired
from pipeline.model import (
    Finding,
    Obligation,
    OpenItem,
    Outcome,
    Plan,
    Reading,
    Receipt,
    ReceiptState,
    Severity,
    Standing,
    State,
    Submission,
    Waiver,
)
from pipeline.plan import obligations
from schemas.crosschecks import crosschecks
from schemas.project_register import REGISTER_WAITS

_OWING = {
    State.MISSING: "missing",
    State.PENDING: "pending",
    State.REFUSED: "refused-form",
}
_SETTLED = {ReceiptState.COUNTS: State.REPORTED, ReceiptState.NIL: State.CONFIRMED_ZERO}


def standings(reading: Reading, plan: Plan, as_of: datetime) -> tuple[Standing, ...]:
    """One standing for each obligation of the round, in the order of the roster."""
    files = {each.name: each for each in reading.submissions}
    waivers = [each for each in plan.changes.waivers if not has_expired(each, plan, as_of)]
    return tuple(
        _standing(each, _parts(each, plan), reading, files, as_of, waivers)
        for each in obligations(plan)
    )


def _parts(owed: Obligation, plan: Plan) -> tuple[str, ...]:
    """The codes of the parts that have to report; "" where the division reports as one."""
    return tuple(p.code for p in plan.division(owed.division).parts_of(owed.form)) or ("",)


def _standing(
    owed: Obligation,
    parts: Sequence[str],
    reading: Reading,
    files: dict[str, Submission],
    as_of: datetime,
    waivers: Sequence[Waiver],
) -> Standing:
    if not owed.in_this_round:
        return Standing(owed, State.NOT_DUE)
    settled = {part: _settled(owed, part, reading.receipts) for part in parts}
    lacking = tuple(part for part, receipt in settled.items() if receipt is None and part)
    found = [receipt for receipt in settled.values() if receipt is not None]
    if len(found) == len(parts):
        return _reported(owed, found, files)
    if any(frees(each, owed) for each in waivers):
        return Standing(owed, State.WAIVED)
    refused = next(filter(None, (_refused(owed, part, reading) for part in lacking or parts)), "")
    if refused:
        return Standing(owed, State.REFUSED, file=refused, lacking=lacking)
    state = State.PENDING if as_of < owed.due else State.MISSING
    return Standing(owed, state, lacking=lacking)


def _reported(
    owed: Obligation, receipts: Sequence[Receipt], files: Mapping[str, Submission]
) -> Standing:
    """What is there in full: reported if any of its parts has rows, as late as the last of them."""
    states = {_SETTLED[receipt.state] for receipt in receipts}
    state = State.REPORTED if State.REPORTED in states else State.CONFIRMED_ZERO
    names = dict.fromkeys(receipt.submission for receipt in receipts)
    late = max(_late_days(owed, files[name]) for name in names)
    return Standing(owed, state, late, ", ".join(names))


def _settled(owed: Obligation, part: str, receipts: Sequence[Receipt]) -> Receipt | None:
    """The receipt by which an obligation, or what a part has of it, is met."""
    mine = _receipts_for(owed, receipts)
    return next((r for r in mine if r.part == part and r.state in _SETTLED), None)


def _receipts_for(owed: Obligation, receipts: Sequence[Receipt]) -> Iterator[Receipt]:
    for receipt in receipts:
        mine = (receipt.division, receipt.form) == (owed.division, owed.form)
        if mine and receipt.measure == owed.measure and owed.month in (None, receipt.month):
            yield receipt


def _refused(owed: Obligation, part: str, reading: Reading) -> str:
    """The latest file in which the form came but was sent back; "" where none did."""
    for receipt in reversed(reading.receipts):
        mine = (receipt.division, receipt.form, receipt.part) == (owed.division, owed.form, part)
        if mine and receipt.state is ReceiptState.REFUSED:
            return receipt.submission
    for each in reversed(reading.submissions):
        mine = each.division == owed.division and part in ("", each.part)
        if each.outcome is Outcome.REFUSED and mine:
            return each.name
    return ""


def _late_days(owed: Obligation, submission: Submission) -> int:
    """Days after the due time, a started one counting whole; 0 where it was in time."""
    received = submission.received.received_at
    if received is None or received <= owed.due:
        return 0
    return max(1, (received.date() - owed.due.date()).days)


def open_items(reading: Reading, plan: Plan, stands: Sequence[Standing]) -> tuple[OpenItem, ...]:
    """Everything that keeps the report a draft, and who must act."""
    return (
        *_held_back(reading),
        *_files(reading, stands),
        *_undecided(reading, stands),
        *_owed(stands, reading, plan),
        *_waiting(reading, plan),
        *_contradictions(reading.findings),
    )


def _held_back(reading: Reading) -> Iterator[OpenItem]:
    rows = {(f.division, f.form, f.index) for f in reading.findings if _holds_back(f)}
    counts = Counter((division, form) for division, form, _ in rows)
    for (division, form), count in sorted(counts.items(), key=str):
        yield OpenItem("held-back", "division", division, form, {"rows": str(count)})


def _holds_back(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.index is not None


def _files(reading: Reading, stands: Sequence[Standing]) -> Iterator[OpenItem]:
    """Files whose sender must be confirmed, and those sent back with nothing in their place.

    Not one that is explained, nor what a division sent of which nothing is expected any more.
    """
    explained = {f.file for f in reading.findings if f.explained and f.form is None}
    undecided = {r.submission for r in _waiting_receipts(reading)}
    for each in reading.submissions:
        waits = each.name in undecided
        if each.outcome is Outcome.QUARANTINED and each.name not in explained and not waits:
            yield OpenItem("quarantined", "analyst", each.division, None, {"file": each.name})
    owing = {each.obligation.division for each in stands if each.state in _OWING}
    for files in _sent_back(reading).values():
        last = files[-1]
        if last.name in explained or (last.division and last.division not in owing):
            continue
        params = {"file": last.name, "count": str(len(files))}
        who = "division" if last.division else "analyst"
        yield OpenItem("refused", who, last.division, None, params)


def _waiting_receipts(reading: Reading) -> list[Receipt]:
    return [r for r in reading.receipts if r.state is ReceiptState.WAITING]


def _undecided(reading: Reading, stands: Sequence[Standing]) -> Iterator[OpenItem]:
    """What waits until the analyst has decided between files, or learnt whose one is."""
    waived = [each.obligation for each in stands if each.state is State.WAIVED]
    spared = {(owed.division, owed.form, owed.month) for owed in waived}
    found = {(r.division, r.form, r.month, r.reason) for r in _waiting_receipts(reading)}
    for division, form, month, reason in sorted(found, key=str):
        if (division, form, month) not in spared:
            params = {"month": month.isoformat() if month else ""}
            yield OpenItem(reason, "analyst", division, form, params)


def _sent_back(reading: Reading) -> Mapping[str, list[Submission]]:
    """The refused files, oldest first, of each division of which nothing has been accepted."""
    whole = {s.division for s in reading.submissions if s.outcome is Outcome.ACCEPTED}
    found: dict[str, list[Submission]] = defaultdict(list)
    for each in reading.submissions:
        if each.outcome is Outcome.REFUSED and each.division not in whole:
            found[each.division or each.name].append(each)
    return found


def _owed(stands: Sequence[Standing], reading: Reading, plan: Plan) -> Iterator[OpenItem]:
    """What is not there yet; what is missing because a whole file went back is told with that."""
    sent_back = _sent_back(reading)
    undecided = _waiting_receipts(reading)
    for each in stands:
        owed = each.obligation
        kind = _OWING.get(each.state, "")
        if kind and owed.measure is not None:
            kind = "summary-missing"
        if not kind or (kind == "refused-form" and owed.division in sent_back):
            continue
        if any(True for _ in _receipts_for(owed, undecided)):
            continue
        params = {"month": owed.month.isoformat() if owed.month else ""}
        params |= {"measure": str(owed.measure or ""), "file": each.file}
        parts = [p.name for p in plan.division(owed.division).parts if p.code in each.lacking]
        params |= {"parts": ", ".join(parts)} if parts else {}
        yield OpenItem(kind, "division", owed.division, owed.form, params)


def _waiting(reading: Reading, plan: Plan) -> Iterator[OpenItem]:
    """Projects without a status when the year is over."""
    form, column = REGISTER_WAITS
    if plan.round.months != 12:
        return
    spare = {f.index for f in reading.findings if f.form == form and f.fate is not None}
    for finding in reading.findings:
        blank = finding.code == "required" and (finding.form, finding.column) == (form, column)
        if blank and finding.index not in spare and not finding.explained:
            params = {"file": finding.file or "", "cell": _place(finding)}
            yield OpenItem("waiting-project", "division", finding.division, form, params)


def _place(finding: Finding) -> str:
    return f"{finding.cell.sheet}!{finding.cell.address}" if finding.cell else ""


def _contradictions(findings: Sequence[Finding]) -> Iterator[OpenItem]:
    """What is said and what is counted, or configured and in the calendar, differ."""
    checks = crosschecks()
    for finding in findings:
        kind = checks[finding.code].open_item if finding.code in checks else ""
        if kind and not finding.explained:
            where = _place(finding) or finding.params.get("key", "")
            params = dict(finding.params) | {"code": finding.code, "where": where}
            yield OpenItem(kind, finding.to, finding.division, finding.form, params)
