"""What is taken from a sheet, in words."""

from pipeline.read.extract import in_words


def test_rows_in_words():
    assert in_words([9, 5, 6, 7, 8, 12]) == "5–9, 12"
