"""What people changed: corrections, exclusions, waivers, explanations and releases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from pipeline.model.findings import CellRef, Finding
from pipeline.workbook.addresses import address
from schemas.kit.columns import Severity


@dataclass(frozen=True)
class Withdrawal:
    """When an entry was taken back, by whom and why; the entry itself stays."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of `corrections.toml`; `number` counts those of its kind in the file, from 1.

    `recorded_at` is when `correct` wrote it down.
    """

    number: int
    file: str = ""
    sheet: str = ""
    recorded_at: datetime | None = None
    withdrawn: Withdrawal | None = None

    @property
    def day(self) -> date | None:
        """The day that it is of by its own words, if any."""
        return None

    def begins(self, zone: tzinfo | None) -> datetime | None:
        """The moment from which it holds; None where nothing tells: then it always did."""
        if self.recorded_at or self.day is None:
            return self.recorded_at
        return datetime.combine(self.day, time(), zone)

    @property
    def kind(self) -> str:
        """The word for this kind of entry in the file, in codes and in keys."""
        return type(self).__name__.lower()

    @property
    def place(self) -> str:
        """Where in the file it is, as one writes it."""
        return self.sheet


@dataclass(frozen=True, kw_only=True)
class Correction(Entry):
    """A cell that is read as `new` instead of `old`, as agreed; "" stands for a blank cell."""

    row: int
    column: int
    old: str
    new: str
    reason: str
    agreed_with: str
    agreed_on: date
    channel: str
    approved_by: str
    evidence: str = ""

    @property
    def day(self) -> date:
        """When it was agreed."""
        return self.agreed_on

    @property
    def cell(self) -> CellRef:
        """The cell that it is about."""
        return CellRef(self.file, self.sheet, self.row, self.column)

    @property
    def place(self) -> str:
        """Sheet and cell."""
        return f"{self.sheet}!{self.cell.address}"


@dataclass(frozen=True, kw_only=True)
class Exclusion(Entry):
    """A row that is not counted though it was received; without one the whole sheet or file."""

    row: int | None
    reason: str
    approved_by: str

    @property
    def place(self) -> str:
        """Sheet and row, or the sheet alone, or the file."""
        return (self.sheet or self.file) if self.row is None else f"{self.sheet}!{self.row}"


@dataclass(frozen=True, kw_only=True)
class Waiver(Entry):
    """A form (a month of it, a measure's overview) that a division need not send until a day."""

    division: str
    form: str
    month: date | None
    measure: int | None
    reason: str
    approved_by: str
    until: date


@dataclass(frozen=True, kw_only=True)
class Explanation(Entry):
    """What answers findings of one code: in a file, a sheet or a cell of it, or about a key."""

    code: str
    cell: tuple[int, int] | None
    key: str
    text: str
    by: str
    on: date

    @property
    def day(self) -> date:
        """When it was given."""
        return self.on

    @property
    def place(self) -> str:
        """Sheet and cell, as far as they are said, or the key."""
        cell = f"!{address(*self.cell)}" if self.cell else ""
        return self.key or f"{self.sheet}{cell}"

    def answers(self, finding: Finding) -> bool:
        """Whether the finding is what it is about."""
        if finding.code != self.code:
            return False
        if self.key:
            return finding.params.get("key") == self.key
        place = finding.cell
        sheet = place.sheet if place else finding.sheet
        meant = self.cell is None or (place is not None and (place.row, place.column) == self.cell)
        return finding.file == self.file and self.sheet in ("", sheet) and meant


@dataclass(frozen=True, kw_only=True)
class Release(Entry):
    """A file that counts though its sender is in doubt; for `division`, where one is named.

    It is for these very bytes under this name: what comes later in their place waits again.
    """

    sha256: str
    division: str
    reason: str
    approved_by: str

    @property
    def place(self) -> str:
        """The file."""
        return self.file

    def fits(self, name: str, sha256: str) -> bool:
        """Whether it was written for this file."""
        return (self.file, self.sha256) == (name, sha256)


@dataclass(frozen=True)
class Changes:
    """What `corrections.toml` holds; `withdrawn` are the entries that were taken back."""

    corrections: tuple[Correction, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    releases: tuple[Release, ...] = ()
    withdrawn: tuple[Entry, ...] = ()

    @property
    def every(self) -> tuple[Entry, ...]:
        """All entries, those that were taken back, too."""
        held: tuple[tuple[Entry, ...], ...] = (self.corrections, self.exclusions, self.waivers)
        held += (self.explanations, self.releases, self.withdrawn)
        return tuple(entry for entries in held for entry in entries)

    def known_by(self, at: datetime) -> "Changes":
        """What the file held at that moment: later entries are not there, nor later withdrawals."""
        return changes_of(
            replace(each, withdrawn=None) if each.withdrawn and each.withdrawn.at > at else each
            for each in self.every
            if (each.begins(at.tzinfo) or at) <= at
        )

    def moments(self, zone: tzinfo | None) -> Iterator[datetime]:
        """Every moment at which anything of it began or ended to hold."""
        for each in self.every:
            yield from filter(None, (each.begins(zone), each.withdrawn and each.withdrawn.at))


def changes_of(entries: Iterable[Entry]) -> Changes:
    """Entries of any kind, each where it belongs, in the order of their numbers."""
    every = sorted(entries, key=lambda each: each.number)
    held = [each for each in every if not each.withdrawn]
    return Changes(
        tuple(each for each in held if isinstance(each, Correction)),
        tuple(each for each in held if isinstance(each, Exclusion)),
        tuple(each for each in held if isinstance(each, Waiver)),
        tuple(each for each in held if isinstance(each, Explanation)),
        tuple(each for each in held if isinstance(each, Release)),
        tuple(each for each in every if each.withdrawn),
    )


class Effect(StrEnum):
    """What became of an entry of `corrections.toml`."""

    IN_EFFECT = "in-effect"
    SOURCE_FIXED = "source-fixed"
    NOT_COUNTED = "not-counted"
    REPLACED = "replaced"
    EXPIRED = "expired"
    NOT_NEEDED = "not-needed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Settled:
    """An entry and what became of it; `now` is what a cell holds that ought to be corrected."""

    entry: Entry
    effect: Effect
    now: str = ""

    @property
    def in_effect(self) -> bool:
        """Whether it changes anything."""
        return self.effect is Effect.IN_EFFECT

    def finding(self, **params: str) -> Finding:
        """The note to the analyst that the entry has no effect."""
        entry = self.entry
        place = {"number": str(entry.number), "place": entry.place, "now": self.now or "-"}
        return Finding(
            f"{entry.kind}-{self.effect}",
            Severity.NOTE,
            file=entry.file or None,
            params=place | params,
            to="analyst",
            sheet=entry.sheet or None,
        )
