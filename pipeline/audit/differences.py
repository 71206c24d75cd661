"""Two reports as a person sees them: where they differ, and what only another program's hand is."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pipeline.audit.appearance import Appearance, SheetCells, Spot
from pipeline.audit.normal_form import Rewriting, entry_for, general, rewritings
from pipeline.workbook.addresses import address, column_letters

_OF_CELLS = ("cell", "row@", "column@", "number format", "font", "fill", "border", "alignment",
             "protection", "xf@", "style")  # fmt: skip
_VALUES = frozenset({"cell v=", "cell text="})
Key = TypeVar("Key", str, Spot)
_Texts = Mapping[str, str]
_Fact = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Difference:
    """What a report says and what the inputs give: at a cell, a range, an object or a sheet.

    `effect` says that only the value of a formula differs: its cause lies elsewhere; `strange`
    that the program writes nothing of the kind anywhere. None stands for what is not there.
    """

    spot: Spot
    printed: str | None
    expected: str | None
    effect: bool = False
    strange: bool = False

    @property
    def what(self) -> str:
        """The name of the fact."""
        return self.spot.what


@dataclass
class Compared:
    """Every difference, and how often each entry of the list of another program was met."""

    differences: list[Difference] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)


def compare(report: Appearance, inputs: Appearance) -> Compared:
    """A report beside the one rebuilt from the inputs, in the order of sheets and cells."""
    comparison = _Comparison(report, inputs, rewritings())
    met = comparison.met
    if met and not all(met[each.name] for each in rewritings() if each.hand):
        comparison = _Comparison(report, inputs, ())  # saved by another program: nothing is excused
    return comparison.result()


class _Comparison:
    """Gathers what differs, and sets aside what the list of another program explains."""

    def __init__(
        self, report: Appearance, inputs: Appearance, entries: Sequence[Rewriting]
    ) -> None:
        """Go through every fact, then every sheet's rows, columns and cells."""
        self._report, self._inputs, self._entries = report, inputs, entries
        self._differences: list[Difference] = []
        self._lost: list[tuple[Rewriting, Difference]] = []
        self.met: Counter[str] = Counter()
        self._looks: dict[tuple[str, str], list[_Fact]] = {}
        for spot, printed, expected in _unlike(report.facts, inputs.facts):
            self._add(Difference(spot, printed, expected))
        for what, printed, expected in self._look("0", "0"):
            self._add(Difference(Spot("", "", f"{what} of every other cell"), printed, expected))
        for sheet in {**inputs.sheets, **report.sheets}:
            self._sheet(sheet)

    def result(self) -> Compared:
        """All of it; what is lost is explained only if it is lost everywhere.

        What is taken from one place alone was taken by hand.
        """
        report, inputs = self._report.facts, self._inputs.facts
        kept = {general(spot.what) for spot in inputs if report.get(spot) == inputs[spot]}
        common = {general(spot.what) for spot in inputs}
        not_lost = {each.name for each in self._entries if any(map(each.loses, kept))}
        for entry, difference in self._lost:
            if entry.name in not_lost:
                self._differences.append(difference)
            else:
                self.met[entry.name] += 1
        order = {name: number for number, name in enumerate(self._inputs.sheets)}
        self._differences.sort(key=lambda each: order.get(each.spot.sheet, len(order)))
        for number, each in enumerate(self._differences):
            of_cell = each.what.startswith(_OF_CELLS)
            if each.expected is None and not of_cell and general(each.what) not in common:
                self._differences[number] = replace(each, strange=True)
        return Compared(self._differences, self.met)

    def _entry(self, what: str, printed: str | None, expected: str | None) -> Rewriting | None:
        return entry_for(what, printed, expected) if self._entries else None

    def _add(self, difference: Difference) -> None:
        """Keep a difference, or count the entry that explains it."""
        entry = self._entry(difference.what, difference.printed, difference.expected)
        if entry is None:
            self._differences.append(difference)
        elif entry.lost:
            self._lost.append((entry, difference))
        else:
            self.met[entry.name] += 1

    # --- a sheet --------------------------------------------------------------------------------

    def _sheet(self, name: str) -> None:
        """Rows, columns and cells of a sheet; one that is missing has none."""
        report = self._report.sheets.get(name, SheetCells())
        inputs = self._inputs.sheets.get(name, SheetCells())
        for number in sorted({**inputs.rows, **report.rows}):
            self._line(name, "row", str(number), report.rows.get(number), inputs.rows.get(number))
        for number in sorted({**inputs.columns, **report.columns}):
            sides = report.columns.get(number), inputs.columns.get(number)
            self._line(name, "column", column_letters(number), *sides)
        for at in sorted({**inputs.contents, **report.contents}):
            texts, others = (side.contents.get(at, ((), ""))[0] for side in (report, inputs))
            if texts != others:
                self._content(Spot(name, address(*at), ""), dict(texts), dict(others))
            for what, printed, expected in self._look(report.style(*at), inputs.style(*at)):
                self._add(Difference(Spot(name, address(*at), what), printed, expected))

    def _line(
        self, sheet: str, kind: str, number: str, report: _Texts | None, inputs: _Texts | None
    ) -> None:
        """The attributes of a row or a column; its style is that of the cells in it."""
        if report != inputs:
            for name, printed, expected in _unlike(report or {}, inputs or {}):
                spot = Spot(sheet, f"{number}:{number}", f"{kind}@{name}")
                self._add(Difference(spot, printed, expected))

    def _content(self, spot: Spot, report: _Texts, inputs: _Texts) -> None:
        """What a cell holds: of a formula that stayed, another value is but its effect."""
        same_formula = "f=" in report and report["f="] == inputs.get("f=")
        for name, printed, expected in _unlike(report, inputs):
            what = f"cell{name}" if name.startswith("@") else f"cell {name}"
            effect = same_formula and what in _VALUES
            self._add(Difference(spot._replace(what=what), printed, expected, effect))

    def _look(self, printed: str, expected: str) -> list[_Fact]:
        """What two styles show otherwise that is not explained, asked once for each pair."""
        if (printed, expected) not in self._looks:
            facts = _unlike(self._report.looks[printed], self._inputs.looks[expected])
            entries = [self._entry(*fact) for fact in facts]
            self.met.update(entry.name for entry in entries if entry)
            self._looks[printed, expected] = [
                fact for fact, entry in zip(facts, entries, strict=True) if entry is None
            ]
        return self._looks[printed, expected]


