"""The frames that no form gives, as tables whose columns the figures count."""

from collections.abc import Mapping

import pandas as pd

from pipeline.messages import say
from pipeline.report.data_tables import DataTable, TableColumn, plain
from pipeline.report.labels import words_of
from pipeline.report.page import Page


def frame_table(page: Page, name: str, frame: pd.DataFrame, looks: Mapping[str, str]) -> None:
    """Write a frame below the cursor, each column as wide as the page's; its codes in words."""
    pairs = list(zip(map(str, frame.columns), page.widths, strict=False))
    columns = [
        TableColumn(each, say(f"report.frame.{each}"), looks.get(each, "text"), width, wrap=True)
        for each, width in pairs
    ]
    table = DataTable(page, name, columns)
    page.printed(repeat=table.head)
    words = words_of(page.book.assessment)
    named = [words.get(each) for each, _ in pairs]
    table.write(list(map(plain, row, named)) for row in frame.itertuples(index=False))
