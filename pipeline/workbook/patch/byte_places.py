"""Where the elements of a part stand in its bytes, and changes made there and nowhere else."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from pipeline.workbook.xml_stream import DEEPEST

_QUOTES = (b'"', b"'")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_IN_A_TAG = str.maketrans(_ESCAPES | {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
_UNSEEN: dict[str, str | None] = {chr(n): None for n in (*range(0x20), 0xFFFE, 0xFFFF)}
_IN_TEXT = str.maketrans(_UNSEEN | {"\t": "\t", "\n": "\n", "\r": "&#13;"} | _ESCAPES)
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BYTE_ORDER_16 = (b"\xff\xfe", b"\xfe\xff")


class Unmarkable(Exception):  # noqa: N818 - the name says what the workbook is
    """A workbook that can be read but cannot be marked without harm: the key of the reason."""

    def __init__(self, reason: str) -> None:
        """Keep the key of the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True, eq=False)
class Element:
    """An element as it is written: names with their prefix, and its places in the part's bytes.

    Its start tag is `begin` to `inner`, its end tag `close` to `stop`; without an end tag these
    are all but the first the same place.
    """

    name: str
    attributes: dict[str, str]
    begin: int
    inner: int
    close: int = 0
    stop: int = 0
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing."""
        return self.name.removesuffix(self.local)

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written as one tag."""
        return self.inner == self.stop

    @property
    def link(self) -> str:
        """The identifier of the link that it names, whatever the prefix; or nothing."""
        ids = (v for k, v in self.attributes.items() if k.rpartition(":")[2] == "id")
        return next(ids, "")

    def all(self, *path: str) -> list["Element"]:
        """The elements at the end of a path of local names below this one."""
        nodes = [self]
        for name in path:
            nodes = [child for node in nodes for child in node.children if child.local == name]
        return nodes

    def first(self, *path: str) -> "Element | None":
        """The first element at the end of a path, or nothing."""
        return next(iter(self.all(*path)), None)


def parser_of(
    start: Callable[[str, dict[str, str]], None], end: Callable[[str], None]
) -> expat.XMLParserType:
    """A parser that says where it is; it takes UTF-8 alone and refuses document types."""

    def refuse(*_: object) -> None:
        raise Unmarkable("unsafe")

    def check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            raise Unmarkable("encoding")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.XmlDeclHandler = check_encoding
    parser.StartElementHandler, parser.EndElementHandler = start, end
    return parser


def parse(parser: expat.XMLParserType, data: bytes) -> None:
    """Let the parser read a part whole."""
    if data.startswith(_BYTE_ORDER_16):
        raise Unmarkable("encoding")
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise Unmarkable("damaged") from None


def outline(data: bytes, opaque: str = "") -> Element:
    """The elements of a part as a tree; nothing is kept of what an `opaque` element holds."""
    top = Element("", {}, 0, 0)
    path = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        begin = parser.CurrentByteIndex
        node = Element(name, attributes, begin, end_of_tag(data, begin))
        path[-1].children.append(node)
        path.append(node)
        if len(path) > DEEPEST:
            raise Unmarkable("unsafe")
        if node.local == opaque:
            parser.StartElementHandler = parser.CharacterDataHandler = None

    def text(piece: str) -> None:
        path[-1].text += piece

    def end(name: str) -> None:
        node = path[-1]
        if parser.StartElementHandler is None:
            if name != node.name:
                return
            parser.StartElementHandler, parser.CharacterDataHandler = start, text
        path.pop()
        # Of an empty tag the parser says, at its end, where that end is.
        node.close = parser.CurrentByteIndex
        one_tag = data[node.inner - 2 : node.inner] == b"/>"
        node.stop = node.inner if one_tag else end_of_tag(data, node.close)
        node.close = node.inner if one_tag else node.close

    parser = parser_of(start, end)
    parser.CharacterDataHandler = text
    parse(parser, data)
    return top.children[0]


def end_of_tag(data: bytes, begin: int) -> int:
    """The place behind the tag that begins here; a value in quotes may hold its closing sign."""
    at = begin
    while True:
        end = data.index(b">", at)
        opened = [place for quote in _QUOTES if (place := data.find(quote, at, end)) >= 0]
        if not opened:
            return end + 1
        first = min(opened)
        at = data.index(data[first : first + 1], first + 1) + 1


class Edits:
    """Changes to one part, each at its own place; all other bytes stay as they are."""

    def __init__(self, data: bytes) -> None:
        """Start without a change."""
        self.data = data
        self._splices: list[tuple[int, int, bytes]] = []

    def replace(self, begin: int, end: int, new: bytes) -> None:
        """Put something in the place of these bytes."""
        self._splices.append((begin, end, new))

    def insert(self, at: int, new: bytes) -> None:
        """Put something before this place, behind what was put there earlier."""
        self._splices.append((at, at, new))

    def remove(self, node: Element) -> None:
        """Take an element out."""
        self.replace(node.begin, node.stop, b"")

    def change(
        self, node: Element, attributes: Mapping[str, str | None] | None = None, append: bytes = b""
    ) -> None:
        """Set attributes of an element (None takes one away) and put more at its end."""
        changed = with_attributes(node.attributes, attributes or {})
        if node.is_empty_tag and append:
            self.replace(node.begin, node.stop, element(node.name, changed, append))
            return
        if changed != node.attributes:
            new = tag(node.name, changed, closed=node.is_empty_tag)
            self.replace(node.begin, node.inner, new)
        if append:
            self.insert(node.close, append)

    def done(self) -> bytes:
        """The part with its changes."""
        if not self._splices:
            return self.data
        pieces, at = [], 0
        for begin, end, new in sorted(self._splices, key=lambda splice: splice[:2]):
            pieces += [self.data[at:begin], new]
            at = end
        return b"".join([*pieces, self.data[at:]])


def with_attributes(
    attributes: Mapping[str, str], changes: Mapping[str, str | None]
) -> dict[str, str]:
    """Attributes with some set and some taken away, in their order."""
    merged = {**attributes, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def tag(name: str, attributes: Mapping[str, str], *, closed: bool = True) -> bytes:
    """A start tag, or a tag that is a whole element."""
    pairs = "".join(f' {key}="{value.translate(_IN_A_TAG)}"' for key, value in attributes.items())
    return f"<{name}{pairs}{'/' if closed else ''}>".encode()


def element(name: str, attributes: Mapping[str, str], inner: bytes) -> bytes:
    """An element with its start tag, what it holds, and its end tag."""
    return tag(name, attributes, closed=False) + inner + f"</{name}>".encode()


def escaped(text: str) -> str:
    """A text as it stands between tags."""
    return text.translate(_IN_TEXT)


def cell_text(text: str) -> str:
    """A text as a cell or a note stores it, in which a number between `_x` and `_` is a sign."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return escaped(_LIKE_AN_ESCAPE.sub("_x005F_", whole))
