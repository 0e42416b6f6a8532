from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import HAYWARD
from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
from quakeview.wavefield.forecasting.forecaster import ForecastGrown, ForecastStarted
from quakeview.wavefield.forecasting.model_files import (
    ForecasterFacts,
    combine,
    load_members,
    save_forecaster,
    write_calibration,
)
from quakeview.wavefield.forecasting.observation import Observation
from quakeview.wavefield.networks.time_patched import TimePatchedConfig, TimePatchedWaveCastNet
from quakeview.wavefield.scenarios.header import Header
from tests.wavefield.fields import header
from tests.wavefield.forecasting.fakes import plain_calibration

NX, NY, STEP = 12, 8, 0.5


@pytest.fixture
def axis() -> Header:
    return header(frames=40, frame_step=STEP, start_time=0.0)


def network(seed: int = 0, channels: int = 8) -> TimePatchedWaveCastNet:
    torch.manual_seed(seed)
    return TimePatchedWaveCastNet(TimePatchedConfig((NX, NY), channels=channels))


@pytest.fixture
def folder(tmp_path: Path, axis: Header) -> Path:
    save_forecaster(tmp_path / "model", [network(0), network(1)], ForecasterFacts.of(axis, 10), {"name": "Two"})
    return tmp_path / "model"


def seen(axis: Header, n: int = 12, scale: float = 0.01) -> Observation:
    frames = scale * np.random.default_rng(0).standard_normal((3, NX, NY, n)).astype(np.float32)
    return Observation(axis, n, frames, np.ones((NX, NY, n), np.bool_))


class Watcher(Progress):
    """Keeps what was published, and cancels after some frames."""

    def __init__(self, until: int = 10_000) -> None:
        super().__init__()
        self.published: list[object] = []
        self.until = until

    def on_publish(self, partial: object) -> None:
        self.published.append(partial)
        if isinstance(partial, ForecastGrown) and partial.n_frames >= self.until:
            self.cancel()


def test_a_model_folder_opens_with_the_same_networks(folder: Path, axis: Header) -> None:
    members, facts, card = load_members(folder)
    assert facts == ForecasterFacts.of(axis, 10)
    assert (card["name"], card["members"], card["system"], card["task"]) == ("Two", 2, "WaveCastNet", "forecasting")
    for kept, made in zip(members, (network(0), network(1)), strict=True):
        for name, value in made.state_dict().items():
            torch.testing.assert_close(kept.state_dict()[name], value, rtol=1e-3, atol=1e-4)


