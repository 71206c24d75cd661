"""A round of its own to which mails are delivered, with or without parts of a division."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from pipeline.plan import load_plan
from pipeline.record import run_json
from pipeline.reply import reply
from pipeline.run import assess, template_for
from pipeline.template import workbook_for
from tests.example.generate import Letter, mail, procurement_rows

FINANCE, SUPPLIES, REVENUE = (
    f"{name}@chachoengsao.example" for name in ("finance", "supplies", "revenue")
)
PARTS = f"""
[[divisions.parts]]
code = "1"
name = "ฝ่ายพัสดุ"
aliases = ["งานพัสดุ"]
senders = ["{SUPPLIES}"]
forms = ["procurement"]
[[divisions.parts]]
code = "2"
name = "ฝ่ายพัฒนารายได้"
senders = ["{REVENUE}"]
forms = ["procurement"]
"""
FORM = "procurement"
NOON = datetime.fromisoformat("2023-10-02T12:00:00+07:00")
MAY = date(2023, 5, 1)


@pytest.fixture
def town(tmp_path, root, forms):
    """A round of its own to which mails are delivered, with or without parts of กองคลัง."""
    folder = tmp_path / "2566-12"
    (folder / "received").mkdir(parents=True)
    text = (root / "inputs/2566-12/round.toml").read_text("utf-8")
    text = text.replace(f'"{FINANCE}"]', f'"{FINANCE}", "{SUPPLIES}", "{REVENUE}"]')
    head, tail = text.split('\n[[divisions]]\ncode = "03"', 1)

    class Town:
        def __init__(self):
            self.parts(PARTS)
            self.sent = 0

        def parts(self, told):
            whole = f'{head}{told}\n[[divisions]]\ncode = "03"{tail}'
            (folder / "round.toml").write_text(whole, "utf-8")
            self.plan = load_plan(folder, forms)

        def changes(self, text):
            (folder / "corrections.toml").write_text(text, "utf-8")
            self.plan = load_plan(folder, forms)

        def book(self, rows, part="", cover=(), plan=None):
            plan = plan or self.plan
            division = plan.division("02")
            own = next((each for each in division.parts if each.code == part), None)
            return workbook_for(division, plan, {FORM: rows, "cover": [{}, *cover]}, own)

        def mail(self, name, data, sender=FINANCE):
            self.sent += 1
            at = NOON + timedelta(hours=self.sent)
            letter = Letter(sender, "report@chachoengsao.example", "ส่งแบบรายงาน", "ตัวอย่าง\n", at)
            (folder / "received" / f"{self.sent}.eml").write_bytes(mail(letter, data, name))

        def raw(self, data):
            """A mail as it stands."""
            self.sent += 1
            (folder / "received" / f"{self.sent}.eml").write_bytes(data)

        def loose(self, name, data, sender):
            (folder / "received" / name).write_bytes(data)
            line = f"{name},2023-10-03T09:00,{sender},LINE,ตัวอย่าง\n"
            (folder / "received/received.csv").write_text(
                f"file,received_at,from,channel,note\n{line}", "utf-8"
            )

        def settle(self, **changes):
            return assess(replace(self.plan, **changes))

        def answers(self, settled):
            reply(settled, tmp_path / "out", template_for)
            folder = tmp_path / "out/replies"
            return {path.name: path.read_text("utf-8") for path in folder.glob("*.txt")}

    made = Town()
    made.folder, made.out = folder, tmp_path / "out"
    return made


@pytest.fixture
def bought(plan_12):
    """The purchases of May by the first and by the second part, without one in common."""
    rows = [row for row in procurement_rows(plan_12) if row["report_month"] == MAY]
    return rows[:2], rows[2:]


def without_parts(town):
    town.parts("")


def fates(settled):
    return {each.name: str(each.outcome) for each in settled.submissions}


def items_in(settled):
    return sorted(settled.tables[FORM].frame["contract_no"])


def codes(settled):
    return [finding.code for finding in settled.findings]


def rows_balance(settled):
    """What came in of the form, by file: read, and the sum of all fates."""
    files = run_json(settled, {})["files"]
    for counts in (each["forms"].get(FORM) for each in files):
        if counts:
            kept = {key: n for key, n in counts.items() if key not in ("outcome", "read")}
            yield counts["read"], sum(kept.values())


@pytest.fixture
def split(town, bought):
    """Two files of one division and month that have nothing in common, and no parts declared."""
    without_parts(town)
    town.mail("a.xlsx", town.book(bought[0]))
    town.mail("b.xlsx", town.book(bought[1]))
    return town
