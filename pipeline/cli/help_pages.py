"""The pages that `--help` prints: all commands by who uses them, and one command's options."""

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import category

import click

from pipeline.cli.screen_words import help_words, in_words, language_of, metavar_of, words

_SHARED = ("inputs", "outputs", "lang", "json", "quiet", "verbose", "help")
_WIDTH = 80
_WHO = {
    "maker": ("init", "template", "collect", "senders", "run", "status", "correct", "close"),
    "division": ("check", "explain"),
    "auditor": ("trace", "diff", "verify", "bundle"),
    "keeper": ("rules", "dictionary"),
}


def group_page(group: click.Group, ctx: click.Context) -> Iterator[str]:
    """All commands, below the people who use them."""
    lang = language_of(ctx)
    yield _usage(ctx, ["COMMAND", "[OPTIONS]"], lang)
    yield ""
    yield from _wrapped(words(lang, "about.pipeline"), 2)
    for who, names in _WHO.items():
        yield f"\n{words(lang, f'who.{who}')}:"
        yield from _columns([(name, words(lang, f"about.{name}")) for name in names])
    yield f"\n{words(lang, 'options')}:"
    yield from _columns(list(_options(group, ctx, lang)))
    yield "\n" + words(lang, "more", program=ctx.command_path)


def command_page(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """How a command is typed, what it does, and its options."""
    lang = language_of(ctx)
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    yield _usage(ctx, [*(metavar_of(each, ctx) for each in arguments), "[OPTIONS]"], lang)
    yield ""
    yield from _wrapped(words(lang, f"about.{command.name}"), 2)
    if command.name in help_words()["forms"]:
        yield ""
        lines = words(lang, f"forms.{command.name}").split("\n")
        yield from (f"  {line}".rstrip() for line in lines)
    for title, shared in (("options", False), ("shared", True)):
        rows = list(_options(command, ctx, lang, shared=shared))
        if rows:
            yield f"\n{words(lang, title)}:"
            yield from _columns(rows)


def _usage(ctx: click.Context, parts: Iterable[str], lang: str) -> str:
    usage = words(lang, "usage")
    return " ".join([usage, ctx.command_path, *(in_words(part, lang) for part in parts if part)])


def _options(
    command: click.Command, ctx: click.Context, lang: str, *, shared: bool | None = None
) -> Iterator[tuple[str, str]]:
    """Each option as it is typed, and what it does."""
    for each in command.get_params(ctx):
        if isinstance(each, click.Option) and shared in (None, _key(each) in _SHARED):
            yield _typed(each, ctx, lang), _told(command, each, lang)


def _typed(option: click.Option, ctx: click.Context, lang: str) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    value = "" if option.is_flag or option.count else in_words(metavar_of(option, ctx), lang)
    return f"{names} {value}".rstrip()


def _told(command: click.Command, option: click.Option, lang: str) -> str:
    """The option's own words below its command, else those it has everywhere."""
    name = _key(option)
    own = help_words()["option"].get(command.name, {})
    text = words(lang, f"option.{command.name}.{name}" if name in own else f"option.{name}")
    if option.show_default and option.default is not None:
        text = f"{text} {words(lang, 'usual', value=str(option.default))}"
    return text


def _key(option: click.Option) -> str:
    """The name that an option is typed by."""
    return max(option.opts, key=len).lstrip("-").replace("-", "_")


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Two columns; what is too long for the left one stands on a line of its own."""
    left = 2 + min(max(_width(name) for name, _ in rows), 26) + 2
    for name, text in rows:
        first, *more = _wrapped(text, left)
        head = f"  {name}"
        if _width(head) + 2 > left:
            yield head
            yield first
        else:
            yield head + " " * (left - _width(head)) + first[left:]
        yield from more


def _wrapped(text: str, inset: int) -> list[str]:
    """The text in lines that fit, each set in; broken at spaces, where Thai has phrases."""
    lines, room = [""], _WIDTH - inset
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if _width(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [" " * inset + line for line in lines]


def _width(text: str) -> int:
    """How many columns a terminal gives it: vowels above and below take none."""
    return sum(category(sign) not in {"Mn", "Me", "Cf"} for sign in text)
