"""A finding's short name is its own: through resubmissions and rounds, wherever its row stands."""

from dataclasses import replace
from datetime import date

from pipeline.explanations import finding_id
from tests.example.generate import procurement_rows


def test_it_stays_when_the_row_moves_and_its_value_changes_and_not_when_the_row_is_another(town):
    town.parts("")
    rows = [row for row in procurement_rows(town.plan) if row["report_month"] == date(2023, 5, 1)]
    assert len(rows) >= 2

    def found(rows):
        town.mail(f"{town.sent}.xlsx", town.book(rows))
        settled = town.settle()
        mine = [f for f in settled.findings if f.form == "procurement" and f.index is not None]
        return {finding_id(f, settled.tables): f for f in mine}

    first = found([rows[0] | {"contract_date": date(2022, 1, 1)}, *rows[1:]])
    assert first
    again = found([*rows[1:], rows[0] | {"contract_date": date(2022, 1, 2)}])
    name, finding = next(iter(first.items()))
    assert name in again
    assert again[name].cell != finding.cell
    assert len(name) == 10
    another = found(
        [
            *rows[1:],
            rows[0]
            | {
                "contract_date": date(2022, 1, 2),
                "egp_project_no": "66010099999",
                "work_item": "อื่น",
            },
        ]
    )
    assert name not in another


def test_it_is_made_of_division_form_row_column_and_code(settled_messy):
    tables = settled_messy.tables
    finding = next(f for f in settled_messy.findings if f.index is not None and f.column)
    name = finding_id(finding, tables)
    assert finding_id(replace(finding, value="x", params={}, file="y.xlsx"), tables) == name
    for other in ({"division": "77"}, {"column": "other"}, {"code": "other"}):
        assert finding_id(replace(finding, **other), tables) != name
    shared = {}
    for each in settled_messy.findings:
        shared.setdefault(finding_id(each, tables), []).append(each)
    alike = [
        each for each in shared.values() if len({(f.division, f.form, f.code) for f in each}) > 1
    ]
    assert alike == []
