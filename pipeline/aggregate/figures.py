"""The figures of the report, declared once each: what is counted or summed, and where."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import pandas as pd

from pipeline.aggregate.declared import Declared, Words, sum_of, worded
from pipeline.aggregate.procurement_figures import buying
from pipeline.aggregate.terms import (
    AtMost,
    Count,
    CriterionTerm,
    FigureTerm,
    Linear,
    Share,
    Sum,
    Where,
)
from pipeline.messages import say
from pipeline.model import Channel, Fate, Outcome, Plan
from schemas.complaint_statistics import Category
from schemas.internal_control import Adequacy
from schemas.kit.kinds import TICK
from schemas.kit.thai.dates import format_month
from schemas.measure_progress import Progress
from schemas.project_register import Status
from schemas.service_manual import ManualKind

DONE = Where("project_status", Status.DONE)
GOING = Where("project_status", Status.IN_PROGRESS)
CANNOT = Where("project_status", Status.CANNOT)
COMPLAINTS = ("brought_forward", "received", "finished", "in_progress", "not_started")


def declare(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> Iterator[Declared]:
    """All figures of a round."""
    yield from _plan_figures()
    yield from _measures(plan)
    yield from _submissions()
    yield from buying(plan, frames["procurement"])
    yield from _complaints(plan, frames)
    yield from others()
    yield from _balance(plan)


def _plan_figures() -> Iterator[Declared]:
    register = "project_register"
    yield Declared("plan.registered", Count(register))
    for name, status in (("done", DONE), ("in_progress", GOING), ("cannot", CANNOT)):
        yield Declared(f"plan.{name}", Count(register, (status,)))
    yield Declared("plan.waiting", _remainder("plan"))
    yield Declared("plan.base", CriterionTerm("min_project_count"))
    weighted = [(CriterionTerm(f"weights.{k}"), FigureTerm(f"plan.{k}")) for k in _WEIGHTS]
    yield Declared("plan.weighted", Linear(tuple(weighted)), "number")
    yield Declared(
        "plan.score_pct", Share(FigureTerm("plan.weighted"), FigureTerm("plan.base")), "pct"
    )
    yield Declared("plan.capped_pct", AtMost(FigureTerm("plan.score_pct"), 100), "pct")
    share = Share(FigureTerm("plan.done"), FigureTerm("plan.registered"))
    yield Declared("plan.done_share_pct", share, "pct")
    supposed = (*weighted, (CriterionTerm("weights.in_progress"), FigureTerm("plan.waiting")))
    yield Declared("plan.if_waiting_weighted", Linear(supposed), "number")
    if_waiting = Share(FigureTerm("plan.if_waiting_weighted"), FigureTerm("plan.base"))
    yield Declared("plan.if_waiting_pct", if_waiting, "pct")
    for name in ("planned_budget", "appropriated_budget", "disbursed"):
        yield Declared(f"plan.{name}_baht", Sum(register, column=f"{name}_satang"), "baht")
    reasons = (Where("cannot_reason", operator="<>"),)
    yield Declared("plan.obstacles", Count(register, reasons))
    yield from _dimensions()


_WEIGHTS = ("done", "in_progress", "cannot")


def _remainder(prefix: str) -> Linear:
    """Registered less done, in progress and cannot: what waits for its report."""
    spoken = tuple((-1, FigureTerm(f"{prefix}.{name}")) for name in _WEIGHTS)
    return Linear(((1, FigureTerm(f"{prefix}.registered")), *spoken))


def _dimensions() -> Iterator[Declared]:
    for number in range(1, 5):
        prefix, words = f"plan.dimension_{number}", {"dimension": (str(number), str(number))}
        here = Where("dimension_no", number)
        counted = {"registered": (here,), "done": (here, DONE)}
        counted |= {"in_progress": (here, GOING), "cannot": (here, CANNOT)}
        for name, where in counted.items():
            term = Count("project_register", where)
            yield Declared(f"{prefix}.{name}", term, key=f"plan.dimension.{name}", words=words)
        waiting = _remainder(prefix)
        yield Declared(f"{prefix}.waiting", waiting, key="plan.dimension.waiting", words=words)


def _measures(plan: Plan) -> Iterator[Declared]:
    for measure in plan.measures:
        prefix, words = f"measures.{measure.number}", _number(measure.number)
        here = Where("measure_no", measure.number)
        done = Where("progress_status", Progress.DONE)
        counted = {"obliged": (here,), "reported": (here, Where("reported", TICK))}
        counted["done"] = (here, done)
        for name, where in counted.items():
            term = Count("annex", where, fate=None)
            yield Declared(f"{prefix}.{name}", term, key=f"measures.{name}", words=words)
        share = Share(FigureTerm(f"{prefix}.done"), FigureTerm(f"{prefix}.obliged"))
        yield Declared(f"{prefix}.completion_pct", share, "pct", "measures.completion_pct", words)


def _number(number: int) -> Words:
    return {"measure": (str(number), str(number))}


def _submissions() -> Iterator[Declared]:
    states = ("REPORTED", "CONFIRMED_ZERO", "REFUSED", "MISSING", "PENDING", "WAIVED", "NOT_DUE")
    for state in states:
        where = Where("state", state, shown=say(f"state.{state}"))
        yield Declared(f"submissions.{state.lower()}", Count("obligations", (where,), fate=None))
    late = Count("obligations", (Where("late", TICK),), fate=None)
    yield Declared("submissions.late", late)
    due = ("reported", "confirmed_zero", "refused", "missing", "pending")
    yield Declared("submissions.due", sum_of("submissions", due))
    yield Declared("submissions.unaccounted", sum_of("submissions", due[2:]))
    share = Share(sum_of("submissions", due[:2]), FigureTerm("submissions.due"))
    yield Declared("submissions.completeness_pct", share, "pct")


def _complaints(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> Iterator[Declared]:
    rows = frames["complaint_statistics"]
    counted = rows.loc[rows["fate"] == "accepted", "fiscal_month"].dropna()
    months = plan.round.months_list
    first = counted.min().date() if len(counted) else months[0]
    last = counted.max().date() if len(counted) else months[-1]
    yield from _complaint_set("complaints", (), first, last, worded("all"))
    for number, kind in enumerate(Category, 1):
        here = (Where("complaint_category", kind),)
        words = {"of": (str(kind), str(kind))}
        yield from _complaint_set(f"complaints.kind_{number}", here, first, last, words)
    for number, month in enumerate(months, 1):
        words = {"of": (format_month(month), f"{month:%Y-%m}")}
        yield from _complaint_set(f"complaints.month_{number}", (), month, month, words)


def _complaint_set(
    prefix: str, where: tuple[Where, ...], first: date, last: date, of: Words
) -> Iterator[Declared]:
    """Sums over the months; brought forward is the first month's, the open ones the last's."""
    spans = dict.fromkeys(COMPLAINTS, (first, last))
    spans |= {"brought_forward": (first, first)}
    spans |= {"in_progress": (last, last), "not_started": (last, last)}
    for name, (start, end) in spans.items():
        days = (Where("fiscal_month", start, ">="), Where("fiscal_month", _next_day(end), "<"))
        term = Sum("complaint_statistics", (*where, *days), column=f"{name}_count")
        yield Declared(f"{prefix}.{name}", term, key=f"complaints.{name}", words=of)


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def others() -> Iterator[Declared]:
    """The figures of the small forms, most of which every division owes."""
    gifts = "gift_report"
    yield Declared("gifts.occurrences", Sum(gifts, column="occurrence_count"))
    value = Sum(gifts, column="estimated_value_satang")
    yield Declared("gifts.estimated_value_baht", value, "baht")
    yield Declared("activities.count", Count("activity_evidence"))
    yield Declared("websites.count", Count("website_update"))
    yield Declared("manuals.count", Count("service_manual"))
    public = (Where("manual_type", ManualKind.PUBLIC),)
    yield Declared("manuals.public", Count("service_manual", public))
    current = (Where("is_current", TICK),)
    yield Declared("manuals.current", Count("service_manual", current))
    yield Declared("controls.count", Count("internal_control"))
    adequate = (Where("is_control_adequate", Adequacy.ADEQUATE),)
    yield Declared("controls.adequate", Count("internal_control", adequate))
    ethics = "ethics_acknowledgement"
    yield Declared("ethics.headcount", Sum(ethics, column="headcount"))
    yield Declared("ethics.acknowledged", Sum(ethics, column="acknowledged_count"))
    share = Share(FigureTerm("ethics.acknowledged"), FigureTerm("ethics.headcount"))
    yield Declared("ethics.acknowledged_pct", share, "pct")


def _balance(plan: Plan) -> Iterator[Declared]:
    for form in plan.forms:
        words = {"form": (form.about.sheet, form.about.en)}
        for fate in Fate:
            term = Count(form.name, fate=str(fate))
            yield Declared(f"rows.{form.name}.{fate}", term, key=f"rows.{fate}", words=words)
        read = sum_of(f"rows.{form.name}", [str(fate) for fate in Fate])
        yield Declared(f"rows.{form.name}.read", read, key="rows.read", words=words)
    for outcome in Outcome:
        where = (Where("outcome", str(outcome), shown=say(f"outcome.{outcome}")),)
        yield Declared(f"balance.{outcome}", Count("files", where, fate=None))
    yield Declared("balance.files", sum_of("balance", [str(each) for each in Outcome]))
    opens = (Where("opens_message", TICK),)
    yield Declared("balance.messages", Count("files", opens, fate=None))
    attached = (Where("channel", str(Channel.ATTACHMENT), shown=say("channel.attachment")),)
    yield Declared("balance.attachments", Count("files", attached, fate=None))
