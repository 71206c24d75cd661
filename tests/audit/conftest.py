"""One report of the example, made once, and the same saved again by LibreOffice."""

import pytest

from pipeline.audit.rebuild import rebuilt
from pipeline.audit.report_file import opened
from pipeline.audit.verify import hear_witnesses
from pipeline.messages import say
from tests.support import office
from tests.support.forging import COVER, FINDINGS, PLAN, PRINTED, SUMMARY


@pytest.fixture(scope="session")
def settled(settled_12):
    return settled_12


@pytest.fixture(scope="session")
def anew(settled):
    """The report as the inputs give it; no test may change it."""
    return rebuilt(settled)


@pytest.fixture(scope="session")
def made(anew, tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "report.xlsx"
    path.write_bytes(anew.data)
    return path


@pytest.fixture(scope="session")
def heard(anew, settled):
    """What the witnesses say of the bytes of a report."""
    return lambda data: hear_witnesses(opened(data, "report.xlsx"), anew, settled)


@pytest.fixture(scope="session")
def saved(made, tmp_path_factory):
    """The bytes of the report, saved again by LibreOffice."""
    [path] = office.convert(made, "xlsx", tmp_path_factory.mktemp("saved"))
    return path.read_bytes()


@pytest.fixture(scope="session")
def sheet_names():
    return {key: say(f"report.sheet.{key}") for key in (COVER, PRINTED, SUMMARY, FINDINGS, PLAN)}
