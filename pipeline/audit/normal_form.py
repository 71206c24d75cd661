"""What another program writes otherwise and a person sees the same: one list, read once."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_LIST = "normal_form.toml"
_NUMBERED = re.compile(r"\[[^\]]*\]")
_SAME_DIGITS = Decimal("1e-12")
_SAME_WIDTH = Decimal("0.006")  # characters; less than a pixel
_SAME_POSITION = 1270  # a tenth of a point in English Metric Units
_TRUTH = {"true": "1", "false": "0"}
# A sheet's name before an exclamation mark, quoted or not, and a text, in which nothing is a name.
_SHEET_NAME = re.compile(
    r"""("(?:[^"]|"")*")|'((?:[^']|'')+)'!|([^\s'"!()+\-*/&=<>^,;:{}#%\[\]@]+)!"""
)
_FORMAT_PIECES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|.', re.DOTALL)


@dataclass(frozen=True)
class Rewriting:
    """One thing that LibreOffice writes otherwise, with the reason why it changes nothing seen.

    `hand`: it is met in everything that LibreOffice saves.
    """

    name: str
    th: str
    en: str
    hand: bool = False
    pairs: Sequence[tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]] = ()
    spelled: Sequence[tuple[re.Pattern[str], Callable[[str, str], bool]]] = ()
    lost: Sequence[re.Pattern[str]] = ()

    def covers(self, what: str, here: str | None, there: str | None) -> bool:
        """Whether a fact may say `here` in a report where the inputs give `there`."""
        if here is not None and there is not None:
            for pattern, same in self.spelled:
                if pattern.fullmatch(what) and same(here, there):
                    return True
        return any(
            pattern.fullmatch(what) and _fits(there, inputs) and _fits(here, report)
            for pattern, inputs, report in self.pairs
        ) or (here is None and self.loses(what))

    def loses(self, what: str) -> bool:
        """Whether the program keeps no fact of this name."""
        return any(pattern.fullmatch(what) for pattern in self.lost)


def _fits(text: str | None, pattern: re.Pattern[str] | None) -> bool:
    """Whether a value is what a pattern asks for; without a pattern there must be none."""
    if pattern is None or text is None:
        return pattern is None and text is None
    return pattern.fullmatch(text) is not None


@cache
def rewritings() -> tuple[Rewriting, ...]:
    """The whole list, in the order of its file."""
    text = resources.files("pipeline.audit").joinpath(_LIST).read_text("utf-8")
    return tuple(_entry(name, given) for name, given in tomllib.loads(text).items())


def _entry(name: str, given: Mapping[str, Any]) -> Rewriting:
    return Rewriting(
        name=name,
        th=given["th"],
        en=given["en"],
        hand=given.get("hand", False),
        pairs=tuple(_pairs(given)),
        spelled=tuple(
            (re.compile(what), _SPELLINGS[spelling])
            for spelling, names in given.get("spelled", {}).items()
            for what in names
        ),
        lost=tuple(map(re.compile, given.get("lost", ()))),
    )


def _pairs(
    given: Mapping[str, Any],
) -> Iterator[tuple[re.Pattern[str], re.Pattern[str] | None, re.Pattern[str] | None]]:
    for what, value in given.get("written", {}).items():
        yield re.compile(what), None, re.compile(value)
    for what, value in given.get("dropped", {}).items():
        yield re.compile(what), re.compile(value), None
    for what, (inputs, report) in given.get("changed", {}).items():
        yield re.compile(what), re.compile(inputs), re.compile(report)


@lru_cache(maxsize=1 << 16)
def entry_for(what: str, here: str | None, there: str | None) -> Rewriting | None:
    """The entry that explains why a fact says `here` and not `there`; None if none does."""
    name = general(what)
    return next((each for each in rewritings() if each.covers(name, here, there)), None)


@lru_cache(maxsize=1 << 14)
def general(what: str) -> str:
    """The name of a fact without the numbers of the members it goes through."""
    return _NUMBERED.sub("", re.sub(r" #[0-9]+$", "", what))


# --- spellings ------------------------------------------------------------------------------------


def _same_truth(here: str, there: str) -> bool:
    return _TRUTH.get(here, here) == _TRUTH.get(there, there)


def _near(here: str, there: str, room: Callable[[Decimal], Decimal]) -> bool:
    try:
        one, other = Decimal(here), Decimal(there)
        return abs(one - other) <= room(max(abs(one), abs(other)))
    except InvalidOperation:
        return False


def _same_number(here: str, there: str) -> bool:
    return _near(here, there, lambda size: size * _SAME_DIGITS)


def _same_width(here: str, there: str) -> bool:
    return _near(here, there, lambda _: _SAME_WIDTH)


def _same_position(here: str, there: str) -> bool:
    return _near(here, there, lambda _: Decimal(_SAME_POSITION))


def _same_reference(here: str, there: str) -> bool:
    return quoted_sheets(here) == quoted_sheets(there)


def quoted_sheets(formula: str) -> str:
    """A formula with every sheet's name in quotation marks, its texts left alone."""

    def quoted(found: re.Match[str]) -> str:
        text, marked, plain = found.groups()
        return text or f"'{marked or plain}'!"

    return _SHEET_NAME.sub(quoted, formula)


def _same_format(here: str, there: str) -> bool:
    return _unescaped(here) == _unescaped(there)


def _same_chart_format(here: str, there: str) -> bool:
    """As for cells; a chart shows numbers alone, so that a fourth section, for texts, is idle."""
    codes = (_unescaped(here), _unescaped(there))
    one, other = (code.removesuffix(";") if code.count(";") == 3 else code for code in codes)
    return one == other


@cache
def _unescaped(code: str) -> str:
    """A number format without the escapes before its blanks."""
    return "".join(" " if piece == "\\ " else piece for piece in _FORMAT_PIECES.findall(code))


def _same_letters(here: str, there: str) -> bool:
    return here.upper() == there.upper()


_SPELLINGS: Mapping[str, Callable[[str, str], bool]] = {
    "truth": _same_truth,
    "number": _same_number,
    "width": _same_width,
    "position": _same_position,
    "reference": _same_reference,
    "number_format": _same_format,
    "chart_format": _same_chart_format,
    "upper": _same_letters,
}
