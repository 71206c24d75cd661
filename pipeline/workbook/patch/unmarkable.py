"""Why a workbook that can be read is not marked."""


class Unmarkable(Exception):  # noqa: N818 - the name says what the workbook is
    """A workbook that cannot be marked without harm: the key of the reason."""

    def __init__(self, reason: str) -> None:
        """Keep the key of the reason."""
        super().__init__(reason)
        self.reason = reason
