"""The words shown for codes: divisions, forms, states, reasons, criteria."""

from collections.abc import Iterator, Mapping

from pipeline.messages import catalogue, say
from pipeline.model import Assessment, Channel, ObligationState, Outcome, Submission, whose_code

Words = Mapping[str, Mapping[object, str]]


def words_of(assessment: Assessment) -> Words:
    """For each coded column of the frames the shown word of every value."""
    plan = assessment.plan
    parts = [(each, part.code) for each in plan.divisions for part in each.parts]
    divisions: dict[object, str] = {each.code: each.name for each in plan.divisions}
    return {
        "division": divisions | {whose_code(d.code, part): d.name_of(part) for d, part in parts},
        "form": {form.name: form.about.sheet for form in plan.forms},
        "state": {str(state): say(f"state.{state}") for state in ObligationState},
        "outcome": {str(outcome): say(f"outcome.{outcome}") for outcome in Outcome},
        "channel": {str(channel): say(f"channel.{channel}") for channel in Channel},
    }


def reasons(assessment: Assessment) -> Iterator[str | None]:
    """Why each thing received does not count, in the order of receipt."""
    for submission in assessment.submissions:
        yield _reason(submission)


def _reason(submission: Submission) -> str | None:
    """The sentence of the reason's code; blank where the file counts."""
    if not submission.reason:
        return None
    for kind in ("finding", "ignored"):
        key = f"{kind}.{submission.reason}"
        if key in catalogue():
            text = say(key, **submission.params) if submission.params else say(key)
            by = submission.params.get("by")
            return f"{text} ({by})" if by else text
    return submission.reason


def criterion_name(key: str) -> str:
    """What a criterion is called; its key where it has no words of its own."""
    name = f"report.criterion.{key}"
    return say(name) if name in catalogue() else key
