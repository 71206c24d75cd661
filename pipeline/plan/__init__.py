"""`round.toml` → Plan: every key checked on load, an error naming the key in one line."""

import hashlib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pipeline.model import (
    Contact,
    Criterion,
    Division,
    Extension,
    Measure,
    Organisation,
    PipelineError,
    Plan,
    Signer,
)
from pipeline.plan.nodes import Node
from pipeline.plan.owed import ALL, obligations
from schemas.kit.calendar import FiscalYear, Round
from schemas.kit.form import FormSpec

__all__ = ["ROUND_TOML", "find_round", "load_plan", "obligations"]

ROUND_TOML = "round.toml"
_ORGANISATION = ("code", "name", "kind", "province")
_SIGNER = ("role", "name", "position")

Noun = TypeVar("Noun")
_BANGKOK = timezone(timedelta(hours=7))
_NEEDED_CRITERIA = ("min_project_count", "weights.done", "weights.in_progress", "weights.cannot")


def find_round(inputs: Path, name: str | None) -> Path:
    """The folder of the named round, else of the latest that is not an example for practice."""
    found = sorted(path.parent for path in inputs.glob(f"*/{ROUND_TOML}"))
    names = ", ".join(path.name for path in found) or "-"
    if name is not None:
        if inputs / name not in found:
            raise PipelineError("plan-no-round", name=name, names=names)
        return inputs / name
    ranked = [(_rank(path), path) for path in found if not _parse(path).get("example")]
    if not ranked:
        raise PipelineError("plan-no-rounds", inputs=inputs.as_posix())
    return max(ranked)[1]


def _rank(path: Path) -> tuple[int, int]:
    raw = _parse(path)
    return int(raw.get("fiscal_year", 0)), int(raw.get("round", 0))


def _parse(folder: Path) -> dict[str, Any]:
    file = folder / ROUND_TOML
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PipelineError("plan-not-utf8", file=file.as_posix()) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PipelineError("plan-not-toml", file=file.as_posix(), why=str(error)) from None


def load_plan(
    folder: Path,
    forms: tuple[FormSpec, ...],
    as_of: datetime | None = None,
    *,
    earlier: bool = True,
) -> Plan:
    """The plan of a round's folder; PipelineError names the first key that is not right."""
    root = Node(_parse(folder))
    fiscal_year = FiscalYear(root.take("fiscal_year", int))
    this = Round(fiscal_year, root.one_of("round", (6, 12), int))
    divisions = tuple(_division(node, forms) for node in root.nodes("divisions"))
    codes = [each.code for each in divisions]
    rules = root.node("rules", {})
    plan = Plan(
        folder=folder,
        organisation=_of_texts(root.node("organisation"), Organisation, *_ORGANISATION),
        round=this,
        due=_moment(root, "due"),
        summary_due=_moment(root, "summary_due"),
        contact=_of_texts(root.node("contact"), Contact, "name", "phone", "email"),
        signers=tuple(_of_texts(node, Signer, *_SIGNER) for node in root.nodes("signers")),
        criteria=_criteria(root.node("criteria"), this),
        measures=_measures(root.node("measures"), codes),
        divisions=divisions,
        forms=forms,
        sha256=hashlib.sha256((folder / ROUND_TOML).read_bytes()).hexdigest(),
        extensions=tuple(_extension(node, codes) for node in root.nodes("extension")),
        procurement_basis=root.one_of(
            "procurement_basis", ("monthly", "quarterly"), str, "monthly"
        ),
        digits=root.one_of("digits", ("thai", "arabic"), str, "thai"),
        oit_item=root.take("oit_item", str, ""),
        example=root.take("example", bool, default=False),
        reply_from=root.take("reply_from", str, ""),
        as_of=as_of,
        earlier=_earlier(folder, this, forms) if earlier else None,
        rules_off=rules.texts("off"),
        rules_beta=rules.texts("beta"),
    )
    rules.done()
    root.done()
    return plan


def _earlier(folder: Path, this: Round, forms: tuple[FormSpec, ...]) -> Plan | None:
    """The six-month round of the same year, where its folder lies beside this one."""
    before = folder.parent / Round(this.fiscal_year, 6).name
    if this.months != 12 or not (before / ROUND_TOML).exists():
        return None
    return load_plan(before, forms, earlier=False)


