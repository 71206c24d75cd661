"""Which figures a text states: numbers with their words and units, levels, claims of none or all.

Only what is certain is read: a number that can be tied to no figure is nobody's.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from schemas.kit.claims.modifiers import Setting, Words
from schemas.kit.claims.patterns import BLANK, ClaimPattern, General, Language, any_of
from schemas.kit.score import half_up
from schemas.kit.thai.numbers import numbers_in
from schemas.kit.thai.thai_text import arabic_digits

NONE, EVERY = "none", "every"
_MILLION = "ล้าน"
_IN_WORDS = rf"(?:{BLANK}\([^()\n0-9]{{1,80}}\))?"
_OUT_OF = r"(?:จาก|ใน)"
_REACH = 160
_SHOWN_DECIMALS = 2
_RATE = "ร้อยละ"
_LEVEL, _MOST = "ระดับ", "ที่สุด"
_PER_CENT = re.compile(rf"{BLANK}(?:%|เปอร์เซ็นต์)")
# What makes a number a part of something else: a date, a span, a fraction, a letter's number.
_GOES_ON = re.compile(rf"{BLANK}[/–-]{BLANK}[0-9]|[.:,/][0-9]")
_WENT_ON = re.compile(r".*(?:[0-9.,/]|[0-9]:|[0-9]\s*[–-]\s*|[–-])\Z", re.DOTALL)


@dataclass(frozen=True)
class Claim:
    """One statement: the figure, its value, and where its words stand.

    `value` is a number, a level's name, or NONE and EVERY for a claim without a number. `decimals`
    is how many are stated; `scale` is 1,000,000 for millions.
    """

    pattern: ClaimPattern
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


class _Token(NamedTuple):
    """A number or a level's name in a text; `rate` says that it is a percentage."""

    value: Decimal | str
    start: int
    end: int
    decimals: int = 0
    rate: bool = False


class _Last(NamedTuple):
    """What was read before: the end of the last token with its unit, and what it states, if so.

    `loose` are the numbers of this line that state nothing: what follows them may be a part of
    theirs.
    """

    end: int
    claim: Claim | None
    loose: tuple[_Token, ...]


def claims_in(
    text: str, language: Language, claim_patterns: Sequence[ClaimPattern], setting: Setting
) -> tuple[Claim, ...]:
    """What a text states of the figures of these patterns, in the order of the text."""
    plain = arabic_digits(text)
    words, matchers = _matchers(language.general, tuple(claim_patterns), setting)
    tokens = sorted(_tokens_in(plain, words.levels), key=lambda token: token.start)
    counted = frozenset(m.pattern for m in matchers for t in tokens if m.unit_end(plain, t))
    statements = _statements(plain, tokens, words, matchers)
    claims = _claims(plain, counted, words, matchers)
    return tuple(sorted((*statements, *claims), key=lambda claim: claim.start))


@lru_cache(maxsize=1024)
def _matchers(
    general: General, claim_patterns: tuple[ClaimPattern, ...], setting: Setting
) -> "tuple[Words, tuple[_Matcher, ...]]":
    words = Words(general, setting, [w for s in claim_patterns if s.whole for w in s.before])
    return words, tuple(_Matcher(each, words) for each in claim_patterns)


