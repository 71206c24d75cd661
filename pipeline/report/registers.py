"""The annex of the divisions' own words, and the register of everything received."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.report.frame_tables import frame_table
from pipeline.report.labels import reasons
from pipeline.report.page import Page
from pipeline.report.writers import sheet

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


@sheet("annex")
def annex_sheet(page: Page) -> None:
    """Write the divisions' own rows, measure by measure; their texts are never joined."""
    _sheet(page, page.book.assessment.frames["annex"], _ANNEX, ("note",))


@sheet("files")
def files_sheet(page: Page) -> None:
    """Write a line for everything received, with hash, mail and what became of it."""
    assessment = page.book.assessment
    frame = assessment.frames["files"]
    told = {"reason": list(reasons(assessment))} if len(frame) else {}
    _sheet(page, frame.assign(**told), _FILES, ("note", "chain"))


def _sheet(
    page: Page,
    frame: pd.DataFrame,
    columns: Mapping[str, tuple[str, float]],
    notes: Sequence[str],
) -> None:
    page.columns(*(width for _, width in columns.values()))
    page.title()
    for note in notes:
        page.line(page.say(note), "note")
    page.sheet.freeze_panes(page.at + 1, 0)
    frame_table(page, page.key, frame, {name: look for name, (look, _) in columns.items()})
