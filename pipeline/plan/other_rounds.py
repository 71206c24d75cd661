"""What a file that was copied from another round still says: dates, a folder, a round there is."""

from datetime import date
from pathlib import Path

from pipeline.model import PipelineError
from pipeline.plan.toml_nodes import ROUND_TOML, TomlNode, parse
from schemas.kit.thai.calendar import FiscalYear, Round


def refuse_other_folder(folder: Path, this: Round) -> None:
    """A folder that is named for one round holds no other round's file."""
    try:
        named = Round.parse(folder.name)
    except ValueError:
        return
    if named != this:
        told = {"year": this.fiscal_year.be, "months": this.months}
        raise PipelineError("plan-other-folder", folder=folder.name, right=this.name, **told)


def refuse_overlap(folder: Path, this: Round) -> None:
    """One folder a round: another one of the same year and months would count all of it twice."""
    for file in sorted(folder.parent.glob(f"*/{ROUND_TOML}")):
        if file.parent.name != folder.name and _round_of(file.parent) == this:
            raise PipelineError("plan-same-round", folder=folder.name, other=file.parent.name)


def _round_of(folder: Path) -> Round | None:
    """The round of a folder; None for one for practice, and for what is no plan."""
    try:
        raw = parse(folder)
    except PipelineError:
        return None
    year, months = raw.get("fiscal_year"), raw.get("round")
    if type(year) is not int or months not in (6, 12) or raw.get("example") is True:
        return None
    return Round(FiscalYear(year), months)


def refusal(node: TomlNode, code: str, key: str, day: date, this: Round) -> PipelineError:
    """The error about a day of another round, with the days of this one; to be raised."""
    start, end = this.start, this.end if code == "plan-due-before-end" else this.fiscal_year.end
    days = {"start": start.isoformat(), "end": end.isoformat()}
    return node.refuse(code, key, day, year=this.fiscal_year.be, months=this.months, **days)
