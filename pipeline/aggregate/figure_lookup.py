"""The figures that a text may be about: of all, of the earlier round, or of one division."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.aggregate.declared import compute
from pipeline.aggregate.figures import others
from pipeline.aggregate.terms import Count, Evaluation, Where
from pipeline.model import Division, Figure, FormState, Plan, ReadRound

_SETTLED = (FormState.COUNTS, FormState.NIL)
Known = Callable[[str], Figure | None]


def by_name(figure: Figure | None) -> Figure | None:
    """The figure as another cell of the workbook speaks of it."""
    return None if figure is None else replace(figure, formula=figure.id)


def own_figures(plan: Plan, reading: ReadRound, scope: Evaluation) -> Callable[[str], Known]:
    """The figures of a division's own rows, of the forms that it has sent or confirmed as none."""
    divisions = {each.name: each.division for each in reading.submissions}
    sent: set[tuple[str | None, str]] = {
        (each.division, each.form) for each in reading.form_outcomes if each.state in _SETTLED
    }
    made: dict[str, Mapping[str, Figure]] = {}

    def of(code: str) -> Known:
        if code not in made:
            made[code] = _within(plan.division(code), scope, divisions, sent)
        return made[code].get

    return of


def _within(
    division: Division,
    scope: Evaluation,
    divisions: Mapping[str, str | None],
    sent: set[tuple[str | None, str]],
) -> Mapping[str, Figure]:
    here = Where("division", division.code, shown=division.name)
    counts = [(each, each.term) for each in others()]
    mine = [
        replace(each, term=replace(term, where=(*term.where, here)))
        for each, term in counts
        if isinstance(term, Count) and (division.code, term.frame) in sent
    ]
    frames = {
        name: frame.assign(division=frame["submission"].map(divisions).astype("string"))
        for name, frame in scope.frames.items()
        if (division.code, name) in sent
    }
    return compute(mine, Evaluation(frames, scope.criteria, {}))


def added_up(name: str, known: Known) -> Figure | None:
    """The figure of that name, or the sum of those joined with +; None where one has no value."""
    parts = [known(each) for each in name.split("+")]
    there = [each for each in parts if each is not None and each.value is not None]
    if len(there) < len(parts):
        return None
    first, *more = there
    for each in more:
        first = replace(
            first,
            title_th=f"{first.title_th} + {each.title_th}",
            title_en=f"{first.title_en} + {each.title_en}",
            value=Decimal(str(first.value)) + Decimal(str(each.value)),
            formula=f"{first.formula}+{each.formula}",
        )
    return first
