"""What makes Excel offer to repair a workbook, found without Excel.

Excel opens a file that breaks a rule of its format with "We found a problem with some content". No
other program minds as much, so the rules are checked on the parts themselves.
"""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree as ET

from openpyxl.utils import coordinate_to_tuple, range_boundaries

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
# The order that the schema gives to what stands in a worksheet.
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
NAME = re.compile(r"(?!\d)[\w\\][\w.\\?]{0,254}")
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*")
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
PLACE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+)\$?([0-9]+)(?::\$?([A-Z]+)\$?([0-9]+))?"
)
SHEET_IN_FORMULA = re.compile(r"'((?:[^']|'')+)'!")
LONGEST = {"prompt": 255, "error": 255, "promptTitle": 32, "errorTitle": 32}


class Parts:
    """The parts of a workbook."""

    def __init__(self, path: Path | BinaryIO) -> None:
        with zipfile.ZipFile(path) as package:
            self.names = package.namelist()
            self.bytes = {name: package.read(name) for name in self.names}
        self._trees: dict[str, ET.Element] = {}

    def tree(self, name: str) -> ET.Element:
        if name not in self._trees:
            self._trees[name] = ET.fromstring(self.bytes[name])
        return self._trees[name]

    def relations(self, name: str) -> list[ET.Element]:
        folder, base = posixpath.split(name)
        rels = f"{folder}/_rels/{base}.rels".lstrip("/")
        return list(self.tree(rels)) if rels in self.bytes else []

    def targets(self, name: str) -> dict[str, str]:
        """Relationship id to the part it leads to, for those within the package."""
        folder = posixpath.dirname(name)
        return {
            each.get("Id", ""): posixpath.normpath(posixpath.join(folder, each.get("Target", "")))
            if not each.get("Target", "").startswith("/")
            else each.get("Target", "")[1:]
            for each in self.relations(name)
            if each.get("TargetMode") != "External"
        }

    @property
    def sheets(self) -> list[tuple[str, str]]:
        """Every worksheet: its name and its part."""
        targets = self.targets("xl/workbook.xml")
        found = self.tree("xl/workbook.xml").find(f"{MAIN}sheets")
        return [(s.get("name", ""), targets[s.get(f"{REL}id", "")]) for s in found or ()]


def repairs(path: Path) -> list[str]:
    """Everything in a workbook that Excel would mend or refuse; empty where all is well."""
    parts = Parts(path)
    found = list(_package(parts))
    if found:  # what leads nowhere cannot be looked at
        return found
    found = [*_workbook(parts), *_styles(parts), *_tables(parts)]
    for name, part in parts.sheets:
        found += [f"{name}: {each}" for each in _sheet(parts, part)]
    return [*found, *_leading(parts)]


def _leading(parts: Parts) -> Iterator[str]:
    """Links, names and charts that lead to no sheet, or to nothing that is written on it."""
    written = {name: _written(parts.tree(part)) for name, part in parts.sheets}
    names = {e.get("name", "") for e in parts.tree("xl/workbook.xml").iter(f"{MAIN}definedName")}
    for name, part in parts.sheets:
        for each in parts.tree(part).iter(f"{MAIN}hyperlink"):
            if each.get("location") is not None:
                target = each.get("location", "")
                said = None if target in names else _nowhere(target, written)
                yield from [f"{name}: the link at {each.get('ref')} {said}"] if said else []
    for each in parts.tree("xl/workbook.xml").iter(f"{MAIN}definedName"):
        if PLACE.fullmatch(each.text or ""):
            said = _nowhere(each.text or "", written, filled=False)
            yield from [f"the name {each.get('name')} {said}"] if said else []
    for name in parts.names:
        if name.startswith("xl/charts/chart"):
            for each in parts.tree(name).iter(f"{CHART}f"):
                said = _nowhere(each.text or "", written)
                yield from [f"{name} {said}"] if said else []


