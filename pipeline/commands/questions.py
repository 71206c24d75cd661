"""What must be known of a new round: each question, and how what is typed is read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from pipeline.collect.headers import BANGKOK
from pipeline.commands.default_roster import kinds, usual_divisions
from pipeline.files import is_safe_name
from pipeline.model import Division
from pipeline.plan import ALL
from schemas.kit.thai.calendar import FiscalYear, Quarter, Round
from schemas.kit.thai.dates import BE, parse_moment
from schemas.kit.thai.thai_text import arabic_digits, clean, matching_key

Answers = Mapping[str, Any]
_CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")
_ADDRESS = re.compile(r"[0-9A-Za-z._%+'-]+@[0-9A-Za-z.-]+\.[0-9A-Za-z-]+")
_LONGEST = 120
_LONGEST_ADDRESS = 254
_YEARS = range(2500, 2600)
_MOST_PROJECTS = 9999
_YEAR_OF_GRACE = timedelta(days=365)
_OFFICE_CLOSES = time(16, 30)
_LEFT_OUT = "-"
_TO_MONDAY = {5: 2, 6: 1}


@dataclass(frozen=True)
class Question:
    """One thing that must be known of a new round.

    `read` gives None for an answer that cannot be used; `suggested` is what to offer, which is
    taken without asking only where it is `certain`.
    """

    key: str
    read: Callable[[str, Answers], object]
    suggested: Callable[[Answers], str] = lambda _: ""
    certain: bool = False


def _line(text: str, _: Answers) -> str | None:
    """A text of one line, as it will be printed; a broken character cannot be written."""
    plain = " ".join(clean(text).split("\n"))
    broken = plain != plain.encode("utf-8", "replace").decode("utf-8")
    return None if broken or len(plain) > _LONGEST else plain or None


def _whole(text: str, choices: Sequence[int]) -> int | None:
    plain = arabic_digits(clean(text))
    number = int(plain) if re.fullmatch("[0-9]{1,6}", plain) else -1
    return number if number in choices else None


def read_due(text: str, answers: Answers) -> datetime | None:
    """A day and a time of day, from the round's last day to a year after it."""
    day, at = parse_moment(text) or (None, None)
    if day is None or at is None:
        return None
    first, last = answers["round"].end, answers["round"].end + _YEAR_OF_GRACE
    return datetime.combine(day, at, BANGKOK) if first <= day < last else None


def no_weekend(day: date) -> date:
    """The day itself, or the Monday after a weekend's."""
    return day + timedelta(days=_TO_MONDAY.get(day.weekday(), 0))


def _some_day_due(answers: Answers) -> str:
    """The first working day from the tenth after the round's end, as the office closes."""
    day = no_weekend(answers["round"].end + timedelta(days=10))
    return f"{day.day}/{day.month}/{day.year + BE} {_OFFICE_CLOSES:%H.%M}"


def _round(text: str, answers: Answers) -> Round | None:
    months = _whole(text, (6, 12))
    return Round(FiscalYear(answers["year"]), months) if months else None


def _present_round(answers: Answers) -> str:
    return "6" if Quarter.of(answers["today"]).number <= 2 else "12"


def _kind(answers: Answers) -> str:
    """The kind with which an organisation's name begins."""
    name = answers["organisation"]
    return next((kind for kind in kinds() if name.startswith(kind)), "")


def _address(text: str, _: Answers) -> str | None:
    addresses = _addresses(text)
    return addresses[0] if addresses and len(addresses) == 1 else None


def _addresses(text: str) -> tuple[str, ...] | None:
    """The addresses in a text, between commas or blanks; None where one of them is none."""
    addresses = tuple(filter(None, re.split(r"[\s,;]+", clean(text))))
    sound = (_ADDRESS.fullmatch(each) and len(each) <= _LONGEST_ADDRESS for each in addresses)
    return addresses if all(sound) else None


WHICH_ROUND = (
    Question(
        "year",
        lambda text, _: _whole(text, _YEARS),
        lambda answers: str(FiscalYear.of(answers["today"]).be),
    ),
    Question("round", _round, _present_round),
)
ABOUT_IT = (
    Question("due", read_due, _some_day_due),
    Question("organisation", _line),
    Question("kind", _line, _kind, certain=True),
    Question("province", _line),
    Question("code", _line),
    Question("contact", _line),
    Question("phone", _line),
    Question("email", _address),
    Question("min_project_count", lambda text, _: _whole(text, range(1, _MOST_PROJECTS + 1))),
)


def read_division(text: str, earlier: Sequence[Division]) -> Division | None:
    """A division written `code=name=addresses`, the last part as one likes.

    None where it cannot be used; code and name are no earlier division's.
    """
    code, _, rest = text.partition("=")
    typed, _, addresses = rest.partition("=")
    code, name, senders = arabic_digits(clean(code)), _line(typed, {}), _addresses(addresses)
    if name is None or senders is None or not _CODE.fullmatch(code) or not is_safe_name(code):
        return None
    codes = {each.code.casefold() for each in earlier} | {ALL.casefold()}
    names = {matching_key(each.name) for each in earlier}
    if code.casefold() in codes or matching_key(name) in names:
        return None
    aliases = {each.name: each.aliases for each in usual_divisions()}
    return Division(code, name, aliases.get(name, ()), senders)


def kept(division: Division, text: str) -> tuple[Division, ...] | None:
    """A usual division with the addresses typed for it; nothing for a dash, which leaves it out."""
    addresses = _addresses(text)
    if text.strip() == _LEFT_OUT:
        return ()
    return None if addresses is None else (replace(division, senders=addresses),)


def added(text: str, earlier: Sequence[Division]) -> tuple[Division, ...] | None:
    """One more division; nothing for a blank, which ends the roster unless it is empty."""
    if not text.strip() and earlier:
        return ()
    division = read_division(text, earlier)
    return None if division is None else (division,)
