"""The lines of a sheet before the clerk begins: configured, carried over, and what is closed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product

import pandas as pd

from pipeline.messages import say
from pipeline.model import Assessment, Division, Measure, Obligation, Plan, SubUnit, Table, Whose
from pipeline.plan import obligations
from schemas.kit.columns import Column, Filled
from schemas.kit.form import FormSpec, Overview, Prefilled

Values = Mapping[str, object]
FilledRows = Sequence[Values]
RowsByForm = Mapping[str, FilledRows]


@dataclass(frozen=True)
class TemplateLine:
    """One row of a sheet: the values it begins with, and the columns that nobody may type in."""

    values: Values
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Owner:
    """A division, or a part of it, in a round, with what it owes in it."""

    division: Division
    plan: Plan
    owed: tuple[Obligation, ...]
    part: SubUnit | None = None

    @property
    def forms(self) -> tuple[FormSpec, ...]:
        """The forms it owes in this round, in the order of their sheets."""
        names = {each.form for each in self.owed}
        return tuple(form for form in self.plan.forms if form.name in names)

    @property
    def cover(self) -> FormSpec:
        """The form that says whose workbook it is."""
        return self.plan.cover


def owner_of(division: Division, plan: Plan, part: SubUnit | None = None) -> Owner:
    """The division, or a part of it, with what it owes in this round.

    What parts report is not asked of the division again.
    """
    code = part.code if part else ""
    everything = obligations(plan)
    owed = (o for o in everything if o.division == division.code and o.in_this_round)
    mine = (o for o in owed if division.part_of(o.form, code) == code)
    return Owner(division, plan, tuple(mine), part)


def coordinator_of(division: Division, plan: Plan) -> Owner:
    """The division with the summaries alone that it owes for all."""
    owner = owner_of(division, plan)
    return replace(owner, owed=tuple(o for o in owner.owed if o.measure is not None))


def lines_of(form: FormSpec, owner: Owner, filled: FilledRows) -> list[TemplateLine]:
    """The rows a form's sheet begins with; `filled` are typed values by column name, as stored."""
    rows = [_plain(row) for row in filled]
    if form.about.lines:
        rows = _merge_lines(form, _LINES[form.about.lines](form, owner), rows)
    columns, plan = form.table_columns, owner.plan
    return [
        TemplateLine(row, frozenset(c.name for c in columns if _is_closed(c, form, plan, row)))
        for row in rows
    ]


def labels_of(owner: Owner, filled: FilledRows) -> dict[str, object]:
    """The values beside the cover's labels: what the round knows, and what is prefilled."""
    plan = owner.plan
    configured: dict[str, object] = {
        "division_code": owner.division.code,
        "fiscal_year": str(plan.round.fiscal_year.be),
        "report_round": say("template.round", months=plan.round.months),
        "certified_by": owner.division.head,
    }
    names = {column.name for column in owner.cover.labelled_columns}
    typed = _plain(filled[0]) if filled else {}
    return {name: value for name, value in (configured | typed).items() if name in names and value}


def _plain(row: Values) -> dict[str, object]:
    """A row of stored values without blanks, its times as days."""
    days = {n: v.date() if isinstance(v, datetime) else v for n, v in row.items()}
    return {name: value for name, value in days.items() if value is not None}


def _merge_lines(
    form: FormSpec, lines: list[dict[str, object]], filled: list[dict[str, object]]
) -> list[dict[str, object]]:
    """The configured rows with what is filled in; a filled row of another key is added."""
    places = {_identity(form, row): row for row in lines}
    names = {column.name for column in form.table_columns}
    for row in filled:
        line = places.get(_identity(form, row))
        if line is not None:
            line.update(row)
        elif names & row.keys():
            lines.append(row)
    return lines


def _identity(form: FormSpec, row: Values) -> tuple[object, ...]:
    names = dict.fromkeys((*form.about.key, form.about.month))
    return tuple(row.get(name) for name in names)


def _is_closed(column: Column, form: FormSpec, plan: Plan, row: Values) -> bool:
    if column.filled is Filled.EARLIER:
        return form.has(Prefilled) and plan.earlier is not None and column.name in row
    if form.is_cover and column.name == plan.nil_tick.name:
        sheet = row.get(form.about.key[0])  # of a measure there is always a result, never nothing
        return any(f.about.lines == "measures" for f in plan.forms if f.about.sheet == sheet)
    return column.filled in (Filled.CONFIGURED, Filled.SHOWN)


def _obligation_lines(form: FormSpec, owner: Owner) -> list[dict[str, object]]:
    """One line for each form owed, or month of it."""
    key, month = form.about.key[0], form.about.month
    return [
        {key: owed.about.sheet} | ({month: each} if each else {})
        for owed in owner.forms
        for each in (owner.plan.round.months_list if owed.about.monthly else (None,))
    ]


