"""What all tests share: the project's root, its forms, the example rounds, and the fired rules."""

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import settings

import schemas.crosschecks  # noqa: F401 (importing registers them)
from pipeline.messages import catalogue
from pipeline.messages.weights import weights_of
from pipeline.model import Assessment, Finding, Plan, ReadRound, Severity
from pipeline.run import assess
from schemas import forms as all_forms
from schemas.kit.cross_rules import registered
from schemas.kit.form import FormSpec
from tests.support import office

pytest_plugins = (
    "tests.support.corrections",
    "tests.support.desk",
    "tests.support.retold",
    "tests.support.town",
    "tests.support.written_plan",
)

ROOT = Path(__file__).resolve().parent.parent
_OURS = str(ROOT / "pipeline")
_FIRED: set[str] = set()

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def forms() -> tuple[FormSpec, ...]:
    """Every form there is."""
    return all_forms()


def _plan(name: str, forms: tuple[FormSpec, ...]) -> Plan:
    from pipeline.plan import find_round, load_plan

    if not (ROOT / "inputs" / name / "round.toml").is_file():
        pytest.skip(f"there is no example round {name}")
    return load_plan(find_round(ROOT / "inputs", name), forms, None)


@pytest.fixture(scope="session")
def plan_06(forms: tuple[FormSpec, ...]) -> Plan:
    """The plan of the example's 6-month round."""
    return _plan("2566-06", forms)


@pytest.fixture(scope="session")
def plan_12(forms: tuple[FormSpec, ...]) -> Plan:
    """The plan of the example's 12-month round."""
    return _plan("2566-12", forms)


@pytest.fixture(scope="session")
def plan_messy(forms: tuple[FormSpec, ...]) -> Plan:
    """The plan of the round in which everything goes wrong."""
    return _plan("2566-12-messy", forms)


@pytest.fixture(scope="session")
def settled_06(plan_06: Plan) -> Assessment:
    """What the example's 6-month round comes to; nobody changes it."""
    return assess(plan_06)


@pytest.fixture(scope="session")
def settled_12(plan_12: Plan) -> Assessment:
    """What the example's 12-month round comes to; nobody changes it."""
    return assess(plan_12)


@pytest.fixture(scope="session")
def settled_messy(plan_messy: Plan) -> Assessment:
    """What the round in which everything goes wrong comes to; nobody changes it."""
    return assess(plan_messy)


# A rule that never fires looks like clean data. The pipeline's own findings are counted over the
# whole run, in all workers, and a rule that was never among them fails the run.


def _fired_name(finding: Finding) -> str:
    if finding.code == "required-if":
        return f"required-if of {finding.form}.{finding.column}"
    return finding.code


def _record_findings() -> None:
    """Note what is found here, and what a worker process found and a reading brings along.

    What is found weighs what the catalogue says that it can weigh.
    """
    _watch(Finding, lambda finding: (finding,))
    _watch(ReadRound, lambda reading: reading.findings)


def _watch(noun: type, findings: Callable[[Any], Iterable[Finding]]) -> None:
    made = noun.__init__

    @wraps(made)
    def watched(self: object, *values: object, **named: object) -> None:
        made(self, *values, **named)
        if _is_ours(sys._getframe(1)):
            _FIRED.update(map(_fired_name, findings(self)))
            for found in findings(self):
                assert found.severity in (weights_of(found.code) or Severity), found

    noun.__init__ = watched


def _is_ours(frame: FrameType | None) -> bool:
    """Whether the pipeline made it, not a test; `replace` stands in between."""
    while frame is not None and frame.f_code.co_filename == dataclasses.__file__:
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_OURS)


def _expected() -> Iterator[str]:
    for form in all_forms():
        yield from (rule.code for rule in form.rules)
        yield from (f"required-if of {form.name}.{c.name}" for c in form.columns if c.required_if)
    yield from registered()
    generic = (key.partition(".") for key in catalogue())
    yield from (code for kind, _, code in generic if kind == "finding" and code != "required-if")


def _is_whole_run(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    chosen = chosen or getattr(config.option, "lf", False) or config.option.maxfail
    return not chosen and config.args_source is pytest.Config.ArgsSource.TESTPATHS


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count."""
    _record_findings()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Keep LibreOffice from a test that is not marked as needing it."""
    office.may_be_asked = item.get_closest_marker("office") is not None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    """Take what a worker has counted."""
    _FIRED.update(getattr(node, "workeroutput", {}).get("fired", ()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hand over what this worker has counted, or judge the whole run."""
    if _is_worker(session.config):
        session.config.workeroutput["fired"] = sorted(_FIRED)
    elif _is_whole_run(session.config) and exitstatus == 0 and _silent():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say which rules never fired."""
    if not _is_worker(config) and _is_whole_run(config) and _silent():
        terminalreporter.section("rules that never fired", red=True)
        terminalreporter.write_line(", ".join(_silent()))


def _silent() -> list[str]:
    return sorted(set(_expected()) - _FIRED)
