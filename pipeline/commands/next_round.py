"""The next round out of one there is: its `round.toml` with the comments kept and the days moved.

Who reports, what is asked and by which criteria is carried on as it stands; what a person must look
at is told beside it. What was granted or agreed in the old round stays there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomlkit

from pipeline.commands.init import make_folder, refuse_existing
from pipeline.commands.questions import no_weekend
from pipeline.commands.roster_changes import renamed, struck
from pipeline.model import Measure, PipelineError, Plan
from pipeline.plan import ROUND_TOML, load_plan
from pipeline.plan.other_rounds import refuse_overlap
from schemas.kit.thai.calendar import FiscalYear, Round, stated_period, stated_round
from schemas.kit.thai.moved_years import with_round, with_years, years_named

Period = tuple[date, date]


@dataclass(frozen=True)
class Move:
    """Keys of `round.toml` that say something else now; None where there is nothing."""

    key: str
    then: object
    now: object


@dataclass(frozen=True)
class Look:
    """What a person must look at: a code of the catalogue with its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What the operator wants otherwise: new names by code, codes to leave out, a due time."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    struck: Sequence[str] = ()
    due: datetime | None = None


@dataclass(frozen=True)
class NextRound:
    """A round that may be written: its file's text, what moved in it, and what to look at."""

    folder: Path
    text: str
    moves: tuple[Move, ...]
    looks: tuple[Look, ...]

    def write(self, outputs: Path) -> tuple[Path, Path]:
        """Make the folder; the paths of `round.toml` and of the register of loose files."""
        refuse_existing(self.folder)
        return make_folder(self.folder, self.text, outputs)


def following(this: Round) -> Round:
    """Six months are followed by the whole of their year, that by six months of the next."""
    if this.months == 6:
        return Round(this.fiscal_year, 12)
    return Round(FiscalYear(this.fiscal_year.be + 1), 6)


def round_named(name: str | None, source: Plan) -> tuple[str, Round]:
    """The folder's name and the round it stands for; PipelineError unless it is a later one."""
    if name is None:
        then = following(source.round)
        return then.name, then
    try:
        then = Round.parse(name)
    except ValueError:
        raise PipelineError("next-no-name", name=name, next=following(source.round).name) from None
    if then <= source.round:
        raise PipelineError(
            "next-not-later", name=name, source=source.name, next=following(source.round).name
        )
    return name, then


def next_round(source: Plan, name: str | None, asked: Asked) -> NextRound:
    """The round that follows, made but not yet written; PipelineError where it cannot be one."""
    name, then = round_named(name, source)
    folder = source.folder.parent / name
    refuse_existing(folder)
    text = (source.folder / ROUND_TOML).read_bytes().decode("utf-8-sig")
    file = tomlkit.parse(_heading_moved(text, source, then))
    moves = [
        *_round_moved(file, source.round, then),
        *_dues_moved(file, source, then, asked.due),
        *_measures_moved(file, source, then),
        *_left_out(file, "extension"),
        *renamed(file, source, asked.renamed),
        *struck(file, source, asked.struck),
    ]
    made = file.as_string()
    plan = _loaded(made, folder, source)
    looks = (*_looks(source, plan, asked), *_old_words(file.unwrap(), source, plan, asked))
    return NextRound(folder, made, tuple(Move(*each) for each in moves), looks)


def _loaded(text: str, folder: Path, source: Plan) -> Plan:
    """The plan as it would load; its faults are told before anything is written."""
    with TemporaryDirectory() as place:
        draft = Path(place) / folder.name
        draft.mkdir()
        (draft / ROUND_TOML).write_bytes(text.encode())
        plan = load_plan(draft, source.forms, earlier=False)
    if not plan.example:
        refuse_overlap(folder, plan.round)
    return plan


# --- what moves ---------------------------------------------------------------------------------


def _heading_moved(text: str, source: Plan, then: Round) -> str:
    """The comments above the first key name the new round; every other one stays as it is."""
    lines = text.splitlines(keepends=True)
    stop = next((n for n, line in enumerate(lines) if line.strip()[:1] not in ("", "#")), 0)
    head = (with_round(line, source.round, then) for line in lines[:stop])
    return "".join((*head, *lines[stop:]))


def _round_moved(file: Any, this: Round, then: Round) -> Iterator[tuple[str, object, object]]:
    for key, old, new in (
        ("fiscal_year", this.fiscal_year.be, then.fiscal_year.be),
        ("round", this.months, then.months),
    ):
        if old != new:
            file[key] = new
            yield key, old, new


def _dues_moved(
    file: Any, source: Plan, then: Round, due: datetime | None
) -> Iterator[tuple[str, object, object]]:
    """So many days after the round's end as before, on no weekend, at the same time of day."""
    first = due or _due(source.due, source.round, then)
    later = (source.summary_due.date() - source.due.date()).days
    second = datetime.combine(
        no_weekend(first.date() + timedelta(days=later)), source.summary_due.timetz()
    )
    pairs = (("due", source.due, first), ("summary_due", source.summary_due, max(first, second)))
    for key, old, new in pairs:
        file[key] = new
        yield key, old, new


