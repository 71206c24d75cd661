"""`run --pdf`: the report's own pages, by the real LibreOffice; a clear line where there is none."""

import json
import subprocess
import unicodedata

import openpyxl
import pytest

from pipeline import office as program
from pipeline.model import PipelineError
from pipeline.office import find_office, pages_of
from tests.support import office
from tests.support.typed import typed

pytestmark = pytest.mark.office


@pytest.fixture
def pipeline(root):
    def run(*words):
        return typed(*words, folder=root)

    return run


@pytest.fixture
def real_office():
    office.require_office()
    return find_office()


@pytest.mark.office
@pytest.mark.usefixtures("real_office")
def test_the_pages_of_the_report_stand_beside_it(pipeline, tmp_path):
    done = pipeline("run", "2566-06", "--pdf", "--outputs", str(tmp_path))
    made = tmp_path / "2566-06"
    assert done.returncode == 0
    assert (made / "report.pdf").as_posix() in done.stdout.decode()
    text = pdf_text(made / "report.pdf")
    assert "รายงานผลการดำเนินการ" in text
    for sheet in openpyxl.load_workbook(made / "report.xlsx").worksheets[2:]:
        assert letters(sheet["A1"].value) in letters(text)
    # Its bytes tell the time, so the record of the same inputs does not speak of it.
    assert "report.pdf" not in json.loads((made / "run.json").read_text("utf-8"))["written"]


def test_a_run_without_it_leaves_no_pages_of_another_report(pipeline, tmp_path):
    old = tmp_path / "2566-06" / "report.pdf"
    old.parent.mkdir()
    old.write_bytes(b"%PDF of another run")
    assert pipeline("run", "2566-06", "--outputs", str(tmp_path)).returncode == 0
    assert not old.exists()


def test_without_the_program_nothing_is_begun_and_a_line_says_what_to_do(
    pipeline, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = pipeline("run", "2566-06", "--pdf", "--outputs", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "LibreOffice" in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_a_program_that_makes_no_pages_is_told(tmp_path):
    workbook = tmp_path / "report.xlsx"
    workbook.write_bytes(b"")
    with pytest.raises(PipelineError) as caught:
        pages_of(workbook, tmp_path / "no-such-program")
    assert caught.value.code == "no-pdf"
    assert "no-such-program" in caught.value.params["why"]


def test_an_installation_off_the_path_is_found(tmp_path, monkeypatch):
    place = tmp_path / "soffice.exe"
    place.write_bytes(b"")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(program, "_PLACES", (place,))
    assert find_office() == place


def pdf_text(path):
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def letters(text):
    """A text without blanks and marks over letters, which a PDF gives in any order."""
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")
