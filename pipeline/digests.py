"""What a report stands on, as hashes, and which edition it is."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pandas as pd

from pipeline import __version__
from pipeline.model import Assessment, Submission


def inputs_sha256(assessment: Assessment) -> str:
    """One hash over `round.toml` and everything received, of this round and the one before."""
    return _hash(sorted(_inputs(assessment)))


def figures_sha256(assessment: Assessment) -> str:
    """One hash over the figures, the printed table and the rows that count.

    Cover, edition and as-of date are left out: the same digest is the same signed report.
    """
    printed = [[p.measure.number, p.summary, p.outcome] for p in assessment.printed]
    figures = {key: _plain(figure.value) for key, figure in assessment.figures.items()}
    return _hash([figures, printed, list(_counted(assessment))])


def chained(submissions: Sequence[Submission]) -> list[str]:
    """One hash for each thing received, over the hash of the one before and its own line.

    A line is the earlier hash, its number, name, SHA-256, that of its mail, its sender and its time
    of receipt, joined by tabs. What became of it is left out: a later receipt then adds a line
    and alters none.
    """
    links: list[str] = []
    for number, each in enumerate(submissions, 1):
        received, message = each.received, each.received.message
        at = received.received_at.isoformat() if received.received_at else ""
        mail = message.sha256 if message else ""
        before = links[-1] if links else ""
        line = (before, str(number), received.name, received.sha256, mail, received.sender, at)
        links.append(hashlib.sha256("\t".join(line).encode()).hexdigest())
    return links


def register_sha256(assessment: Assessment) -> str:
    """The head of the register of receipts: its last hash, "" where nothing came."""
    return next(reversed(chained(assessment.submissions)), "")


def edition(assessment: Assessment) -> str:
    """A draft while anything is open, else the edition for signature."""
    return "for_signature" if assessment.complete else "draft"


def properties(assessment: Assessment) -> dict[str, str]:
    """What the report bears as document properties, so that it can be verified later."""
    return {
        "pipeline_version": __version__,
        "round": assessment.plan.name,
        "as_of": assessment.as_of.isoformat(),
        "inputs_sha256": inputs_sha256(assessment),
        "figures_sha256": figures_sha256(assessment),
        "edition": edition(assessment),
    }


def _inputs(assessment: Assessment) -> Iterator[str]:
    yield assessment.plan.sha256
    for each in assessment.submissions:
        message = each.received.message
        yield message.sha256 if message else each.received.sha256
    if assessment.earlier:
        yield from _inputs(assessment.earlier)


def _counted(assessment: Assessment) -> Iterator[list[object]]:
    """Every counted row as plain values, in an order of its own."""
    for name, table in sorted(assessment.tables.items()):
        columns = [column.name for column in table.form.columns]
        counted = table.frame.loc[table.frame["fate"] == "accepted", columns]
        rows = [[_plain(value) for value in row] for row in counted.itertuples(index=False)]
        yield [name, columns, sorted(rows, key=lambda row: json.dumps(row, ensure_ascii=False))]


def _plain(value: object) -> object:
    """A value as text that cannot vary: ISO days, decimal numbers, None for a blank."""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return None if value is None or pd.isna(value) else str(value)


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
