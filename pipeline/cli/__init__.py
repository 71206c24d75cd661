"""The commands, thin: read the options, call, print, exit. Only here is the screen known."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.collecting import collect, fetch_for, senders
from pipeline.cli.completing import codes, divisions, rounds
from pipeline.cli.console import (
    Settings,
    bullets,
    busy,
    command,
    echo,
    moment,
    paragraphs,
    print_json,
    utf8_streams,
)
from pipeline.cli.differing import diff
from pipeline.cli.handouts import dictionary, template
from pipeline.cli.new_round import init
from pipeline.cli.screen_words import LANGUAGES
from pipeline.cli.signing import bundle, close, correct
from pipeline.cli.tracing import trace
from pipeline.cli.verifying import verify
from pipeline.cli.worded import WordedGroup

if TYPE_CHECKING:
    from pipeline.model import Assessment, Plan


def _say_version(context: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    """Print the version as a report bears it, and end."""
    if asked:
        from pipeline.software import program_version

        echo(program_version())
        context.exit()


@click.group(cls=WordedGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_say_version)
@click.option("--lang", type=click.Choice(LANGUAGES), metavar="LANGUAGE", expose_value=False)
def main() -> None:
    """From the divisions' mails to the report on integrity and transparency."""
    utf8_streams()


for _each in (
    *(init, template, collect, senders, dictionary, diff),
    *(trace, verify, correct, close, bundle),
):
    main.add_command(_each)


@main.command()
@click.argument("round_name", metavar="[ROUND]", shell_complete=rounds, required=False)
@click.option("--as-of", metavar="TIME")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--pdf", is_flag=True)
@click.option("--collect", "collecting", is_flag=True)
@command
def run(
    settings: Settings,
    round_name: str | None,
    as_of: str | None,
    *,
    jobs: int,
    pdf: bool,
    collecting: bool,
) -> int:
    """Make the report of a round (default: the latest) from what was received."""
    from pipeline.office import find_office
    from pipeline.run import run as run_round

    plan = _as_of(settings, round_name, as_of)
    if collecting:
        fetch_for(settings, plan)
    office = find_office() if pdf else None
    with busy(settings.say("screen.busy", round=plan.name)):
        result = run_round(plan, settings.outputs / plan.name, office, jobs)
    if settings.as_json:
        print_json(json.loads(result.path.read_text("utf-8")))
    else:
        _summary(settings, result.assessment, result.path.parent)
    return result.exit_code


def _as_of(settings: Settings, round_name: str | None, as_of: str | None) -> "Plan":
    """The plan as it was known then; what has no day is counted all the same, and that is told."""
    from pipeline.plan import as_known

    plan = as_known(settings.plan(round_name, moment(as_of)))
    entries = [each for each in plan.changes.every if each.begins(plan.due.tzinfo) is None]
    undated = len(entries) + sum(each.granted_on is None for each in plan.extensions)
    if as_of is not None and undated:
        echo(settings.say("screen.undated", count=undated), err=True)
    return plan


def _summary(settings: Settings, assessment: "Assessment", folder: Path) -> None:
    """What the analyst wants to know when a run ends."""
    from pipeline.commands.status import summary

    headline, rows = summary(assessment, settings.lang)
    echo(headline)
    settings.table("screen", ("what", "value"), rows)
    _open_items(settings, assessment)
    for name in ("report.xlsx", "report.pdf"):
        if (folder / name).exists():
            echo(settings.say("screen.report-is", path=(folder / name).as_posix()))


def _open_items(settings: Settings, assessment: "Assessment") -> None:
    from pipeline.commands.status import amendment, nothing_open, worse_versions
    from pipeline.messages.open_lines import who_must_act

    waiting = who_must_act(assessment, settings.lang)
    counts = Counter(item.who for item in assessment.open_items)
    if not waiting:
        echo(nothing_open(assessment, settings.lang))
    for who, lines in waiting.items():
        echo(settings.say("screen.waits-for", who=settings.say(f"who.{who}"), count=counts[who]))
        bullets(lines)
    paragraphs(filter(None, [amendment(assessment, settings.lang)]))
    worse = worse_versions(assessment, settings.lang)
    if worse:
        echo(settings.say("screen.worse-versions", count=len(worse)))
        bullets(worse)


@main.command()
@click.argument("round_name", metavar="[ROUND]", shell_complete=rounds, required=False)
@click.option("--as-of", metavar="TIME")
@click.option("--remind", is_flag=True)
@command
def status(settings: Settings, round_name: str | None, as_of: str | None, *, remind: bool) -> int:
    """Show who has reported, who has not, and who must act."""
    from pipeline.commands import status as standing
    from pipeline.run import assess

    plan = _as_of(settings, round_name, as_of)
    with busy(settings.say("screen.busy", round=plan.name)):
        assessment = assess(plan)
    drafts = None
    if remind:
        with settings.alone(plan):
            drafts = standing.reminders(assessment, settings.outputs)
    if settings.as_json:
        print_json(standing.as_json(assessment))
        return int(not assessment.complete)
    divisions = standing.by_division(assessment)
    states = [s for s in standing.STATES if any(counts.get(s) for _, counts, _ in divisions)]
    rows = [
        [name, *(str(counts.get(state, 0) or "") for state in states), str(late or "")]
        for name, counts, late in divisions
    ]
    settings.table("screen", ("division", *(f"column-{s}" for s in states), "late"), rows)
    paragraphs(standing.signatures(assessment, settings.lang))
    _open_items(settings, assessment)
    echo("\n" + standing.chat_block(assessment))
    if drafts:
        path, count = drafts
        echo(settings.say("screen.reminders", path=path.as_posix(), count=count))
    return int(not assessment.complete)


@main.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--round", "round_name", metavar="ROUND", shell_complete=rounds)
@click.option("--division", default="", metavar="CODE", shell_complete=divisions)
@click.option("--mark", "marking", is_flag=True)
@command
def check(
    settings: Settings,
    files: tuple[Path, ...],
    round_name: str | None,
    division: str,
    *,
    marking: bool,
) -> int:
    """Check workbooks or mails before they are sent."""
    from pipeline.commands.check import check_files, mark

    checked = check_files(files, settings.inputs, round_name, settings.forms(), division)
    marked = list(mark(checked, settings.lang)) if marking else []
    value = {**checked.as_json(), **({"marked": marked} if marking else {})}
    settings.show(value, [*checked.lines(settings.lang), *marked])
    return checked.exit_code


@main.command()
@command
def rules(settings: Settings) -> int:
    """Print everything that the program can find."""
    from pipeline.commands import rules as catalogue

    entries = catalogue.rules(settings.forms())
    return settings.show({"rules": entries}, catalogue.lines(entries, settings.lang))


@main.command()
@click.argument("code", metavar="CODE", shell_complete=codes)
@command
def explain(settings: Settings, code: str) -> int:
    """Explain one code of a finding."""
    from pipeline.commands import rules as catalogue

    entry = catalogue.explain(code, settings.forms())
    return settings.show(entry, catalogue.lines([entry], settings.lang))
