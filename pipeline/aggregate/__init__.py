"""Tables → figures, obligations, open items and the printed words: a round, settled."""

from collections.abc import Mapping

import pandas as pd

from pipeline.aggregate.claim_findings import comparisons, with_contradictions
from pipeline.aggregate.coverage import coverage
from pipeline.aggregate.declared import compute
from pipeline.aggregate.doubtful import with_doubts
from pipeline.aggregate.figures import declare
from pipeline.aggregate.frames import annex, files_frame, obligations_frame
from pipeline.aggregate.obligations import obligation_statuses, open_items
from pipeline.aggregate.previous_round import recorded
from pipeline.aggregate.printed_measures import printed_measures
from pipeline.aggregate.resolutions import answered
from pipeline.model import Assessment, Figure, Plan, ReadRound, Table
from pipeline.model.terms import Evaluation
from pipeline.plan.clock import as_of

__all__ = ["aggregate"]


def aggregate(
    reading: ReadRound,
    tables: Mapping[str, Table],
    plan: Plan,
    earlier: tuple[Assessment, ...] = (),
) -> Assessment:
    """Compute everything that the round's inputs say; `tables` carry each row's fate."""
    at = as_of(plan, reading.submissions, [each.as_of for each in earlier])
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
    declared = tuple(declare(plan, scope.frames))
    computed = compute(declared, scope, plan.forms)
    figures = dict(with_doubts(computed, declared, scope, plan))
    for assessment in earlier:
        figures |= recorded(assessment, plan)
    return figures
