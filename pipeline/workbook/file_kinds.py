"""What a file really is, judged by its first bytes and never by its name."""

from pipeline.workbook.refusal import NotAWorkbook

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_BIFF = (b"\x09\x00\x04\x00", b"\x09\x00\x06\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_BIFF_5 = b"\x09\x08"
_HEAD = 4096  # bytes that decide; every signature and every HTML head we met lies within

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"{\\rtf", "docx"),
    (b"PK", "zip"),
    (b"Rar!", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "zip"),
    (b"\x1f\x8b", "zip"),
)
_OLE_ENTRY = 128  # bytes of one directory entry, on a multiple of which its name begins
_OLE_STREAMS = {"Workbook": "old_format", "Book": "old_format", "WordDocument": "docx"}
# Who may open a file that a sensitivity label protects is known to a server, not to a password.
_LABEL_STREAMS = ("DRMEncryptedDataSpace", "DRMEncryptedTransform", "LabelInfo")
_HTML_MARKS = ("<html", "<!doctype html", "<table", "<head", "mime-version:")
_OLD_XML_MARK = "urn:schemas-microsoft-com:office:spreadsheet"
_SEPARATORS = ",;\t"
_SPACE = 0x20
_TEXT_CONTROLS = b"\t\n\r\f"


def require_zip(data: bytes) -> None:
    """Let pass what starts as a zip file and refuse anything else by what it is."""
    if not data:
        raise NotAWorkbook("empty_file")
    if data.startswith(_ZIP):
        return
    if data.startswith(_OLE):
        raise _ole(data)
    if data.startswith(_BIFF) or data.startswith(_BIFF_5):
        raise NotAWorkbook("old_format")
    raise _other(data[:_HEAD])


def _ole(data: bytes) -> NotAWorkbook:
    """Tell an encrypted workbook from an old one by the streams of its OLE container."""
    if _stream_position(data, "EncryptedPackage") >= 0:
        labelled = any(_stream_position(data, each) >= 0 for each in _LABEL_STREAMS)
        return NotAWorkbook("label" if labelled else "password")
    places = {_stream_position(data, stream): stream for stream in _OLE_STREAMS}
    first = min((place for place in places if place >= 0), default=-1)
    kind = _OLE_STREAMS[places[first]] if first >= 0 else "other"
    if kind == "old_format":
        return NotAWorkbook("old_format")
    return NotAWorkbook("not_workbook", kind=kind)


def _stream_position(data: bytes, stream: str) -> int:
    """Find the directory entry of a stream, or give -1."""
    name = f"{stream}\0".encode("utf-16-le")
    position = data.find(name)
    while position >= 0 and position % _OLE_ENTRY:
        position = data.find(name, position + 1)
    return position


def _other(head: bytes) -> NotAWorkbook:
    """Tell pictures, documents, archives and texts apart."""
    if b"%PDF-" in head[:1024]:
        return NotAWorkbook("not_workbook", kind="pdf")
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return NotAWorkbook("not_workbook", kind=kind)
    if not head.strip(b"\x00"):
        return NotAWorkbook("damaged", where="zip")
    return _text(head)


def _text(head: bytes) -> NotAWorkbook:
    """Tell a web page from a table of text; Thai text may be in any of three encodings."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
    elif any(byte < _SPACE and byte not in _TEXT_CONTROLS for byte in head):
        return NotAWorkbook("not_workbook", kind="other")
    else:
        text = head.decode("utf-8-sig", "replace")
    text = text.lower()
    if _OLD_XML_MARK in text:
        return NotAWorkbook("old_format")
    if any(mark in text for mark in _HTML_MARKS):
        return NotAWorkbook("not_workbook", kind="html")
    kind = "csv" if any(separator in text for separator in _SEPARATORS) else "other"
    return NotAWorkbook("not_workbook", kind=kind)
