"""Where a printed page ends, so that no block is cut that would fit on one."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

_INCH = 72.0
# A4 landscape less the margins of `print_setup`, in points; a little is left for rounding.
_WIDTH = 11.69 * _INCH - 0.8 * _INCH
_HEIGHT = (8.27 * _INCH - 1.1 * _INCH) * 0.97
_PIXELS_A_CHARACTER, _PIXELS_BESIDE, _POINTS_A_PIXEL = 7, 5, 0.75
_MOST_USED = 0.7
_FEW = 0.15
_LEAST_SCALE = 0.45


def page_height(widths: Sequence[float]) -> float:
    """How many points of rows a page holds when columns of these widths are made to fit on it."""
    return _HEIGHT / min(_WIDTH / _points(widths), 1.0)


def pages_wide(widths: Sequence[float]) -> int:
    """How many pages side by side keep columns of these widths readable."""
    return max(1, -int(-_points(widths) * _LEAST_SCALE // _WIDTH))


def page_breaks(heights: Sequence[float], blocks: Sequence[int], room: float) -> list[int]:
    """The rows that begin a printed page.

    `heights` are the rows' in points, `blocks` the rows with which a block begins, `room` what a
    page holds. A block that is cut in any case begins a page only where little of it was left. The
    few rows that a block has too many for a page begin the next: a printer may yet find room for
    them, and leave the heading behind them alone at the foot.
    """
    return list(_breaks(heights, sorted({0, *blocks, len(heights)}), room))


def _breaks(heights: Sequence[float], blocks: Sequence[int], room: float) -> Iterator[int]:
    used = 0.0
    for first, following in pairwise(blocks):
        needed = sum(heights[first:following])
        begins = used > 0 and used + needed > room
        if begins and (needed <= room or used > _MOST_USED * room):
            yield first
            used = 0.0
        for row in range(first, following):
            if used and used + heights[row] > room:
                if sum(heights[row:following]) <= _FEW * room:
                    yield row
                used = 0.0
            used += heights[row]


def _points(widths: Sequence[float]) -> float:
    pixels = sum(width * _PIXELS_A_CHARACTER + _PIXELS_BESIDE for width in widths)
    return pixels * _POINTS_A_PIXEL
