"""Files side by side: each answered in its order, whatever one of them does to its process."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import OrderedDict
from pathlib import Path

import pytest

from pipeline import workers
from pipeline.intake import opening
from pipeline.model import Finding
from pipeline.run import run

FAR = 3600


def sixth(number: int) -> float:
    """Six by a number: by 7 the process ends, by 8 it never comes back."""
    if number == 7:
        os.abort()
    if number == 8:
        time.sleep(FAR)
    return 6 / number


def process(_: int) -> int:
    return os.getpid()


def hoard(count: int) -> int:
    return len(bytearray(count))


def told(answers: list[float | Finding]) -> list[object]:
    return [each.params["error"] if isinstance(each, Finding) else each for each in answers]


@pytest.mark.parametrize("jobs", [1, 2])
def test_answers_stand_in_the_order_of_what_was_asked(jobs: int) -> None:
    answers = workers.map_guarded(sixth, [3, 0, 2, 6, 1], jobs=jobs)
    assert told(answers) == [2, "ZeroDivisionError", 3, 1, 6]


def test_what_ends_its_process_or_takes_too_long_is_one_finding() -> None:
    """Three bad ones, two workers: each is replaced, and the last good one is still answered."""
    answers = workers.map_guarded(sixth, [7, 3, 8, 7, 2], jobs=2, patience=5.0)
    assert told(answers) == ["ProcessEnded", 2, "TimeoutError", "ProcessEnded", 3]
    assert {each.code for each in answers if isinstance(each, Finding)} == {"internal"}


def test_one_process_is_enough_to_survive_what_ends_it() -> None:
    """A process for one job, too; the next call finds one that rests, or begins another."""
    assert told(workers.map_guarded(sixth, [7, 3])) == ["ProcessEnded", 2]
    assert told(workers.map_guarded(sixth, [1])) == [6]
    assert told(workers.map_guarded(process, [1, 1])) == told(workers.map_guarded(process, [1, 1]))
    os.kill(workers.map_guarded(process, [1])[0], signal.SIGKILL)
    assert told(workers.map_guarded(sixth, [2])) == [3]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of memory there")
def test_what_wants_more_memory_than_there_is_is_one_finding() -> None:
    answers = workers.map_guarded(hoard, [10, workers._MOST_MEMORY, 20])
    assert told(answers) == [10, "MemoryError", 20]


def test_a_process_starts_with_the_reader_alone(root) -> None:
    code = "import sys, pipeline.child, pipeline.workbook.reader; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.split()
    assert not {b"pandas", b"click", b"openpyxl", b"pipeline.model", b"rich"} & set(loaded)


def test_a_round_is_the_same_whoever_opens_its_files(
    plan_messy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file of the set, byte for byte; the messy round has everything that can be refused."""
    made = {}
    for jobs in (1, 3):
        monkeypatch.setattr(opening, "_KEPT", OrderedDict())  # nothing has been opened before
        run(plan_messy, tmp_path / str(jobs), jobs=jobs)
        found = (path for path in (tmp_path / str(jobs)).rglob("*") if path.is_file())
        made[jobs] = {
            path.relative_to(tmp_path / str(jobs)).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in found
        }
    assert len(made[1]) > 20
    assert made[1] == made[3]
