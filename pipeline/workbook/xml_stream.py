"""XML read as a stream, with limits that keep a hostile part from costing more than it weighs."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from pipeline.workbook.refusal import NotAWorkbook, damaged, too_big, unsafe

DEEPEST = 64  # elements within elements; drawings, the deepest real parts, stay below 30
MOST_ATTRIBUTES = 256  # of one element; real ones stay below 60
LONGEST_TOKEN = 1 << 20  # bytes of one tag or comment; a longer one makes old parsers quadratic
LONGEST_TEXT = 65_534  # characters of one element; a cell of Excel ends at 32,767
MOST_NAMES = 4_096  # different element and attribute names in one part; real parts have 300

_BUFFER = 64 << 10  # bytes of text handed over at once: one call for nearly every text
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")

_OFFICE = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_MAIN = (_OFFICE + "spreadsheetml/2006/main", _STRICT + "spreadsheetml/main")
_LINKS = (
    _OFFICE + "officeDocument/2006/relationships",
    _STRICT + "officeDocument/relationships",
)
_CUSTOM = (
    _OFFICE + "officeDocument/2006/custom-properties",
    _STRICT + "officeDocument/customProperties",
)
_VALUES = (
    _OFFICE + "officeDocument/2006/docPropsVTypes",
    _STRICT + "officeDocument/docPropsVTypes",
)
_CORE = (
    _OFFICE + "package/2006/metadata/core-properties",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
)

VALUE_TAGS = ("lpwstr", "lpstr", "bstr", "i1", "i2", "i4", "i8", "int", "ui1", "ui2", "ui4", "ui8",
              "uint", "r4", "r8", "decimal", "bool", "date", "filetime")  # fmt: skip
CORE_TAGS = ("title", "subject", "creator", "lastModifiedBy", "created", "modified")
_MAIN_TAGS = ("workbook", "workbookPr", "sheet", "definedName", "sst", "si", "numFmt", "cellXfs",
              "xf", "fonts", "font", "strike", "numFmts", "worksheet", "sheetData", "col", "row",
              "c", "v", "f", "is", "t", "rPh", "mergeCell")  # fmt: skip
# What holds a text and no element: half of a text around an element would be lost in silence.
_LEAVES = frozenset(("v", "f", "t", "definedName", *VALUE_TAGS, *CORE_TAGS))

# The parser keeps one string per name it meets and hands out what this table holds for it, so
# both families of namespaces and every prefix arrive as the same short names at no cost.
_SHORT_NAMES = {
    f"{namespace} {tag}": tag
    for namespaces, tags in (
        (_MAIN, _MAIN_TAGS),
        ((_OFFICE + "package/2006/relationships",), ("Relationship",)),
        ((_OFFICE + "package/2006/content-types",), ("Default", "Override")),
        (_CUSTOM, ("property",)),
        (_VALUES, VALUE_TAGS),
        (_CORE, CORE_TAGS),
    )
    for namespace in namespaces
    for tag in tags
}
_SHORT_NAMES |= {f"{namespace} id": "r:id" for namespace in _LINKS}
STRICT_ROOT = "strict workbook"
_SHORT_NAMES[f"{_MAIN[1]} workbook"] = STRICT_ROOT

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What to do where an element begins (attributes) or ends (text), and after each piece.

    `depths` says how deep an element must lie, the root being 1, `misplaced` what to raise for one
    that lies elsewhere; `other` is done where nothing else is to be done at a beginning.
    """

    starts: Mapping[str, Callable[[Attributes], object]] = field(default_factory=dict)
    ends: Mapping[str, Callable[[str], None]] = field(default_factory=dict)
    pause: Callable[[], object] = bool
    depths: Mapping[str, int] = field(default_factory=dict)
    misplaced: Callable[[], NotAWorkbook] = lambda: damaged("xml")
    other: Callable[[Attributes], object] = bool


def parse_part(name: str, chunks: Iterable[bytes], handlers: Handlers) -> None:
    """Read one part through the handlers; names come short, whatever their namespace prefix.

    Raises NotAWorkbook for XML that is broken, declares a document type, or exceeds a limit.
    """
    names: dict[str, Any] = dict(_SHORT_NAMES)
    texts: list[str] = []
    parser = _parser(name, handlers, texts, names)
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            handlers.pause()
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise unsafe("token", name)
            if sum(map(len, texts)) > LONGEST_TEXT:
                raise too_big("text", sum(map(len, texts)), LONGEST_TEXT)
            if len(names) > MOST_NAMES + len(_SHORT_NAMES):
                raise unsafe("element_names", name)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise damaged(name) from None


def _parser(
    name: str, handlers: Handlers, texts: list[str], names: dict[str, Any]
) -> expat.XMLParserType:
    """Set up a parser that refuses document types and hands over elements."""

    def refuse_doctype(*_: object) -> None:
        raise unsafe("doctype", name)

    def check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise damaged(name)

    parser = expat.ParserCreate(None, " ", names)
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.EntityDeclHandler = refuse_doctype
    parser.XmlDeclHandler = check_encoding
    parser.CharacterDataHandler = texts.append
    parser.StartElementHandler, parser.EndElementHandler = _guarded(name, handlers, texts)
    return parser


def _excess(name: str, depth: int, attributes: Attributes) -> NotAWorkbook | None:
    """Refuse an element that lies too deep or says too much of itself."""
    if depth > DEEPEST:
        return unsafe("depth", name)
    return unsafe("attributes", name) if len(attributes) > MOST_ATTRIBUTES else None


def _guarded(
    name: str, handlers: Handlers, texts: list[str]
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    """Wrap the handlers in what proves the place of each element, and gather each one's text."""
    starts, ends, other = handlers.starts.get, handlers.ends.get, handlers.other
    due = handlers.depths.get
    forget = texts.clear
    depth = deepest = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, deepest
        depth = deepest = depth + 1
        if depth > DEEPEST or len(attributes) > MOST_ATTRIBUTES or due(tag, depth) != depth:
            raise _excess(name, depth, attributes) or handlers.misplaced()
        if texts:
            forget()
        starts(tag, other)(attributes)

    def end(tag: str) -> None:
        nonlocal depth
        act = ends(tag)
        if act is not None:
            if deepest != depth and tag in _LEAVES:
                raise damaged(name)
            act("".join(texts))
        depth -= 1
        if texts:
            forget()

    return start, end
