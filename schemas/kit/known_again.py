"""Rows that were reported before, known again among those reported now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from schemas.kit.thai.thai_text import matching_key

Identity = tuple[object, ...]
_OWNER = "division"


@dataclass(frozen=True)
class KnownAgain:
    """The rows of two versions by their indices.

    `pairs` are (before, now) of one row each; `doubtful` the rows before of which some now may be
    the same, and some not; `gone` and `added` those that are in one version alone, of which
    `perhaps` may be one of the doubtful.
    """

    pairs: tuple[tuple[int, int], ...]
    doubtful: tuple[int, ...]
    gone: tuple[int, ...]
    added: tuple[int, ...]
    perhaps: frozenset[int] = frozenset()


def known_again(
    before: pd.DataFrame, now: pd.DataFrame, known_by: Sequence[Sequence[str]]
) -> KnownAgain:
    """Each row before with the one row now that is the same by the strongest set of columns.

    `known_by` are sets of columns, the strongest first; both frames have them and `division`. A
    row is looked for among its own division's first. What two rows of a version share tells
    neither of them; a row with a blank in a set is not known by it.
    """
    old, new = _Version(before, known_by), _Version(now, known_by)
    pairs: list[tuple[int, int]] = []
    for owned in (True, False):
        for names in known_by:
            found = list(_matches(old, new, tuple(names), owned=owned))
            pairs += found
            old.take(index for index, _ in found)
            new.take(index for _, index in found)
    open_now = new.identities()
    doubtful = tuple(i for i in old.left if old.identities_of(i) & open_now)
    gone = tuple(i for i in old.left if i not in set(doubtful))
    asked = {identity for index in doubtful for identity in old.identities_of(index)}
    perhaps = frozenset(i for i in new.left if new.identities_of(i) & asked)
    return KnownAgain(tuple(sorted(pairs)), doubtful, gone, tuple(new.left), perhaps)


def _matches(
    old: "_Version", new: "_Version", names: tuple[str, ...], *, owned: bool
) -> Iterator[tuple[int, int]]:
    """The rows that one set of columns tells apart in both versions."""
    there = new.single(names, owned=owned)
    for identity, index in old.single(names, owned=owned).items():
        if index in old.left and there.get(identity) in new.left:
            yield index, there[identity]


class _Version:
    """The rows of one version by what they are known by, and those not yet known again."""

    def __init__(self, frame: pd.DataFrame, known_by: Sequence[Sequence[str]]) -> None:
        self.left: dict[int, None] = dict.fromkeys(int(str(i)) for i in frame.index)
        columns = list(dict.fromkeys((_OWNER, *(name for names in known_by for name in names))))
        plain = {name: [_plain(value) for value in frame[name]] for name in columns}
        self._known: Mapping[tuple[str, ...], Mapping[int, Identity]] = {
            tuple(names): self._identities(names, plain) for names in known_by
        }
        self._owners = dict(zip(self.left, plain[_OWNER], strict=True))

    def _identities(
        self, names: Sequence[str], plain: Mapping[str, list[object]]
    ) -> dict[int, Identity]:
        rows = zip(self.left, zip(*(plain[name] for name in names), strict=True), strict=True)
        return {index: values for index, values in rows if None not in values}

    def take(self, indices: Iterator[int]) -> None:
        """Leave these out from now on: they are known again."""
        for index in indices:
            self.left.pop(index, None)

    def single(self, names: tuple[str, ...], *, owned: bool) -> dict[Identity, int]:
        """The rows that have an identity of their own by a set of columns."""
        rows = {
            index: (self._owners[index], *values) if owned else values
            for index, values in self._known[names].items()
        }
        counts = Counter(rows.values())
        return {identity: index for index, identity in rows.items() if counts[identity] == 1}

    def identities_of(self, index: int) -> frozenset[Identity]:
        """All that a row could be known by."""
        found = ((names, known.get(index)) for names, known in self._known.items())
        return frozenset((names, values) for names, values in found if values is not None)

    def identities(self) -> frozenset[Identity]:
        """All that the rows not yet known again could be known by."""
        return frozenset(each for index in self.left for each in self.identities_of(index))


def _plain(value: object) -> object:
    """A value as two spellings of it share it; None for a blank."""
    if pd.isna(value):
        return None
    return matching_key(value) or None if isinstance(value, str) else value
