"""One item at a time behind a guard: one file's crash is one finding, the others go on."""

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from pipeline.model import Finding, PipelineError, Severity

_LOG = logging.getLogger(__name__)
_LONGEST_MESSAGE = 200
_PATIENCE = 60.0  # seconds for one item; the largest good workbook takes a few
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

    With several jobs that many processes work side by side, and what ends a process or takes
    longer than `patience` seconds is a finding too. Function, items and results must then be
    such that they can be sent to another process.
    """
    items = list(items)
    if min(jobs, len(items)) < 2:
        return [call_guarded(function, item) for item in items]
    return _Pool(function, items, patience).work(min(jobs, len(items)))


def call_guarded(function: Callable[[Item], Result], item: Item) -> Result | Finding:
    """`function` of one item; a crash is logged with its traceback and becomes a finding.

    Raises PipelineError as it is: the operator's mistake is no crash.
    """
    try:
        return function(item)
    except PipelineError:
        raise
    except Exception as error:
        _LOG.exception("one file could not be processed")
        return _crashed(type(error).__name__, str(error))


def _crashed(error: str, message: str) -> Finding:
    params = {"error": error, "message": " ".join(message.split())[:_LONGEST_MESSAGE]}
    return Finding("internal", Severity.ERROR, params=params, to="analyst")


# --- several processes --------------------------------------------------------------------------


def _work(function: Callable[[Any], Any], pipe: Connection) -> None:
    """What a worker's process does: say that it is there, then answer for one item at a time."""
    pipe.send(None)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        try:
            answer = call_guarded(function, item)
        except PipelineError as mistake:
            answer = mistake
        pipe.send(answer)


class _Worker:
    """A process and the item it has; whoever waits for its pipe also hears when it dies.

    Its time runs from when it has an item: how long a process takes to start is no fault of a file.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.pipe, far_end = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_work, args=(function, far_end), daemon=True)
        self._process.start()
        far_end.close()
        self.number: int | None = None
        self.deadline = math.inf

    def give(self, number: int, item: object, patience: float) -> None:
        self.number, self.deadline = number, time.monotonic() + patience
        with suppress(OSError):  # that it has ended is heard by its pipe
            self.pipe.send(item)

    def end(self) -> int | None:
        """Stop the process at once; gives its exit code."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode


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
        """Every answer in the order of the items. Raises the first PipelineError among them."""
        try:
            for _ in range(jobs):
                self._start()
            while self._workers:
                self._listen()
        finally:
            for worker in self._workers.values():
                worker.end()
        return list(self._in_order())

    def _in_order(self) -> Iterator[Result | Finding]:
        for number in range(len(self._items)):
            answer = self._answers[number]
            if isinstance(answer, PipelineError):
                raise answer
            yield answer

    def _start(self) -> None:
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
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace(worker, "ProcessEnded", "")
            return
        if worker.number is not None:
            self._answers[worker.number] = answer
        if self._waiting:
            number = self._waiting.popleft()
            worker.give(number, self._items[number], self._patience)
        else:
            self._end(worker)

    def _replace(self, worker: _Worker, error: str, message: str) -> None:
        """A finding for the item of a worker that is gone, and another worker for what is left.

        One that ended before it had an item takes one with it: else it would be begun for ever.
        """
        code = self._end(worker)
        number = worker.number
        if number is None and self._waiting:
            number = self._waiting.popleft()
        if number is not None:
            self._answers[number] = _crashed(error, message or f"exit code {code}")
            _LOG.error("a process ended with one file: %s %s", error, message)
        if self._waiting:
            self._start()

    def _end(self, worker: _Worker) -> int | None:
        del self._workers[worker.pipe]
        return worker.end()
