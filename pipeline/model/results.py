"""What is computed beside the figures: obligations, open items, and the round settled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import pandas as pd

from pipeline.model.arrivals import Submission
from pipeline.model.corrections import Entry, Settled
from pipeline.model.figure import Figure, Slice
from pipeline.model.findings import CellRef, Finding
from pipeline.model.promises import Measure, Obligation, Plan
from pipeline.model.tables import FormOutcome, Hidden, Repair, Table
from schemas.kit.claims.comparison import Comparison
from schemas.kit.cross_rules import Crosscheck
from schemas.kit.form import FormSpec, Rule

EntryT = TypeVar("EntryT", bound=Entry)


class ObligationState(StrEnum):
    """Where an obligation stands."""

    REPORTED = "REPORTED"
    CONFIRMED_ZERO = "CONFIRMED_ZERO"
    REFUSED = "REFUSED"
    MISSING = "MISSING"
    PENDING = "PENDING"
    WAIVED = "WAIVED"
    NOT_DUE = "NOT_DUE"


@dataclass(frozen=True)
class ObligationStatus:
    """An obligation and where it stands; `late_days` is a mark, not a state.

    `lacking` are the codes of the division's parts that have not reported yet.
    """

    obligation: Obligation
    state: ObligationState
    late_days: int = 0
    file: str = ""
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenItem:
    """Something that keeps the report from being signed, and who must act.

    `kind` is a code of the catalogue (open.<kind>), `who` is division, analyst or executive.
    """

    kind: str
    who: str
    division: str | None
    form: str | None
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PrintedMeasure:
    """One row of the public table: the six printed texts, whose words they are, and the notes.

    `marks` says for "summary" and "outcome" where the text comes from: division, generated,
    summary or not_due. `source` is the file and sheet of the words.
    """

    measure: Measure
    summary: str
    outcome: str
    marks: Mapping[str, str]
    notes: tuple[Finding, ...] = ()
    source: CellRef | None = None
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How far one check of rows could look: how many rows, and why not the others.

    `blank` counts for each needed column the rows that hold nothing readable there (a row may lack
    several); `unseen` counts by their fate the rows that a crosscheck does not see: they await
    correction, are excluded, or came in a layout that is only compared. `lacking` are the criteria
    that the round does not state.
    """

    check: Rule | Crosscheck
    form: FormSpec
    looked_at: int
    not_looked_at: int
    found: int
    blank: Mapping[str, int]
    unseen: Mapping[str, int]
    lacking: tuple[str, ...]
    off: bool


@dataclass(frozen=True)
class Assessment:
    """A round settled from its inputs alone: everything that report, reply and record lay out.

    `tables` hold every row of the forms that count, with its `fate`. `frames` are the tables that
    no form gives, each a data sheet too: "annex" (a line per measure and obliged division),
    "obligations" (a line per obligation), "files" (a line per thing received). `coverage` says of
    each check of rows how far it could look. `said` is what the texts state of the figures.
    """

    plan: Plan
    as_of: datetime
    submissions: tuple[Submission, ...]
    tables: Mapping[str, Table]
    form_outcomes: tuple[FormOutcome, ...]
    repairs: tuple[Repair, ...]
    hidden: tuple[Hidden, ...]
    findings: tuple[Finding, ...]
    figures: Mapping[str, Figure]
    obligation_statuses: tuple[ObligationStatus, ...]
    open_items: tuple[OpenItem, ...]
    printed: tuple[PrintedMeasure, ...]
    frames: Mapping[str, pd.DataFrame]
    coverage: tuple[Coverage, ...] = ()
    earlier: "Assessment | None" = None
    settled: tuple[Settled, ...] = ()
    comparisons: tuple[Comparison[Figure], ...] = ()

    def entries(self, kind: type[EntryT]) -> Iterator[tuple[EntryT, Settled]]:
        """Every entry of `corrections.toml` of a kind with what became of it, in its order."""
        for settled in sorted(self.settled, key=lambda each: each.entry.number):
            if isinstance(settled.entry, kind):
                yield settled.entry, settled

    def slices(self, dimension: str) -> tuple[Slice, ...]:
        """What the figures tell apart along a dimension, in their order, the whole last."""
        found = (each.dimensions.get(dimension) for each in self.figures.values())
        return tuple(sorted(dict.fromkeys(filter(None, found)), key=lambda each: each.is_whole))

    @property
    def recorded(self) -> Mapping[str, Figure]:
        """The figures as they were last signed, else as they are computed now."""
        if not self.plan.signings:
            return self.figures
        signed = self.plan.signings[-1].substance.get("figures", {})
        return {k: f.with_text(signed[k]) for k, f in self.figures.items() if k in signed}

    @property
    def complete(self) -> bool:
        """Whether nothing is open."""
        return not self.open_items
