"""What a workbook asks of its clerk before she sends it: each check as a formula and as a count.

The formulas speak in defined names, one per column, over the rows that are in use. Beside each
stands the count with which the workbook leaves us, judged by the same functions over a frame.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.messages import say
from pipeline.template.limits import demands_of, one_line
from pipeline.template.table_places import TablePlace
from schemas.kit.columns import Column, Filled, Severity
from schemas.kit.excel_reading import Lists
from schemas.kit.form import Rule
from schemas.kit.rule_formulas import (
    Inexpressible,
    breaches,
    duplicate_keys,
    invalid_cells,
    out_of_bounds,
)


@dataclass(frozen=True)
class CheckCount:
    """The faults of one sort: the defined name of a formula that is 1 where one is, else 0.

    `now` are the rows, counted from 1, of those there are as the workbook leaves us.
    """

    name: str
    formula: str
    now: tuple[int, ...] = ()


@dataclass(frozen=True)
class TemplateCheck:
    """One line of the sheet: of which cells, what is asked, and the faults by their sort.

    `late` says that no formula can tell, only the reader. `column` is the number of the column the
    faults stand in and `rows` the defined name of its cells.
    """

    heading: str
    says: str
    column: int = 0
    rows: str = ""
    unfilled: CheckCount | None = None
    wrong: CheckCount | None = None
    look: CheckCount | None = None
    on_cover: bool = False
    late: bool = False

    @property
    def counts(self) -> tuple[CheckCount | None, ...]:
        """The three counts in the order of their columns."""
        return (self.unfilled, self.wrong, self.look)


def checks(place: TablePlace) -> Iterator[TemplateCheck]:
    """Every check of a form, in the order of its columns, then its rules."""
    if place.ticks is not None and not place.form.about.lines:
        yield _presence(place)
    for number, column in enumerate(place.columns):
        if _is_asked(place, column):
            yield from _of_column(place, number, column)
    key = place.form.about.key
    if not place.label and any(_is_asked(place, place.form.column(name)) for name in key):
        yield _twins(place)
    for rule in () if place.label else place.form.rules:
        if rule.code not in place.plan.rules_off:
            yield _of_rule(place, rule)


def _is_asked(place: TablePlace, column: Column) -> bool:
    """Whether the column may be filled wrongly: somebody types into it, and not what she likes."""
    if column.filled in (Filled.CONFIGURED, Filled.SHOWN):
        return False
    if column.kind.is_free and column.required is None and column.required_if is None:
        return False
    open_lines = any(column.name not in line.closed for line in place.lines)
    return open_lines or not (place.form.about.lines or place.label)


# --- rows that are asked for --------------------------------------------------------------------


def rows_asked(place: TablePlace) -> str:
    """The formula of the rows whose cells must be filled: begun, and not confirmed to be empty."""
    if place.label or place.ticks is None or place.form.about.monthly == "parts":
        return place.name("begun")
    month, ticked = place.form.about.month, _ticked(place)
    if place.form.about.monthly == "rows":
        confirmed = f"IF({ticked},{place.name('tick_months')}.key)"
        excused = (
            f"ISNUMBER(MATCH({place.name(month)}.key,{confirmed},0))*(1-{place.name('typed')})"
        )
    else:
        excused = f"SUM(1*{ticked})*(SUM({place.name('typed')})=0)"
    return f"{place.name('begun')}*(1-{excused})"


def _ticked(place: TablePlace) -> str:
    """The formula of the cover's ticks for a form."""
    lists = Lists("", place.plan.round.start)
    return place.plan.nil_tick.kind.excel(place.name("ticks"), lists).known


def _asked_now(place: TablePlace) -> "pd.Series[bool]":
    """The lines whose cells must be filled, as the workbook leaves us."""
    frame = place.frame
    everything = pd.Series(data=True, index=frame.index)
    if not place.label:
        everything = frame[place.begun_names].notna().any(axis=1)
    if not any(place.ticked) or place.form.about.monthly == "parts":
        return everything
    typed = frame[place.typed_names].notna().any(axis=1)
    if place.form.about.monthly == "rows":
        months = place.plan.round.months_list
        confirmed = [pd.Timestamp(m) for m, t in zip(months, place.ticked, strict=True) if t]
        return typed | ~frame[place.form.about.month].isin(confirmed)
    return everything & bool(typed.any())


# --- one check ----------------------------------------------------------------------------------


def _of_column(place: TablePlace, number: int, column: Column) -> Iterator[TemplateCheck]:
    """The line of a column: where it is blank and must not be, where it is filled wrongly."""
    demands, at = demands_of(place.form, column, place.plan), 1 if place.label else number
    check = TemplateCheck(one_line(column.th), demands, at, place.name(column.name))
    yield replace(check, unfilled=_blanks(place, column), wrong=_misfits(place, column))
    if column.pattern:
        yield TemplateCheck(one_line(column.th), column.help_th, late=True)


