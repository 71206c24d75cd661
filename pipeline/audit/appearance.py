"""What a person sees of a workbook, as facts: every element of every part, at its place.

Nothing is looked for: whatever stands in the package becomes a fact. Only what a program may
number as it likes is resolved first: links to other parts, styles, shared texts, theme colours.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from pipeline.audit.resolved_styles import ResolvedStyles
from pipeline.workbook.addresses import LAST_COLUMN, parse_address
from pipeline.workbook.package import NotAWorkbook, Package, Relation, open_package
from pipeline.workbook.tree import Branch, read_tree, whole_number

_LINK = "r:"
# What each of these holds is part of a cell's own facts, or of every colour and font.
_RESOLVED = frozenset({"styles", "sharedStrings"})
# The name that a member of a list bears itself, where others only have their number in it.
_KEYS: Mapping[str, str] = {
    "mergeCell": "ref",
    "hyperlink": "ref",
    "comment": "ref",
    "conditionalFormatting": "sqref",
    "dataValidation": "sqref",
    "brk": "id",
    "selection": "pane",
    "property": "name",
    "definedName": "name",
    "tablePart": "r:id",
    "filterColumn": "colId",
    "c:pt": "idx",
    "sheetView": "workbookViewId",
}
_PLACED = frozenset({"ref", "sqref"})
_AREA = "xm:sqref"
_AXES = frozenset({"c:axId", "c:crossAx"})
_ANCHORS = frozenset({"xdr:twoCellAnchor", "xdr:oneCellAnchor", "xdr:absoluteAnchor"})


class Spot(NamedTuple):
    """Where a fact belongs: a sheet ("" the workbook), a cell, range or object in it, and what."""

    sheet: str
    place: str
    what: str


Facts = MutableMapping[Spot, str]
Content = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class SheetCells:
    """Content and style of each cell by (row, column); the attributes of rows and columns."""

    contents: dict[tuple[int, int], tuple[Content, str]] = field(default_factory=dict)
    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    columns: dict[int, dict[str, str]] = field(default_factory=dict)

    def style(self, row: int, column: int) -> str:
        """The style that a cell has, be it that of its row or its column."""
        if (row, column) in self.contents:
            return self.contents[row, column][1]
        line = self.rows.get(row, {})
        if line.get("customFormat") in ("1", "true"):
            return line.get("s", "0")
        return self.columns.get(column, {}).get("style", "0")


@dataclass(slots=True)
class Appearance:
    """All that is in a workbook: facts by their spot, and the sheets' cells with their looks."""

    facts: Facts
    sheets: Mapping[str, SheetCells]
    looks: ResolvedStyles


def appearance(data: bytes) -> Appearance:
    """Everything that a workbook holds; NotAWorkbook for what is none."""
    return _Walk(open_package(data)).whole()


