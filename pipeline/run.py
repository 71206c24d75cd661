"""The order of things: from what was received to the report, the replies and the record."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from pipeline.aggregate import aggregate
from pipeline.collect import collect
from pipeline.crosscheck import crosscheck
from pipeline.digests import properties
from pipeline.intake import intake
from pipeline.merge import merge
from pipeline.model import Assessment, Plan, Received, Submission
from pipeline.office import pages_of
from pipeline.outputs import STAGING, one_at_a_time
from pipeline.read import read, rows_within
from pipeline.record import REPORT, Record, record
from pipeline.reply import reply
from pipeline.report import report
from pipeline.template import current_template
from pipeline.validate import validate

# What an earlier round was settled from and what it came to, of the last few.
_EARLIER: deque[tuple[tuple[Plan, Sequence[Received]], Assessment]] = deque(maxlen=2)


def assess(plan: Plan, jobs: int = 1) -> Assessment:
    """Settle a round from its inputs alone; the round before, where there is one, first.

    With several `jobs` so many files are opened at a time, each in a process that may be stopped.
    """
    earlier = tuple(_assess_earlier(each, jobs) for each in plan.earlier_rounds)
    received = collect(plan)
    submissions = intake(received, plan, jobs)
    reading = read(submissions, plan)
    reading = validate(reading, plan)
    reading = crosscheck(reading, plan, earlier)
    tables = merge(reading)
    return aggregate(reading, tables, plan, earlier)


def _assess_earlier(plan: Plan, jobs: int) -> Assessment:
    """A round before: settled once in a process, for as long as nothing of it changes."""
    asked = (plan, collect(plan))
    for settled_from, assessment in _EARLIER:
        if settled_from == asked:
            return assessment
    assessment = assess(plan, jobs)
    if not plan.earlier_rounds:
        _EARLIER.append((asked, assessment))
    return assessment


def template_for(assessment: Assessment, submission: Submission) -> bytes | None:
    """The workbook of this round for who sent a file, with what could be read of it."""
    rows = rows_within(submission, assessment.plan)
    return current_template(assessment, submission.division or "", submission.part, rows)


@one_at_a_time
def run(plan: Plan, outbox: Path, office: Path | None = None, jobs: int = 1) -> Record:
    """Take a round from its inbox to its report, replies and record, all written as one set.

    With an office (LibreOffice) the report's pages are written as PDF, too. Raises PipelineError
    where the outputs cannot be written, or another command is at them; the last set stays then.
    """
    assessment = assess(plan, jobs)
    staging = outbox / STAGING
    report(assessment, staging / REPORT, properties(assessment))
    pages_of(staging / REPORT, office)
    reply(assessment, staging, template_for)
    return record(assessment, staging, outbox)
