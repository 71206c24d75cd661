"""An auditor's tools: a report opened, recomputed, traced, compared with what its inputs give."""
