"""The measuring instrument is measured: it recalculates, fits, renders, and ends."""

import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.support import office

pytestmark = pytest.mark.office


@pytest.fixture(autouse=True)
def installed() -> None:
    """Skip or fail where there is no LibreOffice."""
    office.require_office()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose every cached value is wrong, with rows too low, hidden and high enough."""
    path = tmp_path_factory.mktemp("book") / "เล่ม ก.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("แผ่น 1")
        sheet.write_formula("A1", "=1+1", None, 99)
        sheet.write_formula("A2", "=1/0", None, 5)
        sheet.write_formula("A3", '=""', None, "x")
        sheet.write_formula("A4", "=A1=2", None, False)
        sheet.write_formula("A5", '="ก"&A1', None, "")
        sheet.write_formula("A6", "=NA()", None, 0)
        sheet.write_string("AB2", "ข้อความ")
        wrapped = workbook.add_format(
            {"font_name": "TH Sarabun New", "font_size": 14, "text_wrap": True}
        )
        other = workbook.add_worksheet("แผ่น 2")
        for row, height in enumerate((15, 30, 200)):
            other.write_string(row, 0, "ความโปร่งใสของเทศบาล", wrapped)
            other.set_row(row, height, None, {"hidden": row == 1})
        other.set_landscape()
    return path


def test_every_formula_is_calculated_anew(book: Path) -> None:
    values = office.recalculate(book)
    assert values == {
        ("แผ่น 1", "A1"): 2.0,
        ("แผ่น 1", "A2"): "#DIV/0!",
        ("แผ่น 1", "A3"): "",
        ("แผ่น 1", "A4"): 1.0,
        ("แผ่น 1", "A5"): "ก2",
        ("แผ่น 1", "A6"): "#N/A",
        ("แผ่น 1", "AB2"): "ข้อความ",
        **{("แผ่น 2", f"A{row}"): "ความโปร่งใสของเทศบาล" for row in (1, 2, 3)},
    }
    errors = {cell for (_, cell), value in values.items() if isinstance(value, office.ErrorValue)}
    assert errors == {"A2", "A6"}


def test_a_stored_ods_is_calculated_anew_as_well(book: Path, tmp_path: Path) -> None:
    [stored] = office.convert(book, "ods", tmp_path)
    spoilt = tmp_path / "spoilt.ods"
    with zipfile.ZipFile(stored) as good, zipfile.ZipFile(spoilt, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == "content.xml":
                assert b'office:value="2"' in content
                content = content.replace(b'office:value="2"', b'office:value="7"')
            bad.writestr(name, content)
    assert office.recalculate(spoilt)["แผ่น 1", "A1"] == 2.0


def test_what_cells_show(book: Path) -> None:
    shown = office.shown(book)
    assert [shown["แผ่น 1", f"A{row}"] for row in range(1, 7)] == [
        "2",
        "#DIV/0!",
        "",
        "TRUE",
        "ก2",
        "#N/A",
    ]


def test_heights_are_compared_and_hidden_rows_left_out(book: Path) -> None:
    heights = office.optimal_heights(book)
    low, high = heights["แผ่น 2", 1], heights["แผ่น 2", 3]
    assert ("แผ่น 2", 2) not in heights
    assert low[0] == pytest.approx(15, abs=0.1)
    assert high[0] == pytest.approx(200, abs=0.4)
    assert 15 < low[1] == high[1] < 200


def test_many_files_are_converted_by_one_start(book: Path, tmp_path: Path) -> None:
    running = office._session("")
    other = tmp_path / "other.xlsx"
    other.write_bytes(book.read_bytes())
    made = office.convert([book, other], "pdf", tmp_path / "made")
    assert [path.name for path in made] == ["เล่ม ก.pdf", "other.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF-") for path in made)
    assert office._session("") is running


def test_pages_are_drawn_with_the_stand_in(book: Path, tmp_path: Path) -> None:
    pages = office.render_png(book, tmp_path, dpi=40)
    sizes = [struct.unpack(">II", page.read_bytes()[16:24]) for page in pages]
    assert sizes[0][0] < sizes[0][1]
    assert sizes[-1][0] > sizes[-1][1]
    fonts = subprocess.run(
        ["pdffonts", str(tmp_path / f"{book.stem}.pdf")], capture_output=True, text=True, check=True
    ).stdout
    assert "THSarabunNew-Regular" in fonts


def test_the_stand_in_is_as_narrow_as_what_it_stands_for(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    regular, bold = (TTFont(path) for path in office.build_stand_in(tmp_path))
    for font, style in ((regular, "Regular"), (bold, "Bold")):
        assert font["name"].getDebugName(1) == "TH Sarabun New"
        assert font["name"].getDebugName(2) == style
        names, em = font.getBestCmap(), font["head"].unitsPerEm
        widths = {sign: font["hmtx"][names[ord(sign)]][0] / em for sign in "กเ0๐ี่"}
        assert 0.36 < widths["ก"] < 0.42
        assert widths["เ"] < 0.6 * widths["ก"]
        assert 0.34 < widths["0"] < widths["๐"] < 0.47
        assert widths["ี"] == widths["่"] == 0
        line = (font["OS/2"].usWinAscent + font["OS/2"].usWinDescent) / em
        assert 1.25 < line < 1.4
    text = "เทศบาลเมืองฉะเชิงเทราได้ดำเนินการ"
    wide = [
        sum(font["hmtx"][font.getBestCmap()[ord(sign)]][0] for sign in text)
        for font in (regular, bold)
    ]
    assert wide[0] < wide[1] < 1.1 * wide[0]


def test_what_it_cannot_open_is_said_and_the_next_file_is_read(book: Path, tmp_path: Path) -> None:
    with pytest.raises(office.OfficeError, match="absent"):
        office.recalculate(tmp_path / "absent.xlsx")
    assert office.recalculate(book)["แผ่น 1", "A1"] == 2.0


def test_it_ends_with_all_its_parts(tmp_path: Path, book: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    own = office.Office(folder)
    assert own.ask("recalculate", str(book))
    pids = own._office.pid, own._bridge.pid
    own.close()
    own.close()
    assert not folder.exists()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.killpg(pids[0], 0)


def test_without_it_tests_are_skipped_but_fail_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "missing", lambda: "there is none")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is none"):
        office.require_office()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is none"):
        office.require_office()


def test_pages_can_be_looked_at_from_the_command_line(
    book: Path, tmp_path: Path, root: Path
) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.support.office", *arguments]
        return subprocess.run(
            command, check=False, cwd=root, capture_output=True, text=True, encoding="utf-8"
        )

    done = run("render", str(book), str(tmp_path / "pages"))
    assert done.returncode == 0, done.stderr
    drawn = [Path(line) for line in done.stdout.splitlines()]
    assert drawn
    assert all(page.suffix == ".png" and page.is_file() for page in drawn)
    assert run("paint").returncode == 2
