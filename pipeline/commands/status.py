"""Who has reported, who has not, and who must act: data for the screen and for a chat."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pipeline.digests import edition, since_signed
from pipeline.files import writing
from pipeline.messages import (
    edition_name,
    figure_text,
    figure_title,
    finding_sentence,
    say,
)
from pipeline.model import (
    Assessment,
    ObligationState,
    Outcome,
    Severity,
    Signing,
)
from pipeline.outputs import fresh_folder
from pipeline.record import figures_json, obligations_json, open_items_json, signings_json
from pipeline.reply.reminders import outstanding, remind
from schemas.kit.personal_numbers import masked
from schemas.kit.thai.dates import format_date

STATES = (
    ObligationState.REPORTED,
    ObligationState.CONFIRMED_ZERO,
    ObligationState.REFUSED,
    ObligationState.MISSING,
    ObligationState.PENDING,
)
_SUMMED_UP = (
    "plan.score_pct",
    "plan.done_share_pct",
    "submissions.completeness_pct",
    "procurement.year.contracts",
    "procurement.year.agreed_baht",
    "complaints.received",
)
_NAMED_CHANGES = 3
_PLAN = ("registered", "done", "in_progress", "cannot", "waiting")


def summary(assessment: Assessment, lang: str) -> tuple[str, list[tuple[str, str]]]:
    """What an analyst wants to know when a run ends: a headline, and rows of title and value."""
    plan, figures = assessment.plan, assessment.figures
    headline = say(
        "screen.headline",
        lang,
        organisation=plan.organisation.name,
        round=plan.name,
        edition=edition_name(edition(assessment), lang),
        as_of=format_date(assessment.as_of.date()),
    )
    files = {str(each): figures[f"balance.{each}"].value for each in Outcome}
    weights = Counter(each.severity for each in assessment.findings if not each.is_signal)
    findings = {f"{each.name.lower()}s": weights[each] for each in Severity}
    states = " / ".join(figure_text(figures[f"plan.{key}"]) for key in _PLAN)
    return headline, [
        (say("screen.files-title", lang), say("screen.files", lang, **files)),
        (say("screen.findings-title", lang), say("screen.findings", lang, **findings)),
        (say("screen.plan-title", lang), states),
        *((figure_title(figures[key], lang), figure_text(figures[key])) for key in _SUMMED_UP),
    ]


def nothing_open(assessment: Assessment, lang: str) -> str:
    """That nothing is open, and what may be done with the report now."""
    now = edition(assessment).partition("-")[0]
    return say(
        f"screen.nothing-open-{now}" if assessment.plan.signings else "screen.nothing-open", lang
    )


def amendment(assessment: Assessment, lang: str) -> str:
    """What the report says otherwise than the one last signed, in one line; "" where nothing."""
    changes = since_signed(assessment)
    by_kind = {kind: [c for c in changes if c[0] == kind] for kind in ("figures", "texts", "rows")}
    named = by_kind["figures"][:_NAMED_CHANGES]
    told = [_figure_change(assessment, *each[1:], lang) for each in named]
    if more := len(by_kind["figures"]) - len(named):
        told.append(say("screen.amended-figures", lang, count=more))
    if by_kind["texts"]:
        told.append(say("screen.amended-texts", lang, count=len(by_kind["texts"])))
    if by_kind["rows"]:
        about = [assessment.plan.form(name).about for _, name, _, _ in by_kind["rows"]]
        forms = ", ".join(each.sheet if lang == "th" else each.en for each in about)
        told.append(say("screen.amended-rows", lang, forms=forms))
    return say("screen.amended", lang, changes=" · ".join(told)) if told else ""


def _figure_change(
    assessment: Assessment, name: str, then: str | None, now: str | None, lang: str
) -> str:
    figure = assessment.figures.get(name)
    title = figure_title(figure, lang) if figure else name
    before = figure_text(figure.with_text(then), lang) if figure else then or "-"
    after = figure_text(figure, lang) if figure else now or "-"
    return say("screen.amended-figure", lang, title=title, then=before, now=after)


def by_division(assessment: Assessment) -> list[tuple[str, Mapping[ObligationState, int], int]]:
    """(division's name, obligations by state, how many were late) in the order of the roster."""
    states: dict[str, Counter[ObligationState]] = defaultdict(Counter)
    late: Counter[str] = Counter()
    for status in assessment.obligation_statuses:
        states[status.obligation.division][status.state] += 1
        late[status.obligation.division] += bool(status.late_days)
    divisions = assessment.plan.divisions
    return [(each.name, states[each.code], late[each.code]) for each in divisions]


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

    def words(day: date) -> str:
        return format_date(day) if lang == "th" else day.isoformat()

    number, name, on = signing.number, signing.signed_by, words(signing.signed_on)
    if not signing.undone:
        return say("screen.signed-line", lang, number=number, name=name, day=on)
    undone = {**vars(signing.undone), "day": words(signing.undone.on)}
    return say("screen.undone-line", lang, number=number, name=name, signed_on=on, **undone)


def chat_block(assessment: Assessment) -> str:
    """What is still owed, in Thai, short enough to paste into a chat: it leaves the office."""
    plan, owed = assessment.plan, defaultdict[str, dict[str, None]](dict)
    for each in outstanding(assessment):
        owed[each.obligation.division][plan.form(each.obligation.form).about.sheet] = None
    day = format_date(assessment.as_of.date())
    if not owed:
        return say("status.chat-none", day=day)
    parts = [
        say(
            "status.owes",
            division=plan.division(code).name,
            count=str(len(forms)),
            forms=", ".join(forms),
        )
        for code, forms in owed.items()
    ]
    return masked(say("status.chat", day=day, owing=", ".join(parts)))


def reminders(assessment: Assessment, outputs: Path) -> tuple[Path, int]:
    """Draft the reminders anew in a folder of their own; gives it back, and how many there are."""
    folder = outputs / assessment.plan.name / "reminders"
    with writing(folder):
        written = remind(assessment, fresh_folder(folder))
    return folder, sum(path.suffix == ".txt" for path in written)


def as_json(assessment: Assessment) -> Mapping[str, object]:
    """`{submissions, obligations, open_items}` as `status --json` prints it; then `signed`."""
    found: dict[str, object] = {
        "submissions": figures_json(assessment, "submissions"),
        "obligations": obligations_json(assessment),
        "open_items": open_items_json(assessment),
    }
    signed = signings_json(assessment)
    return found | ({"signed": signed} if signed else {})
