"""The styles of a workbook: a cell's own look with a colour of ours, and back again."""

import json
import re
from dataclasses import dataclass

from pipeline.workbook.patch.byte_places import (
    Edits,
    Element,
    Unmarkable,
    element,
    outline,
    tag,
)

_GROUPS = ("fonts", "fills", "borders", "cellXfs")
_AS_TEXT = "49"  # the number of the format @
_NO_FILL = 0  # the first fill of every workbook
_SIDES = ("left", "right", "top", "bottom")
_LINE = "FFBFBFBF"
_COLOUR = re.compile(r"[0-9A-Za-z.+-]{1,24}")
_PATTERN = re.compile(r"[A-Za-z0-9]{1,24}")
_APPLIED = ("NumberFormat", "Font", "Fill", "Border", "Alignment", "Protection")
_COLOUR_KEYS = {"rgb", "theme", "tint", "indexed", "auto"}


@dataclass(frozen=True)
class CellLook:
    """What a cell that we write looks like; colours are six hexadecimal digits."""

    font: str
    size: int = 14
    bold: bool = False
    underlined: bool = False
    colour: str = "000000"
    fill: str = ""
    boxed: bool = True
    centred: bool = False
    open: bool = False


class CellLooks:
    """The part of styles while it grows; nothing that was there is changed."""

    def __init__(self, data: bytes, colours: tuple[str, ...]) -> None:
        """Read the styles; `colours` are those by which marked cells are known."""
        self._edits = Edits(data)
        root = outline(data)
        groups = {name: root.first(name) for name in _GROUPS}
        if not all(node is not None and node.children for node in groups.values()):
            raise Unmarkable("styles")
        self._groups = {name: node for name, node in groups.items() if node is not None}
        self._prefix = root.prefix
        self._raw = {
            name: [data[child.begin : child.stop] for child in node.children]
            for name, node in self._groups.items()
        }
        self._saved_counts = {name: len(raw) for name, raw in self._raw.items()}
        self._styles = [self._read_style(node) for node in self._groups["cellXfs"].children]
        self._fills = [_describe(node) for node in self._groups["fills"].children]
        self._marks = colours
        self._numbers: dict[object, int] = {}

    @property
    def has_marks(self) -> bool:
        """Whether there is any style with one of our colours."""
        return any(map(self.is_marked, range(len(self._styles))))

    def is_marked(self, style: int) -> bool:
        """Whether cells of this style bear one of our colours."""
        return _solid_colour(self.fill_of(style)) in self._marks

    def fill_of(self, style: int) -> str:
        """The fill of a style in words of our own; nothing for one that has no such words."""
        fill = int(self._style(style)[0].get("fillId", "0"))
        return self._fills[fill] if fill < len(self._fills) else ""

    def marked(self, style: int, colour: str) -> int:
        """The same style but for its fill."""
        if (style, colour) not in self._numbers:
            self._numbers[style, colour] = self._with_fill(style, self._fill(_solid(colour)))
        return self._numbers[style, colour]

    def restored(self, style: int, fill: str) -> int:
        """The style as it was before it was marked: with the fill given, else the likeliest."""
        if _is_fill(fill) and _solid_colour(fill) not in self._marks:
            alike = [n for n in self._alike(style) if self.fill_of(n) == fill]
            return alike[0] if alike else self._with_fill(style, self._fill(fill))
        alike = [n for n in self._alike(style) if not self.is_marked(n)]
        return alike[0] if alike else self._with_fill(style, _NO_FILL)

    def look(self, look: CellLook, *, quoted: bool) -> int:
        """The number of a style that looks like this; a quoted one keeps text that begins so."""
        if (look, quoted) not in self._numbers:
            self._numbers[look, quoted] = self._new_look(look, quoted=quoted)
        return self._numbers[look, quoted]

    def _new_look(self, look: CellLook, *, quoted: bool) -> int:
        fill = self._fill(_solid(look.fill)) if look.fill else _NO_FILL
        attributes = {
            "numFmtId": _AS_TEXT,
            "fontId": str(self._index("fonts", self._font(look))),
            "fillId": str(fill),
            "borderId": str(self._index("borders", self._border(look))),
            "xfId": "0",
            **({"quotePrefix": "1"} if quoted else {}),
            **{f"apply{part}": "1" for part in _APPLIED},
        }
        align = {"vertical": "top", "wrapText": "1"}
        align |= {"horizontal": "center"} if look.centred else {"horizontal": "left"}
        align |= {} if look.centred or not look.boxed else {"indent": "1"}
        locked = {"locked": "0" if look.open else "1"}
        inner = self._tag("alignment", align) + self._tag("protection", locked)
        return self._add_style(attributes, inner)

    def done(self) -> bytes:
        """The part with what was added."""
        for name, node in self._groups.items():
            new = self._raw[name][self._saved_counts[name] :]
            counted = {"count": str(len(self._raw[name]))} if new else {}
            self._edits.change(node, counted, b"".join(new))
            self._saved_counts[name] = len(self._raw[name])
        return self._edits.done()

    def _tag(self, name: str, attributes: dict[str, str], inner: bytes = b"") -> bytes:
        name = self._prefix + name
        return element(name, attributes, inner) if inner else tag(name, attributes)

    def _read_style(self, node: Element) -> tuple[dict[str, str], bytes]:
        return node.attributes, self._edits.data[node.inner : node.close]

    def _style(self, style: int) -> tuple[dict[str, str], bytes]:
        return self._styles[style if style < len(self._styles) else 0]

    def _alike(self, style: int) -> list[int]:
        """The styles that differ from this one by their fill at most."""
        wanted = _but_for_fill(self._style(style))
        return [n for n, each in enumerate(self._styles) if _but_for_fill(each) == wanted]

    def _with_fill(self, style: int, fill: int) -> int:
        attributes, inner = self._style(style)
        return self._add_style({**attributes, "fillId": str(fill), "applyFill": "1"}, inner)

    def _add_style(self, attributes: dict[str, str], inner: bytes) -> int:
        style = (attributes, inner)
        if style in self._styles:
            return self._styles.index(style)
        self._styles.append(style)
        self._raw["cellXfs"].append(self._tag("xf", attributes, inner))
        return len(self._styles) - 1

    def _fill(self, words: str) -> int:
        """The number of a fill; a new one where there is none like it."""
        if words in self._fills:
            return self._fills.index(words)
        pattern, front, back = json.loads(words)
        colours = {"fgColor": front, "bgColor": back}
        inner = b"".join(self._tag(name, colour) for name, colour in colours.items() if colour)
        inner = self._tag("patternFill", {"patternType": pattern}, inner)
        self._fills.append(words)
        self._raw["fills"].append(self._tag("fill", {}, inner))
        return len(self._fills) - 1

    def _index(self, group: str, raw: bytes) -> int:
        if raw not in self._raw[group]:
            self._raw[group].append(raw)
        return self._raw[group].index(raw)

    def _font(self, look: CellLook) -> bytes:
        flags = (("b", look.bold), ("u", look.underlined))
        inner = b"".join(self._tag(name, {}) for name, on in flags if on)
        inner += self._tag("sz", {"val": str(look.size)})
        inner += self._tag("color", {"rgb": f"FF{look.colour}"})
        inner += self._tag("name", {"val": look.font}) + self._tag("family", {"val": "2"})
        return self._tag("font", {}, inner)

    def _border(self, look: CellLook) -> bytes:
        colour = self._tag("color", {"rgb": _LINE})
        line = ({"style": "thin"}, colour) if look.boxed else ({}, b"")
        sides = b"".join(self._tag(side, *line) for side in _SIDES)
        return self._tag("border", {}, sides + self._tag("diagonal", {}))