def _measure_lines(form: FormSpec, owner: Owner) -> list[dict[str, object]]:
    """One line for each measure the division reports on, and for each it sums up for all."""
    plan, mine = owner.plan, [o for o in owner.owed if o.form == form.name]
    numbers = {o.measure for o in mine if o.measure is not None}
    own = plan.measures_of(owner.division.code) if len(numbers) < len(mine) else ()
    overview = form.trait(Overview)
    other = next(c for c in form.column(overview.column).choices if c != overview.value)
    rows = [(m, other) for m in own if plan.round.months in m.rounds]
    rows += [(m, overview.value) for m in plan.measures if m.number in numbers]
    names = {column.name for column in form.table_columns}
    lines = [_measure_values(m) | {overview.column: scope} for m, scope in rows]
    return [{n: v for n, v in line.items() if n in names} for line in lines]


def _measure_values(measure: Measure) -> dict[str, object]:
    """What is printed of a measure, by the name under which a column asks for it."""
    return {
        "measure_no": measure.number,
        "measure_title": measure.title,
        "procedure_text": measure.procedure,
        "owner_text": measure.owner_text,
        "period_text": measure.period_text,
    }


def _key_lines(form: FormSpec, owner: Owner) -> list[dict[str, object]]:
    """One line for each combination of the key's months, divisions and choices."""
    domains = [_domain(form.column(name), owner.plan) for name in form.about.key]
    return [dict(zip(form.about.key, values, strict=True)) for values in product(*domains)]


def _domain(column: Column, plan: Plan) -> Sequence[str | date]:
    """All that may stand in a column of the key, but for divisions that owe nothing for all."""
    others = {each.code for each in plan.divisions} - set(plan.obliged_to_all)
    members = column.kind.members(column.vocabulary(plan.context))
    return [each for each in members if each not in others]


_LINES: Mapping[str, Callable[[FormSpec, Owner], list[dict[str, object]]]] = {
    "obligations": _obligation_lines,
    "measures": _measure_lines,
    "months": _key_lines,
    "divisions": _key_lines,
}


# --- what the round before has accepted -----------------------------------------------------------


def carried_rows(earlier: Assessment | None, plan: Plan) -> Mapping[Whose, RowsByForm]:
    """The accepted rows of every form that keeps them, by (division, part) of this round.

    What was attested in that round is not attested in this one and stays blank. Rows of a file that
    named no part go to the first part which reports the form, so that none is lost and none is
    asked for twice.
    """
    carried: dict[Whose, dict[str, list[Values]]] = {}
    sent = {each.name: each for each in earlier.submissions} if earlier else {}
    codes = {each.code for each in plan.divisions}
    for name, table in (earlier.tables if earlier else {}).items():
        for submission, row in _accepted_rows(table) if table.form.about.carried else ():
            division = sent[submission].division or ""
            if division in codes:
                of = plan.division(division)
                part = of.part_of(name, sent[submission].part)
                whose = (division, of.parts_of(name)[0].code if part is None else part)
                carried.setdefault(whose, {}).setdefault(name, []).append(row)
    return carried


def with_rows(carried: RowsByForm, rows: RowsByForm, plan: Plan) -> RowsByForm:
    """The carried rows with those of a file, which go before where both are of one key."""
    merged = {name: list(each) for name, each in carried.items()}
    for name, more in rows.items():
        form = plan.form(name)
        key = form.about.key
        known = {_sameness(key, _plain(row)): dict(row) for row in merged.get(name, ())}
        for row in more:
            known.setdefault(_sameness(key, _plain(row)), {}).update(_unattested(form, row))
        merged[name] = list(known.values())
    return merged


def _sameness(key: Sequence[str], row: Values) -> tuple[object, ...]:
    """What two rows share that are one: their key, else all that stands in them."""
    if key and all(name in row for name in key):
        return tuple(row[name] for name in key)
    return tuple(sorted(row.items()))


def _accepted_rows(table: Table) -> Iterator[tuple[str, Values]]:
    kept = table.frame[table.frame["fate"].isin(["accepted", "duplicate"])]
    names = [column.name for column in table.form.columns if not column.derived]
    for row in kept.to_dict("records"):
        values = {n: row[n] for n in names if not pd.isna(row[n])}
        yield str(row["submission"]), _unattested(table.form, values)


def _unattested(form: FormSpec, row: Values) -> Values:
    """A row without what only the clerk of this round may vouch for."""
    attesting = {column.name for column in form.columns if column.attests}
    return {name: value for name, value in row.items() if name not in attesting}
