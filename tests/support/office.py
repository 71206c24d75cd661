"""The real LibreOffice as a measuring instrument: recalculates, renders and fits rows.

One LibreOffice with a profile of its own serves a whole run of the tests (a start costs two
seconds). It calculates every formula anew on loading, or a test of cached values could not fail,
and it sees a stand-in for TH Sarabun New, which no package carries: Laksaman, the same design
drawn larger, with the units of its em changed. The stand-in lives in a temporary folder.

    python -m tests.support.office render FILE FOLDER     pages as PNG, to look at
"""

import atexit
import contextlib
import json
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

SOFFICE = "soffice"
PYTHON_WITH_UNO = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python")
FONTS = Path("/usr/share/fonts")
STAND_IN = "TH Sarabun New"
EM = 1515
USE_TYPOGRAPHIC_METRICS = 1 << 7
THAI = "th-TH"
PATIENCE = 180.0
PACKAGES = "libreoffice-calc python3-uno fonts-thai-tlwg fonts-crosextra-carlito poppler-utils"

may_be_asked = True  # not by a test that the quick half would run

Address = tuple[str, str]
Value = str | float


class ErrorValue(str):
    """What a cell shows whose formula ends in an error: `#DIV/0!`."""

    __slots__ = ()


class OfficeError(Exception):
    """LibreOffice could not do what a test asked, or ended."""


@cache
def missing() -> str | None:
    """Why LibreOffice cannot be used here, or nothing."""
    if shutil.which(SOFFICE) is None:
        return f"there is no LibreOffice here ({PACKAGES})"
    if _python_with_uno() is None:
        return f"no Python here has uno ({PACKAGES})"
    if any(_laksaman(face) is None for face in ("Laksaman", "Laksaman-Bold")):
        return f"the font Laksaman is not installed ({PACKAGES})"
    return None


def require_office() -> None:
    """Skip the test where there is no LibreOffice; in CI fail it, so that it is never lost."""
    reason = missing()
    if reason is None:
        return
    import pytest

    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def recalculate(path: Path) -> dict[Address, Value]:
    """The value of every cell that is not blank, all formulas calculated anew.

    Text is `str`, every number, date (its serial) and truth value (1.0, 0.0) `float`, an error an
    `ErrorValue`; keys are (sheet, "B7").
    """
    return {
        (sheet, cell): ErrorValue(value) if kind == "error" else value
        for sheet, cells in _ask("recalculate", str(Path(path).resolve()))
        for cell, kind, value in cells
    }


def differences(path: Path) -> tuple[int, list[tuple[str, str, object, object]]]:
    """How many formulas a workbook has, and those that come to another value than it keeps.

    Each is (sheet, address, value kept, value now); any cell that shows an error is among them.
    """
    computed = recalculate(path)
    formulas, kept = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    cells = [c for sheet in formulas for row in sheet.iter_rows() for c in row]
    places = [(c.parent.title, c.coordinate) for c in cells if c.data_type == "f"]
    pairs = [(*at, kept[at[0]][at[1]].value, computed.get(at, "")) for at in places]
    shown = [(*at, value, value) for at, value in computed.items() if isinstance(value, ErrorValue)]
    return len(places), [pair for pair in pairs if not _equal(*pair[2:])] + shown


def _equal(kept: object, now: object) -> bool:
    if isinstance(kept, (int, float)) and isinstance(now, (int, float)):
        return math.isclose(kept, now, rel_tol=1e-6, abs_tol=1e-12)
    return str("" if kept is None else kept) == str(now)


def shown(path: Path) -> dict[Address, str]:
    """What every cell that is not blank shows, through its number format."""
    sheets = _ask("shown", str(Path(path).resolve()))
    return {(sheet, cell): text for sheet, cells in sheets for cell, text in cells}


def optimal_heights(path: Path) -> dict[tuple[str, int], tuple[float, float]]:
    """(sheet, row from 1) → (its height, the lowest that shows all its text), in points."""
    sheets = _ask("optimal_heights", str(Path(path).resolve()))
    return {(sheet, row): (has, needs) for sheet, rows in sheets for row, has, needs in rows}


