"""Makes the pictures that README shows, out of the example and messy rounds.

python -m tests.support.pictures     writes .readme/*.png (needs LibreOffice)
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.plan import load_plan
from pipeline.run import run
from pipeline.template import workbook_for
from schemas import forms
from tests.support import office
from tests.support.source import ROOT

TARGET = ROOT / ".readme"
DPI = 70
# name of the picture: the workbook it is of, and words that stand on the page that it shows
PAGES = {
    "report": ("2566-12/report.xlsx", "มาตรการ/แนวทาง"),
    "summary": ("2566-12/report.xlsx", "สรุปตัวเลขสำคัญ"),
    "status": ("2566-12-messy/report.xlsx", "สถานะการส่งรายงานของหน่วยงาน"),
    "template": ("07.xlsx", "กรอกเพิ่มเฉพาะ"),
    "check": ("07.xlsx", "ยังไม่ได้กรอก"),
    "marked": ("2566-12-messy/replies/02-1.xlsx", "รายการที่ต้องแก้ไข"),
}


def write_workbooks(folder: Path) -> None:
    """Write the workbooks that the pictures are of."""
    for name in ("2566-12", "2566-12-messy"):
        plan = load_plan(ROOT / "inputs" / name, forms())
        run(plan, folder / name)
    plan = load_plan(ROOT / "inputs" / "2566-12", forms())
    (folder / "07.xlsx").write_bytes(workbook_for(plan.division("07"), plan))


def picture(workbook: Path, words: str, target: Path) -> None:
    """The first printed page of a workbook on which the words stand, as a PNG."""
    with tempfile.TemporaryDirectory() as folder:
        pages = office.page_texts(workbook, Path(folder))
        bare = "".join(words.split())
        number = next(n for n, text in enumerate(pages, 1) if bare in "".join(text.split()))
        pdf = Path(folder) / f"{workbook.stem}.pdf"
        command = ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", "-f", str(number)]
        subprocess.run([*command, "-l", str(number), str(pdf), str(target)], check=True)


def main() -> None:
    """Make every picture."""
    with tempfile.TemporaryDirectory() as folder:
        write_workbooks(Path(folder))
        for name, (workbook, words) in PAGES.items():
            picture(Path(folder) / workbook, words, TARGET / name)
            sys.stdout.write(f"{name}.png\n")


if __name__ == "__main__":
    main()
