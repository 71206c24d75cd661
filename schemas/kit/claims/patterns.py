"""How a text may state a figure: words, units and claims, kept as data beside the forms."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

BLANK = r"[^\S\n]*"
_GENERAL = "general"
_GAP = "…"
_GAP_LENGTH = 60


@dataclass(frozen=True, eq=False)
class General:
    """The words that belong to no figure.

    `between` may stand between a figure's words and its number, `joins` also between two numbers.
    What follows one of `negates` is not claimed, nor a claim without a number that follows one of
    `doubts`. After `narrows`, up to the end of the line or to
    `widens`, and right before `narrows_after`, a part is meant and not the whole. A claim that
    goes on with `continues` says less than its words; a word of `closes` may end it.
    """

    between: tuple[str, ...]
    joins: tuple[str, ...]
    negates: tuple[str, ...]
    doubts: tuple[str, ...]
    narrows: tuple[str, ...]
    widens: tuple[str, ...]
    narrows_after: tuple[str, ...]
    continues: tuple[str, ...]
    closes: tuple[str, ...]
    levels: Mapping[str, str]


@dataclass(frozen=True)
class ClaimPattern:
    """One way to state a figure.

    `figure` is its id, in which {measure} stands for the measure's number. A number states it that
    has one of `unit` (ร้อยละ for a rate) and comes after one of `before`, or after one of `opening`
    where that opens a clause and the line has named one of `about`, or straight after a number that
    states one of `follows`. `whole` is the figure of the number behind จาก. Of `none` each claims
    that the figure is 0, of `every` that it equals `whole`; `level` says that a level is stated.
    `alternatives` are figures that the same words may mean, several added up where joined with +.
    `narrows` are further words after which a part is meant. `own` holds for a division's own row
    too, `shared` only for what is said of all divisions. () in `measures` is any measure.
    """

    figure: str
    measures: tuple[int, ...] = ()
    unit: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    whole: str = ""
    none: tuple[str, ...] = ()
    every: tuple[str, ...] = ()
    level: bool = False
    alternatives: tuple[str, ...] = ()
    narrows: tuple[str, ...] = ()
    own: bool = False
    shared: bool = False

    def holds_for(self, measure: int, *, own: bool, shared: bool) -> bool:
        """Whether a text about this measure may mean it."""
        if self.measures and measure not in self.measures:
            return False
        return (self.own or not own) and (shared or not self.shared)


@dataclass(frozen=True)
class Language:
    """All words by which figures are claimed: the general ones and the patterns of every form."""

    general: General
    claim_patterns: tuple[ClaimPattern, ...]


@lru_cache(maxsize=4)
def load_language(folder: Path) -> Language:
    """The general words and the claim patterns in a folder's TOML files, one file a form."""
    tables = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in folder.glob("*.toml")}
    general = tables.pop(_GENERAL)
    lists = {key: tuple(value) for key, value in general.items() if isinstance(value, list)}
    patterns = tuple(pattern for name in sorted(tables) for pattern in _patterns(tables[name]))
    return Language(General(**lists, levels=general["levels"]), patterns)


def _patterns(table: Mapping[str, Any]) -> Iterator[ClaimPattern]:
    """The claim patterns of one file; what stands at its top holds for each of them."""
    words = table.get("words", {})
    defaults = {key: value for key, value in table.items() if key not in ("words", "saying")}
    for pattern in table["saying"]:
        values: dict[str, Any] = {**defaults, **pattern}
        lists = {key: value for key, value in values.items() if isinstance(value, list)}
        yield ClaimPattern(**values | {n: tuple(_variants(v, words)) for n, v in lists.items()})


def _variants(values: Iterable[Any], words: Mapping[str, Sequence[str]]) -> Iterator[Any]:
    """The values, each {name} in them replaced by every word of that name."""
    for value in values:
        named = re.search(r"\{(\w+)\}", value) if isinstance(value, str) else None
        if named is None or named[1] not in words:
            yield value
            continue
        yield from _variants((value.replace(named[0], word) for word in words[named[1]]), words)


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; a pattern that never fits for none.

    Blanks within a word, and around a slash, may be there or not; … is some more of the sentence.
    """
    longest_first = sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_pattern, longest_first))})" if longest_first else "(?!)"


def _pattern(word: str) -> str:
    gap = rf"(?:(?!ให้|จะ|ไม่|ยัง)[^\s0-9]){{0,{_GAP_LENGTH}}}?"
    tight = re.escape(re.sub(r"\s*/\s*", "/", word))
    loose = tight.replace("/", f"{BLANK}/{BLANK}").replace("\\ ", BLANK)
    return loose.replace(_GAP, gap)
