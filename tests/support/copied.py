"""A copy of the program with one example round, in which a test does what a stranger would do."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import office

ROUND = "2566-06"
_LEFT = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True)
class Copy:
    """The folder of the copy; nothing of the project itself is imported by what runs in it."""

    folder: Path

    @property
    def received(self) -> Path:
        """Where what the divisions send lies."""
        return self.folder / "inputs" / ROUND / "received"

    def write(self, path: str, text: str) -> None:
        """A new file."""
        assert not (self.folder / path).exists()
        (self.folder / path).write_text(text, "utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """One place of a file, which must be there once."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        file.write_text(text.replace(old, new), "utf-8")

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """What the interpreter says that runs in the copy."""
        assert office.may_be_asked, "a test that types a command bears the mark `office`"
        known = {"PYTHONPATH": str(self.folder), "PYTHONUTF8": "1"}
        command = [sys.executable, *words]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | known,
            capture_output=True,
            text=True,
            check=False,
        )

    def pipeline(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of the program."""
        done = self.python("-m", "pipeline", *words)
        assert done.returncode < 2, done.stderr
        return done

    def told(self, *words: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.pipeline(*words, "--json").stdout)


def copied(root: Path, folder: Path) -> Copy:
    """A copy of the program and of the round's plan, to which nothing has been sent."""
    for name in ("pipeline", "schemas"):
        shutil.copytree(root / name, folder / name, ignore=_LEFT)
    made = Copy(folder)
    made.received.mkdir(parents=True)
    plan = Path("inputs") / ROUND / "round.toml"
    shutil.copyfile(root / plan, folder / plan)
    return made
