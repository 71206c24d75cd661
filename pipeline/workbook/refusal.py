"""The one way in which a file is turned away before anything in it is taken."""

from functools import partial
from typing import Any


class NotAWorkbook(Exception):  # noqa: N818 - the name says what the file is
    """A file that cannot be taken as a workbook: the reason's key and what its message needs."""

    def __init__(self, reason: str, **params: str | int) -> None:
        """Keep the key of the reason and the parameters of its sentence."""
        super().__init__(reason, params)
        self.reason = reason
        self.params = params

    def __str__(self) -> str:
        """Say the key and the parameters on one line, for a log."""
        params = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.reason} ({params})" if params else self.reason

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with the parameters, which plain exceptions would lose."""
        return partial(NotAWorkbook, self.reason, **self.params), ()


def damaged(where: str) -> NotAWorkbook:
    """Refuse a file that is broken at the named part or cell."""
    return NotAWorkbook("damaged", where=where)


def unsafe(what: str, where: str) -> NotAWorkbook:
    """Refuse a file that holds something no honest program writes."""
    return NotAWorkbook("unsafe", what=what, where=where)


def too_big(what: str, found: int, limit: int) -> NotAWorkbook:
    """Refuse a file in which something is larger than we are ready to hold."""
    return NotAWorkbook("too_big", what=what, found=found, limit=limit)
