"""Keeping the report that was signed, so that what changes afterwards is known and named."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.digests import edition, figures_sha256, inputs_sha256, properties, substance
from pipeline.files import writing
from pipeline.model import Assessment, PipelineError
from pipeline.plan import ROUND_TOML
from pipeline.plan.corrections_file import CORRECTIONS_TOML
from pipeline.plan.signings import SIGNED, SIGNING_JSON
from pipeline.record import REPORT, RUN_JSON, STAGING, fresh_folder, run_json
from pipeline.report import report

_BESIDE = (ROUND_TOML, CORRECTIONS_TOML)


def close(assessment: Assessment, signed_on: date, signed_by: str) -> Path:
    """Keep a round's report as signed in a folder of its own below `signed/`; gives the folder.

    With it go its `run.json`, the settings it was made with, and what its digest is the hash of.
    PipelineError while anything is open, and where just these figures have been signed already.
    """
    plan = assessment.plan
    if not signed_by.strip():
        raise PipelineError("close-no-name")
    if assessment.open_items:
        raise PipelineError("close-open", count=len(assessment.open_items))
    if edition(assessment) == "signed":
        last = plan.signings[-1]
        raise PipelineError("close-twice", day=last.signed_on.isoformat(), name=last.signed_by)
    folder = plan.folder / SIGNED / str(len(plan.signings) + 1)
    staging = fresh_folder(folder.with_name(STAGING))
    report(assessment, staging / REPORT, properties(assessment))
    written = _hashes(staging, [REPORT])
    _write_json(staging / RUN_JSON, run_json(assessment, written))
    beside = [name for name in _BESIDE if (plan.folder / name).is_file()]
    for name in beside:
        shutil.copyfile(plan.folder / name, staging / name)
    signing = {
        "signed_on": signed_on.isoformat(),
        "signed_by": signed_by,
        "as_of": assessment.as_of.isoformat(),
        "figures_sha256": figures_sha256(assessment),
        "inputs_sha256": inputs_sha256(assessment),
        "files": _hashes(staging, [REPORT, RUN_JSON, *beside]),
        "substance": substance(assessment),
    }
    _write_json(staging / SIGNING_JSON, signing)
    with writing(folder):
        staging.rename(folder)
    return folder


def _hashes(folder: Path, names: Sequence[str]) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _write_json(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    path.write_text(text, "utf-8", newline="\n")
