"""Forged reports: each forgery is named by sheet and place, in a fresh report and a saved one."""

import pytest

from pipeline.audit.appearance import appearance
from pipeline.audit.causes import Cause
from pipeline.audit.differences import compare
from tests.support import office
from tests.support.forging import FORGERIES, Parts

# Forged in a report that LibreOffice saved, then in one that it saves afterwards.
IN_A_SAVED_ONE = [
    "hidden-findings-sheet",
    "hidden-cover-row",
    "hidden-data-rows",
    "row-without-height-that-is-not-fixed",
    "column-without-width",
    "number-format-that-shows-nothing",
    "white-font-of-the-palette",
    "conditional-format-that-hides",
    "conditional-format-of-excel-2010",
    "merged-cells-that-hide",
    "formula-turned-into-a-constant",
    "kept-value-changed",
    "link-redirected",
    "name-redirected",
    "page-header-changed",
    "print-area-cut",
    "view-of-ten-per-cent",
    "text-box-over-a-figure",
    "picture-added",
    "chart-redirected",
    "chart-title-changed",
    "comment-added",
    "version-changed",
    "part-that-nothing-names",
]
SAVED_AFTERWARDS = [
    "hidden-findings-sheet",
    "hidden-cover-row",
    "hidden-column",
    "number-format-that-shows-another-score",
    "white-font",
    "conditional-format-that-hides",
    "formula-turned-into-a-constant",
    "link-redirected",
    "page-header-changed",
    "print-area-cut",
    "text-box-over-a-figure",
    "chart-redirected",
]
HEARD_WHOLE = [
    "hidden-findings-sheet",
    "formula-turned-into-a-constant",
    "kept-value-changed",
    "formula-of-an-unknown-function",
    "inputs-hash-changed",
]


@pytest.fixture(scope="module")
def expected(anew):
    return appearance(anew.data)


def names(compared, named):
    return [
        each
        for each in compared.differences
        if named.sheet in ("", each.spot.sheet)
        and named.place in each.spot.place
        and named.what in each.spot.what
    ]


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_named_by_sheet_and_place(name, anew, expected, sheet_names):
    parts = Parts.of(anew.data)
    named = FORGERIES[name](parts, sheet_names)
    found = compare(appearance(parts.packed()), expected)
    assert names(found, named), found.differences[:5]
    assert found.met == {}  # nothing is excused in a file that LibreOffice did not write


@pytest.mark.office
@pytest.mark.parametrize("name", IN_A_SAVED_ONE)
def test_a_forgery_is_named_in_a_report_that_was_saved_again(name, saved, expected, sheet_names):
    parts = Parts.of(saved)
    named = FORGERIES[name](parts, sheet_names)
    found = compare(appearance(parts.packed()), expected)
    assert names(found, named), found.differences[:5]
    assert len(found.differences) < 30  # what LibreOffice wrote is still told from it


@pytest.mark.office
@pytest.mark.parametrize("name", SAVED_AFTERWARDS)
def test_libreoffice_does_not_launder_a_forgery(name, anew, expected, sheet_names, tmp_path):
    """Forged first, then saved by LibreOffice: what it keeps of the forgery is still named."""
    parts = Parts.of(anew.data)
    named = FORGERIES[name](parts, sheet_names)
    (tmp_path / "report.xlsx").write_bytes(parts.packed())
    [path] = office.convert(tmp_path / "report.xlsx", "xlsx", tmp_path / "saved")
    found = compare(appearance(path.read_bytes()), expected).differences
    assert named.sheet in {each.spot.sheet for each in found}


@pytest.mark.parametrize("name", HEARD_WHOLE)
def test_no_claim_of_a_report_excuses_a_forgery(name, anew, heard, sheet_names):
    parts = Parts.of(anew.data)
    named = FORGERIES[name](parts, sheet_names)
    verified = heard(parts.packed())
    assert not verified.same
    assert verified.evidence
    assert names(verified.seen, named)
    cause = Cause.INPUTS if name == "inputs-hash-changed" else Cause.EDITED
    assert verified.cause is cause


def test_what_comes_out_is_no_excuse_for_what_it_says_of_itself(heard, anew, sheet_names):
    """A formula that is not computed and a value that is not kept are findings of their own."""
    for name, why in (("kept-value-changed", False), ("formula-of-an-unknown-function", True)):
        parts = Parts.of(anew.data)
        named = FORGERIES[name](parts, sheet_names)
        [wrong] = [
            each
            for each in heard(parts.packed()).figures_checked.wrong
            if (each.place.sheet, each.place.address) == (named.sheet, named.place)
        ]
        assert bool(wrong.why) is why


def test_a_tooltip_taken_away_by_hand_is_named(anew, expected):
    """What LibreOffice loses it loses everywhere; from one place it was taken by hand."""
    parts = Parts.of(anew.data)
    part = next(p for p in parts.sheets.values() if 'tooltip="' in parts.text(p))
    parts.sub(part, r' tooltip="[^"]*"', "")
    [found] = compare(appearance(parts.packed()), expected).differences
    assert found.what == "hyperlink@tooltip"
