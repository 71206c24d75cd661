"""Cells that have a look and no value, thinned out before the XML parser sees them.

A form's empty rows are most of what its sheet stores; a run of blank cells says no more than the
last of them, which stays so that cells without a name are still counted from the right place.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.workbook.values import Tally

_CELL = rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?: t="[a-z]")? ?/>'
_RUN = re.compile(b"(?:" + _CELL + b")+(" + _CELL + b")")
_BEGINNING = b"<c "
_MARKED_SECTION = b"<!"


def thinned(chunks: Iterable[bytes], tally: Tally) -> Iterator[bytes]:
    """Pass a sheet's pieces on without all but the last cell of each run of blank ones.

    From the first comment or marked section on, in which such bytes may be text, nothing is cut.
    """
    before = b""
    plain = True
    for chunk in chunks:
        plain = plain and _MARKED_SECTION not in before + chunk
        if plain:
            kept = _RUN.sub(rb"\1", chunk)
            if len(kept) != len(chunk):
                tally.blanks += chunk.count(_BEGINNING) - kept.count(_BEGINNING)
            yield kept
        else:
            yield chunk
        before = chunk[-1:]
