"""Which form a sheet holds, in which layout: its headings and the period its title states."""

from pipeline.headings.periods import Period, stated_period
from pipeline.headings.search import (
    HEADING_ROWS,
    Headings,
    Rows,
    find_headings,
    heading_names,
    likeness,
    rows_of,
)

__all__ = [
    "HEADING_ROWS",
    "Headings",
    "Period",
    "Rows",
    "find_headings",
    "heading_names",
    "likeness",
    "rows_of",
    "stated_period",
]
