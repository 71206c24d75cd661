"""The nouns: what arrives, what it becomes, and what is said of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.workbook.cells import Workbook, address
from schemas.kit.calendar import Round
from schemas.kit.columns import Severity
from schemas.kit.form import FormSpec
from schemas.kit.kinds import Context

__all__ = ["Severity"]


class PipelineError(Exception):
    """The operator's mistake: one line that says what, and a hint that says what to do."""

    def __init__(self, code: str, **params: object) -> None:
        """`code` names the sentence in the catalogue; `params` fill its places."""
        super().__init__(code)
        self.code = code
        self.params = params


# --- the round's promises -----------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    """One division of the roster, with the addresses it sends from and the forms it owes.

    `forms` maps a form's name to the measures for which it is owed (empty: as a whole).
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    head: str = ""
    head_position: str = ""
    forms: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    exempt: tuple[str, ...] = ()
    in_all: bool = True


@dataclass(frozen=True)
class Measure:
    """One มาตรการ: its printed texts, and the typed owner, coordinator and months beside them.

    `owner` is a division code or "ALL". `text` says whose words are printed: "division",
    or "generated"; `patterns` are the sentences generated from the figures ("summary", "outcome").
    """

    number: int
    title: str
    procedure: str
    owner: str
    owner_text: str
    months: tuple[date, date]
    period_text: str
    rounds: tuple[int, ...] = (6, 12)
    coordinator: str = ""
    text: str = "division"
    patterns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Criterion:
    """A number that decides a figure, with its source and who approved it."""

    key: str
    value: Decimal
    source: str
    approved_by: str
    effective_from: date | None = None


@dataclass(frozen=True)
class Signer:
    """One who signs the report: role, name, position."""

    role: str
    name: str
    position: str


@dataclass(frozen=True)
class Extension:
    """A later due time granted to a division, for one form or all."""

    division: str
    due: datetime
    reason: str
    approved_by: str
    form: str = ""


@dataclass(frozen=True)
class Organisation:
    """The municipality that reports."""

    code: str
    name: str
    kind: str
    province: str


@dataclass(frozen=True)
class Contact:
    """Whom a clerk calls."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class Obligation:
    """What one division owes: a form, for a month of it, or a measure's summary; due when."""

    division: str
    form: str
    month: date | None
    due: datetime
    measure: int | None = None
    in_this_round: bool = True


@dataclass(frozen=True)
class Plan:
    """The round's promises as `round.toml` states them, checked on load.

    `criteria` hold min_project_count, weights, bands and thresholds by key ("bands.12.high").
    `earlier` is the plan of the round before in the same fiscal year, where its folder exists.
    """

    folder: Path
    organisation: Organisation
    round: Round
    due: datetime
    summary_due: datetime
    contact: Contact
    signers: tuple[Signer, ...]
    criteria: Mapping[str, Criterion]
    measures: tuple[Measure, ...]
    divisions: tuple[Division, ...]
    forms: tuple[FormSpec, ...]
    sha256: str
    extensions: tuple[Extension, ...] = ()
    procurement_basis: str = "monthly"
    digits: str = "thai"
    oit_item: str = ""
    example: bool = False
    reply_from: str = ""
    rules_off: tuple[str, ...] = ()
    rules_beta: tuple[str, ...] = ()
    as_of: datetime | None = None
    earlier: "Plan | None" = None

    @property
    def name(self) -> str:
        """The round's folder name, such as 2566-12."""
        return self.folder.name

    @cached_property
    def context(self) -> Context:
        """What a value may be measured by in this round."""
        names = {d.code: (d.name, *d.aliases) for d in self.divisions}
        return Context(self.round, names)

    @property
    def earlier_rounds(self) -> tuple["Plan", ...]:
        """The round before in the same fiscal year, or nothing."""
        return (self.earlier,) if self.earlier else ()

    def division(self, code: str) -> Division:
        """The division of that code; KeyError where the roster has none."""
        return self._by_code[code]

    @cached_property
    def _by_code(self) -> Mapping[str, Division]:
        return {each.code: each for each in self.divisions}

    def form(self, name: str) -> FormSpec:
        """The form of that name; KeyError where there is none."""
        return {each.name: each for each in self.forms}[name]

    def measure(self, number: int) -> Measure:
        """The measure of that number; KeyError where there is none."""
        return {each.number: each for each in self.measures}[number]

    def criterion(self, key: str) -> Decimal:
        """The value of a criterion; KeyError where `round.toml` states none."""
        return self.criteria[key].value

    @property
    def obliged_to_all(self) -> tuple[str, ...]:
        """The codes that ทุกหน่วยงาน expands to: the divisions without the complaint centre."""
        return tuple(each.code for each in self.divisions if each.in_all)

    def measures_of(self, division: str) -> tuple[Measure, ...]:
        """The measures a division reports on: its own and those of all divisions."""
        everyone = division in self.obliged_to_all
        return tuple(
            m for m in self.measures if m.owner == division or (m.owner == "ALL" and everyone)
        )


