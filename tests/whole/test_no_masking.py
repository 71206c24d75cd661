"""No fault hides another: of k faults planted in sound workbooks exactly those k are found.

The workbooks are made from the forms, written, and read back as bytes; every kind of fault is
planted in every place in which it can stand, several to a row where no check looks at both.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.collect import collect
from pipeline.collect.loose import files_in
from pipeline.digests import figures_sha256, properties
from pipeline.intake import intake
from pipeline.model import Assessment, Division, Plan, ReadRound, Severity
from pipeline.read import read
from pipeline.report import report
from pipeline.run import assess
from pipeline.validate import validate
from tests.support import planted
from tests.support.planted import COVER, DIVISIONS, FAULTS, FILLED, Fault, Line, Paper

pytestmark = pytest.mark.office  # whole rounds

EXAMPLES = 26  # of twelve workbooks each, one for a division, so that none replaces another
POOL = 150
Found = tuple[str, str, str, str | None, Severity]
Rows = list[tuple[object, dict[str, object]]]
Judge = Callable[[Mapping[str, bytes]], ReadRound]


@pytest.fixture(scope="module")
def plan(plan_12: Plan) -> Plan:
    """The example's plan for a roster that the planted workbooks know."""
    divisions = tuple(Division(code, name, (alias,)) for code, (name, alias) in DIVISIONS.items())
    return replace(plan_12, divisions=divisions, earlier=None)


