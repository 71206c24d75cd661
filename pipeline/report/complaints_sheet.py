"""The sheet of complaints: by month and by kind."""

from pipeline.messages import say
from pipeline.report.cell_content import Cell, Charted, FigureCell
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_SUBJECT = "complaints"
_COUNTS = ("brought_forward", "received", "finished", "in_progress", "not_started")
_CHARTED = ("received", "finished")


@sheet("complaints")
def complaints_sheet(page: Page) -> None:
    """Write complaints by month and by kind."""
    page.columns(60, 24, 24, 30, 24, 24)
    page.title()
    page.printed()
    page.line(page.say("note"), "note")
    _table(page, "months", "month")
    page.left_out(f"{_SUBJECT}.received")
    _table(page, "kinds", "kind")


def _table(page: Page, name: str, dimension: str) -> None:
    """A line for each slice along a dimension, and all of them."""
    page.section(name)
    head = page.heads((name, *_COUNTS))
    parts = page.book.assessment.slices(dimension)
    for part in parts:
        page.row([page.book.own(part.th), *_figures(f"{_SUBJECT}.{part.code}")])
    page.row([say("report.total"), *_figures(_SUBJECT)], total=True)
    if parts:
        columns = [1 + _COUNTS.index(each) for each in _CHARTED]
        page.book.charted[name] = Charted(page.name, head, len(parts), columns)


def _figures(prefix: str) -> list[Cell]:
    return [FigureCell(f"{prefix}.{name}") for name in _COUNTS]
