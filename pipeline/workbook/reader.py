"""The reader of workbooks: every filled cell with its address, its value as typed and its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from pipeline.workbook.addresses import address, column_letters, parse_address
from pipeline.workbook.drawings import read_boxes
from pipeline.workbook.formats import read_styles
from pipeline.workbook.grid import Cell, CellType, Moment, Sheet, Style, Workbook
from pipeline.workbook.package import Package, Relation, open_package
from pipeline.workbook.refusal import NotAWorkbook, damaged, too_big, unsafe
from pipeline.workbook.sheets import Overlong, SheetReader, thinned
from pipeline.workbook.values import Values, plain, read_shared_texts
from pipeline.workbook.xml_stream import (
    CORE_TAGS,
    STRICT_ROOT,
    VALUE_TAGS,
    Attributes,
    Handlers,
    parse_part,
)

__all__ = [
    "Cell",
    "CellType",
    "Formulas",
    "Moment",
    "NotAWorkbook",
    "Sheet",
    "Style",
    "Workbook",
    "address",
    "column_letters",
    "open_workbook",
    "parse_address",
    "read_cells",
    "read_formulas",
]

MOST_SHEETS = 200  # of 2,500 public workbooks one had more, and that one was made as a test
MOST_DEFINED_NAMES = 100_000  # largest public workbook: some thousands
MOST_PROPERTIES = 10_000  # custom properties of one workbook; real ones have a dozen

_WORKSHEET = "worksheet"
_TRUE = ("1", "true")
_STATES = ("visible", "hidden", "veryHidden")

Formulas = dict[tuple[int, int], str]


@dataclass(slots=True)
class _Contents:
    """What the workbook part lists: (name, state, link) of each sheet, and the defined names."""

    is_workbook: bool = False
    strict: bool = False
    date1904: bool = False
    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)


def read_cells(data: bytes) -> Workbook:
    """Read every filled cell of a workbook from the bytes of its file.

    Raises NotAWorkbook for what is no workbook, is damaged, or would cost too much to hold.
    """
    package = open_package(data)
    contents = _contents(package)
    links = package.relations(package.main)
    values = _values(package, links, date1904=contents.date1904)
    parts = _parts(package, contents, links)
    return Workbook(
        sheets=tuple(_sheet(package, *part, values) for part in parts),
        date1904=contents.date1904,
        strict=contents.strict,
        defined_names=_scoped(contents),
        custom_properties=_custom_properties(package),
        core_properties=_core_properties(package),
        has_macros=package.has_macros,
        external_links=package.external_links,
    )


def open_workbook(data: bytes) -> Workbook | NotAWorkbook:
    """The workbook that the bytes of a file are, or why they are none."""
    try:
        return read_cells(data)
    except NotAWorkbook as refusal:
        return refusal


def read_formulas(data: bytes) -> dict[str, Formulas]:
    """Read the formulas of every sheet, by the sheet's name; none where a sheet has no cells.

    Raises NotAWorkbook as `read_cells` does.
    """
    package = open_package(data)
    parts = _parts(package, _contents(package), package.relations(package.main))
    return {name: _formulas(package, name, link) for name, _, link in parts}


def _formulas(package: Package, name: str, part: Relation) -> Formulas:
    """The formulas of one sheet as they are stored; one stored for several cells stands at each."""
    formulas: Formulas = {}
    shared: dict[str, str] = {}
    cell = shared_as = ""

    def begin_cell(attributes: Attributes) -> None:
        nonlocal cell
        cell = attributes.get("r", "")

    def begin_formula(attributes: Attributes) -> None:
        nonlocal shared_as
        shared_as = attributes.get("si", "")

    def end_formula(text: str) -> None:
        if text and shared_as:
            shared[shared_as] = text
        try:
            place = parse_address(cell)
        except ValueError:
            raise damaged(f"{name}!{cell[:20]}") from None
        formulas[place] = text or shared.get(shared_as, "")

    if part.kind == _WORKSHEET:
        handlers = Handlers({"c": begin_cell, "f": begin_formula}, {"f": end_formula})
        package.parse(part.target, handlers)
    return formulas


def _contents(package: Package) -> _Contents:
    """Read the workbook part."""
    contents = _Contents()
    scope: list[tuple[str, str]] = []

    def begin(_: Attributes) -> None:
        contents.is_workbook = True

    def begin_strict(_: Attributes) -> None:
        contents.is_workbook = contents.strict = True

    def workbook_properties(attributes: Attributes) -> None:
        contents.date1904 = attributes.get("date1904", "0") in _TRUE

    def sheet(attributes: Attributes) -> None:
        state = attributes.get("state", "visible")
        contents.sheets.append((attributes.get("name", ""), state, attributes.get("r:id", "")))
        contents.numbers.append(attributes.get("sheetId", ""))

    def begin_name(attributes: Attributes) -> None:
        scope[:] = [(attributes.get("localSheetId", ""), attributes.get("name", ""))]

    def end_name(text: str) -> None:
        contents.names[scope[0]] = text
        if len(contents.names) > MOST_DEFINED_NAMES:
            raise too_big("names", len(contents.names), MOST_DEFINED_NAMES)

    starts = {
        "workbook": begin,
        STRICT_ROOT: begin_strict,
        "workbookPr": workbook_properties,
        "sheet": sheet,
        "definedName": begin_name,
    }
    depths = {"workbookPr": 2, "sheet": 3, "definedName": 3}
    package.parse(package.main, Handlers(starts, {"definedName": end_name}, depths=depths))
    _check_contents(package.main, contents)
    return contents


def _check_contents(part: str, contents: _Contents) -> None:
    """Refuse a list of sheets that Excel itself would not have written."""
    count = len(contents.sheets)
    if not contents.is_workbook:
        raise damaged(part)
    if not count:
        raise NotAWorkbook("no_sheets")
    if count > MOST_SHEETS:
        raise NotAWorkbook("too_many_sheets", found=count, limit=MOST_SHEETS)
    names = {name.lower() for name, _, _ in contents.sheets}
    links = [link for _, _, link in contents.sheets if link]
    states = all(state in _STATES for _, state, _ in contents.sheets)
    twice = len({*contents.numbers}) != count or len(set(links)) != len(links)
    if len(names) != count or twice or "" in names or not states:
        raise damaged(part)


def _scoped(contents: _Contents) -> dict[str, str]:
    """Key the defined names, those of one sheet behind the sheet's name."""
    scoped = {}
    for (place, name), text in contents.names.items():
        of_sheet = place.isascii() and place.isdigit() and int(place) < len(contents.sheets)
        scoped[f"{contents.sheets[int(place)][0]}!{name}" if of_sheet else name] = text
    return scoped


