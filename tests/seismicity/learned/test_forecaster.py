from pathlib import Path

import numpy as np
import pytest
import torch

from quakeview.seismicity.learned.features import RateFeatures
from quakeview.seismicity.learned.forecaster import LearnedForecast
from quakeview.seismicity.learned.network import GATED, MLP, Members, NetworkConfig, RateNetwork
from quakeview.seismicity.model_folder import load_forecaster, save
from quakeview.seismicity.networks.looking import LooksAtRegions
from quakeview.seismicity.references import Fitting, smoothed_recent
from tests.seismicity.catalogues import FIRST, box, clustered

CATALOGUE = clustered(400)
FEATURES = RateFeatures(box(), 4.5, 4.5)
REFERENCE = smoothed_recent(Fitting(CATALOGUE, box(), 4.5, FIRST, FIRST + 300))
DAYS = range(FIRST + 250, FIRST + 260)


def forecast(form: str, steepness: float = 0.1) -> LearnedForecast:
    torch.manual_seed(1)
    config = NetworkConfig(form, FEATURES.number, len(FEATURES.regional), FEATURES.regions.number, 8)
    members = Members([RateNetwork(config) for _ in range(2)])
    for member in members.each:
        torch.nn.init.normal_(member.factor.weight, std=steepness)
    return LearnedForecast("mine", FEATURES, REFERENCE, members.eval(), (FIRST, FIRST + 300))


@pytest.mark.parametrize("form", [MLP, GATED])
def test_a_forecast_is_kept_with_its_reference(tmp_path: Path, form: str) -> None:
    made = forecast(form)
    save(made, tmp_path, {"name": "mine"})
    kept = load_forecaster(tmp_path)
    assert (kept.name, kept.trained_days, kept.window) == ("mine", (FIRST, FIRST + 300), REFERENCE.window)
    for one, other, plain in zip(*(each.expected(CATALOGUE, DAYS) for each in (made, kept, REFERENCE)), strict=True):
        np.testing.assert_allclose(one, other)
        assert not np.allclose(one, plain)


def test_networks_that_have_learnt_nothing_change_nothing() -> None:
    same = zip(forecast(GATED, 0.0).expected(CATALOGUE, DAYS), REFERENCE.expected(CATALOGUE, DAYS), strict=True)
    assert all(np.array_equal(one, other) for one, other in same)


def test_regions_look_at_each_other_only_in_the_gated_form() -> None:
    gated = forecast(GATED)
    assert isinstance(gated, LooksAtRegions)
    weights = gated.attention(CATALOGUE, DAYS[0])
    assert weights is not None
    assert weights.shape == (gated.regions.number, gated.regions.number)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    assert forecast(MLP).attention(CATALOGUE, DAYS[0]) is None
