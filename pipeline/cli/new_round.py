"""`init`: a new round out of options and, in a terminal, out of what is asked for."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli.console import BANGKOK, Settings, command, echo, print_json
from pipeline.cli.from_round import make_next, offer, print_made
from pipeline.cli.worded import WordedCommand

if TYPE_CHECKING:
    from pipeline.commands.questions import Question
    from pipeline.model import Division

Answer = TypeVar("Answer")


@click.command(cls=WordedCommand)
@click.argument("name", metavar="[ROUND]", required=False)
@click.option("--new", is_flag=True)
@click.option("--from", "source", metavar="ROUND")
@click.option("--rename", metavar="CODE=NAME", multiple=True)
@click.option("--strike", metavar="CODE", multiple=True)
@click.option("--yes", is_flag=True)
@click.option("--year", metavar="2570")
@click.option("--round", metavar="6|12")
@click.option("--due", metavar="TIME")
@click.option("--organisation", metavar="NAME")
@click.option("--kind", metavar="NAME")
@click.option("--province", metavar="NAME")
@click.option("--code", metavar="CODE")
@click.option("--contact", metavar="NAME")
@click.option("--phone", metavar="NUMBER")
@click.option("--email", metavar="ADDRESS")
@click.option("--min-project-count", metavar="N")
@click.option(
    "--division",
    metavar="CODE=NAME=ADDRESS",
    multiple=True,
)
@command
def init(
    settings: Settings,
    name: str | None,
    source: str | None,
    *,
    new: bool,
    yes: bool,
    **options: Any,
) -> int:
    """Begin the rounds of a municipality, or make the next one: its round.toml and its folders."""
    asks = not yes and sys.stdin.isatty()
    _refuse_others(name, source, new=new, options=options)
    if new:
        return _first(settings, options, asks=asks)
    plan = settings.plan(source) if source or name else offer(settings, asks=asks)
    made, written = make_next(settings, plan, name, options, asks=asks)
    commands = [_command(settings, step, made.folder.name) for step in ("template", "run")]
    print_made(settings, plan, made, written, commands)
    return 0


def _refuse_others(
    name: str | None, source: str | None, *, new: bool, options: Mapping[str, Any]
) -> None:
    """The options of a first round and those of the next one do not go together."""
    from pipeline.model import PipelineError

    of_next = {"--from": source, "ROUND": name}
    of_next |= {f"--{key}": options[key] for key in ("rename", "strike")}
    typed = {f"--{key.replace('_', '-')}": value for key, value in options.items() if key != "due"}
    of_new = {key: value for key, value in typed.items() if key not in of_next}
    for option, value in (of_next if new else of_new).items():
        if value and (new or source or name):
            raise PipelineError(
                "init-other-option", option=option, other="--new" if new else "--from"
            )


def _first(settings: Settings, options: Mapping[str, Any], *, asks: bool) -> int:
    """Ask for all that must be known of a first round, and make it."""
    from pipeline.commands.init import write_round
    from pipeline.model import PipelineError

    try:
        answers, divisions = Dialogue(settings, asks=asks).answers(options)
    except click.Abort:
        echo(err=True)
        raise PipelineError("init-stopped") from None
    written = write_round(answers, divisions, settings.inputs, settings.outputs)
    _done(settings, answers["round"].name, written, divisions)
    return 0


class Dialogue:
    """Answers one after the other: an option's, else what is typed, else what is certain."""

    def __init__(self, settings: Settings, *, asks: bool) -> None:
        """Keep whether there is anybody to ask."""
        self._settings = settings
        self._asks = asks

    def answers(self, options: Mapping[str, Any]) -> "tuple[dict[str, Any], tuple[Division, ...]]":
        """Everything that must be known of the round, and its roster."""
        from pipeline.commands.init import refuse_existing
        from pipeline.commands.questions import ABOUT_IT, WHICH_ROUND

        answers: dict[str, Any] = {"today": datetime.now(BANGKOK).date()}
        self._tell("init.welcome")
        for question in WHICH_ROUND:
            answers[question.key] = self._answer(question, options[question.key], answers)
        refuse_existing(self._settings.inputs / answers["round"].name)
        for question in ABOUT_IT:
            answers[question.key] = self._answer(question, options[question.key], answers)
        return answers, self._roster(options["division"])

    def _answer(
        self, question: "Question", option: str | None, answers: Mapping[str, Any]
    ) -> object:
        key, suggested = question.key, question.suggested(answers)
        if option is None and self._asks:
            prompt = self._settings.say(f"ask.{key}")
            return self._asked(prompt, key, lambda text: question.read(text, answers), suggested)
        if option is None and not (question.certain and suggested):
            raise _mistake("init-missing", key)
        text = suggested if option is None else option
        return self._usable(key, text, question.read(text, answers))

    def _roster(self, options: Sequence[str]) -> "tuple[Division, ...]":
        """The divisions of the options, else those asked for, else the usual ones."""
        from pipeline.commands.default_roster import usual_divisions
        from pipeline.commands.questions import read_division

        if not options:
            return self._asked_roster() if self._asks else usual_divisions()
        divisions: tuple[Division, ...] = ()
        for text in options:
            divisions += (self._usable("division", text, read_division(text, divisions)),)
        return divisions

    def _asked_roster(self) -> "tuple[Division, ...]":
        """Each usual division with its addresses or left out, then others."""
        from pipeline.commands.default_roster import usual_divisions
        from pipeline.commands.questions import added, kept

        divisions: tuple[Division, ...] = ()
        self._tell("init.usual")
        for each in usual_divisions():
            divisions += self._asked(f"{each.code} {each.name}", "addresses", partial(kept, each))
        self._tell("init.others")
        prompt = self._settings.say("ask.division")
        while more := self._asked(prompt, "division", partial(added, earlier=divisions)):
            divisions += more
        return divisions

    def _usable(self, key: str, text: str, answer: Answer | None) -> Answer:
        if answer is None:
            expected = " ".join(self._settings.say(f"expected.{key}").split())
            raise _mistake("init-unusable", key, value=text, expected=expected)
        return answer

    def _asked(
        self, prompt: str, key: str, read: Callable[[str], Answer | None], suggested: str = ""
    ) -> Answer:
        """What is typed, asked for again until it can be used."""
        shows = bool(suggested)
        while (
            answer := read(click.prompt(prompt, default=suggested, show_default=shows, err=True))
        ) is None:
            self._tell(f"expected.{key}")
        return answer

    def _tell(self, key: str) -> None:
        if self._asks:
            echo(self._settings.say(key), err=True)


