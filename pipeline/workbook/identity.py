"""What our own sheets are known by: a template's identity, and the list of a marked copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.workbook.reader import Sheet, Workbook

SIGN = "pipeline:marks"
WORKLIST_SIGN = "pipeline:worklist"
_PREFIX = "pipeline_"
# What a marked cell is known by again; these columns stand behind all others.
PLACE = ("sheet", "cell", "fill")


@dataclass(frozen=True)
class Marks:
    """Whose template this is, for which round, and with which version of each form.

    They stand in the document properties and again on a hidden sheet. `forms` maps the name of a
    form to its version; `sheets` are the sheets in it that are ours and hold no data. `part` is
    the part of the division that it was made for, or "".
    """

    organisation: str
    division: str
    round: str
    forms: Mapping[str, str]
    sheets: tuple[str, ...] = ()
    part: str = ""

    def properties(self) -> dict[str, str]:
        """The marks as custom document properties."""
        pairs = {"organisation": self.organisation, "division": self.division}
        forms = ";".join(f"{name}@{version}" for name, version in self.forms.items())
        pairs |= {"round": self.round, "forms": forms, "sheets": ";".join(self.sheets)}
        pairs |= {"part": self.part} if self.part else {}
        return {_PREFIX + key: value for key, value in pairs.items()}

    def rows(self) -> list[tuple[str, str]]:
        """The marks as the two columns of the hidden sheet, its first row being the sign."""
        return [(SIGN, "1"), *self.properties().items()]


def marks_of(workbook: Workbook) -> Marks | None:
    """The marks a workbook bears: its properties, else its hidden sheet, else None."""
    return _parse(workbook.custom_properties) or _parse(_hidden_rows(workbook))


def _sign_of(sheet: Sheet) -> str:
    first = sheet.cell(1, 1)
    return first.raw if first else ""


def our_sheets(workbook: Workbook) -> frozenset[str]:
    """The names of the sheets that hold nothing a division reports: signed, or named in marks."""
    marks = marks_of(workbook)
    signed = (each.name for each in workbook.sheets if _sign_of(each) in (SIGN, WORKLIST_SIGN))
    return frozenset(signed) | frozenset(marks.sheets if marks else ())


def _hidden_rows(workbook: Workbook) -> Mapping[str, str]:
    for sheet in workbook.sheets:
        if _sign_of(sheet) == SIGN:
            keys = {r: c.raw for (r, column), c in sheet.cells.items() if column == 1}
            values = {r: c.raw for (r, column), c in sheet.cells.items() if column == 2}
            return {keys[row]: values[row] for row in keys if row in values}
    return {}


def _parse(pairs: Mapping[str, str]) -> Marks | None:
    try:
        forms = dict(each.split("@", 1) for each in pairs[_PREFIX + "forms"].split(";") if each)
        organisation, division = pairs[_PREFIX + "organisation"], pairs[_PREFIX + "division"]
        sheets = tuple(filter(None, pairs.get(_PREFIX + "sheets", "").split(";")))
        part = pairs.get(_PREFIX + "part", "")
        return Marks(organisation, division, pairs[_PREFIX + "round"], forms, sheets, part)
    except (KeyError, ValueError):
        return None


def is_worklist(sheet: Sheet) -> bool:
    """Whether a sheet is a list of ours."""
    return _sign_of(sheet) == WORKLIST_SIGN


def entries(workbook: Workbook) -> Iterator[Mapping[str, str]]:
    """Every line of every list: what stands in it, by the key that its first row gives a column."""
    for sheet in filter(is_worklist, workbook.sheets):
        keys = {c: cell.raw for (row, c), cell in sheet.cells.items() if row == 1 and c > 1}
        lines: dict[int, dict[str, str]] = {}
        for (row, column), cell in sheet.cells.items():
            if row > 1 and column in keys:
                lines.setdefault(row, {})[keys[column]] = cell.raw
        yield from (lines[row] for row in sorted(lines))