def convert(paths: Path | Iterable[Path], to: str, outdir: Path) -> list[Path]:
    """Store workbooks anew as `xlsx`, `ods` or `pdf` in a folder, under their own names."""
    folder = Path(outdir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sources = [Path(paths)] if isinstance(paths, (str, Path)) else [Path(path) for path in paths]
    return [
        Path(_ask("convert", str(path.resolve()), str(folder / f"{path.stem}.{to}")))
        for path in sources
    ]


def save_open(path: Path, outdir: Path, sheet: int = 0, row: int = 0) -> Path:
    """The workbook stored anew from an open window, which stands at a sheet and a row from 0."""
    target = Path(outdir).resolve() / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(_ask("save_open", str(Path(path).resolve()), str(target), sheet, row))


def locked(path: Path, password: str, outdir: Path) -> Path:
    """The workbook stored anew under a password."""
    target = Path(outdir).resolve() / path.name
    return Path(_ask("convert", str(Path(path).resolve()), str(target), password))


def render_png(path: Path, outdir: Path, dpi: int = 80) -> list[Path]:
    """The pages that LibreOffice prints, one PNG each, in their order."""
    [pdf] = convert(path, "pdf", outdir)
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(stem)], check=True)
    return sorted(stem.parent.glob(f"{stem.name}-*.png"))


def page_texts(path: Path, outdir: Path) -> list[str]:
    """The text of every page that LibreOffice prints, in its layout."""
    [pdf] = convert(path, "pdf", outdir)
    command = ["pdftotext", "-layout", "-enc", "UTF-8", str(pdf), "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode("utf-8").removesuffix("\f").split("\f")


def fill_in(path: Path, typed: Mapping[Address, str], outdir: Path) -> Path:
    """The workbook stored anew after texts were typed into cells on a Thai machine.

    LibreOffice takes what is typed for a date or a number as it takes a clerk's keys.
    """
    target = Path(outdir).resolve() / path.name
    cells = [[*place, text] for place, text in typed.items()]
    return Path(_ask("fill_in", str(path.resolve()), str(target), cells, language=THAI))


def links(path: Path) -> dict[Address, str]:
    """Where the link of every cell that has one leads, as that Thai machine shows it."""
    found = _ask("links", str(path.resolve()), language=THAI)
    return {(sheet, cell): target for sheet, cell, target in found}


def _ask(job: str, *arguments: object, language: str = "") -> Any:
    require_office()
    return _session(language).ask(job, *arguments)


@cache
def _session(language: str) -> "Office":
    office = Office(Path(tempfile.mkdtemp(prefix="office-")), language)
    atexit.register(office.close)
    return office


class Office:
    """One LibreOffice, the bridge that speaks with it, and the folder both live in."""

    def __init__(self, folder: Path, language: str = "") -> None:
        """Start both; the bridge waits until LibreOffice listens."""
        self.folder = folder
        self._tail = ""
        pipe = f"tests-{uuid.uuid4().hex}"
        environment = _environment(folder)
        profile = _write_profile(folder / "profile", language)
        self._log = (folder / "office.log").open("wb")
        self._office = subprocess.Popen(
            [
                str(shutil.which(SOFFICE)),
                "--headless",
                "--invisible",
                "--norestore",
                "--nologo",
                "--nodefault",
                f"--accept=pipe,name={pipe};urp;",
                f"-env:UserInstallation={profile.as_uri()}",
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._bridge = subprocess.Popen(
            [
                str(_python_with_uno()),
                "-E",
                str(Path(__file__).with_name("office_bridge.py")),
                pipe,
            ],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )

    def ask(self, job: str, *arguments: object) -> Any:
        """The answer to one job."""
        assert may_be_asked, "a test that needs LibreOffice bears the mark `office`"
        assert self._bridge.stdin
        assert self._bridge.stdout
        with contextlib.suppress(BrokenPipeError):
            self._bridge.stdin.write(json.dumps([job, *arguments]) + "\n")
            self._bridge.stdin.flush()
        ready, _, _ = select.select([self._bridge.stdout], [], [], PATIENCE)
        line = self._bridge.stdout.readline() if ready else ""
        if not line:
            self.close()
            _session.cache_clear()
            raise OfficeError(f"LibreOffice gave no answer to {job} {arguments}\n{self._tail}")
        answer = json.loads(line)
        if "failed" in answer:
            raise OfficeError(f"{job} {arguments}: {answer['failed']}")
        return answer["done"]

    def close(self) -> None:
        """End both, gently first, and remove their folder."""
        if not self.folder.exists():
            return
        with contextlib.suppress(subprocess.TimeoutExpired, BrokenPipeError, ValueError):
            self._bridge.communicate(timeout=10)
        self._bridge.kill()
        self._bridge.wait()
        if self._bridge.stdout:
            self._bridge.stdout.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._office.wait(timeout=10 if self._bridge.returncode == 0 else 0)
        self._end_group()
        self._office.wait()
        self._log.close()
        self._tail = (self.folder / "office.log").read_text("utf-8", "replace")[-2000:]
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end_group(self) -> None:
        """Wait for the programs that LibreOffice started; they end a moment after it."""
        for _ in range(200):
            try:
                os.killpg(self._office.pid, signal.SIGKILL)
            except ProcessLookupError:
                return
            self._office.poll()
            time.sleep(0.05)


@cache
def _python_with_uno() -> str | None:
    for python in PYTHON_WITH_UNO:
        with contextlib.suppress(OSError):
            probe = subprocess.run(
                [python, "-E", "-c", "import uno"], capture_output=True, check=False
            )
            if probe.returncode == 0:
                return python
    return None


@cache
def _laksaman(face: str) -> Path | None:
    return next(iter(sorted(FONTS.rglob(f"{face}.ttf"))), None)


def _environment(folder: Path) -> Mapping[str, str]:
    """A world without the machine's own locale, profile, display and choice of fonts."""
    fonts = folder / "fonts"
    build_stand_in(fonts)
    for name in ("home", "cache"):
        (folder / name).mkdir()
    settings = folder / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><dir>{escape(str(fonts))}</dir>"
        f"<cachedir>{escape(str(folder / 'cache'))}</cachedir></fontconfig>\n",
        "utf-8",
    )
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "SAL_USE_VCLPLUGIN": "svp",
        "FONTCONFIG_FILE": str(settings),
    }


def _write_profile(profile: Path, language: str) -> Path:
    """A profile in which every formula is calculated anew on loading, always.

    With a language, dates and numbers are typed and shown as in its country.
    """
    load = "/org.openoffice.Office.Calc/Formula/Load"
    settings = [(load, name, "0") for name in ("OOXMLRecalcMode", "ODFRecalcMode")]
    if language:
        settings.append(("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", language))
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in settings
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>\n',
        "utf-8",
    )
    return profile


