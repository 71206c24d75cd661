"""Where every obligation stands, and everything that is still open."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from pipeline.aggregate.resolutions import frees, has_expired
from pipeline.model import (
    Finding,
    FormOutcome,
    FormState,
    Obligation,
    ObligationState,
    ObligationStatus,
    OpenItem,
    Outcome,
    Plan,
    ReadRound,
    Severity,
    Submission,
    Waiver,
)
from pipeline.plan import obligations
from schemas.crosschecks import crosschecks
from schemas.project_register import REGISTER_WAITS

_SIGNING = "signing-"
_OWING = {
    ObligationState.MISSING: "missing",
    ObligationState.PENDING: "pending",
    ObligationState.REFUSED: "refused-form",
}
_SETTLED = {
    FormState.COUNTS: ObligationState.REPORTED,
    FormState.NIL: ObligationState.CONFIRMED_ZERO,
}

# What holds no form of ours sends none of them back: they are as missing as before.
_STRANGE = ("no-form-recognised", "known-form", "known-form-nil")


def obligation_statuses(
    reading: ReadRound, plan: Plan, as_of: datetime
) -> tuple[ObligationStatus, ...]:
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
    reading: ReadRound,
    files: dict[str, Submission],
    as_of: datetime,
    waivers: Sequence[Waiver],
) -> ObligationStatus:
    if not owed.in_this_round:
        return ObligationStatus(owed, ObligationState.NOT_DUE)
    settled = {part: _settled(owed, part, reading.form_outcomes) for part in parts}
    lacking = tuple(part for part, form_outcome in settled.items() if form_outcome is None and part)
    found = [form_outcome for form_outcome in settled.values() if form_outcome is not None]
    if len(found) == len(parts):
        return _reported(owed, found, files)
    if any(frees(each, owed) for each in waivers):
        return ObligationStatus(owed, ObligationState.WAIVED)
    refused = next(filter(None, (_refused(owed, part, reading) for part in lacking or parts)), "")
    if refused:
        return ObligationStatus(owed, ObligationState.REFUSED, file=refused, lacking=lacking)
    state = ObligationState.PENDING if as_of < owed.due else ObligationState.MISSING
    return ObligationStatus(owed, state, lacking=lacking)


def _reported(
    owed: Obligation, form_outcomes: Sequence[FormOutcome], files: Mapping[str, Submission]
) -> ObligationStatus:
    """What is there in full: reported if any of its parts has rows, as late as the last of them."""
    states = {_SETTLED[form_outcome.state] for form_outcome in form_outcomes}
    state = (
        ObligationState.REPORTED
        if ObligationState.REPORTED in states
        else ObligationState.CONFIRMED_ZERO
    )
    names = dict.fromkeys(form_outcome.submission for form_outcome in form_outcomes)
    late = max(_late_days(owed, files[name]) for name in names)
    return ObligationStatus(owed, state, late, ", ".join(names))


def _settled(
    owed: Obligation, part: str, form_outcomes: Sequence[FormOutcome]
) -> FormOutcome | None:
    """The receipt by which an obligation, or what a part has of it, is met."""
    mine = _outcomes_for(owed, form_outcomes)
    return next((r for r in mine if r.part == part and r.state in _SETTLED), None)


def _outcomes_for(owed: Obligation, form_outcomes: Sequence[FormOutcome]) -> Iterator[FormOutcome]:
    for form_outcome in form_outcomes:
        mine = (form_outcome.division, form_outcome.form) == (owed.division, owed.form)
        if (
            mine
            and form_outcome.measure == owed.measure
            and owed.month in (None, form_outcome.month)
        ):
            yield form_outcome


def _refused(owed: Obligation, part: str, reading: ReadRound) -> str:
    """The latest file in which the form came but was sent back; "" where none did.

    A file in which no form was recognised brought none.
    """
    for form_outcome in reversed(reading.form_outcomes):
        mine = (form_outcome.division, form_outcome.form, form_outcome.part) == (
            owed.division,
            owed.form,
            part,
        )
        if mine and form_outcome.state is FormState.REFUSED:
            return form_outcome.submission
    for each in reversed(reading.submissions):
        mine = each.division == owed.division and part in ("", each.part)
        if each.outcome is Outcome.REFUSED and mine and each.reason not in _STRANGE:
            return each.name
    return ""


def _late_days(owed: Obligation, submission: Submission) -> int:
    """Days after the due time, a started one counting whole; 0 where it was in time."""
    received = submission.received.received_at
    if received is None or received <= owed.due:
        return 0
    return max(1, (received.date() - owed.due.date()).days)


def open_items(
    reading: ReadRound, plan: Plan, statuses: Sequence[ObligationStatus]
) -> tuple[OpenItem, ...]:
    """Everything that keeps the report a draft, and who must act."""
    return (
        *_signings(reading.findings),
        *_held_back(reading),
        *_files(reading, statuses),
        *_undecided(reading, statuses),
        *_owed(statuses, reading, plan),
        *_waiting(reading, plan),
        *_contradictions(reading.findings),
    )


def _signings(findings: Sequence[Finding]) -> Iterator[OpenItem]:
    """What was changed, removed or back-dated of what was signed, until it is explained."""
    for each in findings:
        is_fault = each.code.startswith(_SIGNING) and each.severity is Severity.ERROR
        if is_fault and not each.explained:
            yield OpenItem(each.code, each.to, None, None, each.params)


def _held_back(reading: ReadRound) -> Iterator[OpenItem]:
    rows = {(f.division, f.form, f.index) for f in reading.findings if _holds_back(f)}
    counts = Counter((division, form) for division, form, _ in rows)
    for (division, form), count in sorted(counts.items(), key=str):
        yield OpenItem("held-back", "division", division, form, {"rows": str(count)})


def _holds_back(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.index is not None


def _files(reading: ReadRound, statuses: Sequence[ObligationStatus]) -> Iterator[OpenItem]:
    """Files whose sender must be confirmed, and those sent back with nothing in their place.

    Not one that is explained, nor what a division sent of which nothing is expected any more.
    """
    explained = {f.file for f in reading.findings if f.explained and f.form is None}
    undecided = {r.submission for r in _waiting_outcomes(reading)}
    for each in reading.submissions:
        waits = each.name in undecided
        if each.outcome is Outcome.QUARANTINED and each.name not in explained and not waits:
            yield OpenItem("quarantined", "analyst", each.division, None, {"file": each.name})
    owing = {each.obligation.division for each in statuses if each.state in _OWING}
    for files in _sent_back(reading).values():
        last = files[-1]
        if last.name in explained or (last.division and last.division not in owing):
            continue
        params = {"file": last.name, "count": str(len(files))}
        who = "division" if last.division else "analyst"
        yield OpenItem("refused", who, last.division, None, params)


def _waiting_outcomes(reading: ReadRound) -> list[FormOutcome]:
    return [r for r in reading.form_outcomes if r.state is FormState.WAITING]


def _undecided(reading: ReadRound, statuses: Sequence[ObligationStatus]) -> Iterator[OpenItem]:
    """What waits until the analyst has decided between files, or learnt whose one is."""
    waived = [each.obligation for each in statuses if each.state is ObligationState.WAIVED]
    spared = {(owed.division, owed.form, owed.month) for owed in waived}
    found = {(r.division, r.form, r.month, r.reason) for r in _waiting_outcomes(reading)}
    for division, form, month, reason in sorted(found, key=str):
        if (division, form, month) not in spared:
            params = {"month": month.isoformat() if month else ""}
            yield OpenItem(reason, "analyst", division, form, params)


def _sent_back(reading: ReadRound) -> Mapping[str, list[Submission]]:
    """The refused files, oldest first, of each division of which nothing has been accepted."""
    whole = {s.division for s in reading.submissions if s.outcome is Outcome.ACCEPTED}
    found: dict[str, list[Submission]] = defaultdict(list)
    for each in reading.submissions:
        if each.outcome is Outcome.REFUSED and each.division not in whole:
            found[each.division or each.name].append(each)
    return found


def _owed(
    statuses: Sequence[ObligationStatus], reading: ReadRound, plan: Plan
) -> Iterator[OpenItem]:
    """What is not there yet; what is missing because a whole file went back is told with that."""
    sent_back = _sent_back(reading)
    undecided = _waiting_outcomes(reading)
    for each in statuses:
        owed = each.obligation
        kind = _OWING.get(each.state, "")
        if kind and owed.measure is not None:
            kind = "summary-missing"
        if not kind or (kind == "refused-form" and owed.division in sent_back):
            continue
        if any(True for _ in _outcomes_for(owed, undecided)):
            continue
        params = {"month": owed.month.isoformat() if owed.month else ""}
        params |= {"measure": str(owed.measure or ""), "file": each.file}
        parts = [p.name for p in plan.division(owed.division).parts if p.code in each.lacking]
        params |= {"parts": ", ".join(parts)} if parts else {}
        yield OpenItem(kind, "division", owed.division, owed.form, params)


def _waiting(reading: ReadRound, plan: Plan) -> Iterator[OpenItem]:
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
            where = _place(finding) or finding.params.get("key", finding.file or "")
            params = dict(finding.params) | {"code": finding.code, "where": where}
            yield OpenItem(kind, finding.to, finding.division, finding.form, params)
