"""The formulas of a sheet as they are stored, by which a report is judged besides its values."""

from pipeline.workbook.addresses import parse_address
from pipeline.workbook.refusal import damaged
from pipeline.workbook.xml_stream import Attributes, Handlers

Formulas = dict[tuple[int, int], str]


class FormulaReader:
    """Gathers the formulas of one sheet by the row and the column of their cells.

    A formula that is stored once for several cells is given for each as it is stored.
    """

    def __init__(self, name: str) -> None:
        """Start without any."""
        self._name = name
        self._cell = ""
        self._shared_as = ""
        self._shared: dict[str, str] = {}
        self.found: Formulas = {}

    @property
    def handlers(self) -> Handlers:
        """Say which elements of a sheet we look at."""
        starts = {"c": self._begin_cell, "f": self._begin_formula}
        return Handlers(starts, {"f": self._end_formula})

    def _begin_cell(self, attributes: Attributes) -> None:
        self._cell = attributes.get("r", "")

    def _begin_formula(self, attributes: Attributes) -> None:
        self._shared_as = attributes.get("si", "")

    def _end_formula(self, text: str) -> None:
        if text and self._shared_as:
            self._shared[self._shared_as] = text
        try:
            place = parse_address(self._cell)
        except ValueError:
            raise damaged(f"{self._name}!{self._cell[:20]}") from None
        self.found[place] = text or self._shared.get(self._shared_as, "")
