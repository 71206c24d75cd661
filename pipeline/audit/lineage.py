"""What a figure is made of: the figures and criteria in its formula, down to the rows it counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pipeline.audit.report_file import Place
from pipeline.audit.source_rows import SourceRow, SourceRows
from pipeline.messages import figure_text, say
from pipeline.model import Assessment, Figure, names_in, renamed
from pipeline.report.cell_content import figure_value
from schemas.kit.claims.comparison import Comparison

EARLIER = "earlier."
_CRITERIA = "criteria."
_FATE = "fate"
_SUM = "SUMIFS("


@dataclass(frozen=True)
class FigureNode:
    """A figure, or a criterion, with what it is made of: other parts, or rows, or neither.

    `total` is what its rows come to, and `summed` says whether they are summed, not counted;
    `source` is where a criterion, or a figure of the earlier round, comes from.
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

    @property
    def comes_out(self) -> bool:
        """Whether the rows come to the value; true of what has no rows of its own."""
        return self.total is None or self.total == self.value

    @property
    def substituted(self) -> str:
        """The formula with the values of its parts in the places of their names."""
        prefix = EARLIER if self.id.startswith(EARLIER) else ""
        values = {part.id.removeprefix(prefix): _literal(part.value) for part in self.parts}
        return renamed(self.formula, lambda name: values.get(name, name))

    def leaves(self) -> Iterator["FigureNode"]:
        """Every part that counts or sums rows, each once, this one too."""
        seen: dict[str, FigureNode] = {}
        for part in (self, *(leaf for each in self.parts for leaf in each.leaves())):
            if part.total is not None:
                seen.setdefault(part.id, part)
        yield from seen.values()


def _worth(figure: Figure) -> dict[str, Any]:
    """The value of a figure, and how it is shown: of the round before, what was signed."""
    value = figure_value(figure) if figure.unit == "text" else figure.value
    return {"value": value, "shown": figure_text(figure)}


def _literal(value: object) -> str:
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

    def formula(self, name: str) -> str:
        """The formula that the report ought to have in a figure's home; "" for a constant."""
        figure = self._assessment.figures.get(name)
        return figure.formula if figure else ""

    def title(self, name: str) -> str:
        """What a figure or criterion is called."""
        figure, title = self._assessment.figures.get(name), name.removeprefix(_CRITERIA)
        if figure is not None:
            title = figure.title_th if self._lang == "th" else figure.title_en
        if not self._prefix:
            return title
        return say("trace.earlier", self._lang, title=title, round=self._assessment.plan.name)

    def part(self, name: str) -> FigureNode:
        """The figure or criterion of that name, with all that it is made of."""
        earlier = self._assessment.earlier
        if name.startswith(EARLIER) and earlier is not None:
            before = Lineage(earlier, self._names, self._lang, EARLIER)
            recorded = self._assessment.figures.get(name)
            made = before.part(name.removeprefix(EARLIER))
            source = say("trace.of-round", self._lang, round=earlier.plan.name)
            return replace(made, source=source, **_worth(recorded) if recorded else {})
        if name.startswith(_CRITERIA):
            return self._criterion(name)
        figure = self._assessment.figures[name]
        columns = [each for each in names_in(figure.formula) if self._is_column(each)]
        if columns:
            return self._counted(figure, columns)
        return replace(self._bare(figure), parts=tuple(map(self.part, names_in(figure.formula))))

    def own(self, said: Comparison) -> FigureNode | None:
        """What a text is compared with, where that is a figure of one division's own rows."""
        columns = [each for each in names_in(said.formula) if self._is_column(each)]
        if len({each.partition(".")[0] for each in columns}) != 1:
            return None
        titles = (said.title_th, said.title_en)
        value = int(said.computed) if said.unit == "count" else said.computed
        figure = Figure("", *titles, "", "", value, said.formula, said.unit, said.rows)
        title = titles[0] if self._lang == "th" else titles[1]
        return replace(self._counted(figure, columns), title=title)

    def _is_column(self, name: str) -> bool:
        frame = name.partition(".")[0]
        known = frame in self._assessment.tables or frame in self._assessment.frames
        return known and not self.knows(name)

    def _bare(self, figure: Figure) -> FigureNode:
        """A figure without what it is made of."""
        thai = self._lang == "th"
        return FigureNode(
            id=self._prefix + figure.id,
            title=self.title(figure.id),
            definition=figure.definition_th if thai else figure.definition_en,
            formula=figure.formula,
            unit=figure.unit,
            place=self._names.get(self._prefix + figure.id),
            **_worth(figure),
        )

    def _counted(self, figure: Figure, columns: Sequence[str]) -> FigureNode:
        """A figure over rows: what it sums stands first in its formula, its last condition last."""
        summed = figure.formula.startswith(_SUM)
        frame, _, first = columns[0].partition(".")
        conditions = [each.partition(".")[2] for each in columns]
        last = next((each for each in reversed(conditions) if each != _FATE), _FATE)
        rows = tuple(self._rows.of(frame, [i for _, i in figure.rows], first if summed else last))
        total = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
        total = total if summed else Decimal(len(rows))
        return replace(self._bare(figure), rows=rows, total=total, summed=summed)

    def _criterion(self, name: str) -> FigureNode:
        """A number that is configured, with its source and who approved it."""
        plan = self._assessment.plan
        each = plan.criteria[name.removeprefix(_CRITERIA)]
        told = {"source": each.source, "approved_by": each.approved_by, "sha256": plan.sha256}
        return FigureNode(
            id=self._prefix + name,
            title=self.title(name),
            definition="",
            value=each.value,
            shown=f"{each.value.normalize():f}",
            formula="",
            unit="number",
            place=self._names.get(self._prefix + name),
            source=say("trace.criterion", self._lang, **told),
        )
