"""What is taken from a sheet, in words."""

from pipeline.read.extract import row_ranges


def test_rows_in_words():
    assert row_ranges([9, 5, 6, 7, 8, 12]) == "5–9, 12"
