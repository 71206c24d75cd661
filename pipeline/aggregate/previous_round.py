"""The figures of the round before as it recorded them, beside those of this round."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.messages import say
from pipeline.model import Assessment, Figure, Plan, Slice
from pipeline.model.conditions import Naming
from pipeline.model.terms import CriterionTerm, Evaluation, Scalar, Term

_BEFORE = "earlier"


@dataclass(frozen=True)
class Recorded(Term):
    """What a figure of another round came to, as that round recorded it.

    Where it follows from what is recorded too, it is `live`, a formula over that round's names;
    those begin with `prefix`.
    """

    amount: Scalar
    measured_in: str
    prefix: str
    live: Term | None = None

    def value(self, scope: Evaluation) -> Scalar:
        """As it was recorded."""
        return self.amount

    def unit(self, scope: Evaluation) -> str:
        """As it was recorded."""
        return self.measured_in

    def formula(self, named: Naming = str) -> str:
        """That of the other round in its own names; "" for a constant."""
        return self.live.formula(lambda name: named(self.prefix + name)) if self.live else ""

    def operands(self) -> tuple[Term, ...]:
        """None: what it was made of lies in the other round."""
        return ()


def recorded(earlier: Assessment, plan: Plan) -> Mapping[str, Figure]:
    """The plan's figures of the round before, by their ids behind "earlier.".

    What counts that round's rows is a constant here, where they are not; what follows from counts
    and criteria is a formula over them, unless figures were signed that its inputs no longer give.
    """
    found = {key: each for key, each in earlier.recorded.items() if _is_of_plan(each)}
    as_signed = all(each.value == earlier.figures[key].value for key, each in found.items())
    criteria = {CriterionTerm(key).name for key in plan.criteria if key in earlier.plan.criteria}
    known = found.keys() | criteria if as_signed else frozenset[str]()
    made = (_recorded(each, known, earlier.plan) for each in found.values())
    return {each.id: each for each in made}


def _is_of_plan(figure: Figure) -> bool:
    return figure.subject == "plan" and not figure.dimensions


def _recorded(figure: Figure, known: AbstractSet[str], plan: Plan) -> Figure:
    """The figure under its name here, and with a title that says of which round it is."""
    live = known >= {each.name for each in figure.term.operands()}
    value = Decimal(figure.value) if isinstance(figure.value, int) else figure.value
    th, en = (
        say("figure.of-earlier", lang, title=title, months=plan.round.months)
        for lang, title in (("th", figure.title_th), ("en", figure.title_en))
    )
    return replace(
        figure,
        id=f"{_BEFORE}.{figure.id}",
        term=Recorded(value, figure.unit, f"{_BEFORE}.", figure.term if live else None),
        title_th=th,
        title_en=en,
        taken={},
        dimensions={"round": Slice(_BEFORE, plan.name, plan.name)},
    )