def _values(package: Package, links: Mapping[str, Relation], *, date1904: bool) -> Values:
    """Read what cells refer to: the shared texts and the styles."""
    kinds = ("sharedStrings", "styles")
    named = [link for link in links.values() if link.kind in kinds and not link.external]
    parts = {link.kind: link.target for link in named}
    if len(parts) != len(named):
        raise damaged(package.main)
    texts, styles = parts.get("sharedStrings"), parts.get("styles")
    return Values(
        read_shared_texts(package, texts) if texts else [],
        read_styles(package, styles) if styles else (),
        date1904=date1904,
    )


def _parts(
    package: Package, contents: _Contents, links: Mapping[str, Relation]
) -> list[tuple[str, str, Relation]]:
    """The name, the state and the part of each sheet, in the order of their tabs.

    Excel lists a module of its old programs as a sheet without a part.
    """
    parts: list[tuple[str, str, Relation]] = []
    for name, state, identifier in (each for each in contents.sheets if each[2]):
        link = links.get(identifier)
        if link is not None and link.external:
            raise unsafe("external_sheet", name)
        if link is None or link.target not in package:
            raise damaged(name)
        parts.append((name, state, link))
    if len({link.target.lower() for _, _, link in parts}) != len(parts):
        raise damaged(package.main)
    if not any(link.kind == _WORKSHEET for _, _, link in parts):
        raise NotAWorkbook("no_sheets")
    return parts


def _sheet(package: Package, name: str, state: str, link: Relation, values: Values) -> Sheet:
    """Read one sheet; a chart or a macro sheet has no cells for us."""
    if link.kind != _WORKSHEET:
        return Sheet(name, {}, state)
    reader = SheetReader(name, values)
    try:
        parse_part(link.target, thinned(package.feed(link.target), values.tally), reader.handlers)
    except Overlong:
        return reader.head(state)
    boxes = tuple(read_boxes(package, link.target))
    return replace(reader.sheet(state), boxes=boxes) if boxes else reader.sheet(state)


def _custom_properties(package: Package) -> dict[str, str]:
    """Read the properties that a program has added to the workbook, as text."""
    properties: dict[str, str] = {}
    name = ""

    def begin(attributes: Attributes) -> None:
        nonlocal name
        name = attributes.get("name", "")

    def value(text: str) -> None:
        properties[name] = plain(text)
        if len(properties) > MOST_PROPERTIES:
            raise too_big("properties", len(properties), MOST_PROPERTIES)

    handlers = Handlers({"property": begin}, dict.fromkeys(VALUE_TAGS, value))
    _parse_kinds(package, ("custom-properties", "customProperties"), handlers)
    return properties


def _core_properties(package: Package) -> dict[str, str]:
    """Read title, author and times of the workbook, as text."""
    properties: dict[str, str] = {}
    handlers = Handlers({}, {tag: partial(properties.__setitem__, tag) for tag in CORE_TAGS})
    _parse_kinds(package, ("core-properties", "coreProperties"), handlers)
    return properties


def _parse_kinds(package: Package, kinds: tuple[str, ...], handlers: Handlers) -> None:
    """Read the parts that the package itself links in one of these ways."""
    for link in package.relations("").values():
        if link.kind in kinds and not link.external and link.target in package:
            package.parse(link.target, handlers)
