"""A number with its definition, and along what it is told apart from others like it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipeline.model.terms import Rows, Term


@dataclass(frozen=True)
class Member:
    """One value along a dimension: the second quarter, a method, a division, or the whole of it.

    `code` stands for it in the ids of figures.
    """

    code: str
    th: str
    en: str
    is_whole: bool = False


@dataclass(frozen=True)
class Figure:
    """A number with its definition: value, Excel formula and rows follow from its term.

    `value` is an int, a Decimal (baht or percent), text (a level), or None where there is no base.
    `taken` are the rows of its own counts and sums; `unit` is one of those that a term has.
    `subject` is what it is about, `dimensions` say of which part of it, `name` is its own name
    there. `sheet` is the key of the sheet that explains it; what none explains the summary lists.
    """

    id: str
    term: Term
    value: int | Decimal | str | None
    unit: str
    title_th: str
    title_en: str
    definition_th: str = ""
    definition_en: str = ""
    taken: Rows = field(default_factory=dict)
    subject: str = ""
    name: str = ""
    dimensions: Mapping[str, Member] = field(default_factory=dict)
    sheet: str = ""

    @property
    def formula(self) -> str:
        """The term in Excel, in defined names and other figures' ids; "" for a constant."""
        return self.term.formula()

    @property
    def rows(self) -> Iterator[tuple[str, int]]:
        """The (frame, index) of every row that it takes itself."""
        return ((leaf.frame, index) for leaf, indices in self.taken.items() for index in indices)

    def code_of(self, dimension: str) -> str:
        """Which member of a dimension it is about; "" where it knows no such dimension."""
        member = self.dimensions.get(dimension)
        return member.code if member else ""

    def with_text(self, text: str | None) -> "Figure":
        """The same figure with the value that a record keeps as text."""
        if text is None or self.unit == "text":
            return replace(self, value=text)
        return replace(self, value=Decimal(text) if "." in text else int(text))


def members(figures: Mapping[str, Figure], dimension: str) -> tuple[Member, ...]:
    """What is told apart along a dimension, in the order of the figures, the whole last."""
    found = (each.dimensions.get(dimension) for each in figures.values())
    every = dict.fromkeys(member for member in found if member is not None)
    return tuple(sorted(every, key=lambda member: member.is_whole))
