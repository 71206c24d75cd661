"""Which figures a text states: numbers with their words and units, levels, claims of none or all.

Only what is certain is read: a number that can be tied to no figure is nobody's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from schemas.kit.claims.modifiers import Setting, Words
from schemas.kit.claims.patterns import BLANK, ClaimPattern, General, Language, any_of
from schemas.kit.claims.tokens import RATE, Token, tokens_in
from schemas.kit.score import half_up
from schemas.kit.thai.text import arabic_digits

NONE, EVERY = "none", "every"
_MILLION = "ล้าน"
_IN_WORDS = rf"(?:{BLANK}\([^()\n0-9]{{1,80}}\))?"
_OUT_OF = r"(?:จาก|ใน)"
_REACH = 160
_SHOWN_DECIMALS = 2


@dataclass(frozen=True)
class Claim:
    """One statement: the figure, its value, and where its words stand.

    `value` is a number, a level's name, or NONE and EVERY for a claim without a number. `decimals`
    is how many are stated; `scale` is 1,000,000 for millions.
    """

    claim_pattern: ClaimPattern
    figure: str
    value: Decimal | str
    start: int
    end: int
    decimals: int = 0
    scale: int = 1

    def agrees(self, computed: Decimal | str, whole: Decimal | str | None = None) -> bool:
        """Whether a computed value, rounded half-up to the decimals stated, is what is stated."""
        if self.value == EVERY:
            return computed == whole
        if self.value == NONE:
            return computed == 0
        if isinstance(computed, str) or isinstance(self.value, str):
            return computed == self.value
        return half_up(computed / self.scale, self.places) == half_up(self.value, self.places)

    @property
    def places(self) -> int:
        """To how many decimals it is compared: those stated, but no more than a figure has."""
        return self.decimals if self.scale > 1 else min(self.decimals, _SHOWN_DECIMALS)


class _Last(NamedTuple):
    """What was read before: the end of the last token with its unit, and what it states, if so.

    `loose` are the numbers of this line that state nothing: what follows them may be a part of
    theirs.
    """

    end: int
    claim: Claim | None
    loose: tuple[Token, ...]


def said_in(
    text: str, language: Language, claim_patterns: Sequence[ClaimPattern], setting: Setting
) -> tuple[Claim, ...]:
    """What a text states of the figures that these sayings are about, in the order of the text."""
    plain = arabic_digits(text)
    words, ways = _patterns(language.general, tuple(claim_patterns), setting)
    tokens = sorted(tokens_in(plain, words.levels), key=lambda each: each.start)
    counted = frozenset(
        way.claim_pattern for way in ways for each in tokens if way.unit_end(plain, each)
    )
    stated = _statements(plain, tokens, words, ways)
    claims = _claims(plain, counted, words, ways)
    return tuple(sorted((*stated, *claims), key=lambda claim: claim.start))


@lru_cache(maxsize=1024)
def _patterns(
    general: General, claim_patterns: tuple[ClaimPattern, ...], setting: Setting
) -> "tuple[Words, tuple[_Way, ...]]":
    words = Words(general, setting, [w for s in claim_patterns if s.whole for w in s.before])
    return words, tuple(_Way(each, words) for each in claim_patterns)


class _Way:
    """One saying as patterns."""

    def __init__(self, claim_pattern: ClaimPattern, words: Words) -> None:
        self.claim_pattern, self._joins = claim_pattern, words.joins
        opening = rf"(?:(?<=[\s(•-])|^){any_of(claim_pattern.opening)}"
        named = f"(?:{words.not_negated}{any_of(claim_pattern.before)}|(?P<opening>{opening}))"
        self._named = re.compile(f"{named}{words.between}$", re.MULTILINE)
        self._about = re.compile(any_of(claim_pattern.about))
        units = any_of(each for each in claim_pattern.unit if each != RATE)
        self._unit = re.compile(rf"{_IN_WORDS}{BLANK}(?P<million>{_MILLION}{BLANK})?{units}")
        self._shared_unit = re.compile(
            rf"{BLANK}{_OUT_OF}{words.between}[0-9][0-9,]*{_IN_WORDS}{BLANK}{units}"
        )
        self._out_of = re.compile(rf"{BLANK}\(?{_OUT_OF}{words.between}")
        self._claims = {
            value: re.compile(f"{words.doubtless}{any_of(listed)}{words.ended}", re.MULTILINE)
            for value, listed in ((NONE, claim_pattern.none), (EVERY, claim_pattern.every))
            if listed
        }

    def unit_end(self, plain: str, token: Token) -> int | None:
        """Where the token ends with its unit, where it is of this saying's unit."""
        if isinstance(token.value, str):
            return token.end if self.claim_pattern.level else None
        if token.rate or RATE in self.claim_pattern.unit:
            return token.end if token.rate and RATE in self.claim_pattern.unit else None
        unit = self._unit.match(plain, token.end)
        if unit:
            return unit.end()
        return token.end if self._shared_unit.match(plain, token.end) else None

    def reads(self, plain: str, token: Token, last: _Last) -> Claim | None:
        """The token as a statement of this saying's figure, if it is one."""
        end = self.unit_end(plain, token)
        if end is None or (
            not token.rate and any(self.unit_end(plain, each) for each in last.loose)
        ):
            return None
        start = self._named_from(plain, token)
        figure = self.claim_pattern.figure
        if start is None and last.claim is not None:
            between = (last.end, token.start)
            if last.claim.figure in self.claim_pattern.follows and self._joins.fullmatch(
                plain, *between
            ):
                start = token.start
            elif last.claim.claim_pattern is self.claim_pattern and self._out_of.fullmatch(
                plain, *between
            ):
                start, figure = token.start, self.claim_pattern.whole
        if start is None or not figure:
            return None
        unit = None if token.rate else self._unit.match(plain, token.end)
        scale = 1_000_000 if unit and unit["million"] else 1
        return Claim(self.claim_pattern, figure, token.value, start, end, token.decimals, scale)

    def _named_from(self, plain: str, token: Token) -> int | None:
        """Where the words before the token begin that name the figure."""
        line = plain.rfind("\n", 0, token.start) + 1
        named = self._named.search(plain, max(line, token.start - _REACH), token.start)
        if named is None:
            return None
        begun = named.start()
        lacks = (
            named["opening"]
            and self.claim_pattern.about
            and not self._about.search(plain, line, begun)
        )
        return None if lacks else begun

    def claims(self, plain: str) -> Iterator[Claim]:
        """Where the text claims without a number that there is none, or that it is all."""
        for value, pattern in self._claims.items():
            for found in pattern.finditer(plain):
                yield Claim(self.claim_pattern, self.claim_pattern.figure, value, *found.span())


