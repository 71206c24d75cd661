"""The rules between forms, between rounds, and between what is said and what is counted."""

from schemas.crosschecks import between, register, said

__all__ = ["between", "register", "said"]
