"""One item at a time behind a guard: one file's crash is one finding, the others go on."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from pipeline.model import Finding, Severity

_LOG = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    function: Callable[[Item], Result], items: Iterable[Item], failed: Callable[[Item, Finding], Result]
) -> list[Result]:
    """`function` of every item, in order; `failed` makes the result of one that crashed."""
    return [_guarded(function, item, failed) for item in items]


def _guarded(
    function: Callable[[Item], Result], item: Item, failed: Callable[[Item, Finding], Result]
) -> Result:
    try:
        return function(item)
    except Exception as error:
        _LOG.exception("one file could not be processed")
        params = {"error": type(error).__name__, "message": str(error)[:200]}
        return failed(item, Finding("internal", Severity.ERROR, params=params, to="analyst"))
