"""A division of a round's file renamed or struck out; what else the file says stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.model import PipelineError, Plan
from schemas.kit.thai.thai_text import matching_key


def renamed(
    file: Any, source: Plan, names: Mapping[str, str]
) -> Iterator[tuple[str, object, object]]:
    """The division of each code under its new name; files by its old one are known all the same."""
    for code, name in names.items():
        _known(source, code)
        taken = [each for each in source.divisions if each.code != code]
        if any(matching_key(name) in map(matching_key, (d.name, *d.aliases)) for d in taken):
            raise PipelineError("next-name-taken", division=code, name=name)
        (node,) = (each for each in file["divisions"] if each["code"] == code)
        old = str(node["name"])
        node["name"] = name
        kept = [
            each for each in node.get("aliases", []) if matching_key(each) != matching_key(name)
        ]
        node["aliases"] = [*kept, old]
        yield f"divisions.{code}.name", old, name


def struck(file: Any, source: Plan, codes: Sequence[str]) -> Iterator[tuple[str, object, object]]:
    """The file without these divisions; who answers for a measure cannot be left out."""
    for code in codes:
        _known(source, code)
        mine = [
            str(each.number) for each in source.measures if code in (each.owner, each.coordinator)
        ]
        if mine:
            raise PipelineError("next-strikes-owner", division=code, measures=", ".join(mine))
        (place,) = (n for n, each in enumerate(file["divisions"]) if each["code"] == code)
        del file["divisions"][place]
        yield f"divisions.{code}", source.division(code).name, None


def _known(source: Plan, code: str) -> None:
    if code not in {each.code for each in source.divisions}:
        raise PipelineError("unknown-division", division=code, names=source.roster)