# --- what arrives -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Message:
    """A mail as it lies in `received/`."""

    path: Path
    sha256: str
    message_id: str
    sender: str
    subject: str
    received_at: datetime | None
    references: tuple[str, ...] = ()
    time_from_date: bool = False


class Channel(StrEnum):
    """How something came: in a mail, as a loose file, or as a mail without a file."""

    ATTACHMENT = "attachment"
    LOOSE = "loose"
    BARE_MAIL = "bare_mail"


@dataclass(frozen=True)
class Received:
    """One thing that arrived: an attachment, a loose file, or a mail that carries none.

    `name` is unique within the round. `ignored` is the reason for which it is left unopened
    (a code of the catalogue), or "" where it goes on to intake.
    """

    name: str
    data: bytes
    sha256: str
    channel: Channel
    received_at: datetime | None
    sender: str
    path: Path
    message: Message | None = None
    note: str = ""
    ignored: str = ""


class Outcome(StrEnum):
    """What became of a file."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Submission:
    """A received file once we know whose it is, or why it does not count.

    `reason` is a code of the catalogue with `params`; `workbook` is None unless the file could be
    opened. `sheets` maps a form's name to the name of the sheet that holds it. `issued_round` is
    the round its marks name.
    """

    received: Received
    division: str | None
    outcome: Outcome
    reason: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    workbook: Workbook | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    findings: tuple["Finding", ...] = ()

    @property
    def name(self) -> str:
        """The unique name of the file."""
        return self.received.name


# --- what is read -------------------------------------------------------------------------------

ORIGIN = ("submission", "sheet", "row")


@dataclass(frozen=True, order=True)
class CellRef:
    """One cell of one sheet of one received file."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """The address as Excel writes it, such as D7."""
        return address(self.row, self.column)


@dataclass(frozen=True)
class Repair:
    """A value read otherwise than typed, for a reason that is certain."""

    cell: CellRef
    form: str
    column: str
    typed: str
    read: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """All rows of one form from all submissions that count, typed; see `frame`.

    `frame`: one row per sheet row, unique integer index; the form's columns with their dtypes,
    the ORIGIN columns (submission = file name, sheet, row = Excel row), and after merge `fate`.
    `typed`: the same index and form columns, each cell's text as typed (dtype string, NA = blank).
    `positions`: (submission, sheet) to the place (row or None for the row's own, column) of each
    column found there.
    """

    form: FormSpec
    frame: pd.DataFrame
    typed: pd.DataFrame
    positions: Mapping[tuple[str, str], Mapping[str, tuple[int | None, int]]]

    def cell(self, index: int, column: str) -> CellRef:
        """Where a value stands; the row's first cell where the sheet lacks the column."""
        file, sheet, row = (self.frame.at[index, name] for name in ORIGIN)
        fixed, position = self.positions[(file, sheet)].get(column, (None, 1))
        return CellRef(file, sheet, int(row) if fixed is None else fixed, position)

    def value(self, index: int, column: str) -> str | None:
        """The text as typed; None for a blank."""
        found = self.typed.at[index, column]
        return None if pd.isna(found) else str(found)

    def with_frame(self, frame: pd.DataFrame) -> "Table":
        """The same table over another frame with the same index or part of it."""
        return Table(self.form, frame, self.typed.loc[frame.index], self.positions)


class Fate(StrEnum):
    """What became of a row of a form that counts."""

    ACCEPTED = "accepted"
    HELD_BACK = "held_back"
    EXCLUDED = "excluded"
    DUPLICATE = "duplicate"


class ReceiptState(StrEnum):
    """What became of a form (or a month of it) in one submission."""

    COUNTS = "counts"
    NIL = "nil"
    NOT_FILLED = "not_filled"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


@dataclass(frozen=True)
class Receipt:
    """One form (for a month, where it comes in parts) of one submission, and what became of it."""

    submission: str
    division: str
    form: str
    month: date | None
    state: ReceiptState
    rows: int
    by: str = ""
    measure: int | None = None


@dataclass(frozen=True)
class Finding:
    """One defect of one cause: a code, a weight, a place and parameters, never a sentence.

    `to` is "division", or "analyst" where the text is configured (`key` then names the key of
    `round.toml`). `form`, `index` and `column` point into the form's Table where there is a row;
    `fate` says what that row becomes where it is not at fault (a duplicate).
    """

    code: str
    severity: Severity
    division: str | None = None
    file: str | None = None
    cell: CellRef | None = None
    value: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    to: str = "division"
    form: str | None = None
    index: int | None = None
    column: str | None = None
    sheet: str | None = None
    fate: Fate | None = None
    explained: bool = False


@dataclass(frozen=True)
class Reading:
    """What the submissions say: typed tables, receipts, repairs, and what could not be read."""

    submissions: tuple[Submission, ...]
    tables: Mapping[str, Table]
    receipts: tuple[Receipt, ...]
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]
    hidden: tuple["Hidden", ...] = ()

    def rows(self) -> Iterator[tuple[str, int]]:
        """Every (form, index) of the rows that count."""
        for name, table in self.tables.items():
            yield from ((name, index) for index in table.frame.index)


