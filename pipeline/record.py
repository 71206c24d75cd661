"""What was done, for the auditor and for programs: run.json, findings.csv, the set in place."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipeline.digests import (
    chained,
    edition,
    figures_sha256,
    inputs_sha256,
    register_sha256,
    since_signed,
)
from pipeline.explanations import finding_id
from pipeline.files import json_text
from pipeline.messages import finding_sentence, open_sentence
from pipeline.model import (
    Assessment,
    Fate,
    Figure,
    Finding,
    FormOutcome,
    FormState,
    Outcome,
    Settled,
    Slice,
    Submission,
    Undoing,
)
from pipeline.outputs import names_in, put_in_place
from pipeline.software import libraries, program_version
from pipeline.workbook.addresses import address

REPORT = "report.xlsx"
REPORT_PDF = "report.pdf"
RUN_JSON = "run.json"
FINDINGS_CSV = "findings.csv"
# What begins a formula in some program, behind what it does not show: white space, signs without
# a width, marks of direction. Full-width forms count, and the signs that part cells.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\u00ad\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]*"
    r"[=+\-@;,|%\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1b\uff1d\uff20]|[\t\r\n]"
)
_PLAN = (
    "registered",
    "done",
    "in_progress",
    "cannot",
    "waiting",
    "base",
    "score_pct",
    "capped_pct",
    "done_share_pct",
    "level",
)
_BALANCE = ("messages", "attachments", "files", *(str(each) for each in Outcome))
_COLUMNS = (
    "severity",
    "code",
    "division",
    "file",
    "sheet",
    "cell",
    "value",
    "th",
    "en",
    "to",
    "id",
)


@dataclass(frozen=True)
class Record:
    """What a run leaves behind: its `run.json`, what it settled, and the exit code."""

    path: Path
    assessment: Assessment
    exit_code: int


def record(assessment: Assessment, staging: Path, outbox: Path) -> Record:
    """Write the record beside what is staged, then put the whole set in its place.

    Raises PipelineError where another program holds a file of the last run.
    """
    (staging / FINDINGS_CSV).write_bytes(_findings_csv(assessment))
    # A PDF says when it was made: the same inputs give other bytes each time.
    lasting = (name for name in names_in(staging) if name != REPORT_PDF)
    written = {name: _sha256(staging / name) for name in lasting}
    content = json_text(run_json(assessment, written)) + "\n"
    (staging / RUN_JSON).write_text(content, "utf-8", newline="\n")
    put_in_place(staging, outbox)
    path = outbox / RUN_JSON
    crashed = any(f.code == "internal" for f in assessment.findings)
    return Record(path, assessment, 3 if crashed else int(not assessment.complete))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _findings_csv(assessment: Assessment) -> bytes:
    """Every finding, one line per cell: UTF-8 with BOM and CRLF, as Excel opens it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for entry in _findings(assessment):
        writer.writerow([_harmless(entry[column]) for column in _COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(value: object) -> str:
    """Text that a spreadsheet would take for a formula gets one apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def run_json(assessment: Assessment, written: Mapping[str, str]) -> dict[str, object]:
    """The whole record with stable keys; money as text with two decimals, rates as numbers."""
    plan = assessment.plan
    return {
        "schema": 1,
        "pipeline_version": program_version(),
        "libraries": dict(libraries()),
        "organisation": plan.organisation.name,
        "fiscal_year": plan.round.fiscal_year.be,
        "round": plan.name,
        "as_of": assessment.as_of.isoformat(),
        "complete": assessment.complete,
        "edition": edition(assessment),
        "figures_sha256": figures_sha256(assessment),
        "inputs_sha256": inputs_sha256(assessment),
        "register_sha256": register_sha256(assessment),
        "files": list(files_json(assessment)),
        "balance": _some(assessment, "balance", _BALANCE),
        "obligations": obligations_json(assessment),
        "open_items": open_items_json(assessment),
        "findings": list(_findings(assessment)),
        "figures": _figures(assessment),
        "changes": changes_json(assessment),
        "signed": signings_json(assessment),
        "written": dict(written),
    }


def obligations_json(assessment: Assessment) -> list[dict[str, object]]:
    """Every obligation and where it stands, with stable keys."""
    return [
        {
            "division": s.obligation.division,
            "form": s.obligation.form,
            "month": s.obligation.month.isoformat()[:7] if s.obligation.month else None,
            "measure": s.obligation.measure,
            "state": str(s.state),
            "late_days": s.late_days,
            "lacking": list(s.lacking),
        }
        for s in assessment.obligation_statuses
    ]


def open_items_json(assessment: Assessment) -> list[dict[str, object]]:
    """Everything open and who must act, with stable keys."""
    plan = assessment.plan
    return [
        {
            "kind": item.kind,
            "who": item.who,
            "division": item.division,
            "form": item.form,
            "text": open_sentence(item, plan, "th"),
        }
        for item in assessment.open_items
    ]


def _findings(assessment: Assessment) -> Iterator[dict[str, object]]:
    """One entry per cell, the gravest first within a file, in the order of the cells."""
    for finding in sorted(assessment.findings, key=_order):
        cell = finding.cell
        yield {
            "code": finding.code,
            "severity": finding.severity.name,
            "division": finding.division,
            "file": finding.file,
            "sheet": cell.sheet if cell else finding.sheet,
            "cell": address(cell.row, cell.column) if cell else None,
            "value": finding.value,
            "params": dict(finding.params),
            "th": finding_sentence(finding, "th", assessment.plan.forms),
            "en": finding_sentence(finding, "en", assessment.plan.forms),
            "to": finding.to,
            "explained": finding.explained,
            "explanation": finding.explanation or None,
            "id": finding_id(finding, assessment.tables),
        }


def _order(finding: Finding) -> tuple[object, ...]:
    cell = finding.cell
    place = (cell.sheet, cell.row, cell.column) if cell else (finding.sheet or "", 0, 0)
    key = finding.params.get("key", "")
    return (finding.division or "~", finding.file or "~", *place, finding.code, key)


def _figures(assessment: Assessment) -> dict[str, object]:
    measures = [str(m.number) for m in assessment.plan.measures]
    measure_keys = ("obliged", "reported", "done", "completion_pct")
    periods = {f"Q{n}": f"quarter_{n}" for n in range(1, 5)} | {
        "unknown": "unknown",
        "year": "year",
    }
    buying = ("contracts", "budget_baht", "agreed_baht", "saving_pct")
    kinds = assessment.slices("kind")
    by_kind = {each.th: figures_json(assessment, "complaints", kind=each) for each in kinds}
    return {
        "plan": _some(assessment, "plan", _PLAN),
        "measures": {n: _some(assessment, f"measures.{n}", measure_keys) for n in measures},
        "submissions": figures_json(assessment, "submissions"),
        "procurement": {
            key: _some(assessment, f"procurement.{name}", buying) for key, name in periods.items()
        },
        "complaints": figures_json(assessment, "complaints") | {"by_kind": by_kind},
    }


def figures_json(assessment: Assessment, subject: str, **dimensions: Slice) -> dict[str, object]:
    """Every figure on a subject, or on just this part of it, by its own name."""
    return {
        each.name: _json_value(each)
        for each in assessment.figures.values()
        if (each.subject, each.dimensions) == (subject, dimensions)
    }


def _some(assessment: Assessment, prefix: str, names: tuple[str, ...]) -> dict[str, object]:
    return {name: _json_value(assessment.figures[f"{prefix}.{name}"]) for name in names}


def _json_value(figure: Figure) -> object:
    if isinstance(figure.value, Decimal):
        return f"{figure.value:.2f}" if figure.unit == "baht" else float(figure.value)
    if isinstance(figure.value, int) and figure.unit == "baht":
        return f"{figure.value:.2f}"
    return figure.value


# --- the register of receipts --------------------------------------------------------------------


def files_json(assessment: Assessment) -> Iterator[dict[str, object]]:
    """The register of receipts, each line with its link of the chain."""
    links = chained(assessment.submissions)
    for each, link in zip(assessment.submissions, links, strict=True):
        yield _file(each, assessment) | {"chain_sha256": link}


def _file(each: Submission, assessment: Assessment) -> dict[str, object]:
    received, message = each.received, each.received.message
    return {
        "name": received.name,
        "sha256": received.sha256,
        "message_id": message.message_id if message else None,
        "message_sha256": message.sha256 if message else None,
        "sender": received.sender or None,
        "received_at": received.received_at.isoformat() if received.received_at else None,
        "division": each.division,
        "part": each.part or None,
        "outcome": str(each.outcome),
        "reason": each.reason or None,
        "forms": _forms_of(each, assessment),
    }


def _forms_of(each: Submission, assessment: Assessment) -> dict[str, object]:
    """Per form what became of it in this file, and how many rows met which fate."""
    found: dict[str, object] = {}
    form_outcomes = [r for r in assessment.form_outcomes if r.submission == each.name]
    for name in dict.fromkeys(r.form for r in form_outcomes):
        mine = [r for r in form_outcomes if r.form == name]
        states = {r.state for r in mine}
        first = next(s for s in FormState if s in states)
        frame = assessment.tables[name].frame
        fates = Counter(frame.loc[frame["submission"] == each.name, "fate"])
        counts = {str(fate): int(fates.get(str(fate), 0)) for fate in Fate}
        counts[Fate.EXCLUDED] += _rows(mine, FormState.EXCLUDED)
        counts |= {str(s): _rows(mine, s) for s in (FormState.SUPERSEDED, FormState.WAITING)}
        found[name] = {"outcome": str(first), "read": sum(counts.values()), **counts}
    return found


def _rows(form_outcomes: Sequence[FormOutcome], state: FormState) -> int:
    return sum(form_outcome.rows for form_outcome in form_outcomes if form_outcome.state is state)


# --- what people changed and signed --------------------------------------------------------------


def changes_json(assessment: Assessment) -> dict[str, object]:
    """What people changed, entry by entry, the criteria, and what differs from what was signed."""
    found: dict[str, object] = {
        f"{kind}s": [
            _settled(each)
            for each in sorted(assessment.settled, key=lambda each: each.entry.number)
            if each.entry.kind == kind
        ]
        for kind in ("correction", "exclusion", "waiver", "explanation", "release")
    }
    keys = ("kind", "name", "then", "now")
    found["criteria"] = [
        {"key": key, "then": _number(then), "now": _number(now)}
        for key, (then, now) in assessment.plan.changed_criteria.items()
    ]
    found["since_signed"] = [
        dict(zip(keys, each, strict=True)) for each in since_signed(assessment)
    ]
    return found


def _settled(settled: Settled) -> dict[str, object]:
    """An entry as it stands in the file, with what became of it."""
    back = settled.entry.withdrawn
    entry = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(settled.entry).items()
    }
    entry["withdrawn"] = {**asdict(back), "at": back.at.isoformat()} if back else None
    return {**entry, "place": settled.entry.place, "effect": str(settled.effect)}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def signings_json(assessment: Assessment) -> list[dict[str, object]]:
    """Every signature, the first first; one that was taken back says when, by whom and why."""
    return [
        {
            "number": each.number,
            "signed_on": each.signed_on.isoformat(),
            "signed_by": each.signed_by,
            "figures_sha256": each.figures_sha256,
            "undone": _undone(each.undone) if each.undone else None,
        }
        for each in assessment.plan.ledger.every
    ]


def _undone(undoing: Undoing) -> dict[str, str]:
    return {"on": undoing.on.isoformat(), "by": undoing.by, "reason": undoing.reason}
