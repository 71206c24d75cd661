"""What a text states and the figure that it is about, side by side."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from schemas.kit.claims.extraction import EVERY, Claim
from schemas.kit.score import half_up

FigureT = TypeVar("FigureT")


@dataclass(frozen=True)
class Comparison(Generic[FigureT]):
    """What a text states beside the figure that it is about.

    `stated` is the value of what is said: 0 for none, that of `whole` where all is claimed.
    `figure` and `whole` are what it is compared with. The text, of which `words` are a part, is
    the configured one of `key`, or that of a row and column of the measures' form at `place`.
    """

    measure: int
    claim: Claim
    words: str
    stated: Decimal | str
    computed: Decimal | str
    agrees: bool
    title_th: str
    title_en: str
    shown_th: str
    shown_en: str
    figure: FigureT
    whole: FigureT | None = None
    key: str = ""
    index: int | None = None
    column: str = ""
    place: str = ""

    @property
    def of_all(self) -> bool:
        """Whether the text claims all, so that what it states is a figure too."""
        return self.claim.value == EVERY

    @property
    def difference(self) -> Decimal:
        """What is stated less what is computed, both to the decimals stated; of words, 0."""
        if isinstance(self.stated, str) or isinstance(self.computed, str):
            return Decimal(0)
        computed = self.computed / self.claim.scale
        return half_up(self.stated, self.claim.places) - half_up(computed, self.claim.places)
