"""The sheet of procurement: by quarter, by quarter and method, and by vendor."""

from pipeline.messages import say
from pipeline.report.cell_content import Cell, Charted, FigureCell
from pipeline.report.page import Page
from pipeline.report.writers import sheet

_YEAR = "procurement.year"
_SUMS = (
    "contracts",
    "budget_baht",
    "agreed_baht",
    "reference_compared_baht",
    "agreed_compared_baht",
    "saving_pct",
)
_CHARTED = "agreed_baht"
_BY_VENDOR = ("contracts", "agreed_baht", "share_pct")


@sheet("buying")
def buying_sheet(page: Page) -> None:
    """Write procurement by quarter, by quarter and method, and by vendor."""
    methods, periods = page.book.assessment.slices("method"), page.book.assessment.slices("period")
    page.columns(40, *[20] * max(len(periods), len(_BY_VENDOR) + len(methods)))
    page.title()
    page.printed()
    page.line(page.say("note"), "note")
    _quarters(page)
    page.left_out(f"{_YEAR}.contracts")
    for what in ("contracts", _CHARTED):
        _methods(page, what)
    _vendors(page)


def _quarters(page: Page) -> None:
    page.section("quarters")
    page.heads(("period", *_SUMS))
    for period in page.book.assessment.slices("period"):
        figures = [FigureCell(f"procurement.{period.code}.{name}") for name in _SUMS]
        page.row([page.book.own(period.th), *figures], total=period.is_whole)


def _methods(page: Page, what: str) -> None:
    """One line a method that occurs, one column a quarter; the last line adds them up."""
    page.section(f"methods-{what}")
    methods, periods = page.book.assessment.slices("method"), page.book.assessment.slices("period")
    names = [page.book.own(period.th) for period in periods]
    head = page.headings([page.say("head.method"), *names])
    for method in methods:
        codes = (f"{period.code}.{method.code}" for period in periods)
        cells = (FigureCell(f"procurement.{code}.{what}") for code in codes)
        page.row([page.book.own(method.th), *cells])
    total = [FigureCell(f"procurement.{period.code}.{what}") for period in periods]
    page.row([say("report.total"), *total], total=True)
    if not methods:
        page.line(page.say("none"), "note")
    if methods and what == _CHARTED:
        parts = range(1, len(periods))
        page.book.charted["quarters"] = Charted(page.name, head, len(methods), parts)


def _vendors(page: Page) -> None:
    page.section("vendors")
    methods, vendors = page.book.assessment.slices("method"), page.book.assessment.slices("vendor")
    headings = [page.say(f"head.{name}") for name in ("vendor", *_BY_VENDOR)]
    headings += [page.say("by-method", method=page.book.own(each.th)) for each in methods]
    page.headings(headings)
    names = [*_BY_VENDOR, *(method.code for method in methods)]
    for vendor in vendors:
        page.row([vendor.th, *(FigureCell(f"procurement.{vendor.code}.{name}") for name in names)])
    if not vendors:
        page.line(page.say("none"), "note")
        return
    wholes: list[Cell] = [FigureCell(f"{_YEAR}.{name}") for name in ("contracts", _CHARTED)]
    by_method = (FigureCell(f"{_YEAR}.{method.code}.contracts") for method in methods)
    page.row([say("report.total"), *wholes, None, *by_method], total=True)