def _written(sheet: ET.Element) -> set[tuple[int, int]]:
    return {
        coordinate_to_tuple(cell.get("r", ""))
        for cell in sheet.iter(f"{MAIN}c")
        if len(cell) or cell.get("s")
    }


def _nowhere(
    target: str, written: dict[str, set[tuple[int, int]]], *, filled: bool = True
) -> str | None:
    """What is wrong with a place; only its ends are looked at."""
    found = PLACE.fullmatch(target)
    if found is None:
        return f"leads to {target!r}, which is no place"
    sheet = (found[1] or found[2]).replace("''", "'")
    if sheet not in written:
        return f"leads to no sheet {sheet}"
    ends = [coordinate_to_tuple(found[3] + found[4])]
    ends += [coordinate_to_tuple(found[5] + found[6])] if found[5] else []
    if filled and not written[sheet].issuperset(ends):
        return f"leads to {target}, where nothing is"
    return None


def _package(parts: Parts) -> Iterator[str]:
    yield from _doubled("part", (name.casefold() for name in parts.names))
    types = parts.tree("[Content_Types].xml")
    defaults = {each.get("Extension", "").lower() for each in types.findall(f"{TYPES}Default")}
    overrides = [each.get("PartName", "") for each in types.findall(f"{TYPES}Override")]
    yield from _doubled("content type", overrides)
    yield from (f"content type of no part {n}" for n in overrides if n[1:] not in parts.bytes)
    for name in parts.names:
        typed = f"/{name}" in overrides or name.rpartition(".")[2].lower() in defaults
        if not typed and name != "[Content_Types].xml":
            yield f"no content type for {name}"
    for name in [*parts.names, ""]:
        ids = [each.get("Id", "") for each in parts.relations(name)]
        yield from _doubled(f"relationship of {name}", ids)
        lost = (t for t in parts.targets(name).values() if t not in parts.bytes)
        yield from (f"{name} leads to {target}, which is not there" for target in lost)
        if name.endswith(".xml"):
            used = {v for e in parts.tree(name).iter() for k, v in e.items() if k.startswith(REL)}
            yield from (
                f"{name} uses {each}, which leads nowhere" for each in sorted(used - {*ids})
            )


def _workbook(parts: Parts) -> Iterator[str]:
    book = parts.tree("xl/workbook.xml")
    sheets = book.findall(f"{MAIN}sheets/{MAIN}sheet")
    names = [each.get("name", "") for each in sheets]
    yield from _doubled("sheet", (name.casefold() for name in names))
    yield from _doubled("sheet id", (each.get("sheetId", "") for each in sheets))
    for name in names:
        if not 1 <= len(name) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", name):
            yield f"a sheet cannot be called {name!r}"
    if all(each.get("state", "visible") != "visible" for each in sheets):
        yield "no sheet can be seen"
    defined = book.findall(f"{MAIN}definedNames/{MAIN}definedName")
    keys = [(e.get("name", "").casefold(), e.get("localSheetId")) for e in defined]
    yield from _doubled("defined name", keys)
    for each in defined:
        name, formula = each.get("name", ""), each.text or ""
        bare = name.removeprefix("_xlnm.")
        if not NAME.fullmatch(bare) or LIKE_A_CELL.fullmatch(bare):
            yield f"nothing can be called {name!r}"
        if int(each.get("localSheetId", 0)) >= len(sheets):
            yield f"{name} belongs to no sheet"
        yield from (f"{name}: {said}" for said in _formula(formula, names))


def _formula(text: str, sheets: Iterable[str]) -> Iterator[str]:
    if not text or len(text) > 8192:
        yield f"a formula of {len(text)} characters"
    if any(len(each) > 255 for each in re.findall(r'"((?:[^"]|"")*)"', text)):
        yield "a text of more than 255 characters in a formula"
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    if bare.count("(") != bare.count(")"):
        yield f"brackets that do not close in {text[:60]}"
    quoted = (name.replace("''", "'") for name in SHEET_IN_FORMULA.findall(bare))
    yield from (f"no sheet {name}" for name in quoted if name not in sheets)
    if "#REF!" in bare:
        yield "a reference that is lost"


