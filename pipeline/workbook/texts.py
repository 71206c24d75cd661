"""Texts as a workbook stores them: escapes undone, furigana left out, shared ones in a table."""

import re

from pipeline.workbook.package import Package
from pipeline.workbook.refusal import damaged, too_big
from pipeline.workbook.xml_stream import LONGEST_TEXT, Attributes, Handlers

MOST_STRINGS = 2_000_000  # as many as the cells that may name them

_COUNT_DIGITS = 20  # a longer count is no count
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROLS = {code: None for code in range(0x20) if chr(code) not in "\t\n\r"}


def plain(text: str) -> str:
    """Undo the escapes of a stored text and drop control characters, which no cell can show."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Two escapes may stand for one character beyond the first plane; half of one is none.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.translate(_CONTROLS)


class TextRuns:
    """The runs of one rich text as they come, put together at its end."""

    __slots__ = ("_length", "_parts", "_reading")

    def __init__(self) -> None:
        """Start with no text."""
        self._parts: list[str] = []
        self._length = 0
        self._reading = True

    def begin(self, _: Attributes) -> None:
        """Forget the text before."""
        self._parts = []
        self._length = 0
        self._reading = True

    def begin_phonetic(self, _: Attributes) -> None:
        """Leave out what follows: it says how the text is read aloud."""
        self._reading = False

    def end_phonetic(self, _: str) -> None:
        """Take up the text again."""
        self._reading = True

    def add(self, text: str) -> None:
        """Take one run."""
        if not self._reading:
            return
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise too_big("text", self._length, LONGEST_TEXT)
        self._parts.append(text)

    def whole(self) -> str:
        """Give the runs as one text."""
        return plain("".join(self._parts))


def read_shared_texts(package: Package, part: str) -> list[str]:
    """Give the table of texts that cells name by their place in it."""
    table: list[str] = []
    runs = TextRuns()

    def announce(attributes: Attributes) -> None:
        promised = attributes.get("uniqueCount", "0")
        digits = promised.isascii() and promised.isdigit() and len(promised) < _COUNT_DIGITS
        if not digits or int(promised) > package.size(part):
            raise damaged(part)

    def end(_: str) -> None:
        table.append(runs.whole())
        if len(table) > MOST_STRINGS:
            raise too_big("strings", len(table), MOST_STRINGS)

    handlers = Handlers(
        {"sst": announce, "si": runs.begin, "rPh": runs.begin_phonetic},
        {"t": runs.add, "rPh": runs.end_phonetic, "si": end},
    )
    package.parse(part, handlers)
    return table
