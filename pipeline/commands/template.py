"""Blank workbooks for a round, prefilled with what the earlier round has accepted."""

from pathlib import Path

from pipeline.model import PipelineError, Plan
from pipeline.run import assess
from pipeline.template import templates


def make_templates(plan: Plan, folder: Path, division: str | None) -> list[Path]:
    """Write a workbook for each division that owes something; PipelineError for a strange code."""
    if division is not None and division not in {each.code for each in plan.divisions}:
        raise PipelineError("unknown-division", division=division)
    earlier = next((assess(each) for each in plan.earlier_rounds), None)
    return templates(plan, folder, earlier, division)
