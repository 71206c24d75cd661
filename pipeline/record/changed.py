"""What people changed and signed, as `run.json` tells it."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from pipeline.digests import since_signed
from pipeline.model import Assessment, Settled, Undoing


def changes_json(assessment: Assessment) -> dict[str, object]:
    """What people changed, entry by entry, the criteria, and what differs from what was signed."""
    found: dict[str, object] = {
        f"{kind}s": [_settled(each) for each in assessment.settled if each.entry.kind == kind]
        for kind in ("correction", "exclusion", "waiver", "explanation")
    }
    keys = ("kind", "name", "then", "now")
    found["criteria"] = [
        {"key": key, "then": _number(then), "now": _number(now)}
        for key, (then, now) in assessment.plan.changed_criteria.items()
    ]
    found["since_signed"] = [
        dict(zip(keys, each, strict=True)) for each in since_signed(assessment)
    ]
    return found


def _settled(settled: Settled) -> dict[str, object]:
    """An entry as it stands in the file, with what became of it."""
    entry = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(settled.entry).items()
    }
    return {**entry, "place": settled.entry.place, "effect": str(settled.effect)}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def signings_json(assessment: Assessment) -> list[dict[str, object]]:
    """Every signature, the first first; one that was taken back says when, by whom and why."""
    return [
        {
            "number": each.number,
            "signed_on": each.signed_on.isoformat(),
            "signed_by": each.signed_by,
            "figures_sha256": each.figures_sha256,
            "undone": _undone(each.undone) if each.undone else None,
        }
        for each in assessment.plan.ledger.every
    ]


def _undone(undoing: Undoing) -> dict[str, str]:
    return {"on": undoing.on.isoformat(), "by": undoing.by, "reason": undoing.reason}
