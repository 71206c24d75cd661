"""The pages people read: every command that they show works, in order, on a copy of the example."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main

pytestmark = pytest.mark.office

PAGES = ("README.md", "pipeline/README.md", ".github/CONTRIBUTING.md")
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ENDS_WITH = re.compile(r"#\s*([0-3])\b")
_INLINE = re.compile(r"`pipeline ([^`]+)`")
_OPTION = re.compile(r"`(?:([a-z]+) )?(--[a-z-]+)[^`]*`")
_SET_UP = ("requirements.lock", "--no-deps -e .")


def _page(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


def _lines(root: Path, page: str) -> Iterator[str]:
    for block in _BLOCK.findall(_page(root, page)):
        yield from (line for line in block.splitlines() if line.strip())


def _pipeline(root: Path, page: str) -> Iterator[tuple[list[str], int]]:
    for line in _lines(root, page):
        if line.startswith("pipeline "):
            wanted = _ENDS_WITH.search(line)
            yield shlex.split(line, comments=True)[1:], int(wanted[1]) if wanted else 0


@pytest.mark.parametrize("page", PAGES)
def test_every_command_shown_ends_as_the_page_says(
    page: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(root / "inputs", tmp_path / "inputs")
    monkeypatch.chdir(tmp_path)
    for words, wanted in _pipeline(root, page):
        result = CliRunner().invoke(main, words, prog_name="pipeline")
        told = result.output + repr(result.exception)
        assert result.exit_code == wanted, f"pipeline {shlex.join(words)}: {told}"


def test_readme_shows_the_whole_year(root: Path) -> None:
    shown = {words[0] for words, _ in _pipeline(root, "README.md")}
    assert shown == set(main.commands)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_spoken_of_exists(page: str, root: Path) -> None:
    options = {
        option
        for command in main.commands.values()
        for each in command.params
        if isinstance(each, click.Option)
        for option in each.opts
    }
    text = _page(root, page)
    for words in _INLINE.findall(text):
        name = words.split()[0]
        assert name in {"…", "run"} or name in main.commands, f"{page}: pipeline {words}"
    known = options | {"--help", "--check"}
    assert {option for _, option in _OPTION.findall(text)} <= known


def test_the_set_up_and_the_checks_are_those_of_ci(root: Path) -> None:
    ci, recipes = _page(root, ".ci/run"), _page(root, ".justfile")
    shown = [line for line in _lines(root, "README.md") if line.startswith("python3")]
    for line, ending in zip(shown, ("pipeline run 2566-12", "pytest -n auto"), strict=True):
        assert all(part in line and part in ci for part in _SET_UP)
        assert line.endswith(ending)
        assert ending.removesuffix(" auto") in ci
    for check in ("ruff check", "ruff format --check", "mypy", "lint-imports"):
        assert check.removesuffix(" --check") in _page(root, ".github/CONTRIBUTING.md")
        assert f".venv/bin/{check}\n" in ci
        assert f"{{{{bin}}}}/{check}\n" in recipes


def test_every_recipe_and_hook_runs_what_there_is(root: Path) -> None:
    recipes = _page(root, ".justfile")
    for module in re.findall(r"python -m (tests[.\w]+)", recipes):
        assert (root / f"{module.replace('.', '/')}.py").is_file(), module
    for path in re.findall(r"pytest (tests/\S+)", recipes):
        assert (root / path).is_file(), path
    hooks = re.findall(r"entry: (.+)", _page(root, ".pre-commit-config.yaml"))
    assert all(hook in recipes for hook in hooks)
    assert "repo: http" not in _page(root, ".pre-commit-config.yaml")


def test_readme_is_short(root: Path) -> None:
    assert (root / "README.md").stat().st_size <= 18_000
