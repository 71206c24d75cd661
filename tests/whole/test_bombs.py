"""A hundred good workbooks beside one bomb of each kind: the hundred count, and none the wiser."""

import json
import subprocess
import sys

import pytest

from tests.support.bombs import bombs

pytestmark = pytest.mark.office

MEASURE = """
import json, resource, sys
from pathlib import Path
from pipeline.workbook.reader import NotAWorkbook, Workbook, open_workbook
from pipeline.workers import map_guarded

if __name__ == "__main__":
    datas = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
    opened = map_guarded(open_workbook, datas, patience=float(sys.argv[2]))
    kinds = ["good" if isinstance(each, Workbook) else str(getattr(each, "reason", each.code
             if hasattr(each, "code") else "")) for each in opened]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"kinds": kinds, "peak": peak}))
"""


def opened(folder, root):
    command = [sys.executable, "-c", MEASURE, str(folder), "30"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured otherwise there")
def test_a_hundred_good_files_beside_a_bomb_of_each_kind(root, tmp_path):
    good = (root / "tests/cases/workbooks/wps-dispimg.xlsx").read_bytes()
    plain, mixed = tmp_path / "plain", tmp_path / "mixed"
    names = []
    for folder in (plain, mixed):
        folder.mkdir()
        for number in range(100):
            (folder / f"{number:03}-good.xlsx").write_bytes(good)
    for number, (name, data) in enumerate(bombs()):
        names.append(name)
        (mixed / f"{number * 6:03}-{name}.xlsx").write_bytes(data)
    without, beside = opened(plain, root), opened(mixed, root)
    assert beside["kinds"].count("good") >= 100
    ends = {
        path.name: kind for path, kind in zip(sorted(mixed.iterdir()), beside["kinds"], strict=True)
    }
    assert {name for name, kind in ends.items() if "good.xlsx" in name and kind != "good"} == set()
    assert beside["peak"] <= 1.5 * without["peak"], (without["peak"], beside["peak"], ends)
