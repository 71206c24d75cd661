"""The screen of `verify`: the same or not and why, what moved, and the files behind it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import Settings, busy, command, echo, paragraphs, print_json, table

if TYPE_CHECKING:
    from pipeline.audit.verify import MovedFigure, Verified


@click.command()
@click.argument("report", type=click.Path(path_type=Path))
@command
def verify(settings: Settings, report: Path) -> int:
    """Rebuild a report from the inputs and say whether it is the same."""
    from pipeline.audit.verify import verify as made

    with busy(settings.say("trace.busy", file=report.name)):
        verified = made(report, settings.inputs, settings.forms())
    if settings.as_json:
        print_json(verified.as_json())
    else:
        _verified(settings, verified)
    return int(not verified.same)


def _verified(settings: Settings, verified: "Verified") -> None:
    """Same or not and why, what to look at first, the figures that moved, the files behind them."""
    from pipeline.digests import program_version

    told = {"file": verified.file, "version": verified.version, "program": program_version()}
    paragraphs([settings.say(f"verify.{verified.cause}", **told)])
    if verified.cause == "version" and not verified.figures:
        paragraphs([settings.say("verify.same-figures")])
    first = verified.first
    if first is not None:
        places = {each.place: each for each in verified.figures}
        figure = places.get(first.place) if first.place else None
        named = f"  {_title(settings, figure)}" if figure else ""
        where = str(first.place) if first.place else settings.say("verify.workbook")
        paragraphs([settings.say("verify.first", place=where) + named])
        paragraphs(
            [
                "  " + settings.say("verify.printed", value=first.printed),
                "  " + settings.say("verify.expected", value=first.expected),
            ]
        )
        echo(settings.say("verify.count", count=f"{verified.count:,}"))
    _moved(settings, verified)
    _changed(settings, verified)


def _title(settings: Settings, figure: "MovedFigure") -> str:
    return figure.title_th if settings.lang == "th" else figure.title_en


def _moved(settings: Settings, verified: "Verified") -> None:
    lines = [
        [_title(settings, each), each.printed, each.expected, str(each.place)]
        for each in verified.figures
    ]
    if lines:
        keys = ("verify.figure", "verify.in-report", "verify.in-inputs", "trace.at")
        table([settings.say(key) for key in keys], lines, numbers=(1, 2))


def _changed(settings: Settings, verified: "Verified") -> None:
    if verified.cause == "inputs" and not verified.files:
        paragraphs([settings.say("verify.no-file")])
    for each in verified.files:
        echo(settings.say("verify.file", name=each.name))
        for key, hashes in (("verify.was", each.was), ("verify.now", each.now)):
            echo("  " + settings.say(key, hash=_hashes(settings, hashes)))


def _hashes(settings: Settings, hashes: str) -> str:
    return "\n    ".join(["", *hashes.split()]) if hashes else settings.say("verify.not-there")
