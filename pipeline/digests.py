"""What a report stands on, as hashes, and which edition it is."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

import pandas as pd

from pipeline.files import json_sha256
from pipeline.model import Assessment, Entry, Received, Submission
from pipeline.software import version_properties


def inputs_sha256(assessment: Assessment) -> str:
    """One hash over `round.toml`, `corrections.toml` and everything received, of both rounds.

    What `signed/` keeps is left out: signing a report changes nothing that it was made from.
    """
    return json_sha256(sorted(_inputs(assessment)))


def figures_sha256(assessment: Assessment) -> str:
    """One hash over the figures, the printed table and the rows that count."""
    return json_sha256(substance(assessment))


def substance(assessment: Assessment) -> Mapping[str, Mapping[str, str | None]]:
    """What is signed: every figure, every printed text, and a hash of each form's counted rows.

    Cover, edition and as-of date are left out, and how many mails and files came: the same
    substance is the same report.
    """
    figures = {
        key: _plain(each.value)
        for key, each in assessment.figures.items()
        if each.subject != "balance"
    }
    texts = {
        f"{each.measure.number}.{name}": text
        for each in assessment.printed
        for name, text in (("summary", each.summary), ("outcome", each.outcome))
    }
    rows = {name: json_sha256([columns, rows]) for name, columns, rows in _counted(assessment)}
    return {"figures": figures, "texts": texts, "rows": rows}


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
    """A draft while anything is open, else for signature; once signed, signed or amended."""
    signings = assessment.plan.signings
    if not signings:
        return "for_signature" if assessment.complete else "draft"
    same = signings[-1].figures_sha256 == figures_sha256(assessment)
    return "signed" if same else f"amended-{len(signings)}"


def since_signed(assessment: Assessment) -> list[tuple[str, str, str | None, str | None]]:
    """What differs from the report last signed: (kind, name, then, now); nothing if none is."""
    if not assessment.plan.signings:
        return []
    then, now = assessment.plan.signings[-1].substance, substance(assessment)
    return [
        (kind, name, then.get(kind, {}).get(name), now[kind].get(name))
        for kind in now
        for name in dict.fromkeys((*now[kind], *then.get(kind, {})))
        if then.get(kind, {}).get(name) != now[kind].get(name)
    ]


def properties(assessment: Assessment) -> dict[str, str]:
    """What the report bears as document properties, so that it can be verified later.

    Once anything was signed, the hash of the last record of it, too: on that the edition stands.
    """
    stated = {
        "round": assessment.plan.name,
        "as_of": assessment.as_of.isoformat(),
        "inputs_sha256": inputs_sha256(assessment),
        "figures_sha256": figures_sha256(assessment),
        "edition": edition(assessment),
        **version_properties(),
    }
    head = assessment.plan.ledger.head
    return stated | {"signed_sha256": head} if head else stated


def _inputs(assessment: Assessment) -> Iterator[str]:
    yield assessment.plan.sha256
    if assessment.plan.changes.every:
        yield json_sha256([_entry(each) for each in assessment.plan.changes.every])
    for each in assessment.submissions:
        yield _received(each.received)
    if assessment.earlier:
        yield from _inputs(assessment.earlier)


def _entry(each: Entry) -> Mapping[str, object]:
    """An entry as plain values: what is hashed is what was known, whatever the file says since."""
    values: Mapping[str, object] = json.loads(json.dumps(asdict(each), default=str))
    return {"kind": each.kind, **values}


def _received(each: Received) -> str:
    """The hash of a mail, or of a loose file with what is stated of it, which decides too."""
    if each.message:
        return each.message.sha256
    at = each.received_at.isoformat() if each.received_at else ""
    return json_sha256([each.sha256, at, each.sender, each.note])


def _counted(assessment: Assessment) -> Iterator[tuple[str, list[str], list[object]]]:
    """Every counted row as plain values, in an order of its own."""
    for name, table in sorted(assessment.tables.items()):
        columns = [column.name for column in table.form.columns]
        counted = table.frame.loc[table.frame["fate"] == "accepted", columns]
        rows = [[_plain(value) for value in row] for row in counted.itertuples(index=False)]
        yield name, columns, sorted(rows, key=lambda row: json.dumps(row, ensure_ascii=False))


def _plain(value: object) -> str | None:
    """A value as text that cannot vary: ISO days, decimal numbers, None for a blank."""
    if isinstance(value, pd.Timestamp):
        return str(value.date().isoformat())
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return None if value is None or pd.isna(value) else str(value)
