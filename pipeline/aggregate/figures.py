"""The figures of the report, declared once each: what is counted or summed, and where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from pipeline.aggregate.declared import Declared, counted, rest_of, sum_of, summed
from pipeline.aggregate.procurement_figures import buying, matched, usual
from pipeline.messages import say
from pipeline.model import Channel, Fate, Outcome, Plan, Slice
from pipeline.model.conditions import Where, between
from pipeline.model.terms import (
    AtMost,
    Band,
    Count,
    CriterionTerm,
    FigureTerm,
    Linear,
    Share,
)
from schemas.complaint_statistics import Category
from schemas.internal_control import Adequacy
from schemas.kit.kinds import TICK
from schemas.kit.thai.dates import format_month
from schemas.measure_progress import Progress
from schemas.project_register import Status
from schemas.service_manual import ManualKind

_REGISTER = "project_register"
_STATUSES = {
    "done": Where("project_status", Status.DONE),
    "in_progress": Where("project_status", Status.IN_PROGRESS),
    "cannot": Where("project_status", Status.CANNOT),
}
_COMPLAINTS = ("brought_forward", "received", "finished", "in_progress", "not_started")


def declare(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> Iterator[Declared]:
    """All figures of a round, in the order in which they are listed."""
    rows = frames["procurement"]
    yield from _explained_on("plan", _plan_figures())
    yield _obstacles()
    yield from _explained_on("plan", _dimensions())
    yield from _explained_on("summary", _measures(plan))
    yield from _explained_on("standing", _submissions())
    yield from _explained_on("buying", buying(plan, rows))
    yield from _explained_on("flags", matched())
    yield from _explained_on("flags", usual(plan, rows))
    yield from _explained_on("complaints", _complaints(plan, frames["complaint_statistics"]))
    yield from others()
    yield from _explained_on("balance", _balance(plan))
    yield from _explained_on("plan", _level(plan))


def _explained_on(sheet: str, figures: Iterable[Declared]) -> Iterator[Declared]:
    return (replace(each, sheet=sheet) for each in figures)


def _plan_figures() -> Iterator[Declared]:
    yield Declared("plan", "registered", counted(_REGISTER))
    for name, status in _STATUSES.items():
        yield Declared("plan", name, counted(_REGISTER, status))
    yield Declared("plan", "waiting", _waiting("plan"))
    base, waiting = FigureTerm("plan.base"), FigureTerm("plan.waiting")
    weighted = [(CriterionTerm(f"weights.{k}"), FigureTerm(f"plan.{k}")) for k in _STATUSES]
    supposed = (*weighted, (CriterionTerm("weights.in_progress"), waiting))
    yield Declared("plan", "base", CriterionTerm("min_project_count"))
    yield Declared("plan", "weighted", Linear(tuple(weighted)))
    yield Declared("plan", "score_pct", Share(FigureTerm("plan.weighted"), base))
    yield Declared("plan", "capped_pct", AtMost(FigureTerm("plan.score_pct"), 100))
    share = Share(FigureTerm("plan.done"), FigureTerm("plan.registered"))
    yield Declared("plan", "done_share_pct", share)
    yield Declared("plan", "if_waiting_weighted", Linear(supposed))
    yield Declared("plan", "if_waiting_pct", Share(FigureTerm("plan.if_waiting_weighted"), base))
    for name in ("planned_budget", "appropriated_budget", "disbursed"):
        yield Declared("plan", f"{name}_baht", summed(_REGISTER, f"{name}_satang"))


def _waiting(prefix: str) -> Linear:
    """What waits for its report: registered less done, in progress and cannot."""
    return rest_of(f"{prefix}.registered", [f"{prefix}.{name}" for name in _STATUSES])


def _obstacles() -> Declared:
    return Declared("plan", "obstacles", counted(_REGISTER, Where("cannot_reason", operator="<>")))


def _dimensions() -> Iterator[Declared]:
    for number in range(1, 5):
        here = Where("dimension_no", number)
        of = {"dimension": Slice(f"dimension_{number}", str(number), str(number))}
        terms = {"registered": counted(_REGISTER, here)}
        terms |= {name: counted(_REGISTER, here, each) for name, each in _STATUSES.items()}
        for name, term in {**terms, "waiting": _waiting(f"plan.dimension_{number}")}.items():
            yield Declared("plan", name, term, of, f"plan.dimension.{name}")


def _level(plan: Plan) -> Iterator[Declared]:
    """The word for the score, by the bands of this kind of round."""
    prefix = f"bands.{plan.round.months}"
    high, medium = (
        (CriterionTerm(f"{prefix}.{name}"), name, say(f"level.{name}"))
        for name in ("high", "medium")
    )
    band = Band(FigureTerm("plan.score_pct"), (high, medium), ("low", say("level.low")))
    yield Declared("plan", "level", band)


def _measures(plan: Plan) -> Iterator[Declared]:
    for measure in plan.measures:
        number = str(measure.number)
        of, here = {"measure": Slice(number, number, number)}, Where("measure_no", measure.number)
        asked = {"reported": Where("reported", TICK)}
        asked["done"] = Where("progress_status", Progress.DONE)
        yield Declared("measures", "obliged", Count("annex", (here,)), of)
        for name, each in asked.items():
            yield Declared("measures", name, Count("annex", (here, each)), of)
        ends = (FigureTerm(f"measures.{number}.{name}") for name in ("done", "obliged"))
        yield Declared("measures", "completion_pct", Share(*ends), of)


def _submissions() -> Iterator[Declared]:
    states = ("REPORTED", "CONFIRMED_ZERO", "REFUSED", "MISSING", "PENDING", "WAIVED", "NOT_DUE")
    for state in states:
        where = Where("state", state, shown=say(f"state.{state}"))
        yield Declared("submissions", state.lower(), Count("obligations", (where,)))
    yield Declared("submissions", "late", Count("obligations", (Where("late", TICK),)))
    due = ("reported", "confirmed_zero", "refused", "missing", "pending")
    yield Declared("submissions", "due", sum_of("submissions", due))
    yield Declared("submissions", "unaccounted", sum_of("submissions", due[2:]))
    share = Share(sum_of("submissions", due[:2]), FigureTerm("submissions.due"))
    yield Declared("submissions", "completeness_pct", share)


def _complaints(plan: Plan, rows: pd.DataFrame) -> Iterator[Declared]:
    used = rows.loc[rows["fate"] == "accepted", "fiscal_month"].dropna()
    months = plan.round.months_list
    first = used.min().date() if len(used) else months[0]
    last = used.max().date() if len(used) else months[-1]
    yield from _complaint_set({}, first, last)
    for number, kind in enumerate(Category, 1):
        here = Where("complaint_category", kind)
        of = {"kind": Slice(f"kind_{number}", str(kind), str(kind))}
        yield from _complaint_set(of, first, last, here)
    for number, month in enumerate(months, 1):
        of = {"month": Slice(f"month_{number}", format_month(month), f"{month:%Y-%m}")}
        yield from _complaint_set(of, month, month)


def _complaint_set(
    of: Mapping[str, Slice], first: date, last: date, *where: Where
) -> Iterator[Declared]:
    """Sums over the months; brought forward is the first month's, the open ones the last's."""
    spans = dict.fromkeys(_COMPLAINTS, (first, last))
    spans |= {"brought_forward": (first, first)}
    spans |= {"in_progress": (last, last), "not_started": (last, last)}
    for name, span in spans.items():
        days = between("fiscal_month", *span)
        term = summed("complaint_statistics", f"{name}_count", *where, *days)
        yield Declared("complaints", name, term, of)


def others() -> Iterator[Declared]:
    """The figures of the small forms, most of which every division owes."""
    yield Declared("gifts", "occurrences", summed("gift_report", "occurrence_count"))
    value = summed("gift_report", "estimated_value_satang")
    yield Declared("gifts", "estimated_value_baht", value)
    yield Declared("activities", "count", counted("activity_evidence"))
    yield Declared("websites", "count", counted("website_update"))
    yield Declared("manuals", "count", counted("service_manual"))
    public = Where("manual_type", ManualKind.PUBLIC)
    yield Declared("manuals", "public", counted("service_manual", public))
    yield Declared("manuals", "current", counted("service_manual", Where("is_current", TICK)))
    yield Declared("controls", "count", counted("internal_control"))
    adequate = Where("is_control_adequate", Adequacy.ADEQUATE)
    yield Declared("controls", "adequate", counted("internal_control", adequate))
    yield Declared("ethics", "headcount", summed("ethics_acknowledgement", "headcount"))
    yield Declared("ethics", "acknowledged", summed("ethics_acknowledgement", "acknowledged_count"))
    share = Share(FigureTerm("ethics.acknowledged"), FigureTerm("ethics.headcount"))
    yield Declared("ethics", "acknowledged_pct", share)


def _balance(plan: Plan) -> Iterator[Declared]:
    for form in plan.forms:
        of = {"form": Slice(form.name, form.about.sheet, form.about.en)}
        for fate in Fate:
            here = Where("fate", str(fate), shown=say(f"fate.{fate}"))
            yield Declared("rows", str(fate), Count(form.name, fate=here), of)
        yield Declared("rows", "read", sum_of(f"rows.{form.name}", map(str, Fate)), of)
    for outcome in Outcome:
        where = Where("outcome", str(outcome), shown=say(f"outcome.{outcome}"))
        yield Declared("balance", str(outcome), Count("files", (where,)))
    yield Declared("balance", "files", sum_of("balance", map(str, Outcome)))
    opens = Where("opens_message", TICK)
    yield Declared("balance", "messages", Count("files", (opens,)))
    attached = Where("channel", str(Channel.ATTACHMENT), shown=say("channel.attachment"))
    yield Declared("balance", "attachments", Count("files", (attached,)))
