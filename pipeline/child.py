"""What a supervised process does: one item after another, with so much memory and no more."""

import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple, TypeVar

try:
    import resource
except ImportError:  # Windows bounds no process from within; its deadline ends it there
    resource = None  # type: ignore[assignment]


Item = TypeVar("Item")
Result = TypeVar("Result")


class Crash(NamedTuple):
    """What became of an item instead of an answer: the error, its words, and where it came up."""

    error: str
    message: str
    trace: str = ""


def serve(function: Callable[[Any], Any], pipe: Connection, most_memory: int) -> None:
    """Say that the process is there, then answer for one item at a time until nobody asks."""
    if resource is not None:
        _, highest = resource.getrlimit(resource.RLIMIT_AS)
        bound = most_memory if highest == resource.RLIM_INFINITY else min(most_memory, highest)
        resource.setrlimit(resource.RLIMIT_AS, (bound, highest))
    pipe.send(None)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        pipe.send(answer(function, item))


def answer(function: Callable[[Item], Result], item: Item) -> Result | Crash:
    """What the function gives for an item, or the crash that it came to."""
    try:
        return function(item)
    except Exception as error:
        return Crash(type(error).__name__, str(error), traceback.format_exc())