def _styles(parts: Parts) -> Iterator[str]:
    styles = parts.tree("xl/styles.xml")
    counts = {}
    for group in styles:
        counts[group.tag.removeprefix(MAIN)] = len(group)
        said = group.get("count")
        if said is not None and int(said) != len(group):
            yield f"{group.tag.removeprefix(MAIN)} says {said} and holds {len(group)}"
    formats = [int(e.get("numFmtId", 0)) for e in styles.iter(f"{MAIN}numFmt")]
    own = [int(e.get("numFmtId", 0)) for e in styles.findall(f"{MAIN}numFmts/{MAIN}numFmt")]
    yield from _doubled("number format", own)
    if counts["cellXfs"] > 64_000:
        yield "too many cell formats"
    limits = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for each in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
        for key, group in limits.items():
            if int(each.get(key, 0)) >= counts[group]:
                yield f"a cell format with {key} {each.get(key)}"
        number = int(each.get("numFmtId", 0))
        if number >= 164 and number not in formats:
            yield f"a cell format with number format {number}"


def _tables(parts: Parts) -> Iterator[str]:
    names = [n for n in parts.names if n.startswith("xl/tables/")]
    trees = [parts.tree(name) for name in names]
    yield from _doubled("table id", (tree.get("id") for tree in trees))
    called = [tree.get("displayName", "").casefold() for tree in trees]
    book = parts.tree("xl/workbook.xml")
    defined = [e.get("name", "").casefold() for e in book.iter(f"{MAIN}definedName")]
    yield from _doubled("table name", called)
    yield from (f"table {name} is called like a defined name" for name in {*called} & {*defined})
    for tree in trees:
        name = tree.get("displayName", "")
        if not NAME.fullmatch(name) or LIKE_A_CELL.fullmatch(name):
            yield f"no table can be called {name!r}"
        columns = [
            c.get("name", "") for c in tree.iterfind(f"{MAIN}tableColumns/{MAIN}tableColumn")
        ]
        left, top, right, bottom = range_boundaries(tree.get("ref"))
        yield from _doubled(f"column of {name}", (each.casefold() for each in columns))
        if len(columns) != right - left + 1:
            yield f"{name} has {len(columns)} columns in {tree.get('ref')}"
        if bottom <= top:
            yield f"{name} has no row below its headings"


def _sheet(parts: Parts, part: str) -> Iterator[str]:
    sheet = parts.tree(part)
    order = [ORDER.index(each.tag.removeprefix(MAIN)) for each in sheet]
    if order != sorted(order):
        yield "its parts are out of order"
    yield from _cells(parts, sheet)
    yield from _ranges("merged cells", _refs(sheet, "mergeCells/{0}mergeCell", "ref"))
    yield from _ranges(
        "columns", [(int(c.get("min")), 1, int(c.get("max")), 1) for c in sheet.iter(f"{MAIN}col")]
    )
    yield from _validations(sheet)
    yield from _formats(parts, sheet)
    yield from _notes(parts, part)
    areas = [
        range_boundaries(parts.tree(t).get("ref"))
        for t in parts.targets(part).values()
        if t.startswith("xl/tables/")
    ]
    yield from _ranges("tables", areas)
    protected = sheet.find(f"{MAIN}sheetProtection")
    if areas and protected is not None and protected.get("sheet") == "1":
        yield "a table on a protected sheet does not grow"


def _refs(sheet: ET.Element, path: str, key: str) -> list[tuple[int, int, int, int]]:
    found = sheet.findall(MAIN + path.format(MAIN))
    return [range_boundaries(each) for e in found for each in e.get(key, "").split()]


