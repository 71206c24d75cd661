"""The clerk's guide: one printed page for each form, made of what the form itself says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.model import Obligation, Plan
from pipeline.plan import obligations
from pipeline.styles import print_setup, write_text
from pipeline.template.limits import demand_of, expected_in, one_line
from pipeline.template.template_look import OPTIONS, TemplateLook
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec, Rule
from schemas.kit.thai.dates import format_date, format_time

_WIDTHS = (26.0, 22.0, 38.0, 24.0)
_MANY, _WIDER = 12, 1.25  # so many columns fill a page: shorter and wider it shrinks less
_HEADINGS = ("heading", "demand", "what", "example")
_FEW = 2  # so many measures are named by their titles
_FAULTS = ("faults", "fault-wrong", "fault-right")


def guide(plan: Plan) -> bytes:
    """The guide to the forms of a round, as the bytes of a workbook: a sheet and a page each."""
    target = BytesIO()
    book = Workbook(target, dict(OPTIONS))
    look = TemplateLook(book)
    owed_now = [each for each in obligations(plan) if each.in_this_round]
    for form in guide_forms(plan):
        owed = [each for each in owed_now if each.form == form.name]
        # Under a form's own title the guide, sent back by mistake, would be read as a form.
        sheet = book.add_worksheet(say("guide.sheet", sheet=form.about.sheet))
        _Page(sheet, look, form, plan).write(owed)
    created = datetime.combine(plan.round.end, time())
    book.set_properties({"title": say("guide.title", title=plan.name), "created": created})
    book.close()
    return target.getvalue()


def guide_forms(plan: Plan) -> list[FormSpec]:
    """The forms that a clerk may have to fill in in this round: the cover and what is owed."""
    names = {each.form for each in obligations(plan) if each.in_this_round}
    return [form for form in plan.forms if form.is_cover or form.name in names]


@dataclass
class _Page:
    """The page of one form, written from the top; `row` is the next free one."""

    sheet: Worksheet
    look: TemplateLook
    form: FormSpec
    plan: Plan
    row: int = 0

    def write(self, owed: Sequence[Obligation]) -> None:
        """Write what the form is for, who owes it and when, its columns, and common faults."""
        print_setup(self.sheet, footer=say("template.page"))
        self.sheet.set_portrait()
        self.sheet.fit_to_pages(1, 1)
        self.sheet.hide_gridlines(2)
        for number, width in enumerate(self._widths):
            self.sheet.set_column(number, number, width)
        title = say("guide.title", title=self.form.about.title)
        self.sheet.write_string(0, 0, title, self.look.title)
        self.sheet.set_row(0, self.look.title_height)
        self.row = 1
        for text in _form_texts(self.form, owed, self.plan):
            last = len(_WIDTHS) - 1
            self.sheet.merge_range(self.row, 0, self.row, last, text, self.look.instruction)
            self._next([(text, sum(self._widths))])
        self.row += 1
        self._columns()
        self._faults()

    @property
    def _widths(self) -> list[float]:
        factor = _WIDER if len(self.form.table_columns) > _MANY else 1
        return [width * factor for width in _WIDTHS]

    def _next(self, cells: Sequence[tuple[str, float]]) -> None:
        self.sheet.set_row(self.row, self.look.text_height(cells) or self.look.line_height)
        self.row += 1

    def _columns(self) -> None:
        self._line([say(f"guide.{name}") for name in _HEADINGS], [self.look.check("heading")] * 4)
        plain = self.look.check("text")
        for column in (*self.form.labelled_columns, *self.form.table_columns):
            texts = [one_line(column.th), *_column_texts(self.form, column, self.plan)]
            self._line(texts, [self.look.label(column), plain, plain, plain])

    def _line(self, texts: Sequence[str], looks: Sequence[Format]) -> None:
        for number, (text, look) in enumerate(zip(texts, looks, strict=True)):
            write_text(self.sheet, self.row, number, text, look)
        self._next(list(zip(texts, self._widths, strict=True)))

    def _faults(self) -> None:
        """What the rules find, each with its own examples; nothing where the form has none."""
        rules = [rule for rule in self.form.rules if rule.code not in self.plan.rules_off]
        if not rules:
            return
        self.row += 1
        self._fault([say(f"guide.{name}") for name in _FAULTS], self.look.check("heading"))
        for rule in rules:
            self._fault(_fault_texts(self.form, rule), self.look.check("text"))

    def _fault(self, texts: Sequence[str], look: Format) -> None:
        """A sentence across two columns, and two examples."""
        sentence, *examples = texts
        self.sheet.merge_range(self.row, 0, self.row, 1, "", look)
        for number, text in zip((0, 2, 3), (sentence, *examples), strict=True):
            write_text(self.sheet, self.row, number, text, look)
        first, second, *others = self._widths
        self._next(list(zip(texts, (first + second, *others), strict=True)))


# --- its texts: all of them are the form's own --------------------------------------------------


def _form_texts(form: FormSpec, owed: Sequence[Obligation], plan: Plan) -> Iterator[str]:
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
    yield _how_to_fill(form, plan)
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
    places = {"months": plan.round.months, "year": plan.round.fiscal_year.be}
    yield _dated("guide.when", plan.due, **places)
    if form.about.monthly:
        yield say("guide.monthly")
    if len(form.about.rounds) == 1:
        yield say("guide.only", months=form.about.rounds[0])


def _dated(key: str, due: datetime, **places: object) -> str:
    day, at = format_date(due.date(), "weekday"), format_time(due.time())
    return say(key, day=day, time=at, **places)


def _how_to_fill(form: FormSpec, plan: Plan) -> str:
    if form.about.carried and plan.earlier is not None:
        return say("template.help-carried", months=plan.earlier.round.months)
    return say("template.help-lines" if form.about.lines else "template.help-open")


def _nil(form: FormSpec, plan: Plan) -> str:
    if form.about.lines == "measures":
        return say("guide.nil-never")
    key = "guide.nil-monthly" if form.about.monthly else "guide.nil"
    return say(key, tick=one_line(plan.nil_tick.th), cover=plan.cover.about.sheet)


def _column_texts(form: FormSpec, column: Column, plan: Plan) -> tuple[str, str, str]:
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
        yield f"({expected_in(column, plan)})"


def _fault_texts(form: FormSpec, rule: Rule) -> list[str]:
    """What a rule finds, and its two examples: what it finds, and what it does not."""
    blank = say("screen.nothing-typed")
    examples = (form.as_typed(row, "th", blank) for row in (rule.breaks, rule.holds))
    return [form.named(rule.th, "th"), *examples]
