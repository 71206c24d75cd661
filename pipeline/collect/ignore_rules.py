"""What of all that comes may be a workbook, judged by its name, its declared type and its bytes."""

import re

NOT_A_REPORT = "not-a-report"
LOCK_FILE = "lock-file"

# Archives, other programs' tables and sealed mails are no workbooks either, but whoever sent one
# meant to report: they go on, and are sent back with words on what to do.
_MEANT = re.compile(
    r"\.(xl[a-z]{1,2}|ods|ots|fods|csv|tsv|et|numbers|zip|rar|7z|msg)$|^winmail\.dat$",
    re.IGNORECASE,
)
_MEANT_TYPES = ("spreadsheet", "excel", "ms-tnef")
_TEMPORARY = re.compile(
    r"^(~\$|\.)|\.(tmp|part|crdownload)$|^(thumbs\.db|desktop\.ini)$", re.IGNORECASE
)
_ZIP = b"PK\x03\x04"
_WORKBOOK_PART = b"xl/workbook"


def why_ignored(name: str, data: bytes, content_type: str = "") -> str:
    """Why a file is left unopened, a code of the catalogue; nothing where it may be a workbook."""
    if is_temporary(name):
        return LOCK_FILE
    declared = any(each in content_type.lower() for each in _MEANT_TYPES)
    inside = data.startswith(_ZIP) and _WORKBOOK_PART in data
    return "" if declared or inside or _MEANT.search(name) else NOT_A_REPORT


def is_temporary(name: str) -> bool:
    """Whether a program or the system keeps such a file beside the real ones."""
    return bool(_TEMPORARY.search(name))
