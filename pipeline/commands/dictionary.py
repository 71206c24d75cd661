"""The data dictionary: every column of every form, as a person or a program may read it."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.files import writing
from pipeline.model import Plan
from pipeline.template.guide import guide, guided
from schemas.kit.form import FormSpec

Entry = Mapping[str, object]


def dictionary(forms: tuple[FormSpec, ...]) -> list[Entry]:
    """One entry per column: form, identifier, both headings, kind, whether required, choices."""
    return [
        {
            "form": form.name,
            "sheet": form.about.sheet,
            "version": form.about.version,
            "column": column.identifier,
            "th": " ".join(column.th.split()),
            "en": column.en,
            "kind": column.kind.name,
            "type": column.kind.exported,
            "required": column.required.name if column.required else None,
            "choices": list(column.choices),
            "was": list(column.was),
            "help_th": column.help_th,
            "help_en": column.help_en,
            "example": column.example,
        }
        for form in forms
        for column in form.columns
    ]


def write_guide(plan: Plan, path: Path) -> int:
    """Write the guide to the forms of a round; how many there are.

    Raises PipelineError where another program holds the file open.
    """
    data = guide(plan)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return len(guided(plan))
