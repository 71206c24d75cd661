"""The round's promises: who owes what by when, and the criteria it is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from pipeline.model.corrections import Changes
from pipeline.model.ledger import Ledger, Signing
from schemas.kit.columns import Column
from schemas.kit.form import CoverPage, FormSpec
from schemas.kit.kinds import Context
from schemas.kit.thai.calendar import Round


class PipelineError(Exception):
    """The operator's mistake: one line that says what, and a hint that says what to do."""

    def __init__(self, code: str, **params: object) -> None:
        """`code` names the sentence in the catalogue; `params` fill its places."""
        super().__init__(code)
        self.code = code
        self.params = params


# The codes of a division and of its part, "" for the division as a whole.
Whose = tuple[str, str]


def whose_code(division: str, part: str) -> str:
    """The code of a division, with that of its part behind a dot."""
    return f"{division}.{part}" if part else division


@dataclass(frozen=True)
class SubUnit:
    """A sub-unit of a division that sends its own workbook of some of the division's forms."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Division:
    """One division of the roster, with the addresses it sends from and the forms it owes.

    `forms` maps a form's name to the measures for which it is owed (empty: as a whole). What
    `parts` report is reported when each of them has; the other forms are the division's own.
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
    parts: tuple[SubUnit, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that may send in the division's name, its parts' among them."""
        own = (self.senders, *(part.senders for part in self.parts))
        return tuple(dict.fromkeys(each for senders in own for each in senders))

    def parts_of(self, form: str) -> tuple[SubUnit, ...]:
        """The parts that report a form; none where the division reports it as one."""
        return tuple(part for part in self.parts if form in part.forms)

    def part_of(self, form: str, part: str) -> str | None:
        """The part for which a file of `part` reports a form: "" where the form has none.

        None where the form is reported by parts and this is none of them.
        """
        codes = [each.code for each in self.parts_of(form)]
        return (part if part in codes else None) if codes else ""

    def addresses_of(self, part: str) -> tuple[str, ...]:
        """Where an answer goes: to the part's own addresses, else the division's, else to all."""
        own = next((each.senders for each in self.parts if each.code == part), ())
        return own or self.senders or self.addresses

    def name_of(self, part: str) -> str:
        """The division's name, with that of its part behind it."""
        names = (each.name for each in self.parts if each.code == part)
        return " ".join((self.name, *names))


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
    granted_on: date | None = None


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
    A time of receipt more than `accept_days` after all others and every due time is not believed.
    `mail_server` is whose word on a sender is believed, `relays` may hand in others' mails.
    `mailbox` is whence `collect` fetches where it is told nothing else.
    A `bare` plan stands for no round at all: nothing is judged by its calendar or roster.
    `changes` are what `corrections.toml` says, the `ledger` is what `signed/` keeps.
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
    mailbox: str = ""
    mail_server: str = ""
    relays: tuple[str, ...] = ()
    accept_days: int = 60
    rules_off: tuple[str, ...] = ()
    rules_beta: tuple[str, ...] = ()
    as_of: datetime | None = None
    earlier: "Plan | None" = None
    bare: bool = False
    changes: Changes = field(default_factory=Changes)
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def name(self) -> str:
        """The round's folder name, such as 2566-12."""
        return self.folder.name

    @property
    def signings(self) -> tuple[Signing, ...]:
        """The signed reports that count, the first first."""
        return self.ledger.signings

    @cached_property
    def context(self) -> Context:
        """What a value may be measured by in this round."""
        names = {d.code: (d.name, *d.aliases) for d in self.divisions}
        criteria = {key: each.value for key, each in self.criteria.items()}
        quarterly = self.procurement_basis == "quarterly"
        return Context() if self.bare else Context(self.round, names, criteria, quarterly)

    @cached_property
    def cover(self) -> FormSpec:
        """The form that says whose workbook it is."""
        return next(form for form in self.forms if form.is_cover)

    @property
    def nil_tick(self) -> Column:
        """The column of the cover in which a tick says that there is nothing."""
        return self.cover.column(self.cover.trait(CoverPage).tick)

    @property
    def whose(self) -> Column:
        """The column of the cover that says whose workbook it is."""
        return self.cover.column(self.cover.trait(CoverPage).division)

    @property
    def earlier_rounds(self) -> tuple["Plan", ...]:
        """The round before in the same fiscal year, or nothing."""
        return (self.earlier,) if self.earlier else ()

    @property
    def roster(self) -> str:
        """Its divisions by code and name, in one line."""
        return ", ".join(f"{each.code} {each.name}" for each in self.divisions)

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
    def changed_criteria(self) -> Mapping[str, tuple[Decimal | None, Decimal | None]]:
        """Every criterion that differs from the round before: its value then and now."""
        earlier = self.earlier.criteria if self.earlier else self.criteria
        then = {key: each.value for key, each in earlier.items()}
        now = {key: each.value for key, each in self.criteria.items()}
        pairs = {key: (then.get(key), now.get(key)) for key in (*now, *then)}
        return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}

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
