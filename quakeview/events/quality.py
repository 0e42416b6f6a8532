"""How good a location is, as a letter from A to D.

The classes of HYPO71 (Lee & Lahr 1975, USGS Open-File Report 75-311): one for the residuals and errors, one for the
distribution of the stations; the quality is their mean, the worse of the two nearest letters.
"""

import numpy as np

from quakeview.events.event import Origin

LETTERS = "ABCD"
_SOLUTION = ((0.15, 1_000.0, 2_000.0), (0.30, 2_500.0, 5_000.0), (0.50, 5_000.0, np.inf))
"""Of A, B and C: greatest rms, s, horizontal and vertical error, m."""
_STATIONS = ((6, 90.0, 1.0, 5_000.0), (6, 135.0, 2.0, 10_000.0), (6, 180.0, np.inf, 50_000.0))
"""Of A, B and C: fewest picks, greatest gap, and greatest distance of the nearest station in depths or, if more, m."""


def quality(origin: Origin) -> str:
    """``"A"`` to ``"D"``; empty if the errors or the stations are not known."""
    if origin.uncertainty is None or origin.rms is None or origin.gap is None or origin.nearest is None:
        return ""
    solution = _solution(origin.rms, origin.uncertainty.ellipse[0], origin.uncertainty.depth_error)
    stations = _stations(len(origin.used), origin.gap, origin.nearest, origin.depth or 0.0)
    return LETTERS[(solution + stations + 1) // 2]


def _solution(rms: float, horizontal: float, vertical: float) -> int:
    fits = [rms < a and horizontal <= b and vertical <= c for a, b, c in _SOLUTION]
    return fits.index(True) if any(fits) else 3


def _stations(picks: int, gap: float, nearest: float, depth: float) -> int:
    fits = [picks >= a and gap <= b and nearest <= max(c * depth if depth else 0.0, d) for a, b, c, d in _STATIONS]
    return fits.index(True) if any(fits) else 3
