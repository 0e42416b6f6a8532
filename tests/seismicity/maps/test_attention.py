"""Where a forecaster looked."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from quakeview.seismicity.maps.attention import attention_map
from quakeview.seismicity.networks.regions import Regions
from quakeview.seismicity.region import Region
from tests.seismicity.catalogues import FIRST, box
from tests.seismicity.maps.forecasts import fitted

GRID = box()
SQUARES = Regions(GRID.shape)


@dataclass(frozen=True)
class _Looking:
    """Every square looks at the one with the next number."""

    grid: Any = GRID
    regions: Regions = SQUARES
    looks: bool = True

    def attention(self, catalogue: Any, day: int) -> Any:
        return np.roll(np.eye(SQUARES.number), 1, axis=1) if self.looks else None


def test_a_region_sees_what_its_squares_look_at() -> None:
    cell = 0
    latitude, longitude = (float(each[cell]) for each in GRID.geographic(*GRID.centres))
    region = Region.box(latitude - 0.02, longitude - 0.02, latitude + 0.02, longitude + 0.02)
    found = attention_map(_Looking(), fitted()[1], FIRST, region)  # type: ignore[arg-type]
    assert found is not None
    seen = SQUARES.of_cells == SQUARES.of_cells[cell] + 1
    assert found[seen] == pytest.approx(SQUARES.number)
    assert found[~seen] == pytest.approx(0)
    everywhere = attention_map(_Looking(), fitted()[1], FIRST, None)  # type: ignore[arg-type]
    assert everywhere is not None
    assert everywhere.mean() == pytest.approx(1, abs=0.5)


def test_there_may_be_nothing_to_see() -> None:
    forecaster, catalogue = fitted()
    assert attention_map(forecaster, catalogue, FIRST, None) is None
    assert attention_map(_Looking(looks=False), catalogue, FIRST, None) is None  # type: ignore[arg-type]
    far = Region.box(-10.0, 10.0, -9.0, 11.0)
    assert attention_map(_Looking(), catalogue, FIRST, far) is None  # type: ignore[arg-type]
