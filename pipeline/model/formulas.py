"""The defined names in a formula of the report."""

import re
from collections.abc import Callable

# A quoted text may hold anything; a name is dotted and in small letters, a function in great ones.
_NAMES = re.compile(r'"(?:[^"]|"")*"|([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)')


def names_in(formula: str) -> list[str]:
    """The defined names of a formula, each once, in their order."""
    return list(dict.fromkeys(hit[1] for hit in _NAMES.finditer(formula) if hit[1]))


def renamed(formula: str, new: Callable[[str], str]) -> str:
    """A formula with something else in the place of each of its names."""
    return _NAMES.sub(lambda hit: new(hit[1]) if hit[1] else hit[0], formula)
