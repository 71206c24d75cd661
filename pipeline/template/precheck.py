"""The sheet on which a clerk sees, before she sends, what is not filled in and what is not right.

It counts while she types. In Protected View nothing is computed, so every formula carries the value
it has in the workbook as it leaves us.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.messages import say
from pipeline.styles import print_setup
from pipeline.template.checks import TemplateCheck, checks
from pipeline.template.defined_names import LAST, define_names
from pipeline.template.form_sheet import Desk
from pipeline.template.table_places import TablePlace
from pipeline.template.template_look import TemplateLook

_WIDTHS = (44, 56, 13, 13, 13, 16)
_FIRST_COUNT, _LINK, _HELPER = 2, 5, 6
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
    last_rows = {place.name(LAST): block.summary for block in blocks for place in block.places}
    found = [check for block in blocks for _, check in block.checks]
    define_names(desk, places, found, {name: (row, _HELPER) for name, row in last_rows.items()})


def _blocks(places: Sequence[TablePlace], top: int) -> list[_Block]:
    """Every form with its rows: the summaries under each other, then the checks form by form."""
    names = list(dict.fromkeys(place.form.name for place in places))
    first = top + len(names) + 2
    blocks = []
    for number, name in enumerate(names):
        mine = tuple(place for place in places if place.form.name == name)
        found = tuple((place, check) for place in mine for check in checks(place))
        blocks.append(_Block(mine, found, top + number, first + 1))
        first += len(found) + 1
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
    said = say("template.precheck-go")
    sheet.write_formula(row, _LINK, f'=HYPERLINK("{target}","{said}")', look.check("link"), said)
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
    found = str(xl_rowcol_to_cell(min(rows) - 1, check.column)) if rows else ""
    sheet.write_array_formula(row, _HELPER, row, _HELPER, formula, None, found)
    helper, said = xl_rowcol_to_cell(row, _HELPER), say("template.precheck-at")
    target = (place.plan.cover if check.on_cover else place.form).about.sheet
    link = f'HYPERLINK("#\'{target}\'!"&{helper},"{said}"&{helper})'
    text = f'=IF({helper}="","",{link})'
    sheet.write_formula(row, _LINK, text, look.check("link"), said + found if found else "")


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
    found = zip((wrong, unfilled, look), _WORDS, strict=False)
    return say("template.state-" + next((name for count, name in found if count), "ready"))


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
        said = f'"{say(f"template.state-{name}")}"'
        rule = {"type": "cell", "criteria": "==", "value": said, "format": look.tint(name)}
        sheet.conditional_format(first, 1, last, 1, rule)
