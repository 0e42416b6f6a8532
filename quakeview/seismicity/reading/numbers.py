"""Numbers of tables, whole columns at once."""

import re

import numpy as np
from numpy.typing import NDArray

_MISSING = {"", "nan", "null", "none", "na", "n/a", "-", "--", "nat", "*"}
_HEMISPHERE = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*°?\s*([NSEW])\s*", re.IGNORECASE)


def parse_numbers(texts: NDArray[np.str_], decimal_comma: bool = False) -> NDArray[np.float64]:
    """Return the numbers of (n,) texts, also 35.2N and 117.5W; NaN where there is none."""
    if decimal_comma:
        texts = np.char.replace(texts, ",", ".")
    try:
        return _finite(texts.astype(np.float64))
    except ValueError:
        return _finite(np.array([_number(text) for text in texts.tolist()], np.float64))


def unreadable(texts: NDArray[np.str_], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return where something is written that is no number, and not one of the usual words for nothing."""
    wrong = np.isnan(values)
    wrong[wrong] = [text.strip().lower() not in _MISSING for text in texts[wrong].tolist()]
    return wrong


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        match = _HEMISPHERE.fullmatch(text)
    if match is None:
        return np.nan
    return float(match[1]) * (-1 if match[2].upper() in "SW" else 1)


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)
