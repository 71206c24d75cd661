"""Which form a sheet holds, in which layout: its headings and the period its title states."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from pipeline.workbook.reader import Cell, CellType, Sheet
from schemas.kit.columns import Column, Severity
from schemas.kit.form import FormSpec, Overview
from schemas.kit.layouts import Layout, heading_key, is_unit
from schemas.kit.thai.dates import parse_date
from schemas.kit.thai.thai_text import clean
from schemas.kit.thai.wording import is_title, only_leads, stated_months

HEADING_ROWS = 60  # letters and tables of contents may stand above
_FEWEST_HEADINGS = 2
_FEWEST_OFFICIAL = 3
_ENOUGH = 0.6
_ALIKE = 0.9  # a heading that is spelt so much like another one is that one
_APART = 0.05  # by which it must be liker than to any other
_SHORTEST_ALIKE = 8  # signs; shorter headings differ by a letter and mean something else
_BEGINNING = 3
_MOST_LINES = 3
_WORDS = re.compile(r"[^0-9๐-๙]*[ก-ฮ][^0-9๐-๙]*")

_SEEN = re.compile(r"\w")  # most texts have one: then nothing need be cleaned to know
Rows = Mapping[int, Mapping[int, Cell]]


@dataclass(frozen=True)
class Headings:
    """The headings of a form's table in a sheet.

    `columns` maps a column's name to its number, `follows` to that of the column whose text goes
    behind it; two columns that share a number share its cells. `doubled` and `extra` are the
    headings that stand twice or are unknown, `unused` the columns whose headings are known and
    not read, `guessed` the cells of those that were known by a heading spelt only like theirs;
    `layout` is None for our own template.
    """

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    follows: Mapping[str, int]
    doubled: tuple[Cell, ...]
    extra: tuple[Cell, ...]
    unused: frozenset[int] = frozenset()
    guessed: Mapping[str, Cell] = field(default_factory=dict)
    layout: Layout | None = None

    def missing(self, form: FormSpec) -> list[str]:
        """The names of the columns that a sheet of this layout has, and this one has not."""
        names = self.layout.columns if self.layout else [c.name for c in form.table_columns]
        return [name for name in names if name not in self.columns]

    def share_of(self, names: Sequence[str]) -> float:
        """The share of these columns that have a heading."""
        return sum(name in self.columns for name in names) / max(1, len(names))

    def weight_of_missing(self, column: Column, form: FormSpec) -> Severity | None:
        """How grave it is that a column is not there: None where it may be left out."""
        if self.layout and column.name in self.layout.must:
            return Severity.ERROR
        if column.required is None and column.name not in form.about.key:
            return None
        vital = Severity.ERROR in (column.required, column.defect)
        return Severity.ERROR if vital else Severity.WARNING


@dataclass(frozen=True)
class Period:
    """The days that a title states, and the cell that states them (None: not one cell)."""

    first: date
    last: date
    cell: Cell | None

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of its months."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        year, month = self.first.year, self.first.month - 1
        return tuple(date(year + (month + n) // 12, (month + n) % 12 + 1, 1) for n in range(count))


def rows_of(sheet: Sheet) -> Rows:
    """The filled cells of a sheet, row by row; a text of white space alone fills none."""
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.kind is not CellType.TEXT or _SEEN.search(cell.raw) or clean(cell.raw):
            rows.setdefault(row, {})[column] = cell
    return rows


def find_headings(sheet: Sheet, rows: Rows, form: FormSpec) -> Headings | None:
    """The form's headings in our own layout, or in the one that explains the sheet better.

    None where too few headings stand in one row.
    """
    own = _Search(sheet, rows, form, None).best()
    if own is not None and len(own.columns) < min(_FEWEST_HEADINGS, len(form.table_columns)):
        own = None
    if not form.variants.layouts or (own is not None and not _needed(own, form)):
        return own
    others = [_Search(sheet, rows, form, layout).best() for layout in form.variants.layouts]
    candidates = [own, *(other for other in others if other is not None and _is_likely(other))]
    return min(
        (headings for headings in candidates if headings is not None),
        key=lambda headings: len(_needed(headings, form)) + len(headings.extra),
        default=None,
    )


def likeness(sheet: Sheet, rows: Rows, form: FormSpec) -> float:
    """The share of a form's headings in a sheet: of all, of those it needs, or of a layout's."""
    headings = find_headings(sheet, rows, form)
    if headings is None:
        return 0.0
    if headings.layout is not None:
        return headings.share_of(headings.layout.columns)
    columns = form.table_columns
    needed = [column.name for column in columns if column.required is not None]
    share = headings.share_of([column.name for column in columns])
    return max(share, headings.share_of(needed)) if len(needed) > len(columns) / 2 else share


def _is_likely(headings: Headings) -> bool:
    """Whether a sheet is in an official layout rather than in none."""
    layout = headings.layout
    known = len(headings.columns)
    if layout is not None and layout.into_template:
        known += len(headings.unused) + bool(layout.must)
    columns = layout.columns if layout else ()
    return known >= _FEWEST_OFFICIAL and headings.share_of(columns) >= _ENOUGH


def _needed(headings: Headings, form: FormSpec) -> list[str]:
    """The columns that are missed: in a layout every one of its own."""
    names = headings.missing(form)
    if headings.layout is not None:
        return names
    return [n for n in names if headings.weight_of_missing(form.column(n), form) is not None]


@lru_cache(maxsize=64)
def heading_names(form: FormSpec, layout: Layout | None) -> Mapping[str, tuple[str, ...]]:
    """Heading keys to the names they stand for; a layout has its own words for its columns."""
    own_words = layout.columns if layout else ()
    keys = {
        heading_key(heading): (column.name,)
        for column in form.table_columns
        if column.name not in own_words
        for heading in (column.th, *column.was)
    }
    return keys | dict(layout.keys) if layout else keys


def _quoted_keys(form: FormSpec) -> frozenset[str]:
    quoted = form.trait(Overview).quoted.values() if form.has(Overview) else ()
    return frozenset(map(heading_key, quoted))


class _Search:
    """The search for one layout's headings in the first rows of one sheet."""

    def __init__(self, sheet: Sheet, rows: Rows, form: FormSpec, layout: Layout | None) -> None:
        self._rows, self._form, self._layout = rows, form, layout
        self._keys = heading_names(form, layout)
        self._first = [row for row in sorted(rows) if row <= HEADING_ROWS]
        self._spans = {
            (top, left): right - left + 1
            for top, left, _, right in sheet.merged
            if right > left and top <= HEADING_ROWS + 1
        }

    def best(self) -> Headings | None:
        """The rows in which most headings stand; of equals the fewest and the first."""
        count, row = self._best_row(1)
        deep_count, deep_row, depth = 0, 0, 1
        if count < len(self._form.table_columns) and self._first:
            tried = ((*self._best_row(lines), lines) for lines in range(2, _MOST_LINES + 1))
            deep_count, deep_row, depth = max(tried, key=lambda each: (each[0], -each[2]))
        if not max(count, deep_count):
            return None
        begun = row < deep_row and count >= max(_FEWEST_OFFICIAL, _ENOUGH * deep_count)
        first, depth = (deep_row, depth) if deep_count > count and not begun else (row, 1)
        while depth < _MOST_LINES and self._goes_on(first, depth):
            depth += 1
        return self._headings(first, depth)

    def _goes_on(self, row: int, depth: int) -> bool:
        """Whether the row below so many lines of headings is nothing but one more line of them."""
        stacks = self._texts(row, depth + 1)
        below = self._rows.get(row + depth, {})
        return bool(below) and all(self._is_line_of(stacks[n]) for n in below)

    def _is_line_of(self, stack: list[tuple[Cell, int]]) -> bool:
        """Whether the last of these cells is a heading, its end, its unit or part of a wide one."""
        *above, (cell, _) = stack
        if is_unit(cell.raw) or not heading_key(cell.raw):
            return is_unit(cell.raw)  # the number of a column stands in a row of its own
        texts = (cell.raw, " ".join(each.raw for each, _ in stack))
        if any(heading_key(text) in self._keys for text in texts):
            return True
        wide = bool(above) and (above[-1][0].row, above[-1][0].column) in self._spans
        return wide and _WORDS.fullmatch(cell.raw) is not None

    def _best_row(self, depth: int) -> tuple[int, int]:
        """How many columns are headed in so many rows from the best row on, and that row.

        A sheet may have headings above each of several blocks: those of the first one go before.
        """
        counts: list[tuple[int, int]] = []
        for row in (r for r in self._first if r + depth - 1 <= HEADING_ROWS):
            if depth > 1 and not self._takes_part(row, depth):
                continue
            names = {n for names in self._named(row, depth).values() for n in names}
            counts.append((len(names), row))
            if len(names) == len(self._form.table_columns):
                break
        most = max((count for count, _ in counts), default=0)
        enough = (each for each in counts if each[0] >= max(_FEWEST_OFFICIAL, _ENOUGH * most))
        return next(enough, (most, next((row for count, row in counts if count == most), 0)))

    def _takes_part(self, row: int, depth: int) -> bool:
        """Whether a row holds the beginning of a heading: a title above them is none."""
        if any(cell.kind is not CellType.TEXT for cell in self._rows[row].values()):
            return False
        stacks = (cells for cells in self._texts(row, depth).values() if cells[0][0].row == row)
        texts = ([cell.raw for cell, _ in cells] for cells in stacks)
        return any(
            heading_key(t) in self._keys for all_ in texts for t in (all_[0], " ".join(all_))
        )

    def _texts(self, row: int, depth: int) -> dict[int, list[tuple[Cell, int]]]:
        """The heading cells above each column, top down, each with its distance from it.

        What is merged over several columns heads all of them where a second row tells them apart.
        """
        texts: dict[int, list[tuple[Cell, int]]] = {}
        for number in range(row, row + depth):
            for column, cell in self._rows.get(number, {}).items():
                width = self._spans.get((number, column), 1) if number < row + depth - 1 else 1
                for step in range(width):
                    texts.setdefault(column + step, []).append((cell, step))
        return texts

    def _named(self, row: int, depth: int) -> dict[int, tuple[str, ...]]:
        """Column number to the names of the columns headed there."""
        named = {}
        for column, cells in self._texts(row, depth).items():
            names = self._names(cells)
            if names is not None and not (len(cells) == 1 and cells[0][1]):
                named[column] = names
        return named

    def _names(self, cells: list[tuple[Cell, int]]) -> tuple[str, ...] | None:
        """What a heading in some lines stands for; the lowest alone may say it, or those above."""
        texts = [cell.raw for cell, _ in cells]
        said = [texts, texts[-1:]]
        if not any(step for _, step in cells):
            said.append(texts[:-1])
        keys = (heading_key(" ".join(each)) for each in said)
        return next((self._keys[key] for key in keys if key in self._keys), None)

    def _headings(self, row: int, depth: int) -> Headings:
        """The headings that begin in this row, bound to the columns below them."""
        named = self._named(row, depth)
        guessed = self._guessed(row, depth, named)
        named |= {n: names for n, (names, _) in guessed.items()}
        left = ((n, self._left_to(n, names, named, row)) for n, names in named.items())
        named = {n: names for n, names in left if names}
        last = row + depth - 1
        counted = Counter(name for names in named.values() for name in names)
        columns: dict[str, int] = {}
        for position, names in sorted(named.items()):
            for name, place in self._placed(names, position, row, last):
                columns.setdefault(name, place)
        ignored = self._layout.unused_keys if self._layout else _quoted_keys(self._form)
        lowest = {n: cells[-1] for n, cells in sorted(self._texts(row, depth).items())}
        unused = {n for n, (cell, _) in lowest.items() if heading_key(cell.raw) in ignored}
        doubled = [n for n in lowest if any(counted[name] > 1 for name in named.get(n, ()))]
        extra = [
            n
            for n, (_, step) in lowest.items()
            if not step and n not in named and n not in unused and n not in columns.values()
        ]
        return Headings(
            row,
            last,
            {name: n for name, n in columns.items() if not name.startswith("+")},
            {name[1:]: n for name, n in columns.items() if name.startswith("+")},
            tuple(lowest[n][0] for n in doubled),
            tuple(lowest[n][0] for n in extra),
            frozenset(unused),
            {name: cell for names, cell in guessed.values() for name in names},
            self._layout,
        )

    def _left_to(
        self, at: int, names: tuple[str, ...], named: Mapping[int, tuple[str, ...]], row: int
    ) -> tuple[str, ...]:
        """What a heading over several columns says of those that no heading below it names."""
        if len(names) == 1:
            return names
        beside = range(at + 1, at + self._spans.get((row, at), 1))
        told = {name for n in beside for name in named.get(n, ())}
        return tuple(name for name in names if name not in told)

    def _guessed(
        self, row: int, depth: int, named: Mapping[int, tuple[str, ...]]
    ) -> dict[int, tuple[tuple[str, ...], Cell]]:
        """The unknown headings that are spelt like one that is missing, and like no other."""
        taken = {name for names in named.values() for name in names}
        free = {key: names for key, names in self._keys.items() if not taken & set(names)}
        found: dict[int, tuple[tuple[str, ...], Cell]] = {}
        for column, cells in sorted(self._texts(row, depth).items()):
            if column not in named and not (len(cells) == 1 and cells[0][1]):
                names = _alike(heading_key(" ".join(c.raw for c, _ in cells)), free)
                if names and not any(names == others for others, _ in found.values()):
                    found[column] = names, cells[-1][0]
        return found

    def _placed(
        self, names: tuple[str, ...], position: int, row: int, last: int
    ) -> Iterator[tuple[str, int]]:
        """Where the columns under one heading stand: the next one too, if the heading spans it."""
        width = max(self._spans.get((number, position), 1) for number in range(row, last + 1))
        if len(names) == 1 and width == 1:
            yield names[0], position
            return
        below = (cells for r, cells in self._rows.items() if r > last)
        filled = Counter(n for cells in below for n, c in cells.items() if not only_leads(c.raw))
        headed = any(position + 1 in self._rows.get(r, {}) for r in range(row, last + 1))
        if width == 1 and not headed:
            width = 2  # the heading of a number and its date may stand over the first alone
        most = sorted(range(position, position + width), key=lambda n: (-filled[n], n))
        places = sorted(n for n in most[: len(names)] if filled[n])
        if len(places) < len(names) or len(names) == 1:
            yield from ((name, min(places, default=position)) for name in names)
            return
        number, day = self._dated_last(places, last)
        for name in names:
            yield name, day if self._form.column(name).kind.is_day else number

    def _dated_last(self, places: Sequence[int], last: int) -> Sequence[int]:
        """The two columns under the heading of a number and its date, that of the dates last."""
        below = [cells for row, cells in self._rows.items() if row > last]
        first, second = (sum(_is_date(cells.get(n)) for cells in below) for n in places)
        return (places[1], places[0]) if first > second else places


