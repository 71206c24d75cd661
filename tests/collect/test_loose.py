"""Loose files, and what `received.csv` states of them."""

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.collect import collect
from pipeline.collect.headers import BANGKOK
from pipeline.messages import say
from pipeline.model import Channel, PipelineError
from tests.support.letters import OTHER_XLSX, WHEN, XLSX, folder
from tests.support.rounds import plan_of

COLUMNS = "file,received_at,from,channel,note\r\n"


@pytest.mark.parametrize(
    "written",
    [
        "2023-10-05 14:32:10",
        "2023-10-05T07:32:10+00:00",
        "5/10/2566 14:32:10",
        "๕/๑๐/๒๕๖๖ 14.32.10",
    ],
)
def test_what_is_stated_of_a_loose_file_stands(tmp_path: Path, written: str) -> None:
    line = f"line/a.xlsx,{written},กองคลัง,LINE,ส่งทางกลุ่ม\r\n\r\n"
    (only,) = folder(
        tmp_path, {"line/a.xlsx": XLSX, "received.csv": b"\xef\xbb\xbf" + (COLUMNS + line).encode()}
    )
    assert (only.channel, only.received_at) == (Channel.LOOSE, WHEN)
    assert (only.sender, only.note) == ("กองคลัง", "LINE · ส่งทางกลุ่ม")


def test_an_hour_of_one_digit_and_no_time_at_all(tmp_path: Path) -> None:
    lines = COLUMNS + "a.xlsx,5/10/2566 9:05,,,\r\nb\\c.xlsx,,,,\r\nd.xlsx,2023-10-05,,,\r\n"
    files = {"a.xlsx": XLSX, "b/c.xlsx": OTHER_XLSX, "d.xlsx": b"", "received.csv": lines.encode()}
    at = {each.name: each.received_at for each in folder(tmp_path, files)}
    assert at["a.xlsx"] == datetime(2023, 10, 5, 9, 5, tzinfo=BANGKOK)
    assert at["c.xlsx"] is None
    assert at["d.xlsx"] == datetime(2023, 10, 5, tzinfo=BANGKOK)


MISTAKES = {
    "received-csv-not-utf8": (COLUMNS + "a.xlsx,,กองคลัง,,\r\n").encode("cp874"),
    "received-csv-columns": b"name,time\r\na.xlsx,\r\n",
    "received-csv-no-file": (COLUMNS + "b.xlsx,,,,\r\n").encode(),
    "received-csv-twice": (COLUMNS + "a.xlsx,,,,\r\na.xlsx,,,,\r\n").encode(),
    "received-csv-no-time": (COLUMNS + "a.xlsx,soon,,,\r\n").encode(),
}


@pytest.mark.parametrize(("code", "content"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_in_received_csv_is_the_operators(
    tmp_path: Path, code: str, content: bytes
) -> None:
    with pytest.raises(PipelineError) as caught:
        folder(tmp_path, {"a.xlsx": XLSX, "received.csv": content})
    assert caught.value.code == code
    for lang in ("th", "en"):
        assert "\n" not in say(f"error.{code}", lang, **caught.value.params)


@pytest.mark.parametrize("written", ["2566-10-05T09:00", "๒๕๖๖-๑๐-๐๕ ๐๙:๐๐", "2023-10-05 09:00"])
def test_a_year_in_the_thai_era_is_no_year_in_the_far_future(tmp_path: Path, written: str) -> None:
    """Else the file would be later than any that could ever replace it."""
    lines = COLUMNS + f"a.xlsx,{written},,,\r\n"
    (found,) = folder(tmp_path, {"a.xlsx": XLSX, "received.csv": lines.encode()})
    assert found.received_at == datetime(2023, 10, 5, 9, tzinfo=BANGKOK)


def test_an_hour_that_is_none_is_refused(tmp_path: Path) -> None:
    lines = COLUMNS + "a.xlsx,5/10/2566 25:00,,,\r\n"
    with pytest.raises(PipelineError) as caught:
        folder(tmp_path, {"a.xlsx": XLSX, "received.csv": lines.encode()})
    assert caught.value.params == {"line": 2, "value": "5/10/2566 25:00"}


def test_a_file_that_cannot_be_opened_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder(tmp_path, {"a.xlsx": XLSX})
    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(PipelineError) as caught:
        collect(plan_of(tmp_path))
    assert caught.value.code == "received-unreadable"
    assert "a.xlsx" in say("error.received-unreadable", "en", **caught.value.params)
