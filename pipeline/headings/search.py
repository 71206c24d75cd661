"""Finding a form's table in a sheet: its heading rows, its columns, and the layout it comes in."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.workbook.reader import Cell, CellType, Sheet
from schemas.kit.columns import Column, Severity
from schemas.kit.form import FormSpec, Overview
from schemas.kit.layouts import Layout, heading_key
from schemas.kit.thai.dates import parse_date

HEADING_ROWS = 20
_FEWEST_HEADINGS = 2
_FEWEST_OFFICIAL = 3
_ENOUGH = 0.6

Rows = Mapping[int, Mapping[int, Cell]]


@dataclass(frozen=True)
class Headings:
    """The headings of a form's table in a sheet.

    `columns` maps a column's name to its number, `follows` to that of the column whose text goes
    behind it; two columns that share a number share its cells. `doubled` and `extra` are the
    headings that stand twice or are unknown, `unused` the columns whose headings are known and
    not read; `layout` is None for our own template.
    """

    first_row: int
    last_row: int
    columns: Mapping[str, int]
    follows: Mapping[str, int]
    doubled: tuple[Cell, ...]
    extra: tuple[Cell, ...]
    unused: frozenset[int] = frozenset()
    layout: Layout | None = None

    def missing(self, form: FormSpec) -> list[str]:
        """The names of the columns that a sheet of this layout has, and this one has not."""
        names = self.layout.columns if self.layout else [c.name for c in form.table_columns]
        return [name for name in names if name not in self.columns]

    def weight_of_missing(self, column: Column, form: FormSpec) -> Severity | None:
        """How grave it is that a column is not there: None where it may be left out."""
        if self.layout and column.name in self.layout.must:
            return Severity.ERROR
        if column.required is None and column.name not in form.about.key:
            return None
        vital = Severity.ERROR in (column.required, column.defect)
        return Severity.ERROR if vital else Severity.WARNING


def rows_of(sheet: Sheet) -> Rows:
    """The filled cells of a sheet, row by row."""
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sheet.cells.items():
        rows.setdefault(row, {})[column] = cell
    return rows


def find_headings(sheet: Sheet, rows: Rows, form: FormSpec) -> Headings | None:
    """The form's headings in our own layout, or in the one that explains the sheet better.

    None where too few headings stand in one row.
    """
    own = _Search(sheet, rows, form, None).found()
    enough = min(_FEWEST_HEADINGS, len(form.table_columns))
    if own is not None and len(own.columns) < enough:
        own = None
    if not form.variants.layouts or (own is not None and not _needed(own, form)):
        return own
    others = (_Search(sheet, rows, form, layout).found() for layout in form.variants.layouts)
    likely = [each for each in others if each is not None and _is_likely(each)]
    both = [*([own] if own else []), *likely]
    return min(both, key=lambda each: len(_needed(each, form)) + len(each.extra), default=None)


def likeness(sheet: Sheet, rows: Rows, form: FormSpec) -> float:
    """The share of a form's headings in a sheet: of all, of those it needs, or of a layout's."""
    found = find_headings(sheet, rows, form)
    if found is None:
        return 0.0
    if found.layout is not None:
        return _share(found)
    columns = form.table_columns
    needed = [c for c in columns if c.required is not None]
    shares = [_present(found, columns)]
    if len(needed) > len(columns) / 2:
        shares.append(_present(found, needed))
    return max(shares)


def _present(found: Headings, columns: "list[Column] | tuple[Column, ...]") -> float:
    return sum(c.name in found.columns for c in columns) / len(columns) if columns else 0.0


def _is_likely(found: Headings) -> bool:
    return len(found.columns) >= _FEWEST_OFFICIAL and _share(found) >= _ENOUGH


def _share(found: Headings) -> float:
    columns = found.layout.columns if found.layout else ()
    return sum(name in found.columns for name in columns) / max(1, len(columns))


def _needed(found: Headings, form: FormSpec) -> list[str]:
    """The columns that are missed: in a layout every one of its own."""
    if found.layout is not None:
        return found.missing(form)
    names = found.missing(form)
    return [n for n in names if found.weight_of_missing(form.column(n), form) is not None]


@lru_cache(maxsize=64)
def heading_names(form: FormSpec, layout: Layout | None) -> Mapping[str, tuple[str, ...]]:
    """Heading keys to the names they stand for; a layout has its own words for its columns."""
    known = layout.columns if layout else ()
    keys = {
        heading_key(heading): (column.name,)
        for column in form.table_columns
        if column.name not in known
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

    def found(self) -> Headings | None:
        """The rows in which most headings stand; of equals the fewest and the first."""
        count, row = self._best(1)
        deep = (0, 0)
        if count < len(self._form.table_columns) and self._first:
            deep = self._best(2)
        if not max(count, deep[0]):
            return None
        if deep[0] > count or (deep[0] == count and self._is_second(row + 1)):
            return self._bound(deep[1], 2)
        return self._bound(row, 1)

    def _is_second(self, row: int) -> bool:
        """Whether a row is nothing but headings, so that it belongs to the row above it."""
        cells = self._rows.get(row, {}).values()
        return bool(cells) and all(heading_key(cell.raw) in self._keys for cell in cells)

    def _best(self, depth: int) -> tuple[int, int]:
        """How many columns are headed in so many rows from the best row on, and that row."""
        best = (0, 0)
        for row in (r for r in self._first if r + depth - 1 <= HEADING_ROWS):
            names = {n for names in self._named(row, depth).values() for n in names}
            best = max(best, (len(names), row), key=lambda each: (each[0], -each[1]))
            if len(names) == len(self._form.table_columns):
                break
        return best

    def _texts(self, row: int, depth: int) -> dict[int, list[tuple[Cell, int]]]:
        """The heading cells above each column, top down, each with its distance from it.

        What is merged over several columns heads all of them where a second row tells them apart.
        """
        found: dict[int, list[tuple[Cell, int]]] = {}
        for number in range(row, row + depth):
            for column, cell in self._rows.get(number, {}).items():
                width = self._spans.get((number, column), 1) if number < row + depth - 1 else 1
                for step in range(width):
                    found.setdefault(column + step, []).append((cell, step))
        return found

    def _named(self, row: int, depth: int) -> dict[int, tuple[str, ...]]:
        """Column number to the names of the columns headed there."""
        named = {}
        for column, cells in self._texts(row, depth).items():
            names = self._names([cell.raw for cell, _ in cells])
            if names is not None and not (len(cells) == 1 and cells[0][1]):
                named[column] = names
        return named

    def _names(self, texts: list[str]) -> tuple[str, ...] | None:
        """What a heading in one or two lines stands for; the lower line alone may say it."""
        names = self._keys.get(heading_key(" ".join(texts)))
        if names is None and len(texts) > 1:
            return self._keys.get(heading_key(texts[-1]))
        return names

    def _bound(self, row: int, depth: int) -> Headings:
        """The headings that begin in this row, bound to the columns below them."""
        named = self._named(row, depth)
        last = row + depth - 1
        counted = Counter(name for names in named.values() for name in names)
        columns: dict[str, int] = {}
        for position, names in sorted(named.items()):
            for name, place in self._placed(names, position, row, last):
                columns.setdefault(name, place)
        known = self._layout.unused_keys if self._layout else _quoted_keys(self._form)
        lowest = {n: cells[-1] for n, cells in sorted(self._texts(row, depth).items())}
        unused = {n for n, (cell, _) in lowest.items() if heading_key(cell.raw) in known}
        doubled = [n for n in lowest if any(counted[name] > 1 for name in named.get(n, ()))]
        extra = [
            n for n, (_, step) in lowest.items() if n not in named and not step and n not in unused
        ]
        return Headings(
            row,
            last,
            {name: n for name, n in columns.items() if not name.startswith("+")},
            {name[1:]: n for name, n in columns.items() if name.startswith("+")},
            tuple(lowest[n][0] for n in doubled),
            tuple(lowest[n][0] for n in extra),
            frozenset(unused),
            self._layout,
        )

    def _placed(
        self, names: tuple[str, ...], position: int, row: int, last: int
    ) -> Iterator[tuple[str, int]]:
        """Where the columns under one heading stand: the next one too, if the heading spans it."""
        width = max(self._spans.get((number, position), 1) for number in range(row, last + 1))
        if len(names) == 1 and width == 1:
            yield names[0], position
            return
        filled = Counter(n for r, cells in self._rows.items() if r > last for n in cells)
        if len(names) == 1:
            at = range(position, position + width)
            yield names[0], max(at, key=lambda n: (filled[n], -n))
            return
        headed = any(position + 1 in self._rows.get(r, {}) for r in range(row, last + 1))
        if not filled[position + 1] or (width == 1 and headed):
            yield from ((name, position) for name in names)
            return
        day = self._dated(position, last)
        for name in names:
            is_day = self._form.column(name).kind.is_day
            yield name, day if is_day else 2 * position + 1 - day

    def _dated(self, position: int, last: int) -> int:
        """Which of two columns under the heading of a number and its date has the dates."""
        below = [cells for row, cells in self._rows.items() if row > last]
        dates = {n: sum(_is_date(c.get(n)) for c in below) for n in (position, position + 1)}
        return position if dates[position] > dates[position + 1] else position + 1


def _is_date(cell: Cell | None) -> bool:
    return cell is not None and (cell.kind is CellType.DATE or bool(parse_date(cell.raw).value))
