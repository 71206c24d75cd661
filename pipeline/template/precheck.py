"""The sheet on which a clerk sees, before she sends, what is not filled in and what is not right.

It counts while she types. In Protected View nothing is computed, so every formula carries the value
it has in the workbook as it leaves us.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.styles import print_setup
from pipeline.template.checks import TemplateCheck, checks, rows_asked
from pipeline.template.form_sheet import Desk
from pipeline.template.table_places import TablePlace
from pipeline.template.template_look import TemplateLook
from schemas.kit.excel_reading import CONSTANTS, bases

_WIDTHS = (44, 56, 13, 13, 13, 16)
_FIRST_COUNT, _LINK, _HELPER = 2, 5, 6
_LAST = "last"
_WORD = re.compile(r"[a-z][A-Za-z0-9_.]*")
_SORTS = ("unfilled", "wrong", "look")
_WORDS = ("wrong", "unfilled", "look", "ready")  # of a state, the gravest first


@dataclass(frozen=True)
class _Block:
    """One form on the sheet: its places, their checks, and the row of its summary."""

    places: tuple[TablePlace, ...]
    checks: tuple[tuple[TablePlace, TemplateCheck], ...]
    summary: int
    first: int

    @property
    def title(self) -> str:
        return self.places[0].form.about.sheet

    @property
    def last(self) -> int:
        return self.first + len(self.checks) - 1

    def now(self, sort: int) -> int:
        """How many faults of a sort there are as the workbook leaves us."""
        counts = (check.counts[sort] for _, check in self.checks)
        return sum(len(count.now) for count in counts if count is not None)


def add_precheck(desk: Desk) -> Worksheet:
    """The empty sheet, in its place among the others."""
    return desk.book.add_worksheet(say("template.precheck-sheet"))


def write_precheck(desk: Desk, sheet: Worksheet, places: Sequence[TablePlace]) -> None:
    """Write the sheet for what the workbook holds, and define the names its formulas speak in."""
    look = desk.look
    _prepare(sheet)
    top = _write_front(sheet, look)
    blocks = _blocks(places, top)
    _write_headings(sheet, look, top - 2, "precheck-form", "precheck-state", "precheck-open")
    _write_state(sheet, look, top - 1, blocks)
    for block in blocks:
        _write_summary(sheet, look, block)
    first = blocks[-1].summary + 2
    _write_headings(sheet, look, first, "precheck-cell", "precheck-what", "precheck-first")
    for block in blocks:
        _write_block(sheet, look, block)
    _colour(sheet, look, top - 1, blocks[-1].last)
    sheet.print_area(0, 0, blocks[-1].last, _LINK)
    _define_names(desk, blocks)


def _blocks(places: Sequence[TablePlace], top: int) -> list[_Block]:
    """Every form with its rows: the summaries under each other, then the checks form by form."""
    names = list(dict.fromkeys(place.form.name for place in places))
    first = top + len(names) + 2
    blocks = []
    for number, name in enumerate(names):
        mine = tuple(place for place in places if place.form.name == name)
        mine_checks = tuple((place, check) for place in mine for check in checks(place))
        blocks.append(_Block(mine, mine_checks, top + number, first + 1))
        first += len(mine_checks) + 1
    return blocks


def _prepare(sheet: Worksheet) -> None:
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.hide_gridlines(2)
    print_setup(sheet, footer=say("template.page"))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(_HELPER, _HELPER, None, None, {"hidden": True})


def _write_front(sheet: Worksheet, look: TemplateLook) -> int:
    """The title and what the words mean; gives the row of the first form's summary."""
    sheet.write_string(0, 0, say("template.precheck-sheet"), look.title)
    sheet.set_row(0, look.title_height)
    lines = [say(f"template.precheck-{name}") for name in ("how", "words", "late-words")]
    for row, text in enumerate(lines, 1):
        sheet.merge_range(row, 0, row, _LINK, text, look.instruction)
        sheet.set_row(row, look.text_height([(text, sum(_WIDTHS))]) or look.line_height)
    return len(lines) + 3


def _write_state(sheet: Worksheet, look: TemplateLook, row: int, blocks: Sequence[_Block]) -> None:
    """Whether the workbook as a whole is ready."""
    counts = tuple(sum(block.now(sort) for block in blocks) for sort in range(3))
    sheet.write_string(row, 0, say("template.precheck-whole"), look.check("form"))
    span = (blocks[0].summary, blocks[-1].summary)
    totals = [f"SUM({_column(*span, _FIRST_COUNT + sort)})" for sort in range(3)]
    sheet.write_formula(row, 1, _state(totals), look.check("state"), _state_now(counts))
    for sort, total in enumerate(totals):
        sheet.write_formula(row, 2 + sort, f"={total}", look.check("count"), counts[sort])
    sheet.write_blank(row, _LINK, None, look.check("form"))
    sheet.set_row(row, look.line_height)


