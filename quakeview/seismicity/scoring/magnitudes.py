"""The M test: whether magnitudes follow Gutenberg and Richter's law with the b-value of the days of training."""

from dataclasses import dataclass

import numpy as np

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.scoring.consistency import LikelihoodResult, LikelihoodTest
from quakeview.seismicity.scoring.outcomes import Outcomes
from quakeview.seismicity.statistics.b_values import BValue, b_value
from quakeview.seismicity.statistics.magnitudes import rounding

BIN = 0.1
_LARGEST = 10.0


@dataclass(frozen=True)
class MagnitudeTest:
    """The test, and the b-values of training and of the days that are scored."""

    result: LikelihoodResult
    trained: BValue
    observed: BValue


def magnitude_test(training: Catalogue, outcomes: Outcomes) -> MagnitudeTest:
    """Return the M test of CSEP on the earthquakes that came, each once.

    The forecasts say nothing of magnitudes above the least one, so that they share the law.

    Args:
        training: earthquakes of the days of training of at least the least magnitude.

    Raises:
        QuakeViewError: if there are too few for a b-value.
    """
    came, least = outcomes.targets.magnitude[np.unique(outcomes.pairs[1])], outcomes.magnitude
    step = rounding(training.magnitude).step
    trained, observed = b_value(training.magnitude, least, step), b_value(came, least, step)
    edges = np.arange(least - step / 2, _LARGEST, BIN)
    expected = 10 ** (-trained.b * (edges - edges[0])) * (1 - 10 ** (-trained.b * BIN))
    bins = np.minimum(np.floor((came - edges[0]) / BIN + 1e-6).astype(np.int64), len(edges) - 1)
    test = LikelihoodTest(given_number=True)
    test.add(expected, np.bincount(bins, minlength=len(edges)))
    return MagnitudeTest(test.result(), trained, observed)
