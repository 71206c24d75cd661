"""Writing down what people agreed: an entry added to `corrections.toml`, with what it changes."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

import tomlkit

from pipeline.files import write_whole
from pipeline.messages import LANGUAGES, say
from pipeline.model import Assessment, Figure, PipelineError, Plan, Settled, Submission
from pipeline.plan.corrections_file import CORRECTIONS_TOML, parse_changes
from pipeline.run import assess
from pipeline.workbook.addresses import parse_address, row_number
from schemas.kit.thai.dates import parse_date

Values = dict[str, str | int | date]
_BOM = b"\xef\xbb\xbf"

_ASKED: Mapping[str, tuple[str, ...]] = {
    "correction": ("reason", "agreed_with", "agreed_on", "channel", "approved_by"),
    "exclusion": ("reason", "approved_by"),
    "waiver": ("until", "reason", "approved_by"),
    "explanation": ("text", "by", "on"),
    "release": ("reason", "approved_by"),
}
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "correction": ("evidence",),
    "waiver": ("measure",),
    "release": ("division",),
}
# How many words each is typed with, at least and at most.
_WORDS = {
    "correction": (3, 3),
    "exclusion": (1, 2),
    "waiver": (2, 3),
    "explanation": (2, 3),
    "release": (1, 1),
}
_NEAR = 3  # so many names are offered for one that is not there


@dataclass(frozen=True)
class Written:
    """An entry as it was added, and the figures that it changes: id to figure then and now."""

    path: Path
    settled: Settled
    values: Values
    figures: Mapping[str, tuple[Figure, Figure]]
    open_items: tuple[int, int]

    def as_json(self) -> Mapping[str, object]:
        """`{kind, entry, figures, open_items}` as `correct --json` prints it."""
        return {
            "kind": self.settled.entry.kind,
            "entry": self.values,
            "figures": [
                {"figure": key, "old": then.value, "new": now.value}
                for key, (then, now) in self.figures.items()
            ],
            "open_items": {"old": self.open_items[0], "new": self.open_items[1]},
        }


def correct(plan: Plan, kind: str, words: Sequence[str], options: Mapping[str, str]) -> Written:
    """Add one entry to the round's `corrections.toml`; its own text and comments stay.

    Nothing is written unless the entry has an effect: PipelineError says why it has none.
    """
    before = assess(plan)
    values = _values(before, kind, _joined(words, kind)) | _options(kind, options)
    if kind == "release" and not values.get("division"):
        _refuse_nobodys(before, values["file"])
    values |= {"recorded_at": _now(plan)}
    path = plan.folder / CORRECTIONS_TOML
    blank = files("pipeline.plan") / "corrections.txt"  # comments that show each kind of entry
    kept = (path if path.is_file() else blank).read_bytes()
    added = (b"\n" if kept.endswith(b"\n") else b"\n\n") + entry_text(kind, values).encode()
    after = assess(replace(plan, changes=parse_changes(kept + added, plan)))
    mine = (each for each in after.settled if each.entry.kind == kind)
    settled = max(mine, key=lambda each: each.entry.number)
    if not settled.in_effect:
        why = {f"why_{lang}": say(f"effect.{settled.effect}", lang) for lang in LANGUAGES}
        raise PipelineError("correct-without-effect", **why)
    write_whole(path, kept + added)
    return _written(path, settled, values, before, after)


def undo(plan: Plan, kind: str, number: int, by: str, reason: str) -> Written:
    """Take an entry back: it stays in the file, with when, by whom and why it ended.

    PipelineError where there is no such entry, or it was taken back already.
    """
    if not by.strip() or not reason.strip():
        raise PipelineError("correct-undo-incomplete")
    mine = [each for each in plan.changes.every if each.kind == kind]
    entry = next((each for each in mine if each.number == number), None)
    named: Values = {"kind": kind, "number": number}
    if entry is None or entry.withdrawn:
        held = ", ".join(str(each.number) for each in mine if not each.withdrawn) or "-"
        code = "correct-undone" if entry else "correct-undo-nothing"
        raise PipelineError(code, **named, numbers=held)
    path = plan.folder / CORRECTIONS_TOML
    kept = path.read_bytes()
    file = tomlkit.parse(kept.removeprefix(_BOM).decode())
    end: Values = {"at": _now(plan), "by": _whole(by), "reason": _whole(reason)}
    ended = tomlkit.inline_table()
    ended.update(end)
    file[kind][number - 1]["undone"] = ended
    data = (_BOM if kept.startswith(_BOM) else b"") + file.as_string().encode()
    before, after = assess(plan), assess(replace(plan, changes=parse_changes(data, plan)))
    write_whole(path, data)
    settled = next(s for s in after.settled if (s.entry.kind, s.entry.number) == (kind, number))
    return _written(path, settled, {**named, **end}, before, after)


def _now(plan: Plan) -> datetime:
    return datetime.now(plan.due.tzinfo).replace(microsecond=0)


def _written(
    path: Path, settled: Settled, values: Values, before: Assessment, after: Assessment
) -> Written:
    """An entry with the figures and the number of open items that it changes."""
    changed = {
        key: (figure, after.figures[key])
        for key, figure in before.figures.items()
        if key in after.figures and figure.value != after.figures[key].value
    }
    counts = (len(before.open_items), len(after.open_items))
    return Written(path, settled, values, changed, counts)


# --- what is typed ------------------------------------------------------------------------------


def _joined(words: Sequence[str], kind: str) -> list[str]:
    """The words, sheet and cell as one whether they came as 'SHEET'!CELL or as two."""
    fewest, most = _WORDS[kind]
    place = 2 if kind == "explanation" else 1
    joined = list(words)
    if kind != "waiver" and len(joined) > place + 1 and "!" not in joined[place]:
        joined[place : place + 2] = [f"{joined[place]}!{joined[place + 1]}"]
    if not fewest <= len(joined) <= most:
        raise PipelineError("correct-words", kind=say(f"report.changes.{kind}"))
    return joined


def _values(before: Assessment, kind: str, words: Sequence[str]) -> Values:
    if kind == "waiver":
        return dict(zip(("division", "form", "month"), words, strict=False))
    if kind == "explanation":
        return _explained(before, words)
    submission = _submission(before, words[0])
    if kind == "release":
        return {"file": submission.name, "sha256": submission.received.sha256}
    if kind == "exclusion" and "!" not in "".join(words[1:]):
        return dict(zip(("file", "sheet"), (submission.name, *words[1:]), strict=False))
    sheet, cell = _place(words[1])
    values: Values = {"file": submission.name, "sheet": sheet}
    if kind == "correction":
        return values | {"cell": cell, "old": _old(submission, sheet, cell), "new": words[2]}
    try:
        return values | {"row": row_number(cell)}
    except ValueError:
        raise PipelineError("correct-place", place=words[1]) from None


def _explained(before: Assessment, words: Sequence[str]) -> Values:
    """A finding by the key it names, else by its file, and sheet and cell where they are said."""
    code, about, *place = words
    if any(finding.params.get("key") == about for finding in before.findings):
        return {"code": code, "key": about}
    values: Values = {"code": code, "file": _submission(before, about).name}
    if place:
        sheet, cell = _place(place[0])
        values |= {"sheet": sheet, "cell": cell}
    return values


def _place(text: str) -> tuple[str, str]:
    """Sheet and cell of 'SHEET'!CELL, as Excel writes it or without the quotation marks."""
    sheet, mark, cell = text.rpartition("!")
    if not mark or not sheet or not cell:
        raise PipelineError("correct-place", place=text)
    return sheet.strip("'").replace("''", "'"), cell.replace("$", "").upper()


def _submission(before: Assessment, name: str) -> Submission:
    """The file of that name, which may stand behind a path."""
    wanted = Path(name.replace("\\", "/")).name.casefold()
    submissions = {each.name.casefold(): each for each in reversed(before.submissions)}
    if wanted in submissions:
        return submissions[wanted]
    near = get_close_matches(wanted, list(reversed(submissions)), _NEAR, cutoff=0)
    names = ", ".join(submissions[each].name for each in near) or "-"
    raise PipelineError("correct-no-file", name=name, names=names)


def _refuse_nobodys(before: Assessment, name: object) -> None:
    """A file of which nobody knows whose it is must be released for a division."""
    if any(each.name == name and each.division is None for each in before.submissions):
        raise PipelineError("correct-missing", options="--division")


def _old(submission: Submission, sheet: str, cell: str) -> str:
    """What the cell holds in the file that was received."""
    sheets = {s.name: s for s in submission.workbook.sheets} if submission.workbook else {}
    if sheet not in sheets:
        names = ", ".join(sheets) or "-"
        raise PipelineError("correct-no-sheet", name=submission.name, sheet=sheet, names=names)
    try:
        held = sheets[sheet].cell(*parse_address(cell))
    except ValueError:
        raise PipelineError("correct-place", place=f"{sheet}!{cell}") from None
    return held.raw if held else ""


def _options(kind: str, options: Mapping[str, str]) -> Values:
    """What the entry needs besides its place, each of it said."""
    missing = [name for name in _ASKED[kind] if not options.get(name, "").strip()]
    if missing:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise PipelineError("correct-missing", options=listed)
    named = [*_ASKED[kind], *_OPTIONAL.get(kind, ())]
    values = {name: options[name] for name in named if options.get(name)}
    return {name: _READ[name](text) if name in _READ else text for name, text in values.items()}


def day(text: str) -> date:
    """A day as people type it, in พ.ศ. or C.E.; PipelineError for what is none."""
    value = parse_date(text).value
    if value is None:
        raise PipelineError("correct-no-day", value=text)
    return value


_READ: Mapping[str, Callable[[str], int | date]] = {
    "agreed_on": day,
    "until": day,
    "on": day,
    "measure": int,
}


# --- how it is written --------------------------------------------------------------------------


def entry_text(kind: str, values: Values) -> str:
    """An entry as TOML, whatever was typed."""
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    return "\n".join([f"[[{kind}]]", *lines, ""])


def _whole(text: str) -> str:
    """A text that can be written: a broken character cannot."""
    return text.encode("utf-8", "replace").decode()


def _toml(value: str | int | date) -> str:
    if isinstance(value, str):
        return json.dumps(_whole(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    return value.isoformat() if isinstance(value, date) else str(value)
