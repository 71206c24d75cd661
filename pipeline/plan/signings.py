"""The reports that were signed, as `close` keeps them beside the inputs."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from pipeline.model import PipelineError, Signing
from pipeline.plan.toml_nodes import TomlNode

SIGNED, SIGNING_JSON = "signed", "signing.json"


def signings(folder: Path) -> tuple[Signing, ...]:
    """Every signed report of a round's folder, the first first.

    PipelineError where what is kept is no longer what was signed.
    """
    return tuple(_kept(folder / SIGNED))


def _kept(folder: Path) -> Iterator[Signing]:
    number = 1
    while (folder / str(number)).is_dir():
        yield _signing(number, folder / str(number))
        number += 1


def _signing(number: int, folder: Path) -> Signing:
    file = folder / SIGNING_JSON
    try:
        node = TomlNode(json.loads(file.read_text("utf-8")), f"{SIGNED}/{number}/{SIGNING_JSON}")
    except (OSError, ValueError) as error:
        raise PipelineError("signed-unreadable", file=file.as_posix(), why=str(error)) from None
    for name, digest in node.take("files", dict).items():
        kept = folder / name
        if not kept.is_file() or hashlib.sha256(kept.read_bytes()).hexdigest() != digest:
            raise PipelineError("signed-altered", file=kept.as_posix())
    return Signing(
        number=number,
        folder=folder,
        signed_on=date.fromisoformat(node.text("signed_on")),
        signed_by=node.text("signed_by"),
        as_of=datetime.fromisoformat(node.text("as_of")),
        figures_sha256=node.text("figures_sha256"),
        substance=node.take("substance", dict),
    )
