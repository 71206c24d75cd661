"""The project's own source as the laws of the house look at it: files, trees, constants, sizes."""

import ast
import fnmatch
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file, by its path below the root, with its lines and its tree."""

    path: str
    lines: int
    tree: ast.Module

    @property
    def is_form(self) -> bool:
        folder, _, name = self.path.rpartition("/")
        return folder == "schemas" and name != "__init__.py"

    @property
    def dotted(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def texts(self) -> Iterator[tuple[int, str]]:
        """Every string constant but the docstrings, with its line."""
        notes = {id(each) for each in _docstrings(self.tree)}
        for node in ast.walk(self.tree):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and id(node) not in notes:
                yield node.lineno, text


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file below the folders."""
    files = sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return tuple(_module(file) for file in files)


def _module(file: Path) -> Module:
    text = file.read_text("utf-8")
    return Module(file.relative_to(ROOT).as_posix(), len(text.splitlines()), ast.parse(text))


def length(function: Function) -> int:
    """Physical lines from `def` to the end, the docstring among them."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def public(tree: ast.AST) -> Iterator[Function | ast.ClassDef]:
    """Every class, function and method that can be reached without a leading underscore."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def ignored_names() -> tuple[str, ...]:
    """The patterns of .gitignore that name something wherever it lies."""
    lines = (ROOT / ".gitignore").read_text("utf-8").split()
    return tuple(each.rstrip("/") for each in lines if "/" not in each.rstrip("/"))


def top_level() -> set[str]:
    """What lies in the root and is not ignored."""
    ignored = ignored_names()
    names = {each.name for each in ROOT.iterdir()}
    return {n for n in names if not any(fnmatch.fnmatch(n, pattern) for pattern in ignored)}


def kept_files() -> list[Path]:
    """The files that are kept, or would be: those git knows and those it would not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode("utf-8")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string that stands alone as a statement."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
