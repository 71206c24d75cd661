"""What we do: from the divisions' mails to the report, one module per stage."""

__version__ = "0.1.0"
