"""The tables that no form gives: measures by division, obligations, and what was received."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.digests import chained
from pipeline.model import Channel, ObligationStatus, Plan, Submission, Table
from schemas.kit.kinds import TICK
from schemas.measure_progress import OVERVIEW

_ANNEX = {
    "measure_no": "Int64",
    "division": "string",
    "progress_status": "string",
    "result_summary": "string",
    "outcome_text": "string",
    "obstacle_text": "string",
    "reported": "string",
    "file": "string",
    "sheet": "string",
    "row": "Int64",
}
_OBLIGATIONS = {
    "division": "string",
    "form": "string",
    "month": "datetime64[us]",
    "measure_no": "Int64",
    "due": "datetime64[us]",
    "state": "string",
    "late_days": "Int64",
    "late": "string",
    "file": "string",
}
_FILES = {
    "number": "Int64",
    "name": "string",
    "sha256": "string",
    "channel": "string",
    "message_file": "string",
    "message_sha256": "string",
    "message_id": "string",
    "opens_message": "string",
    "sender": "string",
    "received_at": "datetime64[us]",
    "division": "string",
    "outcome": "string",
    "reason": "string",
    "chain_sha256": "string",
}


def annex(plan: Plan, table: Table, submissions: Sequence[Submission]) -> pd.DataFrame:
    """A line for each measure due this round and each division obliged to report on it."""
    divisions = {each.name: each.division for each in submissions}
    said = {}
    for row in table.frame[table.frame["fate"] == "accepted"].itertuples():
        if row.scope != OVERVIEW:
            said[(row.measure_no, divisions[row.submission])] = row
    lines = []
    for measure in plan.measures:
        if plan.round.months in measure.rounds:
            owners = plan.obliged_to_all if measure.owner == "ALL" else (measure.owner,)
            lines += [_annex_line(measure.number, o, said.get((measure.number, o))) for o in owners]
    return _frame(lines, _ANNEX)


def _annex_line(measure: int, division: str, row: object) -> dict[str, object]:
    line: dict[str, object] = {"measure_no": measure, "division": division}
    if row is None:
        return line
    names = ("progress_status", "result_summary", "outcome_text", "obstacle_text", "sheet", "row")
    line |= {name: getattr(row, name) for name in names}
    line |= {"file": getattr(row, "submission"), "reported": TICK}  # noqa: B009 - a named tuple
    return line


def obligations_frame(statuses: Sequence[ObligationStatus]) -> pd.DataFrame:
    """A line for each obligation with its state; `late` is a tick."""
    lines = [
        {
            "division": each.obligation.division,
            "form": each.obligation.form,
            "month": each.obligation.month,
            "measure_no": each.obligation.measure,
            "due": each.obligation.due.replace(tzinfo=None),
            "state": str(each.state),
            "late_days": each.late_days or None,
            "late": TICK if each.late_days else None,
            "file": each.file or None,
        }
        for each in statuses
    ]
    return _frame(lines, _OBLIGATIONS)


def files_frame(submissions: Sequence[Submission]) -> pd.DataFrame:
    """A line for everything received, in the order of receipt; `opens_message` marks new mails."""
    lines, seen = [], set()
    for number, (each, link) in enumerate(zip(submissions, chained(submissions), strict=True), 1):
        received, message = each.received, each.received.message
        mail = (message.path, message.sha256) if message else None
        opens = mail is not None and mail not in seen
        seen.add(mail)
        at = received.received_at
        lines.append(
            {
                "number": number,
                "name": received.name,
                "sha256": received.sha256,
                "channel": str(received.channel),
                "message_file": message.path.name if message else None,
                "message_sha256": message.sha256 if message else None,
                "message_id": message.message_id if message else None,
                "opens_message": TICK if opens else None,
                "sender": received.sender or None,
                "received_at": at.replace(tzinfo=None) if at else None,
                "division": each.owner or None,
                "outcome": str(each.outcome),
                "reason": each.reason or None,
                "chain_sha256": link,
            }
        )
    return _frame(lines, _FILES)


def attachments(submissions: Sequence[Submission]) -> int:
    """How many attachments came."""
    return sum(each.received.channel is Channel.ATTACHMENT for each in submissions)


def _frame(lines: Sequence[Mapping[str, object]], dtypes: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=list(dtypes), dtype=object).astype(dtypes)
