"""The commands by which people change, sign and hand over a report."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import (
    Settings,
    bullets,
    busy,
    command,
    echo,
    moment,
    paragraphs,
    print_json,
    table,
)

if TYPE_CHECKING:
    from pipeline.commands.correct import Written
    from pipeline.model import Plan

_FORMS = """\b
A cell:    correct FILE 'SHEET'!CELL VALUE --reason --agreed-with
                   --agreed-on --channel --approved-by [--evidence]
A row:     correct --exclude FILE 'SHEET'!ROW --reason --approved-by
A sheet:   correct --exclude FILE SHEET --reason --approved-by
A form:    correct --waive DIVISION FORM [MONTH] --until --reason
                   --approved-by [--measure]
A finding: correct --explain CODE FILE ['SHEET'!CELL] --text --by --on
           correct --explain CODE KEY --text --by --on

Nothing that was received is changed, and nothing is written without an effect.
"""


@click.command(epilog=_FORMS)
@click.argument("words", nargs=-1, required=True)
@click.option("--exclude", "kind", flag_value="exclusion", help="Do not count a row or a sheet.")
@click.option("--waive", "kind", flag_value="waiver", help="A division need not send a form.")
@click.option("--explain", "kind", flag_value="explanation", help="Answer a finding.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--agreed-with", metavar="NAME", help="With whom in the division.")
@click.option("--agreed-on", metavar="DAY", help="When, such as 5/10/2566.")
@click.option("--channel", metavar="TEXT", help="By telephone, mail, …")
@click.option("--evidence", metavar="TEXT", help="What confirms it, if anything does.")
@click.option("--approved-by", metavar="NAME", help="Who approved it.")
@click.option("--until", metavar="DAY", help="The last day of a waiver.")
@click.option("--measure", type=click.IntRange(1), metavar="N", help="Whose overview is waived.")
@click.option("--text", metavar="TEXT", help="The explanation.")
@click.option("--by", metavar="NAME", help="Who explains.")
@click.option("--on", metavar="DAY", help="When it was explained.")
@click.option("--round", "round_name", metavar="ROUND", help="The round (default: the latest).")
@command
def correct(
    settings: Settings,
    words: tuple[str, ...],
    kind: str | None,
    round_name: str | None,
    **options: str | int | None,
) -> int:
    """Write down what was agreed in corrections.toml, and show what it changes."""
    from pipeline.commands.correct import correct as made

    plan = settings.plan(round_name)
    said = {name: str(value) for name, value in options.items() if value is not None}
    with busy(settings.say("screen.busy", round=plan.name)):
        written = made(plan, kind or "correction", words, said)
    if settings.as_json:
        print_json(written.as_json())
    else:
        _show(settings, written)
    return 0


def _show(settings: Settings, written: "Written") -> None:
    """The entry, old and new, and the figures that it changes."""
    from pipeline.messages import figure_text

    entry = written.settled.entry
    said = {"kind": entry.kind, "number": entry.number, "path": written.path.as_posix()}
    lines = [settings.say("screen.added", **said)]
    if "new" in written.values:
        blank = settings.say("report.changes.blank")
        pair = {key: written.values[key] or blank for key in ("old", "new")}
        place = f"{entry.file} {entry.place}"
        lines.append(settings.say("screen.old-new", place=place, **pair))
    paragraphs([*lines, settings.say("screen.figure-changes", count=len(written.figures))])
    if written.figures:
        rows = [
            [
                now.title_th if settings.lang == "th" else now.title_en,
                figure_text(then),
                figure_text(now),
            ]
            for then, now in written.figures.values()
        ]
        table([settings.say(f"screen.{key}") for key in ("figure", "then", "now")], rows)
    then, now = written.open_items
    echo(settings.say("screen.open-changes", then=then, now=now))


@click.command()
@click.argument("round_name", metavar="ROUND")
@click.option("--signed-on", metavar="DAY", help="When, such as 20/10/2566.")
@click.option("--signed-by", metavar="NAME", help="Who signed.")
@click.option("--as-of", metavar="TIME", help="What was known when it was signed: 5/10/2566.")
@click.option("--undo", is_flag=True, help="Take the latest signing back; that stays on record.")
@click.option("--reason", metavar="TEXT", help="With --undo: why.")
@click.option("--by", metavar="NAME", help="With --undo: who takes it back.")
@click.option("--on", metavar="DAY", help="With --undo: when (default: today).")
@command
def close(
    settings: Settings, round_name: str, as_of: str | None, *, undo: bool, **said: str | None
) -> int:
    """Keep the signed report; what changes afterwards makes an amended edition."""
    _only(("reason", "by", "on") if not undo else ("signed_on", "signed_by"), said)
    plan = settings.plan(round_name, moment(as_of))
    return _taken_back(settings, plan, said) if undo else _closed(settings, plan, said)


def _only(others: tuple[str, ...], said: Mapping[str, str | None]) -> None:
    """PipelineError for an option that belongs to the other half of `close`."""
    from pipeline.model import PipelineError

    for name in others:
        if said[name] is not None:
            raise PipelineError("close-other-option", option=f"--{name.replace('_', '-')}")


def _closed(settings: Settings, plan: "Plan", said: Mapping[str, str | None]) -> int:
    from pipeline.commands.close import close as made
    from pipeline.commands.close import register_entry
    from pipeline.commands.correct import day
    from pipeline.commands.status import who_must_act
    from pipeline.model import PipelineError
    from pipeline.run import assess

    if not said["signed_on"]:
        raise PipelineError("close-no-day")
    on, by = day(said["signed_on"]), said["signed_by"] or ""
    with busy(settings.say("screen.busy", round=plan.name)):
        assessment = assess(plan)
    for lines in who_must_act(assessment, settings.lang).values():
        bullets(lines)
    folder, entry = made(assessment, on, by), register_entry(assessment, on)
    if settings.as_json:
        figures = entry["figures_sha256"]
        print_json({"folder": folder.as_posix(), "figures_sha256": figures, "register": entry})
    else:
        paragraphs([settings.say("screen.closed", folder=folder.as_posix()), ""])
        _for_the_register(settings, entry)
    return 0


def _for_the_register(settings: Settings, entry: Mapping[str, str]) -> None:
    """What to write where nobody who holds the folder can change it."""
    from pipeline.messages import edition_name

    day = _day(settings, date.fromisoformat(entry["date"]))
    told = {"edition": edition_name(entry["edition"], settings.lang), "day": day}
    paragraphs([settings.say("screen.for-register")])
    for key, text in (("register-day", day), ("register-edition", told["edition"])):
        paragraphs([f"  {settings.say(f'screen.{key}')}: {text}"])
    paragraphs([f"  {settings.say('screen.register-digest')}:", f"    {entry['figures_sha256']}"])
    paragraphs([settings.say("screen.register-why")])


def _taken_back(settings: Settings, plan: "Plan", said: Mapping[str, str | None]) -> int:
    from pipeline.commands.close import undo
    from pipeline.commands.correct import day
    from pipeline.digests import edition
    from pipeline.messages import edition_name
    from pipeline.run import assess

    on = day(said["on"]) if said["on"] else datetime.now(plan.due.tzinfo).date()
    path = undo(plan, said["by"] or "", said["reason"] or "", on)
    with busy(settings.say("screen.busy", round=plan.name)):
        now = edition(assess(settings.plan(plan.name, plan.as_of)))
    if settings.as_json:
        told = {"number": int(path.parent.name), "on": on.isoformat()} | dict(said)
        print_json({"record": path.as_posix(), "undone": told, "edition": now})
        return 0
    told = {"number": path.parent.name, "path": path.as_posix()}
    paragraphs(
        [
            settings.say("screen.undone", day=_day(settings, on), **told),
            settings.say("screen.edition-now", edition=edition_name(now, settings.lang)),
            settings.say("screen.undone-register"),
        ]
    )
    return 0


def _day(settings: Settings, day: date) -> str:
    from schemas.kit.thai.dates import format_date

    return format_date(day, "long") if settings.lang == "th" else day.isoformat()


@click.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@command
def bundle(settings: Settings, round_name: str | None) -> int:
    """Put the report and everything that it was made from into one zip for the auditor."""
    from pipeline.commands.bundle import bundle as made

    plan = settings.plan(round_name)
    with busy(settings.say("screen.busy", round=plan.name)):
        path, count = made(plan, settings.outputs / plan.name)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if settings.as_json:
        print_json({"path": path.as_posix(), "files": count, "sha256": sha256})
    else:
        echo(settings.say("screen.bundled", count=count, path=path.as_posix()))
        echo(settings.say("screen.bundle-hash", sha256=sha256))
    return 0
