"""Tables → figures, obligations, open items and the printed words: a round, settled."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from pipeline.aggregate.claim_findings import comparisons, with_contradictions
from pipeline.aggregate.coverage import coverage
from pipeline.aggregate.declared import compute
from pipeline.aggregate.figures import declare
from pipeline.aggregate.frames import annex, files_frame, obligations_frame
from pipeline.aggregate.obligations import obligation_statuses, open_items
from pipeline.aggregate.previous_round import recorded
from pipeline.aggregate.printed_measures import printed_measures
from pipeline.aggregate.resolutions import answered
from pipeline.aggregate.terms import Evaluation
from pipeline.messages import say
from pipeline.model import Assessment, Figure, Plan, ReadRound, Table
from pipeline.plan.clock import as_of
from schemas.kit.score import level

__all__ = ["aggregate"]


def aggregate(
    reading: ReadRound,
    tables: Mapping[str, Table],
    plan: Plan,
    earlier: tuple[Assessment, ...] = (),
) -> Assessment:
    """Compute everything that the round's inputs say; `tables` carry each row's fate."""
    at = as_of(plan, reading.submissions)
    statuses = obligation_statuses(reading, plan, at)
    submissions = reading.submissions
    frames = {
        "annex": annex(plan, tables["measure_progress"], submissions),
        "obligations": obligations_frame(statuses),
        "files": files_frame(submissions),
    }
    scope = _scope(tables, frames, plan)
    figures = _figures(scope, plan, earlier)
    said = comparisons(plan, tables["measure_progress"], reading, figures, scope)
    reading = answered(with_contradictions(reading, plan, said), plan, statuses, at)
    return Assessment(
        plan=plan,
        as_of=at,
        submissions=submissions,
        tables=tables,
        form_outcomes=reading.form_outcomes,
        repairs=reading.repairs,
        hidden=reading.hidden,
        findings=reading.findings,
        figures=figures,
        obligation_statuses=statuses,
        open_items=open_items(reading, plan, statuses),
        printed=printed_measures(plan, tables["measure_progress"], reading, figures),
        frames=frames,
        coverage=coverage(reading, tables, plan),
        earlier=earlier[0] if earlier else None,
        settled=reading.settled,
        comparisons=said,
    )


def _scope(
    tables: Mapping[str, Table], frames: Mapping[str, pd.DataFrame], plan: Plan
) -> Evaluation:
    every = {name: table.frame for name, table in tables.items()} | dict(frames)
    return Evaluation(every, {key: each.value for key, each in plan.criteria.items()}, {})


def _figures(
    scope: Evaluation, plan: Plan, earlier: tuple[Assessment, ...]
) -> Mapping[str, Figure]:
    figures = compute(declare(plan, scope.frames), scope)
    figures["plan.level"] = _level(figures["plan.score_pct"], plan)
    for assessment in earlier:
        figures |= recorded(assessment, plan)
    return figures


def _level(score: Figure, plan: Plan) -> Figure:
    """The word for the score, by the bands of this kind of round."""
    keys = [f"bands.{plan.round.months}.{name}" for name in ("high", "medium")]
    high, medium = (plan.criterion(key) for key in keys)
    value = level(Decimal(score.value), high, medium) if score.value is not None else None
    words = [say(f"level.{name}") for name in ("high", "medium", "low")]
    formula = (
        f'IF({score.id}="","",IF({score.id}>=criteria.{keys[0]},"{words[0]}",'
        f'IF({score.id}>=criteria.{keys[1]},"{words[1]}","{words[2]}")))'
    )
    key = "figure.plan.level"
    return Figure(
        "plan.level",
        say(f"{key}.title", "th"),
        say(f"{key}.title", "en"),
        say(f"{key}.definition", "th"),
        say(f"{key}.definition", "en"),
        value,
        formula,
        "text",
    )
