"""Which program and which libraries make a report, and a digest of it that is the same for all."""

import hashlib
import platform
import re
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline import __version__
from pipeline.workbook.package import open_package

PROGRAM = "pipeline_version"
_LIBRARY = "library_"
_HERE = Path(__file__).parent
_PACKAGES = (_HERE, _HERE.parent / "schemas")
_SOURCES = frozenset({".py", ".toml", ".txt"})
_DISTRIBUTIONS = ("pandas", "pandera", "XlsxWriter")
_CUSTOM = "docprops/custom.xml"
_PROPERTY = re.compile(
    rf'<property [^>]*name="(?:{PROGRAM}|{_LIBRARY}[^"]*)"[^>]*>.*?</property>'.encode()
)


@cache
def program_version() -> str:
    """The version and, behind a plus sign, the beginning of a hash over the program's source.

    A form or a sentence that somebody changes makes another program, whatever its number says.
    """
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted(package.rglob("*"), key=lambda each: each.as_posix()):
            if path.suffix in _SOURCES:
                name = path.relative_to(package.parent).as_posix()
                digest.update(f"{name}\n".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{__version__}+{digest.hexdigest()[:12]}"


@cache
def libraries() -> Mapping[str, str]:
    """The versions on which the bytes of a report may depend, by the name of each library."""
    packages = {name: version(name) for name in _DISTRIBUTIONS}
    return {"Python": platform.python_version(), **packages, "zlib": zlib.ZLIB_RUNTIME_VERSION}


def version_properties() -> dict[str, str]:
    """What a report bears of program and libraries, by the names of its properties."""
    return {PROGRAM: program_version()} | {
        f"{_LIBRARY}{name.lower()}": number for name, number in libraries().items()
    }


def names_a_library(name: str) -> bool:
    """Whether a property of a report names the version of a library."""
    return name.startswith(_LIBRARY)


def content_sha256(data: bytes) -> str:
    """One hash over a workbook's parts, their order and their content, however compressed.

    The properties that name versions are left out, and nothing else: the same inputs give the
    same on every machine. Raises NotAWorkbook for what is no workbook.
    """
    package, digest = open_package(data), hashlib.sha256()
    for name in package.names:
        content = package.read(name)
        if name.lower() == _CUSTOM:
            content = _PROPERTY.sub(b"", content)
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()
