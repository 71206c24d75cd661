"""One zip for the auditor: the report, everything it was made from, and how to check it."""

import hashlib
import re
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pipeline.digests import properties, register_sha256
from pipeline.files import unsteered, writing
from pipeline.messages import edition_name, say
from pipeline.model import Assessment, Plan
from pipeline.record import FINDINGS_CSV, REPORT, RUN_JSON
from pipeline.run import run
from schemas.kit.thai.dates import format_date

SUMS = "SHA256SUMS.txt"
_MADE = (REPORT, RUN_JSON, FINDINGS_CSV)
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_FORBIDDEN = re.compile('[<>:"\\\\|?*\x00-\x1f\x7f]')
_DEVICE = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
_LONGEST = 100  # of one name, so that a path fits into a deep folder of Windows


def bundle(plan: Plan, folder: Path) -> tuple[Path, int]:
    """Write the zip of a round into `folder`: the same inputs give the same bytes.

    Gives its path and how many files it holds.
    """
    with tempfile.TemporaryDirectory() as fresh:
        result = run(plan, Path(fresh))
        files = {name: (Path(fresh) / name).read_bytes() for name in _MADE}
    for each in (plan, *plan.earlier_rounds):
        files |= _inputs(each)
    readme, sums = _named(say("bundle.readme-name")), _named(SUMS)
    files[readme] = _readme(result.assessment)
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    # As `sha256sum --check` reads it.
    files[sums] = "".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()
    path = folder / f"bundle-{plan.name}.zip"
    staged = path.with_suffix(".new")
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        _write(staged, files, first=(readme, sums))
        staged.replace(path)
    return path, len(files)


def _inputs(plan: Plan) -> Mapping[str, bytes]:
    """Every file of a round's folder under the name that it gets in the zip; no links."""
    files: dict[str, bytes] = {}
    taken: set[str] = set()
    for path in sorted(plan.folder.rglob("*"), key=lambda each: each.as_posix()):
        if not stat.S_ISREG(path.lstat().st_mode):
            continue
        parts = ("inputs", plan.name, *path.relative_to(plan.folder).parts)
        name = _unused("/".join(map(_named, parts)), taken)
        taken.add(name.casefold())
        files[name] = path.read_bytes()
    return files


def _named(part: str) -> str:
    """A name that Windows takes too."""
    plain = _FORBIDDEN.sub("_", unsteered(part, "_")).rstrip(". ") or "_"
    plain = _DEVICE.sub(r"_\1", plain)
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= _LONGEST or not dot:
        return plain[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def _unused(name: str, taken: set[str]) -> str:
    """The name with a number before its ending where another file has it already."""
    stem, dot, ending = name.rpartition(".")
    unused, number = name, 1
    while unused.casefold() in taken:
        number += 1
        unused = f"{stem}-{number}.{ending}" if dot else f"{name}-{number}"
    return unused


def _readme(assessment: Assessment) -> bytes:
    """How to check the zip by oneself, as Notepad opens it."""
    plan, stated = assessment.plan, properties(assessment)
    text = say(
        "bundle.readme",
        organisation=plan.organisation.name,
        round=plan.name,
        edition=edition_name(stated["edition"]),
        as_of=format_date(assessment.as_of.date()),
        inputs=stated["inputs_sha256"],
        figures=stated["figures_sha256"],
        register=register_sha256(assessment),
        version=stated["pipeline_version"],
        sums=SUMS,
    )
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


def _write(path: Path, files: Mapping[str, bytes], first: tuple[str, ...]) -> None:
    """The members in a fixed order, without times, rights or the name of a system."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in dict.fromkeys((*first, *sorted(files))):
            member = zipfile.ZipInfo(name, _NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system, member.external_attr = 0, 0
            archive.writestr(member, files[name])
