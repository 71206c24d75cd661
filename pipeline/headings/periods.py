"""The month or quarter that the title of an official layout states."""

from dataclasses import dataclass
from datetime import date

from pipeline.headings.search import Headings, Rows
from pipeline.workbook.reader import Cell, Sheet
from schemas.kit.thai.wording import stated_months


@dataclass(frozen=True)
class Period:
    """The days that a title states, and the cell that states them (None: not one cell)."""

    first: date
    last: date
    cell: Cell | None

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its months."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        year, month = self.first.year, self.first.month - 1
        return tuple(date(year + (month + n) // 12, (month + n) % 12 + 1, 1) for n in range(count))


def stated_period(
    found: Headings, rows: Rows, sheet: Sheet, fiscal_year_be: int | None
) -> Period | None:
    """The period above the headings, else in the sheet's name; a stated year goes before all.

    None for our own template, whose rows have a column for it.
    """
    if found.layout is None or not found.layout.period:
        return None
    above = [
        [cell for _, cell in sorted(rows[row].items())]
        for row in sorted(rows)
        if row < found.first_row
    ]
    whole = "\n".join(" ".join(cell.raw for cell in line) for line in above)
    texts = [(cell.raw, cell) for line in above for cell in line]
    said: list[tuple[str, Cell | None]] = [*texts, (whole, None), (sheet.name, None)]
    for year in (None, fiscal_year_be):
        for text, cell in said:
            period = stated_months(text, year)
            if period is not None:
                return Period(*period, cell)
    return None
