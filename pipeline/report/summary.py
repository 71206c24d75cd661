"""The figures at a glance, with charts that Excel draws from the cells."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.chart import Chart

from pipeline.report.breakdowns import rest_of_figures
from pipeline.report.cells import Charted, Ref
from pipeline.report.page import Page
from pipeline.styles import CHART_FONT

_KEY_FIGURES = (
    "plan.score_pct",
    "plan.level",
    "plan.done_share_pct",
    "plan.registered",
    "plan.waiting",
    "submissions.completeness_pct",
    "submissions.due",
    "submissions.missing",
    "procurement.year.contracts",
    "procurement.year.agreed_baht",
    "complaints.received",
    "complaints.finished",
)
_MEASURE_FIGURES = ("obliged", "reported", "done", "completion_pct")
_COLOURS = ("#2F5D8A", "#7FA7C9", "#C55A11", "#A6A6A6", "#70AD47")
_CHART_ROWS, _CHART_ROW = 15, 22.0
_CHART_WIDTH, _CHART_HEIGHT = 700, 425


def summary_sheet(page: Page) -> None:
    """Write the key figures, the charts, the measures, and the figures of no other sheet."""
    page.columns(54, 66, 18, 26, 18, 18)
    page.title()
    page.printed()
    page.section("key")
    page.heads(("figure", "definition", "value", "home"))
    for name in _KEY_FIGURES:
        figure = page.book.figure(name)
        if figure is not None:
            page.row([figure.title_th, figure.definition_th, Ref(name), page.book.link_to(name)])
    page.gap()
    page.break_page()
    charts = page.at
    for _ in range(2 * _CHART_ROWS):
        page.height(_CHART_ROW)
    page.break_page()
    _measures(page)
    rest_of_figures(page)
    _charts(page, charts)


def _measures(page: Page) -> None:
    page.section("measures")
    head = page.heads(("measure", "title", *_MEASURE_FIGURES))
    measures = page.book.plan.measures
    for measure in measures:
        number = page.book.own(page.say("measure", number=measure.number))
        ids = [f"measures.{measure.number}.{name}" for name in _MEASURE_FIGURES]
        page.row([number, measure.title, *map(Ref, ids)])
    page.book.charted["measures"] = Charted(page.name, head, len(measures))


def _charts(page: Page, first: int) -> None:
    """Two by two: projects by dimension, measures, procurement by quarter, obligations."""
    second = first + _CHART_ROWS
    for name, (row, left) in {
        "dimensions": (first, True),
        "measures": (first, False),
        "quarters": (second, True),
        "states": (second, False),
    }.items():
        block, title = page.book.charted[name], page.say(f"chart.{name}")
        chart = _CHARTS[name](page, block)
        chart.set_title({"name": title, "name_font": _font(14, bold=True)})
        chart.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
        chart.set_chartarea({"border": {"color": "#BFBFBF"}})
        described = page.say("chart.described", title=title, sheet=block.sheet)
        offset = {"x_offset": 4, "y_offset": 4, "object_position": 2, "description": described}
        page.sheet.insert_chart(row, 0 if left else 1, chart, offset if left else _beside(offset))


def _beside(offset: Mapping[str, Any]) -> dict[str, Any]:
    """The right one begins where the left one ends, inside the second column."""
    return {**offset, "x_offset": _CHART_WIDTH - (54 * 7 + 5) + 20}


def _font(size: float = 12, *, bold: bool = False) -> dict[str, Any]:
    return {**CHART_FONT, "size": size, "bold": bold}


def _axes(page: Page, chart: Chart, value_title: str, **value_axis: Any) -> None:
    chart.set_x_axis({"num_font": _font(), "name_font": _font()})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    named = {"name": page.say(value_title), "name_font": _font(), "num_font": _font()}
    chart.set_y_axis({**named, "major_gridlines": grid, **value_axis})


def _series(block: Charted, columns: Sequence[int], *, labels: bool = True) -> list[dict[str, Any]]:
    """One series for each column of a block, named by its heading."""
    first, last = block.head + 1, block.head + block.rows
    made = []
    for number, column in enumerate(columns):
        one: dict[str, Any] = {
            "name": [block.sheet, block.head, column],
            "categories": [block.sheet, first, 0, last, 0],
            "values": [block.sheet, first, column, last, column],
            "fill": {"color": _COLOURS[number]},
            "gap": 60,
        }
        if labels:
            one["data_labels"] = {"value": True, "font": _font(11)}
        made.append(one)
    return made


def _dimensions(page: Page, block: Charted) -> Chart:
    chart = page.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for series in _series(block, (3, 4, 5, 6), labels=False):
        chart.add_series(series)
    _axes(page, chart, "chart.projects")
    chart.set_legend({"position": "bottom", "font": _font()})
    return chart


def _measures_chart(page: Page, block: Charted) -> Chart:
    return _bars(page, block, 5, most=112)


def _bars(page: Page, block: Charted, column: int, *, most: int | None = None) -> Chart:
    """Lying bars in the order of the table; each says its value, so the axis is left out."""
    chart = page.book.workbook.add_chart({"type": "bar"})
    for series in _series(block, (column,)):
        chart.add_series(series)
    hidden = {"visible": False, "min": 0, "num_font": _font(), "name_font": _font()}
    chart.set_x_axis({**hidden, "max": most, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"num_font": _font(), "name_font": _font(), "reverse": True})
    chart.set_legend({"none": True})
    return chart


def _quarters(page: Page, block: Charted) -> Chart:
    chart = page.book.workbook.add_chart({"type": "column"})
    for series in _series(block, (3,)):
        chart.add_series(series)
    _axes(page, chart, "chart.baht", num_format="#,##0")
    chart.set_legend({"none": True})
    return chart


def _states(page: Page, block: Charted) -> Chart:
    return _bars(page, block, 1)


_CHARTS = {
    "dimensions": _dimensions,
    "measures": _measures_chart,
    "quarters": _quarters,
    "states": _states,
}
