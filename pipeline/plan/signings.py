"""What was signed and taken back in a round, as `close` keeps it beside the inputs: a chain.

Every record (`signing.json`, `undone.json`) holds the SHA-256 of the record before it, so what is
changed or removed of an earlier one shows in a later one. The last is held by nothing here: its
digest stands in the register of outgoing documents.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from pathlib import Path

from pipeline.files import json_sha256
from pipeline.model import Ledger, PipelineError, Signing, SigningFault, Undoing
from pipeline.plan.toml_nodes import ROUND_TOML, TomlNode
from schemas.kit.thai.dates import format_date

SIGNED, SIGNING_JSON, UNDONE_JSON = "signed", "signing.json", "undone.json"
_RUN_JSON = "run.json"
_ALWAYS = frozenset({"report.xlsx", _RUN_JSON, ROUND_TOML})


@dataclass(frozen=True)
class _Record:
    """A file of the chain; without `on` it says nothing that can be read.

    `before` is None where it names no record before it, as none did in earlier versions.
    """

    number: int
    file: Path
    sha256: str
    on: date | None = None
    before: str | None = None
    not_before: date | None = None
    signing: Signing | None = None
    undoing: Undoing | None = None
    files: Mapping[str, str] | None = None

    @property
    def key(self) -> str:
        """Where it lies: round, `signed`, number, name."""
        return "/".join(self.file.parts[-4:])


def ledger(folder: Path) -> Ledger:
    """What was signed and taken back in a round's folder, and what no longer fits in the record."""
    return next(ledgers(folder))


def ledgers(folder: Path) -> Iterator[Ledger]:
    """The ledger; then as it stood after each of its records, the latest first, faults left out."""
    records = _in_order(_read(folder))
    broken = [*_missing(folder), *(fault for each in records for fault in _altered(each))]
    unlinked = _unlinked(records, {fault.number for fault in broken})
    yield _ledger(records, (*broken, *_back_dated(records), *unlinked))
    for count in range(len(records), -1, -1):
        yield _ledger(records[:count])


def ledger_by(folder: Path, day: date) -> Ledger:
    """The ledger as it stood at the end of a day: what was signed or taken back later is not in."""
    return next(each for each in ledgers(folder) if all(on <= day for on in _days(each)))


def _days(ledger: Ledger) -> Iterator[date]:
    for each in ledger.every:
        yield each.undone.on if each.undone else each.signed_on


def last_number(folder: Path) -> int:
    """The greatest number that a signing of this round has, whatever became of it; 0 for none."""
    return max(_numbers(folder), default=0)


def _numbers(folder: Path) -> list[int]:
    names = (path.name for path in (folder / SIGNED).glob("*") if path.is_dir())
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def _ledger(records: Sequence[_Record], faults: tuple[SigningFault, ...] = ()) -> Ledger:
    undone = {each.number: each.undoing for each in records if each.undoing}
    without = {fault.number for fault in faults}
    kept = [
        replace(each.signing, undone=undone.get(each.number))
        for each in records
        if each.signing and each.number not in without
    ]
    return Ledger(
        signings=tuple(each for each in kept if not each.undone),
        undone=tuple(each for each in kept if each.undone),
        faults=faults,
        head=records[-1].sha256 if records else "",
    )


# --- what lies there ----------------------------------------------------------------------------


def _read(folder: Path) -> list[_Record]:
    """Every record, signings before what takes one back; one without a link follows its like."""
    records: list[_Record] = []
    linked = False
    for name, number in product((SIGNING_JSON, UNDONE_JSON), _numbers(folder)):
        file = folder / SIGNED / str(number) / name
        if not file.is_file():
            continue
        record = _record(number, file)
        if record.signing and record.before is None and not linked:
            record = replace(record, before=records[-1].sha256 if records else "")
        linked = linked or record.signing is None or record.signing.chained
        records.append(record)
    return records


def _record(number: int, file: Path) -> _Record:
    try:
        data = file.read_bytes()
    except OSError:
        return _Record(number, file, "")
    bare = _Record(number, file, hashlib.sha256(data).hexdigest())
    try:
        node = TomlNode(json.loads(data), file.name)
        if file.name == SIGNING_JSON:
            return _signing(bare, node)
        undoing = Undoing(_day(node, "undone_on"), node.text("undone_by"), node.text("reason"))
        return replace(bare, on=undoing.on, before=node.take("before", str), undoing=undoing)
    except (ValueError, AttributeError, PipelineError):
        return bare


