"""The commands, thin: read the options, call, print, exit. Only here is the screen known."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.asking import init
from pipeline.cli.changes import bundle, close, correct
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
    utf8_streams,
)
from pipeline.cli.tracing import trace
from pipeline.cli.verifying import verify

if TYPE_CHECKING:
    from pipeline.model import Assessment


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="integrity-report-pipeline")
def main() -> None:
    """From the divisions' mails to the report on integrity and transparency."""
    utf8_streams()


for _each in (init, trace, verify, correct, close, bundle):
    main.add_command(_each)


@main.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@click.option("--as-of", metavar="TIME", help="What was known at that time (ISO).")
@command
def run(settings: Settings, round_name: str | None, as_of: str | None) -> int:
    """Make the report of a round (default: the latest) from what was received."""
    from pipeline.run import run as run_round

    plan = settings.plan(round_name, moment(as_of))
    with busy(settings.say("screen.busy", round=plan.name)):
        made = run_round(plan, settings.outputs / plan.name)
    if settings.as_json:
        print_json(json.loads(made.path.read_text("utf-8")))
    else:
        _summary(settings, made.assessment, made.path.parent)
    return made.exit_code


def _summary(settings: Settings, assessment: "Assessment", folder: Path) -> None:
    """What the analyst wants to know when a run ends."""
    from pipeline.commands.summary import summary

    headline, rows = summary(assessment, settings.lang)
    echo(headline)
    table([settings.say("screen.what"), settings.say("screen.value")], rows)
    _open_items(settings, assessment)
    echo(settings.say("screen.report-is", path=(folder / "report.xlsx").as_posix()))


def _open_items(settings: Settings, assessment: "Assessment") -> None:
    from pipeline.commands.status import who_must_act

    waiting = who_must_act(assessment, settings.lang)
    if not waiting:
        echo(settings.say("screen.nothing-open"))
    for who, lines in waiting.items():
        echo(settings.say("screen.waits-for", who=settings.say(f"who.{who}"), count=len(lines)))
        bullets(lines)


@main.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@click.option("--remind", is_flag=True, help="Draft a reminder to each division that owes.")
@command
def status(settings: Settings, round_name: str | None, *, remind: bool) -> int:
    """Show who has reported, who has not, and who must act."""
    from pipeline.commands import status as made
    from pipeline.run import assess

    plan = settings.plan(round_name)
    with busy(settings.say("screen.busy", round=plan.name)):
        assessment = assess(plan)
    drafted = made.reminders(assessment, settings.outputs) if remind else None
    if settings.as_json:
        print_json(made.as_json(assessment))
        return int(not assessment.complete)
    divisions = made.by_division(assessment)
    states = [s for s in made.STATES if any(counts.get(s) for _, counts, _ in divisions)]
    headings = [settings.say("screen.division"), *(settings.say(f"state.{s}") for s in states)]
    rows = [
        [name, *(str(counts.get(state, 0) or "") for state in states), str(late or "")]
        for name, counts, late in divisions
    ]
    table([*headings, settings.say("screen.late")], rows)
    _open_items(settings, assessment)
    echo("\n" + made.chat_block(assessment))
    if drafted:
        path, count = drafted
        echo(settings.say("screen.reminders", path=path.as_posix(), count=count))
    return int(not assessment.complete)


@main.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@click.option("--division", metavar="CODE", help="Only this division's workbook.")
@command
def template(settings: Settings, round_name: str | None, division: str | None) -> int:
    """Make each division's blank workbook."""
    from pipeline.commands.template import make_templates

    plan = settings.plan(round_name)
    paths = make_templates(plan, settings.outputs / plan.name / "templates", division)
    if settings.as_json:
        print_json({"templates": [path.as_posix() for path in paths]})
    else:
        for path in paths:
            echo(path.as_posix())
    return 0


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--round", "round_name", metavar="ROUND", help="The round to judge by.")
@click.option("--mark", "marking", is_flag=True, help="Write a marked copy beside each file.")
@command
def check(
    settings: Settings, files: tuple[Path, ...], round_name: str | None, *, marking: bool
) -> int:
    """Check workbooks or mails before they are sent."""
    from pipeline.commands.check import check_files, mark

    checked = check_files(files, settings.inputs, round_name, settings.forms())
    said = list(mark(checked, settings.lang)) if marking else []
    if settings.as_json:
        print_json({**checked.as_json(), **({"marked": said} if marking else {})})
    else:
        paragraphs([*checked.lines(settings.lang), *said])
    return checked.exit_code


@main.command()
@command
def rules(settings: Settings) -> int:
    """Print everything that the program can find."""
    from pipeline.commands.rules import lines
    from pipeline.commands.rules import rules as made

    entries = made(settings.forms())
    if settings.as_json:
        print_json({"rules": entries})
        return 0
    paragraphs(lines(entries, settings.lang))
    return 0


@main.command()
@click.argument("code")
@command
def explain(settings: Settings, code: str) -> int:
    """Explain one code of a finding."""
    from pipeline.commands.rules import explain as made
    from pipeline.commands.rules import lines

    entry = made(code, settings.forms())
    if settings.as_json:
        print_json(entry)
        return 0
    paragraphs(lines([entry], settings.lang))
    return 0


@main.command()
@click.option("--values", is_flag=True, help="What clerks type, and what is read.")
@command
def dictionary(settings: Settings, *, values: bool) -> int:
    """Print the data dictionary of all forms."""
    if values:
        return _values(settings)
    from pipeline.commands.dictionary import dictionary as made

    entries = made(settings.forms())
    if settings.as_json:
        print_json({"columns": entries})
        return 0
    keys = ("sheet", "th", "column", "kind", "required")
    headings = [settings.say(f"screen.{key}") for key in keys]
    table(headings, [[str(entry[key] or "") for key in keys] for entry in entries])
    return 0


def _values(settings: Settings) -> int:
    from pipeline.commands.values import lines, values

    entries = values()
    if settings.as_json:
        print_json({"values": entries})
    else:
        paragraphs(lines(entries, settings.lang))
    return 0
