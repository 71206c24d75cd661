"""The report that the inputs give now: settled and written anew, to compare another with."""

from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from pipeline.audit.report_file import ReportFile, opened
from pipeline.digests import edition, properties
from pipeline.model import Assessment, PipelineError
from pipeline.plan import find_round, load_plan
from pipeline.record import REPORT
from pipeline.report import workbook_of
from pipeline.run import assess
from schemas.kit.form import FormSpec


def settled_anew(report: ReportFile, inputs: Path, forms: tuple[FormSpec, ...]) -> Assessment:
    """The round of a report, settled from its inputs as of the time that the report names.

    What was signed after the report was made is left out: signing a report alters none.
    """
    as_of = _moment(report.properties["as_of"])
    if as_of is None:
        raise PipelineError("trace-no-report", file=report.file)
    plan = load_plan(find_round(inputs, report.properties["round"]), forms, as_of)
    counts = range(len(plan.signings), -1, -1)
    settled = (assess(replace(plan, signings=plan.signings[:count])) for count in counts)
    now, wanted = next(settled), report.properties.get("edition")
    return next((each for each in chain([now], settled) if edition(each) == wanted), now)


def rebuilt(assessment: Assessment) -> ReportFile:
    """The report of a round as its inputs give it now."""
    return opened(workbook_of(assessment, properties(assessment)), REPORT)


def _moment(text: str) -> datetime | None:
    """A time with its zone, as our reports state it; None for another text."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