def _statements(
    plain: str, tokens: Sequence[Token], words: Words, ways: Sequence[_Way]
) -> Iterator[Claim]:
    """The numbers and levels that can be tied to a figure."""
    last = _Last(0, None, ())
    for token in tokens:
        if "\n" in plain[last.end : token.start]:
            last = _Last(last.end, None, ())
        claim = _best(plain, token, last, ways)
        ends = [way.unit_end(plain, token) or token.end for way in ways]
        loose = last.loose if claim or token.rate else (*last.loose, token)
        last = _Last(claim.end if claim else max(ends, default=token.end), claim, loose)
        if claim is not None and not _is_part(plain, claim, words):
            yield claim


def _is_part(plain: str, claim: Claim, words: Words) -> bool:
    narrowed = claim.value not in (NONE, EVERY) and words.narrows_at(plain, claim.end)
    return narrowed or words.is_part(plain, claim.start, claim.claim_pattern.narrows)


def _best(plain: str, token: Token, last: _Last, ways: Sequence[_Way]) -> Claim | None:
    """The statement with the longest words; none where two figures are said in the same words."""
    found = [claim for way in ways if (claim := way.reads(plain, token, last))]
    first = min((each.start for each in found), default=0)
    longest = [each for each in found if each.start == first]
    return longest[0] if len({each.figure for each in longest}) == 1 else None


def _claims(
    plain: str, counted: frozenset[ClaimPattern], words: Words, ways: Sequence[_Way]
) -> Iterator[Claim]:
    """Claims without a number, the longest where they overlap; none of all beside a count of it."""
    taken: list[Claim] = []
    found = [claim for way in ways for claim in way.claims(plain)]
    for each in sorted(found, key=lambda claim: (claim.start - claim.end, claim.start)):
        overlaps = any(other.start < each.end and each.start < other.end for other in taken)
        beside = each.value == EVERY and each.claim_pattern in counted
        if not (overlaps or beside or _is_part(plain, each, words)):
            taken.append(each)
            yield each
