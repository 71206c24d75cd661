"""From a cell of the report to its figure, to the figures and the rows that it is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

from pipeline.audit.lineage import FigureNode, Lineage, literal
from pipeline.audit.rebuild import rebuilt, settled_anew
from pipeline.audit.report_file import Place, ReportFile, open_report
from pipeline.digests import inputs_sha256
from pipeline.messages import say
from pipeline.model import Assessment, PipelineError
from schemas.kit.form import FormSpec

_TWO_DECIMALS = ("baht", "pct")
_HALF_A_SATANG = Decimal("0.005")
# A quoted text may hold anything; a name is dotted and in small letters, a function in great ones.
_NAMES = re.compile(r'"(?:[^"]|"")*"|([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)')


@dataclass(frozen=True)
class Traced:
    """A cell of a report followed to its rows.

    `printed` is what the report shows there; `part` what the inputs give. A cell that combines
    figures (a change between rounds) has them as the parts of a figure without an id.
    `other_formula` is the report's formula where that is not the figure's ("" for a constant).
    """

    place: Place
    printed: str
    part: FigureNode
    same_inputs: bool
    other_formula: str | None = None

    @property
    def agrees(self) -> bool:
        """Whether the report shows what the inputs give, and every sum of rows comes out."""
        sums = all(each.comes_out for each in self.part.leaves())
        return sums and self.other_formula is None and equal(self.printed, self.part.value)

    def as_json(self) -> Mapping[str, object]:
        """`{figure, value, rows}`, and what tells whether to believe it."""
        part = self.part
        return {
            "figure": {
                "id": part.id or None,
                "title": part.title,
                "definition": part.definition,
                "formula": part.formula,
                "cell": str(self.place),
                "parts": [_part_json(each) for each in part.parts],
            },
            "value": _plain(part),
            "rows": [
                {"figure": leaf.id}
                | {key: None if value == "" else value for key, value in row.as_json().items()}
                for leaf in part.leaves()
                for row in leaf.rows
            ],
            "printed": self.printed,
            "agrees": self.agrees,
            "same_inputs": self.same_inputs,
        }


def _part_json(part: FigureNode) -> Mapping[str, object]:
    return {
        "id": part.id,
        "title": part.title,
        "value": _plain(part),
        "cell": str(part.place) if part.place else None,
        "source": part.source or None,
        "rows": len(part.rows) if part.total is not None else None,
        "parts": [_part_json(each) for each in part.parts],
    }


def _plain(part: FigureNode) -> object:
    """A value for programs: whole numbers and words as such, others as text, baht with satang."""
    if part.unit == "baht" and isinstance(part.value, (int, Decimal)):
        return f"{part.value:.2f}"
    return f"{part.value:f}" if isinstance(part.value, Decimal) else part.value


def equal(printed: str, value: object) -> bool:
    """Whether a cell's plain text is this value, money and rates to half a satang."""
    if printed == str("" if value is None else value):
        return True
    try:
        return abs(Decimal(printed) - Decimal(str(value))) < _HALF_A_SATANG
    except InvalidOperation:
        return False


def readable(printed: str, unit: str) -> str:
    """A cell's plain text as figures of that unit are shown; a dash for a blank."""
    try:
        number = Decimal(printed)
    except InvalidOperation:
        return printed or "-"
    return f"{number:,.2f}" if unit in _TWO_DECIMALS else f"{number:,}"


class Tracer:
    """Follows the cells of one report, whose round has been settled anew."""

    def __init__(self, report: ReportFile, assessment: Assessment, lang: str = "th") -> None:
        """Look up which cells bear the name of a figure."""
        self._report, self._lang = report, lang
        self._lineage = Lineage(assessment, report.names, lang)
        self._homes = {place: name for name, place in report.names.items()}
        self._assessment = assessment
        self._same = inputs_sha256(assessment) == report.properties.get("inputs_sha256")

    @cached_property
    def _anew(self) -> ReportFile:
        """The report as the inputs give it."""
        return rebuilt(self._assessment)

    def at(self, sheet: str, cell: str) -> Traced:
        """What stands behind a cell; PipelineError where it holds no figure."""
        place = self._report.place(sheet, cell)
        name, formula = self._figure_at(place), self._report.formula(place)
        part = self._lineage.part(name) if name else self._combined(place)
        figure = self._assessment.figures.get(name)
        home = figure.formula if figure else ""  # a criterion is a constant
        expected = (name, home) if name else (self._anew.formula(place),)
        other = None if formula in expected else formula
        return Traced(place, self._report.value(place), part, self._same, other)

    def part(self, name: str) -> FigureNode:
        """A figure or criterion by its name, with all that it is made of."""
        return self._lineage.part(name)

    def _figure_at(self, place: Place) -> str:
        """The figure whose home a cell is, or whose name its formula is; "" for none."""
        names = (self._homes.get(place, ""), self._report.formula(place))
        return next((name for name in names if self._lineage.knows(name)), "")

    def _combined(self, place: Place) -> FigureNode:
        """A formula of the report over several figures, which are its parts."""
        formula = self._report.formula(place)
        names = dict.fromkeys(hit[1] for hit in _NAMES.finditer(formula) if hit[1])
        parts = tuple(self._lineage.part(each) for each in names if self._lineage.knows(each))
        if not parts:
            figures = (each.figure for each in self._assessment.comparisons)
            same = (each for each in figures if each.formula == formula)
            own = next(filter(None, map(self._lineage.own, same)), None)
            if own is None:
                raise self._nothing_at(place)
            return replace(own, place=place)
        value = self._anew.value(place)
        values = {part.id: literal(part.value) for part in parts}
        return FigureNode(
            id="",
            title=say("trace.combined", self._lang),
            definition="",
            value=value,
            shown=value or "-",
            formula=formula,
            unit="",
            place=place,
            parts=parts,
            substituted=_NAMES.sub(lambda hit: values.get(hit[1], hit[0]), formula),
        )

    def _nothing_at(self, place: Place) -> PipelineError:
        """Say politely that there is no figure here, and where one is or whose words these are."""
        words = self._words_at(place)
        if words is not None:
            return words
        row = [each for each in self._report.places(place.sheet) if each.row == place.row]
        near = sorted(row, key=lambda each: (abs(each.column - place.column), each.column))
        for each in near:
            name = self._figure_at(each)
            if name:
                params = {"near": each.address, "title": self._lineage.title(name)}
                return PipelineError("trace-no-figure-near", cell=place, **params)
        return PipelineError("trace-no-figure", cell=place)

    def _words_at(self, place: Place) -> PipelineError | None:
        """Of a text in the printed table: whose words it is, and where its numbers are compared."""
        if place.sheet != say("report.sheet.public") or not self._report.value(place):
            return None
        title = self._report.value(place._replace(column=1))
        printed = next((e for e in self._assessment.printed if e.measure.title == title), None)
        if printed is None or printed.source is None:
            return None
        source, sheet = printed.source, say("report.sheet.balance")
        at = f"{source.sheet}!{source.address}"
        return PipelineError("trace-words", cell=place, file=source.file, at=at, sheet=sheet)


def trace(
    file: Path, place: tuple[str, str], inputs: Path, forms: tuple[FormSpec, ...], lang: str
) -> Traced:
    """What stands behind a cell (sheet, address) of a report; PipelineError where nothing does."""
    report = open_report(file)
    if not report.readable:
        raise PipelineError("trace-no-report", file=report.file)
    report.place(*place)
    return Tracer(report, settled_anew(report, inputs, forms), lang).at(*place)