def _unlike(
    printed: Mapping[Key, str], expected: Mapping[Key, str]
) -> list[tuple[Key, str | None, str | None]]:
    """The facts that two have otherwise: the name, and both values."""
    return [
        (name, printed.get(name), expected.get(name))
        for name in {**expected, **printed}
        if printed.get(name) != expected.get(name)
    ]


def explanations(met: Counter[str]) -> list[Rewriting]:
    """The entries that were met, in the order of their list."""
    return [each for each in rewritings() if met[each.name]]


def kind_of(what: str) -> str:
    """The kind of thing that a fact's name speaks of, as the key of its word."""
    name = general(what)
    return next(kind for kind, pattern in _KINDS.items() if pattern.fullmatch(name))


_KINDS = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "name": r"definedName.*",
        "formula": r"cell f.*",
        "value": r"(cell|c once|row once).*",
        "number-format": r"number format",
        "font": r"(default )?font.*",
        "fill": r"fill.*",
        "border": r"border.*",
        "alignment": r"alignment.*|xf@.*|style",
        "protection": r"(protection|sheetProtection|workbookProtection|protectedRanges).*",
        "row": r"row@.*",
        "column": r"column[@ ].*",
        "sheet": r"sheet(@.*)?|order of sheets|worksheet@type|sheetPr@.*",
        "conditional-format": r"(cfRule|conditionalFormatting).*|extLst.*conditionalFormatting.*",
        "validation": r"dataValidation.*|extLst.*dataValidation.*",
        "merged": r"mergeCell.*",
        "link": r"hyperlink.*",
        "comment": r".*([cC]omment|person).*",
        "chart": r"c:.*|(link )?chart.*",
        "drawing": r"xdr:.*|(link )?(drawing|legacyDrawing|vmlDrawing|image|picture).*|controls.*",
        "header-footer": r"headerFooter.*",
        "page": r"(pageSetup|pageMargins|printOptions|brk|sheetPr/pageSetUpPr|printerSettings).*",
        "view": r"(sheetViews|bookViews|customSheetViews|sheetPr|sheetFormatPr).*",
        "table": r"table.*|autoFilter.*|sortState.*",
        "property": r"Properties.*|cp:coreProperties.*",
        "theme": r"a:theme.*|theme@type",
        "calculation": r"calcPr.*",
        "part": r"(.* )?part|link .*|[\w-]+@type",
        "other": r"(?s:.*)",
    }.items()
}
