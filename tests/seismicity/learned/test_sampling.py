import numpy as np
import pytest

from quakeview.seismicity.catalogue import DAY
from quakeview.seismicity.learned.features import RateFeatures
from quakeview.seismicity.learned.sampling import batch_of, sample
from quakeview.seismicity.references import Fitting, smoothed_recent
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, box, clustered

CATALOGUE = clustered(400)
FITTING = Fitting(CATALOGUE, box(), 4.5, FIRST, FIRST + 300, Window(2, 4))
FEATURES = RateFeatures(box(), 4.5, 4.5)
REFERENCE = smoothed_recent(FITTING)
DAYS = range(FIRST + 50, FIRST + 200)
SAMPLED = sample(FEATURES, REFERENCE, CATALOGUE, DAYS, 40, seed=1)


def test_the_samples_stand_for_all_cells() -> None:
    """What is expected in all cells of all days is estimated without bias."""
    whole = sum(expected.sum() for expected in REFERENCE.expected(CATALOGUE, DAYS))
    assert (SAMPLED.weight * SAMPLED.reference).sum() == pytest.approx(whole, rel=0.02)
    assert SAMPLED.weight.sum() == pytest.approx(len(DAYS) * box().number, rel=0.1)


def test_every_earthquake_is_there_once_for_each_day_whose_window_it_is_in() -> None:
    inside = CATALOGUE.where(box().cells(CATALOGUE) >= 0)
    wanted = sum(len(inside.between((day + 2) * DAY, (day + 4) * DAY)) for day in DAYS)
    assert SAMPLED.earthquakes == wanted > 100


def test_a_day_has_the_same_samples_among_other_days() -> None:
    again = sample(FEATURES, REFERENCE, CATALOGUE, DAYS[100:], 40, seed=1)
    np.testing.assert_array_equal(again.cell, SAMPLED.cell[SAMPLED.starts[100] :])
    np.testing.assert_allclose(again.rates, SAMPLED.rates[SAMPLED.starts[100] :], atol=1e-3)


def test_days_of_a_batch_are_filled_with_what_counts_nothing() -> None:
    chosen = np.array([3, 149, 80])
    batch = batch_of(SAMPLED, FEATURES.regions, chosen)
    lengths = np.diff(SAMPLED.starts)[chosen]
    assert {name: value.shape[:2] for name, value in batch.items() if name != "regions"} == dict.fromkeys(
        ("rates", "reference", "number", "weight", "region"), (3, lengths.max())
    )
    for place, day in enumerate(chosen):
        own = slice(SAMPLED.starts[day], SAMPLED.starts[day + 1])
        assert batch["weight"][place].sum() == pytest.approx(SAMPLED.weight[own].sum())
        assert batch["number"][place].sum() == SAMPLED.number[own].sum()
        np.testing.assert_array_equal(batch["regions"][place], SAMPLED.regions[day])
