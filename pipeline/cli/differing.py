"""`diff`: two rounds, editions or files, and what led from the one to the other."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import Settings, busy, command, moment
from pipeline.cli.worded import WordedCommand

if TYPE_CHECKING:
    from pipeline.model import Assessment


@click.command(cls=WordedCommand)
@click.argument("then", metavar="ROUND|FILE")
@click.argument("now", metavar="ROUND|FILE")
@click.option("--round", "round_name", metavar="ROUND")
@command
def diff(settings: Settings, then: str, now: str, round_name: str | None) -> int:
    """Show what led from the figures of one report to those of another."""
    from pipeline.commands.diff import compare

    sides = _side(settings, then, round_name), _side(settings, now, round_name)
    compared = compare((then, now), sides)
    return settings.show(
        compared.as_json() if settings.as_json else {}, compared.lines(settings.lang)
    )


def _side(settings: Settings, asked: str, round_name: str | None) -> "Assessment":
    """A file of a division, a round, or behind an @ an edition of it by number or by its day."""
    from pipeline.commands.diff import as_signed, of_file
    from pipeline.run import assess

    with busy(settings.say("screen.busy", round=asked)):
        if Path(asked).is_file():
            return of_file(Path(asked), settings.plan(round_name))
        name, _, at = asked.partition("@")
        if at.isdecimal() and len(at) < 4:
            return as_signed(settings.plan(name), int(at))
        return assess(settings.plan(name, moment(at or None)))
