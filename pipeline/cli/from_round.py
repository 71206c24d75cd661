"""`init --from`: the next round out of one there is; shown first, made when it is agreed to."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.console import Settings, bullets, echo, paragraphs, print_json

if TYPE_CHECKING:
    from pipeline.commands.next_round import Asked, NextRound
    from pipeline.model import Plan
    from schemas.kit.thai.calendar import Round


def latest(settings: Settings) -> "Plan | None":
    """The plan of the latest round that is not for practice; None where there is none."""
    from pipeline.model import PipelineError

    try:
        return settings.plan(None)
    except PipelineError as error:
        if error.code != "plan-no-rounds":
            raise
    return None


def offer(settings: Settings, *, asks: bool) -> "Plan":
    """The latest round, where the operator wants the next one of it; else PipelineError."""
    from pipeline.commands.next_round import following
    from pipeline.model import PipelineError

    source = latest(settings)
    if source is None:
        raise PipelineError("init-needs-new")
    named = {"source": source.name, "round": following(source.round).name}
    if not asks or not click.confirm(settings.say("next.offer", **named), default=True, err=True):
        raise PipelineError("init-offers-next", **named)
    return source


def make_next(
    settings: Settings, source: "Plan", name: str | None, options: Mapping[str, Any], *, asks: bool
) -> tuple["NextRound", Sequence[Path]]:
    """Show what the next round changes, ask, and make it."""
    from pipeline.commands.next_round import next_round, round_named
    from pipeline.model import PipelineError

    _, then = round_named(name, source)
    made = next_round(source, name, _asked(settings, then, options))
    if not settings.as_json:
        _show(settings, made, source)
    folder = made.folder.as_posix()
    if asks and not click.confirm(settings.say("next.ask", folder=folder), default=True, err=True):
        raise PipelineError("init-stopped")
    return made, made.write(settings.outputs)


def print_made(
    settings: Settings,
    source: "Plan",
    made: "NextRound",
    written: Sequence[Path],
    commands: Sequence[str],
) -> None:
    """What was made, and the next things to do."""
    name, paths = made.folder.name, [path.as_posix() for path in written]
    if settings.as_json:
        moves = [{"key": m.key, "old": m.then, "new": m.now} for m in made.moves]
        looks = [{"code": each.code, "text": _look(settings, each)} for each in made.looks]
        told = {"round": name, "from": source.name, "written": paths, "moved": moves}
        print_json({**told, "look_at": looks, "next": commands})
        return
    plan, register = paths
    echo(settings.say("next.made", round=name, source=source.name, plan=plan, register=register))
    received = written[1].parent.as_posix()
    echo(settings.say("init.next", template=commands[0], run=commands[1], received=received))


def _show(settings: Settings, made: "NextRound", source: "Plan") -> None:
    paragraphs([settings.say("next.head", round=made.folder.name, source=source.name)])
    rows = [
        [each.key, *(_shown(settings, v) for v in (each.then, each.now))] for each in made.moves
    ]
    settings.table("next", ("key", "then", "now"), rows)
    echo(settings.say("next.look"))
    bullets([_look(settings, each) for each in made.looks])


def _look(settings: Settings, look: Any) -> str:
    return settings.say(f"next.looks.{look.code}", **look.params)


def _shown(settings: Settings, value: object) -> str:
    """A value of the file as people write it; days in the years of the language."""
    from schemas.kit.thai.dates import format_date, format_time

    if value is None:
        return settings.say("next.nothing")
    if isinstance(value, tuple):
        return " – ".join(_shown(settings, each) for each in value)
    if isinstance(value, date) and settings.lang == "th":
        day = format_date(value.date() if isinstance(value, datetime) else value)
        return f"{day} {format_time(value.timetz())}" if isinstance(value, datetime) else day
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _asked(settings: Settings, then: "Round", options: Mapping[str, Any]) -> "Asked":
    """The new names, the divisions left out and the due time, as they were typed."""
    from pipeline.commands.next_round import Asked
    from pipeline.commands.questions import read_due
    from pipeline.model import PipelineError

    due = options["due"]
    at = None if due is None else read_due(due, {"round": then})
    if due is not None and at is None:
        expected = " ".join(settings.say("expected.due").split())
        raise PipelineError("init-unusable", option="--due", value=due, expected=expected)
    names: dict[str, str] = {}
    for text in options["rename"]:
        code, mark, named = (part.strip() for part in text.partition("="))
        if not (code and mark and named):
            expected = settings.say("next.expected-name")
            raise PipelineError("init-unusable", option="--rename", value=text, expected=expected)
        names[code] = named
    return Asked(names, options["strike"], at)
