"""A kind of column is one object in one file: whoever wants to know something asks it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.messages import catalogue
from pipeline.styles import _LOOKS
from schemas.kit.columns import column_of
from schemas.kit.excel_reading import Lists
from schemas.kit.kinds import IN_EXAMPLES as CONTEXT
from schemas.kit.kinds import ColumnKind, Typed, given_out, kinds, scale_of

DECLARED = "schemas/kit/columns.py"  # where a form's author finds the kinds by their words
TABLE_SCHEMA = {"string", "number", "integer", "date", "yearmonth", "boolean"}
IDS = [kind.name for kind in kinds()]


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for folder in ("pipeline", "schemas"):
        for file in sorted((root / folder).rglob("*.py")):
            name = file.relative_to(root).as_posix()
            if not name.startswith("schemas/kit/kinds/"):
                yield name, ast.parse(file.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


def compared(tree: ast.Module) -> Iterator[str]:
    """What is compared with a column's kind, or looked up by it."""
    for node in ast.walk(tree):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        sides += [node.slice] if isinstance(node, ast.Subscript) else []
        for side in sides:
            said = ast.unparse(side)
            if said.endswith((".kind.name", "column.kind")):
                yield said


def test_no_other_module_names_a_kind(root: Path) -> None:
    found = {(name, each) for name, tree in modules(root) for each in imported(tree)}
    named = {(name, each) for name, each in found if each.startswith("schemas.kit.kinds.")}
    assert {name for name, _ in named} == {DECLARED}
    assert [(name, each) for name, tree in modules(root) for each in compared(tree)] == []


def test_a_kind_is_found_in_the_file_of_its_name(root: Path) -> None:
    files = {file.stem for file in (root / "schemas/kit/kinds").glob("*.py")} - {"__init__"}
    assert files == {kind.name for kind in kinds()}
    assert len({kind.order for kind in kinds()}) == len(kinds())


@pytest.mark.parametrize("kind", kinds(), ids=IDS)
def test_what_a_kind_says_can_be_used(kind: ColumnKind) -> None:
    assert kind.look in _LOOKS
    assert kind.exported in TABLE_SCHEMA
    assert kind.sums == (kind.dtype == "Int64")
    known = column_of(kind, "ก", "A", within="round" if kind.is_day else "").vocabulary(CONTEXT)
    key, named = kind.expectation(known)
    assert not key or catalogue()[key]["th"].format_map(named)
    limit = kind.limit(known, "A1")
    assert limit is None or limit.says in catalogue()
    reading = kind.excel("a.b", Lists("keys", CONTEXT.round.start))
    spoken = reading.value + reading.known + reading.blank + reading.unsure
    assert set(re.findall(r"a\.b\.([a-z]+)", spoken)) <= set(kind.bases)


@pytest.mark.parametrize("kind", kinds(), ids=IDS)
def test_what_a_list_offers_is_read_as_what_is_stored(kind: ColumnKind) -> None:
    options = {"choices": ("ใช่", "ไม่ใช่")} if kind.name == "choice" else {}
    column = column_of(kind, "ก", "A", **options)
    known = column.vocabulary(CONTEXT)
    read = [column.read(Typed("text", each), CONTEXT).value for each in column.listed(CONTEXT)]
    assert read == list(kind.members(known))
    assert kind.only_listed <= bool(read)


def test_the_end_of_a_name_tells_its_unit() -> None:
    assert (scale_of("agreed_price_satang"), given_out("agreed_price_satang")) == (
        100,
        "agreed_price_baht",
    )
    assert (scale_of("visit_count"), given_out("visit_count")) == (1, "visit_count")
