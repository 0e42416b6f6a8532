import numpy as np
import pytest

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.decaying import DECAYS, RecentRates
from quakeview.seismicity.learned.features import SINCE_THE_BEGINNING, STEEPNESS, WIDTHS, RateFeatures, logarithms
from tests.seismicity.catalogues import FIRST, box, scattered

FEATURES = RateFeatures(box(), 4.5, 4.5)
DAYS = range(FIRST + 20, FIRST + 60, 7)


def test_counts_decay_and_spread_like_recent_rates() -> None:
    """To a millionth: beyond five widths nothing is spread."""
    catalogue = scattered(300, 90)
    ours = np.array([rates.copy() for rates in FEATURES.rates_at_ends(catalogue, DAYS)])
    theirs = np.array(
        [state.copy() for state in RecentRates(box(), [25e3 * width for width in WIDTHS]).at_ends(catalogue, DAYS)]
    )
    for number in range(len(WIDTHS)):
        first = number * len(STEEPNESS) * len(DECAYS)
        counted = ours[..., first : first + len(DECAYS)]
        np.testing.assert_allclose(counted.transpose(0, 2, 1), theirs[:, number], rtol=1e-4, atol=2e-6)


def test_large_earthquakes_count_by_their_aftershocks_and_their_size() -> None:
    middle = ([37.0], [140.0])
    rates = {
        magnitude: next(FEATURES.rates_at_ends(Catalogue.of([FIRST * DAY], *middle, [magnitude]), [FIRST])).copy()
        for magnitude in (4.5, 6.5, 8.5, 9.1)
    }
    kinds = np.repeat(STEEPNESS, len(DECAYS))
    times = rates[6.5][:, : len(kinds)].sum(axis=0) / rates[4.5][:, : len(kinds)].sum(axis=0)
    np.testing.assert_allclose(times, 10 ** (2 * kinds), rtol=1e-5)
    np.testing.assert_array_equal(rates[9.1], rates[8.5])


def test_what_does_not_decay_is_the_mean_rate_until_now() -> None:
    catalogue = scattered(300, 90)
    day = FIRST + 59
    known = catalogue.between(0, (day + 1) * DAY)
    rates = next(FEATURES.rates_at_ends(catalogue, [day]))[:, -len(SINCE_THE_BEGINNING) :]
    elapsed = day + 1 - known.time[0] / DAY
    assert rates[:, 0].sum() == pytest.approx(len(known) / elapsed, rel=0.01)


def test_what_comes_later_changes_nothing() -> None:
    catalogue = scattered(300, 90)
    day = FIRST + 45
    known = catalogue.between(0, (day + 1) * DAY)
    after, alone = (next(FEATURES.rates_at_ends(each, [day])).copy() for each in (catalogue, known))
    np.testing.assert_array_equal(after, alone)
    *_, at_last = FEATURES.rates_at_ends(catalogue, DAYS[:4])
    np.testing.assert_allclose(
        logarithms(at_last), logarithms(next(FEATURES.rates_at_ends(catalogue, [DAYS[3]]))), atol=1e-4
    )


def test_a_catalogue_without_earthquakes_has_no_rates() -> None:
    nothing = scattered(10, 5).above(9.9)
    assert not next(FEATURES.rates_at_ends(nothing, [FIRST])).any()


def test_regions_are_described_by_mean_rates() -> None:
    rates = next(FEATURES.rates_at_ends(scattered(300, 90), [FIRST + 80]))
    regions = FEATURES.of_regions(rates)
    assert regions.shape == (FEATURES.regions.number, len(FEATURES.regional))
    last = rates[FEATURES.regions.of_cells == FEATURES.regions.number - 1][:, FEATURES.regional]
    np.testing.assert_allclose(regions[-1], logarithms(last.mean(axis=0)), rtol=1e-5)
