from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.simulation.earth.models import earth_model
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.simulation.sources.time_functions import liu_slip, sampled
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.plan import plan_simulation
from quakeview.simulation.waves.solver import simulate
from quakeview.wavefield.scenarios.making import ScenarioRequest, make_scenario, preset_of
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from quakeview.wavefield.scenarios.superposition import interpolation, make_superposed, superposed
from tests.wavefield.fields import header

SPEED, SIGMA, STEP, LEAD, FRAMES = 3000.0, 2.0, 0.5, 20, 120
TIMES = STEP * (np.arange(FRAMES) - LEAD)
MOMENT = 1e16
PLACES = np.array([[x, 4000.0, depth] for depth in (3000.0, 5000.0) for x in (4000.0, 6000.0, 8000.0)])


def pulses(times: np.ndarray, place: np.ndarray, onset: float = 0.0, sigma: float = SIGMA) -> np.ndarray:
    """(3, nx, ny, nt) of a Gaussian pulse that spreads from ``place``."""
    x, y = (500.0 + 1000.0 * np.arange(n) for n in (12, 8))
    r = np.sqrt((x[:, None] - place[0]) ** 2 + (y - place[1]) ** 2 + place[2] ** 2)
    wave = np.exp(-0.5 * ((times - onset - (r / SPEED)[..., None]) / sigma) ** 2) / r[..., None]
    return np.stack([wave, 2 * wave, -wave]) / sigma


def impulse(path: Path, place: np.ndarray, frames: int = FRAMES, **known: object) -> Path:
    """A file with the pulses from ``place``."""
    source = {"kind": "impulse", "strike": HAYWARD.x_azimuth, "dip": 90.0, "rake": 180.0, "moment": MOMENT}
    facts = {"hypocentre": tuple(place), "source": source, "start_time": -LEAD * STEP, "frame_step": STEP, **known}
    with ScenarioWriter(path, header(frames=FRAMES, **facts), half=False) as writer:
        for index, frame in enumerate(np.moveaxis(pulses(TIMES, place), -1, 0)[:frames]):
            writer.write(index, frame.astype(np.float32))
    return path


@pytest.fixture
def events(tmp_path: Path) -> list[Path]:
    return [impulse(tmp_path / f"event{number}.h5", place) for number, place in enumerate(PLACES)]


def gaussian_sources(places: np.ndarray, moments: np.ndarray, onsets: np.ndarray, sigma: float) -> MomentSources:
    time = -10 + 0.05 * np.arange(600)
    rates = np.exp(-0.5 * ((time - onsets[:, None]) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    tensors = double_couple(HAYWARD.x_azimuth, 90.0, 180.0, moments)
    return MomentSources(places, tensors, rates, 0.05, -10.0)


def test_delays_weights_and_slip_rates_are_those_of_the_sum(events: list[Path]) -> None:
    moments, onsets = MOMENT * np.array([1.0, 3.0, 0.5, 2.0, 0.1, 4.0]), np.array([0.0, 0.73, 2.1, 3.3, 5.0, 8.19])
    made = superposed(gaussian_sources(PLACES, moments, onsets, 1.5), events)
    wide = np.hypot(SIGMA, 1.5)
    direct = sum(m / MOMENT * pulses(TIMES, p, t, wide) for m, p, t in zip(moments, PLACES, onsets, strict=True))
    assert np.linalg.norm(made - direct) < 2e-3 * np.linalg.norm(direct)


def test_between_events_interpolation_beats_the_nearest(events: list[Path]) -> None:
    between = np.array([[5100.0, 4000.0, 3900.0]])
    moments, onsets = np.array([MOMENT]), np.zeros(1)
    made = superposed(gaussian_sources(between, moments, onsets, 1.0), events)
    nearest = superposed(gaussian_sources(PLACES[[1]], moments, onsets, 1.0), events)
    direct = pulses(TIMES, between[0], 0.0, np.hypot(SIGMA, 1.0))
    error = np.linalg.norm(made - direct) / np.linalg.norm(direct)
    assert error < 0.05
    assert error < 0.3 * np.linalg.norm(nearest - direct) / np.linalg.norm(direct)


def test_interpolation_weights() -> None:
    points = np.array([[6000.0, 4000.0, 5000.0], [5000.0, 4000.0, 4500.0], [3500.0, 4000.0, 2500.0]])
    weights = interpolation(points, PLACES)
    np.testing.assert_allclose(weights.sum(1), 1)
    np.testing.assert_allclose(weights[0], [0, 0, 0, 0, 1, 0], atol=1e-9)
    np.testing.assert_allclose(weights[1] @ PLACES, points[1], atol=1e-6)
    np.testing.assert_allclose(weights[2], [1, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(interpolation(points[:1], PLACES[:2]), [[0, 1]])
    with pytest.raises(QuakeViewError, match="from every event"):
        interpolation(np.array([[20e3, 4e3, 4e3]]), PLACES)


def test_mechanisms_are_projected_on_those_of_the_events(events: list[Path]) -> None:
    plain = gaussian_sources(PLACES, np.full(6, MOMENT), np.zeros(6), 1.5)
    turned = replace(plain, moments=double_couple(HAYWARD.x_azimuth, 90.0, np.full(6, 160.0), MOMENT))
    expected = np.cos(np.radians(20)) * superposed(plain, events)
    np.testing.assert_allclose(superposed(turned, events), expected, atol=1e-4 * np.abs(expected).max())
    with pytest.raises(QuakeViewError, match="mechanism"):
        superposed(replace(plain, moments=double_couple(HAYWARD.x_azimuth, 45.0, np.full(6, 90.0), MOMENT)), events)


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"source": {"kind": "point"}}, "no impulse"),
        ({"frequency": 0.3}, "different kinds"),
        ({"start_time": -3.0}, "different kinds"),
        ({"frames": 50}, "not finished"),
    ],
)
def test_events_that_do_not_belong_together_are_refused(tmp_path: Path, known: dict[str, Any], sentence: str) -> None:
    plain = gaussian_sources(PLACES[:2], np.full(2, MOMENT), np.zeros(2), 1.5)
    pair = [impulse(tmp_path / "a.h5", PLACES[0]), impulse(tmp_path / "b.h5", PLACES[1], **known)]
    with pytest.raises(QuakeViewError, match=sentence):
        superposed(plain, pair)


