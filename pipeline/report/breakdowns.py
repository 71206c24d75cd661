"""The sheets that break figures down: procurement by quarter, method and vendor; complaints."""

import re
from collections.abc import Iterable, Sequence

from pipeline.messages import say
from pipeline.report.cell_content import Cell, Charted, FigureCell, label_of
from pipeline.report.page import Page

_BUYING = "procurement."
_PERIODS = ("quarter_1", "quarter_2", "quarter_3", "quarter_4", "unknown", "year")
_SUMS = (
    "contracts",
    "budget_baht",
    "agreed_baht",
    "reference_compared_baht",
    "agreed_compared_baht",
    "saving_pct",
)
_CHARTED = "agreed_baht"
_COMPLAINTS = ("brought_forward", "received", "finished", "in_progress", "not_started")
_COMPLAINED = "complaints."
_BALANCED = ("rows.", "balance.")


def buying_sheet(page: Page) -> None:
    """Write procurement by quarter, by quarter and method, and by vendor."""
    methods = numbered(page, f"{_BUYING}year.method_")
    page.columns(40, *[20] * max(len(_PERIODS), 3 + len(methods)))
    page.title()
    page.printed()
    page.line(page.say("note"), "note")
    _quarters(page)
    page.left_out(f"{_BUYING}year.contracts")
    for what in ("contracts", _CHARTED):
        _methods(page, what)
    _vendors(page)


def _quarters(page: Page) -> None:
    page.section("quarters")
    page.heads(("period", *_SUMS))
    for period in _PERIODS:
        label = _label(page, f"{_BUYING}{period}.contracts")
        figures = [FigureCell(f"{_BUYING}{period}.{name}") for name in _SUMS]
        page.row([label, *figures], total=period == "year")


def _label(page: Page, figure_id: str) -> str:
    figure = page.book.figure(figure_id)
    return page.book.own(label_of(figure)) if figure else ""


def _methods(page: Page, what: str) -> None:
    """One line a method that occurs, one column a quarter; the last line adds them up."""
    page.section(f"methods-{what}")
    periods = [_label(page, f"{_BUYING}{period}.contracts") for period in _PERIODS]
    head = page.headings([page.say("head.method"), *periods])
    prefixes = numbered(page, f"{_BUYING}year.method_")
    for prefix in prefixes:
        method = prefix.rpartition(".")[2]
        page.row(
            [
                _method(page, prefix),
                *(FigureCell(f"{_BUYING}{period}.{method}.{what}") for period in _PERIODS),
            ]
        )
    total = [FigureCell(f"{_BUYING}{period}.{what}") for period in _PERIODS]
    page.row([say("report.total"), *total], total=True)
    if not prefixes:
        page.line(page.say("none"), "note")
    if prefixes and what == _CHARTED:
        page.book.charted["quarters"] = Charted(page.name, head, len(prefixes))


def _method(page: Page, prefix: str) -> str:
    """The method that the figures below a prefix are about."""
    label = _label(page, f"{prefix}.contracts")
    return label.removeprefix(say("figure.of.year")).strip()


def _vendors(page: Page) -> None:
    page.section("vendors")
    methods = numbered(page, f"{_BUYING}year.method_")
    names = ["contracts", "agreed_baht", "share_pct"]
    headings = [page.say(f"head.{name}") for name in ("vendor", *names)]
    headings += [page.say("by-method", method=_method(page, prefix)) for prefix in methods]
    page.headings(headings)
    names += [prefix.rpartition(".")[2] for prefix in methods]
    prefixes = numbered(page, f"{_BUYING}vendor_")
    for prefix in prefixes:
        figure = page.book.assessment.figures[f"{prefix}.contracts"]
        page.row([label_of(figure), *(FigureCell(f"{prefix}.{name}") for name in names)])
    if not prefixes:
        page.line(page.say("none"), "note")
        return
    wholes: list[Cell] = [FigureCell(f"{_BUYING}year.{name}") for name in ("contracts", _CHARTED)]
    by_method = (FigureCell(f"{prefix}.contracts") for prefix in methods)
    page.row([say("report.total"), *wholes, None, *by_method], total=True)


def numbered(page: Page, prefix: str) -> list[str]:
    """The groups of figures that are told apart by a number behind a prefix, in its order."""
    pattern = re.compile(re.escape(prefix) + "([0-9]+)[.]")
    found = {m[1] for m in map(pattern.match, page.book.assessment.figures) if m}
    return [f"{prefix}{number}" for number in sorted(found, key=int)]


def complaints_sheet(page: Page) -> None:
    """Write complaints by month and by kind."""
    page.columns(60, 24, 24, 30, 24, 24)
    page.title()
    page.printed()
    page.line(page.say("note"), "note")
    _complaints(page, "months", numbered(page, f"{_COMPLAINED}month_"))
    page.left_out(f"{_COMPLAINED}received")
    _complaints(page, "kinds", numbered(page, f"{_COMPLAINED}kind_"))


def _complaints(page: Page, name: str, prefixes: Sequence[str]) -> None:
    page.section(name)
    head = page.heads((f"{name}", *_COMPLAINTS))
    for prefix in prefixes:
        page.row([_label(page, f"{prefix}.received"), *_figures(prefix)])
    page.row([say("report.total"), *_figures(_COMPLAINED.rstrip("."))], total=True)
    if prefixes:
        page.book.charted[name] = Charted(page.name, head, len(prefixes))


def _figures(prefix: str) -> Iterable[Cell]:
    return [FigureCell(f"{prefix}.{name}") for name in _COMPLAINTS]


def rest_of_figures(page: Page) -> None:
    """Every figure that no other sheet prints, so that each has a place and a name."""
    figures = page.book.assessment.figures
    elsewhere = {key for key in figures if key in page.book.homes or key.startswith(_BALANCED)}
    homeless = [figure for key, figure in figures.items() if key not in elsewhere]
    if not homeless:
        return
    page.section("others")
    page.heads(("figure", "definition", "value"))
    for figure in homeless:
        page.row([figure.title_th, figure.definition_th, FigureCell(figure.id)])
