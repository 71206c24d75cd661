"""What a run leaves behind for auditors and other programs."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.digests import chained, figures_sha256, inputs_sha256
from pipeline.model import Finding, Severity
from pipeline.outputs import fresh_folder
from pipeline.record import record, run_json
from pipeline.software import program_version

KEYS = "schema pipeline_version libraries organisation fiscal_year round as_of complete edition"
KEYS += " figures_sha256 inputs_sha256 register_sha256 files balance obligations open_items"
KEYS += " findings figures changes signed written"


@pytest.fixture(scope="module")
def settled(settled_12):
    return settled_12


def kept(assessment, tmp_path, **files):
    staging = fresh_folder(tmp_path / "staging")
    for name, content in files.items():
        (staging / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).write_text(content, "utf-8")
    return record(assessment, staging, tmp_path / "out")


def test_the_record_has_its_keys_in_their_order(settled):
    found = run_json(settled, {})
    assert list(found) == KEYS.split()
    assert found["pipeline_version"] == program_version()
    assert list(found["libraries"]) == ["Python", "pandas", "pandera", "XlsxWriter", "zlib"]
    assert found["figures"]["procurement"]["year"]["agreed_baht"] == "32698375.00"
    assert found["figures"]["plan"]["score_pct"] == 94.29
    assert found["figures"]["complaints"]["by_kind"].keys() == {
        "ทุจริตและประพฤติมิชอบ",
        "ร้องเรียน–ร้องทุกข์ทั่วไป",
        "เรียกรับหรือรับของขวัญ",
    }


def test_the_register_of_receipts_is_a_chain_that_anyone_can_recompute(settled):
    found = run_json(settled, {})
    link = ""
    for number, each in enumerate(found["files"], 1):
        line = [link, str(number), each["name"], each["sha256"]]
        line += [each[key] or "" for key in ("message_sha256", "sender", "received_at")]
        link = hashlib.sha256("\t".join(line).encode()).hexdigest()
        assert each["chain_sha256"] == link
    assert found["register_sha256"] == link


def test_a_later_receipt_adds_a_line_and_alters_none(settled):
    whole = chained(settled.submissions)
    assert chained(settled.submissions[:-1]) == whole[:-1]
    swapped = [settled.submissions[1], settled.submissions[0], *settled.submissions[2:]]
    assert set(chained(swapped)) & set(whole) == set()


def test_rows_in_are_rows_out_for_every_file_and_form(settled):
    for file in run_json(settled, {})["files"]:
        for form, counts in file["forms"].items():
            fates = ("accepted", "held_back", "excluded", "duplicate", "superseded")
            assert counts["read"] == sum(counts[fate] for fate in fates), (file["name"], form)


def test_quarters_and_the_unknown_one_make_the_year(settled):
    found = run_json(settled, {})["figures"]["procurement"]
    parts = [found[key]["contracts"] for key in ("Q1", "Q2", "Q3", "Q4", "unknown")]
    assert sum(parts) == found["year"]["contracts"]
    assert parts[-1] == 1


def test_files_of_the_last_run_are_replaced_as_one_set(settled, tmp_path):
    out = tmp_path / "out"
    (out / "replies").mkdir(parents=True)
    (out / "replies" / "old.txt").write_text("old")
    (out / "templates").mkdir()
    (out / "templates" / "01.xlsx").write_text("kept")
    made = kept(settled, tmp_path, **{"report.xlsx": "r", "replies/new.txt": "n"})
    assert sorted(p.name for p in (out / "replies").iterdir()) == ["new.txt"]
    assert (out / "templates" / "01.xlsx").read_text() == "kept"
    written = json.loads(made.path.read_text("utf-8"))["written"]
    assert written["report.xlsx"] == hashlib.sha256(b"r").hexdigest()
    assert written.keys() == {"report.xlsx", "replies/new.txt", "findings.csv"}
    assert not (tmp_path / "staging").exists()


def test_findings_open_in_excel_and_hold_no_formula(settled, tmp_path):
    odd = Finding(
        "required", Severity.WARNING, value="=1+1", params={"heading": "-", "expected": "-"}
    )
    kept(replace(settled, findings=(odd,)), tmp_path)
    data = (tmp_path / "out" / "findings.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2
    (line,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert line["value"] == "'=1+1"


def test_an_internal_fault_ends_with_three(settled, tmp_path):
    crash = Finding("internal", Severity.ERROR, params={"error": "E", "message": "m"}, to="analyst")
    assert kept(replace(settled, findings=(crash,)), tmp_path).exit_code == 3
    assert kept(replace(settled, findings=(), open_items=()), tmp_path).exit_code == 0


def test_the_figures_digest_sees_a_figure_and_not_the_day(settled):
    digest = figures_sha256(settled)
    later = replace(settled, as_of=settled.as_of.replace(year=2024), open_items=())
    assert figures_sha256(later) == digest
    figure = replace(settled.figures["plan.done"], value=34)
    other = replace(settled, figures={**settled.figures, "plan.done": figure})
    assert figures_sha256(other) != digest
    table = settled.tables["procurement"]
    fewer = table.with_frame(table.frame.iloc[1:])
    assert (
        figures_sha256(replace(settled, tables={**settled.tables, "procurement": fewer})) != digest
    )


def test_the_inputs_digest_covers_the_earlier_round(settled):
    alone = replace(settled, earlier=None)
    assert inputs_sha256(alone) != inputs_sha256(settled)


def test_the_inputs_digest_covers_what_is_stated_of_a_loose_file(settled):
    loose = next(s for s in settled.submissions if s.received.message is None)
    later = replace(loose.received, received_at=loose.received.received_at + timedelta(days=1))
    others = tuple(replace(s, received=later) if s is loose else s for s in settled.submissions)
    assert inputs_sha256(replace(settled, submissions=others)) != inputs_sha256(settled)
