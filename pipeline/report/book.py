"""The report's workbook: its pages in order, its formats, and the one home of every figure."""

import io
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from pipeline.messages import edition_name, say
from pipeline.model import Assessment, Figure
from pipeline.report.cell_content import Charted, Link, Placed
from pipeline.styles import FONT, Styles
from pipeline.workbook.postprocess import finished
from schemas.kit.thai.thai_text import thai_digits

_LEFT = frozenset({"text", "code", "label", "good", "warn", "bad"})
_RIGHT = frozenset({"count", "money", "rate"})
_CHARTS = "xl/charts/chart"
_LATIN = f'<a:latin typeface="{FONT}"/>'.encode()
_THAI = f'<a:cs typeface="{FONT}"/>'.encode()


class Book:
    """A workbook in the making; `homes` says where each figure was printed first."""

    def __init__(self, assessment: Assessment, properties: Mapping[str, str]) -> None:
        """Begin an empty workbook that is created, for every reader, at the due time."""
        self.assessment = assessment
        self.plan = assessment.plan
        self.properties = properties
        self._stream = io.BytesIO()
        self.workbook = Workbook(self._stream, {"in_memory": True})
        self.styles = Styles(self.workbook, self.plan.digits)
        self.homes: dict[str, tuple[str, int, int]] = {}
        self.sheets: list[str] = []
        self._colours: dict[str, Format] = {}
        self.charted: dict[str, Charted] = {}
        self.placed: dict[str, Placed] = {}
        self._describe()

    def _describe(self) -> None:
        created = self.plan.due.astimezone(UTC).replace(tzinfo=None)
        self.workbook.set_properties(
            {"title": self.title, "company": self.plan.organisation.name, "created": created}
        )
        for name, value in self.properties.items():
            self.workbook.set_custom_property(name, value, "text")
        self.workbook.set_size(2400, 1350)

    @property
    def title(self) -> str:
        """The three title lines as one."""
        return " ".join(self.title_lines)

    @property
    def title_lines(self) -> tuple[str, str, str]:
        """The report's title as it is printed."""
        plan = self.plan
        year, months = str(plan.round.fiscal_year.be), str(plan.round.months)
        return (
            say("report.title.first"),
            say("report.title.second", organisation=plan.organisation.name),
            say("report.title.third", year=thai_digits(year), months=thai_digits(months)),
        )

    @property
    def edition(self) -> str:
        """The edition's words."""
        return self.own(edition_name(self.properties["edition"]))

    def own(self, text: str) -> str:
        """A sentence of our own in the digits the round asks for."""
        return thai_digits(text) if self.plan.digits == "thai" else text

    def add_sheet(self, name: str) -> Any:
        """A new sheet at the end."""
        self.sheets.append(name)
        return self.workbook.add_worksheet(name)

    def figure(self, figure_id: str) -> Figure | None:
        """The figure of that id, or nothing where the round has none."""
        return self.assessment.figures.get(figure_id)

    def define_cell(self, name: str, sheet: str, row: int, column: int) -> None:
        """Give one cell a name."""
        cell = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
        self.workbook.define_name(name, f"={quote_sheetname(sheet)}!{cell}")

    def define_column(self, name: str, sheet: str, rows: tuple[int, int], column: int) -> None:
        """Give the cells of a column from the first to the last of `rows` a name."""
        first, last = (xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True) for row in rows)
        self.workbook.define_name(name, f"={quote_sheetname(sheet)}!{first}:{last}")

    def settle(self, figure_id: str, sheet: str, row: int, column: int) -> bool:
        """Whether this cell is the figure's first place, which it is from now on."""
        if figure_id in self.homes:
            return False
        self.homes[figure_id] = (sheet, row, column)
        self.define_cell(figure_id, sheet, row, column)
        return True

    def look(self, name: str, **changes: Any) -> Format:
        """A format by the name of its look, with changes."""
        return self.styles.get(name, **{**_room(name), **changes})

    def colour(self, name: str) -> Format:
        """The colour alone of a look, for cells that bear it only while a condition holds."""
        if name not in self._colours:
            self._colours[name] = self.workbook.add_format({"bg_color": self.look(name).bg_color})
        return self._colours[name]

    def text_look(self, name: str, text: str, **changes: Any) -> Format:
        """The format for a text, which is marked where it begins like a formula."""
        return self.styles.text(name, text, **{**_room(name), **changes})

    def link_to(self, figure_id: str) -> Link | None:
        """A link to where a figure was printed first, in the words of its sheet."""
        home = self.homes.get(figure_id)
        return Link(home[0], *home) if home else None

    def rows_behind(self, figure: Figure) -> Link | None:
        """A link to the data of which a figure is made, itself or by the figures it is made of."""
        for leaf in figure.term.leaves(self.assessment.figures):
            placed = self.placed.get(leaf.frame)
            if placed is not None:
                column = placed.columns.get(leaf.columns[0], 0)
                return Link(placed.sheet, placed.sheet, placed.first, column)
        return None

    def finish(self) -> bytes:
        """The whole workbook."""
        self.workbook.close()
        return finished(self._stream.getvalue(), _with_thai_in_charts)


def _room(look: str) -> dict[str, Any]:
    """What keeps a cell's content off its borders: an indent needs a side to count from."""
    if look in _LEFT:
        return {"align": "left", "indent": 1}
    return {"align": "right", "indent": 1} if look in _RIGHT else {}


def _with_thai_in_charts(name: str, content: bytes) -> bytes:
    """A chart with its font named for Thai text too, not for Latin alone."""
    return content.replace(_LATIN, _LATIN + _THAI) if name.startswith(_CHARTS) else content
