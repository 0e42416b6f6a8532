"""The reference forecasts by name, each fitted to the days of training alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress

if TYPE_CHECKING:
    from quakeview.seismicity.forecasting import SeismicityForecaster
    from quakeview.seismicity.references import Fitting

REFERENCES = ("uniform", "smoothed", "recent", "etas")
"""From the one that knows least to the one that knows most."""


def fit_reference(name: str, fitting: "Fitting", progress: Progress = Progress()) -> "SeismicityForecaster":
    """Fit the reference forecast of a name.

    Raises:
        QuakeViewError: if there is none of that name, or there are too few earthquakes.
        Cancelled: through ``progress``.
    """
    from quakeview.seismicity.references import smoothed_recent, smoothed_seismicity, uniform

    progress.advance(0, 1, f"Fitting the reference {name}")
    if name == "etas":
        from quakeview.seismicity.etas_fitting import fit_etas

        return fit_etas(fitting, progress)
    simple: dict[str, Callable[[Fitting], SeismicityForecaster]] = {
        "uniform": uniform,
        "smoothed": smoothed_seismicity,
        "recent": smoothed_recent,
    }
    if name not in simple:
        raise QuakeViewError(f"There is no reference forecast {name!r}; choose one of {', '.join(REFERENCES)}.")
    return simple[name](fitting)
