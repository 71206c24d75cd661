"""Items behind a guard, in processes of their own: one's crash is one finding, the others go on."""

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from pipeline.child import Crash, answer, serve
from pipeline.model import Finding, Severity

_LOG = logging.getLogger(__name__)
_LONGEST_MESSAGE = 200
_PATIENCE = 60.0  # seconds for one item; the largest good workbook takes a few
_MOST_MEMORY = 2 << 30  # bytes of a process; the largest good workbook takes a quarter
# Windows has no other way to start a process, and what is the same everywhere is tested everywhere.
_CONTEXT = get_context("spawn")

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_guarded(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    jobs: int = 1,
    patience: float = _PATIENCE,
) -> list[Result | Finding]:
    """`function` of every item, in order; a finding in the place of each that crashed.

    `jobs` processes work side by side; what takes more than `patience` seconds or _MOST_MEMORY, or
    ends its process, is a finding too, and the others go on. Function, items and results must be
    such that they can be sent to another process, and the function's module light to import.
    """
    return _Pool(function, list(items), patience).work(jobs)


def call_guarded(function: Callable[[Item], Result], item: Item) -> Result | Finding:
    """`function` of one item in this process; a crash is logged and becomes a finding."""
    found = answer(function, item)
    return _crashed(found) if isinstance(found, Crash) else found


def _crashed(crash: Crash) -> Finding:
    _LOG.error("one file could not be processed\n%s", crash.trace)
    error, message = crash.error, crash.message
    params = {"error": error, "message": " ".join(message.split())[:_LONGEST_MESSAGE]}
    return Finding("internal", Severity.ERROR, params=params, to="analyst")


class _Worker:
    """A process and the item it has; whoever waits for its pipe also hears when it dies.

    Its time runs from when it has an item: how long a process takes to start is no fault of a file.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.pipe, far_end = _CONTEXT.Pipe()
        given = (function, far_end, _MOST_MEMORY)
        self._process = _CONTEXT.Process(target=serve, args=given, daemon=True)
        self._process.start()
        far_end.close()
        self.number: int | None = None
        self.deadline = math.inf

    def give(self, number: int, item: object, patience: float) -> None:
        self.number, self.deadline = number, time.monotonic() + patience
        with suppress(OSError):  # that it has ended is heard by its pipe
            self.pipe.send(item)

    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.is_alive()

    def end(self) -> int | None:
        """Stop the process at once; gives its exit code."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode


# One process of each function goes on to the next call: starting it costs more than a small file.
_RESTING: dict[Callable[[Any], Any], _Worker] = {}


class _Pool(Generic[Item, Result]):
    """The workers of one call; each item is given once, whatever becomes of it."""

    def __init__(
        self, function: Callable[[Item], Result], items: Sequence[Item], patience: float
    ) -> None:
        self._function, self._items, self._patience = function, items, patience
        self._waiting = deque(range(len(items)))
        self._answers: dict[int, Any] = {}
        self._workers: dict[Connection, _Worker] = {}

    def work(self, jobs: int) -> list[Result | Finding]:
        """Every answer in the order of the items."""
        try:
            for _ in range(min(jobs, len(self._items))):
                self._start()
            while self._workers:
                self._listen()
        finally:
            for worker in self._workers.values():
                worker.end()
        return [self._answers[number] for number in range(len(self._items))]

    def _start(self) -> None:
        """Begin a process, or take one that rests since an earlier call."""
        resting = _RESTING.pop(self._function, None)
        if resting is not None and resting.is_alive():
            self._workers[resting.pipe] = resting
            self._give(resting)
        else:
            worker = _Worker(self._function)
            self._workers[worker.pipe] = worker

    def _listen(self) -> None:
        soonest = min(worker.deadline for worker in self._workers.values())
        patience = None if math.isinf(soonest) else max(soonest - time.monotonic(), 0.0)
        for pipe in wait(list(self._workers), patience):
            self._receive(self._workers[pipe])  # type: ignore[index]
        for worker in list(self._workers.values()):
            if worker.deadline <= time.monotonic():
                self._replace(worker, "TimeoutError", f"{self._patience:g} s")

    def _receive(self, worker: _Worker) -> None:
        try:
            found = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace(worker, "ProcessEnded", "")
            return
        if worker.number is not None:
            self._answers[worker.number] = _crashed(found) if isinstance(found, Crash) else found
        if self._waiting:
            self._give(worker)
        else:
            self._dismiss(worker)

    def _give(self, worker: _Worker) -> None:
        number = self._waiting.popleft()
        worker.give(number, self._items[number], self._patience)

    def _dismiss(self, worker: _Worker) -> None:
        """Let one process rest for the next call; the others end."""
        if self._function in _RESTING:
            self._end(worker)
        else:
            worker.number, worker.deadline = None, math.inf
            _RESTING[self._function] = self._workers.pop(worker.pipe)

    def _replace(self, worker: _Worker, error: str, message: str) -> None:
        """A finding for the item of a worker that is gone, and another worker for what is left.

        One that ended before it had an item takes one with it: else it would be begun for ever.
        """
        code = self._end(worker)
        number = worker.number
        if number is None and self._waiting:
            number = self._waiting.popleft()
        if number is not None:
            self._answers[number] = _crashed(Crash(error, message or f"exit code {code}"))
        if self._waiting:
            self._start()

    def _end(self, worker: _Worker) -> int | None:
        del self._workers[worker.pipe]
        return worker.end()
