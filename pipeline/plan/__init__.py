"""`round.toml` → Plan: every key checked on load, an error naming the key in one line."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TypeVar

from pipeline.files import is_safe_name
from pipeline.model import (
    Contact,
    Extension,
    Measure,
    Organisation,
    PipelineError,
    Plan,
    Signer,
)
from pipeline.plan.corrections_file import with_changes
from pipeline.plan.criteria import read_criteria
from pipeline.plan.divisions import read_divisions
from pipeline.plan.other_rounds import refusal, refuse_other_folder, refuse_overlap
from pipeline.plan.owed import ALL, obligations
from pipeline.plan.signings import ledger_by
from pipeline.plan.toml_nodes import ROUND_TOML, TomlNode, parse
from schemas.kit.form import FormSpec
from schemas.kit.thai.calendar import FiscalYear, Round

__all__ = ["ALL", "ROUND_TOML", "as_known", "find_round", "load_plan", "obligations"]

_ORGANISATION = ("code", "name", "kind", "province")
_SIGNER = ("role", "name", "position")
_RELAY = re.compile(r"([^@\s]+@)?[a-z0-9-]+(\.[a-z0-9-]+)+")
_RELAYS = "lists.town.example, bounce@mail.town.example"
_YEARS = (2500, 2599)

Noun = TypeVar("Noun")
_BANGKOK = timezone(timedelta(hours=7))


def find_round(inputs: Path, name: str | None) -> Path:
    """The folder of the named round, else of the latest that is not an example for practice."""
    folders = sorted(path.parent for path in inputs.glob(f"*/{ROUND_TOML}"))
    names = ", ".join(path.name for path in folders) or "-"
    if name is not None:
        if inputs / name not in folders:
            raise PipelineError("plan-no-round", name=name, names=names)
        return inputs / name
    ranked = [(_rank(path), path) for path in folders if parse(path).get("example") is not True]
    if not ranked:
        raise PipelineError("plan-no-rounds", inputs=inputs.as_posix())
    return max(ranked)[1]


def _rank(path: Path) -> tuple[int, int]:
    """Fiscal year and months; 0 for what is no number, which `load_plan` refuses by its key."""
    raw = parse(path)
    year, months = (raw.get(key, 0) for key in ("fiscal_year", "round"))
    return (year, months) if isinstance(year, int) and isinstance(months, int) else (0, 0)


def load_plan(
    folder: Path,
    forms: tuple[FormSpec, ...],
    as_of: datetime | None = None,
    *,
    earlier: bool = True,
) -> Plan:
    """The plan of a round's folder; PipelineError names the first key that is not right."""
    if not is_safe_name(folder.name):
        raise PipelineError("plan-unsafe-folder", name=folder.name)
    root = TomlNode(parse(folder), ROUND_TOML)
    this = _round(root)
    refuse_other_folder(folder, this)
    due = _moment(root, "due", this)
    measures = root.node("measures")
    divisions = read_divisions(root, forms, _numbers(measures))
    codes = [each.code for each in divisions]
    rules = root.node("rules", {})
    plan = Plan(
        folder=folder,
        organisation=_of_texts(root.node("organisation"), Organisation, *_ORGANISATION),
        round=this,
        due=due,
        summary_due=_moment(root, "summary_due", this, due),
        contact=_of_texts(root.node("contact"), Contact, "name", "phone", "email"),
        signers=tuple(_of_texts(node, Signer, *_SIGNER) for node in root.nodes("signers")),
        criteria=read_criteria(root.node("criteria"), this, forms),
        measures=_measures(measures, codes, this),
        divisions=divisions,
        forms=forms,
        sha256=hashlib.sha256((folder / ROUND_TOML).read_bytes()).hexdigest(),
        extensions=tuple(
            each
            for each in (_extension(n, codes, forms, this, due) for n in root.nodes("extension"))
            if as_of is None or each.granted_on is None or each.granted_on <= as_of.date()
        ),
        procurement_basis=root.one_of(
            "procurement_basis", ("monthly", "quarterly"), str, "monthly"
        ),
        digits=root.one_of("digits", ("thai", "arabic"), str, "thai"),
        oit_item=root.take("oit_item", str, ""),
        example=root.take("example", bool, default=False),
        reply_from=root.take("reply_from", str, ""),
        mailbox=root.take("mailbox", str, ""),
        mail_server=root.take("mail_server", str, "").strip().casefold(),
        relays=_relays(root),
        accept_days=root.between("accept_days", root.take("accept_days", int, 60), 1, 366),
        as_of=as_of,
        earlier=_earlier(folder, this, forms, as_of) if earlier else None,
        rules_off=rules.texts("off"),
        rules_beta=rules.texts("beta"),
    )
    rules.done()
    root.done()
    if earlier and not plan.example:
        refuse_overlap(folder, this)
    return with_changes(plan)


