"""Mails as their raw text, part by part, and a folder that received them."""

import base64
from datetime import datetime
from pathlib import Path

from pipeline.collect import collect
from pipeline.collect.headers import BANGKOK
from pipeline.collect.mails import OpenedMail, open_mail
from pipeline.model import Received
from tests.support.rounds import plan_of, workbook

NAME = "รายงานกองคลัง รอบ ๑๒ เดือน.xlsx"
XLSX = workbook({"ปก": []})
OTHER_XLSX = workbook({"ปก": [["อื่น"]]})
RECEIVED = b"Received: by mx.example with SMTP id 1; Thu, 5 Oct 2023 14:32:10 +0700\r\n"
FROM = b"From: finance@town.example\r\n"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def part(head: str | bytes, data: bytes = XLSX) -> bytes:
    """One part of a multipart, its content in base64."""
    raw = head if isinstance(head, bytes) else head.encode()
    coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return raw + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + coded


def attachment(name: str, data: bytes = XLSX, kind: str = EXCEL) -> bytes:
    return part(f'Content-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"', data)


def mixed(
    *parts: bytes, head: bytes = RECEIVED + FROM, boundary: str = "b0", sub: str = "mixed"
) -> bytes:
    """A whole multipart mail, or a part that is one."""
    mark = boundary.encode()
    begin = (
        head
        + f'MIME-Version: 1.0\r\nContent-Type: multipart/{sub}; boundary="{boundary}"\r\n\r\n'.encode()
    )
    return (
        begin
        + b"".join(b"--" + mark + b"\r\n" + p + b"\r\n" for p in parts)
        + b"--"
        + mark
        + b"--\r\n"
    )


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nsent\r\n"


def opened(head: bytes) -> OpenedMail:
    """A mail that brings nothing, with these headers."""
    return open_mail(head + b"\r\nbody")


def name_of(data: bytes) -> str:
    (only,) = open_mail(data).attachments
    return only.name


def folder(tmp_path: Path, files: dict[str, bytes]) -> list[Received]:
    """Everything collected from a round whose folder holds these files."""
    for name, data in files.items():
        path = tmp_path / "received" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(collect(plan_of(tmp_path)))


def b64word(text: str, charset: str = "utf-8", codec: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(codec)).decode()}?="


WHEN = datetime(2023, 10, 5, 14, 32, 10, tzinfo=BANGKOK)
