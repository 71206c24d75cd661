"""Who has reported, who has not, and who must act: data for the screen and for a chat."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from pipeline.messages import say
from pipeline.model import Assessment, OpenItem, State
from pipeline.record import obligations_json, open_items_json
from schemas.kit.thai_dates import format_date

STATES = (State.REPORTED, State.CONFIRMED_ZERO, State.REFUSED, State.MISSING, State.PENDING)
_OWING = (State.MISSING, State.PENDING, State.REFUSED)


def by_division(assessment: Assessment) -> list[tuple[str, Mapping[State, int], int]]:
    """(division's name, obligations by state, how many were late) in the order of the roster."""
    found: list[tuple[str, Mapping[State, int], int]] = []
    for division in assessment.plan.divisions:
        mine = [s for s in assessment.standings if s.obligation.division == division.code]
        late = sum(1 for s in mine if s.late_days)
        found.append((division.name, Counter(s.state for s in mine), late))
    return found


def open_sentence(item: OpenItem, assessment: Assessment, lang: str) -> str:
    """One open item as a line: the division, then what is open."""
    plan = assessment.plan
    form = plan.form(item.form) if item.form else None
    named = {"form": (form.about.sheet if lang == "th" else form.about.en) if form else ""}
    text = say(f"open.{item.kind}", lang, **(dict(item.params) | named))
    return f"{plan.division(item.division).name}: {text}" if item.division else text


def who_must_act(assessment: Assessment, lang: str) -> Mapping[str, list[str]]:
    """Open items as lines, by who must act (division, analyst, executive)."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in assessment.open_items:
        line = open_sentence(item, assessment, lang)
        if line not in found[item.who]:
            found[item.who].append(line)
    return found


def chat_block(assessment: Assessment) -> str:
    """What is still owed, in Thai, short enough to paste into a chat."""
    owing: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for standing in assessment.standings:
        if standing.state in _OWING:
            form = assessment.plan.form(standing.obligation.form).about.sheet
            owing[standing.obligation.division][form] += 1
    day = format_date(assessment.as_of.date())
    if not owing:
        return say("status.chat-none", day=day)
    parts = [_owes(assessment.plan.division(code).name, forms) for code, forms in owing.items()]
    return say("status.chat", day=day, owing=", ".join(parts))


def _owes(name: str, forms: Mapping[str, int]) -> str:
    return say("status.owes", division=name, count=str(len(forms)), forms=", ".join(forms))


def as_json(assessment: Assessment) -> Mapping[str, object]:
    """`{submissions, obligations, open_items}` as `status --json` prints it."""
    return {
        "submissions": {
            key.removeprefix("submissions."): figure.value
            if figure.unit == "count"
            else (None if figure.value is None else float(figure.value))
            for key, figure in assessment.figures.items()
            if key.startswith("submissions.")
        },
        "obligations": obligations_json(assessment),
        "open_items": open_items_json(assessment),
    }
