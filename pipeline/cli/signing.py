"""The commands by which people change, sign and hand over a report."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli.completing import divisions, rounds
from pipeline.cli.console import (
    Settings,
    bullets,
    busy,
    command,
    echo,
    moment,
    paragraphs,
    print_json,
)
from pipeline.cli.worded import WordedCommand

if TYPE_CHECKING:
    from pipeline.commands.correct import Written
    from pipeline.model import Plan


@click.command(cls=WordedCommand)
@click.argument("words", nargs=-1, metavar="[WORDS...]")
@click.option("--exclude", "kind", flag_value="exclusion")
@click.option("--waive", "kind", flag_value="waiver")
@click.option("--explain", "kind", flag_value="explanation")
@click.option("--release", "kind", flag_value="release")
@click.option("--division", metavar="CODE", shell_complete=divisions)
@click.option("--reason", metavar="TEXT")
@click.option("--agreed-with", metavar="NAME")
@click.option("--agreed-on", metavar="DAY")
@click.option("--channel", metavar="TEXT")
@click.option("--evidence", metavar="TEXT")
@click.option("--approved-by", metavar="NAME")
@click.option("--until", metavar="DAY")
@click.option("--measure", type=click.IntRange(1), metavar="N")
@click.option("--text", metavar="TEXT")
@click.option("--by", metavar="NAME")
@click.option("--on", metavar="DAY")
@click.option("--undo", type=click.IntRange(1), metavar="N")
@click.option("--round", "round_name", metavar="ROUND", shell_complete=rounds)
@command
def correct(
    settings: Settings,
    words: tuple[str, ...],
    kind: str | None,
    undo: int | None,
    round_name: str | None,
    **options: str | int | None,
) -> int:
    """Write down what was agreed in corrections.toml, or take it back; show what it changes."""
    from pipeline.commands import correct as entries

    plan, kind = settings.plan(round_name), kind or "correction"
    texts = {name: str(value) for name, value in options.items() if value is not None}
    if undo is not None:
        _refuse_with_undo(words, texts)
    with settings.alone(plan), busy(settings.say("screen.busy", round=plan.name)):
        if undo is None:
            written = entries.correct(plan, kind, words, texts)
        else:
            by, reason = texts.get("by", ""), texts.get("reason", "")
            written = entries.undo(plan, kind, undo, by, reason)
    if settings.as_json:
        print_json(written.as_json())
    else:
        _show(settings, written)
    return 0


def _refuse_with_undo(words: tuple[str, ...], texts: Mapping[str, str]) -> None:
    """What is taken back is named by its number alone."""
    from pipeline.model import PipelineError

    others = [f"--{name.replace('_', '-')}" for name in texts if name not in ("by", "reason")]
    for each in (*words, *others):
        raise PipelineError("correct-undo-alone", value=each)


def _show(settings: Settings, written: "Written") -> None:
    """The entry, old and new, and the figures that it changes."""
    from pipeline.messages import figure_text

    entry = written.settled.entry
    path = written.path.as_posix()
    done = "entry-undone" if entry.withdrawn else "added"
    lines = [settings.say(f"screen.{done}", kind=entry.kind, number=entry.number, path=path)]
    if "new" in written.values:
        blank = settings.say("trace.blank")
        pair = {key: written.values[key] or blank for key in ("old", "new")}
        place = f"{entry.file} {entry.place}"
        lines.append(settings.say("screen.old-new", place=place, **pair))
    paragraphs([*lines, settings.say("screen.figure-changes", count=len(written.figures))])
    rows = [
        [getattr(now, f"title_{settings.lang}"), figure_text(then), figure_text(now)]
        for then, now in written.figures.values()
    ]
    settings.table("screen", ("figure", "then", "now"), rows)
    before, after = written.open_items
    echo(settings.say("screen.open-changes", then=before, now=after))


@click.command(cls=WordedCommand)
@click.argument("round_name", metavar="ROUND", shell_complete=rounds)
@click.option("--signed-on", metavar="DAY")
@click.option("--signed-by", metavar="NAME")
@click.option("--as-of", metavar="TIME")
@click.option("--undo", is_flag=True)
@click.option("--reason", metavar="TEXT")
@click.option("--by", metavar="NAME")
@click.option("--on", metavar="DAY")
@command
def close(
    settings: Settings, round_name: str, as_of: str | None, *, undo: bool, **options: str | None
) -> int:
    """Keep the signed report; what changes afterwards makes an amended edition."""
    from pipeline.model import PipelineError

    for name in ("reason", "by", "on") if not undo else ("signed_on", "signed_by"):
        if options[name] is not None:
            raise PipelineError("close-other-option", option=f"--{name.replace('_', '-')}")
    plan = settings.plan(round_name, moment(as_of))
    with settings.alone(plan):
        return _undo(settings, plan, options) if undo else _close(settings, plan, options)


def _close(settings: Settings, plan: "Plan", options: Mapping[str, str | None]) -> int:
    from pipeline.commands import close as signings
    from pipeline.commands.correct import day
    from pipeline.messages.open_lines import who_must_act
    from pipeline.model import PipelineError
    from pipeline.run import assess

    if not options["signed_on"]:
        raise PipelineError("close-no-day")
    on, by = day(options["signed_on"]), options["signed_by"] or ""
    with busy(settings.say("screen.busy", round=plan.name)):
        assessment = assess(plan)
    for lines in who_must_act(assessment, settings.lang).values():
        bullets(lines)
    folder, entry = signings.close(assessment, on, by), signings.register_entry(assessment, on)
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
    paragraphs(
        [
            settings.say("screen.for-register"),
            f"  {settings.say('screen.register-day')}: {day}",
            f"  {settings.say('screen.register-edition')}: "
            + edition_name(entry["edition"], settings.lang),
            f"  {settings.say('screen.register-digest')}:",
            f"    {entry['figures_sha256']}",
            settings.say("screen.register-why"),
        ]
    )


def _undo(settings: Settings, plan: "Plan", options: Mapping[str, str | None]) -> int:
    from pipeline.commands import close as signings
    from pipeline.commands.correct import day
    from pipeline.digests import edition
    from pipeline.messages import edition_name
    from pipeline.run import assess

    on = day(options["on"]) if options["on"] else datetime.now(plan.due.tzinfo).date()
    path = signings.undo(plan, options["by"] or "", options["reason"] or "", on)
    with busy(settings.say("screen.busy", round=plan.name)):
        now = edition(assess(settings.plan(plan.name, plan.as_of)))
    number, text = path.parent.name, path.as_posix()
    undone = {**options, "number": int(number), "on": on.isoformat()}
    return settings.show(
        {"record": text, "undone": undone, "edition": now},
        [
            settings.say("screen.undone", day=_day(settings, on), number=number, path=text),
            settings.say("screen.edition-now", edition=edition_name(now, settings.lang)),
            settings.say("screen.undone-register"),
        ],
    )


def _day(settings: Settings, day: date) -> str:
    from schemas.kit.thai.dates import format_date

    return format_date(day, "long") if settings.lang == "th" else day.isoformat()


@click.command(cls=WordedCommand)
@click.argument("round_name", metavar="[ROUND]", shell_complete=rounds, required=False)
@command
def bundle(settings: Settings, round_name: str | None) -> int:
    """Put the report and everything that it was made from into one zip for the auditor."""
    from pipeline.commands import bundle as bundles

    plan = settings.plan(round_name)
    with settings.alone(plan), busy(settings.say("screen.busy", round=plan.name)):
        path, count = bundles.bundle(plan, settings.outputs / plan.name)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if settings.as_json:
        print_json({"path": path.as_posix(), "files": count, "sha256": sha256})
    else:
        echo(settings.say("screen.bundled", count=count, path=path.as_posix()))
        echo(settings.say("screen.bundle-hash", sha256=sha256))
    return 0
