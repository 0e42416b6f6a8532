import csv
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.training.config import read_run
from quakeview.training.engine import train
from quakeview.training.forecaster_config import PoolConfig, WindowConfig
from quakeview.training.forecasting import ForecastingTask, WindowStream, draw_known, noise_like
from quakeview.training.runs.examples import read_examples
from quakeview.training.wavefields import Pool, draw_sources, open_pool, read_events
from quakeview.wavefield.forecasting.ensemble import EnsembleForecaster
from quakeview.wavefield.forecasting.model_files import load_members
from quakeview.wavefield.forecasting.observation import observe
from quakeview.wavefield.scenarios.datasets import DatasetEvent, basis
from quakeview.wavefield.scenarios.making import ScenarioRequest
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from quakeview.wavefield.scenarios.superposition import read_impulse, superposed
from tests.wavefield.fields import header

PLACES = [(x, 38_000.0, depth) for depth in (4_000.0, 9_000.0) for x in (30_000.0, 40_000.0, 50_000.0)]
FRAMES = 60


def write_event(path: Path, number: int, place: tuple[float, float, float], mechanism: tuple[float, ...]) -> None:
    """Waves that leave a place, different for each mechanism."""
    strike, dip, rake = mechanism
    source = {"kind": "impulse", "strike": strike, "dip": dip, "rake": rake, "moment": 1e16}
    known = header(frames=FRAMES, hypocentre=place, source=source, start_time=0.0, name=f"event {number}")
    along, across = known.x[:, None] + 29_000.0 - place[0], known.y + 37_000.0 - place[1]
    distance = np.sqrt(along**2 + across**2 + place[2] ** 2)
    pattern = np.cos(2 * np.arctan2(across, along) + number % 5)
    with ScenarioWriter(path, known) as writer:
        for index in range(FRAMES):
            delay = (index * known.frame_step - distance / 3000.0) / 2.0
            wave = np.exp(-(delay**2)) * (1 - 2 * delay**2) * pattern / distance
            writer.write(index, np.stack([wave, 0.5 * wave, -wave]).astype(np.float32))


