"""What the data mean: criteria in use, columns, figures, rules off, and what the report is not."""

from collections.abc import Iterator
from decimal import Decimal

from pipeline.messages import say
from pipeline.model import Criterion
from pipeline.report.cell_content import Cell, Value, one_line
from pipeline.report.labels import criterion_name
from pipeline.report.page import Page
from pipeline.report.writers import sheet
from schemas.kit.columns import Column
from schemas.kit.thai.dates import format_date

_LIMITS = ("evidence", "names", "hashes", "flags", "blanks", "claims", "loose")
_VALUE, _BEFORE = 1, 2


@sheet("glossary", turn=2)
def glossary_sheet(page: Page) -> None:
    """Write criteria, rules that are off, scope and limits, columns, figures."""
    page.columns(44, 34, 22, 26, 46, 46)
    page.title()
    _criteria(page)
    _rules(page)
    page.section("limits")
    for name in _LIMITS:
        page.line(page.say(f"limit.{name}"))
    _columns(page)
    _figures(page)


def _criteria(page: Page) -> None:
    """Every criterion as a named cell, with its source, its approver, and the round before."""
    page.section("criteria")
    page.line(page.say("criteria-note", sha256=page.book.plan.sha256), "note")
    page.heads(("criterion", "value", "before", "changed", "source", "approved"))
    for key, each in page.book.plan.criteria.items():
        row = page.row(list(_criterion(page, each)))
        page.book.define_cell(f"criteria.{key}", page.name, row, _VALUE)
        if page.book.plan.earlier and key in page.book.plan.earlier.criteria:
            page.book.define_cell(f"earlier.criteria.{key}", page.name, row, _BEFORE)


def _criterion(page: Page, criterion: Criterion) -> Iterator[Cell]:
    name, plan = criterion_name(criterion.key), page.book.plan
    yield name if name == criterion.key else f"{name}\n{criterion.key}"
    yield _number(criterion.value)
    before = plan.earlier.criteria.get(criterion.key) if plan.earlier else None
    yield _number(before.value) if before else None
    if plan.earlier is None:
        yield Value(page.say("no-earlier"), "text_center")
    else:
        changed = criterion.key in plan.changed_criteria
        yield Value(
            page.say("changed" if changed else "same"), "warn" if changed else "text_center"
        )
    yield criterion.source
    since = criterion.effective_from
    from_when = page.book.own(page.say("since", day=format_date(since))) if since else ""
    yield f"{criterion.approved_by}{from_when}"


def _number(value: Decimal) -> Value:
    """A whole criterion without decimals, another with two."""
    whole = value == value.to_integral_value()
    return Value(int(value), "count") if whole else Value(float(value), "rate")


def _rules(page: Page) -> None:
    """Rules switched off or on trial are named, also where there are none."""
    page.section("rules")
    for name, codes in (("off", page.book.plan.rules_off), ("beta", page.book.plan.rules_beta)):
        page.line(page.say(f"rules-{name}", codes=", ".join(codes) or page.say("none")))


def _columns(page: Page) -> None:
    """The data dictionary: every column of every form."""
    page.section("columns")
    for number, form in enumerate(page.book.plan.forms):
        about = form.about
        if number:
            page.block()
        of_form = page.say("form", sheet=about.sheet, title=about.title, version=about.version)
        page.line(of_form, "label")
        page.heads(("heading", "identifier", "kind", "filled", "help", "choices"))
        for column in form.columns:
            page.row(list(_column(column)))


def _column(column: Column) -> Iterator[Cell]:
    yield one_line(column.th)
    yield Value(column.identifier, "code")
    yield column.kind.th
    demanded = say(f"severity.{column.required.name}") if column.required else None
    filled = say("report.filled.derived" if column.derived else f"report.filled.{column.filled}")
    yield f"{filled}\n{say('report.when-blank', severity=demanded)}" if demanded else filled
    yield column.help_th
    yield "\n".join(column.choices)


def _figures(page: Page) -> None:
    page.section("figures")
    last = len(page.widths) - 1
    head = page.heads(("figure", "id", "unit", "sheet", "definition"), last=last)
    page.printed(repeat=head)
    for figure in page.book.assessment.figures.values():
        cells: list[Cell] = [figure.title_th, Value(figure.id, "code")]
        cells += [say(f"report.unit.{figure.unit}"), page.book.link_to(figure.id)]
        page.row_with_sentence(cells, figure.definition_th, last)
