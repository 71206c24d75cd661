"""The numbers that decide figures, findings and signals: each known, with source and approver."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from pipeline.model import Criterion, PipelineError
from pipeline.plan.toml_nodes import ROUND_TOML, TomlNode
from schemas.crosschecks import crosschecks
from schemas.kit.form import FormSpec
from schemas.kit.thai.calendar import Round

_LARGEST = 10**9
_NEEDED_CRITERIA = ("min_project_count", "weights.done", "weights.in_progress", "weights.cannot")
_BANDS = tuple(f"bands.{months}.{name}" for months in (6, 12) for name in ("high", "medium"))


def read_criteria(
    node: TomlNode, this: Round, forms: tuple[FormSpec, ...]
) -> Mapping[str, Criterion]:
    """Every criterion of the round by its key; what no rule or signal asks for is not known.

    A threshold may be left out: what needs it is then not run, and the report says so.
    """
    criteria = {each.key: each for each in _criterion_tree(node, "")}
    high, medium = (f"bands.{this.months}.{name}" for name in ("high", "medium"))
    for key in (*_NEEDED_CRITERIA, high, medium):
        if key not in criteria:
            raise node.refuse("plan-missing-key", key)
    for key in criteria:
        if key not in {*_NEEDED_CRITERIA, *_BANDS, *thresholds(forms)}:
            raise node.refuse("plan-unknown-key", key)
    node.between(f"{medium}.value", float(criteria[medium].value), 0, float(criteria[high].value))
    return criteria


def thresholds(forms: tuple[FormSpec, ...]) -> tuple[str, ...]:
    """The keys of all criteria that rules and crosschecks are declared with."""
    asked = [rule.criteria for form in forms for rule in form.rules]
    asked += [check.criteria for check in crosschecks().values()]
    return tuple(sorted({key for keys in asked for key in keys}))


def _criterion_tree(node: TomlNode, prefix: str) -> Iterator[Criterion]:
    """Tables with a `value` are criteria, the others hold more of them."""
    for key in node.names():
        inner = node.node(key)
        if "value" in inner.names():
            yield _criterion(inner, prefix + key)
        else:
            yield from _criterion_tree(inner, f"{prefix}{key}.")


def _criterion(node: TomlNode, key: str) -> Criterion:
    value = Decimal(str(node.between("value", node.take("value", (int, float)), 0, _LARGEST)))
    source, approved_by = node.take("source", str), node.take("approved_by", str)
    if not source.strip() or not approved_by.strip():
        raise PipelineError("plan-criterion-without-source", file=ROUND_TOML, key=f"criteria.{key}")
    criterion = Criterion(key, value, source, approved_by, node.take("effective_from", date, None))
    node.done()
    return criterion
