"""What the clerk's guide says of a form, a column and a rule: all of it is the form's own."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.messages import say
from pipeline.model import Obligation, Plan
from pipeline.template.limits import demand_of, kind_said, one_line
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec, Rule
from schemas.kit.thai.dates import format_date, format_time

_FEW = 2  # so many measures are named by their titles


def form_said(form: FormSpec, owed: Sequence[Obligation], plan: Plan) -> Iterator[str]:
    """What the form is for, who owes it and when, and what to do where there is nothing."""
    if form.is_cover:
        yield say("guide.for-all")
        return
    yield from _purpose(form, plan)
    yield say("guide.who", divisions=", ".join(_owners(owed, plan)))
    yield " · ".join(_times(form, plan))
    for each in owed:
        if each.measure is not None:
            name = plan.division(each.division).name
            yield _dated("guide.overview", each.due, number=each.measure, division=name)
    yield _rows_said(form, plan)
    yield _nil(form, plan)


def _purpose(form: FormSpec, plan: Plan) -> Iterator[str]:
    numbers = form.about.measures
    if len(numbers) > _FEW:
        yield say("guide.for-measures", numbers=", ".join(map(str, numbers)))
        return
    for measure in plan.measures:
        if measure.number in numbers:
            title = one_line(measure.title)
            yield say("guide.for-measure", number=measure.number, title=title)


def _owners(owed: Sequence[Obligation], plan: Plan) -> list[str]:
    """The divisions by name; those that everything for all is asked of are one word."""
    codes = dict.fromkeys(each.division for each in owed if each.measure is None)
    everyone = set(plan.obliged_to_all)
    if not everyone <= codes.keys():
        return [plan.division(code).name for code in codes]
    others = [plan.division(code).name for code in codes if code not in everyone]
    return [say("guide.everyone"), *others]


def _times(form: FormSpec, plan: Plan) -> Iterator[str]:
    named = {"months": plan.round.months, "year": plan.round.fiscal_year.be}
    yield _dated("guide.when", plan.due, **named)
    if form.about.monthly:
        yield say("guide.monthly")
    if len(form.about.rounds) == 1:
        yield say("guide.only", months=form.about.rounds[0])


def _dated(key: str, due: datetime, **named: object) -> str:
    day, at = format_date(due.date(), "weekday"), format_time(due.time())
    return say(key, day=day, time=at, **named)


def _rows_said(form: FormSpec, plan: Plan) -> str:
    if form.about.carried and plan.earlier is not None:
        return say("template.help-carried", months=plan.earlier.round.months)
    return say("template.help-lines" if form.about.lines else "template.help-open")


def _nil(form: FormSpec, plan: Plan) -> str:
    if form.about.lines == "measures":
        return say("guide.nil-never")
    key = "guide.nil-monthly" if form.about.monthly else "guide.nil"
    return say(key, tick=one_line(plan.nil_tick.th), cover=plan.cover.about.sheet)


def column_said(form: FormSpec, column: Column, plan: Plan) -> tuple[str, str, str]:
    """Whether it must be filled, what to write, and an example."""
    if column.filled in (Filled.CONFIGURED, Filled.FORMULA):
        key = "guide.given" if column.filled is Filled.CONFIGURED else "template.computed"
        return say(key), "", ""
    demand = demand_of(form, column) or say("guide.optional")
    what = " ".join(_to_write(column, plan)) or say("guide.free")
    return demand, what, column.example_in(plan.round.fiscal_year.be)


def _to_write(column: Column, plan: Plan) -> Iterator[str]:
    help_th = "" if column.help_th == ", ".join(column.choices) else column.help_th
    if help_th:
        yield help_th
    if any(choice not in help_th for choice in column.choices):
        yield say("guide.choices", choices=" · ".join(column.choices))
    if column.within:
        yield f"({kind_said(column, plan)})"


def fault_said(form: FormSpec, rule: Rule) -> list[str]:
    """What a rule finds, and its two examples: what it finds, and what it does not."""
    blank = say("screen.nothing-typed")
    examples = (form.as_typed(row, "th", blank) for row in (rule.breaks, rule.holds))
    return [form.named(rule.th, "th"), *examples]
