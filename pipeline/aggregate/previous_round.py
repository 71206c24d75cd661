"""The figures of the round before as it recorded them, beside those of this round."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.messages import say
from pipeline.model import Assessment, Figure, Plan, names_in, renamed

_BEFORE = "earlier."
_PLAN, _CRITERIA = "plan.", "criteria."


def recorded(earlier: Assessment, plan: Plan) -> Mapping[str, Figure]:
    """The plan's figures of the round before, by their ids behind "earlier.".

    What counts that round's rows is a constant here, where they are not; what follows from counts
    and criteria is a formula over them, unless figures were signed that its inputs no longer give.
    """
    found = {key: each for key, each in earlier.recorded.items() if _is_plan(key)}
    as_signed = all(each.value == earlier.figures[key].value for key, each in found.items())
    criteria = {key for key in plan.criteria if key in earlier.plan.criteria}
    known = {*found, *(f"{_CRITERIA}{key}" for key in criteria)} if as_signed else set()
    months = earlier.plan.round.months
    return {f"{_BEFORE}{key}": _recorded(each, known, months) for key, each in found.items()}


def _is_plan(key: str) -> bool:
    return key.startswith(_PLAN) and key.count(".") == 1


def _recorded(figure: Figure, known: set[str], months: int) -> Figure:
    """The figure under its name here, and with a title that says of which round it is."""
    names = names_in(figure.formula)
    live = names and known.issuperset(names)
    formula = renamed(figure.formula, f"{_BEFORE}{{}}".format) if live else ""
    th, en = (
        say("figure.of-earlier", lang, title=title, months=months)
        for lang, title in (("th", figure.title_th), ("en", figure.title_en))
    )
    named = replace(figure, id=f"{_BEFORE}{figure.id}", title_th=th, title_en=en)
    return replace(named, formula=formula, rows=())
