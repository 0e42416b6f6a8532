"""How well the parameters of an ETAS model are known."""

import math

import numpy as np
from numpy.typing import NDArray

from quakeview.seismicity.etas import EtasForecast
from quakeview.seismicity.etas_families import PARAMETERS
from quakeview.seismicity.statistics.b_values import NORMAL_95

_PLAIN = ("alpha", "gamma")
"""Parameters that are not searched for by their logarithm."""
_OVER_ONE = ("p", "q")
"""Those of which the logarithm of what is above 1 is."""


def intervals(model: EtasForecast) -> dict[str, tuple[float, float]]:
    """Return where each parameter is with a probability of 95 %, by name; none if the model was not fitted.

    ``background`` is the number of earthquakes a day in all cells; the others are as in ``Triggering``.
    """
    if model.covariance is None:
        return {}
    deviations = NORMAL_95 * np.sqrt(np.diag(model.covariance))
    ends = zip(PARAMETERS, _values(model), deviations, strict=True)
    return {name: (_back(name, value - off), _back(name, value + off)) for name, value, off in ends}


def parameters(model: EtasForecast) -> dict[str, float]:
    """Return the parameters by name, as in ``intervals``."""
    law = model.triggering
    return {"background": float(model.background.sum())} | {name: getattr(law, name) for name in PARAMETERS[1:]}


def _values(model: EtasForecast) -> NDArray[np.float64]:
    """The parameters as they are searched for."""
    return np.array([_forth(name, value) for name, value in parameters(model).items()])


def _forth(name: str, value: float) -> float:
    return value if name in _PLAIN else math.log(value - (name in _OVER_ONE))


def _back(name: str, value: float) -> float:
    return float(value) if name in _PLAIN else math.exp(value) + (name in _OVER_ONE)
