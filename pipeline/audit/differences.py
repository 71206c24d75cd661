"""Two reports as a person sees them: where they differ, and what only another program's hand is."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipeline.audit.appearance import Appearance, Row, SheetSeen, Spot
from pipeline.audit.normal_form import Rewriting, entry_for, general, rewritings
from pipeline.workbook.addresses import address, column_letters

_OF_CELLS = ("cell", "row@", "column@", "number format", "font", "fill", "border", "alignment",
             "protection", "xf@", "style")  # fmt: skip
_VALUES = frozenset({"cell v=", "cell text="})
_Said = Mapping[str, str]
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

    @property
    def of_content(self) -> bool:
        """Whether a cell holds something else, not only looks otherwise."""
        return self.what.startswith("cell ")


@dataclass
class Compared:
    """Every difference, and how often each entry of the list of another program was met."""

    differences: list[Difference] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)


def compare(report: Appearance, inputs: Appearance) -> Compared:
    """A report beside the one rebuilt from the inputs, in the order of sheets and cells."""
    notes = _Notes(report, inputs)
    notes.gather()
    if notes.met and not notes.in_one_hand:  # it was not saved by that program: nothing is excused
        notes = _Notes(report, inputs, excused=False)
        notes.gather()
    return notes.result()


@lru_cache(maxsize=1 << 14)
def _losers(what: str) -> tuple[str, ...]:
    return tuple(each.name for each in rewritings() if each.loses(what))


class _Notes:
    """Gathers what differs, and sets aside what the list of another program explains."""

    def __init__(self, report: Appearance, inputs: Appearance, *, excused: bool = True) -> None:
        self._report, self._inputs = report, inputs
        self._entry_for = entry_for if excused else _none
        self._found: list[Difference] = []
        self._lost: list[tuple[str, Difference]] = []
        self.met: Counter[str] = Counter()
        self._looks: dict[tuple[str, str], list[_Fact]] = {}

    @property
    def in_one_hand(self) -> bool:
        """Whether that program wrote the whole: what it always does was met."""
        return all(self.met[each.name] for each in rewritings() if each.hand)

    def gather(self) -> None:
        """Go through every fact, then every sheet's rows, columns and cells."""
        here, there = self._report, self._inputs
        for spot in {**there.facts, **here.facts}:
            if here.facts.get(spot) != there.facts.get(spot):
                self.add(Difference(spot, here.facts.get(spot), there.facts.get(spot)))
        for what, mine, theirs in self._look("0", "0"):
            self.add(Difference(Spot("", "", f"{what} of every other cell"), mine, theirs))
        for sheet in {**there.sheets, **here.sheets}:
            self.sheet(sheet)

    def add(self, difference: Difference) -> None:
        """Keep a difference, or count the entry that explains it."""
        entry = self._entry_for(difference.what, difference.printed, difference.expected)
        if entry is None:
            self._found.append(difference)
        elif entry.lost:
            self._lost.append((entry.name, difference))
        else:
            self.met[entry.name] += 1

    def result(self) -> Compared:
        """All of it; what is lost is explained only if it is lost everywhere.

        What is taken from one place alone was taken by hand.
        """
        kept: set[str] = set()
        for spot, text in self._inputs.facts.items():
            if self._report.facts.get(spot) == text:
                kept.update(_losers(general(spot.what)))
        for name, difference in self._lost:
            if name not in kept:
                self.met[name] += 1
            else:
                self._found.append(difference)
        order = {name: number for number, name in enumerate(self._inputs.sheets)}
        self._found.sort(key=lambda each: order.get(each.spot.sheet, len(order)))
        common = {general(spot.what) for spot in self._inputs.facts}
        return Compared([self._judged(each, common) for each in self._found], self.met)

    def _judged(self, each: Difference, common: set[str]) -> Difference:
        """A difference, marked where nothing of its kind is written anywhere by the program."""
        of_cell = each.what.startswith(_OF_CELLS)
        strange = each.expected is None and not of_cell and general(each.what) not in common
        return replace(each, strange=True) if strange else each

    # --- a sheet --------------------------------------------------------------------------------

    def sheet(self, name: str) -> None:
        """Rows, columns and cells of a sheet; one that is missing has none."""
        here = self._report.sheets.get(name, SheetSeen())
        there = self._inputs.sheets.get(name, SheetSeen())
        for number in sorted({**there.rows, **here.rows}):
            self._line(name, "row", str(number), here.rows.get(number), there.rows.get(number))
        for number in sorted({**there.columns, **here.columns}):
            sides = here.columns.get(number), there.columns.get(number)
            self._line(name, "column", column_letters(number), *sides)
        for at in sorted({**there.cells, **here.cells}):
            one, other = _content(here, at), _content(there, at)
            if one != other:
                self._contents(Spot(name, address(*at), ""), dict(one), dict(other))
            for what, mine, theirs in self._look(here.style(*at), there.style(*at)):
                self.add(Difference(Spot(name, address(*at), what), mine, theirs))

    def _line(
        self, sheet: str, kind: str, number: str, here: _Said | None, there: _Said | None
    ) -> None:
        """What is said of a row or a column; its style is that of the cells in it."""
        if here != there:
            for name, one, other in _unlike(here or {}, there or {}):
                spot = Spot(sheet, f"{number}:{number}", f"{kind}@{name}")
                self.add(Difference(spot, one, other))

    def _contents(self, spot: Spot, here: _Said, there: _Said) -> None:
        """What a cell holds: of a formula that stayed, another value is but its effect."""
        for name, one, other in _unlike(here, there):
            what = f"cell{name}" if name.startswith("@") else f"cell {name}"
            effect = what in _VALUES and "f=" in here and here.get("f=") == there.get("f=")
            self.add(Difference(spot._replace(what=what), one, other, effect))

    def _look(self, here: str, there: str) -> list[_Fact]:
        """What two styles show otherwise that is not explained, asked once for each pair."""
        if (here, there) not in self._looks:
            facts = _unlike(self._report.looks[here], self._inputs.looks[there])
            named = [(fact, self._entry_for(*fact)) for fact in facts]
            self.met.update(entry.name for _, entry in named if entry)
            self._looks[here, there] = [fact for fact, entry in named if entry is None]
        return self._looks[here, there]


def _none(_what: str, _here: str | None, _there: str | None) -> None:
    """Explains nothing."""


def _content(sheet: SheetSeen, at: tuple[int, int]) -> Row:
    cell = sheet.cells.get(at)
    return cell[0] if cell else ()


def _unlike(here: _Said, there: _Said) -> list[_Fact]:
    """The facts that two have otherwise: the name, and both values."""
    names = {**there, **here}
    return [
        (name, here.get(name), there.get(name))
        for name in names
        if here.get(name) != there.get(name)
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
