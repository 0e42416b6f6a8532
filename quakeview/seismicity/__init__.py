"""Forecasts of seismicity from a catalogue: reference forecasts, HierarchicalQuake, and what they are worth.

What ``__all__`` names is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quakeview.seismicity.catalogue import Catalogue, date_of, day_of
    from quakeview.seismicity.choices import days_of
    from quakeview.seismicity.forecasting import SeismicityForecaster, probability
    from quakeview.seismicity.grid import CellGrid
    from quakeview.seismicity.model_folder import load_forecaster
    from quakeview.seismicity.reading import read_catalogue
    from quakeview.seismicity.reference_names import fit_reference
    from quakeview.seismicity.references import Fitting
    from quakeview.seismicity.sample import sample_catalogue
    from quakeview.seismicity.scoring.gains import gain_over
    from quakeview.seismicity.scoring.outcomes import held_out
    from quakeview.seismicity.scoring.scores import score_together
    from quakeview.seismicity.statistics.declustering import decluster
    from quakeview.seismicity.statistics.methods import Method
    from quakeview.seismicity.statistics.summary import summarise
    from quakeview.seismicity.windows import Window

__all__ = [
    "Catalogue",
    "CellGrid",
    "Fitting",
    "Method",
    "SeismicityForecaster",
    "Window",
    "date_of",
    "day_of",
    "days_of",
    "decluster",
    "fit_reference",
    "gain_over",
    "held_out",
    "load_forecaster",
    "probability",
    "read_catalogue",
    "sample_catalogue",
    "score_together",
    "summarise",
]

_HOMES = {
    "Catalogue": "catalogue",
    "CellGrid": "grid",
    "Fitting": "references",
    "Method": "statistics.methods",
    "SeismicityForecaster": "forecasting",
    "Window": "windows",
    "date_of": "catalogue",
    "day_of": "catalogue",
    "days_of": "choices",
    "decluster": "statistics.declustering",
    "fit_reference": "reference_names",
    "gain_over": "scoring.gains",
    "held_out": "scoring.outcomes",
    "load_forecaster": "model_folder",
    "probability": "forecasting",
    "read_catalogue": "reading",
    "sample_catalogue": "sample",
    "score_together": "scoring.scores",
    "summarise": "statistics.summary",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
