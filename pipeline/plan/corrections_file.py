"""What lies beside `round.toml`: what people changed, and what was signed; every key checked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TypeVar

from pipeline.model import (
    Changes,
    Correction,
    Entry,
    Exclusion,
    Explanation,
    Plan,
    Release,
    Waiver,
    Withdrawal,
    changes_of,
)
from pipeline.plan.owed import obligations
from pipeline.plan.signings import ledger
from pipeline.plan.toml_nodes import TomlNode, parse_bytes
from pipeline.workbook.addresses import LAST_ROW, parse_address
from schemas.kit.thai.dates import date_from_cell, parse_date, parse_month

CORRECTIONS_TOML = "corrections.toml"

_BANGKOK = timezone(timedelta(hours=7))
Made = TypeVar("Made")
EntryMade = TypeVar("EntryMade", bound=Entry)


def with_changes(plan: Plan) -> Plan:
    """The plan with what `corrections.toml` and `signed/` beside it say, by when it is settled."""
    file = plan.folder / CORRECTIONS_TOML
    changes = parse_changes(file.read_bytes(), plan) if file.is_file() else Changes()
    changes = changes.known_by(plan.as_of) if plan.as_of else changes
    return replace(plan, changes=changes, ledger=ledger(plan.folder))


def parse_changes(data: bytes, plan: Plan) -> Changes:
    """What the bytes of a `corrections.toml` say; PipelineError names the first wrong key."""
    root = TomlNode(parse_bytes(data, plan.folder / CORRECTIONS_TOML), CORRECTIONS_TOML)
    entries: tuple[Entry, ...] = (
        *_entries(root, "correction", _correction),
        *_entries(root, "exclusion", _exclusion),
        *_entries(root, "waiver", lambda node, n: _waiver(node, n, plan)),
        *_entries(root, "explanation", _explanation),
        *_entries(root, "release", lambda node, n: _release(node, n, plan)),
    )
    root.done()
    return changes_of(entries)


def _entries(
    root: TomlNode, kind: str, make: Callable[[TomlNode, int], EntryMade]
) -> Iterator[EntryMade]:
    for number, node in enumerate(root.nodes(kind), 1):
        entry = make(node, number)
        recorded = _at(node, "recorded_at") if "recorded_at" in node.names() else None
        withdrawn = _withdrawal(node.node("undone")) if "undone" in node.names() else None
        node.done()
        yield replace(entry, recorded_at=recorded, withdrawn=withdrawn)


def _withdrawal(node: TomlNode) -> Withdrawal:
    withdrawal = Withdrawal(_at(node, "at"), node.text("by"), node.text("reason"))
    node.done()
    return withdrawal


def _at(node: TomlNode, key: str) -> datetime:
    value: datetime = node.take(key, datetime)
    return value if value.tzinfo else value.replace(tzinfo=_BANGKOK)


def _correction(node: TomlNode, number: int) -> Correction:
    row, column = _cell(node, node.text("cell"))
    return Correction(
        number=number,
        file=node.text("file"),
        sheet=node.text("sheet"),
        row=row,
        column=column,
        old=_typed(node, "old"),
        new=_typed(node, "new"),
        reason=node.text("reason"),
        agreed_with=node.text("agreed_with"),
        agreed_on=_day(node, "agreed_on"),
        channel=node.text("channel"),
        approved_by=node.text("approved_by"),
        evidence=node.take("evidence", str, ""),
    )


def _exclusion(node: TomlNode, number: int) -> Exclusion:
    row: int | None = node.take("row", int, None)
    return Exclusion(
        number=number,
        file=node.text("file"),
        sheet=node.take("sheet", str, "") if row is None else node.text("sheet"),
        row=None if row is None else int(node.between("row", row, 1, LAST_ROW)),
        reason=node.text("reason"),
        approved_by=node.text("approved_by"),
    )


def _waiver(node: TomlNode, number: int, plan: Plan) -> Waiver:
    """A waiver of something that is owed; what is not owed cannot be waived."""
    owed = obligations(plan)
    division = node.one_of("division", [each.code for each in plan.divisions], str)
    mine = [each for each in owed if each.division == division]
    form = node.one_of("form", list(dict.fromkeys(each.form for each in mine)), str)
    months = [each.month for each in mine if each.form == form and each.month is not None]
    measures = [each.measure for each in mine if each.form == form and each.measure is not None]
    return Waiver(
        number=number,
        division=division,
        form=form,
        month=_month(node, plan, months),
        measure=_among(node, "measure", node.take("measure", int, None), measures),
        reason=node.text("reason"),
        approved_by=node.text("approved_by"),
        until=_day(node, "until"),
    )


def _explanation(node: TomlNode, number: int) -> Explanation:
    """An answer to findings: `key` names one about the plan, `file` one about what came."""
    key = node.take("key", str, "")
    cell = node.take("cell", str, "")
    return Explanation(
        number=number,
        code=node.text("code"),
        key=key,
        file=node.take("file", str, "") if key else node.text("file"),
        sheet=node.text("sheet") if cell else node.take("sheet", str, ""),
        cell=_cell(node, cell) if cell else None,
        text=node.text("text"),
        by=node.text("by"),
        on=_day(node, "on"),
    )


def _release(node: TomlNode, number: int, plan: Plan) -> Release:
    """A release of one file, which its hash tells from all others."""
    sha256 = node.text("sha256").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise node.refuse("plan-wrong-value", "sha256", sha256, choices="0-9 a-f (64)")
    codes = [each.code for each in plan.divisions]
    return Release(
        number=number,
        file=node.text("file"),
        sha256=sha256,
        division=node.one_of("division", ("", *codes), str, ""),
        reason=node.text("reason"),
        approved_by=node.text("approved_by"),
    )


def _cell(node: TomlNode, text: str) -> tuple[int, int]:
    try:
        return parse_address(text.strip().replace("$", "").upper())
    except ValueError:
        raise node.refuse("corrections-no-address", "cell", text) from None


def _typed(node: TomlNode, key: str) -> str:
    """A value as a clerk would type it; a number or a day may stand without quotation marks."""
    value = node.take(key, (str, int, float, date))
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _day(node: TomlNode, key: str) -> date:
    """A day, as TOML writes it or as people do, in พ.ศ. or C.E."""
    value = node.take(key, (str, date))
    if isinstance(value, str):
        day = parse_date(value).value
    else:
        day = date_from_cell(value.date() if isinstance(value, datetime) else value).value
    if day is None:
        raise node.refuse("corrections-no-day", key, value)
    return day


def _month(node: TomlNode, plan: Plan, months: list[date]) -> date | None:
    """A month that is owed; None where none is said: all of them are meant."""
    value = node.take("month", (str, date), None)
    text = value.isoformat()[:7] if isinstance(value, date) else value
    month = parse_month(text, plan.round.fiscal_year.be).value if text else None
    return _among(node, "month", month if month or not value else value, months)


def _among(node: TomlNode, key: str, value: Made | None, choices: list[Made]) -> Made | None:
    """The value where it is one of the choices, or not said at all."""
    if value is not None and value not in choices:
        listed = ", ".join(map(str, choices)) or "-"
        raise node.refuse("plan-wrong-value", key, value, choices=listed)
    return value