def _signing(bare: _Record, node: TomlNode) -> _Record:
    before = node.take("before", str, None)
    over = node.node("closes_over", {})
    on, as_of = _day(node, "signed_on"), datetime.fromisoformat(node.text("as_of"))
    signing = Signing(
        number=bare.number,
        folder=bare.file.parent,
        signed_on=on,
        signed_by=node.text("signed_by"),
        as_of=as_of,
        figures_sha256=node.text("figures_sha256"),
        substance=node.take("substance", dict),
        chained=before is not None,
    )
    files = node.take("files", dict)
    not_before = None if before is None else max(_day(over, "on"), as_of.date())
    return replace(bare, on=on, before=before, not_before=not_before, signing=signing, files=files)


def _day(node: TomlNode, key: str) -> date:
    return date.fromisoformat(node.text(key))


def _in_order(records: Sequence[_Record]) -> list[_Record]:
    """The records as each follows the one before; those that follow none come last."""
    following: dict[str | None, _Record] = {}
    for each in records:
        following.setdefault(each.before, each)
    chain: list[_Record] = []
    head = ""
    while head in following:
        chain.append(following.pop(head))
        head = chain[-1].sha256
    return [*chain, *(each for each in records if each not in chain)]


# --- what does not fit --------------------------------------------------------------------------


def _missing(folder: Path) -> Iterator[SigningFault]:
    for number in range(1, last_number(folder) + 1):
        place = folder / SIGNED / str(number)
        file = place / SIGNING_JSON if place.is_dir() else place
        if not file.exists():
            key = file.relative_to(folder.parent).as_posix()
            yield SigningFault("signing-missing", number, {"key": key})


def _altered(record: _Record) -> Iterator[SigningFault]:
    """Of a record what cannot be read or contradicts itself; of a signing the files beside it."""
    if record.on is None or (record.signing and not _is_sound(record)):
        yield SigningFault("signing-altered", record.number, {"key": record.key})
    for name, digest in (record.files or {}).items():
        kept = record.file.with_name(name)
        params = {"key": "/".join(kept.parts[-4:])}
        if not kept.is_file():
            yield SigningFault("signing-missing", record.number, params)
        elif hashlib.sha256(kept.read_bytes()).hexdigest() != digest:
            yield SigningFault("signing-altered", record.number, params)


def _is_sound(record: _Record) -> bool:
    """Whether a signing says the same as its own `run.json`, of all the files that belong to it."""
    signing = record.signing
    if signing is None or not (record.files or {}).keys() >= _ALWAYS:
        return False
    try:
        run = json.loads(record.file.with_name(_RUN_JSON).read_bytes())
    except (OSError, ValueError):
        return True  # which is told of that file
    same = (run.get("figures_sha256"), run.get("as_of")) == (
        signing.figures_sha256,
        signing.as_of.isoformat(),
    )
    return same and json_sha256(signing.substance) == signing.figures_sha256


def _back_dated(records: Sequence[_Record]) -> Iterator[SigningFault]:
    """A record dated before what it closes over, or before the record that it follows."""
    earliest = date.min
    for each in records:
        if each.on is None:
            continue
        least = max(earliest, each.not_before or date.min)
        if each.on < least:
            params = {"key": each.key, **day_params("on", each.on), **day_params("least", least)}
            yield SigningFault("signing-back-dated", each.number, params)
        earliest = max(earliest, each.on)


def day_params(name: str, day: date) -> dict[str, str]:
    """A day as the parameters of a sentence in both languages."""
    return {f"{name}_th": format_date(day), f"{name}_en": day.isoformat()}


def _unlinked(records: Sequence[_Record], faulty: set[int]) -> Iterator[SigningFault]:
    """A record that follows none here, as the one before it was changed; or a second after one."""
    hashes = {"", *(each.sha256 for each in records)}
    followed: set[str | None] = set()
    for each in records:
        second = each.before in followed
        broken = each.on is not None and (second or each.before not in hashes)
        of = each.number if second or each.undoing else max(1, each.number - 1)
        if broken and of not in faulty:
            before = each.file.parent.with_name(str(of))
            params = {"key": "/".join(before.parts[-3:]), "after": each.key}
            yield SigningFault("signing-unlinked", of, params)
        followed.add(each.before)
