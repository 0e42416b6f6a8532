"""Published arrays and a published checkpoint play as a forecast; what does not fit gets a sentence."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from quakeview import cli, registry
from quakeview.errors import QuakeViewError
from quakeview.registry import available_models
from quakeview.wavefield.forecasting.forecast_file import open_forecast
from quakeview.wavefield.forecasting.forecaster import Forecaster, load_forecaster
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.networks.network_folder import load_network, load_normalisation
from quakeview.wavefield.networks.official import official_start
from quakeview.wavefield.networks.wavecastnet import WaveCastNet
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from tests.wavefield.fields import header
from tests.wavefield.networks.published import pyramid, recurrent, swin
from tests.wavefield.published_files import FRAMES, dense, write_array, write_model, write_normalisation


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's models; none are shipped."""
    folder = tmp_path / "models"
    monkeypatch.setattr(registry, "user_models_dir", lambda: folder)
    monkeypatch.setattr(registry, "shipped_models_dir", lambda: tmp_path / "none")
    return folder


@pytest.fixture(scope="module")
def array(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_array(tmp_path_factory.mktemp("array"))


def test_the_command_line_plays_a_checkpoint_on_an_array(
    models: Path, array: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save({f"module.{name}": weight for name, weight in dense().items()}, tmp_path / "AEConvLEM.pt")
    given = [f"--{name}={path}" for name, path in write_normalisation(tmp_path).items()]
    assert cli.main(["models", "import", str(tmp_path / "AEConvLEM.pt"), *given]) == 0
    assert cli.main(["forecast", str(array), "-o", str(tmp_path / "out.h5"), "--device", "cpu"]) == 0
    out, err = capsys.readouterr()
    assert "344 x 224 nodes every 0.3 km and a frame every 0.52 s" in err
    assert "AEConvLEM: not scored." in err
    assert "AEConvLEM" in out
    forecast = open_forecast(tmp_path / "out.h5")
    assert (forecast.issued, forecast.n_frames, forecast.frame_step) == (30, FRAMES // 2, 0.52)
    network, normalisation = load_network(models / "AEConvLEM"), load_normalisation(models / "AEConvLEM")
    assert isinstance(network, WaveCastNet)
    assert normalisation is not None
    with Scenario.open(array) as truth, torch.inference_mode():
        seen = torch.from_numpy(truth.frames(0, 60)[..., ::2]).permute(0, 3, 1, 2)
        mean, deviation = normalisation.mean[:, None], normalisation.deviation[:, None]
        start = official_start(network, 1, torch.Generator().manual_seed(0))
        future = network(((seen - mean) / deviation)[None], FRAMES // 2 - 30, start)[0] * deviation + mean
    expected = future.permute(0, 2, 3, 1).numpy()
    np.testing.assert_allclose(forecast.frames(30, FRAMES // 2), expected, atol=1e-3 * np.abs(expected).max())


def test_there_is_no_band_and_no_probability(models: Path, array: Path, tmp_path: Path) -> None:
    forecaster = load_forecaster(write_model(tmp_path, dense()), "cpu")
    with Scenario.open(array) as truth:
        forecast = forecaster.forecast(observe(forecaster.on_its_grid(truth), 15.6), 2.6)
    assert (forecast.model.members, forecast.model.skill, forecast.band_label) == (1, "", "no band")
    assert np.isnan(forecast.ln_pgv_std).all()
    assert np.isnan(forecast.band(32)).all()
    assert not forecast.spread(32).any()
    assert not forecast.support.reason


@pytest.mark.parametrize(
    ("weights", "shape", "longest"),
    [
        (recurrent("gru", doubling=False, channels=16, components=3, latent=(21, 14)), (84, 56), 100),
        (swin(), (80, 56), 60),
        (pyramid(), (80, 56), 60),
    ],
)
def test_networks_that_see_some_of_the_nodes(
    weights: dict, shape: tuple[int, int], longest: int, models: Path, array: Path, tmp_path: Path
) -> None:
    forecaster = load_forecaster(write_model(tmp_path, weights), "cpu")
    with Scenario.open(array) as truth:
        mine = forecaster.on_its_grid(truth)
        assert forecaster.on_its_grid(mine) is mine
        assert mine.header.frame_shape[1:] == shape
        ix, iy = int(np.argmin(abs(truth.x - mine.x[5]))), int(np.argmin(abs(truth.y - mine.y[7])))
        np.testing.assert_allclose(mine.frame(9)[:, 5, 7], truth.frame(9)[:, ix, iy])
        assert "only these were read" in forecaster.said_of_grid(truth.header)
        assert forecaster.said_of_grid(mine.header) == ""
        forecast = forecaster.forecast(observe(mine, 15.6), 26.0)
    assert forecast.n_frames - forecast.issued == longest
    assert np.isfinite(forecast.frames(60, forecast.n_frames)).all()


def sentence(forecaster: Forecaster, wavefield: Scenario, **changes: object) -> str:
    with pytest.raises(QuakeViewError) as error:
        forecaster.forecast(replace(observe(forecaster.on_its_grid(wavefield), 10.4), **changes), 2.6)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_does_not_fit_gets_a_sentence(models: Path, array: Path, tmp_path: Path) -> None:
    forecaster = load_forecaster(write_model(tmp_path, dense()), "cpu")
    with ScenarioWriter(tmp_path / "other.h5", header(nx=40, ny=40, frames=40)) as writer:
        for index in range(40):
            writer.write(index, np.ones((3, 40, 40), np.float32))
    with Scenario.open(tmp_path / "other.h5") as other, Scenario.open(array) as truth:
        assert "344 x 224 nodes every 0.3 km" in sentence(forecaster, other)
        known = np.zeros((344, 224, 20), bool)
        known[3, 5] = True
        assert "known everywhere" in sentence(forecaster, truth, known=known)
        assert "another grid" in sentence(forecaster, truth, header=other.header)
        assert "Nothing has moved" in sentence(forecaster, truth, frames=np.zeros((3, 344, 224, 20), np.float32))
        with pytest.raises(QuakeViewError, match="one network; choose 1 member"):
            forecaster.forecast(observe(forecaster.on_its_grid(truth), 10.4), 2.6, members=3)


@pytest.mark.parametrize(
    ("weights", "normalised", "reason"),
    [
        (dense(), False, "without the mean and deviation"),
        (recurrent("convlem", doubling=True, components=3), False, "24 x 16 pixels"),
        (recurrent("gru", doubling=False, channels=16, latent=(21, 14)), True, "1 component"),
    ],
)
def test_a_network_that_cannot_forecast_is_not_offered(
    weights: dict, normalised: bool, reason: str, models: Path, array: Path, tmp_path: Path
) -> None:
    folder = write_model(tmp_path, weights, normalised=normalised)
    (card,) = available_models()
    assert not card.forecasts
    assert reason in card.unusable
    with pytest.raises(QuakeViewError, match=reason):
        load_forecaster(folder)


def test_the_command_line_says_why_a_network_cannot_forecast(
    models: Path, array: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_model(tmp_path, dense(), normalised=False)
    assert cli.main(["forecast", str(array), "-o", str(tmp_path / "out.h5")]) == 1
    assert "No model for forecasting" in capsys.readouterr().err
    assert cli.main(["forecast", str(array), "-o", str(tmp_path / "out.h5"), "--model", "published"]) == 1
    assert "published: It cannot forecast without the mean" in capsys.readouterr().err
