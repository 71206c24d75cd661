"""The rules between forms, between rounds, and between what is said and what is counted."""

from collections.abc import Mapping

from schemas.crosschecks import between, layouts, register, said
from schemas.kit.crosscheck import Crosscheck, registered

__all__ = ["between", "crosschecks", "layouts", "register", "said"]


def crosschecks() -> Mapping[str, Crosscheck]:
    """Every crosscheck by its code; importing this module is what registers them."""
    return registered()