class _Matcher:
    """One claim pattern as regular expressions."""

    def __init__(self, pattern: ClaimPattern, words: Words) -> None:
        self.pattern, self._joins = pattern, words.joins
        opening = rf"(?:(?<=[\s(•-])|^){any_of(pattern.opening)}"
        named = f"(?:{words.not_negated}{any_of(pattern.before)}|(?P<opening>{opening}))"
        self._named = re.compile(f"{named}{words.between}$", re.MULTILINE)
        self._about = re.compile(any_of(pattern.about))
        units = any_of(each for each in pattern.unit if each != _RATE)
        self._unit = re.compile(rf"{_IN_WORDS}{BLANK}(?P<million>{_MILLION}{BLANK})?{units}")
        self._shared_unit = re.compile(
            rf"{BLANK}{_OUT_OF}{words.between}[0-9][0-9,]*{_IN_WORDS}{BLANK}{units}"
        )
        self._out_of = re.compile(rf"{BLANK}\(?{_OUT_OF}{words.between}")
        self._claims = {
            value: re.compile(f"{words.doubtless}{any_of(listed)}{words.ended}", re.MULTILINE)
            for value, listed in ((NONE, pattern.none), (EVERY, pattern.every))
            if listed
        }

    def unit_end(self, plain: str, token: _Token) -> int | None:
        """Where the token ends with its unit, where it is of this pattern's unit."""
        if isinstance(token.value, str):
            return token.end if self.pattern.level else None
        if token.rate or _RATE in self.pattern.unit:
            return token.end if token.rate and _RATE in self.pattern.unit else None
        unit = self._unit.match(plain, token.end)
        if unit:
            return unit.end()
        return token.end if self._shared_unit.match(plain, token.end) else None

    def reads(self, plain: str, token: _Token, last: _Last) -> Claim | None:
        """The token as a statement of this pattern's figure, if it is one."""
        end = self.unit_end(plain, token)
        if end is None or (
            not token.rate and any(self.unit_end(plain, each) for each in last.loose)
        ):
            return None
        start = self._named_from(plain, token)
        figure = self.pattern.figure
        if start is None and last.claim is not None:
            between = (last.end, token.start)
            if last.claim.figure in self.pattern.follows and self._joins.fullmatch(plain, *between):
                start = token.start
            elif last.claim.pattern is self.pattern and self._out_of.fullmatch(plain, *between):
                start, figure = token.start, self.pattern.whole
        if start is None or not figure:
            return None
        unit = None if token.rate else self._unit.match(plain, token.end)
        scale = 1_000_000 if unit and unit["million"] else 1
        return Claim(self.pattern, figure, token.value, start, end, token.decimals, scale)

    def _named_from(self, plain: str, token: _Token) -> int | None:
        """Where the words before the token begin that name the figure."""
        line = plain.rfind("\n", 0, token.start) + 1
        named = self._named.search(plain, max(line, token.start - _REACH), token.start)
        if named is None:
            return None
        start = named.start()
        lacks = (
            named["opening"] and self.pattern.about and not self._about.search(plain, line, start)
        )
        return None if lacks else start

    def claims(self, plain: str) -> Iterator[Claim]:
        """Where the text claims without a number that there is none, or that it is all."""
        for value, pattern in self._claims.items():
            for match in pattern.finditer(plain):
                yield Claim(self.pattern, self.pattern.figure, value, *match.span())


def _statements(
    plain: str, tokens: Sequence[_Token], words: Words, matchers: Sequence[_Matcher]
) -> Iterator[Claim]:
    """The numbers and levels that can be tied to a figure."""
    last = _Last(0, None, ())
    for token in tokens:
        if "\n" in plain[last.end : token.start]:
            last = _Last(last.end, None, ())
        claim = _best(plain, token, last, matchers)
        ends = [matcher.unit_end(plain, token) or token.end for matcher in matchers]
        loose = last.loose if claim or token.rate else (*last.loose, token)
        last = _Last(claim.end if claim else max(ends, default=token.end), claim, loose)
        if claim is not None and not _is_part(plain, claim, words):
            yield claim


def _is_part(plain: str, claim: Claim, words: Words) -> bool:
    narrowed = claim.value not in (NONE, EVERY) and words.narrows_at(plain, claim.end)
    return narrowed or words.is_part(plain, claim.start, claim.pattern.narrows)


def _best(plain: str, token: _Token, last: _Last, matchers: Sequence[_Matcher]) -> Claim | None:
    """The statement with the longest words; none where two figures are said in the same words."""
    claims = [claim for matcher in matchers if (claim := matcher.reads(plain, token, last))]
    first = min((claim.start for claim in claims), default=0)
    longest = [claim for claim in claims if claim.start == first]
    return longest[0] if len({claim.figure for claim in longest}) == 1 else None


def _claims(
    plain: str, counted: frozenset[ClaimPattern], words: Words, matchers: Sequence[_Matcher]
) -> Iterator[Claim]:
    """Claims without a number, the longest where they overlap; none of all beside a count of it."""
    taken: list[Claim] = []
    claims = [claim for matcher in matchers for claim in matcher.claims(plain)]
    for claim in sorted(claims, key=lambda c: (c.start - c.end, c.start)):
        overlaps = any(other.start < claim.end and claim.start < other.end for other in taken)
        beside = claim.value == EVERY and claim.pattern in counted
        if not (overlaps or beside or _is_part(plain, claim, words)):
            taken.append(claim)
            yield claim


def _tokens_in(plain: str, levels: Mapping[str, str]) -> Iterator[_Token]:
    """The numbers that stand alone, and the names of levels."""
    for number in numbers_in(plain):
        if _GOES_ON.match(plain, number.end) or _WENT_ON.match(plain[: number.start][-8:]):
            continue
        decimals = len(plain[number.start : number.end].partition(".")[2])
        sign = _PER_CENT.match(plain, number.end)
        start = plain.rindex(_RATE, 0, number.start) if number.before else number.start
        end = sign.end() if sign else number.end
        yield _Token(number.value, start, end, decimals, bool(sign or number.before))
    named = rf"{_LEVEL}{BLANK}({'|'.join(levels)})(?!{_MOST})"
    for level in re.finditer(named, plain):
        yield _Token(levels[level[1]], *level.span())
