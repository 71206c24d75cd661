"""An auditor's tools: a figure traced to its rows and back, a report verified by three witnesses."""
