"""Findings as a person reads them: the same thing said of cells below one another is one line."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from pipeline.messages import finding_sentence, say
from pipeline.model import CellRef, Finding, Severity
from schemas.kit.form import FormSpec

Name = TypeVar("Name")
_MOST = 3
_LONGEST = 200


@dataclass(frozen=True)
class Block:
    """One line to read: where it is, what is said, and the findings that say it."""

    place: str
    sentence: str
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """The weight, which all its findings share."""
        return self.findings[0].severity

    @property
    def values(self) -> tuple[str, ...]:
        """The different values as typed, in the order of the cells; blanks are none."""
        return tuple(dict.fromkeys(f.value for f in self.findings if f.value))

    @property
    def found(self) -> str:
        """The first values in one line, with a mark where there are more or longer ones."""
        first = [v if len(v) <= _LONGEST else f"{v[:_LONGEST]} …" for v in self.values[:_MOST]]
        return " · ".join(first) + (" …" if len(self.values) > _MOST else "")


def blocks(
    findings: Sequence[Finding],
    forms: tuple[FormSpec, ...],
    lang: str = "th",
    sheets: Sequence[str] = (),
) -> Iterator[Block]:
    """The findings in blocks, in reading order; `sheets` are those of the workbook in theirs.

    Every finding is in exactly one block; one without a cell is a block of its own.
    """
    sentences = [(finding, finding_sentence(finding, lang, forms)) for finding in findings]
    found = [Block(f.sheet or "", text, (f,)) for f, text in sentences if f.cell is None]
    placed = [(f.cell, sentence, f) for f, sentence in sentences if f.cell is not None]
    for run in map(list, _runs(placed)):
        cells = [cell for cell, *_ in run]
        found.append(Block(_place(cells, lang), run[0][1], tuple(finding for *_, finding in run)))
    order = reading_order(findings, sheets)
    yield from sorted(found, key=lambda block: order(block.findings[0]))


def reading_order(
    findings: Sequence[Finding], sheets: Sequence[str] = ()
) -> Callable[[Finding], tuple[object, ...]]:
    """The one order in which findings are listed, in a mail, in a workbook and on the screen.

    The gravest first; by file and by sheet, those of the workbook as they stand in it, others as
    they are met; what is of no cell before the cells, these from the top to the bottom.
    """
    files = _numbered(finding.file for finding in findings if finding.file)
    names = _numbered(("", *sheets, *map(_sheet, findings)))

    def place(finding: Finding) -> tuple[object, ...]:
        cell = finding.cell
        of = (-finding.severity, files.get(finding.file or "", 0), names[_sheet(finding)])
        return (*of, *((cell.row, cell.column) if cell else (0, 0)), finding.code)

    return place


def _sheet(finding: Finding) -> str:
    return finding.cell.sheet if finding.cell else finding.sheet or ""


def _numbered(names: Iterable[Name]) -> Mapping[Name, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


_Placed = tuple[CellRef, str, Finding]


def _runs(placed: Sequence[_Placed]) -> Iterator[Iterator[_Placed]]:
    """Neighbours in a column of which the same is said with the same weight."""
    ordered = enumerate(sorted(placed, key=lambda each: (*_column_of(each), each[0].row)))
    # The row less the position does not change along a run.
    for _, run in groupby(ordered, key=lambda n: (*_column_of(n[1]), n[1][0].row - n[0])):
        yield (each for _, each in run)


def _column_of(placed: _Placed) -> tuple[object, ...]:
    cell, sentence, finding = placed
    return (cell.file, cell.sheet, cell.column, finding.code, finding.severity, sentence)


def _place(cells: Sequence[CellRef], lang: str) -> str:
    first, last = cells[0], cells[-1]
    place = f"{first.sheet}!{first.address}"
    if len(cells) == 1:
        return place
    return say("block.cells", lang, place=f"{place}:{last.address}", count=len(cells))
