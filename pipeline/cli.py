"""The commands, thin: read the options, call, print, exit. Only here is the screen known."""

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pipeline.model import Assessment, Plan
    from schemas.kit.form import FormSpec

OPERATOR, OURS = 2, 3
_BANGKOK = timezone(timedelta(hours=7))


class Settings:
    """What every command is told: where the rounds lie, the language, how much to say."""

    def __init__(self, inputs: Path, outputs: Path, lang: str, *, as_json: bool) -> None:
        """Keep the options as given."""
        self.inputs = inputs
        self.outputs = outputs
        self.lang = lang
        self.as_json = as_json

    def forms(self) -> "tuple[FormSpec, ...]":
        """Every form there is."""
        from schemas import forms

        return forms()

    def plan(self, name: str | None, as_of: datetime | None = None) -> "Plan":
        """The plan of the named round, else of the latest that is not an example."""
        from pipeline.plan import find_round, load_plan

        return load_plan(find_round(self.inputs, name), self.forms(), as_of)

    def assess(self, name: str | None, as_of: datetime | None = None) -> "Assessment":
        """A round settled from its inputs."""
        from pipeline.run import assess

        return assess(self.plan(name, as_of))

    def say(self, key: str, **params: object) -> str:
        """A sentence of the screen in the chosen language."""
        from pipeline.messages import say

        return say(key, self.lang, **params)


def _command(function: Callable[..., int]) -> Callable[..., None]:
    """Give a command the options that all share, and turn its outcome into an exit code."""

    @click.option("--inputs", type=click.Path(path_type=Path), default="inputs", show_default=True)
    @click.option(
        "--outputs", type=click.Path(path_type=Path), default="outputs", show_default=True
    )
    @click.option("--lang", type=click.Choice(["th", "en"]), default="th", show_default=True)
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more.")
    @wraps(function)
    def wrapped(**options: Any) -> None:
        _streams()
        sys.excepthook = _crash
        level = logging.ERROR if options.pop("quiet") else logging.WARNING
        logging.basicConfig(level=logging.INFO if options.pop("verbose") else level)
        settings = Settings(
            options.pop("inputs"),
            options.pop("outputs"),
            options.pop("lang"),
            as_json=options.pop("as_json"),
        )
        raise SystemExit(_guarded(lambda: function(settings, **options), settings))

    return wrapped


def _guarded(command: Callable[[], int], settings: Settings) -> int:
    """The command's exit code; the operator's mistake is one line and 2."""
    from pipeline.model import PipelineError

    try:
        return command()
    except PipelineError as error:
        click.echo(settings.say(f"error.{error.code}", **error.params), err=True)
        return OPERATOR


def _crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Our own fault: the whole traceback, and an exit code that is no other's."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(OURS)


def _streams() -> None:
    """UTF-8 out, also where the console is of another code page."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on the screen, without colour or lines when the stream is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    plain = not sys.stdout.isatty()
    table = Table(box=box.ASCII2 if plain else box.SIMPLE_HEAD, expand=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, no_color=plain, width=120 if plain else None).print(table)


def _when(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=_BANGKOK)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="integrity-report-pipeline")
def main() -> None:
    """From the divisions' mails to the report on integrity and transparency."""


@main.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@click.option("--as-of", metavar="TIME", help="What was known at that time (ISO).")
@_command
def run(settings: Settings, round_name: str | None, as_of: str | None) -> int:
    """Make the report of a round (default: the latest) from what was received."""
    from pipeline.run import run as run_round

    plan = settings.plan(round_name, _when(as_of))
    made = run_round(plan, settings.outputs / plan.name)
    if settings.as_json:
        _print_json(json.loads(made.path.read_text("utf-8")))
    else:
        _summary(settings, made.assessment, made.path.parent)
    return made.exit_code


def _summary(settings: Settings, assessment: "Assessment", folder: Path) -> None:
    """What the analyst wants to know when a run ends."""
    from pipeline.commands.summary import summary

    headline, rows = summary(assessment, settings.lang)
    click.echo(headline)
    _table([settings.say("screen.what"), settings.say("screen.value")], rows)
    _open_items(settings, assessment)
    click.echo(settings.say("screen.report-is", path=(folder / "report.xlsx").as_posix()))