def _ranges(what: str, areas: list[tuple[int, int, int, int]]) -> Iterator[str]:
    for a, b in combinations(areas, 2):
        if a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]:
            yield f"{what} overlap: {a} and {b}"


def _cells(parts: Parts, sheet: ET.Element) -> Iterator[str]:
    styles = len(parts.tree("xl/styles.xml").find(f"{MAIN}cellXfs") or ())
    texts = len(parts.tree("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in parts.bytes else 0
    names = [name for name, _ in parts.sheets]
    rows = [int(row.get("r", 0)) for row in sheet.iter(f"{MAIN}row")]
    if any(a >= b for a, b in pairwise(rows)):
        yield "rows out of order"
    for row in sheet.iter(f"{MAIN}row"):
        if float(row.get("ht", 0)) > 409.5:
            yield f"row {row.get('r')} is too high"
        places = [coordinate_to_tuple(cell.get("r", "")) for cell in row]
        if any(a >= b for a, b in pairwise(places)) or {r for r, _ in places} - {
            int(row.get("r", 0))
        }:
            yield f"cells out of order in row {row.get('r')}"
        for cell in row:
            yield from (f"{cell.get('r')}: {said}" for said in _cell(cell, styles, texts, names))


def _cell(cell: ET.Element, styles: int, texts: int, sheets: list[str]) -> Iterator[str]:
    if int(cell.get("s", 0)) >= styles:
        yield "a style that is not there"
    value = cell.findtext(f"{MAIN}v", "")
    if cell.get("t") == "s" and not int(value) < texts:
        yield "a text that is not there"
    if cell.get("t", "n") == "n" and value:
        float(value)
    formula = cell.find(f"{MAIN}f")
    if formula is not None:
        yield from _formula(formula.text or "", sheets)
    said = "".join(cell.itertext())
    if len(said.encode("utf-16-le")) > 2 * 32_767 + 2 * 8192:
        yield "a text that is too long"


def _validations(sheet: ET.Element) -> Iterator[str]:
    group = sheet.find(f"{MAIN}dataValidations")
    if group is None:
        return
    if int(group.get("count", 0)) != len(group):
        yield "its validations are miscounted"
    yield from _ranges("validations", _refs(sheet, "dataValidations/{0}dataValidation", "sqref"))
    for each in group:
        where = each.get("sqref")
        for key, most in LONGEST.items():
            if len(each.get(key, "")) > most:
                yield f"{key} of {where} is too long"
        for formula in each:
            if len(formula.text or "") > 255:
                yield f"the formula of {where} is too long"
            if each.get("type") == "list" and (formula.text or "").startswith('"'):
                yield f"the list of {where} is written out"


def _formats(parts: Parts, sheet: ET.Element) -> Iterator[str]:
    styles = len(parts.tree("xl/styles.xml").find(f"{MAIN}dxfs") or ())
    rules = list(sheet.iter(f"{MAIN}cfRule"))
    yield from _doubled("priority", (each.get("priority") for each in rules))
    if any(int(each.get("dxfId", 0)) >= styles for each in rules):
        yield "a colour that is not there"


def _notes(parts: Parts, part: str) -> Iterator[str]:
    for target in parts.targets(part).values():
        if re.search(r"comments\d+\.xml$", target):
            notes = parts.tree(target)
            authors = len(notes.find(f"{MAIN}authors") or ())
            found = list(notes.iter(f"{MAIN}comment"))
            yield from _doubled("note", (each.get("ref") for each in found))
            if any(int(each.get("authorId", 0)) >= authors for each in found):
                yield "a note without an author"
            if parts.tree(part).find(f"{MAIN}legacyDrawing") is None:
                yield "notes that nothing draws"


def _doubled(what: str, keys: Iterable[object]) -> Iterator[str]:
    yield from (f"{what} twice: {key}" for key, times in Counter(keys).items() if times > 1)
