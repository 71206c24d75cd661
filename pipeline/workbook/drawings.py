"""Shapes with a text that are drawn over the cells of a sheet: they say what no cell holds."""

from collections.abc import Iterator

from pipeline.workbook.addresses import LAST_COLUMN, LAST_ROW
from pipeline.workbook.grid import TextBox
from pipeline.workbook.package import Package
from pipeline.workbook.tree import Branch, read_tree, whole_number

_ANCHORS = ("xdr:twoCellAnchor", "xdr:oneCellAnchor")


def read_boxes(package: Package, part: str) -> Iterator[TextBox]:
    """The shapes of a sheet that hold a text, in the order in which they are drawn."""
    for link in package.relations(part).values():
        if link.kind == "drawing" and not link.external and link.target in package:
            for anchor in read_tree(package, link.target).children:
                text = " ".join("".join(_texts(anchor)).split())
                if text and anchor.tag in _ANCHORS:
                    yield TextBox(_range(anchor), text)


def _texts(branch: Branch) -> Iterator[str]:
    """The texts of the shapes in a branch, each paragraph on its own; a chart has other words."""
    if branch.tag == "a:t":
        yield branch.text
    for child in branch.children:
        yield from _texts(child)
    if branch.tag in ("a:p", "a:br"):
        yield " "


def _range(anchor: Branch) -> tuple[int, int, int, int]:
    """The cells below a shape; of one whose end is a size only the first is known."""
    (top, left), end = _corner(anchor.first("xdr:from")), anchor.first("xdr:to")
    bottom, right = _corner(end) if end.children else (top, left)
    return top, left, max(top, bottom), max(left, right)


def _corner(branch: Branch) -> tuple[int, int]:
    row, column = (whole_number(branch.first(f"xdr:{each}").text, 0) for each in ("row", "col"))
    return min(row + 1, LAST_ROW), min(column + 1, LAST_COLUMN)
