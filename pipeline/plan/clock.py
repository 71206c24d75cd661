"""The moment as of which a round is settled, and until when what was granted holds."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from pipeline.model import Plan, Submission, Waiver


def as_of(
    plan: Plan, submissions: Iterable[Submission], earlier: Iterable[datetime] = ()
) -> datetime:
    """What `--as-of` says, else the clock, but no later than what can still come.

    At that last moment everything is due: a round is never waited for once it can bring no more.
    What people wrote down since, and what the round before stands on, is part of it, so that a
    report made again as of its own moment holds the same.
    """
    received = (each.received.received_at for each in submissions)
    granted = (each.granted_on for each in plan.extensions if each.granted_on)
    last = [datetime.combine(day, time(), plan.due.tzinfo) for day in granted]
    last += [*_dues(plan), *plan.changes.moments(plan.due.tzinfo), *earlier]
    last += [] if plan.signings else [ends(each, plan) for each in plan.changes.waivers]
    clock = plan.as_of or datetime.now(plan.due.tzinfo)
    return min(clock, max([*last, *(at for at in received if at)]))


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
