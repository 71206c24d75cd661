"""`template` and `dictionary`: what the divisions are given to fill in and to read."""

from pathlib import Path

import click

from pipeline.cli.completing import divisions, rounds
from pipeline.cli.console import Settings, command, echo, paragraphs, print_json
from pipeline.cli.worded import WordedCommand


@click.command(cls=WordedCommand)
@click.argument("round_name", metavar="[ROUND]", shell_complete=rounds, required=False)
@click.option("--division", metavar="CODE", shell_complete=divisions)
@click.option("--summary", is_flag=True)
@click.option("--mail", is_flag=True)
@command
def template(
    settings: Settings, round_name: str | None, division: str | None, *, summary: bool, mail: bool
) -> int:
    """Make each division's blank workbook, or what sums up what all have reported."""
    from pipeline.commands.templates import make_templates
    from pipeline.model import whose_code

    plan = settings.plan(round_name)
    folder = settings.outputs / plan.name / "templates"
    with settings.alone(plan):
        issued = make_templates(plan, folder, division, summary=summary, mail=mail)
    paths = [path.as_posix() for path in issued.workbooks.values()]
    if settings.as_json:
        drafts = [path.as_posix() for path in issued.drafts]
        without = [whose_code(*whose) for whose in issued.without_address]
        print_json({"templates": paths, "drafts": drafts, "without_address": without})
        return 0
    for path in paths:
        echo(path)
    if mail:
        paragraphs([settings.say("screen.drafts", path=folder.as_posix(), count=len(paths))])
        names = (plan.division(code).name_of(part) for code, part in issued.without_address)
        paragraphs(settings.say("screen.no-address", division=name) for name in names)
    return 0


@click.command(cls=WordedCommand)
@click.option("--values", is_flag=True)
@click.option("--layouts", is_flag=True)
@click.option("--guide", "guiding", is_flag=True)
@click.option("--round", "round_name", metavar="ROUND", shell_complete=rounds)
@click.option("--to", metavar="FILE", type=click.Path(path_type=Path))
@command
def dictionary(
    settings: Settings,
    round_name: str | None,
    to: Path | None,
    *,
    values: bool,
    layouts: bool,
    guiding: bool,
) -> int:
    """Print the data dictionary of all forms, or write the guide made of it."""
    from pipeline.commands import dictionary as entries
    from pipeline.commands.layout_table import layout_lines, layout_table

    if guiding:
        return _guide(settings, round_name, to)
    if values:
        examples = entries.values()
        return settings.show({"values": examples}, entries.lines(examples, settings.lang))
    if layouts:
        table = layout_table(settings.forms())
        return settings.show({"layouts": table}, layout_lines(table, settings.lang))
    columns = entries.dictionary(settings.forms())
    if settings.as_json:
        print_json({"columns": columns})
        return 0
    keys = ("sheet", "th", "column", "kind", "required")
    settings.table("screen", keys, [[str(entry[key] or "") for key in keys] for entry in columns])
    return 0


def _guide(settings: Settings, round_name: str | None, to: Path | None) -> int:
    from pipeline.commands.dictionary import write_guide

    plan = settings.plan(round_name)
    path = to or settings.outputs / plan.name / "templates" / "guide.xlsx"
    count = write_guide(plan, path)
    if settings.as_json:
        print_json({"guide": path.as_posix(), "forms": count})
    else:
        echo(settings.say("screen.guide-is", path=path.as_posix(), count=count))
    return 0