class _Walk:
    """Goes from part to part along the links between them, once to each."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._facts: Facts = {}
        self._sheets: dict[str, SheetCells] = {}
        self._visited = {"[content_types].xml"}
        self._axes: dict[str, str] = {}
        targets: dict[str, str] = {}
        for link in package.relations(package.main).values():
            if link.kind in _RESOLVED:  # a second one is a fact of its own
                self._put("", "", f"link {link.kind}", "external" if link.external else "")
            targets.setdefault(link.kind, link.target)
        parts = [targets.get(kind, "") for kind in ("sharedStrings", "styles", "theme")]
        texts, styles, theme = (self._tree(part, "", part, "part") for part in parts)
        self._texts = [tuple(_flat(item, "is")) for item in texts.children]
        self._looks = ResolvedStyles(styles, theme)
        self._visited.discard(parts[-1].lower())  # a theme has facts of its own, too

    def whole(self) -> Appearance:
        """Every part that is linked, then whatever else the package holds."""
        for what, text in self._looks.default_font():
            self._put("", "", what, text)
        for branch in self._looks.other():
            self._branch(branch, branch.tag, {}, "", "")
        for link in self._package.relations("").values():
            self._follow(link, "", "")
        for name in self._package.names:
            if name.lower() not in self._visited and not name.endswith(".rels"):
                self._put("", name, "part", self._digest(name))
        return Appearance(self._facts, self._sheets, self._looks)

    # --- parts ----------------------------------------------------------------------------------

    def _tree(self, part: str, sheet: str, place: str, what: str) -> Branch:
        """A part as a tree; an empty one for a picture or a program, known by its bytes."""
        if part in self._package:
            self._visited.add(part.lower())
            try:
                return read_tree(self._package, part)
            except NotAWorkbook:
                self._put(sheet, place, what, self._digest(part))
        return Branch("", {})

    def _digest(self, part: str) -> str:
        return sha256(self._package.read(part)).hexdigest()

    def _follow(self, link: Relation, sheet: str, place: str) -> str:
        """Put down what a link leads to, and give what stands for it in the fact of the link."""
        kind, part = link.kind, link.target
        if link.external:
            return f"{kind} {part}"
        if part not in self._package:
            return f"{kind} ?"
        if part.lower() in self._visited:
            return kind
        self._put(sheet, place, f"{kind}@type", self._package.types.get(part.lower(), ""))
        tree = self._tree(part, sheet, place, f"{kind} part")
        links = self._package.relations(part) if tree.tag else {}
        self._axes = {}
        self._part(tree, links, sheet, place)
        for other in sorted(links.values(), key=lambda each: (each.kind, each.target)):
            # What no element names, such as a sheet's comments.
            if other.kind not in _RESOLVED and other.target.lower() not in self._visited:
                self._put(sheet, place, f"link {other.kind}", self._follow(other, sheet, place))
        return kind

    def _part(self, tree: Branch, links: Mapping[str, Relation], sheet: str, place: str) -> None:
        if tree.tag == "workbook":
            self._workbook(tree, links)
        elif tree.tag == "worksheet":
            self._worksheet(tree, links, sheet)
        elif tree.tag:
            name = tree.attributes.get("name", "") if tree.tag == "table" else ""
            self._branch(tree, tree.tag, links, sheet, name or place)

    # --- elements -------------------------------------------------------------------------------

    def _put(self, sheet: str, place: str, what: str, text: str) -> None:
        """Keep a fact; a second one of the same spot is kept beside it."""
        spot, number = Spot(sheet, place, what), 2
        while spot in self._facts:
            spot, number = Spot(sheet, place, f"{what} #{number}"), number + 1
        self._facts[spot] = text

    def _branch(
        self, branch: Branch, path: str, links: Mapping[str, Relation], sheet: str, place: str
    ) -> None:
        """Put down an element with all that stands in it."""
        if not (branch.attributes or branch.children or branch.text):
            self._put(sheet, place, path, "")
        for name, text in branch.attributes.items():
            link = links.get(text) if name.startswith(_LINK) else None
            value = self._follow(link, sheet, place) if link else self._plain(branch, name, text)
            self._put(sheet, place, f"{path}@{_attribute_name(branch, name)}", value)
        if branch.text.strip() or (branch.text and not branch.children):
            self._put(sheet, place, f"{path}=", branch.text)
        for child, label, at in _labelled(branch, place):
            self._branch(child, f"{path}/{label}", links, sheet, at)

    def _plain(self, branch: Branch, name: str, text: str) -> str:
        """An attribute as it stands; a colour as it is seen, an axis by its number in the chart."""
        if branch.tag in _AXES:
            return self._axes.setdefault(text, f"axis {len(self._axes) + 1}")
        return self._looks.colour_of(branch, name, text)

    def _workbook(self, tree: Branch, links: Mapping[str, Relation]) -> None:
        names = [sheet.attributes.get("name", "") for sheet in tree.first("sheets").children]
        self._put("", "", "order of sheets", "\n".join(names))
        for child, label, at in _labelled(tree, ""):
            if child.tag == "sheets":
                self._list_sheets(child, links)
            elif child.tag == "definedNames":
                self._defined_names(child, names)
            else:
                self._branch(child, label, links, "", at)

    def _list_sheets(self, sheets: Branch, links: Mapping[str, Relation]) -> None:
        for sheet in sheets.children:
            name = sheet.attributes.get("name", "")
            for key, text in sheet.attributes.items():
                if key not in ("name", "sheetId", "r:id"):
                    self._put(name, "", f"sheet@{key}", text)
            link = links.get(sheet.attributes.get("r:id", ""))
            self._put(name, "", "sheet", self._follow(link, name, "") if link else "?")

    def _defined_names(self, names: Branch, sheets: list[str]) -> None:
        for each in names.children:
            attributes = dict(each.attributes)
            name, scope = attributes.pop("name", ""), attributes.pop("localSheetId", "")
            number = whole_number(scope, len(sheets))
            sheet = sheets[number] if number < len(sheets) else scope
            self._put(sheet, name, each.tag, each.text)
            for key, text in attributes.items():
                self._put(sheet, name, f"{each.tag}@{key}", text)

    # --- sheets ---------------------------------------------------------------------------------

    def _worksheet(self, tree: Branch, links: Mapping[str, Relation], sheet: str) -> None:
        cells = self._sheets.setdefault(sheet, SheetCells())
        ranks = _ranks(tree)
        for child, label, at in _labelled(tree, ""):
            if child.tag == "sheetData":
                self._rows(child, cells, sheet)
            elif child.tag == "cols":
                self._columns(child, cells, sheet)
            elif child.tag == "conditionalFormatting":
                self._conditional(child, ranks, sheet)
            elif child.tag in _PLAIN_LISTS:
                for member, own, place in _labelled(child, ""):
                    self._branch(member, own, links, sheet, place)
            elif child.tag != "dimension":
                self._branch(child, label, links, sheet, at)

    def _rows(self, data: Branch, cells: SheetCells, sheet: str) -> None:
        number = 0
        for row in data.children:
            attributes = dict(row.attributes)
            attributes.pop("spans", "")
            number = whole_number(attributes.pop("r", ""), number + 1)
            if row.tag != "row" or number in cells.rows:
                self._put(sheet, str(number), f"{row.tag} once more", repr(row.attributes))
            cells.rows[number] = attributes
            for cell in row.children:
                self._cell(cell, cells, sheet)

    def _cell(self, cell: Branch, cells: SheetCells, sheet: str) -> None:
        attributes = dict(cell.attributes)
        name, style = attributes.pop("r", ""), attributes.pop("s", "0")
        try:
            place = parse_address(name)
        except ValueError:
            place = (0, 0)
        if cell.tag != "c" or place in cells.contents or place == (0, 0):
            self._put(sheet, name, f"{cell.tag} once more", repr(tuple(_flat(cell, "c"))))
        else:
            cells.contents[place] = (self._content(cell, attributes), style)

    def _content(self, cell: Branch, attributes: Mapping[str, str]) -> Content:
        number = whole_number(cell.first("v").text, len(self._texts))
        shared = attributes == {"t": "s"} and len(cell.children) == 1
        if shared and number < len(self._texts):
            return self._texts[number]
        value = "v=" if attributes.get("t", "n") in ("n", "b", "s") else "text="
        pairs = (pair for child in cell.children for pair in _flat(child, child.tag))
        named = ((value if path == "v=" else path, text) for path, text in pairs)
        return (*((f"@{key}", text) for key, text in attributes.items()), *named)

    def _columns(self, columns: Branch, cells: SheetCells, sheet: str) -> None:
        for column in columns.children:
            attributes = dict(column.attributes)
            first = whole_number(attributes.pop("min", ""), 1)
            last = whole_number(attributes.pop("max", ""), LAST_COLUMN)
            for number in range(first, min(last, LAST_COLUMN) + 1):
                if number in cells.columns:
                    self._put(sheet, str(number), "column once more", repr(attributes))
                cells.columns[number] = attributes

    def _conditional(self, branch: Branch, ranks: Mapping[str, int], sheet: str) -> None:
        """A conditional format by its range, its rules in their order, each with what it shows."""
        place = branch.attributes.get("sqref", "")
        for rule in branch.children:
            attributes = dict(rule.attributes)
            path = f"{rule.tag}[{ranks.get(attributes.pop('priority', ''), 0)}]"
            look = self._looks.differential(attributes.pop("dxfId", ""))
            for key, text in (*look, *((f"@{key}", text) for key, text in attributes.items())):
                self._put(sheet, place, f"{path}{key}", text)
            for child, label, _ in _labelled(rule, place):
                self._branch(child, f"{path}/{label}", {}, sheet, place)
        for key, text in branch.attributes.items():
            if key != "sqref":
                self._put(sheet, place, f"conditionalFormatting@{key}", text)


_PLAIN_LISTS = frozenset({"mergeCells", "hyperlinks", "dataValidations", "rowBreaks", "colBreaks"})


def _ranks(tree: Branch) -> Mapping[str, int]:
    """The order in which a sheet's conditional formats are asked, from the priorities they bear."""
    rules = (rule for each in tree.all("conditionalFormatting") for rule in each.children)
    priorities = {rule.attributes.get("priority", "") for rule in rules}
    ordered = sorted(priorities, key=lambda text: whole_number(text, 0))
    return {text: number for number, text in enumerate(ordered, 1)}