def _due(old: datetime, this: Round, then: Round) -> datetime:
    day = no_weekend(then.end + (old.date() - this.end))
    return datetime.combine(day, old.timetz())


def _measures_moved(file: Any, source: Plan, then: Round) -> Iterator[tuple[str, object, object]]:
    """Each measure's period, and the years in the words it is printed by; alike ones together."""
    years = then.fiscal_year.be - source.round.fiscal_year.be
    moves: dict[tuple[str, object, object], list[int]] = {}
    for measure in source.measures:
        node = file["measures"][str(measure.number)]
        pairs: tuple[tuple[str, Any, Any], ...] = (
            ("months", measure.months, _period(measure, source.round, then)),
            ("period_text", measure.period_text, with_years(measure.period_text, years)),
        )
        for key, old, new in pairs:
            if old != new:
                node[key] = list(new) if key == "months" else new
                moves.setdefault((key, old, new), []).append(measure.number)
    for (key, old, new), numbers in moves.items():
        yield f"measures.{','.join(map(str, numbers))}.{key}", old, new


def _period(measure: Measure, this: Round, then: Round) -> Period:
    """A whole round becomes the whole of the next; any other period the same days of its year.

    A measure that is called one of six months has those, whatever the round.
    """
    half, whole = (
        (Round(then.fiscal_year, n).start, Round(then.fiscal_year, n).end) for n in (6, 12)
    )
    if measure.months == (this.start, this.end):
        return half if 6 in (stated_round(measure.title), then.months) else whole
    years = then.fiscal_year.be - this.fiscal_year.be
    first, last = (_years_on(day, years) for day in measure.months)
    return first, last


def _years_on(day: date, years: int) -> date:
    """The same day of another year; the last of February where it has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _left_out(file: Any, key: str) -> Iterator[tuple[str, object, object]]:
    """What was granted for the old due time alone."""
    if key in file:
        yield key, len(file[key]), None
        del file[key]


# --- what to look at ----------------------------------------------------------------------------


def _looks(source: Plan, plan: Plan, asked: Asked) -> Iterator[Look]:
    people = {"divisions": len(plan.divisions), "signers": len(plan.signers)}
    yield Look("roster", people | {"parts": sum(len(each.parts) for each in plan.divisions)})
    yield Look("criteria", {"count": len(plan.criteria), "source": source.name})
    if asked.due is None:
        yield Look("due", {"days": (source.due.date() - source.round.end).days})
    odd = [each for each in plan.measures if _is_odd(each, plan.round)]
    if odd:
        yield Look("periods", {"keys": _listed(f"measures.{each.number}" for each in odd)})
    if plan.oit_item:
        yield Look("oit", {"item": plan.oit_item})
    switched = (*plan.rules_off, *plan.rules_beta)
    if switched:
        yield Look("rules", {"codes": ", ".join(switched)})
    changes = source.changes
    agreed = (changes.corrections, changes.exclusions, changes.waivers, changes.explanations)
    if any(agreed):
        yield Look("changes", {"count": sum(map(len, agreed)), "source": source.name})


def _is_odd(measure: Measure, this: Round) -> bool:
    """Whether its period, or the one that its words state, is neither half a year nor all of it."""
    year = this.fiscal_year
    usual = {(year.start, Round(year, months).end) for months in (6, 12)}
    stated = stated_period(measure.period_text)
    return measure.months not in usual or stated not in (None, *usual)


def _old_words(raw: Any, source: Plan, plan: Plan, asked: Asked) -> Iterator[Look]:
    """Texts that still name the old year, or a division by its old name."""
    texts = list(_texts(raw, ""))
    year = source.round.fiscal_year.be
    if plan.round.fiscal_year.be != year:
        keys = [k for k, text in texts if year in years_named(text) and "period_text" not in k]
        if keys:
            yield Look("year", {"year": year, "keys": _listed(keys)})
    for code in asked.renamed:
        old, others = source.division(code).name, [each.name for each in plan.divisions]
        keys = [k for k, text in texts if old in _without(text, others) and "aliases" not in k]
        if keys:
            yield Look("name", {"name": old, "keys": _listed(keys)})


def _without(text: str, names: Sequence[str]) -> str:
    """A text without these names, so that one within another is not taken for it."""
    for name in names:
        text = text.replace(name, "")
    return text


def _texts(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text of the file by its key; one of several tables bears its place among them."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from _texts(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for number, value in enumerate(node, 1):
            yield from _texts(value, f"{path}[{number}]" if isinstance(value, dict) else path)


def _listed(keys: Iterator[str] | Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(keys))