@pytest.fixture(scope="module")
def judge(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Receive, read and judge some workbooks."""

    def judged(books: Mapping[str, bytes]) -> ReadRound:
        here = replace(plan, folder=delivered(books, tmp_path_factory.mktemp("round")))
        return validate(read(intake(collect(here), here), here), here)

    return judged


def delivered(books: Mapping[str, bytes], folder: Path) -> Path:
    (folder / "received").mkdir()
    for name, data in books.items():
        (folder / "received" / name).write_bytes(data)
    return folder


def found_in(reading: ReadRound) -> Counter[Found]:
    return Counter(
        (f.file or "", f.code, f.sheet or "", f.cell.address if f.cell else None, f.severity)
        for f in reading.findings
    )


# --- sound workbooks ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pool(judge: Judge) -> Mapping[str, Rows]:
    """For each form the rows of which nothing is said, each with its key as it is read."""
    chance = random.Random(2566)
    rows = {form.name: planted.candidates(form, chance, POOL) for form in FILLED}
    papers = [planted.paper(form, [Line(r) for r in rows[form.name]], chance) for form in FILLED]
    reading = judge({"pool.xlsx": planted.written([cover("01", chance), *papers])})
    # A key that was met before is no fault of the row itself.
    faulty = {(f.form, f.index) for f in reading.findings if f.code != "duplicate-key"}
    return {
        each.form.name: list(sound_rows(each, reading, faulty, rows[each.form.name]))
        for each in papers
    }


def sound_rows(
    paper: Paper,
    reading: ReadRound,
    faulty: set[tuple[str | None, int | None]],
    rows: Sequence[dict[str, object]],
) -> Iterator[tuple[object, dict[str, object]]]:
    frame = reading.tables[paper.form.name].frame
    keys = frame[list(paper.form.about.key)].astype("string")
    for index in frame.index:
        if (paper.form.name, index) not in faulty:
            yield tuple(keys.loc[index]) or index, rows[frame.at[index, "row"] - paper.top - 1]


def cover(division: str, chance: random.Random) -> Paper:
    """A cover that names its division, with a line for each form and no tick."""
    blank = {"report_month": "", "is_nil": ""}
    lines = [Line({"form_sheet": form.about.sheet} | blank) for form in FILLED]
    return planted.paper(COVER, lines, chance, division_code=DIVISIONS[division][0])


def composed(division: str, pool: Mapping[str, Rows], chance: random.Random) -> list[Paper]:
    """A workbook of some forms, each with some rows of different keys."""
    papers = [cover(division, chance)]
    for form in chance.sample(FILLED, chance.randint(2, 5)):
        distinct = dict(chance.sample(pool[form.name], len(pool[form.name])))
        rows = list(distinct.values())[: chance.randint(2, 5)]
        papers.append(planted.paper(form, [Line(dict(row)) for row in rows], chance))
    return papers


# --- planting -----------------------------------------------------------------------------------


def plant(kinds: Sequence[str], papers: Sequence[Paper], chance: random.Random) -> Iterator[Fault]:
    """Plant faults of these kinds where there is room; each that was planted."""
    for kind in kinds:
        paper = chance.choice(papers)
        lines = [*paper.lines, paper.labels] if paper.form.is_cover else paper.lines
        if kind == "nil_tick":
            yield from nil_tick(papers, chance)
        else:
            yield from FAULTS[kind](paper, chance.choice(lines), chance)


def nil_tick(papers: Sequence[Paper], chance: random.Random) -> Iterator[Fault]:
    """A tick for none beside the rows of the form, or of one of its months."""
    first, *others = papers
    paper = chance.choice(others)
    line, row = first.lines[FILLED.index(paper.form)], chance.choice(paper.lines)
    month = paper.form.about.month if paper.form.about.monthly == "parts" else ""
    if paper.form.about.monthly == "rows" or line.taken:
        return
    if month and not planted.take(paper.form, row, [month]):
        return
    line.taken |= {"form_sheet", "report_month", "is_nil"}
    line.values |= {"report_month": row.values[month] if month else "", "is_nil": "✓"}
    yield Fault("nil-with-rows", Severity.WARNING, first, line, "is_nil")


# --- the law ------------------------------------------------------------------------------------

KINDS = (*FAULTS, "nil_tick")
BOOKS = st.lists(
    st.tuples(st.integers(0, 2**32), st.lists(st.sampled_from(KINDS), min_size=4, max_size=12)),
    min_size=len(DIVISIONS),
    max_size=len(DIVISIONS),
)


def test_a_sound_workbook_has_no_finding(judge: Judge, pool: Mapping[str, Rows]) -> None:
    assert min(len(rows) for rows in pool.values()) >= 20
    chance = random.Random(7)
    books = {f"{d}.xlsx": planted.written(composed(d, pool, chance)) for d in DIVISIONS}
    assert found_in(judge(books)) == Counter()


def test_of_k_planted_faults_exactly_k_are_found_at_their_cells(
    judge: Judge, pool: Mapping[str, Rows], record_property: Callable[[str, object], None]
) -> None:
    tally: Counter[str] = Counter()
    codes: Counter[str] = Counter()

    # An example takes a second: to look for a smaller one would take the rest of the day.
    @settings(
        max_examples=EXAMPLES,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(BOOKS)
    def holds(drawn: list[tuple[int, list[str]]]) -> None:
        books: dict[str, bytes] = {}
        wanted: Counter[Found] = Counter()
        for division, (seed, kinds) in zip(DIVISIONS, drawn, strict=True):
            chance, name = random.Random(seed), f"{division}.xlsx"
            papers = composed(division, pool, chance)
            faults = list(plant(kinds, papers, chance))
            books[name] = planted.written(papers)
            wanted.update(
                (name, f.code, f.paper.form.about.sheet, f.cell, f.severity) for f in faults
            )
        found = found_in(judge(books))
        assert found == wanted, {"missed": wanted - found, "invented": found - wanted}
        tally.update(workbooks=len(books), planted=wanted.total(), found=found.total())
        tally.update(right=(found & wanted).total())
        codes.update(code for _, code, *_ in wanted.elements())

    holds()
    recall, precision = tally["right"] / tally["planted"], tally["right"] / tally["found"]
    for name, value in {**tally, "recall": recall, "precision": precision}.items():
        record_property(name, value)
    assert (recall, precision) == (1, 1)
    assert tally["workbooks"] >= 300
    assert tally["planted"] >= 1000
    generic = {"error-cell", "uncalculated-formula", "required", "required-if", "below-minimum"}
    generic |= {"above-maximum", "pattern", "outside-period", "duplicate-key", "nil-with-rows"}
    assert generic <= codes.keys()


# --- the order in which things stand or come changes nothing ------------------------------------


@pytest.fixture
def settled(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Assessment]:
    """A round settled from these workbooks, as the folder lists them or shuffled."""

    def made(books: Mapping[str, bytes], seed: int | None = None) -> Assessment:
        folder = tmp_path / str(len(list(tmp_path.iterdir()))) / plan.name
        folder.mkdir(parents=True)
        times = [
            f"{name},2023-10-0{n % 3 + 1}T10:00,,LINE," for n, name in enumerate(sorted(books))
        ]
        if seed is not None:
            random.Random(seed).shuffle(times)
            monkeypatch.setattr("pipeline.collect.files_in", lambda here: shuffled(here, seed))
        delivered(books, folder)
        head = "file,received_at,from,channel,note"
        (folder / "received/received.csv").write_text("\n".join([head, *times, ""]), "utf-8")
        return assess(replace(plan, folder=folder))

    return made


def shuffled(folder: Path, seed: int) -> list[Path]:
    found = list(files_in(folder))
    random.Random(seed).shuffle(found)
    return found


def drawn(pool: Mapping[str, Rows]) -> dict[str, list[Paper]]:
    """Workbooks with faults, but for those that make a row depend on which one stands first."""
    made = {}
    kinds = [kind for kind in FAULTS if kind != "twin"]
    for division in ("01", "02", "03", "90"):
        chance = random.Random(division)
        made[f"{division}.xlsx"] = papers = composed(division, pool, chance)
        assert list(plant(chance.choices(kinds, k=6), papers, chance))
    return made


def test_where_rows_columns_and_sheets_stand_changes_no_figure(settled, pool) -> None:
    papers = drawn(pool)
    before = settled({name: planted.written(each) for name, each in papers.items()})
    chance = random.Random(11)
    for each in papers.values():
        chance.shuffle(each)
        for paper in each:
            chance.shuffle(paper.lines)
            chance.shuffle(paper.columns)
    after = settled({name: planted.written(each) for name, each in papers.items()})
    values = [{k: f.value for k, f in each.figures.items()} for each in (before, after)]
    assert values[0] == values[1]
    assert figures_sha256(before) == figures_sha256(after)
    assert Counter(f.code for f in before.findings) == Counter(f.code for f in after.findings)
    assert len(before.findings) > 12


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_in_which_files_come_changes_no_byte(settled, pool, tmp_path, seed) -> None:
    books = {name: planted.written(papers) for name, papers in drawn(pool).items()}
    first = settled(books)
    again = settled(dict(reversed(books.items())), seed)
    reports = []
    for number, assessment in enumerate((first, again)):
        path = tmp_path / f"report-{number}.xlsx"
        report(assessment, path, properties(assessment))
        reports.append(path.read_bytes())
    assert reports[0] == reports[1]
