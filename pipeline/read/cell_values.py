"""Typing the cells of a row: values, what was repaired, what cannot be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.headings import Headings
from pipeline.model import Repair, Severity
from pipeline.read.extract import Extract, one_line, typed_cell
from pipeline.read.row_sorts import FilledRow
from pipeline.workbook.reader import Cell, CellType
from schemas.kit.columns import Column
from schemas.kit.kinds import Context
from schemas.kit.layouts import Inferred
from schemas.kit.thai.thai_text import matching_key
from schemas.kit.thai.wording import RowRepair, is_masked, number_and_date

_UNREADABLE = {
    CellType.ERROR: "error-cell",
    CellType.BLANK_FORMULA: "uncalculated-formula",
    CellType.PICTURE: "picture-cell",
}
_COVERS = frozenset("xX×*•")

Fixed = Sequence[tuple[str, Any, str]]


class RowReader:
    """Reads the rows of one sheet into its Extract; `fixed` are values that hold for every row."""

    def __init__(self, extract: Extract, headings: Headings, context: Context) -> None:
        """Take the sheet whose headings are found."""
        self._extract, self._context = extract, context
        numbers = list(headings.columns.values())
        self._shared = {n for n, at in headings.columns.items() if numbers.count(at) > 1}
        self._joins = bool(headings.follows)
        self.fixed: Fixed = ()

    def read(
        self, line: FilledRow, more: Sequence[FilledRow], spread: Mapping[str, Cell]
    ) -> dict[str, Any]:
        """Add the row that `line` begins and `more` continue; `spread` holds for it too."""
        values = {"row": line.row, **{name: value for name, value, _ in self.fixed}}
        texts = {name: raw for name, _, raw in self.fixed if raw}
        cells = self._join(line, more) if more or self._joins else line.cells
        for name, cell in cells.items():
            column = self._extract.form.column(name)
            values[name] = self._value(column, cell)
            if name in line.cells:
                texts[name] = line.cells[name].raw
        for name in spread.keys() - cells.keys():
            values[name] = self._given(self._extract.form.column(name), spread[name])
        for each in self._extract.form.variants.inferred:
            if each.column not in texts:
                self._infer(values, cells, each)
        self._extract.rows.append(values)
        self._extract.typed.append(texts)
        return values

    def _join(self, line: FilledRow, more: Sequence[FilledRow]) -> dict[str, Cell]:
        """The cells of a row with the lines that continue it, a line each."""
        lines = (line, *more)
        joined = {}
        for name in {n.removeprefix("+"): None for each in lines for n in each.cells}:
            cells = [each.cells[name] for each in lines if name in each.cells]
            text = "\n".join(filter(None, (_with_follower(each, name) for each in lines)))
            if not cells:
                continue
            joined[name] = cells[0]
            if text != cells[0].raw:
                joined[name] = cells[0]._replace(raw=text, kind=CellType.TEXT)
                self._add_repair(cells[0], name, text, RowRepair.JOINED)
        return joined

    def _add_repair(self, cell: Cell, name: str, read: str, *codes: str) -> None:
        form = self._extract.form.name
        repair = Repair(self._extract.place(cell), form, name, cell.raw, read, codes)
        self._extract.repairs.append(repair)

    def _value(self, column: Column, cell: Cell) -> Any:
        if column.name in self._shared and cell.kind is CellType.TEXT:
            number, day = number_and_date(cell.raw)
            text = day if column.kind.is_day else number
            return self.value(column, cell._replace(raw=text)) if text else None
        if column.name in self._shared and (cell.kind is CellType.DATE) != (column.kind.is_day):
            return None
        return self.value(column, cell)

    def _given(self, column: Column, cell: Cell) -> Any:
        """What a cell merged downwards gives a row: an amount is of the first row alone."""
        if column.kind.sums:
            return None
        return column.read(typed_cell(cell), self._context).value

    def value(self, column: Column, cell: Cell) -> Any:
        """The value of one cell; what cannot be read is a finding at its place."""
        heading = one_line(column.th)
        if cell.kind in _UNREADABLE:
            code = _UNREADABLE[cell.kind]
            self._extract.add_finding(code, column.defect, {"heading": heading}, cell, column.name)
            return None
        reading = column.read(typed_cell(cell), self._context)
        if reading.problem:
            params = {"heading": heading}
            if reading.suggestion is not None:
                for lang in ("th", "en"):
                    shown = column.show(reading.suggestion, lang, self._context)
                    params[f"suggestion_{lang}"] = shown
            params |= {"expected_th": column.readable("th", self._context)}
            params |= {"expected_en": column.readable("en", self._context)}
            code = f"unreadable-{reading.problem.replace('_', '-')}"
            self._extract.add_finding(code, column.defect, params, cell, column.name)
        elif reading.repairs:
            shown = column.show(reading.value, "th", self._context)
            self._add_repair(cell, column.name, shown, *reading.repairs)
        elif column.kind.identifies and _COVERS & set(cell.raw) and is_masked(cell.raw):
            params = {"heading": heading}
            self._extract.add_finding("masked-number", Severity.NOTE, params, cell, column.name)
        return reading.value

    def _infer(self, values: dict[str, Any], cells: Mapping[str, Cell], rule: Inferred) -> None:
        """Take the value of a blank cell out of the text that says it."""
        cell = cells.get(rule.source)
        value = (
            _infer_choice(cell.raw, self._extract.form.column(rule.column), rule) if cell else None
        )
        if cell and value is not None:
            values[rule.column] = value
            self._add_repair(cell, rule.column, value, RowRepair.INFERRED)


def _with_follower(line: FilledRow, name: str) -> str:
    """A line's text in a column, with what follows it behind a stroke, line by line."""
    texts = [line.cells[n].raw for n in (name, "+" + name) if n in line.cells]
    lines = [[each for each in text.splitlines() if each.strip()] for text in texts]
    if len({len(each) for each in lines}) == 1:
        return "\n".join(map(" / ".join, zip(*lines, strict=True)))
    return " / ".join(texts)


def _infer_choice(text: str, column: Column, rule: Inferred) -> str | None:
    """The choice that a text names behind a word, or begins with."""
    rests = [text.rpartition(word)[2] for word in rule.after if word in text]
    key = matching_key(text)
    rests += [word for word in rule.before if key.startswith(matching_key(word))]
    spelt = sorted(column.choice_keys, key=len, reverse=True)
    named = (each for rest in rests for each in spelt if matching_key(rest).startswith(each))
    return next((column.choice_keys[each] for each in named), None)
