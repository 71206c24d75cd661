"""What is typed wrongly is one sentence with what may have been meant, and ends with 2."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline.cli import main
from pipeline.cli.worded import enter


@pytest.fixture
def typed(monkeypatch, capsys):
    """What a command says, and its exit code."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["pipeline", *words])
        with pytest.raises(SystemExit) as ended:
            enter(main)
        out, err = capsys.readouterr()
        return ended.value.code, out, err.splitlines()

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rum"], "ไม่มีคำสั่ง rum หมายถึง run หรือไม่"),
        (["--lang", "en", "statsu"], "There is no command statsu. Is it status?"),
        (["xyzzy"], "ไม่มีคำสั่ง xyzzy"),
        (["run", "--as", "5"], "คำสั่งนี้ไม่มีตัวเลือก --as หมายถึง --as-of หรือไม่"),
        (["run", "--jobs"], "ตัวเลือก --jobs ต้องมีค่าตามหลัง"),
        (["run", "--jobs", "99"], "ค่าของ --jobs ใช้ไม่ได้ ใช้ได้เฉพาะ 1 – 64"),
        (["run", "--jobs", "two"], "ค่าของ --jobs ใช้ไม่ได้ ใช้ได้เฉพาะ 1 – 64"),
        (["correct", "--measure", "0", "x"], "ค่าของ --measure ใช้ไม่ได้ ใช้ได้เฉพาะ ≥ 1"),
        (["run", "--pdf=3"], "ตัวเลือก --pdf ไม่มีค่าตามหลัง"),
        (["run", "--lang", "xx"], "ค่าของ --lang ใช้ไม่ได้ ใช้ได้เฉพาะ th, en"),
        (["explain"], "ยังไม่ได้ระบุ รหัส"),
        (["trace", "a", "--lang=en"], "SHEET is missing."),
        (
            ["run", "2566-12", "รายงาน", "กองคลัง.xlsx"],
            "มีคำเกินมา: รายงาน กองคลัง.xlsx ชื่อที่มีเว้นวรรคให้ใส่ในเครื่องหมายคำพูด",
        ),
    ],
)
def test_a_mistake_is_a_sentence_and_where_to_read_on(typed, words, said):
    code, out, lines = typed(*words)
    assert (code, out) == (2, "")
    assert lines[0] == said
    (more,) = lines[1:]
    assert more.endswith("--help")
    command = next((word for word in words if word in main.commands), "")
    assert f"pipeline {command}".strip() in more


def test_without_a_word_it_shows_what_there_is(typed):
    code, out, lines = typed()
    assert (code, lines) == (0, [])
    assert out.startswith("วิธีใช้: ")


def test_the_language_may_stand_before_the_command_behind_it_or_in_the_environment(
    typed, monkeypatch
):
    english = "There is no code"
    assert english in typed("--lang", "en", "explain", "XX-99")[2][0]
    assert english in typed("explain", "XX-99", "--lang=en")[2][0]
    monkeypatch.setenv("PIPELINE_LANG", "en")
    assert english in typed("explain", "XX-99")[2][0]
    assert english not in typed("explain", "XX-99", "--lang", "th")[2][0]
    monkeypatch.setenv("PIPELINE_LANG", "fr")
    assert english not in typed("explain", "XX-99")[2][0]


@pytest.mark.office
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_who_stops_a_run_reads_one_line_and_loses_nothing(root, tmp_path):
    command = [sys.executable, "-m", "pipeline", "run", "2566-12", "--outputs", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, stderr=subprocess.PIPE
    ) as running:
        place = tmp_path / "2566-12"
        while not any(place.rglob("*")) if place.exists() else True:
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = running.communicate()[1].decode()
    assert (running.returncode, said.split("\n")[-2]) == (2, "หยุดตามที่สั่ง ผลลัพธ์ชุดเดิมยังอยู่ครบ")
    assert "Traceback" not in said
    assert not (place / "report.xlsx").exists()
