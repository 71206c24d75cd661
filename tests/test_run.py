"""A round before this one is settled once in a process, and anew as soon as it changes."""

import shutil

from pipeline.plan import load_plan
from pipeline.run import assess


def test_an_earlier_round_is_settled_once_until_something_of_it_changes(root, forms, tmp_path):
    for name in ("2566-06", "2566-12"):
        shutil.copytree(root / "inputs" / name, tmp_path / name)

    def earlier():
        return assess(load_plan(tmp_path / "2566-12", forms)).earlier

    first = earlier()
    assert earlier() is first
    mail = tmp_path / "2566-06" / "received" / "05.eml"
    kept = mail.read_bytes()
    mail.unlink()
    without = earlier()
    assert len(without.submissions) < len(first.submissions)
    mail.write_bytes(kept)
    plan = tmp_path / "2566-06" / "round.toml"
    high = "[criteria.bands.6.high]\nvalue = "
    text = plan.read_text("utf-8")
    assert f"{high}50\n" in text
    plan.write_text(text.replace(f"{high}50", f"{high}90"), "utf-8")
    levels = [each.figures["plan.level"].value for each in (first, earlier())]
    assert levels[0] != levels[1]
