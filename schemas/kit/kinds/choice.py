"""One of a list; spellings that only look different are taken for the choice."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from schemas.kit.excel_reading import of_listed
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.thai.thai_text import (
    ParsedCell,
    ProblemCode,
    matching_key,
    nearest,
    spelling_repairs,
)


def _parse(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    key = matching_key(typed.raw)
    value = vocabulary.spelt.get(key)
    if value is None:
        meant = (choice for pattern, choice in vocabulary.phrases if re.fullmatch(pattern, key))
        value = next(meant, None)
    if value is None:
        near = nearest(key, vocabulary.spelt)
        return ParsedCell(None, problem=ProblemCode.NOT_IN_LIST, suggestion=near)
    return ParsedCell(value, spelling_repairs(typed.raw, value))


CHOICE = ColumnKind(
    "choice",
    th="เลือกจากรายการ",
    order=5,
    parse=_parse,
    excel=of_listed,
    bases=("key",),
    only_listed=True,
    continues=True,
    asks="template.asks-list",
    examples=(
        ValueExamples(
            "รายการให้เลือก",
            "Choice",
            (
                "ดำเนินการแล้วเสร็จ",
                "ด\u0e4d\u0e32เนินการเเล้วเสร็จ",
                "ดำเนินการ แล้วเสร็จ",
                "ดำเนินการแล้ว",
                "เสร็จ",
            ),
            options={
                "choices": ("ดำเนินการแล้วเสร็จ", "อยู่ระหว่างดำเนินการ"),
                "also": {"ดำเนินการแล้ว": "ดำเนินการแล้วเสร็จ"},
            },
        ),
    ),
)


def choice(values: type[StrEnum] | Sequence[str], th: str, en: str, **options: Any) -> Any:
    """A column of one of these."""
    return CHOICE.column(th, en, choices=tuple(str(value) for value in values), **options)
