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
    dues = _dues(plan)
    dues += [] if plan.signings else [ends(each, plan) for each in plan.changes.waivers]
    return min(datetime.now(plan.due.tzinfo), max([*dues, *(at for at in received if at)]))


def last_believable(plan: Plan, received: Iterable[datetime]) -> datetime:
    """The last moment that is believed as a time of receipt, whatever the clock says.

    That is `accept_days` after the last due time, and after each time that is itself believed: two
    mails of a far year do not vouch for one another.
    """
    days = timedelta(days=plan.accept_days)
    last = max(_dues(plan)) + days
    for at in sorted(received):
        if at > last:
            break
        last = max(last, at + days)
    return last


def _dues(plan: Plan) -> list[datetime]:
    return [plan.due, plan.summary_due, *(each.due for each in plan.extensions)]


def ends(waiver: Waiver, plan: Plan) -> datetime:
    """The first moment at which a waiver has no effect: when its last day is over."""
    return datetime.combine(waiver.until + timedelta(days=1), time(), plan.due.tzinfo)
