"""Attachments as mail programs, lists and gateways pass them on."""

import base64
import binascii
import subprocess
from pathlib import Path

import pytest

from pipeline.collect.mails import open_mail
from tests.support.letters import EXCEL, FROM, RECEIVED, TEXT, XLSX, attachment, mixed

HEAD = f'Content-Type: {EXCEL}; name="a.xlsx"\r\n'.encode()
CODED = base64.encodebytes(XLSX).replace(b"\n", b"\r\n")
FOOTER = b"\r\n____________________\r\nstaff mailing list\r\nstaff@lists.town.example\r\n"


def only(data: bytes) -> bytes:
    (found,) = open_mail(data).attachments
    return found.data


@pytest.mark.parametrize(
    "written",
    ["base64 ", "BASE64", "base64;", "base64 (as is)", "(x) base64", '"base64"', "\tBase64\t"],
)
def test_base64_is_known_however_it_is_written(written: str) -> None:
    encoding = f"Content-Transfer-Encoding: {written}\r\n\r\n".encode()
    assert only(mixed(TEXT, HEAD + encoding + CODED)) == XLSX


@pytest.mark.parametrize("written", ["quoted-printable ", "Quoted-Printable (x)"])
def test_quoted_printable_is_known_however_it_is_written(written: str) -> None:
    head = b"Content-Type: text/csv; name=a.csv\r\nContent-Transfer-Encoding: " + written.encode()
    assert only(mixed(TEXT, head + b"\r\n\r\na=3Db\r\n")).rstrip() == b"a=b"


@pytest.mark.parametrize("more", range(60))
def test_a_footer_behind_the_base64_is_no_part_of_it(more: int) -> None:
    data = XLSX + bytes(more)
    coded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    encoding = b"Content-Transfer-Encoding: base64\r\n\r\n"
    assert only(mixed(TEXT, HEAD + encoding + coded + FOOTER)) == data


def test_base64_may_come_in_padded_pieces_and_with_blank_lines_between() -> None:
    pieces = b"\r\n".join(base64.b64encode(XLSX[n : n + 55]) for n in range(0, len(XLSX), 55))
    encoding = b"Content-Transfer-Encoding: base64\r\n\r\n"
    assert only(mixed(TEXT, HEAD + encoding + pieces)) == XLSX
    spaced = CODED.replace(b"\r\n", b"\r\n\r\n")
    assert only(mixed(TEXT, HEAD + encoding + spaced)) == XLSX


def test_the_resource_fork_of_a_mac_is_no_file() -> None:
    fork = attachment("a.xlsx", b"\x00\x05\x16\x07" + bytes(40), "application/applefile")
    double = mixed(fork, attachment("a.xlsx"), head=b"", boundary="ad", sub="appledouble")
    assert only(mixed(TEXT, double)) == XLSX


@pytest.mark.parametrize("name", ["a.xlsx", "รายงาน ก.xlsx"])
@pytest.mark.parametrize("codec", ["utf-8", "cp874"])
def test_a_file_in_the_text_of_a_mail_is_found(name: str, codec: str) -> None:
    lines = b"".join(binascii.b2a_uu(XLSX[n : n + 45]) for n in range(0, len(XLSX), 45))
    text = b"hello\n\nbegin 644 " + name.encode(codec) + b"\n" + lines + b"`\nend\n\nbye\n"
    for data in (text, text.replace(b"\n", b"\r\n")):
        (found,) = open_mail(RECEIVED + FROM + b"\r\n" + data).attachments
        assert (found.name, found.data, found.ignored) == (name, XLSX, "")


def test_words_that_begin_like_a_file_are_text() -> None:
    text = b"\r\nbegin 644 a.xlsx\r\nto work\r\nend\r\n"
    assert open_mail(RECEIVED + FROM + text).ignored == "no-attachment"


@pytest.fixture
def signed(tmp_path: Path):
    """Sign with the real program; its options say how the signature is written."""

    def openssl(*words: str) -> bytes:
        made = subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)
        return made.stdout

    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"]
    openssl("req", "-x509", *key, "-subj", "/CN=clerk", "-days", "2")
    (tmp_path / "plain").write_bytes(mixed(TEXT, attachment("a.xlsx"), head=b"", boundary="in"))

    def sign(*how: str) -> bytes:
        return RECEIVED + FROM + openssl("cms", *how, "-in", "plain", "-binary")

    return sign


@pytest.mark.office
@pytest.mark.parametrize("stream", ["-stream", "-nostream"])
def test_what_a_signature_encloses_is_read(signed, stream: str) -> None:
    how = [] if stream == "-nostream" else [stream]
    mail = signed("-sign", "-nodetach", "-signer", "cert.pem", "-inkey", "key.pem", *how)
    assert b"pkcs7-mime" in mail
    assert only(mail) == XLSX


@pytest.mark.office
def test_what_is_encrypted_is_not_taken_for_signed(signed) -> None:
    mail = signed("-encrypt", "-aes256", "-recip", "cert.pem")
    assert open_mail(mail).ignored == "mail-encrypted"
