"""The names of cells and columns, as Excel writes them."""

from functools import cache

LAST_ROW = 1_048_576  # of every sheet since Excel 2007
LAST_COLUMN = 16_384  # of every sheet since Excel 2007

_LETTERS = 26
_ORD_BEFORE_A = ord("A") - 1
_LONGEST_COLUMN_NAME = 3
_LONGEST_ROW_NAME = 7


@cache
def column_letters(column: int) -> str:
    """Name the column with this number, counted from 1.

    Raises ValueError for a column that no sheet has.
    """
    if not 1 <= column <= LAST_COLUMN:
        raise ValueError(f"no column {column}")
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """Give the number, counted from 1, of the column with this name.

    Raises ValueError for a name that no column has.
    """
    if not (letters.isascii() and letters.isalpha() and len(letters) <= _LONGEST_COLUMN_NAME):
        raise ValueError(f"no column {letters[:20]!r}")
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - _ORD_BEFORE_A
    if number > LAST_COLUMN:
        raise ValueError(f"no column {letters!r}")
    return number


def row_number(digits: str) -> int:
    """Give the row that these digits name.

    Raises ValueError for a row that no sheet has.
    """
    plain = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_ROW_NAME
    if not plain or not 1 <= int(digits) <= LAST_ROW:
        raise ValueError(f"no row {digits[:20]!r}")
    return int(digits)


def address(row: int, column: int) -> str:
    """Name the cell at this row and column, both counted from 1."""
    return f"{column_letters(column)}{row}"


def parse_address(text: str) -> tuple[int, int]:
    """Give the row and the column, both counted from 1, that a cell's name stands for.

    Raises ValueError for a name that no cell has.
    """
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    letters = text[: len(text) - len(digits)]
    return row_number(digits), column_number(letters)


def parse_range(text: str) -> tuple[int, int, int, int]:
    """Give first row, first column, last row, last column of a rectangle of cells.

    Raises ValueError where a corner is no cell or the corners are the wrong way round.
    """
    first, _, last = text.partition(":")
    top, left = parse_address(first)
    bottom, right = parse_address(last or first)
    if bottom < top or right < left:
        raise ValueError(f"no range {text[:40]!r}")
    return top, left, bottom, right
