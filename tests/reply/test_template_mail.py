"""The mails that bring the divisions their workbooks: unsent, readable, the same every time."""

import html
import json
import re
import shutil
from dataclasses import replace
from email import message_from_bytes, policy
from urllib.parse import quote

import pytest

from pipeline.commands.templates import make_templates
from pipeline.messages import LANGUAGES, say
from pipeline.model import Extension
from tests.support.typed import typed

NOT_SENT = ("Date", "Message-ID", "In-Reply-To", "Reply-To", "Cc", "Bcc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("templates")


@pytest.fixture(scope="module")
def made(plan_12, folder):
    return make_templates(plan_12, folder, None, mail=True)


def mail_of(folder, name):
    return message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=policy.default)


def words_of(folder, name):
    return (folder / f"{name}.txt").read_text("utf-8")


def test_a_draft_to_the_roster_carries_the_workbook_beside_it(made, folder, plan_12):
    assert sorted(made.workbooks) == [(each.code, "") for each in plan_12.divisions]
    for (code, _), workbook in made.workbooks.items():
        mail = mail_of(folder, code)
        assert mail["To"] == ", ".join(plan_12.division(code).senders)
        assert (mail["From"], mail["X-Unsent"]) == (plan_12.reply_from, "1")
        assert [mail[name] for name in NOT_SENT] == [None] * len(NOT_SENT)
        assert all(part in mail["Subject"] for part in ("2566-12", plan_12.division(code).name))
        [carried] = mail.iter_attachments()
        assert carried.get_filename() == workbook.name == f"{code}.xlsx"
        assert carried.get_content() == workbook.read_bytes()


def test_it_says_what_by_when_how_to_check_and_whom_to_call(made, folder, plan_12):
    words = words_of(folder, "02")
    first = words.splitlines()[0]
    assert first.startswith("เรียน ผู้รับผิดชอบข้อมูล กองคลัง: ")
    assert "ภายในวันศุกร์ที่ 6 ตุลาคม 2566 เวลา 16.30 น." in first
    for owed in plan_12.division("02").forms:
        assert plan_12.form(owed).about.sheet in words
    assert "ทุกเดือน ต.ค. 65–ก.ย. 66" in words
    assert "“ตรวจก่อนส่ง” จนขึ้นว่า “พร้อมส่ง”" in words
    assert plan_12.contact.phone in words
    assert "รอบ 6 เดือนใส่ไว้ให้แล้ว" in words
    assert "โครงการ" not in words


def test_plain_html_and_the_text_beside_say_the_same(made, folder):
    mail, words = mail_of(folder, "01"), words_of(folder, "01")
    plain = mail.get_body(("plain",)).get_content()
    assert plain.split() == words.split()
    page = mail.get_body(("html",)).get_content()
    shown = html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))
    numbered = re.compile(r"^\d+\. ", re.MULTILINE)
    assert shown.split() == numbered.sub("", words).split()
    assert 'name="viewport"' in page


def test_what_has_a_time_of_its_own_says_so(made, folder, plan_12, tmp_path):
    assert "มาตรการที่ 9 ภายในวันอังคารที่ 10 ตุลาคม 2566" in words_of(folder, "01")
    later = plan_12.due.replace(day=11)
    granted = Extension("02", later, "(ตัวอย่าง)", "(ตัวอย่าง)", "procurement")
    plan = replace(plan_12, extensions=(granted,), earlier=None)
    make_templates(plan, tmp_path, "02", mail=True)
    words = words_of(tmp_path, "02").splitlines()
    assert "วันศุกร์ที่ 6 ตุลาคม" in words[0]
    [line] = [line for line in words if "จัดซื้อจัดจ้าง" in line]
    assert "ภายในวันพุธที่ 11 ตุลาคม 2566 เวลา 16.30 น." in line
    assert "ใส่ไว้ให้แล้ว" not in "".join(words)


def test_the_mail_of_a_summary_asks_for_that_alone(plan_12, tmp_path):
    made = make_templates(plan_12, tmp_path, "08", summary=True, mail=True)
    words, mail = words_of(tmp_path, "08-summary"), mail_of(tmp_path, "08-summary")
    assert "ภายในวันอังคารที่ 10 ตุลาคม 2566 เวลา 16.30 น." in words.splitlines()[0]
    assert "มาตรการที่ 6" in words
    assert "No Gift Policy" not in words
    assert [part.get_filename() for part in mail.iter_attachments()] == ["08-summary.xlsx"]
    assert [path.name for path in made.drafts] == ["08-summary.txt", "08-summary.eml"]


def test_the_same_inputs_give_the_same_bytes(made, folder, plan_12, tmp_path):
    again = make_templates(plan_12, tmp_path, None, mail=True)
    for path in (*again.workbooks.values(), *again.drafts):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_a_draft_does_not_outlive_the_workbook_that_it_carries(plan_06, tmp_path):
    make_templates(plan_06, tmp_path, None, mail=True)
    make_templates(plan_06, tmp_path, "02")
    left = {path.name for path in tmp_path.iterdir()}
    assert {"02.xlsx", "03.eml", "03.txt"} <= left
    assert not {"02.eml", "02.txt", "index.html"} & left


def test_the_page_lists_every_draft_and_begins_mails_elsewhere(made, folder, plan_12):
    page = (folder / "index.html").read_text("utf-8")
    assert re.findall(r'href="(\w+\.eml)"', page) == [f"{code}.eml" for code, _ in made.workbooks]
    assert page.count("mailto:") == len(plan_12.divisions)
    assert all((folder / name).is_file() for name in re.findall(r'href="([\w.]+)"', page))


def test_the_drafts_of_the_summaries_have_a_page_of_their_own(plan_12, tmp_path):
    made = make_templates(plan_12, tmp_path, None, summary=True, mail=True)
    page = (tmp_path / "summaries.html").read_text("utf-8")
    names = [path.name for path in made.workbooks.values()]
    assert names
    assert all(f'href="{name}"' in page for name in names)
    assert quote("ขอความอนุเคราะห์จัดทำข้อความภาพรวมเทศบาล") in page
    assert not (tmp_path / "index.html").exists()
    make_templates(plan_12, tmp_path, None, summary=True)
    assert not (tmp_path / "summaries.html").exists()


@pytest.mark.office
def test_who_has_no_address_is_named_and_the_draft_has_no_addressee(root, tmp_path):
    shutil.copytree(root / "inputs/2566-06", tmp_path / "inputs/2566-06")
    promises = tmp_path / "inputs/2566-06/round.toml"
    address = 'senders = ["works@chachoengsao.example"]'
    text = promises.read_text("utf-8")
    assert address in text
    promises.write_text(text.replace(address, "senders = []"), "utf-8")

    def run(*more):
        made = typed("template", "2566-06", "--mail", *more, folder=tmp_path)
        assert made.returncode == 0, made.stderr
        return made.stdout.decode()

    for lang in LANGUAGES:
        lines = run("--lang", lang).splitlines()
        assert lines[-1] == say("screen.no-address", lang, division="กองช่าง")
    assert json.loads(run("--json"))["without_address"] == ["03"]
    folder = tmp_path / "outputs/2566-06/templates"
    mail = mail_of(folder, "03")
    assert (mail["To"], mail["X-Unsent"]) == (None, "1")
    assert [part.get_filename() for part in mail.iter_attachments()] == ["03.xlsx"]
    assert say("overview.no-address") in (folder / "index.html").read_text("utf-8")
