"""The auditor's commands: from a figure to its rows and back; whether a report is genuine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import Settings, busy, command, line, print_json, table

if TYPE_CHECKING:
    from pipeline.commands.behind import Came, Row
    from pipeline.commands.lineage import Part
    from pipeline.commands.source import Followed
    from pipeline.commands.trace import Traced
    from pipeline.commands.verify import Verified


@click.command()
@click.argument("file", metavar="REPORT|FILE")
@click.argument("sheet")
@click.argument("cell")
@click.option("--source", is_flag=True, help="FILE is a received file: which figures it counts in.")
@click.option("--round", "round_name", metavar="ROUND", help="The round that received FILE.")
@command
def trace(
    settings: Settings, file: str, sheet: str, cell: str, *, source: bool, round_name: str | None
) -> int:
    """Show the rows behind a figure of a report, or the figures behind a received row."""
    if source:
        return _source(settings, file, (sheet, cell), round_name)
    from pipeline.commands.trace import trace as made

    with busy(settings.say("trace.busy", file=Path(file).name)):
        traced = made(Path(file), (sheet, cell), settings.inputs, settings.forms(), settings.lang)
    if settings.as_json:
        print_json(traced.as_json())
    else:
        _traced(settings, traced)
    return int(not traced.agrees)


@click.command()
@click.argument("report", type=click.Path(path_type=Path))
@command
def verify(settings: Settings, report: Path) -> int:
    """Rebuild a report from the inputs and say whether it is the same."""
    from pipeline.commands.verify import verify as made

    with busy(settings.say("trace.busy", file=report.name)):
        verified = made(report, settings.inputs, settings.forms())
    if settings.as_json:
        print_json(verified.as_json())
    else:
        _verified(settings, verified)
    return int(not verified.same)


def _source(settings: Settings, file: str, place: tuple[str, str], round_name: str | None) -> int:
    from pipeline.commands.source import follow
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
    from pipeline.commands.trace import readable

    part = traced.part
    click.echo(f"{part.title}  ({traced.place})")
    _labelled(settings, "printed", readable(traced.printed, part.unit))
    _labelled(settings, "computed", f"{part.shown} {_mark(settings, agrees=traced.agrees)}")
    _labelled(settings, "definition", part.definition)
    _labelled(settings, "formula", part.formula)
    if part.source:
        _indented(part.source)
    if part.parts:
        _labelled(settings, "substituted", f"{part.substituted} = {part.shown}")
        _parts(settings, part)
    if part.total is not None:
        _rows(settings, part)
    if not traced.same_inputs:
        click.echo(settings.say("trace.other-inputs"))


def _labelled(settings: Settings, label: str, text: str) -> None:
    if text:
        _indented(f"{settings.say(f'trace.{label}')}: {text}")


def _indented(text: str) -> None:
    for part in text.split("\n"):
        line(part.strip(), "  ", "    ")


def _mark(settings: Settings, *, agrees: bool) -> str:
    return settings.say("trace.agrees" if agrees else "trace.differs")


def _parts(settings: Settings, part: "Part") -> None:
    """The parts as a tree, each with the cell at which it can be traced further."""
    headings = [settings.say(f"trace.{key}") for key in ("part", "value", "at", "rows")]
    table(headings, list(_tree(part.parts, 0)), numbers=(1, 3))
    for source in dict.fromkeys(each.source for each in _every(part) if each.source):
        _indented(source)


def _tree(parts: "Iterable[Part]", depth: int) -> Iterator[list[str]]:
    for each in parts:
        mark = "✓" if each.comes_out else "✗"
        count = "" if each.total is None else f"{len(each.rows):,} {mark}"
        place = str(each.place) if each.place else ""
        yield ["  " * depth + each.title, each.shown, place, count]
        yield from _tree(each.parts, depth + 1)


def _every(part: "Part") -> "Iterator[Part]":
    for each in part.parts:
        yield each
        yield from _every(each)


def _rows(settings: Settings, part: "Part") -> None:
    """Every row with the number of its file, then the files, then what the rows come to."""
    files = {
        name: n for n, name in enumerate(dict.fromkeys(r.file for r in part.rows if r.file), 1)
    }
    received = [row for row in part.rows if not row.own]
    _table(settings, _RECEIVED, received, files, numbers=(2, 3) if part.summed else ())
    _table(settings, _OWN, [row for row in part.rows if row.own], files)
    _files(settings, part.rows, files)
    how = "trace.sum-of" if part.summed else "trace.count-of"
    said = settings.say(how, rows=f"{len(part.rows):,}", total=_total(part), value=part.shown)
    click.echo(f"{said} {_mark(settings, agrees=part.comes_out)}")


def _total(part: "Part") -> str:
    return f"{part.total:,.2f}" if part.unit == "baht" else f"{part.total:,}"


_RECEIVED = ("file", "cell", "read", "typed", "fate")
_OWN = ("file", "cell", "division", "form", "read")


def _table(
    settings: Settings,
    keys: Sequence[str],
    rows: "Sequence[Row]",
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
    if lines:
        table([settings.say(f"trace.{key}") for key in keys], lines, numbers)


def _files(settings: Settings, rows: "Iterable[Row]", files: Mapping[str, int]) -> None:
    told = {row.file: row for row in rows if row.file}
    for name, number in files.items():
        division = told[name].division
        line(f"[{number}] {name}" + (f" · {division}" if division else ""), rest="    ")
        _came(settings, told[name].came)


def _came(settings: Settings, came: "Came") -> None:
    """How a file came, a line each so that nothing is broken at eighty columns."""
    click.echo(f"    SHA-256 {came.sha256}")
    sender = came.sender or "-"
    at = _moment(settings, came.received_at)
    line(settings.say("trace.came", at=at, sender=sender), "    ", "    ")
    if came.message_id:
        line(f"Message-ID {came.message_id}", "    ", "    ")


def _moment(settings: Settings, text: str) -> str:
    """A time as offices write it, in English as it is."""
    if not text or settings.lang != "th":
        return text or "-"
    from schemas.kit.thai_dates import format_date, format_time

    at = datetime.fromisoformat(text)
    return f"{format_date(at.date())} {format_time(at.time())}"


# --- from a received row to its figures ---------------------------------------------------------


def _followed(settings: Settings, followed: "Followed") -> None:
    """The file, the row and its fate with the reason, and the figures it counts in."""
    click.echo(f"{followed.file}  ({settings.say('trace.round', round=followed.round)})")
    _came(settings, followed.came)
    _labelled(settings, "outcome", settings.say(f"outcome.{followed.outcome}"))
    row = followed.row
    if row is not None:
        _labelled(settings, "row", f"{row.sheet}!{row.cell} · {row.form} · {row.column}")
        _labelled(settings, "typed", row.typed or "-")
        _labelled(settings, "read", row.read or "-")
        _labelled(settings, "fate", row.fate)
    for sentence in followed.why:
        _labelled(settings, "why", sentence)
    _counted(settings, followed)


def _counted(settings: Settings, followed: "Followed") -> None:
    if not followed.counted:
        click.echo(settings.say("trace.counts-nowhere"))
        return
    lines = [
        [
            ("" if each.direct else "  ") + each.title,
            each.shown,
            str(each.place or ""),
            each.round,
        ]
        for each in followed.counted
    ]
    headings = [settings.say(f"trace.{key}") for key in ("counts-in", "value", "at", "of")]
    table(headings, lines, numbers=(1,))


# --- whether a report is what the inputs give ---------------------------------------------------


def _verified(settings: Settings, verified: "Verified") -> None:
    """Same or not and why, what to look at first, the figures that moved, the files behind them."""
    told = {"file": verified.file, "version": verified.version}
    line(settings.say(f"verify.{verified.cause}", **told))
    first = verified.first
    if first is not None:
        places = {each.place: each for each in verified.figures}
        figure = places.get(first.place) if first.place else None
        named = (figure.title_th if settings.lang == "th" else figure.title_en) if figure else ""
        where = str(first.place) if first.place else settings.say("verify.workbook")
        click.echo(settings.say("verify.first", place=where) + (f"  {named}" if named else ""))
        _indented(settings.say("verify.printed", value=first.printed))
        _indented(settings.say("verify.expected", value=first.expected))
        click.echo(settings.say("verify.count", count=f"{verified.count:,}"))
    _moved(settings, verified)
    _changed(settings, verified)


def _moved(settings: Settings, verified: "Verified") -> None:
    lines = [
        [
            each.title_th if settings.lang == "th" else each.title_en,
            each.printed,
            each.expected,
            str(each.place),
        ]
        for each in verified.figures
    ]
    if lines:
        keys = ("verify.figure", "verify.in-report", "verify.in-inputs", "trace.at")
        table([settings.say(key) for key in keys], lines, numbers=(1, 2))


def _changed(settings: Settings, verified: "Verified") -> None:
    for each in verified.files:
        click.echo(settings.say("verify.file", name=each.name))
        for key, hashes in (("verify.was", each.was), ("verify.now", each.now)):
            click.echo("  " + settings.say(key, hash=_hashes(settings, hashes)))


def _hashes(settings: Settings, hashes: str) -> str:
    return "\n    ".join(["", *hashes.split()]) if hashes else settings.say("verify.not-there")
