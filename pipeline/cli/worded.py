"""Commands that show their help, and say what was typed wrongly, in the operator's language."""

import sys
from difflib import get_close_matches
from typing import Any, NoReturn

import click

from pipeline.cli.help_pages import command_page, group_page
from pipeline.cli.mistakes import Mistake, mistaken
from pipeline.cli.screen_words import asked_language, words

OPERATOR = 2


class WordedCommand(click.Command):
    """A command whose words stand in the catalogue under its name and its parameters' names."""

    def get_help(self, ctx: click.Context) -> str:
        """The page: usage, what it does, its options and those of every command."""
        return "\n".join(command_page(self, ctx))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words; what is left over is named, and how names with spaces are written."""
        ctx.allow_extra_args = True
        try:
            left = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if left and not ctx.resilient_parsing:
            raise Mistake("words-too-many", ctx, value=" ".join(left))
        return left


class WordedGroup(click.Group):
    """All commands, shown by who uses them."""

    command_class = WordedCommand

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Find the language out before anything can be wrong with the rest."""
        lang = asked_language(args)
        extra["default_map"] = {name: {"lang": lang} for name in self.commands}
        return super().make_context(info_name, args, parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words; where there are none, show what there is."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """The page: every command below the people who use it."""
        return "\n".join(group_page(self, ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of that name; the nearest ones are named where there is none."""
        if args and args[0] not in self.commands and not ctx.resilient_parsing:
            near = get_close_matches(args[0], self.commands)
            raise Mistake("no-command", ctx, near, value=args[0])
        return super().resolve_command(ctx, args)


def enter(group: click.Group) -> NoReturn:
    """Run the command that was typed; what was typed wrongly is a sentence and 2."""
    lang = asked_language(sys.argv[1:])
    try:
        code = group.main(standalone_mode=False)
    except click.UsageError as error:
        for line in mistaken(error, lang):
            click.echo(line, err=True)
        sys.exit(OPERATOR)
    except click.Abort:
        click.echo(words(lang, "mistake.stopped"), err=True)
        sys.exit(OPERATOR)
    sys.exit(code if isinstance(code, int) else 0)
