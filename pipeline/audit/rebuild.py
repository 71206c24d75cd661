"""The report that the inputs give now: settled and written anew, to compare another with."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from pipeline.audit.report_file import ReportFile, opened
from pipeline.digests import edition, properties
from pipeline.model import Assessment, PipelineError, Plan
from pipeline.plan import find_round, load_plan
from pipeline.plan.signings import ledgers
from pipeline.record import REPORT
from pipeline.report import workbook_of
from pipeline.run import assess
from schemas.kit.form import FormSpec


def settled_anew(report: ReportFile, inputs: Path, forms: tuple[FormSpec, ...]) -> Assessment:
    """The round of a report, settled from its inputs as of the time that the report names.

    What was signed or taken back after the report was made is left out, and so is what has become
    of the record since: neither alters a report.
    """
    try:
        as_of = datetime.fromisoformat(report.properties["as_of"])
    except ValueError:
        as_of = None
    if as_of is None or as_of.tzinfo is None:
        raise PipelineError("trace-no-report", file=report.file)
    plan = load_plan(find_round(inputs, report.properties["round"]), forms, as_of)
    head = report.properties.get("signed_sha256", "")
    plans = sorted(_plans(plan), key=lambda each: each.ledger.head != head)
    settled = map(assess, plans)
    first, wanted = next(settled), report.properties.get("edition")
    return next((each for each in chain([first], settled) if edition(each) == wanted), first)


def _plans(plan: Plan) -> Iterator[Plan]:
    """The plan as it is; then with what had been signed at each time before, as it was then."""
    now, *past = ledgers(plan.folder)
    yield replace(plan, ledger=now)
    earlier = next(islice(_plans(plan.earlier), 1, None)) if plan.earlier else None
    yield from (replace(plan, ledger=each, earlier=earlier) for each in past)


def rebuilt(assessment: Assessment) -> ReportFile:
    """The report of a round as its inputs give it now."""
    return opened(workbook_of(assessment, properties(assessment)), REPORT)
