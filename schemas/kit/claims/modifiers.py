"""The words that belong to no figure, as patterns: what joins, negates, narrows or ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.kit.claims.patterns import BLANK, General, any_of

_YEAR = r"ปี(?:งบประมาณ)?\s*(?:พ\.ศ\.\s*)?(?!{year})2[45][0-9]{{2}}"
_ROUND = r"รอบ\s*{months}\s*เดือน"


@dataclass(frozen=True)
class Setting:
    """What a text is about: the fiscal year, the months of its round, and the names of parts."""

    year: int
    months: int
    names: tuple[str, ...] = ()


class Words:
    """The general words of one setting as patterns; `statuses` are words that divide a whole."""

    def __init__(self, general: General, setting: Setting, statuses: Sequence[str]) -> None:
        """Make the patterns of these words, in this setting."""
        names = any_of(setting.names)
        others = [_ROUND.format(months=each) for each in (6, 12) if each != setting.months]
        elsewhere = "|".join([_YEAR.format(year=setting.year), *others])
        closing = f"(?:(?!(?:ใน|ของ)?(?:{elsewhere})){any_of(general.closes)})"
        self.levels = general.levels
        self.between = rf"(?:[^\S\n]|{any_of(general.between)})*"
        self.not_negated = _not_after(general.negates)
        self.doubtless = self.not_negated + _not_after(general.doubts)
        ended = rf"(?:$|(?=[\s,.;:)])|(?={closing}))"
        self.ended = rf"{ended}(?!{BLANK}(?!{closing})(?:{any_of(general.continues)}|[0-9]))"
        self.joins = re.compile(rf"(?:[^\S\n]|{any_of((*general.between, *general.joins))})*")
        self._narrows = re.compile(f"{any_of(general.narrows)}|{names}|{elsewhere}")
        self._widens = re.compile(any_of(general.widens))
        after = f"{any_of(general.narrows_after)}|{names}|{elsewhere}"
        status = rf"(?>{any_of(statuses)})(?!{self.between}[0-9]|ทุก|ครบ)"
        self._narrowed = re.compile(rf"{BLANK}(?!{closing})(?:{after}|{status})")

    def is_part(self, plain: str, start: int, also: Sequence[str]) -> bool:
        """Whether what stands here is of a part, or of another year or round; `also` narrow too."""
        line = plain[plain.rfind("\n", 0, start) + 1 : start]
        last = max((each.start() for each in self._narrows.finditer(line)), default=-1)
        last = max(last, *(line.rfind(word) for word in also), -1)
        return last > max((each.start() for each in self._widens.finditer(line)), default=-1)

    def narrows_at(self, plain: str, end: int) -> bool:
        """Whether the words behind a number make it one of a part, or no exact one."""
        return self._narrowed.match(plain, end) is not None


def _not_after(words: Sequence[str]) -> str:
    return "".join(f"(?<!{re.escape(word)})" for word in words)