def _but_for_fill(style: tuple[dict[str, str], bytes]) -> tuple[dict[str, str], bytes]:
    attributes, inner = style
    kept = {k: v for k, v in attributes.items() if k not in ("fillId", "applyFill")}
    return kept, inner


def _solid(colour: str) -> str:
    return json.dumps(["solid", {"rgb": f"FF{colour}"}, {"indexed": "64"}])


def _solid_colour(words: str) -> str:
    """The six digits of the colour of a solid fill in words, or nothing."""
    pattern, front, _ = json.loads(words or '["", {}, {}]')
    return str(front.get("rgb", ""))[-6:].upper() if pattern == "solid" else ""


def _describe(fill: Element) -> str:
    """A fill in words that can be told again; nothing for a gradient."""
    pattern = fill.first("patternFill")
    if pattern is None:
        return ""
    nodes = [pattern.first(name) for name in ("fgColor", "bgColor")]
    colours = [node.attributes if node else {} for node in nodes]
    return json.dumps([pattern.attributes.get("patternType", "none"), *colours])


def _is_fill(words: str) -> bool:
    """Whether these are words of `_describe`: they come back from a workbook."""
    try:
        pattern, *colours = json.loads(words)
    except (ValueError, TypeError):
        return False
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern) or len(colours) != 2:
        return False
    return all(isinstance(each, dict) and _is_colour(each) for each in colours)


def _is_colour(colour: dict[str, object]) -> bool:
    values = all(isinstance(v, str) and _COLOUR.fullmatch(v) for v in colour.values())
    return values and colour.keys() <= _COLOUR_KEYS
