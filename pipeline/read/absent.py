"""What a division was asked for and its files do not bring: sheets taken out, forms left blank."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

from pipeline.model import Finding, FormState, Plan, Severity, Submission
from pipeline.plan import obligations
from pipeline.plan.clock import as_of
from pipeline.read.supersede import Verdict
from pipeline.workbook.identity import marks_of

_BLANK = FormState.NOT_FILLED
_TAKEN = (FormState.COUNTS, FormState.NIL)


def absent(verdict: Verdict, plan: Plan) -> Iterator[Finding]:
    """Of each division's files that bring something: the forms that none of them brings.

    A form is missed only while it is owed in this round, a blank one only once it is due.
    """
    round_owes = [each for each in obligations(plan) if each.in_this_round]
    owed = {(each.division, each.form) for each in round_owes}
    now = as_of(plan, verdict.submissions)
    not_due = {(each.division, each.form) for each in round_owes if now < each.due}
    brought = {(r.division, r.part, r.form) for r in verdict.form_outcomes if r.state is not _BLANK}
    telling = {r.submission for r in verdict.form_outcomes if r.state in _TAKEN}
    files: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for each in sorted((s for s in verdict.submissions if s.name in telling), key=_age):
        files[(each.division or "", each.part)].append(each)
    for (division, part), sent in files.items():
        missed = [
            form.name
            for form in plan.forms
            if not form.is_cover
            and (mine := plan.division(division).part_of(form.name, part)) is not None
            and (division, mine, form.name) not in brought
            and (plan.bare or (division, form.name) in owed)
        ]
        due = [name for name in missed if (division, name) not in not_due]
        yield from _blank(sent, due, plan)
        yield from _taken_out(sent[-1], missed, plan)


def _age(submission: Submission) -> tuple[bool, str, str]:
    at = submission.received.received_at
    return at is not None, at.astimezone(UTC).isoformat() if at else "", submission.name


def _blank(files: list[Submission], missed: list[str], plan: Plan) -> Iterator[Finding]:
    """The forms that are there and have neither rows nor a tick, each in the latest file with it.

    A later file may bring only a part of what is owed, such as a summary.
    """
    latest = {name: file for file in files for name in file.sheets}
    for name, file in ((name, latest[name]) for name in missed if name in latest):
        about = plan.form(name).about
        code = "measures-blank" if about.lines == "measures" else "neither-tick-nor-rows"
        finding = Finding(code, Severity.WARNING, file.division, file.name, form=name)
        yield replace(finding, params={"form": about.sheet}, sheet=file.sheets[name])


def _taken_out(submission: Submission, missed: list[str], plan: Plan) -> Iterator[Finding]:
    """One finding for the sheets that the template had and the file has not."""
    gone = [name for name in missed if name not in submission.sheets]
    marks = marks_of(submission.workbook) if gone and submission.workbook else None
    names = [name for name in gone if marks and name in marks.forms]
    if names:
        sheets = ", ".join(plan.form(name).about.sheet for name in names)
        origin = (submission.division, submission.name)
        yield Finding("missing-sheet", Severity.WARNING, *origin, params={"forms": sheets})