def test_a_forecast_is_the_mean_of_its_members_with_their_spread(folder: Path, axis: Header) -> None:
    both = EnsembleForecaster.load(folder, "cpu")
    forecast = both.forecast(seen(axis), 6.0)
    members, facts, _ = load_members(folder)
    each = [
        EnsembleForecaster([member], facts, both.model).forecast(seen(axis), 6.0).frames(12, 24) for member in members
    ]
    assert (forecast.issued, forecast.n_frames, forecast.complete) == (12, 24, True)
    np.testing.assert_allclose(forecast.frames(12, 24), np.mean(each, axis=0), rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(forecast.spread(15), np.std(each, axis=0, ddof=1)[..., 3], rtol=1e-3, atol=1e-8)
    assert (forecast.model.name, forecast.model.members) == ("Two", 2)


def test_the_same_input_gives_the_same_forecast(folder: Path, axis: Header) -> None:
    forecaster = EnsembleForecaster.load(folder, "cpu")
    one, other = (forecaster.forecast(seen(axis), 6.0).frames(0, 24) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_only_the_last_frames_are_read_and_before_short_inputs_the_ground_was_still(folder: Path, axis: Header) -> None:
    forecaster = EnsembleForecaster.load(folder, "cpu")
    long = seen(axis, 20)
    last = replace(long, frames=long.frames[..., -10:], known=long.known[..., -10:])
    np.testing.assert_array_equal(
        forecaster.forecast(long, 3.0).frames(20, 26), forecaster.forecast(last, 3.0).frames(20, 26)
    )
    short = seen(axis, 4)
    still = np.concatenate((np.zeros((3, NX, NY, 6), np.float32), short.frames), axis=-1)
    padded = Observation(axis, 4, still, np.ones((NX, NY, 10), np.bool_))
    np.testing.assert_array_equal(
        forecaster.forecast(short, 3.0).frames(4, 10), forecaster.forecast(padded, 3.0).frames(4, 10)
    )


def test_frames_are_published_while_the_rest_is_computed(folder: Path, axis: Header) -> None:
    watcher = Watcher()
    forecast = EnsembleForecaster.load(folder, "cpu").forecast(seen(axis), 6.0, progress=watcher)
    started, *grown = watcher.published
    assert isinstance(started, ForecastStarted)
    assert started.forecast is forecast
    assert [each.n_frames for each in grown] == [17, 22, 24]


def test_a_cancelled_forecast_stops(folder: Path, axis: Header) -> None:
    watcher = Watcher(until=17)
    with pytest.raises(Cancelled):
        EnsembleForecaster.load(folder, "cpu").forecast(seen(axis), 6.0, progress=watcher)
    assert len(watcher.published) == 2


def test_fewer_members_can_be_asked(folder: Path, axis: Header) -> None:
    forecaster = EnsembleForecaster.load(folder, "cpu")
    assert forecaster.forecast(seen(axis), 3.0, members=1).model.members == 1
    with pytest.raises(QuakeViewError, match="choose 1 to 2"):
        forecaster.forecast(seen(axis), 3.0, members=3)


def elsewhere(axis: Header) -> Header:
    return replace(axis, region=replace(HAYWARD, name="Elsewhere", latitude=10.0))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (elsewhere, "this is Elsewhere"),
        (lambda axis: replace(axis, x=2 * axis.x), "too coarse"),
        (lambda axis: replace(axis, frame_step=5.0), "too few for waves up to 0.15 Hz"),
        (lambda axis: replace(axis, frame_step=0.26), "resample"),
        (lambda axis: replace(axis, frequency=0.5), "resample"),
    ],
)
def test_wavefields_of_another_kind_are_refused(folder: Path, axis: Header, change: object, sentence: str) -> None:
    assert callable(change)
    with pytest.raises(QuakeViewError, match=sentence):
        EnsembleForecaster.load(folder, "cpu").forecast(replace(seen(axis), header=change(axis)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda it: replace(it, known=np.zeros_like(it.known)), "all stations are silent"),
        (lambda it: replace(it, frames=np.full_like(it.frames, np.nan)), "no numbers"),
        (lambda it: replace(it, frames=np.zeros_like(it.frames)), "Nothing has moved"),
        (lambda it: replace(it, frames=1e5 * it.frames), "not cm/s"),
    ],
)
def test_inputs_that_cannot_be_are_explained(folder: Path, axis: Header, change: object, sentence: str) -> None:
    assert callable(change)
    with pytest.raises(QuakeViewError, match=sentence):
        EnsembleForecaster.load(folder, "cpu").forecast(change(seen(axis)))


@pytest.mark.parametrize("duration", [0.0, 1e6])
def test_a_duration_that_cannot_be_is_refused(folder: Path, axis: Header, duration: float) -> None:
    with pytest.raises(QuakeViewError, match="is not possible"):
        EnsembleForecaster.load(folder, "cpu").forecast(seen(axis), duration)


def stations(axis: Header, count: int) -> Observation:
    """What was seen at some nodes."""
    whole = seen(axis)
    known = np.zeros((NX, NY), np.bool_)
    known.ravel()[:count] = True
    return replace(whole, frames=whole.frames * known[..., None], known=whole.known & known[..., None])


