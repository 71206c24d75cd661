"""One of the municipality's divisions, stored as its code, shown as its name."""

from collections.abc import Sequence
from typing import Any

from schemas.kit.excel_reading import of_listed
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.thai_text import (
    ParsedCell,
    ProblemCode,
    RepairCode,
    clean,
    matching_key,
    nearest,
    spelling_repairs,
    text_repairs,
)


def _parse(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    """A division by its code or a name; a number cell shows the code 02 as 2."""
    divisions, keys = vocabulary.context.divisions, vocabulary.context.division_keys
    if not divisions:
        return ParsedCell(clean(typed.raw), text_repairs(typed.raw))
    code = keys.get(matching_key(typed.raw))
    if code is None and typed.sort == "number" and f"0{typed.raw}" in divisions:
        return ParsedCell(f"0{typed.raw}", (RepairCode.LEADING_ZERO,))
    if code is None:
        near = nearest(matching_key(typed.raw), keys)
        return ParsedCell(None, problem=ProblemCode.NOT_IN_LIST, suggestion=near)
    is_code = typed.raw.strip() == code
    return ParsedCell(code, () if is_code else spelling_repairs(typed.raw, divisions[code][0]))


def _keys(vocabulary: Vocabulary) -> Sequence[str]:
    codes = (
        code.removeprefix("0") for code in vocabulary.context.divisions
    )  # as a number shows them
    return tuple(dict.fromkeys((*vocabulary.context.division_keys, *codes)))


DIVISION = ColumnKind(
    "division",
    th="ส่วนราชการ",
    order=6,
    parse=_parse,
    excel=of_listed,
    bases=("key",),
    keys=_keys,
    only_listed=True,
    to_cell=lambda code, context: context.divisions.get(str(code), (str(code),))[0],
    help=("เลือกส่วนราชการจากรายการ", "Choose the division from the list."),
    width=24,
    members=lambda vocabulary: tuple(vocabulary.context.divisions),
    list_name="divisions",
    asks="template.asks-list",
    examples=(
        ValueExamples(
            "ส่วนราชการ",
            "Division",
            ("กองคลัง", "กอง คลัง", "สำนักปลัด", "02", ("number", "2"), "เทศบาล"),
        ),
    ),
)
division = DIVISION.column
