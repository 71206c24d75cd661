"""Addresses that have sent for a division without being registered: told, or taken into the roster.

Only the one list is changed in `round.toml`; every comment and blank of it stays as it is.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.collect import collect
from pipeline.files import write_whole
from pipeline.intake import intake
from pipeline.model import PipelineError, Plan
from pipeline.plan import ROUND_TOML
from pipeline.plan.toml_nodes import parse_bytes

_TRUSTED = "sender-not-registered"  # the division has no address yet, its files are counted
_PROPOSING = (_TRUSTED, "unknown-sender")
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_DIVISION = re.compile(r"^[ \t]*\[\[[ \t]*divisions[ \t]*\]\]", re.MULTILINE)
_LIST = re.compile(r"^[ \t]*senders[ \t]*=[ \t]*\[", re.MULTILINE)
_PIECE = re.compile(r"""\"(?:\\.|[^"\\])*\"|'[^']*'|#[^\n]*|\]|[^"'#\]]+""")


@dataclass(frozen=True)
class Proposal:
    """An address, the division in whose name it sent, its files, and whether these count."""

    address: str
    division: str
    files: tuple[str, ...]
    counts: bool


def proposals(plan: Plan, jobs: int = 1) -> tuple[Proposal, ...]:
    """Every address that sent for a division without being in the roster."""
    files: dict[tuple[str, str, bool], list[str]] = {}
    for each in intake(collect(plan), plan, jobs):
        codes = {finding.code for finding in each.findings}
        if each.division and each.received.sender and codes & {*_PROPOSING}:
            key = (each.received.sender, each.division, _TRUSTED in codes)
            files.setdefault(key, []).append(each.name)
    return tuple(Proposal(a, d, tuple(names), counts) for (a, d, counts), names in files.items())


def take(plan: Plan, found: Iterable[Proposal]) -> None:
    """Add the addresses to their divisions' senders in the round's file.

    PipelineError where the file is written in a way in which this cannot be done without doubt.
    """
    path = plan.folder / ROUND_TOML
    data = path.read_bytes()
    for each in found:
        data = _with_sender(data, [d.code for d in plan.divisions].index(each.division), each)
    write_whole(path, data)


def chosen(found: Sequence[Proposal], addresses: Sequence[str]) -> list[Proposal]:
    """The proposals of these addresses; PipelineError for one that nobody has sent from."""
    wanted = {address.strip().casefold() for address in addresses}
    strange = wanted - {each.address for each in found}
    if strange:
        names = ", ".join(dict.fromkeys(each.address for each in found)) or "-"
        raise PipelineError("senders-strange", address=min(strange), names=names)
    return [each for each in found if each.address in wanted]


def _with_sender(data: bytes, number: int, proposal: Proposal) -> bytes:
    text = data.decode("utf-8")
    tables = list(_DIVISION.finditer(text))
    expected = _expected(_parsed(data), number, proposal.address)
    changed = data
    if number < len(tables):
        place, written = _place(text, tables[number].end(), json.dumps(proposal.address))
        changed = (text[:place] + written + text[place:]).encode()
    if _parsed(changed) != expected:
        line = f'"{proposal.address}"'
        raise PipelineError("senders-by-hand", division=proposal.division, line=line)
    return changed


def _place(text: str, begin: int, quoted: str) -> tuple[int, str]:
    """Where in the division's table the address goes, and how it is written there."""
    after = _TABLE.search(text, begin)
    end = after.start() if after else len(text)
    found = _LIST.search(text, begin, end)
    if found is None:
        return begin, f"\nsenders = [{quoted}]"
    last, is_first = found.end(), True
    for piece in _PIECE.finditer(text, found.end()):
        if piece[0].startswith("]"):
            break
        if piece[0][0] in "\"'":
            last, is_first = piece.end(), False
    return last, quoted if is_first else f", {quoted}"


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        return parse_bytes(data, Path(ROUND_TOML))
    except PipelineError:
        return {}


def _expected(values: Mapping[str, Any], number: int, address: str) -> Mapping[str, Any]:
    """What the file must say once the address is in it, and nothing else."""
    rows = [dict(row) for row in values["divisions"]]
    rows[number]["senders"] = [*rows[number].get("senders", []), address]
    return {**values, "divisions": rows}
