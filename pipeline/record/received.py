"""The register of receipts, as `run.json` tells it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.digests import chained
from pipeline.model import Assessment, Fate, FormOutcome, FormState, Submission


def files_json(assessment: Assessment) -> Iterator[dict[str, object]]:
    """The register of receipts, each line with its link of the chain."""
    links = chained(assessment.submissions)
    for each, link in zip(assessment.submissions, links, strict=True):
        yield _file(each, assessment) | {"chain_sha256": link}


def _file(each: Submission, assessment: Assessment) -> dict[str, object]:
    received, message = each.received, each.received.message
    return {
        "name": received.name,
        "sha256": received.sha256,
        "message_id": message.message_id if message else None,
        "message_sha256": message.sha256 if message else None,
        "sender": received.sender or None,
        "received_at": received.received_at.isoformat() if received.received_at else None,
        "division": each.division,
        "part": each.part or None,
        "outcome": str(each.outcome),
        "reason": each.reason or None,
        "forms": _forms_of(each, assessment),
    }


def _forms_of(each: Submission, assessment: Assessment) -> dict[str, object]:
    """Per form what became of it in this file, and how many rows met which fate."""
    found: dict[str, object] = {}
    form_outcomes = [r for r in assessment.form_outcomes if r.submission == each.name]
    for name in dict.fromkeys(r.form for r in form_outcomes):
        mine = [r for r in form_outcomes if r.form == name]
        states = {r.state for r in mine}
        first = next(s for s in FormState if s in states)
        frame = assessment.tables[name].frame
        fates = Counter(frame.loc[frame["submission"] == each.name, "fate"])
        counts = {str(fate): int(fates.get(str(fate), 0)) for fate in Fate}
        counts[Fate.EXCLUDED] += _rows(mine, FormState.EXCLUDED)
        counts |= {str(s): _rows(mine, s) for s in (FormState.SUPERSEDED, FormState.WAITING)}
        found[name] = {"outcome": str(first), "read": sum(counts.values()), **counts}
    return found


def _rows(form_outcomes: Sequence[FormOutcome], state: FormState) -> int:
    return sum(form_outcome.rows for form_outcome in form_outcomes if form_outcome.state is state)
