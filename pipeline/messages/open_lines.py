"""Open items as lines, below whoever must act."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from pipeline.messages import form_words, open_sentence, say
from pipeline.model import Assessment, OpenItem, Plan
from schemas.kit.thai.dates import format_month

_TOLD_TOGETHER = (
    "missing",
    "pending",
    "times-unknown",
    "same-moment",
    "shares-no-row",
    "no-part",
)


def who_must_act(assessment: Assessment, lang: str) -> Mapping[str, list[str]]:
    """Open items as lines, by who must act (division, analyst, executive)."""
    plan = assessment.plan
    lines: dict[str, dict[str, None]] = defaultdict(dict)
    groups: dict[tuple[str, str, object], list[OpenItem]] = defaultdict(list)
    for number, item in enumerate(assessment.open_items):
        apart = item.division if item.kind in _TOLD_TOGETHER else number
        groups[(item.who, item.kind, apart)].append(item)
    for (who, kind, _), items in groups.items():
        text = _together(items, plan, lang) if kind in _TOLD_TOGETHER else ""
        division = items[0].division
        name = f"{plan.division(division).name}: " if division else ""
        lines[who][name + (text or open_sentence(items[0], plan, lang))] = None
    return {who: list(each) for who, each in lines.items()}


def _together(items: Sequence[OpenItem], plan: Plan, lang: str) -> str:
    """What one division owes on one line: its forms, the months of each behind it."""
    months: dict[str, list[date]] = defaultdict(list)
    for item in items:
        month = item.params.get("month", "")
        months[form_words(item, plan, lang)] += [date.fromisoformat(month)] if month else []
    forms = [f"{form} ({_spans(of, plan)})" if of else form for form, of in months.items()]
    sentence = say(f"open.{items[0].kind}", lang, form=", ".join(forms), month="")
    return " ".join(sentence.split())


def _spans(months: Sequence[date], plan: Plan) -> str:
    """Months of the round in words; those that follow one another as a span."""
    listed = plan.round.months_list
    places = enumerate(listed.index(month) for month in months)
    runs = groupby(places, key=lambda each: each[1] - each[0])
    spans = [[format_month(listed[place], "short") for _, place in run] for _, run in runs]
    return ", ".join("–".join(dict.fromkeys((each[0], each[-1]))) for each in spans)
