"""What a shell offers to complete: rounds, divisions and codes; PowerShell as well as the others.

Nothing is loaded but what names the things: somebody waits at the keyboard.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tomllib import TOMLDecodeError, loads

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    split_arg_string,
)

_ROUND = "round.toml"


def rounds(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """The rounds below the folder of inputs, the latest first."""
    folders = sorted((file.parent.name for file in _inputs(ctx).glob(f"*/{_ROUND}")), reverse=True)
    return _offered(((name, "") for name in folders), begun)


def divisions(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """The divisions of the round that is named, else of all rounds."""
    asked = ctx.params.get("round_name") or "*"
    found: dict[str, str] = {}
    for file in sorted(_inputs(ctx).glob(f"{asked}/{_ROUND}")):
        found |= dict(_roster(file))
    return _offered(found.items(), begun)


def codes(_: click.Context, __: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes of all that the program can find."""
    from pipeline.messages import codes as known
    from schemas import forms

    return _offered(((code, "") for code in known(forms())), begun)


def _inputs(ctx: click.Context) -> Path:
    return Path(ctx.params.get("inputs") or "inputs")


def _roster(file: Path) -> Iterator[tuple[str, str]]:
    """Code and name of each division of a plan; nothing of one that cannot be read."""
    try:
        listed = loads(file.read_text("utf-8-sig")).get("divisions", [])
        yield from ((str(each["code"]), str(each["name"])) for each in listed)
    except (OSError, UnicodeDecodeError, TOMLDecodeError, TypeError, KeyError):
        return


def _offered(named: Iterable[tuple[str, str]], begun: str) -> list[CompletionItem]:
    """Those that begin so, in any case, with what they mean."""
    start = begun.casefold()
    return [
        CompletionItem(name, help=meaning or None)
        for name, meaning in named
        if name.casefold().startswith(start)
    ]


class PowerShellComplete(ShellComplete):
    """Completion for PowerShell, which click leaves out."""

    name = "powershell"
    source_template = """
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $place)
    $result = "System.Management.Automation.CompletionResult"
    $env:COMP_WORDS = $line.ToString()
    $env:COMP_CWORD = $word
    $env:%(complete_var)s = "powershell_complete"
    %(prog_name)s | ForEach-Object {
        $kind, $value, $help = $_ -split "`t", 3
        if ($kind -eq "plain") {
            $told = if ($help) { $help } else { $value }
            New-Object $result $value, $value, "ParameterValue", $told
        } else {
            Get-ChildItem -Path "$word*" | ForEach-Object {
                $path = Resolve-Path -Relative $_.FullName
                New-Object $result $path, $path, "ProviderItem", $path
            }
        }
    }
    Remove-Item Env:COMP_WORDS, Env:COMP_CWORD, Env:%(complete_var)s
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words typed so far, and the one that is begun."""
        words, begun = split_arg_string(os.environ["COMP_WORDS"])[1:], os.environ["COMP_CWORD"]
        return (words[:-1] if begun and words and words[-1] == begun else words), begun

    def format_completion(self, item: CompletionItem) -> str:
        """Kind, value and meaning, between tabs."""
        return f"{item.type}\t{item.value}\t{item.help or ''}"


add_completion_class(PowerShellComplete)
