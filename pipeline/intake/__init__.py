"""Received → Submission: whose it is, which forms it holds, or why it does not count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.intake.attribution import (
    Doubt,
    by_sender,
    by_workbook,
    doubt_of,
    part_of,
    release_of,
    sending_part,
)
from pipeline.intake.opening import Opened, opened
from pipeline.intake.recognition import official_of, sheets_of
from pipeline.model import (
    Channel,
    Finding,
    Outcome,
    Plan,
    Received,
    Release,
    Severity,
    Submission,
)
from pipeline.workbook.identity import Marks, marks_of
from pipeline.workbook.reader import NotAWorkbook, Workbook
from schemas.kit.thai.dates import format_date, format_time
from schemas.kit.thai.wording import says_nothing

_HARMED = ("damaged", "unsafe", "empty_file", "not_workbook")
_TNEF = bytes.fromhex("789f3e22")
_ARCHIVE = b"PK"
_OUTLOOK = ".msg"
_TO_BE_READ = ("no-attachment", "mail-damaged", "mail-encrypted")


def intake(received: Sequence[Received], plan: Plan, jobs: int = 1) -> tuple[Submission, ...]:
    """One submission for everything received, in its order, each with an outcome.

    What is refused, quarantined or to be read by somebody carries the finding that says why.
    """
    found = opened(received, jobs)
    return tuple(_submission(r, None if r.ignored else found[r.data], plan) for r in received)


def _submission(received: Received, found: Opened | None, plan: Plan) -> Submission:
    if isinstance(found, Workbook):
        return _from_workbook(received, found, plan)
    division = by_sender(received, plan)
    if isinstance(found, Finding):
        submission = _stopped(received, division, Outcome.QUARANTINED, found)
    elif isinstance(found, NotAWorkbook):
        code = _refusal_code(received, found)
        submission = _refused(received, division, code, found.params)
    else:
        submission = _ignored(received, division)
    part = sending_part(received, plan.division(division)) if division else ""
    return replace(submission, part=part)


def _stopped(
    received: Received, division: str | None, outcome: Outcome, finding: Finding
) -> Submission:
    """A file that goes no further, with the one finding that says why."""
    finding = replace(finding, division=division, file=received.name)
    return Submission(
        received, division, outcome, finding.code, finding.params, findings=(finding,)
    )


def _refused(
    received: Received, division: str | None, code: str, params: Mapping[str, object]
) -> Submission:
    """A file sent back to its division; to the analyst where it is not known whose it is."""
    to = "division" if division else "analyst"
    texts = {key: str(value) for key, value in params.items()}
    finding = Finding(code, Severity.ERROR, params=texts, to=to)
    return _stopped(received, division, Outcome.REFUSED, finding)


def _strange(
    received: Received, division: str | None, workbook: Workbook, plan: Plan
) -> Submission:
    """A workbook without a form of ours; a form of the authorities is answered by its name."""
    official = official_of(workbook, plan)
    if official is None:
        return _refused(received, division, "no-form-recognised", {})
    form, known, sheet = official
    params = {"name_th": known.th, "name_en": known.en, "form": form.about.sheet}
    params |= {"sheet": sheet.name}
    texts = (cell.raw for cell in sheet.cells.values())
    nil = known.nothing and any(says_nothing(text, known.nothing) for text in texts)
    code = "known-form-nil" if nil else "known-form"
    return _refused(received, division, code, params)


def _quarantined(
    received: Received, division: str | None, code: str, params: Mapping[str, str]
) -> Submission:
    finding = Finding(code, Severity.ERROR, params=params, to="analyst")
    return _stopped(received, division, Outcome.QUARANTINED, finding)


def _ignored(received: Received, division: str | None) -> Submission:
    """What was left unopened; a mail that may say something is put before the analyst."""
    reason = received.ignored
    if reason not in _TO_BE_READ:
        return Submission(received, division, Outcome.IGNORED, reason)
    subject = received.message.subject if received.message else ""
    params = {"sender": received.sender or "-", "subject": subject or "-"}
    finding = Finding(reason, Severity.WARNING, params=params, to="analyst")
    return _stopped(received, division, Outcome.IGNORED, finding)


def _refusal_code(received: Received, refusal: NotAWorkbook) -> str:
    reason = refusal.reason
    if received.is_broken and reason in _HARMED:
        return "harmed-in-mail"
    if received.data.startswith(_TNEF):
        reason = "winmail"
    elif received.name.lower().endswith(_OUTLOOK):
        reason = "outlook"
    elif reason == "password" and received.data.startswith(_ARCHIVE):
        reason = "zip"  # a sealed workbook is no archive
    elif reason == "not_workbook":
        reason = str(refusal.params["kind"])
    return f"not-a-workbook-{reason.replace('_', '-')}"


def _from_workbook(received: Received, workbook: Workbook, plan: Plan) -> Submission:
    """A workbook that can be read: whose it is, and whether it is this round's."""
    marks = marks_of(workbook)
    sender, release = by_sender(received, plan), release_of(received, plan)
    if marks and marks.organisation != plan.organisation.code:
        params = {"organisation": marks.organisation, "expected": plan.organisation.code}
        return _refused(received, sender, "other-organisation", params)
    sheets, further, about_sheets = sheets_of(workbook, plan)
    division = by_workbook(marks, sheets, workbook, plan) or sender
    doubt = doubt_of(received, division, plan)
    if doubt and release:
        division = release.division or division
    if division is None or (doubt and not release):
        return _quarantined(received, division, *(doubt or ("no-division", {})))
    part = part_of(received, marks, sheets, workbook, plan.division(division), plan)
    if marks and marks.round not in (plan.round.name, plan.name):
        params = {"round": marks.round, "expected": plan.round.name}
        refused = _refused(received, division, "other-round", params)
        return replace(refused, part=part, workbook=workbook, sheets=sheets, further=further)
    if not sheets:
        return replace(_strange(received, division, workbook, plan), part=part)
    findings = [
        *_about_release(release, doubt, received),
        *_about_receipt(received, division, plan),
        *_about_template(marks, sheets, plan),
        *_about_workbook(workbook),
        *about_sheets,
    ]
    return Submission(
        received,
        division,
        Outcome.ACCEPTED,
        workbook=workbook,
        sheets=sheets,
        further=further,
        findings=tuple(replace(f, division=division, file=received.name) for f in findings),
        part=part,
    )