def _open_items(settings: Settings, assessment: "Assessment") -> None:
    from pipeline.commands.status import who_must_act

    waiting = who_must_act(assessment, settings.lang)
    if not waiting:
        click.echo(settings.say("screen.nothing-open"))
    for who, lines in waiting.items():
        click.echo(
            settings.say("screen.waits-for", who=settings.say(f"who.{who}"), count=len(lines))
        )
        for line in lines:
            click.echo(f"  - {line}")


@main.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@_command
def status(settings: Settings, round_name: str | None) -> int:
    """Show who has reported, who has not, and who must act."""
    from pipeline.commands import status as made

    assessment = settings.assess(round_name)
    if settings.as_json:
        _print_json(made.as_json(assessment))
        return int(not assessment.complete)
    headings = [settings.say("screen.division")]
    headings += [settings.say(f"state.{state}") for state in made.STATES]
    rows = [
        [name, *(str(counts.get(state, 0) or "") for state in made.STATES), str(late or "")]
        for name, counts, late in made.by_division(assessment)
    ]
    _table([*headings, settings.say("screen.late")], rows)
    _open_items(settings, assessment)
    click.echo("\n" + made.chat_block(assessment))
    return int(not assessment.complete)


@main.command()
@click.argument("round_name", metavar="[ROUND]", required=False)
@click.option("--division", metavar="CODE", help="Only this division's workbook.")
@_command
def template(settings: Settings, round_name: str | None, division: str | None) -> int:
    """Make each division's blank workbook."""
    from pipeline.commands.template import make_templates

    plan = settings.plan(round_name)
    paths = make_templates(plan, settings.outputs / plan.name / "templates", division)
    if settings.as_json:
        _print_json({"templates": [path.as_posix() for path in paths]})
    else:
        for path in paths:
            click.echo(path.as_posix())
    return 0


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--round", "round_name", metavar="ROUND", help="The round to judge by.")
@_command
def check(settings: Settings, files: tuple[Path, ...], round_name: str | None) -> int:
    """Check workbooks or mails before they are sent."""
    from pipeline.commands.check import check_files

    checked = check_files(files, settings.inputs, round_name, settings.forms())
    if settings.as_json:
        _print_json(checked.as_json())
    else:
        for line in checked.lines(settings.lang):
            click.echo(line)
    return checked.exit_code


@main.command()
@_command
def rules(settings: Settings) -> int:
    """Print everything that the program can find."""
    from pipeline.commands.rules import rules as made

    entries = made(settings.forms())
    if settings.as_json:
        _print_json({"rules": entries})
        return 0
    headings = [settings.say(f"screen.{key}") for key in ("code", "severity", "form", "sentence")]
    _table(headings, [_rule_row(settings, entry) for entry in entries])
    return 0


def _rule_row(settings: Settings, entry: Mapping[str, object]) -> list[str]:
    weight = str(entry["severity"])
    shown = settings.say(f"severity.{weight}") if weight else ""
    return [str(entry["code"]), shown, str(entry["form"]), str(entry[settings.lang])]


@main.command()
@click.argument("code")
@_command
def explain(settings: Settings, code: str) -> int:
    """Explain one code of a finding."""
    from pipeline.commands.rules import explain as made

    entry = made(code, settings.forms())
    if settings.as_json:
        _print_json(entry)
        return 0
    for key, value in entry.items():
        if value:
            click.echo(f"{settings.say(f'explain.{key}')}: {_plain(value)}")
    return 0


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} = {each}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@main.command()
@_command
def dictionary(settings: Settings) -> int:
    """Print the data dictionary of all forms."""
    from pipeline.commands.dictionary import dictionary as made

    entries = made(settings.forms())
    if settings.as_json:
        _print_json({"columns": entries})
        return 0
    keys = ("sheet", "th", "column", "kind", "required")
    headings = [settings.say(f"screen.{key}") for key in keys]
    _table(headings, [[str(entry[key] or "") for key in keys] for entry in entries])
    return 0
