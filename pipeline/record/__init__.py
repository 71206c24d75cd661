"""What was done, for the auditor and for programs: run.json, findings.csv, the set in place."""

import csv
import hashlib
import io
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.digests import edition, figures_sha256, inputs_sha256, register_sha256
from pipeline.files import ask_leave, json_text, writing
from pipeline.messages import finding_sentence, open_sentence
from pipeline.model import Assessment, Figure, Finding, Outcome, Slice
from pipeline.record.changed import changes_json, signings_json
from pipeline.record.received import files_json
from pipeline.software import libraries, program_version
from pipeline.workbook.addresses import address

REPORT = "report.xlsx"
REPORT_PDF = "report.pdf"
RUN_JSON = "run.json"
FINDINGS_CSV = "findings.csv"
STAGING = ".new"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
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
_COLUMNS = ("severity", "code", "division", "file", "sheet", "cell", "value", "th", "en", "to")


@dataclass(frozen=True)
class Record:
    """What a run leaves behind: its `run.json`, what it settled, and the exit code."""

    path: Path
    assessment: Assessment
    exit_code: int


def fresh_folder(path: Path) -> Path:
    """An empty folder in which a run gathers its files before they replace the last run's.

    Raises PipelineError where it cannot be made.
    """
    with writing(path):
        if path.exists():
            shutil.rmtree(path)
        path.mkdir(parents=True)
    return path


def record(assessment: Assessment, staging: Path, outbox: Path) -> Record:
    """Write the record beside what is staged, then put the whole set in its place.

    Raises PipelineError where another program holds a file of the last run open; all of them are
    asked for before the first is replaced, and `run.json` is always last.
    """
    (staging / FINDINGS_CSV).write_bytes(_findings_csv(assessment))
    # A PDF says when it was made: the same inputs give other bytes each time.
    lasting = (name for name in _names(staging) if name != REPORT_PDF)
    written = {name: _sha256(staging / name) for name in lasting}
    content = json_text(run_json(assessment, written)) + "\n"
    (staging / RUN_JSON).write_text(content, "utf-8", newline="\n")
    with writing(outbox):
        _put_in_place(staging, outbox)
    path = outbox / RUN_JSON
    crashed = any(f.code == "internal" for f in assessment.findings)
    return Record(path, assessment, 3 if crashed else int(not assessment.complete))


def _names(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _put_in_place(staging: Path, outbox: Path) -> None:
    """Replace the files of the last run as one set, a PDF of it also by none; not templates."""
    outbox.mkdir(parents=True, exist_ok=True)
    replies = outbox / "replies"
    names = sorted(_names(staging), key=lambda each: each == RUN_JSON)
    ask_leave([*replies.glob("*"), *(outbox / name for name in (REPORT_PDF, *names))])
    (outbox / REPORT_PDF).unlink(missing_ok=True)
    if replies.exists():
        shutil.rmtree(replies)
    for name in names:
        (outbox / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).replace(outbox / name)
    shutil.rmtree(staging)


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
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


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
