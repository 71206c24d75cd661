"""What a sentence claims about the plan: numbers of projects by status, the score, the level."""

import re
from collections.abc import Mapping
from decimal import Decimal

from schemas.kit.thai import arabic_digits

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_CLAIMS: tuple[tuple[str, str], ...] = (
    ("base", rf"ขั้นต่ำ\s*(?:จำนวน)?\s*{_NUMBER}\s*โครงการ"),
    ("registered", rf"โครงการ(?:/กิจกรรม)?\s*(?:ทั้งหมด)?\s*จำนวน\s*{_NUMBER}\s*โครงการ"),
    ("registered", rf"โครงการทั้งหมด\s*{_NUMBER}\s*โครงการ"),
    ("registered", rf"(?<![ก-๙])จำนวน\s*{_NUMBER}\s*โครงการ"),
    ("in_progress", rf"อยู่ระหว่างดำเนินการ\s*(?:จำนวน)?\s*{_NUMBER}\s*โครงการ"),
    ("done", rf"ดำเนินการแล้ว(?:เสร็จ)?\s*(?:จำนวน)?\s*{_NUMBER}\s*โครงการ"),
    ("score_pct", rf"ร้อยละ\s*{_NUMBER}"),
)
_NONE_IN_PROGRESS = re.compile(r"ไม่มี(?:โครงการ)?สถานะอยู่ระหว่างดำเนินการ")
_LEVEL = re.compile(r"(?:อยู่ใน)?ระดับ\s*(มาก|ปานกลาง|น้อย)")
NO_BUDGET = re.compile(r"ไม่มี(?:การใช้)?งบประมาณ|ไม่ใช้งบประมาณ")
NO_OBSTACLE = re.compile(r"ไม่มีปัญหา")


def plan_claims(text: str) -> Mapping[str, Decimal | str]:
    """The plan figures that a text states, by name (registered, done, score_pct, level …).

    Thai and Arabic digits alike; numbers as Decimal, the level as its word. Figures that the text
    does not state are absent.
    """
    plain = arabic_digits(text)
    found: dict[str, Decimal | str] = {}
    for name, pattern in _CLAIMS:
        stated = re.search(pattern, plain)
        if stated and name not in found:
            found[name] = Decimal(stated.group(1))
    if "in_progress" not in found and _NONE_IN_PROGRESS.search(plain):
        found["in_progress"] = Decimal(0)
    level = _LEVEL.search(plain)
    if level:
        found["level"] = level.group(1)
    return found
