"""The annex of the divisions' own words, and the register of everything received."""

from collections.abc import Mapping, Sequence

from pipeline.messages import say
from pipeline.report.data_sheets import frame_rows
from pipeline.report.data_tables import DataTable, TableColumn
from pipeline.report.labels import reasons, words_of
from pipeline.report.page import Page

_ANNEX: Mapping[str, tuple[str, float]] = {
    "measure_no": ("count", 10),
    "division": ("text", 24),
    "progress_status": ("text", 20),
    "result_summary": ("text", 52),
    "outcome_text": ("text", 52),
    "obstacle_text": ("text", 28),
    "reported": ("text_center", 9),
    "file": ("text", 26),
    "sheet": ("text", 16),
    "row": ("row", 7),
}
_FILES: Mapping[str, tuple[str, float]] = {
    "number": ("row", 6),
    "name": ("text", 28),
    "sha256": ("code", 24),
    "channel": ("text", 14),
    "message_file": ("text", 14),
    "message_sha256": ("code", 24),
    "message_id": ("text", 24),
    "opens_message": ("text_center", 10),
    "sender": ("text", 24),
    "received_at": ("time", 22),
    "division": ("text", 22),
    "outcome": ("text", 16),
    "reason": ("text", 30),
    "chain_sha256": ("code", 24),
}


def annex_sheet(page: Page) -> None:
    """Write the divisions' own rows, measure by measure; their texts are never joined."""
    _sheet(page, "annex", _ANNEX, ("note",))


def files_sheet(page: Page) -> None:
    """Write a line for everything received, with hash, mail and what became of it."""
    assessment = page.book.assessment
    frame = assessment.frames["files"]
    told = {"reason": list(reasons(assessment))} if len(frame) else {}
    _sheet(page, "files", _FILES, ("note", "chain"), told)


def _sheet(
    page: Page,
    name: str,
    looks: Mapping[str, tuple[str, float]],
    notes: Sequence[str],
    replaced: Mapping[str, list[str | None]] | None = None,
) -> None:
    assessment = page.book.assessment
    frame = assessment.frames[name].assign(**(replaced or {}))
    columns = [
        TableColumn(
            str(each), say(f"report.frame.{each}"), *looks.get(str(each), ("text", 20)), wrap=True
        )
        for each in frame.columns
    ]
    page.columns(*(column.width for column in columns))
    page.title()
    for note in notes:
        page.line(page.say(note), "note")
    table = DataTable(page, name, columns)
    page.printed(repeat=table.head)
    page.sheet.freeze_panes(table.head + 1, 0)
    table.write(frame_rows(frame, words_of(assessment)))
