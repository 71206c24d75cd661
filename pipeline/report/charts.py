"""Charts that Excel draws from cells of the report: what each shows, and how it looks."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from xlsxwriter.chart import Chart

from pipeline.report.cell_content import Charted
from pipeline.report.page import Page
from pipeline.styles import CHART_FONT

_COLOURS = ("#2F5D8A", "#7FA7C9", "#C55A11", "#A6A6A6", "#70AD47", "#8064A2", "#BF9000")
_ROWS, _ROW = 15, 18.0
_WIDTH, _HEIGHT = 700, 345
_EDGE = 4
_PLACE = {"x_offset": _EDGE, "y_offset": _EDGE, "object_position": 2}


def leave_room(page: Page) -> int:
    """Leave rows for all charts, two by two; gives the first of them."""
    first = page.at
    for _ in range(-(-len(_CHARTS) // 2)):
        page.block()
        for _ in range(_ROWS):
            page.height(_ROW)
    page.block()
    return first


def draw(page: Page, first: int) -> None:
    """Draw into the rows left for them the charts whose cells are written by now."""
    drawn = [name for name in _CHARTS if name in page.book.charted]
    for number, name in enumerate(drawn):
        _draw(page, name, first + number // 2 * _ROWS, left=number % 2 == 0)


def _draw(page: Page, name: str, row: int, *, left: bool) -> None:
    block, title = page.book.charted[name], page.say(f"chart.{name}")
    chart = _CHARTS[name](page, block)
    chart.set_title({"name": title, "name_font": _font(14, bold=True)})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    chart.set_chartarea({"border": {"color": "#BFBFBF"}})
    described = page.say("chart.described", title=title, sheet=block.sheet)
    place: dict[str, Any] = {**_PLACE, "description": described}
    if not left:
        place["x_offset"] = _WIDTH - (page.widths[0] * 7 + 5) + 5 * _EDGE
    page.sheet.insert_chart(row, 0 if left else 1, chart, place)


def _by_column(block: Charted) -> Iterator[dict[str, Any]]:
    """One series for each column that is drawn, named by its heading."""
    first, last = block.head + 1, block.head + block.rows
    for column in block.columns:
        yield {
            "name": [block.sheet, block.head, column],
            "categories": [block.sheet, first, 0, last, 0],
            "values": [block.sheet, first, column, last, column],
        }


def _by_row(block: Charted) -> Iterator[dict[str, Any]]:
    """One series for each row of a block, named by its label."""
    columns = (block.columns[0], block.columns[-1])
    for row in range(block.head + 1, block.head + block.rows + 1):
        yield {
            "name": [block.sheet, row, 0],
            "categories": [block.sheet, block.head, columns[0], block.head, columns[1]],
            "values": [block.sheet, row, columns[0], row, columns[1]],
        }


def _columns(
    page: Page,
    block: Charted,
    *,
    unit: str,
    series_of: Callable[[Charted], Iterator[dict[str, Any]]] = _by_column,
    stacked: bool = False,
    labelled: bool = True,
) -> Chart:
    """Standing columns, a colour for each series; a value of zero bears no label."""
    kind = {"type": "column", "subtype": "stacked"} if stacked else {"type": "column"}
    chart = page.book.workbook.add_chart(kind)
    count = page.book.styles.number_formats["count"]
    labels = {"value": True, "font": _font(11), "num_format": f"{count};;"}
    for number, one in enumerate(series_of(block)):
        colour = _COLOURS[number % len(_COLOURS)]
        shown = {"data_labels": _on_colour(labels, colour, stacked=stacked)} if labelled else {}
        chart.add_series({**one, "fill": {"color": colour}, "gap": 60, **shown})
    chart.set_x_axis({"num_font": _font(), "name_font": _font()})
    title = {"name": page.say(f"chart.{unit}"), "name_font": _font(), "num_font": _font()}
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_y_axis({**title, "num_format": count, "major_gridlines": grid, "min": 0})
    chart.set_legend({"position": "bottom", "font": _font()})
    return chart


def _on_colour(labels: Mapping[str, Any], colour: str, *, stacked: bool) -> Mapping[str, Any]:
    """Labels that are read where they stand: white inside a dark column."""
    dark = stacked and colour in (_COLOURS[0], _COLOURS[2])
    return {**labels, "font": {**_font(11), "color": "#FFFFFF"}} if dark else labels


def _bars(page: Page, block: Charted, *, most: int | None = None) -> Chart:
    """Lying bars in the order of the table; each says its value, so the axis is left out."""
    chart = page.book.workbook.add_chart({"type": "bar"})
    for one in _by_column(block):
        labels = {"value": True, "font": _font(11)}
        chart.add_series({**one, "fill": {"color": _COLOURS[0]}, "gap": 60, "data_labels": labels})
    hidden = {"visible": False, "min": 0, "num_font": _font(), "name_font": _font()}
    chart.set_x_axis({**hidden, "max": most, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"num_font": _font(), "name_font": _font(), "reverse": True})
    chart.set_legend({"none": True})
    return chart


def _font(size: float = 12, *, bold: bool = False) -> dict[str, Any]:
    return {**CHART_FONT, "size": size, "bold": bold}


# What each chart shows.
_CHARTS: Mapping[str, Callable[[Page, Charted], Chart]] = {
    "rounds": partial(_columns, unit="projects"),
    "dimensions": partial(_columns, unit="projects", stacked=True),
    "measures": partial(_bars, most=112),
    "states": _bars,
    "quarters": partial(_columns, unit="baht", series_of=_by_row, stacked=True, labelled=False),
    "months": partial(_columns, unit="complaints"),
}
