"""Reading a TOML file key by key, so that an error can name the line or the key it is about."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
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


def shown(value: object) -> str:
    """A value of the file as it is written there, in one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return value.isoformat() if isinstance(value, date) else repr(value)


class TomlNode:
    """A table of the file with its path, read key by key; what nobody reads is an unknown key."""

    def __init__(self, values: Mapping[str, Any], file: str, path: str = "") -> None:
        """Keep a copy: what is read is taken out of it. `file` is named in errors."""
        self._values = dict(values)
        self._file = file
        self._path = path

    def path(self, key: str) -> str:
        """The whole path of a key, for the error that names it."""
        return f"{self._path}.{key}" if self._path else key

    def refuse(self, code: str, key: str, value: object = ..., **params: object) -> PipelineError:
        """The error about a key and, where there is one, its value; to be raised."""
        shown_value = {} if value is ... else {"value": shown(value)}
        return PipelineError(code, file=self._file, key=self.path(key), **shown_value, **params)

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """The value of a key, of that type; PipelineError where it is missing or of another."""
        value = self._values.pop(key, default)
        if value is ...:
            raise self.refuse("plan-missing-key", key)
        if value is not default and not _is_a(value, kind):
            raise self.refuse("plan-wrong-type", key, value)
        return value

    def text(self, key: str) -> str:
        """A text that must be there and say something."""
        value: str = self.take(key, str)
        if not value.strip():
            raise self.refuse("plan-missing-key", key)
        return value

    def node(self, key: str, default: Any = ...) -> "TomlNode":
        """The table below a key."""
        return TomlNode(self.take(key, dict, default), self._file, self.path(key))

    def nodes(self, key: str) -> list["TomlNode"]:
        """The tables of a list of tables."""
        rows = self._list(key, dict)
        return [
            TomlNode(row, self._file, f"{self.path(key)}[{n}]") for n, row in enumerate(rows, 1)
        ]

    def texts(self, key: str, choices: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each among the choices; nothing where the key is missing."""
        return tuple(self._chosen(key, self._list(key, str), choices))

    def numbers(self, key: str, choices: Sequence[int], default: Any = ...) -> tuple[int, ...]:
        """A list of whole numbers, each among the choices."""
        return tuple(self._chosen(key, self._list(key, int, default), choices))

    def one_of(self, key: str, choices: Sequence[Any], kind: type, default: Any = ...) -> Any:
        """A value that is one of the choices."""
        return self._chosen(key, [self.take(key, kind, default)], choices)[0]

    def between(self, key: str, value: Any, low: Any, high: Any) -> Any:
        """The value that was read at a key, if it lies in these bounds; NaN lies in none."""
        if not low <= value <= high:
            bounds = {"low": _plain(low), "high": _plain(high)}
            raise self.refuse("plan-out-of-range", key, value, **bounds)
        return value

    def _list(self, key: str, kind: type, default: Any = ()) -> list[Any]:
        rows = list(self.take(key, list, default))
        for row in rows:
            if not _is_a(row, kind):
                raise self.refuse("plan-wrong-type", key, row)
        return rows

    def _chosen(self, key: str, values: list[Any], choices: Sequence[Any] | None) -> list[Any]:
        for value in values:
            if choices is not None and value not in choices:
                listed = ", ".join(str(each) for each in choices if each != "") or "-"
                raise self.refuse("plan-wrong-value", key, value, choices=listed)
        return values

    def names(self) -> list[str]:
        """The keys not read yet."""
        return list(self._values)

    def done(self) -> None:
        """Refuse what was not read: a misspelt key must not be passed over."""
        for key in self._values:
            raise self.refuse("plan-unknown-key", key)


def _is_a(value: object, kind: type | tuple[type, ...]) -> bool:
    """Whether a value is of a type; a truth value is no number, a moment no day."""
    if isinstance(value, bool) or kind is date:
        return type(value) is kind
    return isinstance(value, kind)


def _plain(bound: object) -> str:
    return bound.isoformat() if isinstance(bound, date) else str(bound)
