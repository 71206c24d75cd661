"""`round.toml` written with something else in it, loaded or refused."""

import pytest

from pipeline.plan import load_plan

CODES = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "90")
EXTENSION = """
[[extension]]
division = "02"
due = 2023-10-09T16:30:00+07:00
reason = "ระบบขัดข้อง (ตัวอย่าง)"
approved_by = "(ตัวอย่าง)"
"""


@pytest.fixture(scope="session")
def plan_text(root):
    """What stands in the 12-month round of the example."""
    return (root / "inputs" / "2566-12" / "round.toml").read_text("utf-8")


@pytest.fixture
def load_text(tmp_path, forms):
    """Load a round.toml of these words, alone or beside others."""

    def written(words, name="2566-12", encoding="utf-8"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "round.toml").write_bytes(words.encode(encoding))
        return load_plan(folder, forms)

    return written


def changed(text, old, new):
    assert old in text
    return text.replace(old, new, 1)
