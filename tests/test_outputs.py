"""One command at a time, and one set or the other whenever a command is stopped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.model import PipelineError
from pipeline.outputs import fresh_folder, locked, put_in_place, staged

OLD = {"report.xlsx": "old", "replies/1.txt": "old", "replies/2.txt": "old", "report.pdf": "old",
       "run.json": "old"}  # fmt: skip
NEW = {"report.xlsx": "new", "replies/2.txt": "new", "replies/3.txt": "new", "run.json": "new"}
KEPT = {"templates/01.xlsx": "kept"}


def lay(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def there(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


_DONE = ("os.rename", "os.remove", "os.rmdir", "os.mkdir")


class Stopped(BaseException):
    """The end of a process, as far as the process itself can play it."""


class Operations:
    """Counts what is done to files, and stops before the one of a number."""

    def __init__(self) -> None:
        self.left, self.folder = -1, ""
        sys.addaudithook(self.heard)

    def heard(self, event: str, given: tuple[object, ...]) -> None:
        ours = event in _DONE or (event == "open" and self.folder in str(given[0]))
        if ours and self.left == 0:
            raise Stopped
        self.left -= ours and self.left > 0


@pytest.fixture(scope="module")
def operations() -> Operations:
    return Operations()


def test_stopped_before_any_file_operation_one_set_stands_there(tmp_path, operations):
    stopped = 0
    for number in range(200):
        folder = tmp_path / str(number)
        lay(folder, OLD | KEPT)
        staging = fresh_folder(folder / ".new")
        lay(staging, NEW)
        operations.left, operations.folder = number, str(folder)
        try:
            put_in_place(staging, folder)
        except Stopped:
            stopped += 1
        else:
            break
        finally:
            operations.left = -1
        with locked(folder), staged(folder):
            pass
        assert there(folder) in (OLD | KEPT, NEW | KEPT), number
    assert stopped > 15
    assert there(folder) == NEW | KEPT


KILL = """
import os, random, signal, sys, time
from pathlib import Path
from pipeline.outputs import STAGING, finish_if_free, locked, put_in_place, staged

folder, seed, finished, mixed = Path(sys.argv[1]), random.Random(7), 0, []

def work():
    for text in ("new", "old") * 10_000:
        with locked(folder), staged(folder) as staging:
            (staging / "replies").mkdir()
            for name in ("report.xlsx", "run.json", *(f"replies/{text}-{n}" for n in range(20))):
                (staging / name).write_text(text)
            put_in_place(staging, folder)

for number in range(50):
    child = os.fork()
    if child == 0:
        work()
    time.sleep(seed.uniform(0.0, 0.05))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    finished += (folder / ".ready").is_dir()
    finish_if_free(folder)
    left = [p for p in folder.rglob("*") if p.is_file() and STAGING not in p.parts]
    if len({p.read_text() for p in left}) > 1 or len(left) not in (0, 22):
        mixed.append((number, [str(p) for p in left]))
print(finished, mixed)
"""


@pytest.mark.office
@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like this there")
def test_fifty_kills_leave_no_mixed_set(tmp_path, root):
    command = [sys.executable, "-c", KILL, str(tmp_path / "out")]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    finished, mixed = done.stdout.decode().split(" ", 1)
    assert mixed.strip() == "[]"
    assert int(finished) > 0  # some were stopped on the way into their place


@pytest.mark.office
def test_a_second_command_is_told_to_wait(tmp_path, root):
    folder = tmp_path / "2566-06"
    command = [sys.executable, "-m", "pipeline", "run", "2566-06", "--outputs", str(tmp_path)]
    with locked(folder):
        second = subprocess.run(command, cwd=root, capture_output=True, check=False)
        with pytest.raises(PipelineError, match="round-busy"), locked(folder):
            pass
    assert second.returncode == 2
    lines = second.stderr.decode().splitlines()
    assert len(lines) == 1
    assert "2566-06" in lines[0]
    assert there(folder) == {}


def test_what_is_not_put_in_place_does_not_stay(tmp_path):
    lay(tmp_path / "out", OLD)
    with pytest.raises(ZeroDivisionError), staged(tmp_path / "out") as staging:
        (staging / "report.xlsx").write_text("half")
        raise ZeroDivisionError
    assert there(tmp_path / "out") == OLD


# --- a file system that takes no more -----------------------------------------------------------

TRY = """
set -e
mount -t tmpfs -o size={size}{options} tmpfs "$1"
{before}
set +e
"$2" -m pipeline run 2566-06 --outputs "$1" >"$3/stdout" 2>"$3/stderr"
echo $? >"$3/code"
(cd "$1" && find . -type f ! -name '*.lock' -exec sha256sum {{}} + | sort) >"$3/after"
umount "$1"
"""


def on_a_small_disk(root: Path, tmp_path: Path, size: str, before: str) -> tuple[int, str, str]:
    """A run onto a file system of its own: exit code, what it said, and the files that are there."""
    disk, told = tmp_path / "disk", tmp_path / "told"
    disk.mkdir()
    told.mkdir()
    script = TRY.format(size=size, options="", before=before)
    command = ["sh", "-c", script, "sh", str(disk), sys.executable, str(told)]
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "none", disk], check=False).returncode
    ):
        command = ["unshare", "-rm", *command]
    else:
        subprocess.run(["umount", disk], check=True)
    subprocess.run(command, cwd=root, check=True, env=os.environ | {"PYTHONPATH": str(root)})
    texts = [(told / name).read_text("utf-8") for name in ("stderr", "after")]
    return int((told / "code").read_text()), *texts


@pytest.fixture(scope="module")
def disks():
    """Skips where no file system can be made."""
    made = shutil.which("unshare") and subprocess.run(["unshare", "-rm", "true"], check=False)
    if os.geteuid() and not (made and not made.returncode) and not os.environ.get("CI"):
        pytest.skip("neither the right to mount a file system nor unshare")


@pytest.mark.office
def test_a_full_disk_leaves_the_old_set_and_says_so(disks, root, tmp_path):
    laid = 'mkdir -p "$1/2566-06/replies"; echo old >"$1/2566-06/report.xlsx"; '
    laid += 'echo old >"$1/2566-06/run.json"; echo old >"$1/2566-06/replies/1.txt"'
    code, said, after = on_a_small_disk(root, tmp_path, "64k", laid)
    assert code == 2
    assert len(said.splitlines()) == 1
    assert "ดิสก์เต็ม" in said
    assert [line.split("  ./")[1] for line in after.splitlines()] == [
        "2566-06/replies/1.txt",
        "2566-06/report.xlsx",
        "2566-06/run.json",
    ]
    assert len({line.split()[0] for line in after.splitlines()}) == 1


@pytest.mark.office
def test_a_read_only_disk_is_a_line(disks, root, tmp_path):
    laid = 'mkdir "$1/2566-06"; echo old >"$1/2566-06/run.json"; mount -o remount,ro "$1"'
    code, said, after = on_a_small_disk(root, tmp_path, "64k", laid)
    assert (code, len(said.splitlines())) == (2, 1)
    assert "อ่านได้อย่างเดียว" in said
    assert len(after.splitlines()) == 1
