"""The commands by which people change, sign and hand over a report."""

import hashlib
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import (
    Settings,
    bullets,
    busy,
    command,
    echo,
    paragraphs,
    print_json,
    table,
)

if TYPE_CHECKING:
    from pipeline.commands.correct import Written

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
@click.option("--signed-on", metavar="DAY", required=True, help="When, such as 20/10/2566.")
@click.option("--signed-by", metavar="NAME", required=True, help="Who signed.")
@command
def close(settings: Settings, round_name: str, signed_on: str, signed_by: str) -> int:
    """Keep the signed report; what changes afterwards makes an amended edition."""
    from pipeline.commands.close import close as made
    from pipeline.commands.correct import day
    from pipeline.commands.status import who_must_act
    from pipeline.digests import figures_sha256
    from pipeline.run import assess

    plan, on = settings.plan(round_name), day(signed_on)
    with busy(settings.say("screen.busy", round=plan.name)):
        assessment = assess(plan)
    for lines in who_must_act(assessment, settings.lang).values():
        bullets(lines)
    folder, figures = made(assessment, on, signed_by), figures_sha256(assessment)
    if settings.as_json:
        print_json({"folder": folder.as_posix(), "figures_sha256": figures})
    else:
        echo(settings.say("screen.closed", folder=folder.as_posix()))
        echo(settings.say("screen.compare", figures=figures))
    return 0


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
