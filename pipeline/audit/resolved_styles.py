"""How a cell looks: its style followed to the number format, font, fill and border it names."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pipeline.workbook.tree import Branch, whole_number

Look = Mapping[str, str]
_PARTS = (
    ("font", "fonts", "fontId"),
    ("fill", "fills", "fillId"),
    ("border", "borders", "borderId"),
)
# The order in which `theme="n"` counts the colours of a theme, which stores them otherwise.
_ACCENTS = tuple(f"accent{number}" for number in range(1, 7))
_THEME_COLOURS = ("lt1", "dk1", "lt2", "dk2", *_ACCENTS, "hlink", "folHlink")
_SYSTEM = {"64": "foreground", "65": "background"}
_COLOUR = ("rgb", "theme", "indexed", "auto", "tint")
_COLOUR_TAGS = frozenset({"color", "fgColor", "bgColor", "tabColor"})
_BUILT_IN = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%",
             "10": "0.00%", "49": "@"}  # fmt: skip
_IMPLIED = {"b": "1", "i": "1", "strike": "1", "u": "single"}
_FOLLOWED = frozenset({"numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "colors"})
_FOLLOWED |= {group for _, group, _ in _PARTS}
_SECOND = "fill/patternFill/bgColor"


class ResolvedStyles:
    """The looks that a workbook's styles and theme define, each by its number."""

    def __init__(self, styles: Branch, theme: Branch) -> None:
        """Keep the two parts; a workbook may lack either."""
        self._styles, self._theme = styles, theme
        self._looks: dict[str, Look] = {}

    def __getitem__(self, style: str) -> Look:
        """What a cell of that style looks like, as facts by their names."""
        if style not in self._looks:
            self._looks[style] = dict(self._look(style))
        return self._looks[style]

    def differential(self, number: str) -> Iterator[tuple[str, str]]:
        """What a conditional format changes of a cell's look."""
        look = self._member("dxfs", number)
        for child in look.children if look else ():
            yield from self._flat(child, f"/{child.tag}")
        if look is None and number:
            yield "/dxf", number

    def default_font(self) -> Iterator[tuple[str, str]]:
        """The font of the Normal style: the unit in which columns are wide."""
        font = self._member("fonts", "0")
        yield from self._flat(font, "default font") if font else ()

    def other(self) -> Iterator[Branch]:
        """What else the styles say that no cell names."""
        return (child for child in self._styles.children if child.tag not in _FOLLOWED)

    def colour_of(self, branch: Branch, name: str, text: str) -> str:
        """An attribute as it is, a colour as it is seen."""
        if branch.tag in _COLOUR_TAGS and name in _COLOUR:
            return self._colour(branch.attributes) if name != "tint" else text
        return text

    # --- a look ---------------------------------------------------------------------------------

    def _member(self, group: str, number: str) -> Branch | None:
        members = self._groups.get(group, ())
        place = whole_number(number, len(members))
        return members[place] if place < len(members) else None

    @cached_property
    def _groups(self) -> Mapping[str, list[Branch]]:
        return {group.tag: group.children for group in self._styles.children}

    @cached_property
    def _formats(self) -> Mapping[str, str]:
        return {
            each.attributes.get("numFmtId", ""): each.attributes.get("formatCode", "")
            for each in self._groups.get("numFmts", ())
        }

    def _look(self, style: str) -> Iterator[tuple[str, str]]:
        xf = self._member("cellXfs", style)
        if xf is None:
            if style != "0":
                yield "style", style
            return
        attributes = dict(xf.attributes)
        number = attributes.pop("numFmtId", "0")
        built_in = _BUILT_IN.get(number, f"built-in {number}")
        yield "number format", self._formats.get(number, built_in)
        for name, group, key in _PARTS:
            part = self._member(group, attributes.pop(key, "0"))
            yield from _as_shown(self._flat(part, name)) if part else ()
        for child in xf.children:
            yield from self._flat(child, child.tag)
        attributes.pop("xfId", "")
        yield from ((f"xf@{key}", text) for key, text in attributes.items())

    def _flat(self, branch: Branch, path: str) -> Iterator[tuple[str, str]]:
        if branch.tag == "font":
            branch = self._named(branch)
        if branch.tag in _COLOUR_TAGS:
            yield f"{path}", self._colour(branch.attributes)
            return
        attributes = branch.attributes
        if not attributes and not branch.children:  # `<b/>` is bold, `<u/>` underlined once
            attributes = {"val": _IMPLIED.get(branch.tag, "")}
        for name, text in attributes.items():
            yield f"{path}@{name}", text
        for child in branch.children:
            yield from self._flat(child, f"{path}/{child.tag}")

    # --- colours and fonts of the theme ---------------------------------------------------------

    def _colour(self, attributes: Mapping[str, str]) -> str:
        """A colour as RRGGBB, whichever way it is named; what cannot be followed stays as it is."""
        tint = f" tint {attributes['tint']}" if "tint" in attributes else ""
        if "rgb" in attributes:
            return attributes["rgb"][-6:].upper() + tint
        place = whole_number(attributes.get("theme", ""), len(_THEME_COLOURS))
        if place < len(_THEME_COLOURS):
            return self._theme_colour(_THEME_COLOURS[place]) + tint
        if "indexed" in attributes:
            return self._indexed(attributes["indexed"]) + tint
        return repr(sorted(attributes.items()))

    def _named(self, font: Branch) -> Branch:
        """A font by its own name, where it names one of the theme's two."""
        scheme = font.first("scheme").attributes.get("val", "")
        fonts = self._theme.first("a:themeElements").first("a:fontScheme").first(f"a:{scheme}Font")
        name = fonts.first("a:latin").attributes.get("typeface")
        if not scheme or not name:
            return font
        others = [each for each in font.children if each.tag not in ("scheme", "name")]
        return Branch(font.tag, font.attributes, [*others, Branch("name", {"val": name})])

    def _theme_colour(self, name: str) -> str:
        scheme = self._theme.first("a:themeElements").first("a:clrScheme")
        colours = scheme.first(f"a:{name}").children
        colour = colours[0].attributes if colours else {}
        return colour.get("lastClr", colour.get("val", f"theme {name}")).upper()

    def _indexed(self, number: str) -> str:
        colours = Branch("colors", {}, self._groups.get("colors", []))
        palette = [each for group in colours.all("indexedColors") for each in group.children]
        place = whole_number(number, len(palette))
        if place < len(palette):
            return palette[place].attributes.get("rgb", "")[-6:].upper()
        return _SYSTEM.get(number, f"indexed {number}")


def _as_shown(facts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The facts of a look, with the second colour of a solid fill by the name of what it is."""
    look = dict(facts)
    if look.get("fill/patternFill@patternType") == "solid" and _SECOND in look:
        look["fill/solid second colour"] = look.pop(_SECOND)
    yield from look.items()
