"""The roster: each division with its addresses, the forms it owes, and the parts it reports in."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.files import is_safe_name
from pipeline.model import Division, SubUnit
from pipeline.plan.owed import ALL
from pipeline.plan.toml_nodes import TomlNode
from schemas.kit.form import FormSpec
from schemas.kit.thai.thai_text import matching_key


def read_divisions(
    root: TomlNode, forms: tuple[FormSpec, ...], numbers: Sequence[int]
) -> tuple[Division, ...]:
    """Every division of the roster; PipelineError where two have one code."""
    divisions: dict[str, Division] = {}
    for node in root.nodes("divisions"):
        each = _division(node, forms, numbers)
        if each.code.casefold() in divisions:
            raise node.refuse("plan-twice", "code", each.code)
        divisions[each.code.casefold()] = each
    return tuple(divisions.values())


def _code(node: TomlNode) -> str:
    """The code of a division or a part: letters and digits, as it names files; ALL is everybody."""
    code = node.text("code")
    if code == ALL or not re.fullmatch(r"[0-9A-Za-z_-]{1,20}", code):
        raise node.refuse("plan-wrong-value", "code", code, choices="0-9 A-Z a-z _ -")
    if not is_safe_name(code):
        raise node.refuse("plan-unsafe-name", "code", code)
    return code


def _division(node: TomlNode, forms: tuple[FormSpec, ...], numbers: Sequence[int]) -> Division:
    names = [form.name for form in forms if not form.is_cover]
    owed = node.node("forms", {})
    division = Division(
        code=_code(node),
        name=node.text("name"),
        aliases=node.texts("aliases"),
        senders=tuple(each.casefold() for each in node.texts("senders")),
        head=node.take("head", str, ""),
        head_position=node.take("head_position", str, ""),
        forms={key: _owed(owed, key, names, numbers) for key in owed.names()},
        exempt=node.texts("exempt", names),
        in_all=node.take("in_all", bool, default=True),
    )
    division = replace(division, parts=_parts(node, division, forms))
    node.done()
    return division


def _parts(node: TomlNode, division: Division, forms: tuple[FormSpec, ...]) -> tuple[SubUnit, ...]:
    """The division's parts, each with a code and a name of its own."""
    names = [f.name for f in forms if f.name in division.forms and _may_be_shared(f)]
    parts: list[SubUnit] = []
    for each in node.nodes("parts"):
        part = _part(each, names)
        for key in ("code", "name"):
            value = getattr(part, key)
            if matching_key(value) in {matching_key(getattr(other, key)) for other in parts}:
                raise each.refuse("plan-twice", key, value)
        parts.append(part)
    return tuple(parts)


def _part(node: TomlNode, names: Sequence[str]) -> SubUnit:
    """A part; unless it says which, it reports every form that may be shared."""
    part = SubUnit(
        code=_code(node),
        name=node.text("name"),
        aliases=node.texts("aliases"),
        senders=tuple(each.casefold() for each in node.texts("senders")),
        forms=node.texts("forms", names) or tuple(names),
    )
    node.done()
    return part


def _may_be_shared(form: FormSpec) -> bool:
    """Whether several may each bring rows of a form: not where its lines are made beforehand."""
    return not form.about.lines


def _owed(
    node: TomlNode, key: str, names: Sequence[str], numbers: Sequence[int]
) -> tuple[int, ...]:
    if key not in names:
        raise node.refuse("plan-wrong-value", key, key, choices=", ".join(names))
    return node.numbers(key, numbers)
