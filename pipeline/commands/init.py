"""The first hour of a municipality: what is known of a round → its folder, which runs at once.

The words of `round.toml` stand in `new_round/`: a skeleton with $places, each between the quotation
marks of a TOML text unless it is a number or a day.
"""

import json
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template

from pipeline.collect import COLUMNS, FOLDER, RECEIVED_CSV
from pipeline.commands.default_roster import owners, with_duties
from pipeline.commands.questions import Answers
from pipeline.files import writing
from pipeline.model import Division, PipelineError
from pipeline.plan import ROUND_TOML
from schemas.kit.thai.calendar import Round
from schemas.kit.thai.dates import format_month
from schemas.kit.thai.thai_text import thai_digits


def refuse_existing(folder: Path) -> None:
    """Raise PipelineError where the round is there already: it is never overwritten."""
    if (folder / ROUND_TOML).exists():
        raise PipelineError("init-exists", file=folder.as_posix())


def write_round(
    answers: Answers, divisions: Sequence[Division], inputs: Path, outputs: Path
) -> tuple[Path, Path]:
    """Write the round's `round.toml` and the register of its `received/` folder; their paths.

    Raises PipelineError where the round is there already, or nothing can be written.
    """
    refuse_existing(inputs / answers["round"].name)
    text = round_toml(answers, divisions).replace("\n", "\r\n")
    return make_folder(inputs / answers["round"].name, text, outputs)


def make_folder(folder: Path, text: str, outputs: Path) -> tuple[Path, Path]:
    """A round's folder with this `round.toml` and its register of loose files; their paths."""
    plan, register = folder / ROUND_TOML, folder / FOLDER / RECEIVED_CSV
    with writing(folder):
        (outputs / folder.name).mkdir(parents=True, exist_ok=True)
        register.parent.mkdir(parents=True, exist_ok=True)
        if not register.exists():
            register.write_text(",".join(COLUMNS) + "\n", "utf-8-sig", newline="\r\n")
        plan.write_text(text, "utf-8", newline="")
    return plan, register


def round_toml(answers: Answers, divisions: Sequence[Division]) -> str:
    """The text of `round.toml`, commented and ready to load, whatever was typed."""
    year = answers["round"].fiscal_year
    duties = owners(divisions)
    typed = {key: _inside(value) for key, value in answers.items() if isinstance(value, str)}
    return Template(_skeleton("round.toml.txt")).substitute(
        typed
        | {duty: owner.code for duty, owner in duties.items()}
        | {f"{duty}_name": _inside(owner.name) for duty, owner in duties.items()},
        year=year.be,
        year_thai=thai_digits(str(year.be)),
        round=answers["round"].name,
        months=answers["round"].months,
        due=answers["due"].isoformat(),
        due_day=answers["due"].date().isoformat(),
        min_project_count=answers["min_project_count"],
        divisions="".join(_division_toml(each) for each in with_duties(divisions)),
        **_days("first", year.start),
        **_days("half", Round(year, 6).end),
        **_days("last", year.end),
    )


def _days(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": day.isoformat(), f"{name}_month": format_month(day, "short")}


def _division_toml(division: Division) -> str:
    return Template(_skeleton("division.toml.txt")).substitute(
        code=division.code,
        name=_inside(division.name),
        aliases=_texts(division.aliases),
        senders=_texts(division.senders),
        forms=", ".join(f"{form} = {list(each)}" for form, each in division.forms.items()),
        in_all=str(division.in_all).lower(),
    )


def _texts(values: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{_inside(each)}"' for each in values) + "]"


def _inside(text: str) -> str:
    """What stands between the quotation marks of a TOML text: JSON's escapes, and delete's."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


def _skeleton(name: str) -> str:
    return (files(__package__) / "new_round" / name).read_text("utf-8")