def write_set(folder: Path, split: str, places: list[tuple[float, float, float]]) -> Path:
    folder.mkdir()
    with (folder / "metadata.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(each.name for each in fields(DatasetEvent))
        for number, (place, mechanism) in enumerate((p, m) for p in places for m in basis(143.638)):
            name = f"event_{number:05d}.h5"
            write_event(folder / name, number, place, mechanism)
            table.writerow([number, name, split, *place, 4.5, *mechanism])
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forecasting")
    write_set(folder / "library", "train", PLACES)
    write_set(folder / "validation", "validation", PLACES[1:2])
    return folder


@pytest.fixture(scope="module")
def pool(data: Path) -> Pool:
    return open_pool(PoolConfig(data / "pool.npy", points=12, ruptures=2), data / "library")


def run_file(data: Path, folder: Path, **training: object) -> Path:
    lines = "\n".join(f"{name} = {value!r}".replace("'", '"') for name, value in training.items())
    path = folder / "run.toml"
    path.write_text(f"""
name = "Little"
task = "forecasting"
folder = "{folder / "run"}"
[model]
channels = 8
[training]
batch_size = 2
device = "cpu"
workers = 0
threads = 1
{lines}
[data]
library = "{data / "library"}"
validation = "{data / "validation"}"
[data.pool]
file = "{data / "pool.npy"}"
points = 12
ruptures = 2
[data.windows]
input_frames = 10
steps = 2
stations = [5, 20]
""")
    return path


def test_points_are_the_sum_of_their_impulses(pool: Pool, data: Path) -> None:
    events = read_events(data / "library", "train")
    config = PoolConfig(data / "pool.npy", points=12, ruptures=2)
    drawn = list(draw_sources(config, [read_impulse(event) for event in events], ScenarioRequest()))
    assert [place for _, place in drawn] == [*range(6), *range(6), -1, -1]
    for number in (3, 13):
        whole = superposed(drawn[number][0], events).transpose(3, 0, 1, 2)
        made = pool.frames[number].astype(np.float32) * pool.scales[number]
        assert np.linalg.norm(made - whole) < 2e-3 * np.linalg.norm(whole)


def test_a_pool_is_made_once(pool: Pool, data: Path) -> None:
    before = (data / "pool.npy").stat().st_mtime_ns
    again = open_pool(PoolConfig(data / "pool.npy", points=12, ruptures=2), data / "library")
    assert (data / "pool.npy").stat().st_mtime_ns == before
    np.testing.assert_array_equal(again.typical, pool.typical)


def test_a_pool_of_another_description_is_refused(pool: Pool, data: Path) -> None:
    with pytest.raises(QuakeViewError, match="another description"):
        open_pool(PoolConfig(data / "pool.npy", points=13, ruptures=2), data / "library")


def test_folders_that_hold_no_events_are_explained(data: Path, tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="no data set"):
        read_events(tmp_path, "train")
    with pytest.raises(QuakeViewError, match="no events of the split 'test'"):
        read_events(data / "library", "test")


def test_patterns_are_orthogonal_and_explain_the_waves(pool: Pool) -> None:
    patterns = pool.patterns(40, 5, 4).reshape(40, -1)
    np.testing.assert_allclose(patterns @ patterns.T, np.eye(40), atol=1e-4)
    part = (pool.frames[3, 20:25].astype(np.float32) / pool.typical)[:, :, 4:8, 4:8].transpose(1, 0, 2, 3).ravel()
    assert np.linalg.norm(patterns @ part) > 0.95 * np.linalg.norm(part)


def stream(pool: Pool, **config: object) -> WindowStream:
    known = {"input_frames": 10, "steps": 2, "stations": (5, 20), **config}
    return WindowStream(pool, WindowConfig(**known), 5, [range(len(pool.frames))], seed=1)  # type: ignore[arg-type]


def test_an_item_depends_on_seed_and_number_alone(pool: Pool) -> None:
    one, other = stream(pool)[7], stream(pool)[7]
    for name, value in one.items():
        np.testing.assert_array_equal(value, other[name])
    assert {name: value.shape for name, value in one.items()} == {
        "seen": (3, 10, 12, 8),
        "known": (10, 12, 8),
        "wanted": (3, 15, 12, 8),
    }


def test_what_is_wanted_begins_with_the_step_seen_last(pool: Pool) -> None:
    item = stream(pool, noisy=0.0, dense=1.0, early=0.0)[3]
    np.testing.assert_allclose(item["wanted"][:, :5], item["seen"][:, -5:], rtol=2e-3, atol=1e-2)
    assert item["known"].all()


def test_early_windows_begin_before_the_origin_time(pool: Pool) -> None:
    items = [stream(pool, noisy=0.0, early=1.0, input_frames=20)[number] for number in range(12)]
    assert any(not item["seen"][:, :3].any() for item in items)


def test_stations_are_few_and_some_are_late() -> None:
    config = WindowConfig(input_frames=10, dense=0.0, stations=(30, 30), late=0.5)
    known = draw_known(np.random.default_rng(0), config, (12, 8))
    assert known[-1].sum() == 30
    assert 10 < known[0].sum() < 28
    assert (np.diff(known, axis=0) >= 0).all()


def test_noise_is_at_known_nodes_only_and_weaker_than_the_waves() -> None:
    seen, known = np.ones((10, 3, 12, 8), np.float32), np.zeros((10, 12, 8), np.float32)
    known[:, 3] = 1
    noise = noise_like(np.random.default_rng(0), seen, known)
    assert not noise[:, :, 4:].any()
    assert 0.005 < noise[:, :, 3].std() < 0.6


def test_a_member_leaves_out_places_but_no_ruptures(data: Path, pool: Pool, tmp_path: Path) -> None:
    config = read_run(run_file(data, tmp_path, max_steps=1))
    all_of_them = ForecastingTask(config).chosen()
    fewer = ForecastingTask(replace(config, data={**config.data, "left_out": 0.34})).chosen()
    assert len(all_of_them) == 14
    assert len(fewer) == 10
    assert {12, 13} <= set(fewer)


def test_the_loss_is_the_relative_error(data: Path, pool: Pool, tmp_path: Path) -> None:
    task = ForecastingTask(read_run(run_file(data, tmp_path, max_steps=1)))
    batch = next(task.batches(0, 2, 0, 1, 0))

    class Perfect(torch.nn.Module):
        def forward(self, seen: Tensor, known: Tensor, steps: int) -> tuple[list[Tensor], Tensor]:
            loudness = torch.ones(len(seen), 1, 1, 1, 1)
            return [part.float() for part in batch["wanted"].split(5, dim=2)], loudness

    class Silent(Perfect):
        def forward(self, seen: Tensor, known: Tensor, steps: int) -> tuple[list[Tensor], Tensor]:
            images, loudness = super().forward(seen, known, steps)
            return [torch.zeros_like(image) for image in images], loudness

    assert task.loss(Perfect(), batch)[0] < 2e-3
    assert 0.6 < task.loss(Silent(), batch)[0] <= 1.0


def test_training_makes_a_forecaster_that_learns(data: Path, pool: Pool, tmp_path: Path) -> None:
    config = read_run(run_file(data, tmp_path, max_steps=60, validate_every=30, learning_rate=3e-3, warmup_steps=5))
    task = ForecastingTask(config)
    torch.manual_seed(0)
    with torch.inference_mode():
        before = task.validate(task.build_model().eval(), torch.device("cpu"), Progress())
    result = train(config)
    assert result.model_folder is not None
    assert result.scores["dense_rfne"] < before["dense_rfne"]
    forecaster = EnsembleForecaster.load(result.model_folder, "cpu")
    with Scenario.open(data / "validation" / "event_00000.h5") as truth:
        forecast = forecaster.forecast(observe(truth, 10.0), 5.0)
    assert forecast.n_frames == 30
    assert np.isfinite(forecast.frames(0, 30)).all()
    assert "12 point sources and 2 ruptures" in forecast.model.trained_on
    first, *_, last = (read_examples(path) for path in sorted((tmp_path / "run" / "examples").iterdir()))
    assert (first.truth == last.truth).all()
    assert last.error.mean() < first.error.mean()


def test_members_are_trained_side_by_side_and_calibrated(data: Path, pool: Pool, tmp_path: Path) -> None:
    config = read_run(run_file(data, tmp_path, max_steps=4, validate_every=4))
    config = replace(config, model={"channels": 8, "members": 2}, data={**config.data, "left_out": 0.34})
    seen = [ForecastingTask(config).chosen(member) for member in (0, 1)]
    assert seen[0] != seen[1]
    folder = train(config).model_folder
    assert folder is not None
    forecaster = EnsembleForecaster.load(folder, "cpu")
    assert forecaster.model.members == 2
    assert forecaster.model.calibration is not None
    with pytest.raises(QuakeViewError, match="multiple of the 3 members"):
        ForecastingTask(replace(config, model={"channels": 8, "members": 3}))


def test_windows_that_no_event_is_long_enough_for_are_refused(data: Path, pool: Pool, tmp_path: Path) -> None:
    config = read_run(run_file(data, tmp_path, max_steps=1))
    with pytest.raises(QuakeViewError, match="need events of 70 frames, and those of the library have 60"):
        ForecastingTask(replace(config, data={**config.data, "windows": {"input_frames": 10, "steps": 10}}))


def test_a_run_goes_on_from_a_model_of_the_same_kind(data: Path, pool: Pool, tmp_path: Path) -> None:
    config = read_run(run_file(data, tmp_path, max_steps=2, validate_every=2))
    made = train(config).model_folder
    assert made is not None
    again = replace(config, model={"init": str(made)})
    assert ForecastingTask(again).model.channels == 8
    (kept,), _, _ = load_members(made)
    torch.testing.assert_close(ForecastingTask(again).build_model().each[0].state_dict(), kept.state_dict())
    with pytest.raises(QuakeViewError, match="another network"):
        ForecastingTask(replace(again, model={"channels": 16, "init": str(made)})).build_model()


def test_a_run_says_the_fewest_stations_and_the_earliest_input_it_knows() -> None:
    config = WindowConfig(input_frames=30, dense=0.6, stations=(60, 2000))
    assert (config.fewest_stations(9600), config.earliest_end) == (60, 10)
    assert WindowConfig(dense=1.0).fewest_stations(9600) == 9600
    assert WindowConfig(input_frames=30, early=0.0).earliest_end == 40
    assert [WindowConfig(input_frames=n).earliest_end for n in (5, 10, 15)] == [5, 10, 10]
