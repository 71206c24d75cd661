"""What else is to be known of a received cell: an agreed correction of it, or a formula in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from pipeline.messages import say
from pipeline.model import Assessment, CellRef, Correction, Table
from pipeline.workbook.reader import Cell, CellType, Formulas, read_formulas
from schemas.kit.columns import Column, Filled
from schemas.kit.thai.dates import format_date

CORRECTED, OVER_FORMULA = "corrected", "corrected-formula"
SAVED_VALUE, TYPED_OVER = "saved-value", "typed-over"
_ENTRY = ("number", "old", "new", "reason", "agreed_with", "agreed_on", "channel", "approved_by")
_MOST = 12  # so many cells are listed of one sheet
_OF_ROW_BEFORE = "previous:"


@dataclass(frozen=True)
class CellRemark:
    """A remark on a cell of a received file.

    CORRECTED is read as an entry of `corrections.toml` says, OVER_FORMULA is so though it holds a
    formula; SAVED_VALUE is the value that a file kept of a formula; TYPED_OVER is a value where our
    template has a formula. `formula` is what the file holds, `entry` what was agreed.
    """

    kind: str
    cell: CellRef
    round: str
    formula: str = ""
    entry: Correction | None = None

    def as_json(self) -> Mapping[str, object]:
        """The remark for programs; days in ISO form."""
        place = {"file": self.cell.file, "sheet": self.cell.sheet, "cell": self.cell.address}
        remark = {"kind": self.kind, **place, "formula": self.formula or None}
        if self.entry is None:
            return remark
        entry = {name: getattr(self.entry, name) for name in _ENTRY}
        entry["agreed_on"] = self.entry.agreed_on.isoformat()
        return remark | {"entry": {"round": self.round, **entry}}

    def sentence(self, lang: str) -> str:
        """The remark in words, with the entry and who approved it."""
        params = asdict(self.entry) if self.entry else {}
        if self.entry:
            day, blank = self.entry.agreed_on, say("trace.blank", lang)
            params |= {key: params[key] or blank for key in ("old", "new")}
            params["day"] = format_date(day) if lang == "th" else day.isoformat()
        params |= {
            "round": self.round,
            "place": f"{self.cell.sheet}!{self.cell.address}",
            "file": self.cell.file,
            "formula": f"={self.formula}" if self.formula else "-",
        }
        return say(f"trace.remark.{self.kind}", lang, **params)


def formula_sentences(remarks: Iterable[CellRemark], lang: str) -> Iterator[str]:
    """The remarks on formulas alone, in words: the cells of each file and sheet together."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in remarks:
        if each.entry is None:
            groups[each.kind, each.cell.file, each.cell.sheet].append(each.cell.address)
    for (kind, file, sheet), cells in groups.items():
        more = f" … (+{len(cells) - _MOST:,})" if len(cells) > _MOST else ""
        listed = ", ".join(cells[:_MOST]) + more
        yield say(f"trace.remarks.{kind}", lang, file=file, sheet=sheet, cells=listed)


class CellRemarks:
    """Knows the corrections in effect and the formulas of one round's received files."""

    def __init__(self, assessment: Assessment) -> None:
        """Open nothing yet."""
        self._round = assessment.plan.name
        self._submissions = {each.name: each for each in assessment.submissions}
        self._entries = {
            each.entry.cell: each.entry
            for each in assessment.settled
            if isinstance(each.entry, Correction) and each.in_effect
        }
        self._sheets = {(cell.file, cell.sheet) for cell in self._entries}
        self._formulas: dict[str, Mapping[str, Formulas]] = {}

    def agreed(self, cell: CellRef) -> str | None:
        """What a cell is read as, as agreed ("" for a blank); None where nothing was."""
        return self._entries[cell].new if cell in self._entries else None

    def of_row(self, table: Table, index: int, shown: Column) -> tuple[CellRemark, ...]:
        """What is to be known of the cell that is shown of a row, and of those corrected in it."""
        cell = table.cell(index, shown.name)
        remarks = list(self._corrected(table, index, cell))
        if all(each.cell != cell for each in remarks):
            remarks += self._of_formula(cell, shown, table, index)
        return tuple(remarks)

    def _corrected(self, table: Table, index: int, shown: CellRef) -> Iterator[CellRemark]:
        if (shown.file, shown.sheet) not in self._sheets:
            return
        names = table.positions[(shown.file, shown.sheet)]
        for cell in dict.fromkeys(table.cell(index, name) for name in names):
            if cell in self._entries:
                held = self._held(cell)
                kind = OVER_FORMULA if held and held.formula else CORRECTED
                yield CellRemark(kind, cell, self._round, self._formula(cell), self._entries[cell])

    def _of_formula(
        self, cell: CellRef, shown: Column, table: Table, index: int
    ) -> Iterator[CellRemark]:
        """Of our own formulas only one that was typed over; of others that a value was saved."""
        held = self._held(cell)
        if held is None or table.lacks(index, shown.name):
            return
        has_value = held.kind is not CellType.BLANK_FORMULA
        if held.formula and has_value and shown.filled is not Filled.FORMULA:
            yield CellRemark(SAVED_VALUE, cell, self._round, self._formula(cell))
        elif not held.formula and self._ought_to_compute(cell, shown):
            yield CellRemark(TYPED_OVER, cell, self._round)

    def _ought_to_compute(self, cell: CellRef, shown: Column) -> bool:
        """Whether our template has a formula there: the sheet has kept it in other rows.

        What comes from the row before has none in the first rows.
        """
        if shown.filled is not Filled.FORMULA:
            return False
        cells = self._cells[cell.file, cell.sheet].values()
        rows = [each.row for each in cells if each.formula and each.column == cell.column]
        before = shown.formula.startswith(_OF_ROW_BEFORE)
        return min(rows, default=cell.row) < cell.row if before else bool(rows)

    def _held(self, cell: CellRef) -> Cell | None:
        return self._cells[cell.file, cell.sheet].get((cell.row, cell.column))

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], Mapping[tuple[int, int], Cell]]:
        return {
            (name, sheet.name): sheet.cells
            for name, submission in self._submissions.items()
            for sheet in (submission.workbook.sheets if submission.workbook else ())
        }

    def _formula(self, cell: CellRef) -> str:
        """A cell's formula as its file keeps it; "" where there is none."""
        if cell.file not in self._formulas:
            data = self._submissions[cell.file].received.data
            self._formulas[cell.file] = read_formulas(data)
        return self._formulas[cell.file].get(cell.sheet, {}).get((cell.row, cell.column), "")
