"""Forecasts of seismicity from a catalogue: reference forecasts, HierarchicalQuake, and what they are worth.

What ``__all__`` names is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quakeview.seismicity.catalogue import Catalogue
    from quakeview.seismicity.forecasting import SeismicityForecaster, probability
    from quakeview.seismicity.grid import CellGrid
    from quakeview.seismicity.reference_names import fit_reference
    from quakeview.seismicity.references import Fitting
    from quakeview.seismicity.windows import Window

__all__ = ["Catalogue", "CellGrid", "Fitting", "SeismicityForecaster", "Window", "fit_reference", "probability"]

_HOMES = {
    "Catalogue": "catalogue",
    "CellGrid": "grid",
    "Fitting": "references",
    "SeismicityForecaster": "forecasting",
    "Window": "windows",
    "fit_reference": "reference_names",
    "probability": "forecasting",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
