"""Tables out of a few words: what a clerk types, read by the form's own columns."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pandas as pd

from pipeline.model import ORIGIN, Table
from schemas.kit.form import Derivation, FormSpec
from schemas.kit.kinds import Context, Typed
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.thai_text import ParsedCell

DIVISIONS = {"01": ("สำนักปลัดเทศบาล", "สำนักปลัด"), "02": ("กองคลัง",), "90": ("ศูนย์รับเรื่องราวร้องทุกข์",)}
CRITERIA = {"thresholds.gift_value_baht": Decimal(3000)}
CONTEXT = Context(Round.parse("2566-12"), DIVISIONS, CRITERIA)
FIRST_ROW = 5


def example_row(form: FormSpec) -> dict[str, str]:
    """The form's own example, a row that keeps every rule."""
    return {c.name: c.example for c in form.columns if c.example and not c.derived}


def table(
    form: FormSpec,
    changes: Sequence[Mapping[str, str]],
    context: Context = CONTEXT,
    file: str = "a.xlsx",
) -> Table:
    """A typed Table of one submission: the example row with each set of changes laid over it."""
    typed = [{k: v for k, v in (example_row(form) | dict(row)).items() if v} for row in changes]
    names = [column.name for column in form.columns]
    values = []
    for number, texts in enumerate(typed):
        row: dict[str, object] = {
            name: form.column(name).read(Typed("text", text), context).value
            for name, text in texts.items()
        }
        values.append(
            {**row, "submission": file, "sheet": form.about.sheet, "row": FIRST_ROW + number}
        )
    frame = pd.DataFrame(values, columns=[*names, *ORIGIN], dtype=object)
    dtypes = {c.name: c.dtype for c in form.columns}
    frame = frame.astype(dtypes | {"submission": "string", "sheet": "string", "row": "int64"})
    if form.has(Derivation):
        frame = form.trait(Derivation).fill(frame)
    positions = {name: (None, n) for n, name in enumerate(names, 1)}
    return Table(
        form,
        frame,
        pd.DataFrame(typed, columns=names, dtype="string"),
        {(file, form.about.sheet): positions},
    )


def repairs_of(reading: ParsedCell) -> set[str]:
    """How a text that could be read was put right."""
    assert reading.problem is None, reading
    return set(reading.repairs)
