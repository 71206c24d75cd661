"""The rules between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Mapping

from schemas.crosschecks import (
    between,
    bidding,
    layouts,
    prices,
    register,
    said,
    sellers,
    splitting,
)
from schemas.crosschecks.purchases import LIMIT, NEAR_LIMIT
from schemas.crosschecks.said import language, sayings_for
from schemas.kit.crosscheck import Crosscheck, registered

__all__ = [
    "LIMIT",
    "NEAR_LIMIT",
    "between",
    "bidding",
    "crosschecks",
    "language",
    "layouts",
    "prices",
    "register",
    "said",
    "sayings_for",
    "sellers",
    "splitting",
]


def crosschecks() -> Mapping[str, Crosscheck]:
    """Every crosscheck by its code; importing this module is what registers them."""
    return registered()