def _mistake(code: str, key: str, **params: object) -> Exception:
    """The operator's mistake about the option of that key."""
    from pipeline.model import PipelineError

    return PipelineError(code, option=f"--{key.replace('_', '-')}", **params)


def _done(
    settings: Settings, name: str, written: Sequence[Path], divisions: "Sequence[Division]"
) -> None:
    """Say what was made, and the next three things to do, the commands ready to be typed."""
    from pipeline.commands.default_roster import owed_by_nobody
    from schemas import forms

    commands = [_command(settings, step, name) for step in ("template", "run")]
    unasked = owed_by_nobody(divisions, forms())
    if settings.as_json:
        paths = [path.as_posix() for path in written]
        unowed = [form.name for form in unasked]
        print_json({"round": name, "written": paths, "owed_by_nobody": unowed, "next": commands})
        return
    plan, register = (path.as_posix() for path in written)
    received = written[1].parent.as_posix()
    echo(settings.say("init.made", round=name, plan=plan, register=register))
    for form in unasked:
        echo(settings.say("init.owed_by_nobody", form=form.name, title=form.about.sheet))
    echo(settings.say("init.next", template=commands[0], run=commands[1], received=received))


def _command(settings: Settings, step: str, name: str) -> str:
    """A command as it is typed here: by the program or Python that runs now, in these folders."""
    start = click.get_current_context().find_root().command_path
    if start.startswith("python"):
        here, program = Path.cwd(), Path(sys.executable)
        python = program.relative_to(here) if program.is_relative_to(here) else "python"
        start = f"{python} -m pipeline"
    folders = {"--inputs": settings.inputs, "--outputs": settings.outputs}
    usual = {"--inputs": "inputs", "--outputs": "outputs"}
    others = [f'{key} "{path}"' for key, path in folders.items() if str(path) != usual[key]]
    return " ".join([start, step, name, *others])