# --- what is odd about it though it is taken ----------------------------------------------------


def _about_release(
    release: Release | None, doubt: Doubt | None, received: Received
) -> Iterator[Finding]:
    """That it counts because somebody has released it, and what it waited for."""
    if release and doubt:
        params = {"doubt": doubt[0], "sender": received.sender or "-"}
        params |= {"reason": release.reason, "approved_by": release.approved_by}
        yield Finding("released", Severity.NOTE, params=params, to="analyst")


def _about_receipt(received: Received, division: str, plan: Plan) -> Iterator[Finding]:
    """What the analyst should know of the way by which it came."""
    if received.channel is Channel.ATTACHMENT and not plan.division(division).addresses:
        params = {"sender": received.sender or "-"}
        yield Finding("sender-not-registered", Severity.NOTE, params=params, to="analyst")
    if received.unbelieved_at is not None:
        params = _both_ways(received.unbelieved_at) | {"days": str(plan.accept_days)}
        yield Finding("time-unbelieved", Severity.WARNING, params=params, to="analyst")
    elif received.message and received.message.time_from_date:
        yield Finding("time-from-date", Severity.NOTE, to="analyst")
    at = received.received_at
    if at is not None and at.date() < plan.round.start:
        yield Finding("time-outside-round", Severity.WARNING, params=_both_ways(at), to="analyst")


def _both_ways(at: datetime) -> dict[str, str]:
    """A moment as each language writes it."""
    th = f"{format_date(at.date())} {format_time(at.time())}"
    return {"time_en": at.isoformat(" ", "minutes"), "time_th": th}


def _about_template(
    marks: Marks | None, sheets: Mapping[str, str], plan: Plan
) -> Iterator[Finding]:
    """The forms that were issued in another version than the one asked for now, told at once."""
    issued = marks.forms.items() if marks else ()
    versions = [(plan.form(name).about, version) for name, version in issued if name in sheets]
    old = [f"{a.sheet} {version} → {a.version}" for a, version in versions if a.version != version]
    if old:
        yield Finding("older-template", Severity.WARNING, params={"forms": ", ".join(old)})


def _about_workbook(workbook: Workbook) -> Iterator[Finding]:
    if workbook.has_macros:
        yield Finding("macros", Severity.WARNING)
    if workbook.external_links:
        yield Finding("external-links", Severity.WARNING)
