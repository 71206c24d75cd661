"""What is said of a cell, a row or a file: a code, a weight, a place, never a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pipeline.workbook.reader import address
from schemas.kit.columns import Severity
from schemas.kit.cross_rules import AUDITOR


@dataclass(frozen=True, order=True)
class CellRef:
    """One cell of one sheet of one received file."""

    file: str
    sheet: str
    row: int
    column: int

    @property
    def address(self) -> str:
        """The address as Excel writes it, such as D7."""
        return address(self.row, self.column)


class Fate(StrEnum):
    """What became of a row of a form that counts."""

    ACCEPTED = "accepted"
    HELD_BACK = "held_back"
    EXCLUDED = "excluded"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Finding:
    """One defect of one cause: a code, a weight, a place and parameters, never a sentence.

    `to` is "division", "analyst" where the text is configured (`key` then names the key of
    `round.toml`), or "auditor" where it is no defect but a signal for review. `form`, `index` and
    `column` point into the form's Table where there is a row; `group` are the rows of that table
    which make the finding together; `fate` says what that row becomes where it is not at fault
    (a duplicate). `explanation` is what the division says of it; `explained` says that this, or
    the analyst's word, settles it.
    """

    code: str
    severity: Severity
    division: str | None = None
    file: str | None = None
    cell: CellRef | None = None
    value: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    to: str = "division"
    form: str | None = None
    index: int | None = None
    column: str | None = None
    sheet: str | None = None
    fate: Fate | None = None
    explained: bool = False
    explanation: str = ""
    group: tuple[int, ...] = ()

    @property
    def is_signal(self) -> bool:
        """Whether it is a signal for review, which nobody has to correct."""
        return self.to == AUDITOR
