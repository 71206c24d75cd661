"""`collect` fetches mails into the round's folder; `senders` registers new addresses."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.completing import rounds
from pipeline.cli.console import Settings, busy, command, echo, moment, print_json
from pipeline.cli.worded import WordedCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.collect.fetching import Fetched
    from pipeline.collect.imap import Mailbox
    from pipeline.commands.new_senders import Proposal
    from pipeline.model import Plan

_PASSWORD = "PIPELINE_MAIL_PASSWORD"  # noqa: S105  where it is to be found


@click.command(cls=WordedCommand)
@click.argument("round_name", metavar="[ROUND]", shell_complete=rounds, required=False)
@click.option("--from", "sources", metavar="SOURCE", multiple=True)
@click.option("--folder", metavar="NAME")
@click.option("--since", metavar="DAY")
@click.option("--password-file", metavar="FILE", type=click.Path(path_type=Path))
@command
def collect(
    settings: Settings,
    round_name: str | None,
    sources: tuple[str, ...],
    folder: str | None,
    since: str | None,
    password_file: Path | None,
) -> int:
    """Fetch a round's mails into its folder; nothing is changed where they come from."""
    plan = settings.plan(round_name)
    day = moment(since)
    fetched = fetch_for(settings, plan, sources, folder, day.date() if day else None, password_file)
    if settings.as_json:
        print_json({"laid": fetched.laid, "known": fetched.known})
    return 0


@click.command(cls=WordedCommand)
@click.argument("round_name", metavar="[ROUND]", shell_complete=rounds, required=False)
@click.option("--take", "taken", metavar="ADDRESS", multiple=True)
@click.option("--all", "everything", is_flag=True)
@command
def senders(
    settings: Settings, round_name: str | None, taken: tuple[str, ...], *, everything: bool
) -> int:
    """Show the addresses that are in no roster, or take them into round.toml."""
    from pipeline.commands.new_senders import chosen, proposals, take

    plan = settings.plan(round_name)
    with settings.alone(plan), busy(settings.say("screen.busy", round=plan.name)):
        found = proposals(plan)
        wanted = chosen(found, taken)
        wanted += [each for each in found if everything and each.counts and each not in wanted]
        take(plan, wanted)
    if settings.as_json:
        print_json({"proposed": [vars(each) for each in found], "taken": [vars(e) for e in wanted]})
        return 0
    names = {each.code: each.name for each in plan.divisions}
    rows = [
        [each.address, names[each.division], ", ".join(each.files), _state(settings, each, wanted)]
        for each in found
    ]
    settings.table("screen", ("address", "division", "files-title", "state"), rows)
    if not found:
        echo(settings.say("screen.no-new-senders", round=plan.name))
    return 0


def _state(settings: Settings, proposal: "Proposal", wanted: "Sequence[Proposal]") -> str:
    state = "taken" if proposal in wanted else "counts" if proposal.counts else "waits"
    return settings.say(f"screen.sender-{state}")


def fetch_for(
    settings: Settings,
    plan: "Plan",
    sources: tuple[str, ...] = (),
    folder: str | None = None,
    since: date | None = None,
    password_file: Path | None = None,
) -> "Fetched":
    """Fetch the mails of a round from these sources, else from its mailbox, and say how many."""
    from dataclasses import replace

    from pipeline.collect import FOLDER
    from pipeline.collect.fetching import fetch
    from pipeline.collect.imap import Mailbox, is_address
    from pipeline.model import PipelineError

    places = list(sources or filter(None, [plan.mailbox]))
    if not places:
        raise PipelineError("no-mailbox")
    password = ""
    for number, place in enumerate(places):
        if is_address(place):
            mailbox = Mailbox.parse(place)
            password = password or _password(settings, mailbox, password_file)
            places[number] = replace(mailbox, folder=folder or mailbox.folder).address
    received = plan.folder / FOLDER
    with settings.alone(plan), busy(settings.say("screen.fetching")):
        fetched = fetch(received, places, since, password)
    if not settings.as_json:
        said = settings.say(
            "screen.fetched", laid=fetched.laid, known=fetched.known, path=received.as_posix()
        )
        echo(said)
    return fetched


def _password(settings: Settings, mailbox: "Mailbox", file: Path | None) -> str:
    """The password from the file, the environment, or who sits at the terminal."""
    from pipeline.model import PipelineError

    if file is not None:
        try:
            return file.read_text("utf-8").rstrip("\r\n")
        except (OSError, ValueError):
            raise PipelineError("no-such-file", file=file.as_posix()) from None
    if password := os.environ.get(_PASSWORD):
        return password
    if not sys.stdin.isatty():
        raise PipelineError("no-password", user=mailbox.user)
    text = settings.say("screen.password-of", user=mailbox.user)
    return str(click.prompt(text, hide_input=True, err=True))
