"""Addresses of cells, there and back."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.workbook.reader import (
    address,
    column_letters,
    parse_address,
)
from tests.support.books import read


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_addresses_come_back(row: int, column: int) -> None:
    assert parse_address(address(row, column)) == (row, column)


def test_addresses_are_those_of_excel() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 52, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert parse_address("D7") == (7, 4)
    assert len({column_letters(n) for n in range(1, 16_385)}) == 16_384
    assert set(column_letters(16_384)) < set(string.ascii_uppercase)


@pytest.mark.parametrize("text", ["", "7", "D", "D0", "XFE1", "A1048577", "D๗", "$D$7", "D7:E8"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        parse_address(text)


def test_cells_know_their_address() -> None:
    assert read("<row r='7'><c r='D7'><v>1</v></c></row>").cells[7, 4].address == "D7"
    with pytest.raises(ValueError, match="no column"):
        column_letters(16_385)
