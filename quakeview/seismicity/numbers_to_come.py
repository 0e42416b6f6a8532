"""What is to come in a region, in words: how many earthquakes, with which probability, and by how much they scatter."""

import numpy as np

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.etas import EtasForecast
from quakeview.seismicity.etas_simulation import simulated_numbers
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.maps.day_forecast import DayForecast
from quakeview.seismicity.maps.regions import RegionForecast, rarity
from quakeview.seismicity.maps.words import number_text, probability_text, region_weights
from quakeview.seismicity.region import Region
from quakeview.seismicity.statistics.b_values import NORMAL_95

RUNS = 2000


def region_text(
    forecaster: SeismicityForecaster,
    forecast: DayForecast,
    catalogue: Catalogue,
    day: int,
    region: Region,
    magnitude: float,
) -> str:
    """Return sentences on the earthquakes of a magnitude and more that are to come in a region.

    With ETAS also by simulation, from which the range of numbers is: earthquakes come in sequences.

    Args:
        forecast: of ``forecaster``, after ``day``.
        catalogue: nothing after the end of ``day`` is used.
        magnitude: not below that of the forecaster.
    """
    known = catalogue.between(-np.inf, (day + 1) * DAY)
    rarer, above = rarity(known, forecaster.magnitude), magnitude - forecaster.magnitude
    share = float(region_weights(forecaster.grid, region) @ forecast.expected)
    least, likely, most = (
        share * 10 ** (-b * above)
        for b in (rarer.b + NORMAL_95 * rarer.uncertainty, rarer.b, rarer.b - NORMAL_95 * rarer.uncertainty)
    )
    chance = RegionForecast(magnitude, likely, least, most).probability
    said = [
        f"In {region}, {number_text(likely)} of magnitude {magnitude:g} and more are expected on {forecast.when}: "
        f"a probability of {probability_text(chance)} for at least one."
    ]
    if above > 0:
        said.append(
            f"Larger earthquakes are rarer with {rarer.words}; so the number is {least:.3g} to {most:.3g} (95 %)."
        )
    if isinstance(forecaster, EtasForecast):
        said.append(_simulated(forecaster, known, day, region, magnitude, rarer.b))
    return " ".join(said)


def _simulated(
    model: EtasForecast, known: Catalogue, day: int, region: Region, magnitude: float, b_value: float
) -> str:
    numbers = simulated_numbers(model, known, day, region.contains, magnitude, b_value, RUNS)
    low, high = np.quantile(numbers, (0.025, 0.975), method="nearest")
    some = float((numbers > 0).mean())
    scatter = NORMAL_95 * np.sqrt(max(some * (1 - some), 1 / RUNS) / RUNS)
    return (
        f"In {RUNS:,} simulations with all aftershocks {low:.0f} to {high:.0f} came (95 %), and at least one in "
        f"{100 * some:.1f} ± {100 * scatter:.1f} % of them."
    )
