"""The lock is whole, tells nothing of where it was made, and serves Linux and Windows alike."""

import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ["3.11", "3.12"]
# What pip says when it could not ask, as against when it was told that there is no such file.
UNREACHED = re.compile(r"connection broken|Max retries|Temporary failure|timed out", re.IGNORECASE)


@dataclass(frozen=True)
class Pin:
    """One locked version, the machines it is for (None: all), and the hashes of its files."""

    name: str
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]

    def is_for(self, machine: dict[str, str]) -> bool:
        return self.marker is None or self.marker.evaluate(machine)

    def __str__(self) -> str:
        return " ".join([f"{self.name}=={self.version}", *(f"--hash={h}" for h in self.hashes)])


@cache
def text() -> str:
    return (ROOT / "requirements.lock").read_text("utf-8")


@cache
def pins() -> tuple[Pin, ...]:
    bare = re.sub(r"^\s*#.*\n", "", text(), flags=re.MULTILINE).replace("\\\n", " ")
    return tuple(pin(line) for line in bare.splitlines() if line.strip())


def pin(line: str) -> Pin:
    asked, *hashes = re.split(r"\s+--hash=", line.strip())
    asked, _, marker = asked.partition(";")
    name, _, version = asked.strip().partition("==")
    return Pin(name, version, Marker(marker.strip()) if marker else None, tuple(hashes))


def windows(python: str) -> dict[str, str]:
    return {
        "sys_platform": "win32",
        "os_name": "nt",
        "platform_system": "Windows",
        "platform_machine": "AMD64",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.9",
    }


def test_every_line_is_one_version_with_its_hashes() -> None:
    assert len(pins()) > 20
    lame = [p for p in pins() if not p.version or not p.hashes]
    assert lame == []
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for p in pins() for h in p.hashes)


def test_it_holds_no_address_and_no_option() -> None:
    assert "://" not in text()
    assert [line for line in text().splitlines() if line.startswith("-")] == []


def test_it_serves_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["tests"]
    for requirement in map(Requirement, asked):
        locked = [p for p in pins() if p.name == canonicalize_name(requirement.name)]
        assert locked, f"{requirement.name} is not locked"
        assert all(p.version in requirement.specifier for p in locked), requirement.name


@pytest.mark.parametrize("python", PYTHONS)
def test_windows_gets_what_only_windows_needs(python: str) -> None:
    names = [p.name for p in pins() if p.is_for(windows(python))]
    assert {"colorama", "tzdata"} <= set(names)
    assert len(names) == len(set(names)), "two versions of one package for one machine"


@pytest.mark.office
@pytest.mark.parametrize("python", PYTHONS)
def test_every_hash_has_its_wheel_for_windows(python: str, tmp_path: Path) -> None:
    wanted = tmp_path / "wanted.txt"
    mine = [str(p) for p in pins() if p.is_for(windows(python))]
    wanted.write_text("\n".join(mine), encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check"),
            *("--no-deps", "--require-hashes", "--only-binary=:all:", "--retries=1"),
            *("--platform=win_amd64", f"--python-version={python}"),
            *("--requirement", str(wanted), "--dest", str(tmp_path / "wheels")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and UNREACHED.search(done.stdout + done.stderr):
        pytest.skip("the package registry cannot be reached, so no wheel can be looked for")
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(list((tmp_path / "wheels").glob("*.whl"))) == len(mine)
