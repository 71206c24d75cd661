"""The rules between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Mapping

from schemas.crosschecks import (  # noqa: F401 - importing them registers their rules
    between,
    bidding,
    claim_checks,
    doubles,
    moved,
    moved_projects,
    other_layouts,
    prefilled,
    prices,
    register,
    sellers,
    splitting,
)
from schemas.crosschecks.claim_checks import claim_patterns_for, language
from schemas.crosschecks.doubles import listed_again
from schemas.crosschecks.purchases import LIMIT, NEAR_LIMIT
from schemas.kit.cross_rules import Crosscheck, registered

__all__ = ["LIMIT", "NEAR_LIMIT", "claim_patterns_for", "crosschecks", "language"]
__all__ += ["listed_again"]


def crosschecks() -> Mapping[str, Crosscheck]:
    """Every crosscheck by its code."""
    return registered()
