"""What became of the releases: files that count though their sender is in doubt."""

from collections.abc import Sequence

from pipeline.model import Effect, Finding, Outcome, Plan, Release, Settled, Submission

RELEASED = "released"


def settle_releases(
    plan: Plan, submissions: Sequence[Submission]
) -> tuple[tuple[Settled, ...], tuple[Finding, ...]]:
    """What became of every release, and the findings on those that let nothing in."""
    last = {(each.file, each.sha256): each for each in plan.changes.releases}
    settled = tuple(
        Settled(each, _effect(each, submissions) if each in last.values() else Effect.REPLACED)
        for each in plan.changes.releases
    )
    idle = (Effect.NOT_COUNTED, Effect.NOT_NEEDED)
    return settled, tuple(each.finding() for each in settled if each.effect in idle)


def _effect(entry: Release, submissions: Sequence[Submission]) -> Effect:
    mine = [each for each in submissions if entry.fits(each.name, each.received.sha256)]
    if any(finding.code == RELEASED for each in mine for finding in each.findings):
        return Effect.IN_EFFECT
    accepted = any(each.outcome is Outcome.ACCEPTED for each in mine)
    return Effect.NOT_NEEDED if accepted else Effect.NOT_COUNTED
