"""Other layouts in which the rows of a form arrive: data beside the form, found by its name."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from schemas.kit.thai.thai_text import matching_key

_ASIDE = re.compile(r"\(\s*(?:[0-9๐-๙]{1,2}|บาท|หน่วย\s*:?\s*บาท)\s*\)")

_TONES = re.compile("[\u0e47-\u0e4c]")  # converters of printed files lose them: จาง for จ้าง


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """What spellings of one heading share, without number, (บาท) and tones; ำ is its า."""
    return _TONES.sub("", matching_key(_ASIDE.sub("", text.replace("ำ", "า"))))


@dataclass(frozen=True, eq=False)
class Layout:
    """One layout: what it is called, and which of its headings are which columns of the form.

    `basis` is the name by which `round.toml` makes it count. `period` says what its title states:
    "month", "quarter" or "". `headings` are by column, or by two columns joined with "+" where
    one heading stands over both; headings of `optional` may be left out. `follows` are columns
    whose text goes behind the text of another, such as an offered price behind its bidder.
    `must` are the columns without which nothing of it can be used; `unused` headings are known
    and not read. `nothing` are the words of what there was none of, behind ไม่มี in its sentence.
    `asked` are optional columns that each row must have all the same. A sheet of a layout that
    goes `into_template` lacks what counting needs: its rows go back in our own template. `titled`
    gives columns the value for a word in the title; of `marked` columns the headings say the
    value where a mark stands below, in the form's words for its own.
    """

    name: str
    th: str
    en: str
    headings: Mapping[str, tuple[str, ...]]
    basis: str = ""
    period: str = ""
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    follows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    into_template: bool = False
    titled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    marked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of the form that a sheet of this layout has."""
        return tuple(name for names in self.headings for name in names.split("+"))

    @property
    def optional_columns(self) -> frozenset[str]:
        """The columns that a sheet of this layout may lack or leave blank."""
        return frozenset(self.optional) - frozenset((*self.columns, *self.asked))

    @cached_property
    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Heading keys to the columns below; a following column is marked with "+"."""
        named = {**self.headings, **self.optional}
        keys = {heading_key(h): tuple(c.split("+")) for c, hs in named.items() for h in hs}
        return keys | {heading_key(h): ("+" + c,) for c, hs in self.follows.items() for h in hs}

    @cached_property
    def unused_keys(self) -> frozenset[str]:
        """The keys of the headings that are known and not read."""
        return frozenset(map(heading_key, self.unused))


@dataclass(frozen=True)
class Inferred:
    """A column that may be read out of another's text where its own cell is blank.

    One of the words `after` stands before it, or the text begins with one of `before`.
    """

    column: str
    source: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Variants:
    """How the sheets of a form come besides our template.

    `basis` is what our own template is, in the words of `round.toml`. A row in which all of
    `begins` is blank continues the row above it.
    """

    basis: str = ""
    begins: tuple[str, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    layouts: tuple[Layout, ...] = ()

    def layout(self, name: str) -> Layout:
        """The layout of that name; KeyError where there is none."""
        return {each.name: each for each in self.layouts}[name]


def load_variants(file: Path) -> Variants:
    """What a TOML file says of a form's other layouts; none where there is no such file."""
    if not file.is_file():
        return Variants()
    table = _frozen(tomllib.loads(file.read_text("utf-8")))
    return Variants(
        basis=table.get("basis", ""),
        begins=table.get("begins", ()),
        inferred=tuple(Inferred(**entry) for entry in table.get("inferred", ())),
        layouts=tuple(Layout(**entry) for entry in table["layout"]),
    )


def _frozen(value: Any) -> Any:
    """A value of the file with every list in it as a tuple."""
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
