"""The figures that a text may be about: of all, of the earlier round, or of one division."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.aggregate.declared import DIVISION, compute
from pipeline.aggregate.figures import others
from pipeline.model import Division, Figure, FormState, Plan, ReadRound
from pipeline.model.conditions import Where
from pipeline.model.terms import Count, Evaluation, FigureTerm, Linear

_SETTLED = (FormState.COUNTS, FormState.NIL)
Known = Callable[[str], Figure | None]


def by_name(figure: Figure | None) -> Figure | None:
    """The figure as another cell of the workbook speaks of it."""
    return None if figure is None else replace(figure, term=FigureTerm(figure.id))


def own_figures(plan: Plan, reading: ReadRound, scope: Evaluation) -> Callable[[str], Known]:
    """The figures of a division's own rows, of the forms that it has sent or confirmed as none."""
    divisions = {each.name: each.division for each in reading.submissions}
    sent: set[tuple[str | None, str]] = {
        (each.division, each.form) for each in reading.form_outcomes if each.state in _SETTLED
    }
    made: dict[str, Mapping[str, Figure]] = {}

    def of(code: str) -> Known:
        if code not in made:
            made[code] = _within(plan, plan.division(code), scope, divisions, sent)
        return made[code].get

    return of


def _within(
    plan: Plan,
    division: Division,
    scope: Evaluation,
    divisions: Mapping[str, str | None],
    sent: set[tuple[str | None, str]],
) -> Mapping[str, Figure]:
    here = Where(DIVISION, division.code, shown=division.name)
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
    return compute(mine, Evaluation(frames, scope.criteria, {}), plan.forms)


def added_up(name: str, known: Known) -> Figure | None:
    """The figure of that name, or the sum of those joined with +; None where one has no value."""
    parts = [known(each) for each in name.split("+")]
    there = [each for each in parts if each is not None and each.value is not None]
    if len(there) < len(parts):
        return None
    if len(there) < 2:
        return next(iter(there), None)
    return replace(
        there[0],
        title_th=" + ".join(each.title_th for each in there),
        title_en=" + ".join(each.title_en for each in there),
        value=sum((Decimal(str(each.value)) for each in there), Decimal(0)),
        term=Linear(tuple((1, each.term) for each in there)),
        taken={leaf: rows for each in there for leaf, rows in each.taken.items()},
    )
