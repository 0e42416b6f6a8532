"""The leak of test days into a map of frequencies."""

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, Catalogue, day_of
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.scoring.leak import leak
from quakeview.seismicity.windows import Window
from tests.seismicity.catalogues import FIRST, scattered
from tests.shared import SHARED

JAPAN = SHARED / "data" / "catalogs" / "japan_earthquakenpp.csv"


def test_a_map_that_has_seen_the_test_knows_what_cannot_be_known() -> None:
    """Of earthquakes anywhere at any time nothing can be known; the leaky map looks as if it did."""
    found = leak(scattered(600, 1000), 4.5, Window(10, 20), 200)
    leaky, honest, smooth = found.maps
    assert leaky.sees_test
    assert leaky.auc > 0.98
    assert honest.auc < 0.7
    assert smooth.auc < leaky.auc
    assert f"{leaky.auc:.3f} because it has seen" in found.sentence


def test_days_of_the_test_change_only_the_leaky_map() -> None:
    catalogue = scattered(600, 1000)
    late = catalogue.time >= (FIRST + 800) * DAY
    moved = Catalogue.of(
        catalogue.time,
        catalogue.latitude,
        np.where(late, catalogue.longitude[::-1], catalogue.longitude),
        catalogue.magnitude,
    )
    first, second = leak(catalogue, 4.5, Window(), 200), leak(moved, 4.5, Window(), 200)
    assert first.trained_until == FIRST + 600
    assert leak(catalogue, 4.5, Window(), 200, trained_until=FIRST + 950).trained_until == FIRST + 800
    assert first.maps[0] != second.maps[0]


def test_too_few_days_are_a_sentence() -> None:
    with pytest.raises(QuakeViewError, match="cannot be held out"):
        leak(scattered(100, 50), 4.5)
    with pytest.raises(QuakeViewError, match="no earthquakes"):
        leak(scattered(100, 1000), 9.0, Window(), 100)


@pytest.mark.skipif(not JAPAN.exists(), reason="needs the catalogue of Japan")
def test_japan_is_as_published_without_learning() -> None:
    found = leak(read_catalogue(JAPAN).catalogue.above(4.0), 4.5, trained_until=day_of("2014-01-01"))
    assert found.maps[0].auc == pytest.approx(0.958, abs=0.005)
    assert found.maps[1].auc == pytest.approx(0.75, abs=0.01)
    assert found.maps[2].auc == pytest.approx(0.91, abs=0.02)