def test_without_events_there_is_nothing_to_put_together(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match="no events"):
        make_superposed(ScenarioRequest(), [], tmp_path / "a.h5")


def test_a_scenario_is_made_of_the_files_of_a_data_set(tmp_path: Path) -> None:
    places = [(38e3, 6e3), (42e3, 6e3), (38e3, 10e3), (42e3, 10e3)]
    paths = [impulse(tmp_path / f"{number}.h5", np.array([x, 38e3, depth])) for number, (x, depth) in enumerate(places)]
    request = ScenarioRequest(magnitude=4.5, hypocentre=(40e3, 38e3, 8e3), seed=3, model="gil7")
    with Scenario.open(make_superposed(request, paths, tmp_path / "made.h5")) as made:
        assert made.complete
        assert (made.start_time, made.n_frames) == (-LEAD * STEP, FRAMES)
        assert (made.magnitude, made.hypocentre, made.source["kind"]) == (4.5, (40e3, 38e3, 8e3), "rupture")
        assert made.rupture is not None
        assert made.rupture.seed == 3
        frames = superposed(made.rupture.sources(), paths)
        np.testing.assert_allclose(made.frame(30), frames[..., 30], rtol=2e-3, atol=1e-3 * made.peak)
    with pytest.raises(QuakeViewError, match="from every event"):
        make_superposed(replace(request, hypocentre=(60e3, 38e3, 8e3)), paths, tmp_path / "far.h5")
    assert not (tmp_path / "far.h5").exists()


def test_superposed_is_the_direct_simulation(tmp_path: Path) -> None:
    region = replace(HAYWARD, name="Small", length=14_000.0, width=12_000.0, depth=10_000.0)
    request = ScenarioRequest(magnitude=4.0, source="impulse", model="gil7", duration=20.0, region=region)
    places = np.array([[5000.0, 6100.0, 4000.0], [8200.0, 6100.0, 4000.0], [6300.0, 6100.0, 6500.0]])
    events = [
        make_scenario(replace(request, hypocentre=tuple(place)), tmp_path / f"{number}.h5", "cpu")
        for number, place in enumerate(places)
    ]
    onsets, rise_times = np.array([[0.0], [1.4], [0.6]]), np.array([[1.0], [2.0], [0.5]])
    time = 0.05 * np.arange(80)
    rates = sampled(lambda t: liu_slip(t - onsets, rise_times), time, 0.05)
    moments = double_couple(HAYWARD.x_azimuth, 90.0, 180.0, np.array([1e15, 4e15, 2e15]))
    sources = MomentSources(places, moments, rates, 0.05)
    made = superposed(sources, events)

    preset = preset_of(request)
    limited = sources.band_limited(preset.frequency)
    plan = plan_simulation(
        *(earth_model("gil7", region), Grid.covering(region, preset.spacing), preset.frequency),
        duration=(made.shape[-1] - 1) * preset.frame_step,
        frame_step=preset.frame_step,
        start=limited.start,
    )
    frames: list[np.ndarray] = []
    simulate(plan, limited, lambda _, frame: frames.append(frame))
    direct = np.stack(frames, axis=-1)
    assert np.linalg.norm(made - direct) < 0.02 * np.linalg.norm(direct)
