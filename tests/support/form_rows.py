"""Rows of a form as typed texts, made into a table and judged."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.model import Finding, Table
from pipeline.validate import judge
from schemas import forms as all_forms
from schemas.kit.columns import Column
from schemas.kit.form import Derivation, FormSpec
from schemas.kit.kinds import Context, Typed
from schemas.kit.thai.calendar import Round

FORMS = {form.name: form for form in all_forms()}
CONTEXT = Context(
    Round.parse("2566-12"),
    {"01": ("สำนักปลัดเทศบาล", "สำนักปลัด"), "02": ("กองคลัง",), "07": ("กองสวัสดิการสังคม",)},
    {"thresholds.gift_value_baht": Decimal(3000)},
)
RULES = [(form, rule) for form in FORMS.values() for rule in form.rules]
COLUMNS = [(form, column) for form in FORMS.values() for column in form.columns]
DEMANDED = [(form, column) for form, column in COLUMNS if column.required_if]


def table(form: FormSpec, *changes: Mapping[str, str], context: Context = CONTEXT) -> Table:
    """One row for each change of the example row; an empty text is a blank cell."""
    names = [column.name for column in form.columns]
    examples = {c.name: c.example for c in form.columns if not c.derived}
    rows = [{n: text for n, text in (examples | dict(c)).items() if text} for c in changes]
    read = [{n: value(form.column(n), t, context) for n, t in row.items()} for row in rows]
    frame = pd.DataFrame(read, columns=names, dtype=object)
    frame = frame.astype({c.name: c.dtype for c in form.columns})
    if form.has(Derivation):
        frame = form.trait(Derivation).fill(frame)
    origin = {"submission": "example.xlsx", "sheet": form.about.sheet}
    frame = frame.assign(**origin, row=range(5, 5 + len(rows)))
    typed = pd.DataFrame(rows, columns=names, dtype="string")
    places = {n: (None, i) for i, n in enumerate(names, 1)}
    return Table(form, frame, typed, {tuple(origin.values()): places})


def value(column: Column, text: str, context: Context) -> Any:
    reading = column.read(Typed("text", text), context)
    assert reading.problem is None, (column.name, text, reading.problem)
    return reading.value


def findings(form: FormSpec, *changes: Mapping[str, str]) -> list[Finding]:
    return judge(table(form, *changes), CONTEXT)
