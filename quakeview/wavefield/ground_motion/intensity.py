"""Macroseismic intensity from ground velocity, and how ShakeMap shows it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

COLOURS: NDArray[np.uint8] = np.array(
    [
        (255, 255, 255),
        (191, 204, 255),
        (160, 230, 255),
        (128, 255, 255),
        (122, 255, 147),
        (255, 255, 0),
        (255, 200, 0),
        (255, 145, 0),
        (255, 0, 0),
        (200, 0, 0),
    ],
    np.uint8,
)
"""Red, green and blue of MMI 1 to 10 on a ShakeMap (Wald et al., 2006, ShakeMap Manual)."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_SHAKING = (
    "Not felt",
    "Weak",
    "Weak",
    "Light",
    "Moderate",
    "Strong",
    "Very strong",
    "Severe",
    "Violent",
    "Extreme",
)


def mmi_from_pgv(pgv: ArrayLike) -> Floats:
    """Modified Mercalli intensity, 1 to 10, from peak ground velocity in m/s. NaN stays NaN.

    Worden et al. (2012), BSSA 102, without the terms for magnitude and distance: in log10 of cm/s, slope 1.47 up to
    MMI 4.56 and 3.16 above; below MMI 2 the line that ShakeMap adds, slope 2.17.
    Standard deviation 0.63.

    PGV of a simulation has no waves above its highest frequency, so that the intensity is a lower bound.
    """
    with np.errstate(divide="ignore"):
        x = np.log10(100 * np.asarray(pgv, float))
    mmi = np.where(x < 0.53, 3.78 + 1.47 * x, 2.89 + 3.16 * x)
    mmi = np.where(x < -1.21, 4.62 + 2.17 * x, mmi)
    return np.clip(mmi, 1.0, 10.0)


def pgv_from_mmi(mmi: ArrayLike) -> Floats:
    """The smallest peak ground velocity, m/s, with at least this intensity: the inverse of ``mmi_from_pgv``."""
    mmi = np.asarray(mmi, float)
    x = np.where(mmi <= 4.62 + 2.17 * -1.21, (mmi - 4.62) / 2.17, np.maximum((mmi - 3.78) / 1.47, -1.21))
    x = np.where(mmi > 3.78 + 1.47 * 0.53, np.maximum((mmi - 2.89) / 3.16, 0.53), x)
    return np.asarray(10.0**x / 100)


def colours(mmi: ArrayLike) -> NDArray[np.uint8]:
    """ShakeMap's red, green and blue (..., 3), linear between whole intensities."""
    values = np.asarray(mmi, float)
    channels = [np.interp(values, np.arange(1, 11), channel) for channel in COLOURS.T]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


def roman(mmi: float) -> str:
    """The nearest whole intensity as it is written: I to X."""
    return _ROMAN[_level(mmi)]


def shaking(mmi: float) -> str:
    """How the nearest whole intensity is perceived, in the words of ShakeMap's legend."""
    return _SHAKING[_level(mmi)]


def _level(mmi: float) -> int:
    return int(np.clip(np.floor(mmi + 0.5), 1, 10)) - 1
