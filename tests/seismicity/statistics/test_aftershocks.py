"""Aftershocks by the law of Omori, and times between earthquakes."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.aftershocks import aftershocks, omori, part_of_usual, usual_number
from quakeview.seismicity.statistics.series import cumulative_number, inter_event_times


def sequence(number: int, c: float, p: float, seed: int, duration: float = 900.0) -> Catalogue:
    """A mainshock of 7.0 with aftershocks by the law of Omori, drawn by its inverse, and one earthquake long after."""
    share = np.random.default_rng(seed).random(number)
    start, end = c ** (1 - p), (duration + c) ** (1 - p)
    days = (start + share * (end - start)) ** (1 / (1 - p)) - c
    times = np.concatenate(([0.0], days, [2000.0]))
    sizes = np.concatenate(([7.0], np.full(number, 4.0), [4.0]))
    return Catalogue.of(times * DAY, np.full(len(times), 36.0), np.full(len(times), 140.0), sizes)


def test_the_law_of_omori_is_recovered() -> None:
    fits = [omori(sequence(800, 0.1, 1.2, seed), 0, 4.0) for seed in range(20)]
    errors = np.array([(fit.p - 1.2) / fit.p_uncertainty for fit in fits])
    assert np.mean(np.abs(errors) < 2) >= 0.85
    assert abs(errors.mean()) < 1
    assert np.median([fit.c for fit in fits]) == pytest.approx(0.1, rel=0.3)


def test_rates_follow_the_law() -> None:
    found = omori(sequence(4000, 0.1, 1.2, 0), 0, 4.0)
    days, rates = found.rates
    assert np.median(rates / found.law(days)) == pytest.approx(1.0, abs=0.15)


def test_aftershocks_are_near_and_later() -> None:
    days, latitude = np.array([0.0, 1.0, 2.0, 3.0, 2000.0]), [36.0, 36.0, 36.1, 40.0, 36.0]
    catalogue = Catalogue.of(days * DAY, latitude, [140.0] * 5, [4.0, 7.0, 4.0, 4.0, 4.0])
    assert aftershocks(catalogue, 1).tolist() == [2]


def test_too_few_aftershocks_are_said() -> None:
    with pytest.raises(QuakeViewError, match=r"5 aftershocks of magnitude 4\.0 and more, too few"):
        omori(sequence(5, 0.1, 1.2, 0), 0, 4.0)


def test_aftershocks_are_compared_with_the_usual_number() -> None:
    catalogue = sequence(63, 0.1, 1.2, 0)
    assert usual_number(7.0, 4.0) == pytest.approx(63.1, abs=0.1)
    assert part_of_usual(catalogue, np.array([0]), 3.0) == (63, usual_number(7.0, 4.0))
    assert part_of_usual(catalogue.where(slice(0, -1)), np.array([0]), 3.0) == (0, 0.0), "its window has not ended"


def test_random_earthquakes_come_at_random_times() -> None:
    times = np.cumsum(np.random.default_rng(0).exponential(2 * DAY, 20_000))
    found = inter_event_times(Catalogue.of(times, np.zeros(20_000), np.zeros(20_000), np.zeros(20_000)))
    assert found.mean == pytest.approx(2.0, rel=0.03)
    assert found.variation == pytest.approx(1.0, abs=0.03)
    common = (found.days > 0.05) & (found.days < 8)
    assert found.density[common] / found.random[common] == pytest.approx(1.0, abs=0.25)


def test_numbers_of_earthquakes_grow_by_one() -> None:
    times, numbers = cumulative_number(sequence(10, 0.1, 1.2, 0))
    assert numbers.tolist() == list(range(1, 13))
    assert (np.diff(times) >= 0).all()


def test_two_earthquakes_have_no_distribution() -> None:
    with pytest.raises(QuakeViewError, match="no distribution of times between 2 earthquakes"):
        inter_event_times(Catalogue.of([0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0]))


def test_earthquakes_of_which_only_the_day_is_known_have_no_distribution() -> None:
    with pytest.raises(QuakeViewError, match="no distribution of times between 9 earthquakes"):
        inter_event_times(Catalogue.of([0.0] * 9, [0.0] * 9, [0.0] * 9, [1.0] * 9))


def test_aftershocks_of_the_first_minute_have_rates() -> None:
    days = np.concatenate(([0.0], np.linspace(1e-6, 5e-4, 40)))
    found = omori(Catalogue.of(days * DAY, [36.0] * 41, [140.0] * 41, [7.0] + [4.0] * 40), 0, 4.0)
    assert len(found.rates[0]) > 1
