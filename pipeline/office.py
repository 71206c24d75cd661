"""LibreOffice, where it is installed: the pages of a workbook as PDF."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from pipeline.model import PipelineError

_COMMANDS = ("soffice", "libreoffice")
# Its installers for Windows and macOS put no command on the path.
_PLACES = (
    Path(os.environ.get("PROGRAMFILES", "C:/Program Files"), "LibreOffice/program/soffice.exe"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_PATIENCE = 300.0  # seconds; a report of a whole year takes a few


def find_office() -> Path:
    """The LibreOffice of this machine. Raises PipelineError where there is none."""
    commands = (shutil.which(name) for name in _COMMANDS)
    programs = [Path(command) for command in commands if command]
    programs += [place for place in _PLACES if place.is_file()]
    if not programs:
        raise PipelineError("no-office")
    return programs[0]


def pages_of(workbook: Path, office: Path | None) -> None:
    """Write a workbook's pages beside it as PDF; nothing without an office.

    A profile of its own lets it work while the user has LibreOffice open. Raises PipelineError
    where no PDF came of it.
    """
    if office is None:
        return
    with tempfile.TemporaryDirectory() as profile:
        command = [str(office), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(workbook.parent), str(workbook)]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603 - a program found by name, a file of ours
            why = ended.stderr.decode("utf-8", "replace")
        except (OSError, subprocess.TimeoutExpired) as error:
            why = str(error)
    if not workbook.with_suffix(".pdf").is_file():
        raise PipelineError("no-pdf", office=office.as_posix(), why=" ".join(why.split()))
