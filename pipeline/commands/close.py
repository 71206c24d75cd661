"""Keeping the report that was signed, so that what changes afterwards is known and named."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipeline.digests import edition, figures_sha256, inputs_sha256, properties, substance
from pipeline.files import write_whole
from pipeline.messages import edition_name
from pipeline.model import Assessment, PipelineError, Plan, Signing
from pipeline.outputs import staged
from pipeline.plan import ROUND_TOML
from pipeline.plan.corrections_file import CORRECTIONS_TOML
from pipeline.plan.signings import SIGNED, SIGNING_JSON, UNDONE_JSON, day_params, last_number
from pipeline.record import REPORT, RUN_JSON, run_json
from pipeline.report import report

_BESIDE = (ROUND_TOML, CORRECTIONS_TOML)


@dataclass(frozen=True)
class ClosesOver:
    """Something that a report stands on, and its day: a date of signing cannot lie before it."""

    on: date
    what: str
    name: str = ""


def close(assessment: Assessment, signed_on: date, signed_by: str) -> Path:
    """Keep a round's report as signed in a folder of its own below `signed/`; gives the folder.

    With it go its `run.json`, the settings it was made with, what its digest is the hash of, and
    the hash of the record before. PipelineError while anything is open, where just these figures
    have been signed already, and for a day that is not over or before what the report stands on.
    """
    plan = assessment.plan
    if not signed_by.strip():
        raise PipelineError("close-no-name")
    _refuse_open(assessment)
    if edition(assessment) == "signed":
        same = plan.signings[-1]
        raise PipelineError("close-twice", name=same.signed_by, **day_params("day", same.signed_on))
    last = max(_stands_on(assessment), key=lambda each: each.on)
    _refuse_day(signed_on, last, plan)
    folder = plan.folder / SIGNED / str(last_number(plan.folder) + 1)
    signing = {
        "signed_on": signed_on.isoformat(),
        "signed_by": signed_by,
        "as_of": assessment.as_of.isoformat(),
        "closes_over": {"what": last.what, "name": last.name, "on": last.on.isoformat()},
        "before": plan.ledger.head,
        "figures_sha256": figures_sha256(assessment),
        "inputs_sha256": inputs_sha256(assessment),
    }
    with staged(folder.parent) as staging:
        kept = {"files": _hashes(staging, _kept(assessment, staging))}
        signing |= kept | {"substance": substance(assessment)}
        _write_json(staging / SIGNING_JSON, signing)
        staging.rename(folder)
    return folder


def register_entry(assessment: Assessment, signed_on: date) -> Mapping[str, str]:
    """What the office writes into its register of outgoing documents of a report just signed."""
    now = edition(assessment) if assessment.plan.signings else "signed"
    return {
        "date": signed_on.isoformat(),
        "edition": now,
        "edition_th": edition_name(now),
        "figures_sha256": figures_sha256(assessment),
    }


def _kept(assessment: Assessment, staging: Path) -> list[str]:
    """The names of what is kept of a report: itself, its `run.json`, the settings of the round."""
    plan = assessment.plan
    report(assessment, staging / REPORT, properties(assessment))
    _write_json(staging / RUN_JSON, run_json(assessment, _hashes(staging, [REPORT])))
    beside = [name for name in _BESIDE if (plan.folder / name).is_file()]
    for name in beside:
        shutil.copyfile(plan.folder / name, staging / name)
    return [REPORT, RUN_JSON, *beside]


def undo(plan: Plan, by: str, reason: str, on: date) -> Path:
    """Take back the latest signing that counts; gives the record of it, which is kept for ever.

    PipelineError where none counts, or its place in the chain is in doubt.
    """
    if not by.strip() or not reason.strip():
        raise PipelineError("undo-incomplete")
    last = _latest(plan)
    _refuse_day(on, max(_signed(plan), key=lambda each: each.on), plan)
    path = last.folder / UNDONE_JSON
    undone = {
        "undone_on": on.isoformat(),
        "undone_by": by,
        "reason": reason,
        "before": plan.ledger.head,
    }
    _write_json(path, undone)
    return path


def _latest(plan: Plan) -> Signing:
    """The latest signing that counts; PipelineError where none does, or it is in doubt."""
    numbers = [each.number for each in plan.signings]
    for fault in plan.ledger.faults:
        if fault.number >= max(numbers, default=0):
            raise PipelineError("close-broken", key=fault.params["key"])
    if not numbers:
        raise PipelineError("undo-nothing", round=plan.name)
    return plan.signings[-1]


# --- what is refused ----------------------------------------------------------------------------


def _refuse_open(assessment: Assessment) -> None:
    """Nothing is signed while anything is open, least of all upon a record that is broken."""
    broken = {fault.code for fault in assessment.plan.ledger.faults}
    for item in assessment.open_items:
        if item.kind in broken:
            raise PipelineError("close-broken", key=item.params["key"])
    if assessment.open_items:
        raise PipelineError("close-open", count=len(assessment.open_items))


def _refuse_day(day: date, last: ClosesOver, plan: Plan) -> None:
    """A day after today has not been, and one before what is closed over was not the day."""
    today = datetime.now(plan.due.tzinfo).date()
    if day > today:
        days = day_params("day", day) | day_params("today", today)
        raise PipelineError("close-in-future", **days)
    if day < last.on:
        days = day_params("day", day) | day_params("on", last.on)
        raise PipelineError(f"close-before-{last.what}", name=last.name, **days)


def _stands_on(assessment: Assessment) -> Iterator[ClosesOver]:
    """Everything dated that a report stands on; of one day, what people wrote is named first."""
    plan = assessment.plan
    for entry in plan.changes.corrections:
        yield ClosesOver(entry.agreed_on, "correction", f"{entry.file} {entry.place}")
    for answer in plan.changes.explanations:
        about = answer.file or answer.key
        yield ClosesOver(answer.on, "explanation", f"{answer.code} {about}")
    yield ClosesOver(assessment.as_of.date(), "as-of")
    for each in assessment.submissions:
        at = each.received.received_at
        if at:
            yield ClosesOver(at.astimezone(plan.due.tzinfo).date(), "received", each.name)
    yield from _signed(plan)


def _signed(plan: Plan) -> Iterator[ClosesOver]:
    """Every signing, on the day on which it was made or taken back."""
    for signing in plan.ledger.every:
        day = signing.undone.on if signing.undone else signing.signed_on
        yield ClosesOver(day, "signing", str(signing.number))


# --- what is written ----------------------------------------------------------------------------


def _hashes(folder: Path, names: Sequence[str]) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    write_whole(path, text.encode())
