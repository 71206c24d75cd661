"""What a figure is made of: the figures and criteria of its term, down to the rows it counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pipeline.audit.report_file import Place
from pipeline.audit.source_rows import SourceRow, SourceRows
from pipeline.messages import figure_text, say
from pipeline.model import Assessment, Figure
from pipeline.model.terms import Rows, Term
from pipeline.report.cell_content import figure_value

EARLIER = "earlier."
_CRITERIA = "criteria."


@dataclass(frozen=True)
class FigureNode:
    """A figure, or a criterion, with what it is made of: other parts, or rows, or neither.

    `total` is what its rows come to, and `summed` says whether they are summed, not counted;
    `source` is where a criterion, or a figure of the earlier round, comes from; `substituted` is
    the formula with the values of its parts in the places of their names.
    """

    id: str
    title: str
    definition: str
    value: object
    shown: str
    formula: str
    unit: str
    place: Place | None
    parts: tuple["FigureNode", ...] = ()
    rows: tuple[SourceRow, ...] = ()
    total: Decimal | None = None
    summed: bool = False
    source: str = ""
    substituted: str = ""

    @property
    def comes_out(self) -> bool:
        """Whether the rows come to the value; true of what has no rows of its own."""
        return self.total is None or self.total == self.value

    def leaves(self) -> Iterator["FigureNode"]:
        """Every part that counts or sums rows, each once, this one too."""
        leaves: dict[str, FigureNode] = {}
        for part in (self, *(leaf for each in self.parts for leaf in each.leaves())):
            if part.total is not None:
                leaves.setdefault(part.id, part)
        yield from leaves.values()


def _value(figure: Figure) -> dict[str, Any]:
    """The value of a figure, and how it is shown: of the round before, what was signed."""
    value = figure_value(figure) if figure.unit == "text" else figure.value
    return {"value": value, "shown": figure_text(figure)}


def literal(value: object) -> str:
    """A value as it stands in a formula."""
    if value is None or isinstance(value, str):
        return f'"{value or ""}"'
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Lineage:
    """Follows the figures of one round to their rows; `names` says where the report has them.

    `prefix` stands in the report before the names of the round that is followed.
    """

    def __init__(
        self, assessment: Assessment, names: Mapping[str, Place], lang: str, prefix: str = ""
    ) -> None:
        """Follow nothing yet."""
        self._assessment, self._names = assessment, names
        self._lang, self._prefix = lang, prefix
        self._rows = SourceRows(assessment, names)

    def knows(self, name: str) -> bool:
        """Whether a name is that of a figure or of a criterion."""
        criterion = name.startswith(_CRITERIA) and name.removeprefix(_CRITERIA)
        return name in self._assessment.figures or criterion in self._assessment.plan.criteria

    def title(self, name: str) -> str:
        """What a figure or criterion is called."""
        figure = self._assessment.figures.get(name)
        title = getattr(figure, f"title_{self._lang}", name.removeprefix(_CRITERIA))
        if not self._prefix:
            return title
        return say("trace.earlier", self._lang, title=title, round=self._assessment.plan.name)

    def part(self, name: str) -> FigureNode:
        """The figure or criterion of that name, with all that it is made of."""
        earlier = self._assessment.earlier
        if name.startswith(EARLIER) and earlier is not None:
            lineage = Lineage(earlier, self._names, self._lang, EARLIER)
            part = lineage.part(name.removeprefix(EARLIER))
            source = say("trace.of-round", self._lang, round=earlier.plan.name)
            signed = self._assessment.figures.get(name)
            return replace(part, source=source, **_value(signed) if signed else {})
        if name.startswith(_CRITERIA):
            return self._criterion(name)
        return self._figure(self._assessment.figures[name])

    def own(self, figure: Figure) -> FigureNode | None:
        """A figure of one division's own rows, where it is that."""
        return self._figure(figure) if figure.term.addends() else None

    def _figure(self, figure: Figure) -> FigureNode:
        term = figure.term
        bare = FigureNode(
            id=self._prefix + figure.id,
            title=self.title(figure.id),
            definition=getattr(figure, f"definition_{self._lang}"),
            formula=figure.formula,
            unit=figure.unit,
            place=self._names.get(self._prefix + figure.id),
            **_value(figure),
        )
        if term.addends():
            return self._counted(bare, term, figure.taken)
        parts = [self._operand(each, figure.taken) for each in term.operands()]
        values = {part.id.removeprefix(self._prefix): literal(part.value) for part in parts}
        written = term.formula(lambda name: values.get(name, name))
        return replace(bare, parts=tuple(parts), substituted=written)

    def _operand(self, term: Term, taken: Rows) -> FigureNode:
        """What a figure combines: a figure or a criterion, or rows that it takes for this alone."""
        if term.name:
            return self.part(term.name)
        written = term.formula()
        bare = FigureNode(written, written, "", None, "", written, "number", None)
        node = self._counted(bare, term, taken)
        return replace(node, value=node.total, shown=f"{node.total:,f}")

    def _counted(self, bare: FigureNode, term: Term, taken: Rows) -> FigureNode:
        """What adds up rows, with all of them and what they come to."""
        rows: list[SourceRow] = []
        total = Decimal(0)
        for factor, leaf in term.addends():
            members = list(self._rows.of(leaf.frame, taken[leaf], leaf.telling))
            amounts = (each.amount or Decimal(0) for each in members)
            total += factor * (sum(amounts, Decimal(0)) if leaf.column else len(members))
            rows += members
        summed = any(leaf.column for _, leaf in term.addends())
        return replace(bare, rows=tuple(rows), total=total, summed=summed)

    def _criterion(self, name: str) -> FigureNode:
        """A number that is configured, with its source and who approved it."""
        plan = self._assessment.plan
        each = plan.criteria[name.removeprefix(_CRITERIA)]
        params = {"source": each.source, "approved_by": each.approved_by, "sha256": plan.sha256}
        return FigureNode(
            id=self._prefix + name,
            title=self.title(name),
            definition="",
            value=each.value,
            shown=f"{each.value.normalize():f}",
            formula="",
            unit="number",
            place=self._names.get(self._prefix + name),
            source=say("trace.criterion", self._lang, **params),
        )
