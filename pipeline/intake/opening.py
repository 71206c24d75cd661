"""The files that came opened behind a guard, and each but once in a process."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from pipeline.model import Finding, Received
from pipeline.workbook.reader import NotAWorkbook, Workbook, open_workbook
from pipeline.workers import map_guarded

Opened = Workbook | NotAWorkbook | Finding

_MOST_CELLS = 200_000  # of all workbooks that are kept; some 40 MB
_KEPT: OrderedDict[bytes, Workbook] = OrderedDict()  # by what the file holds, the oldest first


def opened(received: Sequence[Received], jobs: int) -> Mapping[bytes, Opened]:
    """What each file is once it is opened, by its bytes; those left unopened are not in it.

    Whoever settles a round twice, before a correction and after it, asks for the same files.
    """
    files = dict.fromkeys(each.data for each in received if not each.ignored)
    found: dict[bytes, Opened] = {data: _KEPT[data] for data in files if data in _KEPT}
    strange = [data for data in files if data not in found]
    found |= zip(strange, map_guarded(open_workbook, strange, jobs), strict=True)
    for data, each in found.items():
        if isinstance(each, Workbook):
            _KEPT[data] = each
            _KEPT.move_to_end(data)
    _let_go()
    return found


def _let_go() -> None:
    """Forget the oldest where too much is kept."""
    cells = sum(map(_cells, _KEPT.values()))
    while cells > _MOST_CELLS:
        cells -= _cells(_KEPT.popitem(last=False)[1])


def _cells(workbook: Workbook) -> int:
    return sum(len(sheet.cells) for sheet in workbook.sheets)