def _labelled(branch: Branch, place: str) -> Iterator[tuple[Branch, str, str]]:
    """The elements in another, each with the name it has there and the place it speaks of."""
    counts = Counter(child.tag for child in branch.children)
    numbers: Counter[str] = Counter()
    for child in branch.children:
        numbers[child.tag] += 1
        key = _KEYS.get(child.tag, "")
        own = child.attributes.get(key, "") if not key.startswith(_LINK) else ""
        area = child.first(_AREA).text  # as the formats and lists of Excel 2010 name their cells
        if (key in _PLACED and own) or area:
            yield child, child.tag, area or own
        elif own:
            yield child, f"{child.tag}[{own}]", place
        elif child.tag in _ANCHORS:
            yield child, "anchor", _object_name(child) or f"{child.tag} {numbers[child.tag]}"
        else:
            several = f"[{numbers[child.tag]}]" if counts[child.tag] > 1 else ""
            yield child, f"{child.tag}{several}", place


def _attribute_name(branch: Branch, name: str) -> str:
    """An attribute's name; how far a part of a sheet is scrolled that can be scrolled back.

    Where rows are frozen, what lies above the first one shown cannot be reached.
    """
    if name != "topLeftCell":
        return name
    frozen = any(pane.attributes.get("state") == "frozen" for pane in branch.all("pane"))
    return name if frozen else "scrolled to"


def _object_name(anchor: Branch) -> str:
    """What the object calls itself that a drawing holds at an anchor."""
    for child in anchor.children:
        if child.tag == "xdr:cNvPr":
            return child.attributes.get("name", "")
        if name := _object_name(child):
            return name
    return ""


def _flat(branch: Branch, path: str) -> Iterator[tuple[str, str]]:
    """An element as pairs of path and text."""
    for name, text in branch.attributes.items():
        yield f"{path}@{name}", text
    if branch.text or not (branch.children or branch.attributes):
        yield f"{path}=", branch.text
    for child, label, _ in _labelled(branch, ""):
        yield from _flat(child, f"{path}/{label}")
