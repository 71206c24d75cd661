"""A number with its definition, and along what it is told apart from others like it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipeline.model.terms import Quantity, Rows


@dataclass(frozen=True)
class Slice:
    """One value along a dimension: the second quarter, a method, a division, or the whole of it.

    `code` stands for it in the ids of figures.
    """

    code: str
    th: str
    en: str
    is_whole: bool = False


@dataclass(frozen=True)
class Figure(Quantity):
    """A number with its definition: value, Excel formula and rows follow from its term.

    `taken` are the rows of its own counts and sums. `subject` is what it is about, `dimensions` say
    which slice of it, `name` is its own name there. `sheet` is the key of the sheet that explains
    it; what none explains the summary lists. `without` is what it would be without the amounts that
    are in doubt, where it holds any.
    """

    id: str
    title_th: str
    title_en: str
    definition_th: str = ""
    definition_en: str = ""
    taken: Rows = field(default_factory=dict)
    subject: str = ""
    name: str = ""
    dimensions: Mapping[str, Slice] = field(default_factory=dict)
    sheet: str = ""
    without: int | Decimal | str | None = None

    @property
    def formula(self) -> str:
        """The term in Excel, in defined names and other figures' ids; "" for a constant."""
        return self.term.formula()

    @property
    def rows(self) -> Iterator[tuple[str, int]]:
        """The (frame, index) of every row that it takes itself."""
        return ((leaf.frame, index) for leaf, indices in self.taken.items() for index in indices)

    def with_text(self, text: str | None) -> "Figure":
        """The same figure with the value that a record keeps as text."""
        if text is None or self.unit == "text":
            return replace(self, value=text)
        return replace(self, value=Decimal(text) if "." in text else int(text))