def build_stand_in(folder: Path) -> list[Path]:
    """Write what looks as wide and as high as TH Sarabun New, regular and bold, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _renamed("Laksaman", "Regular", folder / "stand-in-regular.ttf"),
        _renamed("Laksaman-Bold", "Bold", folder / "stand-in-bold.ttf"),
    ]


def _renamed(face: str, style: str, target: Path) -> Path:
    from fontTools.ttLib import TTFont

    font = TTFont(_laksaman(face), recalcTimestamp=False)
    font["head"].unitsPerEm = EM
    # Windows sets lines by the font's outer metrics, LibreOffice by the typographic ones if asked.
    font["OS/2"].fsSelection &= ~USE_TYPOGRAPHIC_METRICS
    names = {
        1: STAND_IN,
        2: style,
        3: f"stand-in {style}",
        4: f"{STAND_IN} {style}",
        6: f"THSarabunNew-{style}",
    }
    font["name"].names = []
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font.save(target)
    return target


def main(arguments: list[str]) -> int:
    """Render a workbook from the command line."""
    if missing() is not None or len(arguments) != 3 or arguments[0] != "render":
        sys.stderr.write(f"{missing() or __doc__}\n")
        return 2
    for page in render_png(Path(arguments[1]), Path(arguments[2])):
        sys.stdout.write(f"{page}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
