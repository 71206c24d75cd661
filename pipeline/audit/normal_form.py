"""What another program writes otherwise and a person sees the same: one list, read once."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache, partial
from importlib import resources
from typing import Any

_LIST = "normal_form.toml"
_NUMBERED = re.compile(r"\[[^\]]*\]")
_TRUTH = {"true": "1", "false": "0"}
# A sheet's name before an exclamation mark, quoted or not, and a text, in which nothing is a name.
_SHEET_NAME = re.compile(
    r"""("(?:[^"]|"")*")|'((?:[^']|'')+)'!|([^\s'"!()+\-*/&=<>^,;:{}#%\[\]@]+)!"""
)
_FORMAT_PIECES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|.', re.DOTALL)

Test = Callable[[str | None, str | None], bool]


@dataclass(frozen=True)
class Rewriting:
    """One thing that LibreOffice writes otherwise, with the reason why it changes nothing seen.

    `hand`: it is met in everything that LibreOffice saves; `tests` are pairs of a pattern for the
    names of facts and what their values, in the report and from the inputs, must be.
    """

    name: str
    th: str
    en: str
    hand: bool
    tests: Sequence[tuple[re.Pattern[str], Test]]
    lost: Sequence[re.Pattern[str]]

    def covers(self, what: str, printed: str | None, expected: str | None) -> bool:
        """Whether a fact may be `printed` in a report where the inputs give `expected`."""
        return any(name.fullmatch(what) and test(printed, expected) for name, test in self.tests)

    def loses(self, what: str) -> bool:
        """Whether the program keeps no fact of this name."""
        return any(name.fullmatch(what) for name in self.lost)


@lru_cache(maxsize=1 << 16)
def entry_for(what: str, printed: str | None, expected: str | None) -> Rewriting | None:
    """The entry that explains why a fact is not as expected; None if none does."""
    name = general(what)
    return next((each for each in rewritings() if each.covers(name, printed, expected)), None)


@lru_cache(maxsize=1 << 14)
def general(what: str) -> str:
    """The name of a fact without the numbers of the members it goes through."""
    return _NUMBERED.sub("", re.sub(r" #[0-9]+$", "", what))


@cache
def rewritings() -> tuple[Rewriting, ...]:
    """The whole list, in the order of its file."""
    text = resources.files("pipeline.audit").joinpath(_LIST).read_text("utf-8")
    return tuple(
        Rewriting(
            name=name,
            th=entry["th"],
            en=entry["en"],
            hand=entry.get("hand", False),
            tests=[(re.compile(what), test) for what, test in _tests(entry)],
            lost=[re.compile(what) for what in entry.get("lost", ())],
        )
        for name, entry in tomllib.loads(text).items()
    )


def _tests(entry: Mapping[str, Any]) -> Iterator[tuple[str, Test]]:
    for what, value in entry.get("written", {}).items():
        yield what, _are(value, None)
    for what, value in entry.get("dropped", {}).items():
        yield what, _are(None, value)
    for what, (inputs, report) in entry.get("changed", {}).items():
        yield what, _are(report, inputs)
    for spelling, names in entry.get("spelled", {}).items():
        yield from ((what, _SPELLINGS[spelling]) for what in names)
    for what in entry.get("lost", ()):
        yield what, lambda printed, _: printed is None


def _are(report: str | None, inputs: str | None) -> Test:
    """Whether both values match their patterns; without a pattern there must be none."""
    return lambda printed, expected: _fits(printed, report) and _fits(expected, inputs)


def _fits(text: str | None, pattern: str | None) -> bool:
    if text is None or pattern is None:
        return text is pattern
    return re.fullmatch(pattern, text) is not None


# --- spellings ------------------------------------------------------------------------------------


def _alike(plain: Callable[[str], str]) -> Test:
    """Whether both values are the same text once spelled plainly."""
    return lambda printed, expected: (
        printed is not None and expected is not None and plain(printed) == plain(expected)
    )


def _near(printed: str | None, expected: str | None, *, most: str = "0", share: str = "0") -> bool:
    """Whether two numbers differ by no more than this, or this share of the greater."""
    try:
        one, other = Decimal(printed or ""), Decimal(expected or "")
        room = max(Decimal(most), max(abs(one), abs(other)) * Decimal(share))
        return abs(one - other) <= room
    except InvalidOperation:
        return False


def quoted_sheets(formula: str) -> str:
    """A formula with every sheet's name in quotation marks, its texts left alone."""
    return _SHEET_NAME.sub(lambda hit: hit[1] or f"'{hit[2] or hit[3]}'!", formula)


@cache
def _unescaped(code: str) -> str:
    """A number format without the escapes before its blanks."""
    return "".join(" " if piece == "\\ " else piece for piece in _FORMAT_PIECES.findall(code))


def _of_numbers(code: str) -> str:
    """A chart's number format without an empty fourth section, which is for texts."""
    plain = _unescaped(code)
    return plain.removesuffix(";") if plain.count(";") == 3 else plain


_SPELLINGS: Mapping[str, Test] = {
    "truth": _alike(lambda text: _TRUTH.get(text, text)),
    "number": partial(_near, share="1e-12"),
    "width": partial(_near, most="0.006"),  # characters; less than a pixel
    "position": partial(_near, most="1270"),  # a tenth of a point in English Metric Units
    "reference": _alike(quoted_sheets),
    "number_format": _alike(_unescaped),
    "chart_format": _alike(_of_numbers),
    "upper": _alike(str.upper),
}
