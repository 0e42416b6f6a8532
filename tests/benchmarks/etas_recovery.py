"""ETAS fitted to catalogues of which the law is known: are its parameters within the stated intervals?"""

import time

import numpy as np

from quakeview.seismicity.etas import EtasForecast
from quakeview.seismicity.etas_fitting import fit_etas
from quakeview.seismicity.etas_simulation import simulate
from quakeview.seismicity.etas_uncertainty import intervals, parameters
from quakeview.seismicity.references import Fitting
from quakeview.seismicity.sample import FIRST, LAST, sample_model

CATALOGUES, QUICK = 20, 3
_SEED = 100
"""From here on; smaller seeds were seen when the fit was written."""
_HISTORY = 365
"""Days before those of the fit."""


def run(quick: bool) -> dict[str, float]:
    """Fit ETAS to simulated catalogues; print for each parameter how far it is off, and how often it is within."""
    made = sample_model()
    truth = parameters(made)
    errors, within, numbers, seconds = [], [], [], []
    for seed in range(_SEED, _SEED + (QUICK if quick else CATALOGUES)):
        found, number, spent = _fitted(made, seed)
        held = intervals(found)
        errors.append([found_value / truth[name] - 1 for name, found_value in parameters(found).items()])
        within.append([held[name][0] <= true <= held[name][1] for name, true in truth.items()])
        numbers.append(number)
        seconds.append(spent)
    print(
        f"{len(numbers)} catalogues of {min(numbers):,} to {max(numbers):,} earthquakes, {np.mean(seconds):.1f} s a fit"
    )
    print(f"{'parameter':14}{'true':>9}{'mean error':>12}{'scatter':>9}{'within 95 %':>13}")
    of_all, held_all = np.array(errors), np.array(within)
    for name, error, held_share in zip(truth, of_all.T, held_all.T, strict=True):
        print(f"{name:14}{truth[name]:9.4g}{error.mean():12.1%}{error.std():9.1%}{held_share.mean():13.0%}")
    return {
        "parameters within their 95 % intervals": float(held_all.mean()),
        "least often": float(held_all.mean(axis=0).min()),
        "seconds for a fit": float(np.mean(seconds)),
    }


def _fitted(made: EtasForecast, seed: int) -> tuple[EtasForecast, int, float]:
    """A fit to a simulated catalogue, how many earthquakes it was fitted to, and how many seconds it took."""
    drawn = simulate(made, FIRST, LAST, seed=seed)
    fitting = Fitting(drawn, made.grid, made.magnitude, FIRST + _HISTORY, LAST)
    started = time.process_time()
    found = fit_etas(fitting)
    return found, len(fitting.targets), time.process_time() - started