def _write_headings(sheet: Worksheet, look: TemplateLook, row: int, *words: str) -> None:
    first, second, last = (say(f"template.{word}") for word in words)
    counted = [say(f"template.precheck-{sort}") for sort in _SORTS]
    texts = (first, second, *counted, last)
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, look.check("heading"))
    cells = list(zip(texts, _WIDTHS, strict=True))
    sheet.set_row(row, look.text_height(cells) or look.line_height)


def _write_summary(sheet: Worksheet, look: TemplateLook, block: _Block) -> None:
    row, counts = block.summary, tuple(block.now(sort) for sort in range(3))
    cells = [xl_rowcol_to_cell(row, _FIRST_COUNT + sort) for sort in range(3)]
    sheet.write_string(row, 0, block.title, look.check("text"))
    sheet.write_formula(row, 1, _state(cells), look.check("state"), _state_now(counts))
    for sort, count in enumerate(counts):
        total = f"=SUM({_column(block.first, block.last, _FIRST_COUNT + sort)})"
        sheet.write_formula(row, _FIRST_COUNT + sort, total, look.check("count"), count)
    target = f"#'{block.title}'!{xl_rowcol_to_cell(0, 0)}"
    text = say("template.precheck-go")
    sheet.write_formula(row, _LINK, f'=HYPERLINK("{target}","{text}")', look.check("link"), text)
    place = block.places[-1]
    table = place.name("block")
    used = f"(1-ISBLANK({table}))*(ROW({table})-MIN(ROW({table})))"
    at = max(1, len(place.lines))
    sheet.write_array_formula(row, _HELPER, row, _HELPER, f"{{=MAX(1,{used})}}", None, at)
    sheet.set_row(row, look.line_height)


def _write_block(sheet: Worksheet, look: TemplateLook, block: _Block) -> None:
    sheet.merge_range(block.first - 1, 0, block.first - 1, _LINK, block.title, look.check("form"))
    sheet.set_row(block.first - 1, look.line_height)
    for row, (place, check) in enumerate(block.checks, block.first):
        for column, text in enumerate((check.heading, check.says)):
            sheet.write_string(row, column, text, look.check("text"))
        cells = zip((check.heading, check.says), _WIDTHS, strict=False)
        sheet.set_row(row, look.text_height(list(cells)) or look.line_height)
        if check.late:
            sheet.write_string(row, _LINK, say("template.precheck-late"), look.check("late"))
        else:
            _write_counts(sheet, look, row, check)
            _write_link(sheet, look, row, place, check)


def _write_counts(sheet: Worksheet, look: TemplateLook, row: int, check: TemplateCheck) -> None:
    for column, count in enumerate(check.counts, _FIRST_COUNT):
        if count is not None:
            formula, style = f"{{=SUM(1*{count.name})}}", look.check("count")
            sheet.write_array_formula(row, column, row, column, formula, style, len(count.now))


def _write_link(
    sheet: Worksheet, look: TemplateLook, row: int, place: TablePlace, check: TemplateCheck
) -> None:
    """The address of the first fault, out of sight, and the link to it."""
    counts = [count for count in check.counts if count is not None]
    faults = "+".join(count.name for count in counts)
    first = f"MIN(IF({faults},ROW({check.rows})))"
    formula = f'{{=IFERROR(ADDRESS({first},{check.column + 1},4),"")}}'
    rows = [at for count in counts for at in count.now]
    fault = str(xl_rowcol_to_cell(min(rows) - 1, check.column)) if rows else ""
    sheet.write_array_formula(row, _HELPER, row, _HELPER, formula, None, fault)
    helper, go_to = xl_rowcol_to_cell(row, _HELPER), say("template.precheck-at")
    target = (place.plan.cover if check.on_cover else place.form).about.sheet
    link = f'HYPERLINK("#\'{target}\'!"&{helper},"{go_to}"&{helper})'
    formula = f'=IF({helper}="","",{link})'
    sheet.write_formula(row, _LINK, formula, look.check("link"), go_to + fault if fault else "")


# --- states and colours -------------------------------------------------------------------------


def _column(first: int, last: int, column: int) -> str:
    return f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"


def _state(counts: Sequence[str]) -> str:
    """The word for a state, of the three counts as formulas."""
    unfilled, wrong, look = counts
    words = {name: f'"{say(f"template.state-{name}")}"' for name in _WORDS}
    looked = f"IF({look}>0,{words['look']},{words['ready']})"
    return f"=IF({wrong}>0,{words['wrong']},IF({unfilled}>0,{words['unfilled']},{looked}))"


