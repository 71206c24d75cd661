"""A number or mark that names something; stored as text, a dash means that there is none."""

import re
from typing import Any

from schemas.kit.excel_reading import of_code
from schemas.kit.kinds import ColumnKind, Typed, ValueExamples, Vocabulary
from schemas.kit.personal_numbers import Personal
from schemas.kit.thai.thai_text import (
    ParsedCell,
    ProblemCode,
    RepairCode,
    arabic_digits,
    clean,
    means_nothing,
    text_repairs,
)

_MOST_DIGITS = 15  # of a number that Excel keeps
_EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}")
_CUT = re.compile(r"[\s\-\u2010-\u2015]+")


def _parse(typed: Typed, vocabulary: Vocabulary) -> ParsedCell[Any]:
    """A code, with the zero that a number of so many digits has lost.

    What else Excel makes of a code that it takes for a number or a day cannot be undone.
    """
    cleaned = clean(typed.raw)
    nothing: ParsedCell[Any] | None = means_nothing(cleaned)
    if nothing:
        return nothing
    if typed.sort == "date":
        return ParsedCell(None, problem=ProblemCode.BECAME_A_DATE)
    if _EXPONENT.fullmatch(cleaned) or (typed.sort == "number" and len(cleaned) > _MOST_DIGITS):
        return ParsedCell(None, problem=ProblemCode.LOST_DIGITS)
    digits = _CUT.sub("", arabic_digits(cleaned))
    if not (vocabulary.digits and digits.isdecimal() and digits.isascii()):
        return ParsedCell(cleaned, text_repairs(typed.raw))
    return _number(typed, digits, vocabulary.digits)


def _number(typed: Typed, digits: str, lengths: tuple[int, ...]) -> ParsedCell[Any]:
    lost = typed.sort == "number" and len(digits) not in lengths and len(digits) + 1 in lengths
    repairs = {
        RepairCode.THAI_DIGITS: arabic_digits(typed.raw) != typed.raw,
        RepairCode.GROUPED_DIGITS: digits != arabic_digits(clean(typed.raw)),
        RepairCode.LEADING_ZERO: lost,
    }
    return ParsedCell("0" * lost + digits, tuple(each for each, made in repairs.items() if made))


CODE = ColumnKind(
    "code",
    th="รหัส/เลขที่",
    order=8,
    parse=_parse,
    excel=of_code,
    identifies=True,
    unasked=(Personal.CITIZEN_NUMBER,),  # it may well look like a telephone or an account
    look="code",
    help=("พิมพ์ตามที่ปรากฏในเอกสาร", "As it stands in the document."),
    examples=(
        ValueExamples(
            "เลขที่หรือรหัส",
            "Number or code",
            (
                "0993500000012",
                "0-9935-00000-01-2",
                ("number", "993500000012"),
                "1.23E+12",
                ("date", "2566-01-01"),
                "ไม่มี",
            ),
            options={"digits": (13,)},
        ),
    ),
)
code = CODE.column
