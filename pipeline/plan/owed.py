"""What each division owes in a round: forms, months of them, and overviews of measures."""

from collections.abc import Iterator
from datetime import datetime

from pipeline.model import Division, Obligation, Plan
from schemas.kit.form import FormSpec, Overview

ALL = "ALL"


def obligations(plan: Plan) -> tuple[Obligation, ...]:
    """Everything owed: division × form (× month), and each shared measure's overview."""
    owed = [each for division in plan.divisions for each in _of_division(division, plan)]
    shared = [m for m in plan.measures if m.owner == ALL and plan.round.months in m.rounds]
    overview = next((form.name for form in plan.forms if form.has(Overview)), None)
    if overview is not None:
        due = plan.summary_due
        owed += [Obligation(m.coordinator, overview, None, due, m.number) for m in shared]
    return tuple(owed)


def _of_division(division: Division, plan: Plan) -> Iterator[Obligation]:
    for form in plan.forms:
        if form.name not in division.forms or form.name in division.exempt:
            continue
        due = _due(division.code, form.name, plan)
        now = _is_due(form, division.forms[form.name], plan)
        months = plan.round.months_list if form.about.monthly == "parts" else (None,)
        for month in months:
            yield Obligation(division.code, form.name, month, due, in_this_round=now)


def _is_due(form: FormSpec, measures: tuple[int, ...], plan: Plan) -> bool:
    months = plan.round.months
    wanted = not measures or any(months in plan.measure(number).rounds for number in measures)
    return wanted and months in form.about.rounds


def _due(division: str, form: str, plan: Plan) -> datetime:
    granted = [e.due for e in plan.extensions if e.division == division and e.form in ("", form)]
    return max([plan.due, *granted])
