"""The divisions that municipalities have, whose each duty usually is, and what each then owes."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.model import Division
from schemas.kit.form import FormSpec
from schemas.kit.thai.thai_text import matching_key


def kinds() -> Sequence[str]:
    """The kinds of local organisation, each the beginning of its members' names."""
    return tuple(_usual()["kinds"])


def usual_divisions() -> tuple[Division, ...]:
    """The divisions that most municipalities have, without addresses."""
    rows = _usual()["divisions"]
    return tuple(Division(each["code"], each["name"], tuple(each["aliases"])) for each in rows)


def owners(divisions: Sequence[Division]) -> dict[str, Division]:
    """Whose each duty is: the first division named for it, else the first of all."""
    return {
        duty: next((each for each in divisions if _is_named(each, owner["names"])), divisions[0])
        for duty, owner in _usual()["duties"].items()
    }


def _is_named(division: Division, names: Sequence[str]) -> bool:
    return matching_key(division.name).startswith(tuple(map(matching_key, names)))


def with_duties(divisions: Sequence[Division]) -> Iterator[Division]:
    """Each division with the forms it owes."""
    duties = owners(divisions)
    for division in divisions:
        mine = [_usual()["duties"][duty] for duty, owner in duties.items() if owner is division]
        apart = any(each.get("apart") and _is_named(division, each["names"]) for each in mine)
        owed: dict[str, set[int]] = defaultdict(set)
        for forms in (_usual()["apart" if apart else "everyone"], *(d["forms"] for d in mine)):
            for form, measures in forms.items():
                owed[form].update(measures)
        every = {form: tuple(sorted(measures)) for form, measures in owed.items()}
        yield replace(division, forms=every, in_all=not apart)


def owed_by_nobody(
    divisions: Sequence[Division], forms: Sequence[FormSpec]
) -> tuple[FormSpec, ...]:
    """The forms that none of these owes: new ones, until a roster says whose they are."""
    owed = {name for division in with_duties(divisions) for name in division.forms}
    return tuple(form for form in forms if not form.is_cover and form.name not in owed)


@cache
def _usual() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "new_round" / "usual.toml").read_text("utf-8"))
