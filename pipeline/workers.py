"""One item at a time behind a guard: one file's crash is one finding, the others go on."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from pipeline.model import Finding, PipelineError, Severity

_LOG = logging.getLogger(__name__)
_LONGEST_MESSAGE = 200

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int = 1,  # noqa: ARG001 - how many at most at a time; one is always allowed
) -> list[Result | Finding]:
    """`function` of every item, in order; a finding in the place of each that crashed."""
    return [guarded(function, item) for item in items]


def guarded(function: Callable[[Item], Result], item: Item) -> Result | Finding:
    """`function` of one item; a crash is logged with its traceback and becomes a finding.

    Raises PipelineError as it is: the operator's mistake is no crash.
    """
    try:
        return function(item)
    except PipelineError:
        raise
    except Exception as error:
        _LOG.exception("one file could not be processed")
        message = " ".join(str(error).split())[:_LONGEST_MESSAGE]
        params = {"error": type(error).__name__, "message": message}
        return Finding("internal", Severity.ERROR, params=params, to="analyst")