@pytest.fixture
def calibrated(tmp_path: Path, axis: Header) -> Path:
    folder = tmp_path / "calibrated"
    facts = ForecasterFacts.of(axis, 10, fewest_stations=20, earliest_input=4.0)
    save_forecaster(folder, [network(0), network(1)], facts, {"name": "Two", "scores": {"ACC": 0.9}})
    plain = plain_calibration(2)
    few = replace(plain.by_stations[1], stations=20, acc=0.7, rfne=0.8)
    write_calibration(folder, replace(plain, by_stations=(plain.by_stations[0], few, replace(few, stations=50))))
    return folder


def test_scores_are_those_with_as_many_stations(calibrated: Path, axis: Header) -> None:
    forecaster = EnsembleForecaster.load(calibrated, "cpu")
    assert forecaster.forecast(seen(axis), 3.0).model.skill == "ACC 0.90"
    some = forecaster.forecast(stations(axis, 30), 3.0)
    assert some.model.skill == "ACC 0.70, RFNE 0.80 with 20 stations (mean of 4 validation events)"
    assert some.band_label == "90 % band"
    few = forecaster.forecast(stations(axis, 19), 3.0)
    assert few.model.skill == "not scored with 19 stations"
    assert few.support.reason == "Not enough stations: 19 stations report, and Two was trained with 20 or more."


def test_a_model_that_says_neither_is_believed_only_where_all_is_known(folder: Path, axis: Header) -> None:
    forecaster = EnsembleForecaster.load(folder, "cpu")
    assert forecaster.forecast(seen(axis), 3.0).support.enough.all()
    assert not forecaster.forecast(stations(axis, 90), 3.0).support.enough.any()


def test_inputs_that_end_earlier_than_in_training_are_refused(calibrated: Path, axis: Header) -> None:
    forecaster = EnsembleForecaster.load(calibrated, "cpu")
    early = seen(axis, 7)
    with pytest.raises(QuakeViewError, match=r"ends 3.5 s after .* inputs that end 4.0 s after it or later"):
        forecaster.forecast(early, 3.0)
    assert forecaster.forecast(seen(axis, 8), 3.0).issued == 8


def test_a_damaged_calibration_is_explained(calibrated: Path) -> None:
    config = (calibrated / "config.json").read_text()
    (calibrated / "config.json").write_text(config.replace('"lead_ends"', '"lead_end"'))
    with pytest.raises(QuakeViewError, match="calibrate the model again"):
        EnsembleForecaster.load(calibrated, "cpu")


def test_members_become_an_ensemble(tmp_path: Path, axis: Header) -> None:
    facts = ForecasterFacts.of(axis, 10)
    for seed in range(3):
        save_forecaster(tmp_path / str(seed), [network(seed)], facts, {"name": f"M{seed}", "run": f"seed = {seed}"})
    combine([tmp_path / str(seed) for seed in range(3)], tmp_path / "all", "All")
    members, _, card = load_members(tmp_path / "all")
    assert len(members) == 3
    assert (card["name"], card["runs"]) == ("All", ["seed = 0", "seed = 1", "seed = 2"])


def test_what_is_not_alike_is_not_combined(tmp_path: Path, folder: Path, axis: Header) -> None:
    save_forecaster(tmp_path / "wide", [network(0, 16)], ForecasterFacts.of(axis, 10), {"name": "Wide"})
    with pytest.raises(QuakeViewError, match="another kind"):
        combine([folder, tmp_path / "wide"], tmp_path / "all", "All")
    with pytest.raises(QuakeViewError, match="nothing to combine"):
        combine([], tmp_path / "all", "All")


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
def test_damaged_models_are_explained(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"{")
    with pytest.raises(QuakeViewError, match="get the model again"):
        load_members(folder)


def test_a_picker_is_no_forecaster(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"network": {"kind": "picker"}, "card": {}}')
    (tmp_path / "model.safetensors").write_bytes(b"\x02\x00\x00\x00\x00\x00\x00\x00{}")
    with pytest.raises(QuakeViewError, match="another kind"):
        load_members(tmp_path)
