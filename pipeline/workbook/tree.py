"""A part of XML held whole: what an auditor compares, where every element may matter."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.workbook.package import Package
from pipeline.workbook.xml_stream import Attributes, Handlers

_OFFICE = "http://schemas.openxmlformats.org/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
# Known namespaces by the prefix that they usually bear; the workbook's own have none. Any other
# keeps its whole name, so that an element no program knows is never taken for one that it does.
_PREFIXES = {
    f"{_OFFICE}spreadsheetml/2006/main": "",
    f"{_OFFICE}officeDocument/2006/relationships": "r:",
    f"{_OFFICE}officeDocument/2006/extended-properties": "",
    f"{_OFFICE}officeDocument/2006/custom-properties": "",
    f"{_OFFICE}officeDocument/2006/docPropsVTypes": "vt:",
    f"{_OFFICE}package/2006/metadata/core-properties": "cp:",
    f"{_OFFICE}drawingml/2006/main": "a:",
    f"{_OFFICE}drawingml/2006/chart": "c:",
    f"{_OFFICE}drawingml/2006/spreadsheetDrawing": "xdr:",
    f"{_OFFICE}markup-compatibility/2006": "mc:",
    f"{_MICROSOFT}drawing/2012/chart": "c15:",
    f"{_MICROSOFT}spreadsheetml/2009/9/main": "x14:",
    f"{_MICROSOFT}excel/2006/main": "xm:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


@dataclass(slots=True, eq=False)
class Branch:
    """An element: its name, its attributes, what stands in it, and its text."""

    tag: str
    attributes: Mapping[str, str]
    children: list["Branch"] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> Iterator["Branch"]:
        """The elements of that name that stand directly in this one."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> "Branch":
        """The first of them; an empty one where there is none."""
        return next(self.all(tag), Branch(tag, {}))


class _Every(Mapping[str, Callable[..., None]]):
    """Handlers for whatever name comes, where the reader of cells knows a few."""

    def __init__(self, handler: Callable[..., None]) -> None:
        self._handler = handler

    def __getitem__(self, tag: str) -> Callable[..., None]:
        return lambda given: self._handler(tag, given)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def read_tree(package: Package, part: str) -> Branch:
    """A part as a tree; NotAWorkbook for what is broken, hostile or too big."""
    open_elements = [Branch("", {})]
    names: dict[str, str] = {}

    def short(name: str) -> str:
        if name not in names:
            names[name] = _short(name)
        return names[name]

    def start(tag: str, attributes: Attributes) -> None:
        branch = Branch(short(tag), {short(name): text for name, text in attributes.items()})
        open_elements[-1].children.append(branch)
        open_elements.append(branch)

    def end(_: str, text: str) -> None:
        open_elements.pop().text = text

    package.parse(part, Handlers(_Every(start), _Every(end)))
    return open_elements[0].children[0]


def _short(name: str) -> str:
    namespace, space, local = name.rpartition(" ")
    if not space:
        return local
    return f"{_PREFIXES[namespace]}{local}" if namespace in _PREFIXES else f"{{{namespace}}}{local}"


def whole_number(text: str, otherwise: int) -> int:
    """The number that an attribute states; another where it states none."""
    return int(text) if text.isascii() and text.isdigit() else otherwise
