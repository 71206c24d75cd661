"""The words of the command line in the operator's language.

They stand in messages/help.toml and are read without loading anything else: `--help` is what is
asked for first, on the slowest machines.
"""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import click

LANGUAGES = ("th", "en")
VARIABLE = "PIPELINE_LANG"


def words(lang: str, key: str, **params: str) -> str:
    """The words of a key in one language, its {places} filled; KeyError where there are none."""
    found: Any = help_words()
    for part in key.split("."):
        found = found[part]
    text = str(found[lang])
    return text.format_map(params) if params else text


@cache
def help_words() -> Mapping[str, Any]:
    """All words by their keys, each with "th" and "en"."""
    file = files("pipeline").joinpath("messages", "help.toml")
    found: Mapping[str, Any] = tomllib.loads(file.read_text("utf-8"))["help"]
    return found


def asked_language(args: Sequence[str]) -> str:
    """The last language asked for before `--`, else the environment's, else Thai."""
    typed = list(args[: args.index("--")] if "--" in args else args)
    asked = [value for option, value in pairwise(typed) if option == "--lang"]
    asked += [each.removeprefix("--lang=") for each in typed if each.startswith("--lang=")]
    known = [each for each in (os.environ.get(VARIABLE), *asked) if each in LANGUAGES]
    return str(known[-1]) if known else LANGUAGES[0]


def language_of(ctx: click.Context) -> str:
    """The language that was asked for where the words of a command began."""
    root = ctx.find_root()
    maps = root.default_map or {}
    return next((each["lang"] for each in maps.values()), LANGUAGES[0])


def metavar_of(parameter: click.Parameter, ctx: click.Context) -> str:
    """What stands for a parameter's value, as the commands are declared."""
    return parameter.metavar or parameter.make_metavar(ctx)


def in_words(metavar: str, lang: str) -> str:
    """What stands for a value, in the language's own words."""
    known = help_words()["word"]
    return re.sub("[A-Z]+", lambda m: known[m[0]][lang] if m[0] in known else m[0], metavar)
