"""How much each generic finding can weigh; a rule and a crosscheck say it of themselves."""

from collections.abc import Mapping

from pipeline.model import Severity

_ERROR, _WARNING, _NOTE = (Severity.ERROR,), (Severity.WARNING,), (Severity.NOTE,)
# What is at fault in a cell weighs what its column says.
_BY_COLUMN = _ERROR + _WARNING
_WEIGHTS: Mapping[str, tuple[Severity, ...]] = {
    "internal": _ERROR,
    "no-attachment": _WARNING,
    "mail-damaged": _WARNING,
    "mail-encrypted": _WARNING,
    "no-division": _ERROR,
    "other-organisation": _ERROR,
    "other-round": _ERROR,
    "no-form-recognised": _ERROR,
    "unknown-sender": _ERROR,
    "other-divisions-workbook": _ERROR,
    "sender-not-registered": _NOTE,
    "time-from-date": _NOTE,
    "time-outside-round": _WARNING,
    "older-template": _WARNING,
    "macros": _WARNING,
    "external-links": _WARNING,
    "unknown-sheet": _NOTE,
    "second-sheet": _WARNING,
    "renamed-sheet": _NOTE,
    "hidden-unread": _WARNING,
    "not-a-workbook-*": _ERROR,
    "error-cell": _BY_COLUMN,
    "uncalculated-formula": _BY_COLUMN,
    "missing-heading": _BY_COLUMN,
    "doubled-heading": _ERROR,
    "extra-heading": _NOTE,
    "no-headings": _ERROR,
    "official-layout": _NOTE,
    "no-month-stated": _ERROR,
    "no-quarter-stated": _ERROR,
    "outside-stated-period": _WARNING,
    "masked-number": _NOTE,
    "total-row": _NOTE,
    "total-differs": _WARNING,
    "repeated-heading": _NOTE,
    "separator-rows": _NOTE,
    "note-rows": _NOTE,
    "continued-rows": _NOTE,
    "second-table": _ERROR,
    "stray-cell": _WARNING,
    "under-merged": _WARNING,
    "hidden-rows": _WARNING,
    "hidden-columns": _WARNING,
    "hidden-sheet": _WARNING,
    "neither-tick-nor-rows": _WARNING,
    "measures-blank": _WARNING,
    "missing-sheet": _WARNING,
    "nil-with-rows": _WARNING,
    "times-unknown": _WARNING,
    "shares-no-row": _WARNING,
    "no-part": _WARNING,
    "fewer-rows": _NOTE,
    "excluded": _NOTE,
    "excluded-sheet": _NOTE,
    "correction-*": _NOTE,
    "exclusion-*": _NOTE,
    "waiver-*": _NOTE,
    "explanation-*": _NOTE,
    "criterion-changed": _WARNING,
    "signing-missing": _ERROR,
    "signing-altered": _ERROR,
    "signing-back-dated": _ERROR,
    "signing-unlinked": _ERROR,
    "signing-unchained": _NOTE,
    "required": _BY_COLUMN,
    "required-if": _BY_COLUMN,
    "below-minimum": _BY_COLUMN,
    "above-maximum": _BY_COLUMN,
    "pattern": _BY_COLUMN,
    "outside-period": _BY_COLUMN,
    "duplicate-key": _ERROR,
    "unreadable-*": _BY_COLUMN,
    "personal-*": _WARNING,
}
_FAMILIES = tuple(code.rstrip("*") for code in _WEIGHTS if code.endswith("*"))


def weights_of(code: str) -> tuple[Severity, ...]:
    """The weights that a generic finding can have, the gravest first; none for a strange code."""
    family = next((each + "*" for each in _FAMILIES if code.startswith(each)), code)
    return _WEIGHTS.get(family, ())
