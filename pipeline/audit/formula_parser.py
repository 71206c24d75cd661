"""From the text of a formula to what computes it, by the precedence of its operators."""

from collections.abc import Iterator
from decimal import Decimal

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from pipeline.audit.excel_functions import (
    OPERATORS,
    Formula,
    NotComputable,
    function_call,
    operation,
    signed,
)


class FormulaParser:
    """Reads one formula."""

    def __init__(self, formula: str) -> None:
        """Cut the formula into tokens; NotComputable for what is none."""
        try:
            tokens = Tokenizer(f"={formula}").items
        except TokenizerError:
            raise NotComputable(formula) from None
        self._tokens: list[Token] = [each for each in tokens if each.type != Token.WSPACE]
        self._next = 0

    def whole(self) -> Formula:
        """The formula, every token of it used."""
        formula = self._expression(0)
        if self._next < len(self._tokens):
            raise NotComputable(self._tokens[self._next].value)
        return formula

    def _take(self) -> Token:
        if self._next >= len(self._tokens):
            raise NotComputable("an unfinished formula")
        self._next += 1
        return self._tokens[self._next - 1]

    def _expression(self, least: int) -> Formula:
        left = self._operand()
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.type != Token.OP_IN:
                break
            if token.value not in OPERATORS:
                raise NotComputable(token.value)
            strength, act = OPERATORS[token.value]
            if strength <= least:
                break
            self._take()
            left = operation(act, left, self._expression(strength))
        return left

    def _operand(self) -> Formula:
        token = self._take()
        if token.type == Token.OP_PRE:
            return signed(token.value, self._operand())
        if token.type == Token.OPERAND:
            return _operand(token)
        if token.subtype == Token.OPEN and token.type == Token.PAREN:
            inner, closing = self._expression(0), self._take()
            if closing.subtype == Token.CLOSE:
                return inner
            raise NotComputable(closing.value)
        if token.subtype == Token.OPEN and token.type == Token.FUNC:
            return function_call(token.value.rstrip("(").upper(), list(self._arguments()))
        raise NotComputable(token.value)

    def _arguments(self) -> Iterator[Formula]:
        while True:
            yield self._expression(0)
            token = self._take()
            if token.subtype == Token.CLOSE:
                return
            if token.type != Token.SEP or token.value != ",":
                raise NotComputable(token.value)


def _operand(token: Token) -> Formula:
    """A constant, or a reference looked up when it is asked for."""
    if token.subtype == Token.NUMBER:
        number = Decimal(token.value)
        return lambda _cells, _place: number
    if token.subtype == Token.TEXT:
        text = token.value[1:-1].replace('""', '"')
        return lambda _cells, _place: text
    if token.subtype == Token.LOGICAL:
        truth = token.value.upper() == "TRUE"
        return lambda _cells, _place: truth
    if token.subtype == Token.RANGE:
        return lambda cells, place: cells.reference(token.value, place)
    raise NotComputable(token.value)
