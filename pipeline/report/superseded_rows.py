"""The rows that were read of forms which do not count, and why: no data sheet holds them."""

from collections.abc import Iterator

from pipeline.messages import say
from pipeline.model import FormOutcome, FormState
from pipeline.report.cell_content import Live, Value
from pipeline.report.page import Page
from schemas.kit.thai.dates import format_month

_UNUSED = (FormState.SUPERSEDED, FormState.WAITING, FormState.EXCLUDED)
_COUNT = 2


def unused_block(page: Page) -> None:
    """A line for each form of a file whose rows were read and are not used, then their sum."""
    page.section("unused")
    page.line(page.say("unused-note"), "note")
    form_outcomes = list(_unused(page))
    if not form_outcomes:
        page.line(page.say("nothing-unused"))
        return
    last = len(page.widths) - 1
    head = page.heads(("form", "file", "read", "why"), last=last)
    for form_outcome in form_outcomes:
        cells = (
            _form(page, form_outcome),
            form_outcome.submission,
            Value(form_outcome.rows, "count"),
        )
        page.row_with_sentence(cells, _why(form_outcome), last)
    summed = page.range_of(head + 1, page.at - 1, _COUNT)
    total = Live(f"SUM({summed})", sum(each.rows for each in form_outcomes), "count")
    page.row([say("report.total"), None, total], total=True)


def _unused(page: Page) -> Iterator[FormOutcome]:
    for form_outcome in page.book.assessment.form_outcomes:
        if form_outcome.state in _UNUSED and form_outcome.rows:
            yield form_outcome


def _form(page: Page, form_outcome: FormOutcome) -> str:
    name = page.book.plan.form(form_outcome.form).about.sheet
    month = page.book.own(format_month(form_outcome.month)) if form_outcome.month else ""
    return f"{name} {month}".strip()


def _why(form_outcome: FormOutcome) -> str:
    if form_outcome.state is FormState.SUPERSEDED:
        return say("trace.superseded", by=form_outcome.by)
    return say(f"ignored.{form_outcome.reason or 'left-out'}")
