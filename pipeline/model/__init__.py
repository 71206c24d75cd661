"""The nouns: what arrives, what it becomes, and what is said of it."""

from pipeline.model.arrivals import Channel, Message, Outcome, Received, Submission
from pipeline.model.changes import (
    Changes,
    Correction,
    Effect,
    Entry,
    Exclusion,
    Explanation,
    Settled,
    Signing,
    Waiver,
)
from pipeline.model.findings import CellRef, Fate, Finding
from pipeline.model.promises import (
    Contact,
    Criterion,
    Division,
    Extension,
    Measure,
    Obligation,
    Organisation,
    PipelineError,
    Plan,
    Signer,
)
from pipeline.model.results import Assessment, Figure, OpenItem, PrintedMeasure, Standing, State
from pipeline.model.tables import ORIGIN, Hidden, Reading, Receipt, ReceiptState, Repair, Table
from schemas.kit.columns import Severity

__all__ = [
    "ORIGIN",
    "Assessment",
    "CellRef",
    "Changes",
    "Channel",
    "Contact",
    "Correction",
    "Criterion",
    "Division",
    "Effect",
    "Entry",
    "Exclusion",
    "Explanation",
    "Extension",
    "Fate",
    "Figure",
    "Finding",
    "Hidden",
    "Measure",
    "Message",
    "Obligation",
    "OpenItem",
    "Organisation",
    "Outcome",
    "PipelineError",
    "Plan",
    "PrintedMeasure",
    "Reading",
    "Receipt",
    "ReceiptState",
    "Received",
    "Repair",
    "Settled",
    "Severity",
    "Signer",
    "Signing",
    "Standing",
    "State",
    "Submission",
    "Table",
    "Waiver",
]
