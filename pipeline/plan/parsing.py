"""`round.toml` as TOML, and the line that says where it is none and what that usually comes of."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pipeline.model import PipelineError

ROUND_TOML = "round.toml"
_PLACE = re.compile(r"\(at (?:line ([0-9]+), column [0-9]+|end of document)\)")
_CURLY = re.compile("[=,{\\[]\\s*[\u2018-\u201f]")
# What tomllib says, and the kind of mistake behind it that our own sentence explains.
_CAUSES = (
    (re.compile(r"Unescaped|[Hh]ex value"), "backslash"),
    (re.compile(r"character '\\n'|Unterminated|Expected \"'"), "quote"),
    (re.compile(r"Cannot (?:overwrite|declare|mutate)|Duplicate"), "twice"),
    (re.compile(r"Unclosed"), "bracket"),
)


def parse(folder: Path) -> dict[str, Any]:
    """The values of a round's file; PipelineError where it is not UTF-8, or no TOML."""
    file = folder / ROUND_TOML
    return parse_bytes(file.read_bytes(), file)


def parse_bytes(data: bytes, file: Path) -> dict[str, Any]:
    """The values that these bytes of a file say; PipelineError where it is no TOML in UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PipelineError("plan-not-utf8", file=file.as_posix()) from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _not_toml(file, text, str(error)) from None


def _not_toml(file: Path, text: str, why: str) -> PipelineError:
    """The error that names the line, in words of its probable cause."""
    lines = text.splitlines() or [""]
    place = _PLACE.search(why)
    number = int(place[1]) if place and place[1] else len(lines)
    code = f"plan-not-toml-{_cause(why, lines[min(number, len(lines)) - 1])}"
    return PipelineError(code, file=file.as_posix(), line=number, why=why)


def _cause(why: str, line: str) -> str:
    """The kind of mistake; curly quotes are what a word processor makes of straight ones."""
    if _CURLY.search(line):
        return "curly"
    odd = "quote" if line.count('"') % 2 else "other"
    return next((cause for pattern, cause in _CAUSES if pattern.search(why)), odd)