def _moment(node: Node, key: str) -> datetime:
    value: datetime = node.take(key, datetime)
    return value if value.tzinfo else value.replace(tzinfo=_BANGKOK)


def _of_texts(node: Node, noun: Callable[..., Noun], *keys: str) -> Noun:
    """A noun made of the texts of these keys, in this order."""
    made = noun(*(node.take(key, str) for key in keys))
    node.done()
    return made


def _criteria(node: Node, this: Round) -> Mapping[str, Criterion]:
    found = {each.key: each for each in _criterion_tree(node, "")}
    bands = tuple(f"bands.{this.months}.{name}" for name in ("high", "medium"))
    for key in (*_NEEDED_CRITERIA, *bands):
        if key not in found:
            raise PipelineError("plan-missing-key", key=f"criteria.{key}")
    return found


def _criterion_tree(node: Node, prefix: str) -> Iterator[Criterion]:
    """Tables with a `value` are criteria, the others hold more of them."""
    for key in node.names():
        inner = node.node(key)
        if "value" in inner.names():
            yield _criterion(inner, prefix + key)
        else:
            yield from _criterion_tree(inner, f"{prefix}{key}.")


def _criterion(node: Node, key: str) -> Criterion:
    value = Decimal(str(node.take("value", (int, float))))
    source, approved_by = node.take("source", str), node.take("approved_by", str)
    if not source.strip() or not approved_by.strip():
        raise PipelineError("plan-criterion-without-source", key=f"criteria.{key}")
    made = Criterion(key, value, source, approved_by, node.take("effective_from", date, None))
    node.done()
    return made


def _measures(node: Node, codes: Sequence[str]) -> tuple[Measure, ...]:
    made = [_measure(int(key), node.node(key), codes) for key in node.names() if key.isdecimal()]
    node.done()
    return tuple(sorted(made, key=lambda each: each.number))


def _measure(number: int, node: Node, codes: Sequence[str]) -> Measure:
    months = node.take("months", list)
    right = len(months) == 2 and all(isinstance(each, date) for each in months)
    if not right or months[0] > months[1]:
        raise PipelineError("plan-wrong-type", key=node.path("months"), value=str(months))
    rounds = tuple(node.take("rounds", list, [6, 12]))
    if not rounds or not set(rounds) <= {6, 12}:
        raise PipelineError(
            "plan-wrong-value", key=node.path("rounds"), value=list(rounds), choices="6, 12"
        )
    owner = node.one_of("owner", (*codes, ALL), str)
    needs = owner == ALL
    coordinator = node.one_of("coordinator", codes if needs else ("",), str, ... if needs else "")
    made = Measure(
        number=number,
        title=node.take("title", str).strip(),
        procedure=node.take("procedure", str).strip(),
        owner=owner,
        owner_text=node.take("owner_text", str),
        months=(months[0], months[1]),
        period_text=node.take("period_text", str),
        rounds=rounds,
        coordinator=coordinator,
        text=node.one_of("text", ("division", "generated"), str, "division"),
        patterns={key: str(value) for key, value in node.take("pattern", dict, {}).items()},
    )
    node.done()
    return made


def _division(node: Node, forms: tuple[FormSpec, ...]) -> Division:
    names = [form.name for form in forms]
    owed = node.node("forms", {})
    made = Division(
        code=node.take("code", str),
        name=node.take("name", str),
        aliases=node.texts("aliases"),
        senders=tuple(each.casefold() for each in node.texts("senders")),
        head=node.take("head", str, ""),
        head_position=node.take("head_position", str, ""),
        forms={key: _owed(owed, key, names) for key in owed.names()},
        exempt=node.texts("exempt"),
        in_all=node.take("in_all", bool, default=True),
    )
    node.done()
    return made


def _owed(node: Node, key: str, names: Sequence[str]) -> tuple[int, ...]:
    if key not in names:
        choices = ", ".join(names)
        raise PipelineError("plan-wrong-value", key=node.path(key), value=key, choices=choices)
    return tuple(int(each) for each in node.take(key, list))


def _extension(node: Node, codes: Sequence[str]) -> Extension:
    made = Extension(
        division=node.one_of("division", codes, str),
        due=_moment(node, "due"),
        reason=node.take("reason", str),
        approved_by=node.take("approved_by", str),
        form=node.take("form", str, ""),
    )
    node.done()
    return made