def _alike(key: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """What the one known heading stands for that this is a misspelling of; None where in doubt."""
    if len(key) < _SHORTEST_ALIKE:
        return None
    likeness: dict[tuple[str, ...], float] = {}
    for other, names in known.items():
        if key[:_BEGINNING] == other[:_BEGINNING]:
            alike = SequenceMatcher(None, key, other, autojunk=False).ratio()
            likeness[names] = max(likeness.get(names, 0.0), alike)
    first, second = sorted([*likeness.values(), 0.0, 0.0], reverse=True)[:2]
    best = next((names for names, alike in likeness.items() if alike == first), None)
    return best if first >= max(_ALIKE, second + _APART) else None


def _is_date(cell: Cell | None) -> bool:
    return cell is not None and (cell.kind is CellType.DATE or bool(parse_date(cell.raw).value))


def stated_period(
    headings: Headings, rows: Rows, sheet: Sheet, fiscal_year_be: int | None
) -> Period | None:
    """The period above the headings, else in the sheet's name; a stated year goes before all.

    None for our own template, whose rows have a column for it.
    """
    if headings.layout is None or not headings.layout.period:
        return None
    numbers = [row for row in sorted(rows) if row < headings.first_row]
    above = [[cell for _, cell in sorted(rows[row].items())] for row in numbers]
    whole = "\n".join(" ".join(cell.raw for cell in line) for line in above)
    texts: list[tuple[str, Cell | None]] = [(cell.raw, cell) for line in above for cell in line]
    texts.sort(key=lambda each: not is_title(each[0]))  # a letter above it may name other months
    for year in (None, fiscal_year_be):
        for text, cell in (*texts, (whole, None), (sheet.name, None)):
            period = stated_months(text, year)
            if period is not None:
                return Period(*period, cell)
    return None
