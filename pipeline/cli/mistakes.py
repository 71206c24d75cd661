"""What was typed wrongly, said in the operator's language with what may have been meant."""

from collections.abc import Iterable, Iterator, Sequence

import click

from pipeline.cli.screen_words import in_words, metavar_of, words


class Mistake(click.UsageError):
    """Something typed that there is not; `near` is what may have been meant."""

    def __init__(
        self, code: str, ctx: click.Context, near: Iterable[str] = (), **params: str
    ) -> None:
        """Keep what to say, until it is known in which language."""
        super().__init__(code, ctx)
        self.code, self.near, self.params = code, tuple(near), params


def mistaken(error: click.UsageError, lang: str) -> Iterator[str]:
    """What is wrong, what may have been meant, and where to read on."""
    code, near, params = _named(error, lang)
    nearest = words(lang, "mistake.near", near=", ".join(near)) if near else ""
    yield words(lang, f"mistake.{code}", **params) + nearest
    command = error.ctx.command_path if error.ctx else "pipeline"
    yield words(lang, "mistake.see", command=command)


def _named(error: click.UsageError, lang: str) -> tuple[str, Sequence[str], dict[str, str]]:
    if isinstance(error, Mistake):
        return error.code, error.near, error.params
    if isinstance(error, click.NoSuchOption):
        return "no-option", _near(error), {"value": error.option_name}
    if isinstance(error, click.BadOptionUsage):
        missing = "requires" in error.message
        return f"value-{'missing' if missing else 'unasked'}", (), {"what": error.option_name}
    parameter = getattr(error, "param", None)
    if parameter is None or error.ctx is None:
        return "value-unusable", (), {"what": error.format_message()}
    what = _called(parameter, error.ctx, lang)
    if isinstance(error, click.MissingParameter):
        return "argument-missing", (), {"what": what}
    expected = _expected(parameter.type)
    code = "value-one-of" if expected else "value-unusable"
    return code, (), {"what": what, "expected": expected}


def _near(error: click.NoSuchOption) -> Sequence[str]:
    """Options that begin as it does, else those that are spelt like it."""
    found = tuple(error.possibilities or ())
    return [each for each in found if each.startswith(error.option_name)] or found


def _called(parameter: click.Parameter, ctx: click.Context, lang: str) -> str:
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return in_words(metavar_of(parameter, ctx), lang).strip("[].")


def _expected(kind: object) -> str:
    if isinstance(kind, click.Choice):
        return ", ".join(map(str, kind.choices))
    if isinstance(kind, click.IntRange):
        return f"{kind.min} – {kind.max}" if kind.max is not None else f"≥ {kind.min}"
    return ""
