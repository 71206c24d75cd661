"""The moment as of which a round is settled, and until when what was granted holds."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from pipeline.model import Plan, Submission, Waiver


def as_of(plan: Plan, submissions: Iterable[Submission]) -> datetime:
    """What `--as-of` says, else the clock, but no later than what can still come.

    At that last moment everything is due: a round is never waited for once it can bring no more.
    """
    if plan.as_of is not None:
        return plan.as_of
    received = (each.received.received_at for each in submissions)
    dues = [plan.due, plan.summary_due, *(each.due for each in plan.extensions)]
    dues += [] if plan.signings else [ends(each, plan) for each in plan.changes.waivers]
    return min(datetime.now(plan.due.tzinfo), max([*dues, *(at for at in received if at)]))


def ends(waiver: Waiver, plan: Plan) -> datetime:
    """The first moment at which a waiver has no effect: when its last day is over."""
    return datetime.combine(waiver.until + timedelta(days=1), time(), plan.due.tzinfo)