def _blanks(place: TablePlace, column: Column) -> CheckCount | None:
    missing = column.blanks(place.rows)
    if missing is None:
        return None
    formula = missing.text if place.label else f"{place.name('asked')}*{missing.text}"
    now = _asked_now(place) & column.blanks(place.frame)
    return _count(place, f"{column.name}.unfilled", formula, now)


def _misfits(place: TablePlace, column: Column) -> CheckCount | None:
    """Nothing where any text is right."""
    if column.kind.is_free:
        return None
    frame, context = place.frame, place.plan.context
    beyond = out_of_bounds(frame, column, context)
    now = pd.Series(data=False, index=frame.index) if beyond is None else beyond
    now = frame[column.name].notna() & now.fillna(value=False).astype(bool)
    formula = invalid_cells(place.rows, column, context).text
    return _count(place, f"{column.name}.wrong", formula, now)


def _twins(place: TablePlace) -> TemplateCheck:
    key = place.form.about.key
    frame = place.frame
    whole = frame[frame[[*key]].notna().all(axis=1)]
    now = whole.duplicated([*key]).reindex(frame.index, fill_value=False)
    headings = " + ".join(one_line(place.form.column(name).th) for name in key)
    number = [c.name for c in place.columns].index(key[0])
    wrong = _count(place, "twins", duplicate_keys(place.rows, key).text, now)
    text = say("template.precheck-twins", key=headings)
    return TemplateCheck(headings, text, number, place.name(key[0]), wrong=wrong)


def _of_rule(place: TablePlace, rule: Rule) -> TemplateCheck:
    column = place.form.column(rule.on[0])
    heading, sentence = one_line(column.th), place.form.named(rule.th, "th")
    try:
        formula = breaches(place.rows, rule, place.plan.context).text
    except Inexpressible:
        return TemplateCheck(heading, sentence, late=True)
    number = [c.name for c in place.columns].index(column.name)
    check = TemplateCheck(heading, sentence, number, place.name(column.name))
    broken = ~rule(place.frame, place.plan.context)
    count = _count(place, rule.code.replace("-", "_"), formula, broken)
    if rule.severity is Severity.ERROR:
        return replace(check, wrong=count)
    return replace(check, look=count)


def _count(place: TablePlace, name: str, formula: str, now: "pd.Series[bool]") -> CheckCount:
    rows = (place.sheet_row(int(n)) for n in now.to_numpy().nonzero()[0])
    return CheckCount(place.name(name), formula, tuple(rows))


# --- whether anything is reported at all --------------------------------------------------------


def _presence(place: TablePlace) -> TemplateCheck:
    """Rows or a tick for each of the cover's lines, and not both."""
    first = (place.ticks or (0, 0))[0]
    ticked, rows = _ticked(place), place.name("ticks")
    if place.form.about.monthly:
        present = f"(COUNTIF({place.name(place.form.about.month)},{place.name('tick_months')})>0)"
        missing, both = f"(1-{present})*({_unlisted(place)}=0)", present
    else:
        missing, both = f"(SUM({place.name('begun')})=0)", f"(SUM({place.name('typed')})>0)"
    begun, typed = _rows_now(place)
    missing_now = [first + n + 1 for n, t in enumerate(place.ticked) if not t and not begun[n]]
    both_now = [first + n + 1 for n, t in enumerate(place.ticked) if t and typed[n]]
    text = say("template.precheck-months" if place.form.about.monthly else "template.precheck-rows")
    nothing = CheckCount(place.name("nothing"), f"(1-{ticked})*{missing}", tuple(missing_now))
    both_count = CheckCount(place.name("both"), f"{ticked}*{both}", tuple(both_now))
    check = TemplateCheck(one_line(place.form.about.sheet), text, 2, rows, on_cover=True)
    return replace(check, unfilled=nothing, look=both_count)


def _unlisted(place: TablePlace) -> str:
    """How many months are written otherwise than in the list: which, only the reader can tell."""
    cells, months = place.name(place.form.about.month), place.name("tick_months")
    return f"(SUM(1-ISBLANK({cells}))-SUM(COUNTIF({cells},{months})))"


def _rows_now(place: TablePlace) -> tuple[Sequence[bool], Sequence[bool]]:
    """For each of the cover's lines whether there are rows, and whether the clerk typed them."""
    if not place.form.about.monthly:
        typed = place.frame[place.typed_names].notna().any(axis=None)
        return [len(place.lines) > 0], [bool(typed)]
    reported = set(place.frame[place.form.about.month])
    present = [pd.Timestamp(month) in reported for month in place.plan.round.months_list]
    return present, present