@dataclass(frozen=True)
class Hidden:
    """A hidden sheet, row or column that holds something."""

    file: str
    sheet: str
    what: str
    where: str


# --- what is computed ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A number with its definition: value, Excel formula and rows follow from one declaration.

    `value` is an int, a Decimal (baht or percent), text (a level), or None where there is no base.
    `formula` speaks in defined names and other figures' ids. `rows` are (form, index) pairs.
    `unit` is "count", "baht", "pct" or "text".
    """

    id: str
    title_th: str
    title_en: str
    definition_th: str
    definition_en: str
    value: int | Decimal | str | None
    formula: str
    unit: str
    rows: tuple[tuple[str, int], ...] = ()


class State(StrEnum):
    """Where an obligation stands."""

    REPORTED = "REPORTED"
    CONFIRMED_ZERO = "CONFIRMED_ZERO"
    REFUSED = "REFUSED"
    MISSING = "MISSING"
    PENDING = "PENDING"
    WAIVED = "WAIVED"
    NOT_DUE = "NOT_DUE"


@dataclass(frozen=True)
class Standing:
    """An obligation and where it stands; `late_days` is a mark, not a state."""

    obligation: Obligation
    state: State
    late_days: int = 0
    file: str = ""


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
class Assessment:
    """A round settled from its inputs alone: everything that report, reply and record lay out.

    `tables` hold every row of the forms that count, with its `fate`. `frames` are the tables that
    no form gives, each a data sheet too: "annex" (a line per measure and obliged division),
    "obligations" (a line per obligation), "files" (a line per thing received).
    """

    plan: Plan
    as_of: datetime
    submissions: tuple[Submission, ...]
    tables: Mapping[str, Table]
    receipts: tuple[Receipt, ...]
    repairs: tuple[Repair, ...]
    hidden: tuple[Hidden, ...]
    findings: tuple[Finding, ...]
    figures: Mapping[str, Figure]
    standings: tuple[Standing, ...]
    open_items: tuple[OpenItem, ...]
    printed: tuple[PrintedMeasure, ...]
    frames: Mapping[str, pd.DataFrame]
    earlier: "Assessment | None" = None

    @property
    def complete(self) -> bool:
        """Whether nothing is open."""
        return not self.open_items
