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
_GENERAL = "General"
_IMPLIED = {"b": "1", "i": "1", "strike": "1", "u": "single"}
_FOLLOWED = frozenset({"numFmts", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "colors"})
_FOLLOWED |= {group for _, group, _ in _PARTS}
_SECOND = "fill/patternFill/bgColor"


class ResolvedStyles:
    """The looks that a workbook's styles and theme define, each by its number."""

    def __init__(self, styles: Branch, theme: Branch) -> None:
        """Keep the two parts; a workbook may lack either."""
        self._styles, self._theme = styles, theme
        self._known: dict[str, Look] = {}

    def __getitem__(self, style: str) -> Look:
        """What a cell of that style looks like, as facts by their names."""
        if style not in self._known:
            self._known[style] = dict(self._look(style))
        return self._known[style]

    def differential(self, number: str) -> Iterator[tuple[str, str]]:
        """What a conditional format changes of a cell's look."""
        found = self._member("dxfs", number)
        for child in found.children if found else ():
            yield from self._flat(child, f"/{child.tag}")
        if found is None and number:
            yield "/dxf", number

    def default_font(self) -> Iterator[tuple[str, str]]:
        """The font of the Normal style: the unit in which columns are wide."""
        found = self._member("fonts", "0")
        yield from self._flat(found, "default font") if found else ()

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
        given = dict(xf.attributes)
        number = given.pop("numFmtId", "0")
        yield "number format", self._formats.get(number, _built_in(number))
        for name, group, key in _PARTS:
            found = self._member(group, given.pop(key, "0"))
            yield from _as_shown(self._flat(found, name)) if found else ()
        for child in xf.children:
            yield from self._flat(child, child.tag)
        given.pop("xfId", "")
        yield from ((f"xf@{key}", text) for key, text in given.items())

    def _flat(self, branch: Branch, path: str) -> Iterator[tuple[str, str]]:
        if branch.tag == "font":
            branch = self._named(branch)
        if branch.tag in _COLOUR_TAGS:
            yield f"{path}", self._colour(branch.attributes)
            return
        given = branch.attributes
        if not given and not branch.children:  # `<b/>` is bold, `<u/>` underlined once
            given = {"val": _IMPLIED.get(branch.tag, "")}
        for name, text in given.items():
            yield f"{path}@{name}", text
        for child in branch.children:
            yield from self._flat(child, f"{path}/{child.tag}")

    # --- colours and fonts of the theme ---------------------------------------------------------

    def _colour(self, given: Mapping[str, str]) -> str:
        """A colour as RRGGBB, whichever way it is named; what cannot be followed stays as it is."""
        tint = f" tint {given['tint']}" if "tint" in given else ""
        if "rgb" in given:
            return given["rgb"][-6:].upper() + tint
        place = whole_number(given.get("theme", ""), len(_THEME_COLOURS))
        if place < len(_THEME_COLOURS):
            return self._theme_colour(_THEME_COLOURS[place]) + tint
        if "indexed" in given:
            return self._indexed(given["indexed"]) + tint
        return repr(sorted(given.items()))

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
        found = scheme.first(f"a:{name}").children
        given = found[0].attributes if found else {}
        return given.get("lastClr", given.get("val", f"theme {name}")).upper()

    def _indexed(self, number: str) -> str:
        palette = [
            each
            for group in self._groups.get("colors", ())
            if group.tag == "indexedColors"
            for each in group.children
        ]
        place = whole_number(number, len(palette))
        if place < len(palette):
            return palette[place].attributes.get("rgb", "")[-6:].upper()
        return _SYSTEM.get(number, f"indexed {number}")


def _as_shown(facts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The facts of a look, with the second colour of a solid fill by the name of what it is."""
    known = dict(facts)
    if known.get("fill/patternFill@patternType") == "solid" and _SECOND in known:
        known["fill/solid second colour"] = known.pop(_SECOND)
    yield from known.items()


def _built_in(number: str) -> str:
    """The code of a format that has a number of its own; others by that number."""
    return _BUILT_IN.get(number, f"built-in {number}")


_BUILT_IN = {
    "0": _GENERAL,
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "49": "@",
}
