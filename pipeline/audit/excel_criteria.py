"""A criterion of COUNTIFS and SUMIFS, as Excel understands it."""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.audit.excel_functions import Scalar

Test = Callable[[Scalar], bool]

_PARTS = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)
_WILD = re.compile(r"~[*?~]|[*?]|[^*?~]+|~", re.DOTALL)
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def meets(criterion: Scalar) -> Test:
    """Whether a cell meets a criterion: a value, or a text that begins with a comparison."""
    if criterion is None:
        criterion = Decimal(0)
    if isinstance(criterion, bool):
        return lambda cell: cell is criterion
    if isinstance(criterion, Decimal):
        return _numeric("", criterion)
    parts = _PARTS.fullmatch(criterion)
    sign, text = (parts[1] or "", parts[2]) if parts else ("", criterion)
    try:
        return _numeric(sign, Decimal(text))
    except InvalidOperation:
        return _textual(sign, text)


def _numeric(sign: str, number: Decimal) -> Test:
    """Numbers are compared with numbers; a text that is the same number is equal to it."""
    order = _ORDERS[sign]

    def test(cell: Scalar) -> bool:
        value = _as_number(cell) if sign in ("", "=", "<>") else cell
        if isinstance(value, Decimal):
            return order(value, number)
        return sign == "<>"

    return test


def _as_number(cell: Scalar) -> Scalar:
    if not isinstance(cell, str):
        return cell
    try:
        return Decimal(cell)
    except InvalidOperation:
        return cell


def _textual(sign: str, text: str) -> Test:
    """Texts are compared without regard to case; `*` and `?` stand for others."""
    if not text:
        return {
            "": lambda cell: cell is None or cell == "",
            "=": lambda cell: cell is None,
            "<>": lambda cell: cell is not None,
        }.get(sign, lambda _: False)
    if sign in ("", "=", "<>"):
        pattern = re.compile("".join(map(_piece, _WILD.findall(text))), re.DOTALL | re.IGNORECASE)
        return lambda cell: (
            (isinstance(cell, str) and bool(pattern.fullmatch(cell))) is (sign != "<>")
        )
    order = _ORDERS[sign]
    return lambda cell: isinstance(cell, str) and order(cell.lower(), text.lower())


def _piece(piece: str) -> str:
    if piece in ("*", "?"):
        return ".*" if piece == "*" else "."
    return re.escape(piece[1:] if len(piece) > 1 and piece[0] == "~" else piece)
