"""Reading a TOML table key by key, so that an error can name the key it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import PipelineError


class Node:
    """A table of the file with its path, read key by key; what nobody reads is an unknown key."""

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        """Keep a copy: what is read is taken out of it."""
        self._values = dict(values)
        self._path = path

    def path(self, key: str) -> str:
        """The whole path of a key, for the error that names it."""
        return f"{self._path}.{key}" if self._path else key

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        """The value of a key, of that type; PipelineError where it is missing or of another."""
        value = self._values.pop(key, default)
        if value is ...:
            raise PipelineError("plan-missing-key", key=self.path(key))
        strange = isinstance(value, bool) and kind is not bool
        if value is not default and (strange or not isinstance(value, kind)):
            raise PipelineError("plan-wrong-type", key=self.path(key), value=repr(value))
        return value

    def node(self, key: str, default: Any = ...) -> "Node":
        """The table below a key."""
        return Node(self.take(key, dict, default), self.path(key))

    def nodes(self, key: str) -> list["Node"]:
        """The tables of a list of tables."""
        rows = self.take(key, list, [])
        return [Node(row, f"{self.path(key)}[{n}]") for n, row in enumerate(rows, 1)]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; nothing where the key is missing."""
        return tuple(str(each) for each in self.take(key, list, []))

    def one_of(self, key: str, choices: Sequence[Any], kind: type, default: Any = ...) -> Any:
        """A value that is one of the choices."""
        value = self.take(key, kind, default)
        if value not in choices:
            listed = ", ".join(str(each) for each in choices)
            raise PipelineError("plan-wrong-value", key=self.path(key), value=value, choices=listed)
        return value

    def names(self) -> list[str]:
        """The keys not read yet."""
        return list(self._values)

    def done(self) -> None:
        """Refuse what was not read: a misspelt key must not be passed over."""
        for key in self._values:
            raise PipelineError("plan-unknown-key", key=self.path(key))
