"""The versions right before those that count, so that a worse one is noticed."""

from collections import defaultdict
from collections.abc import Iterator

from pipeline.model import Plan, Replaced
from pipeline.read.candidates import Candidate
from pipeline.read.typed_tables import Row, pointed, rows_of, table_of
from pipeline.read.versions import Verdict


def before(verdict: Verdict, plan: Plan) -> Iterator[Replaced]:
    """For each form of each file that replaces rows of another: those rows, and its own for them.

    What comes in a layout that is only compared is left out.
    """
    pairs: dict[tuple[str, str], list[tuple[Candidate, Candidate]]] = defaultdict(list)
    for old, new in verdict.replaced:
        if old.extract is not None and old.rows and not new.key.layout:
            pairs[(new.submission.name, new.key.form)].append((old, new))
    for (file, form), replaced in pairs.items():
        kept = [(old.extract, old.rows) for old, _ in replaced if old.extract is not None]
        table = table_of(plan.form(form), kept)
        indices = {form: rows_of(table)}
        sheets = {id(each): each for each, _ in kept}.values()
        said = (finding for each in sheets for finding in each.findings)
        told = tuple(each for finding in said for each in pointed(finding, indices))
        now = frozenset(row for _, new in replaced for row in _rows(new))
        yield Replaced(file, table, told, now)


def _rows(candidate: Candidate) -> Iterator[Row]:
    made = candidate.extract
    if made is not None:
        yield from (
            (made.submission.name, made.sheet, made.rows[at]["row"]) for at in candidate.rows
        )