def as_known(plan: Plan) -> Plan:
    """The plan with what had been signed by the day as of which it is to be settled, no more."""
    if plan.as_of is None:
        return plan
    earlier = as_known(plan.earlier) if plan.earlier else None
    return replace(plan, ledger=ledger_by(plan.folder, plan.as_of.date()), earlier=earlier)


def _earlier(
    folder: Path, this: Round, forms: tuple[FormSpec, ...], as_of: datetime | None
) -> Plan | None:
    """The six-month round of the same year, where its folder lies beside this one."""
    before = folder.parent / Round(this.fiscal_year, 6).name
    if this.months != 12 or not (before / ROUND_TOML).exists():
        return None
    try:
        return load_plan(before, forms, as_of, earlier=False)
    except PipelineError as error:
        if "key" in error.params:
            error.params["key"] = f"{before.name}: {error.params['key']}"
        raise


def _round(root: TomlNode) -> Round:
    key = "fiscal_year"
    year = FiscalYear(root.between(key, root.take(key, int), *_YEARS))
    return Round(year, root.one_of("round", (6, 12), int))


def _moment(node: TomlNode, key: str, this: Round, after: datetime | None = None) -> datetime:
    """A due time, not before `after` (else the round's last day) nor a year after the round."""
    value: datetime = node.take(key, datetime)
    value = value if value.tzinfo else value.replace(tzinfo=_BANGKOK)
    ended = datetime.combine(this.end, time(), _BANGKOK)
    if value < ended:
        raise refusal(node, "plan-due-before-end", key, value.date(), this)
    first = after or ended
    last = datetime.combine(this.end + timedelta(days=365), time(), _BANGKOK)
    node.between(key, value, first, last)
    return value


def _relays(root: TomlNode) -> tuple[str, ...]:
    """The domains and addresses of the servers that hand in others' mails, in small letters."""
    relays = tuple(each.strip().casefold() for each in root.texts("relays"))
    for each in relays:
        if not _RELAY.fullmatch(each):
            raise root.refuse("plan-wrong-value", "relays", each, choices=_RELAYS)
    return relays


def _of_texts(node: TomlNode, noun: Callable[..., Noun], *keys: str) -> Noun:
    """A noun made of the texts of these keys, in this order."""
    value = noun(*(node.take(key, str) for key in keys))
    node.done()
    return value


def _numbers(node: TomlNode) -> list[int]:
    """The numbers of the measures; 01 and ๑ are no second way to write 1."""
    for key in node.names():
        if not re.fullmatch(r"[1-9][0-9]?", key):
            raise node.refuse("plan-unknown-key", key)
    return sorted(map(int, node.names()))


def _measures(node: TomlNode, codes: Sequence[str], this: Round) -> tuple[Measure, ...]:
    return tuple(_measure(n, node.node(str(n)), codes, this) for n in _numbers(node))


def _period(node: TomlNode, this: Round) -> tuple[date, date]:
    """First and last day of a measure, within the fiscal year."""
    days = node.take("months", list)
    if len(days) != 2 or any(type(each) is not date for each in days):
        raise node.refuse("plan-wrong-type", "months", days)
    first, last = days
    for day in (first, last):
        if not this.fiscal_year.contains(day):
            raise refusal(node, "plan-other-year", "months", day, this)
    node.between("months", last, first, this.fiscal_year.end)
    return first, last


def _measure(number: int, node: TomlNode, codes: Sequence[str], this: Round) -> Measure:
    rounds = node.numbers("rounds", (6, 12), [6, 12])
    if not rounds:
        raise node.refuse("plan-wrong-value", "rounds", [], choices="6, 12")
    pattern = node.node("pattern", {})
    owner = node.one_of("owner", (*codes, ALL), str)
    needs = owner == ALL
    coordinator = node.one_of("coordinator", codes if needs else ("",), str, ... if needs else "")
    measure = Measure(
        number=number,
        title=node.text("title").strip(),
        procedure=node.text("procedure").strip(),
        owner=owner,
        owner_text=node.text("owner_text"),
        months=_period(node, this),
        period_text=node.text("period_text"),
        rounds=rounds,
        coordinator=coordinator,
        text=node.one_of("text", ("division", "generated"), str, "division"),
        patterns={
            key: pattern.take(key, str) for key in ("summary", "outcome") if key in pattern.names()
        },
    )
    pattern.done()
    node.done()
    return measure


def _extension(
    node: TomlNode, codes: Sequence[str], forms: tuple[FormSpec, ...], this: Round, due: datetime
) -> Extension:
    names = [form.name for form in forms if not form.is_cover]
    extension = Extension(
        division=node.one_of("division", codes, str),
        due=_moment(node, "due", this, due),
        reason=node.text("reason"),
        approved_by=node.text("approved_by"),
        form=node.one_of("form", ("", *names), str, ""),
        granted_on=node.take("granted_on", date, None),
    )
    node.done()
    return extension