def _state_now(counts: Sequence[int]) -> str:
    unfilled, wrong, look = counts
    states = zip((wrong, unfilled, look), _WORDS, strict=False)
    return say("template.state-" + next((name for count, name in states if count), "ready"))


def _colour(sheet: Worksheet, look: TemplateLook, first: int, last: int) -> None:
    """A count that is not 0 and the word of a state are coloured alike; every cell has lines."""
    for column, sort in enumerate(_SORTS, _FIRST_COUNT):
        cell = xl_rowcol_to_cell(first, column)
        counted = f"=AND(ISNUMBER({cell}),{cell}>0)"
        rule = {"type": "formula", "criteria": counted, "format": look.tint(sort)}
        sheet.conditional_format(first, column, last, column, rule)
    line = f"=LEN({xl_rowcol_to_cell(first, 0, col_abs=True)})>0"
    lined = {"type": "formula", "criteria": line, "format": look.lined()}
    sheet.conditional_format(first, _FIRST_COUNT, last, _LINK - 1, lined)
    for name in _WORDS:
        word = f'"{say(f"template.state-{name}")}"'
        rule = {"type": "cell", "criteria": "==", "value": word, "format": look.tint(name)}
        sheet.conditional_format(first, 1, last, 1, rule)


# --- the defined names in which the formulas speak ----------------------------------------------


def _define_names(desk: Desk, blocks: Sequence[_Block]) -> None:
    """Define every name that is spoken of: columns, rows begun, ticks, keys, counts."""
    names = dict(CONSTANTS)
    for block in blocks:
        cell = xl_range_abs(block.summary, _HELPER, block.summary, _HELPER)
        for place in block.places:
            names[place.name(_LAST)] = f"='{say('template.precheck-sheet')}'!{cell}"
    places = [place for block in blocks for place in block.places]
    for place in places:
        names |= dict(_names(place))
    checks = [check for block in blocks for _, check in block.checks]
    counts = [count for check in checks for count in check.counts if count is not None]
    names |= {count.name: f"={count.formula}" for count in counts}
    spoken = [place.name("block") for place in places if not place.label]
    spoken += [check.rows for check in checks if check.rows] + [count.name for count in counts]
    for name in _closure(names, spoken):
        desk.book.define_name(name, names[name])


def _closure(names: Mapping[str, str], spoken: Sequence[str]) -> list[str]:
    """The names that the cells of the sheet speak of, and those that these speak of in turn."""
    waiting, reached = list(spoken), set()
    while waiting:
        name = waiting.pop()
        if name in names and name not in reached:
            reached.add(name)
            waiting += _WORD.findall(names[name])
    return [name for name in names if name in reached]


def _names(place: TablePlace) -> Iterator[tuple[str, str]]:
    for number, column in enumerate(place.columns):
        name = place.name(column.name)
        cell = xl_range_abs(place.top, 1, place.top, 1)
        beside = f"='{place.form.about.sheet}'!{cell}"
        yield name, beside if place.label else f"=INDEX({place.name('used')},0,{number + 1})"
        yield from bases(column.kind.bases, name).items()
    if place.label:
        return
    yield place.name("block"), f"={place.block}"
    yield place.name("used"), _used(place)
    yield place.name("begun"), f"={_any(place, place.begun_names)}"
    if place.ticks is not None:
        yield place.name("typed"), f"={_any(place, place.typed_names)}"
        yield from _tick_names(place)
    yield place.name("asked"), f"={rows_asked(place)}"


def _used(place: TablePlace) -> str:
    """The rows in use below the headings.

    They are told from the headings, which nobody can delete: a row inserted below is one of them.
    """
    block, width = place.name("block"), len(place.columns)
    return f"=INDEX({block},2,1):INDEX({block},{place.name(_LAST)}+1,{width})"


def _any(place: TablePlace, names: Collection[str]) -> str:
    """The formula of the rows in which one of these columns is filled."""
    weights = ";".join(str(int(column.name in names)) for column in place.columns)
    return f"(MMULT(1-ISBLANK({place.name('used')}),{{{weights}}})>0)"


def _tick_names(place: TablePlace) -> Iterator[tuple[str, str]]:
    """The cover's ticks for a form, and the months beside them."""
    cover, tick = place.plan.cover, place.plan.nil_tick
    wanted = {"ticks": tick.name}
    wanted |= {"tick_months": cover.about.month} if place.form.about.monthly else {}
    names = [column.name for column in cover.table_columns]
    for suffix, column in wanted.items():
        first, last = place.ticks or (0, 0)
        number, name = names.index(column), place.name(suffix)
        yield name, f"='{cover.about.sheet}'!{xl_range_abs(first, number, last, number)}"
        yield from bases(tick.kind.bases, name).items()
