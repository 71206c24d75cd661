"""The rules between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Mapping

from schemas.crosschecks import (
    between,
    bidding,
    claim_checks,
    other_layouts,
    prices,
    register,
    sellers,
    splitting,
)
from schemas.crosschecks.claim_checks import claim_patterns_for, language
from schemas.crosschecks.purchases import LIMIT, NEAR_LIMIT
from schemas.kit.crosschecks import Crosscheck, registered

__all__ = [
    "LIMIT",
    "NEAR_LIMIT",
    "between",
    "bidding",
    "claim_checks",
    "claim_patterns_for",
    "crosschecks",
    "language",
    "other_layouts",
    "prices",
    "register",
    "sellers",
    "splitting",
]


def crosschecks() -> Mapping[str, Crosscheck]:
    """Every crosscheck by its code; importing this module is what registers them."""
    return registered()
