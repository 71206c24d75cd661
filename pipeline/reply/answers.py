"""Who is answered: each file of a known division under its receipt number, and what it is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import (
    Assessment,
    Finding,
    FormOutcome,
    FormState,
    Outcome,
    Severity,
    Submission,
)

WEIGHTS = (Severity.ERROR, Severity.WARNING)
_ANSWERED = (Outcome.ACCEPTED, Outcome.REFUSED, Outcome.QUARANTINED)
_BLANK = "not-filled"
OTHER_TEMPLATE = ("other-round", "known-form", "known-form-nil", "no-form-recognised")
_FEWER = "fewer-rows"
_OFFICIAL = "official-form"


@dataclass(frozen=True)
class Answer:
    """One file to be answered: its receipt number within the round, and what there is to say."""

    name: str
    submission: Submission
    division: str
    findings: tuple[Finding, ...]
    waiting: tuple[FormOutcome, ...] = ()
    shrunk: tuple[Finding, ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether the division is asked if the file is its own; nothing else is said then."""
        return self.submission.outcome is Outcome.QUARANTINED and not self.waiting

    @property
    def is_waiting(self) -> bool:
        """Whether nothing of the file is used until somebody has decided."""
        return self.submission.outcome is Outcome.QUARANTINED and bool(self.waiting)

    @property
    def is_in_another_template(self) -> bool:
        """Whether it came in no template of this round: the division's own goes back."""
        official = any(finding.code == _OFFICIAL for finding in self.findings)
        return official or self.submission.reason in OTHER_TEMPLATE

    @property
    def fewer_rows(self) -> int:
        """How many rows fewer are taken in than of the version before."""
        return sum(int(finding.params["fewer"]) for finding in self.shrunk)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return self.submission.reason == _BLANK

    def count(self, weight: Severity) -> int:
        """How many findings of a weight there are."""
        return sum(finding.severity is weight for finding in self.findings)


def answers(assessment: Assessment) -> Iterator[Answer]:
    """Every answer; a number once given to a file stays its own when another one replaces it."""
    numbers: dict[str, int] = {}
    for each in assessment.submissions:
        code = each.division
        if code is None or (each.outcome is Outcome.IGNORED and each.reason != _BLANK):
            continue
        numbers[code] = numbers.get(code, 0) + 1
        if each.outcome in _ANSWERED or each.reason == _BLANK:
            findings = [f for f in assessment.findings if f.file == each.name]
            outcomes = [o for o in assessment.form_outcomes if o.submission == each.name]
            yield Answer(
                name=f"{code}-{numbers[code]}",
                submission=each,
                division=code,
                findings=findings_to_send(each, assessment.findings),
                waiting=tuple(o for o in outcomes if o.state is FormState.WAITING),
                shrunk=tuple(f for f in findings if f.code == _FEWER),
            )


def findings_to_send(submission: Submission, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What a file's division should know: what is to be corrected, and unanswered questions."""
    return tuple(
        finding
        for finding in findings
        if finding.file == submission.name
        and finding.severity in WEIGHTS
        and finding.to == "division"
        and not finding.explained
    )
