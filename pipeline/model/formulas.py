"""The defined names in a formula of the report."""

import re
from collections.abc import Callable

# A quoted text may hold anything; a name is dotted and in small letters, a function in great ones.
_NAMES = re.compile(r'"(?:[^"]|"")*"|([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)')

_SIGNED = re.compile(r"([+-])([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)")


def names_in(formula: str) -> list[str]:
    """The defined names of a formula, each once, in their order."""
    return list(dict.fromkeys(hit[1] for hit in _NAMES.finditer(formula) if hit[1]))


def signed_names(formula: str) -> list[tuple[int, str]]:
    """(1 or -1, name) of each name of a formula that only adds and takes away; none of another."""
    signed = formula if formula.startswith(("+", "-")) else f"+{formula}"
    found = [(-1 if hit[1] == "-" else 1, hit[2]) for hit in _SIGNED.finditer(signed)]
    return found if "".join(f"{'+' if s > 0 else '-'}{n}" for s, n in found) == signed else []


def renamed(formula: str, new: Callable[[str], str]) -> str:
    """A formula with something else in the place of each of its names."""
    return _NAMES.sub(lambda hit: new(hit[1]) if hit[1] else hit[0], formula)
