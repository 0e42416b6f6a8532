"""Weight classes of picks as in HYPO71: 0 to 3 stand for uncertainties, 4 for a pick that is kept and not used.

Lee & Lahr, 1975: HYPO71 (revised), USGS Open-File Report 75-311. Networks choose their own uncertainties.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError

if TYPE_CHECKING:  # the first picture of the window needs the classes, and no picks
    from quakeview.monitoring.picks import Pick

UNCERTAINTIES = (0.02, 0.05, 0.1, 0.2)
"""Seconds, of the classes 0 to 3, unless somebody chooses others."""
NOT_USED = 4
_ROUNDING = 1e-9


def weight_class(pick: "Pick", uncertainties: Sequence[float] = UNCERTAINTIES) -> int | None:
    """The first class whose uncertainty, s, is not less than that of the pick, and the last of those for a pick that
    is worse than all; 4 if it is left out of locations, None if its uncertainty is not known."""
    if not pick.used:
        return NOT_USED
    if pick.uncertainty is None:
        return None
    fits = (number for number, largest in enumerate(uncertainties) if pick.uncertainty <= largest + _ROUNDING)
    return next(fits, len(uncertainties) - 1)


def parse_uncertainties(text: str) -> tuple[float, ...]:
    """Four uncertainties in seconds, increasing, such as ``0.02 0.05 0.1 0.2``.

    Raises:
        QuakeViewError: if they are not.
    """
    try:
        values = tuple(float(word) for word in text.replace(";", " ").split())
    except ValueError:
        values = ()
    if len(values) != len(UNCERTAINTIES) or not 0 < values[0] < values[1] < values[2] < values[3] < 60:
        raise QuakeViewError("Give four uncertainties in seconds, from small to large, such as 0.02 0.05 0.1 0.2.")
    return values
