"""What was signed and taken back, and what no longer fits in the record of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True)
class Undoing:
    """When a signing was taken back, by whom and why."""

    on: date
    by: str
    reason: str


@dataclass(frozen=True)
class Signing:
    """A report that was signed, as it is kept in `signed/<number>/`.

    `substance` is what `figures_sha256` is the hash of: by kind and name, as texts. One that is not
    `chained` was kept before each record held the hash of the one before.
    """

    number: int
    folder: Path
    signed_on: date
    signed_by: str
    as_of: datetime
    figures_sha256: str
    substance: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    undone: Undoing | None = None
    chained: bool = True


@dataclass(frozen=True)
class SigningFault:
    """What was changed, removed or back-dated of a signing, which therefore does not count.

    `code` is that of the finding, and `params` are its parameters: "key" names the place.
    """

    code: str
    number: int
    params: Mapping[str, str]


@dataclass(frozen=True)
class Ledger:
    """The signings of a round: those that count, those taken back, and the faults of the others.

    `head` is the SHA-256 of the record that was written last, "" where nothing was signed.
    """

    signings: tuple[Signing, ...] = ()
    undone: tuple[Signing, ...] = ()
    faults: tuple[SigningFault, ...] = ()
    head: str = ""

    @property
    def every(self) -> tuple[Signing, ...]:
        """Those that count and those taken back, in the order of their numbers."""
        return tuple(sorted((*self.signings, *self.undone), key=lambda each: each.number))
