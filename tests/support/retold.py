"""The example's two rounds in a copy, whose workbooks are changed as a clerk changes them."""

import email
import io
import shutil
from email.message import EmailMessage
from email.policy import default

import openpyxl
import pytest

from pipeline.plan import load_plan
from pipeline.run import assess
from schemas import forms
from tests.support.corrections import changed


@pytest.fixture
def two_rounds(root, tmp_path):
    """The example's two rounds in a copy, whose workbooks may be changed as a clerk changes them."""
    for name in ("2566-06", "2566-12"):
        shutil.copytree(root / "inputs" / name, tmp_path / "inputs" / name)

    class TwoRounds:
        def change(self, mail, edit, to=None, at=None, of="2566-12"):
            received = tmp_path / "inputs" / of / "received"
            path = received / mail
            message = email.message_from_bytes(path.read_bytes(), policy=default)
            (part,) = message.iter_attachments()
            book = openpyxl.load_workbook(io.BytesIO(part.get_content()))
            edit(book)
            buffer = io.BytesIO()
            book.save(buffer)
            made = EmailMessage()
            for header in ("From", "To", "Subject", "Date"):
                made[header] = message[header]
            made["Received"] = at or message["Received"]
            made["Message-ID"] = f"<{to or mail}@changed.example>"
            made.set_content("ส่งรายงาน")
            kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            made.add_attachment(
                buffer.getvalue(), "application", kind, filename=part.get_filename()
            )
            (received / (to or mail)).write_bytes(bytes(made))

        def plan(self):
            return load_plan(tmp_path / "inputs" / "2566-12", forms(), None)

        def settle(self, *entries):
            return assess(changed(self.plan(), *entries) if entries else self.plan())

    return TwoRounds()
