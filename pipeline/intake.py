"""Received → Submission: whose it is, which forms it holds, or why it does not count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Channel, Finding, Outcome, Plan, Received, Severity, Submission
from pipeline.workbook.cells import NotAWorkbook, Sheet, Workbook, read_cells
from pipeline.workbook.marks import Marks, is_marks_sheet, marks_of
from pipeline.workers import each
from schemas.kit.form import FormSpec
from schemas.kit.thai import matching_key

_HEADING_ROWS = 20
_ENOUGH_HEADINGS = 0.6


def intake(received: Sequence[Received], plan: Plan) -> tuple[Submission, ...]:
    """One submission for everything received, each with an outcome and, if need be, a reason."""
    return tuple(
        each(
            lambda one: _submission(one, plan),
            received,
            lambda one, finding: _refused(one, None, finding.code, dict(finding.params), finding),
        )
    )


def _submission(received: Received, plan: Plan) -> Submission:
    if received.ignored:
        return Submission(received, _by_sender(received, plan), Outcome.IGNORED, received.ignored)
    try:
        workbook = read_cells(received.data)
    except NotAWorkbook as refusal:
        params = {key: str(value) for key, value in refusal.params.items()}
        code = f"not-a-workbook-{refusal.reason.replace('_', '-')}"
        return _refused(received, _by_sender(received, plan), code, params)
    return _identified(received, workbook, plan)


def _refused(
    received: Received,
    division: str | None,
    code: str,
    params: Mapping[str, str],
    finding: Finding | None = None,
) -> Submission:
    """A file sent back for a reason that its one finding tells."""
    made = finding or Finding(code, Severity.ERROR, params=params)
    told = replace(made, division=division, file=received.name)
    return Submission(received, division, Outcome.REFUSED, code, params, findings=(told,))


@dataclass(frozen=True)
class _Identity:
    """Whose a workbook is, and by what that is known."""

    division: str | None
    marks: Marks | None


def _identified(received: Received, workbook: Workbook, plan: Plan) -> Submission:
    marks = marks_of(workbook)
    if marks and marks.organisation != plan.organisation.code:
        return _refused(received, None, "other-organisation", {"organisation": marks.organisation})
    division = marks.division if marks else _by_sender(received, plan) or _by_labels(workbook, plan)
    if division is None or division not in {d.code for d in plan.divisions}:
        return _refused(received, None, "no-division", {})
    if marks and marks.round != plan.round.name:
        params = {"round": marks.round, "expected": plan.round.name}
        return _refused(received, division, "other-round", params)
    sheets = _sheets(workbook, plan)
    if not any(not plan.form(name).about.cover for name in sheets):
        return _refused(received, division, "no-form-recognised", {})
    made = Submission(
        received, division, Outcome.ACCEPTED, workbook=workbook, sheets=sheets
    )
    doubt = _sender_doubt(received, division, plan)
    if doubt is not None:
        told = replace(doubt, division=division, file=received.name)
        return replace(made, outcome=Outcome.QUARANTINED, reason=doubt.code, findings=(told,))
    notes = [*_sender_notes(received, division, plan), *_workbook_notes(workbook, marks, sheets, plan)]
    told_all = tuple(replace(note, division=division, file=received.name) for note in notes)
    return replace(made, findings=told_all)


def _by_sender(received: Received, plan: Plan) -> str | None:
    """The division that alone sends from this address."""
    found = [d.code for d in plan.divisions if received.sender in d.senders and received.sender]
    return found[0] if len(found) == 1 else None


def _by_labels(workbook: Workbook, plan: Plan) -> str | None:
    """The one division that is named in the first rows of the sheets."""
    keys = plan.context.division_keys
    near = (
        cell.raw
        for sheet in workbook.sheets
        for (row, _), cell in sheet.cells.items()
        if row <= _HEADING_ROWS
    )
    found = {keys[key] for key in map(matching_key, near) if key in keys}
    return found.pop() if len(found) == 1 else None


def _sender_doubt(received: Received, division: str, plan: Plan) -> Finding | None:
    """Why a mail's sender must be confirmed first; a loose file has no sender to doubt."""
    senders = plan.division(division).senders
    if received.channel is Channel.LOOSE or not senders or received.sender in senders:
        return None
    elsewhere = [d.name for d in plan.divisions if received.sender in d.senders]
    code = "other-divisions-workbook" if elsewhere else "unknown-sender"
    params = {"sender": received.sender, "registered": ", ".join(elsewhere) or "-"}
    return Finding(code, Severity.ERROR, params=params, to="analyst")


def _sender_notes(received: Received, division: str, plan: Plan) -> list[Finding]:
    notes = []
    if received.channel is Channel.ATTACHMENT and not plan.division(division).senders:
        params = {"sender": received.sender}
        notes.append(Finding("sender-not-registered", Severity.NOTE, params=params, to="analyst"))
    if received.message and received.message.time_from_date:
        notes.append(Finding("time-from-date", Severity.NOTE, to="analyst"))
    at = received.received_at
    if at is not None and at.date() < plan.round.start:
        params = {"time": at.isoformat()}
        notes.append(Finding("time-outside-round", Severity.WARNING, params=params, to="analyst"))
    return notes


def _workbook_notes(
    workbook: Workbook, marks: Marks | None, sheets: Mapping[str, str], plan: Plan
) -> list[Finding]:
    """What is odd about the workbook though it is taken: versions, macros, strange sheets."""
    notes = []
    for name, version in (marks.forms if marks else {}).items():
        here = {form.name: form for form in plan.forms}.get(name)
        if here is not None and here.about.version != version:
            params = {"form": here.about.sheet, "version": version, "expected": here.about.version}
            notes.append(Finding("older-template", Severity.WARNING, params=params))
    if workbook.has_macros:
        notes.append(Finding("macros", Severity.WARNING))
    if workbook.external_links:
        notes.append(Finding("external-links", Severity.WARNING))
    for sheet in workbook.sheets:
        ours = sheet.name in sheets.values() or is_marks_sheet(workbook, sheet.name)
        if not ours and sheet.cells and sheet.state == "visible":
            params = {"sheet": sheet.name}
            notes.append(Finding("unknown-sheet", Severity.NOTE, params=params, sheet=sheet.name))
    return notes


def _sheets(workbook: Workbook, plan: Plan) -> dict[str, str]:
    """Form name to sheet name: by the sheet's name, else by its headings."""
    found: dict[str, str] = {}
    candidates = [s for s in workbook.sheets if s.cells and not is_marks_sheet(workbook, s.name)]
    titles = {matching_key(form.about.sheet): form.name for form in plan.forms}
    for sheet in candidates:
        name = titles.get(matching_key(sheet.name))
        if name is not None:
            found.setdefault(name, sheet.name)
    for sheet in candidates:
        if sheet.name not in found.values() and sheet.state == "visible":
            best = max(plan.forms, key=lambda form: _likeness(sheet, form))
            if _likeness(sheet, best) >= _ENOUGH_HEADINGS:
                found.setdefault(best.name, sheet.name)
    return found


def _likeness(sheet: Sheet, form: FormSpec) -> float:
    """The greatest share of a form's headings that stand in one of the first rows."""
    rows: dict[int, set[str]] = {}
    for (row, _), cell in sheet.cells.items():
        if row <= _HEADING_ROWS:
            rows.setdefault(row, set()).add(matching_key(cell.raw))
    columns = form.table_columns
    matched = [sum(bool(c.heading_keys & keys) for c in columns) for keys in rows.values()]
    return max(matched, default=0) / len(columns)
