"""The numbers and levels that stand alone in a text: none that is a part of something else."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from schemas.kit.claims.patterns import BLANK
from schemas.kit.thai.numbers import numbers_in

RATE = "ร้อยละ"
_LEVEL, _MOST = "ระดับ", "ที่สุด"
_PER_CENT = re.compile(rf"{BLANK}(?:%|เปอร์เซ็นต์)")
# What makes a number a part of something else: a date, a span, a fraction, a letter's number.
_GOES_ON = re.compile(rf"{BLANK}[/–-]{BLANK}[0-9]|[.:,/][0-9]")
_WENT_ON = re.compile(r".*(?:[0-9.,/]|[0-9]:|[0-9]\s*[–-]\s*|[–-])\Z", re.DOTALL)


class Token(NamedTuple):
    """A number or a level's name in a text; `rate` says that it is a percentage."""

    value: Decimal | str
    start: int
    end: int
    decimals: int = 0
    rate: bool = False


def tokens_in(plain: str, levels: Mapping[str, str]) -> Iterator[Token]:
    """The numbers that stand alone, and the names of levels."""
    for number in numbers_in(plain):
        if _GOES_ON.match(plain, number.end) or _WENT_ON.match(plain[: number.start][-8:]):
            continue
        decimals = len(plain[number.start : number.end].partition(".")[2])
        sign = _PER_CENT.match(plain, number.end)
        start = plain.rindex(RATE, 0, number.start) if number.before else number.start
        end = sign.end() if sign else number.end
        yield Token(number.value, start, end, decimals, bool(sign or number.before))
    named = rf"{_LEVEL}{BLANK}({'|'.join(levels)})(?!{_MOST})"
    for level in re.finditer(named, plain):
        yield Token(levels[level[1]], *level.span())
