"""The screen of `trace`: a figure with its rows and mails, a received row with its figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.completing import rounds
from pipeline.cli.console import Settings, busy, command, echo, paragraphs, print_json
from pipeline.cli.worded import WordedCommand

if TYPE_CHECKING:
    from pipeline.audit.lineage import FigureNode
    from pipeline.audit.source import Followed
    from pipeline.audit.source_rows import Provenance, SourceRow
    from pipeline.audit.trace import Traced


@click.command(cls=WordedCommand)
@click.argument("file", metavar="REPORT|FILE")
@click.argument("sheet", metavar="SHEET")
@click.argument("cell", metavar="CELL")
@click.option("--source", is_flag=True)
@click.option("--round", "round_name", metavar="ROUND", shell_complete=rounds)
@command
def trace(
    settings: Settings, file: str, sheet: str, cell: str, *, source: bool, round_name: str | None
) -> int:
    """Show the rows behind a figure of a report, or the figures behind a received row."""
    if source:
        return _source(settings, file, (sheet, cell), round_name)
    from pipeline.audit import trace as tracing

    place, lang = (sheet, cell), settings.lang
    with busy(settings.say("trace.busy", file=Path(file).name)):
        traced = tracing.trace(Path(file), place, settings.inputs, settings.forms(), lang)
    if settings.as_json:
        print_json(traced.as_json())
    else:
        _traced(settings, traced)
    return int(not traced.agrees)


def _source(settings: Settings, file: str, place: tuple[str, str], round_name: str | None) -> int:
    from pipeline.audit.source import follow
    from pipeline.run import assess

    plan = settings.plan(round_name)
    with busy(settings.say("trace.busy", file=Path(file).name)):
        followed = follow(file, place, assess(plan), settings.lang)
    if settings.as_json:
        print_json(followed.as_json())
    else:
        _followed(settings, followed)
    return 0


# --- from a figure to its rows ------------------------------------------------------------------


def _traced(settings: Settings, traced: "Traced") -> None:
    """The figure, what it is made of, its rows, their files, and whether all comes out."""
    from pipeline.audit.trace import readable

    part = traced.part
    echo(f"{part.title}  ({traced.place})")
    _labelled(settings, "printed", readable(traced.printed, part.unit))
    _labelled(settings, "computed", f"{part.shown} {_mark(settings, agrees=traced.agrees)}")
    _labelled(settings, "definition", part.definition)
    _labelled(settings, "formula", part.formula)
    if part.source:
        paragraphs(f"  {each.strip()}" for each in part.source.split("\n"))
    if part.parts:
        _labelled(settings, "substituted", f"{part.substituted} = {part.shown}")
        settings.table("trace", ("part", "value", "at", "rows"), [*_tree(part.parts, 0)], (1, 3))
    for source in dict.fromkeys(each.source for each in _every(part) if each.source):
        paragraphs(f"  {each.strip()}" for each in source.split("\n"))
    if part.total is not None:
        _rows(settings, part)
    _remarks(settings, part)
    if traced.other_formula is not None:
        paragraphs([settings.say("trace.other-formula", formula=traced.other_formula or "-")])
    if not traced.same_inputs:
        paragraphs([settings.say("trace.other-inputs")])


def _labelled(settings: Settings, label: str, text: str) -> None:
    if text:
        paragraphs([f"  {settings.say(f'trace.{label}')}: {text}"])


def _mark(settings: Settings, *, agrees: bool) -> str:
    return settings.say("trace.agrees" if agrees else "trace.differs")


def _tree(parts: "Iterable[FigureNode]", depth: int) -> Iterator[list[str]]:
    """The parts as a tree, each with the cell at which it can be traced further."""
    for each in parts:
        mark = "✓" if each.comes_out else "✗"
        count = "" if each.total is None else f"{len(each.rows):,} {mark}"
        place = str(each.place) if each.place else ""
        yield ["  " * depth + each.title, each.shown, place, count]
        yield from _tree(each.parts, depth + 1)


def _every(part: "FigureNode") -> "Iterator[FigureNode]":
    for each in part.parts:
        yield each
        yield from _every(each)


def _rows(settings: Settings, part: "FigureNode") -> None:
    """Every row with the number of its file, then the files, then what the rows come to."""
    names = dict.fromkeys(row.file for row in part.rows if row.file)
    files = {name: number for number, name in enumerate(names, 1)}
    received = [row for row in part.rows if not row.own]
    _table(settings, _RECEIVED, received, files, numbers=(2, 3) if part.summed else ())
    _table(settings, _OWN, [row for row in part.rows if row.own], files)
    rows = {row.file: row for row in part.rows}
    for name, number in files.items():
        division = rows[name].division
        paragraphs([f"[{number}] {name}" + (f" · {division}" if division else "")])
        _came(settings, rows[name].provenance)
    how = "trace.sum-of" if part.summed else "trace.count-of"
    total = f"{part.total:,.2f}" if part.unit == "baht" else f"{part.total:,}"
    sentence = settings.say(how, rows=f"{len(part.rows):,}", total=total, value=part.shown)
    echo(f"{sentence} {_mark(settings, agrees=part.comes_out)}")


_RECEIVED = ("file", "cell", "read", "typed", "fate")
_OWN = ("file", "cell", "division", "form", "read")


def _table(
    settings: Settings,
    keys: Sequence[str],
    rows: "Sequence[SourceRow]",
    files: Mapping[str, int],
    numbers: Sequence[int] = (),
) -> None:
    """The rows under their headings, the sheet before the cell."""
    lines = [
        [
            f"[{files[row.file]}]" if row.file else "-",
            f"{row.sheet}!{row.cell}",
            *(str(getattr(row, key)) for key in keys[2:]),
        ]
        for row in rows
    ]
    settings.table("trace", keys, lines, numbers)


def _came(settings: Settings, provenance: "Provenance") -> None:
    """How a file came, a line each so that nothing is broken at eighty columns."""
    at, sender = _moment(settings, provenance.received_at), provenance.sender or "-"
    lines = [f"SHA-256 {provenance.sha256}", settings.say("trace.came", at=at, sender=sender)]
    lines += [f"Message-ID {provenance.message_id}"] if provenance.message_id else []
    paragraphs(f"    {each}" for each in lines)


def _moment(settings: Settings, text: str) -> str:
    """A time as offices write it, in English as it is."""
    if not text or settings.lang != "th":
        return text or "-"
    from schemas.kit.thai.dates import format_date, format_time

    at = datetime.fromisoformat(text)
    return f"{format_date(at.date())} {format_time(at.time())}"


def _remarks(settings: Settings, part: "FigureNode") -> None:
    """What was agreed of cells in the rows, each told; of the formulas in them where they are."""
    from pipeline.audit.cell_remarks import formula_sentences

    remarks = dict.fromkeys(
        remark for leaf in part.leaves() for row in leaf.rows for remark in row.remarks
    )
    paragraphs(each.sentence(settings.lang) for each in remarks if each.entry)
    paragraphs(formula_sentences(remarks, settings.lang))


# --- from a received row to its figures ---------------------------------------------------------


def _followed(settings: Settings, followed: "Followed") -> None:
    """The file, the row and its fate with the reason, and the figures it counts in."""
    echo(f"{followed.file}  ({settings.say('trace.round', round=followed.round)})")
    _came(settings, followed.provenance)
    _labelled(settings, "outcome", settings.say(f"outcome.{followed.outcome}"))
    row = followed.row
    if row is not None:
        _labelled(settings, "row", f"{row.sheet}!{row.cell} · {row.form} · {row.column}")
        _labelled(settings, "typed", row.typed or "-")
        _labelled(settings, "read", row.read or "-")
        _labelled(settings, "fate", row.fate)
        for remark in row.remarks:
            paragraphs([f"  {remark.sentence(settings.lang)}"])
    for sentence in followed.why:
        _labelled(settings, "why", sentence)
    if not followed.counted:
        echo(settings.say("trace.counts-nowhere"))
    lines = [
        [
            ("" if each.by_cell else "  " if each.direct else "    ") + each.title,
            each.shown,
            str(each.place or ""),
            each.round,
        ]
        for each in followed.counted
    ]
    settings.table("trace", ("counts-in", "value", "at", "of"), lines, numbers=(1,))
