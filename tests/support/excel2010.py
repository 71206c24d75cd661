"""Which functions the formulas of a workbook use, and which of them Excel 2010 does not know.

LibreOffice computes formulas that the Excel of a division shows as #NAME?, so a recalculation
cannot find them; the names are read out of the workbook's parts instead.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from openpyxl.utils import FORMULAE

_PREFIX = "_XLFN."
# Functions that came with Excel 2010; a file names them with the prefix.
# fmt: off
_ADDED_2010 = frozenset(
    {
        "AGGREGATE", "BETA.DIST", "BETA.INV", "BINOM.DIST", "BINOM.INV", "CEILING.PRECISE",
        "CHISQ.DIST", "CHISQ.DIST.RT", "CHISQ.INV", "CHISQ.INV.RT", "CHISQ.TEST",
        "CONFIDENCE.NORM", "CONFIDENCE.T", "COVARIANCE.P", "COVARIANCE.S", "ERF.PRECISE",
        "ERFC.PRECISE", "EXPON.DIST", "F.DIST", "F.DIST.RT", "F.INV", "F.INV.RT", "F.TEST",
        "FLOOR.PRECISE", "GAMMA.DIST", "GAMMA.INV", "GAMMALN.PRECISE", "HYPGEOM.DIST",
        "LOGNORM.DIST", "LOGNORM.INV", "MODE.MULT", "MODE.SNGL", "NEGBINOM.DIST", "NORM.DIST",
        "NORM.INV", "NORM.S.DIST", "NORM.S.INV", "PERCENTILE.EXC", "PERCENTILE.INC",
        "PERCENTRANK.EXC", "PERCENTRANK.INC", "POISSON.DIST", "QUARTILE.EXC", "QUARTILE.INC",
        "RANK.AVG", "RANK.EQ", "STDEV.P", "STDEV.S", "T.DIST", "T.DIST.2T", "T.DIST.RT",
        "T.INV", "T.INV.2T", "T.TEST", "VAR.P", "VAR.S", "WEIBULL.DIST", "Z.TEST",
    }
)
# fmt: on
# openpyxl lists those of the file format's first edition, which is Excel 2007; one is in no Excel.
_ALLOWED = (frozenset(FORMULAE) - {"ECMA.CEILING"}) | {_PREFIX + name for name in _ADDED_2010}

# Parts of a formula in which a word before a bracket is no function.
_TEXT = r'"(?:[^"]|"")*"'
_SHEET = r"'(?:[^']|'')*'"
_TABLE_COLUMN = r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
_INERT = re.compile(f"{_TEXT}|{_SHEET}|{_TABLE_COLUMN}")
_CALL = re.compile(r"([^\W0-9][\w.]*)\s*\(")
_FORMULA_TAGS = frozenset(
    {
        "f",
        "formula",
        "formula1",
        "formula2",
        "definedName",
        "calculatedColumnFormula",
        "totalsRowFormula",
    }
)


def functions_in(formula: str) -> set[str]:
    """The names of the functions a formula calls, as the file spells them, in capitals."""
    return {name.upper() for name in _CALL.findall(_INERT.sub(" ", formula))}


def formulas_of(path: Path) -> Iterator[str]:
    """Every formula of a workbook: cells, names, lists, checks, colours, tables and charts."""
    with zipfile.ZipFile(path) as parts:
        for part in sorted(parts.namelist()):
            if part.startswith("xl/") and part.endswith(".xml"):
                for element in ET.fromstring(parts.read(part)).iter():
                    if element.tag.rpartition("}")[2] in _FORMULA_TAGS and element.text:
                        yield element.text


def forbidden_functions(path: Path) -> set[str]:
    """The functions in a workbook's formulas that Excel 2010 does not know (empty: all is well)."""
    used = {name for formula in formulas_of(path) for name in functions_in(formula)}
    return used - _ALLOWED
