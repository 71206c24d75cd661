"""Which version counts: the latest under each key; the others are superseded, or all wait."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from pipeline.model import Finding, FormOutcome, FormState, Outcome, Plan, Severity, Submission
from pipeline.read.candidates import Candidate, Key, Nil, Tick, candidates_of, nil_parts
from pipeline.read.extract import Extract

Kept = tuple[Extract, tuple[int, ...]]

_COUNTING = (FormState.COUNTS, FormState.NIL, FormState.COMPARED)


@dataclass(frozen=True)
class Decision:
    """What becomes of a candidate: the file that replaced it (`by`), or why it waits (`reason`)."""

    state: FormState
    by: Candidate | None = None
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """What counts: `kept` are (extract, positions of its rows), `form_outcomes` tell of all.

    `replaced` are the versions right before those that count, each with the one that replaced it.
    """

    kept: tuple[Kept, ...]
    form_outcomes: tuple[FormOutcome, ...]
    findings: tuple[Finding, ...]
    submissions: tuple[Submission, ...]
    replaced: tuple[tuple[Candidate, Candidate], ...] = ()


def decide(extracts: Sequence[Extract], submissions: Sequence[Submission], plan: Plan) -> Verdict:
    """Settle, for everything that anyone sent, which submission counts."""
    covers = [each for each in extracts if each.form.is_cover]
    nil = {each.submission.name: dict(nil_parts(each, plan)) for each in covers}
    candidates = [
        candidate for each in submissions for candidate in candidates_of(each, extracts, nil, plan)
    ]
    rivals = _rivals(candidates)
    decisions = {candidate: Decision(candidate.state) for candidate in candidates}
    for same in rivals:
        decisions |= _decisions(same)
    winners = [o for same in rivals for o in same if decisions[o].state in _COUNTING]
    form_outcomes = tuple(
        _form_outcome(candidate, decisions[candidate]) for candidate in candidates
    )
    counting = {candidate.submission.name for candidate in winners}
    kept = [(o.extract, o.rows) for o in winners if o.extract is not None and o.rows]
    kept += [(e, tuple(range(len(e.rows)))) for e in covers if e.submission.name in counting]
    clashes = _clashes(winners, nil)
    undecided = _questions([o for o in candidates if decisions[o].reason], decisions, plan)
    why = {name: finding for names, finding in undecided for name in names}
    return Verdict(
        tuple(kept),
        form_outcomes,
        (*clashes, *(finding for _, finding in undecided)),
        tuple(_with_outcome(each, form_outcomes, why) for each in submissions),
        tuple(_replacements(candidates, decisions)),
    )


def _form_outcome(candidate: Candidate, decision: Decision) -> FormOutcome:
    key = candidate.key
    return FormOutcome(
        candidate.submission.name,
        key.division,
        key.form,
        key.month,
        decision.state,
        len(candidate.rows),
        decision.by.submission.name if decision.by else "",
        key.measure,
        key.part or "",
        decision.reason,
    )


# --- which of several -----------------------------------------------------------------------------


def _rivals(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """The candidates of each key that hold rows or a nil tick, the oldest first."""
    by_key: dict[Key, list[Candidate]] = defaultdict(list)
    for candidate in sorted((o for o in candidates if o.state in _COUNTING), key=lambda o: o.age):
        by_key[candidate.key].append(candidate)
    return list(by_key.values())


def _decisions(candidates: Sequence[Candidate]) -> Mapping[Candidate, Decision]:
    """The decisions on the candidates of one key, the oldest first."""
    if candidates[0].key.part is None:
        return _waiting(candidates, "no-part")
    if _is_open(candidates):
        return _waiting(candidates, "times-unknown")
    latest, replaced = _heads(candidates)
    superseded = {old: Decision(FormState.SUPERSEDED, new) for old, new in replaced.items()}
    if len(latest) > 1:
        return superseded | _waiting(latest, _doubt(latest))
    return superseded | {latest[0]: Decision(latest[0].state)}


def _waiting(candidates: Sequence[Candidate], reason: str) -> dict[Candidate, Decision]:
    return {candidate: Decision(FormState.WAITING, reason=reason) for candidate in candidates}


def _is_open(candidates: Sequence[Candidate]) -> bool:
    """Whether nobody can tell which of these candidates, the oldest first, is the latest."""
    timeless = all(o.submission.received.received_at is None for o in candidates)
    return timeless and any(o.says != candidates[0].says for o in candidates)


def _doubt(heads: Sequence[Candidate]) -> str:
    """Why none of several can be chosen: they came together, or have nothing in common."""
    together = all(heads[0].came_with(each) for each in heads)
    alike = any(one.is_of(other) for one, other in combinations(heads, 2))
    return "same-moment" if together and alike else "shares-no-row"


def _heads(
    candidates: Sequence[Candidate],
) -> tuple[list[Candidate], Mapping[Candidate, Candidate]]:
    """The candidates that nothing replaces, and each replaced one with the one of these over it.

    A later one replaces all of which it is a version; what shares nothing with it stands beside it,
    and so does what came with it and says something else.
    """
    heads: list[Candidate] = []
    over: dict[Candidate, Candidate] = {}
    for candidate in candidates:
        gone = [head for head in heads if candidate.replaces(head)]
        over |= {old: candidate for old, head in over.items() if head in gone}
        over |= dict.fromkeys(gone, candidate)
        heads = [*(head for head in heads if head not in gone), candidate]
    return heads, over


def _replacements(
    candidates: Sequence[Candidate], decisions: Mapping[Candidate, Decision]
) -> Iterator[tuple[Candidate, Candidate]]:
    """For each candidate that counts the version right before it, where there was one."""
    before: dict[Candidate, Candidate] = {}
    for candidate in sorted(candidates, key=lambda each: each.age):
        by = decisions[candidate].by
        if by is not None and decisions[by].state in _COUNTING:
            before[by] = candidate
    yield from ((old, new) for new, old in before.items())


# --- what the analyst must decide -----------------------------------------------------------------


def _questions(
    candidates: Sequence[Candidate], decisions: Mapping[Candidate, Decision], plan: Plan
) -> list[tuple[tuple[str, ...], Finding]]:
    """One finding for each set of files that wait for one reason, with the names of these."""
    files: dict[tuple[Key, str], dict[str, Candidate]] = defaultdict(dict)
    for candidate in sorted(candidates, key=lambda each: each.age):
        alone = candidate.submission.name if candidate.key.part is None else ""
        files[(candidate.key, alone)][candidate.submission.name] = candidate
    forms: dict[tuple[str, tuple[str, ...]], list[Candidate]] = defaultdict(list)
    for named in files.values():
        reason = decisions[next(iter(named.values()))].reason
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
    origin = (division.code, names[-1])
    return Finding(reason, Severity.WARNING, *origin, params=params, to="analyst")


def _clashes(candidates: Sequence[Candidate], nil: Mapping[str, Nil]) -> list[Finding]:
    """One finding for each tick beside rows of what it denies, however many keys these are of."""
    clashing: dict[Tick, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        tick = nil.get(candidate.submission.name, {}).get((candidate.key.form, candidate.key.month))
        by_rows = candidate.extract is not None and candidate.extract.form.about.monthly == "rows"
        if tick is not None and candidate.rows and not by_rows:
            clashing[tick].append(candidate)
    return [_clash(tick, same) for tick, same in clashing.items()]


def _clash(tick: Tick, candidates: Sequence[Candidate]) -> Finding:
    first, rows = candidates[0], sum(len(candidate.rows) for candidate in candidates)
    origin = (first.key.division, first.submission.name, tick.cell, tick.typed)
    sheet = first.extract.form.about.sheet if first.extract else ""
    params = {"form": sheet, "rows": str(rows)}
    finding = Finding("nil-with-rows", Severity.WARNING, *origin, params, form=first.key.form)
    return replace(finding, sheet=tick.cell.sheet)


# --- what becomes of a file -----------------------------------------------------------------------


def _with_outcome(
    submission: Submission, form_outcomes: Sequence[FormOutcome], why: Mapping[str, Finding]
) -> Submission:
    """A file is accepted if one of its forms counts; else what became of its forms decides.

    `why` says of each file that waits for what.
    """
    mine = {r.state: r for r in form_outcomes if r.submission == submission.name}
    if submission.outcome is not Outcome.ACCEPTED or mine.keys() & set(_COUNTING):
        return submission
    if FormState.WAITING in mine:
        code, params = why[submission.name].code, why[submission.name].params
        return replace(submission, outcome=Outcome.QUARANTINED, reason=code, params=params)
    if FormState.SUPERSEDED in mine:
        by = {"by": mine[FormState.SUPERSEDED].by}
        return replace(submission, outcome=Outcome.SUPERSEDED, reason="superseded", params=by)
    if FormState.REFUSED in mine:
        return replace(submission, outcome=Outcome.REFUSED, reason="no-form-accepted")
    reason = "left-out" if FormState.EXCLUDED in mine else "not-filled"
    return replace(submission, outcome=Outcome.IGNORED, reason=reason)
