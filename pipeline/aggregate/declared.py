"""A figure before it is computed, and the computing of all of them in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.aggregate.terms import Evaluation, FigureTerm, Linear, Term
from pipeline.messages import say
from pipeline.model import Figure

Words = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Declared:
    """One figure before it is computed: its id, its term, its unit, and its sentences' key."""

    id: str
    term: Term
    unit: str = "count"
    key: str = ""
    words: Words = field(default_factory=dict)

    def computed(self, scope: Evaluation) -> Figure:
        """The figure with its value, formula and rows."""
        key = f"figure.{self.key or self.id}"
        th = {name: pair[0] for name, pair in self.words.items()}
        en = {name: pair[1] for name, pair in self.words.items()}
        return Figure(
            self.id,
            say(f"{key}.title", "th", **th),
            say(f"{key}.title", "en", **en),
            say(f"{key}.definition", "th", **th),
            say(f"{key}.definition", "en", **en),
            _in_unit(self.term.value(scope), self.unit),
            self.term.formula(),
            self.unit,
            self.term.rows(scope),
            th.get("of", ""),
        )


def _in_unit(value: Decimal | None, unit: str) -> int | Decimal | None:
    if value is None:
        return None
    return int(value) if unit == "count" and value == value.to_integral_value() else value


def compute(declared: Iterable[Declared], scope_of: Evaluation) -> dict[str, Figure]:
    """Every figure in the order of its declaration; later ones may refer to earlier ones."""
    figures: dict[str, Figure] = {}
    values: dict[str, Decimal | None] = {}
    scope = Evaluation(scope_of.frames, scope_of.criteria, values)
    for each in declared:
        figures[each.id] = each.computed(scope)
        values[each.id] = each.term.value(scope)
    return figures


def worded(key: str, **params: str) -> Words:
    """The place {of} of a sentence, in both languages."""
    return {
        "of": (say(f"figure.of.{key}", "th", **params), say(f"figure.of.{key}", "en", **params))
    }


def sum_of(prefix: str, names: Iterable[str]) -> Linear:
    """The figures of these names below a prefix, added up."""
    return Linear(tuple((1, FigureTerm(f"{prefix}.{name}")) for name in names))
