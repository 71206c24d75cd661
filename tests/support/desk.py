"""One workbook on a desk: the sheet of a form, changed as a clerk changes it, and read."""

from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest

from pipeline.collect import collect
from pipeline.intake import intake
from pipeline.messages import finding_sentence
from pipeline.read import read
from pipeline.validate import validate
from tests.support.builders import example_row

BOUGHT = "procurement"


@pytest.fixture
def desk(tmp_path, plan_12):
    """A sheet of a form with its example rows, to do something to, and what is then found."""
    (tmp_path / "received").mkdir()

    class Desk:
        path = tmp_path / "received" / "a.xlsx"
        plan = replace(plan_12, folder=tmp_path, earlier=None)

        def lay(self, name=BOUGHT, rows=2, above=()):
            form = self.plan.form(name)
            self.book = openpyxl.Workbook()
            self.sheet = self.book.active
            self.sheet.title = form.about.sheet
            for row in (*above, [c.th for c in form.table_columns]):
                self.sheet.append(row)
            self.first = self.sheet.max_row + 1
            for number in range(rows):
                example = example_row(form) | {
                    "seq_no": str(number + 1),
                    "contract_no": f"{number}/2566",
                }
                self.sheet.append([example.get(c.name) for c in form.table_columns])
            self.letters = {
                c.name: openpyxl.utils.get_column_letter(n)
                for n, c in enumerate(form.table_columns, 1)
            }
            return self.sheet

        def found(self, *, severity=None):
            """Save, read, judge: code, cell and value of what is told, each said and reopened."""
            self.book.save(self.path)
            lines = "file,received_at,from,channel,note\na.xlsx,2023-10-02T10:00,กองคลัง,LINE,\n"
            self.path.with_name("received.csv").write_text(lines, "utf-8")
            reading = read(intake(collect(self.plan), self.plan), self.plan)
            self.reading = validate(reading, self.plan)
            places = any(finding.cell is not None for finding in self.reading.findings)
            reopened = openpyxl.load_workbook(self.path) if places else {}
            for finding in self.reading.findings:
                for lang in ("th", "en"):
                    assert finding_sentence(finding, lang, self.plan.forms)
                if finding.cell is not None:
                    value = reopened[finding.cell.sheet][finding.cell.address].value
                    value = value.date().isoformat() if isinstance(value, datetime) else value
                    assert (None if value is None else str(value)) == finding.value
            told = [f for f in self.reading.findings if severity in (None, f.severity)]
            return [(f.code, f.cell.address if f.cell else None) for f in told]

        def rows(self, name=BOUGHT):
            return self.reading.tables[name].frame["row"].sort_values().tolist()

        def params(self, code):
            (finding,) = [f for f in self.reading.findings if f.code == code]
            return finding.params

    return Desk()
