"""What an analyst wants to know when a run ends: a headline and a few rows."""

from collections import Counter

from pipeline.digests import edition
from pipeline.messages import edition_name, figure_text, figure_title, say
from pipeline.model import Assessment, Outcome
from schemas.kit.thai.dates import format_date

_SHOWN = (
    "plan.score_pct",
    "plan.done_share_pct",
    "submissions.completeness_pct",
    "procurement.year.contracts",
    "procurement.year.agreed_baht",
    "complaints.received",
)


def summary(assessment: Assessment, lang: str) -> tuple[str, list[tuple[str, str]]]:
    """(headline, rows of title and value) in one language."""
    plan, figures = assessment.plan, assessment.figures
    headline = say(
        "screen.headline",
        lang,
        organisation=plan.organisation.name,
        round=plan.name,
        edition=edition_name(edition(assessment), lang),
        as_of=format_date(assessment.as_of.date()),
    )
    rows = [
        (say("screen.files-title", lang), _files(assessment, lang)),
        (say("screen.findings-title", lang), _findings(assessment, lang)),
        (say("screen.plan-title", lang), _plan(assessment)),
    ]
    shown = [(figure_title(figures[key], lang), figure_text(figures[key])) for key in _SHOWN]
    return headline, [*rows, *shown]


def _files(assessment: Assessment, lang: str) -> str:
    counts = {str(o): assessment.figures[f"balance.{o}"].value for o in Outcome}
    return say("screen.files", lang, **counts)


def _findings(assessment: Assessment, lang: str) -> str:
    told = (each for each in assessment.findings if not each.is_signal)
    counts = Counter(each.severity.name.lower() + "s" for each in told)
    return say("screen.findings", lang, **{k: counts[k] for k in ("errors", "warnings", "notes")})


def _plan(assessment: Assessment) -> str:
    keys = ("registered", "done", "in_progress", "cannot", "waiting")
    return " / ".join(figure_text(assessment.figures[f"plan.{key}"]) for key in keys)
