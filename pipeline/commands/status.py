"""Who has reported, who has not, and who must act: data for the screen and for a chat."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from pipeline.files import writing
from pipeline.messages import finding_sentence, form_words, open_sentence, say
from pipeline.model import Assessment, ObligationState, OpenItem, Plan, Signing
from pipeline.record import fresh_folder, obligations_json, open_items_json
from pipeline.record.changed import signings_json
from pipeline.reply.reminders import owing, remind
from schemas.kit.personal_numbers import masked
from schemas.kit.thai.dates import format_date, format_month

STATES = (
    ObligationState.REPORTED,
    ObligationState.CONFIRMED_ZERO,
    ObligationState.REFUSED,
    ObligationState.MISSING,
    ObligationState.PENDING,
)
_TOLD_TOGETHER = ("missing", "pending", "times-unknown", "shares-no-row", "no-part")


def by_division(assessment: Assessment) -> list[tuple[str, Mapping[ObligationState, int], int]]:
    """(division's name, obligations by state, how many were late) in the order of the roster."""
    found: list[tuple[str, Mapping[ObligationState, int], int]] = []
    for division in assessment.plan.divisions:
        mine = [s for s in assessment.obligation_statuses if s.obligation.division == division.code]
        late = sum(1 for s in mine if s.late_days)
        found.append((division.name, Counter(s.state for s in mine), late))
    return found


def who_must_act(assessment: Assessment, lang: str) -> Mapping[str, list[str]]:
    """Open items as lines, by who must act (division, analyst, executive)."""
    plan = assessment.plan
    found: dict[str, dict[str, None]] = defaultdict(dict)
    groups: dict[tuple[str, str, object], list[OpenItem]] = defaultdict(list)
    for number, item in enumerate(assessment.open_items):
        apart = item.division if item.kind in _TOLD_TOGETHER else number
        groups[(item.who, item.kind, apart)].append(item)
    for (who, kind, _), items in groups.items():
        text = _together(items, plan, lang) if kind in _TOLD_TOGETHER else ""
        division = items[0].division
        name = f"{plan.division(division).name}: " if division else ""
        found[who][name + (text or open_sentence(items[0], plan, lang))] = None
    return {who: list(lines) for who, lines in found.items()}


def worse_versions(assessment: Assessment, lang: str) -> list[str]:
    """The newer versions of which fewer rows are taken in than of those before, as lines."""
    plan = assessment.plan
    return [
        f"{plan.division(each.division or '').name} {each.file}: "
        + finding_sentence(each, lang, plan.forms)
        for each in assessment.findings
        if each.code == "fewer-rows"
    ]


def signatures(assessment: Assessment, lang: str) -> list[str]:
    """Every signing, and who took one back when and why, as lines."""
    return [signature(each, lang) for each in assessment.plan.ledger.every]


def signature(signing: Signing, lang: str) -> str:
    """A signing as a line, with who took it back, when and why."""
    said: dict[str, object] = {"number": signing.number, "name": signing.signed_by}
    signed_on = _day(signing.signed_on, lang)
    if not signing.undone:
        return say("screen.signed-line", lang, day=signed_on, **said)
    said |= {"by": signing.undone.by, "reason": signing.undone.reason, "signed_on": signed_on}
    return say("screen.undone-line", lang, day=_day(signing.undone.on, lang), **said)


def _day(day: date, lang: str) -> str:
    return format_date(day) if lang == "th" else day.isoformat()


def _together(items: Sequence[OpenItem], plan: Plan, lang: str) -> str:
    """What one division owes on one line: its forms, the months of each behind it."""
    months: dict[str, list[date]] = defaultdict(list)
    for item in items:
        month = item.params.get("month", "")
        months[form_words(item, plan, lang)] += [date.fromisoformat(month)] if month else []
    forms = [f"{form} ({_spans(of, plan)})" if of else form for form, of in months.items()]
    said = say(f"open.{items[0].kind}", lang, form=", ".join(forms), month="")
    return " ".join(said.split())


def _spans(months: Sequence[date], plan: Plan) -> str:
    """Months of the round in words; those that follow one another as a span."""
    listed = plan.round.months_list
    places = enumerate(listed.index(month) for month in months)
    runs = groupby(places, key=lambda each: each[1] - each[0])
    spans = [[listed[place] for _, place in run] for _, run in runs]
    return ", ".join(_span(each[0], each[-1]) for each in spans)


def _span(first: date, last: date) -> str:
    ends = dict.fromkeys(format_month(month, "short") for month in (first, last))
    return "–".join(ends)


def chat_block(assessment: Assessment) -> str:
    """What is still owed, in Thai, short enough to paste into a chat: it leaves the office."""
    owed: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for obligation_status in owing(assessment):
        form = assessment.plan.form(obligation_status.obligation.form).about.sheet
        owed[obligation_status.obligation.division][form] += 1
    day = format_date(assessment.as_of.date())
    if not owed:
        return say("status.chat-none", day=day)
    parts = [_owes(assessment.plan.division(code).name, forms) for code, forms in owed.items()]
    return masked(say("status.chat", day=day, owing=", ".join(parts)))


def _owes(name: str, forms: Mapping[str, int]) -> str:
    return say("status.owes", division=name, count=str(len(forms)), forms=", ".join(forms))


def reminders(assessment: Assessment, outputs: Path) -> tuple[Path, int]:
    """Draft the reminders anew in a folder of their own; gives it back, and how many there are."""
    folder = outputs / assessment.plan.name / "reminders"
    with writing(folder):
        written = remind(assessment, fresh_folder(folder))
    return folder, sum(path.suffix == ".txt" for path in written)


def as_json(assessment: Assessment) -> Mapping[str, object]:
    """`{submissions, obligations, open_items}` as `status --json` prints it; then `signed`, if so."""
    found: dict[str, object] = {
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
    signed = signings_json(assessment)
    return found | ({"signed": signed} if signed else {})
