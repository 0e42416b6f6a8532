from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.srf import write_srf
from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.making import (
    FrameReady,
    ScenarioRequest,
    ScenarioStarted,
    estimate_scenario,
    make_scenario,
    rupture_of,
    source_of,
)
from quakeview.wavefield.scenarios.scenario import Scenario

SMALL = replace(HAYWARD, name="Small", length=14_000.0, width=12_000.0, depth=10_000.0)
POINT = ScenarioRequest(
    magnitude=5.0,
    hypocentre=(7_000.0, 6_000.0, 5_000.0),
    source="point",
    model="gil7",
    duration=15.0,
    region=SMALL,
)


class Listener(Progress):
    """Keeps what is published; cancels after some frames."""

    def __init__(self, frames: int = 10_000) -> None:
        super().__init__()
        self.published: list[Any] = []
        self.left = frames

    def on_publish(self, partial: Any) -> None:
        self.published.append(partial)
        self.left -= isinstance(partial, FrameReady)
        if self.left <= 0:
            self.cancel()


def test_frames_are_published_as_they_come_and_are_those_of_the_file(tmp_path: Path) -> None:
    listener = Listener()
    assert make_scenario(POINT, tmp_path / "a.h5", "cpu", listener) == tmp_path / "a.h5"
    started, *ready = listener.published
    assert isinstance(started, ScenarioStarted)
    live = LiveWavefield(started.header)
    for each in ready:
        assert each.time == pytest.approx(live.start_time + each.index * live.frame_step)
        live.append(each.index, each.frame)
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert scenario.complete
        assert live.complete
        assert scenario.shape == (3, 14, 12, 29)
        np.testing.assert_array_equal(scenario.frames(0, 29), live.frames(0, 29))
        assert scenario.pgv.max() > 1e-4
        assert (scenario.magnitude, scenario.hypocentre) == (5.0, (7_000.0, 6_000.0, 5_000.0))
        assert (scenario.frequency, scenario.frame_step, scenario.start_time) == (0.15, 0.52, 0.0)
        assert scenario.model_name.startswith("GIL7")
        assert not scenario.illustrative
        assert scenario.source["kind"] == "point"
        assert scenario.source["strike"] == HAYWARD.x_azimuth


def test_a_cancelled_simulation_keeps_its_frames(tmp_path: Path) -> None:
    listener = Listener(frames=5)
    slow = replace(POINT, duration=1000.0)
    with pytest.raises(Cancelled):
        make_scenario(slow, tmp_path / "a.h5", "cpu", listener)
    ready = [each for each in listener.published if isinstance(each, FrameReady)]
    with Scenario.open(tmp_path / "a.h5") as scenario:
        assert 5 <= scenario.n_frames == len(ready) < scenario.planned_frames
        np.testing.assert_allclose(scenario.frame(4), ready[4].frame, rtol=2e-3, atol=1e-12)


def test_cancelled_before_a_frame_there_is_no_file(tmp_path: Path) -> None:
    listener = Listener()
    listener.cancel()
    with pytest.raises(Cancelled):
        make_scenario(POINT, tmp_path / "a.h5", "cpu", listener)
    assert not (tmp_path / "a.h5").exists()


def test_an_impulse_and_a_point_move_the_ground_after_their_origin_time_alone(tmp_path: Path) -> None:
    make_scenario(replace(POINT, source="impulse"), tmp_path / "impulse.h5", "cpu")
    make_scenario(POINT, tmp_path / "point.h5", "cpu")
    with Scenario.open(tmp_path / "impulse.h5") as impulse, Scenario.open(tmp_path / "point.h5") as point:
        for each in (impulse, point):
            assert each.times[0] == 0.0
            assert np.abs(each.frame(0)).max() < 1e-3 * each.peak
        assert impulse.peak == pytest.approx(point.peak, rel=0.3)
        assert impulse.pgv.max() >= point.pgv.max()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"preset": "huge"}, "choose one of tiny"),
        ({"hypocentre": None}, "needs a hypocentre"),
        ({"hypocentre": (7e3, 6e3, -100.0)}, "outside"),
        ({"hypocentre": (7e3, 60e3, 5e3)}, "outside"),
        ({"source": "bomb"}, "no source 'bomb'"),
        ({"magnitude": 12.0}, "magnitude 12"),
        ({"duration": 0.0}, "duration of 0 s is not possible"),
        ({"duration": float("nan")}, "duration of nan s is not possible"),
        ({"duration": 1e300}, "choose 0.52 to 3600 s"),
        ({"dip": 200.0}, "dip of 200° is not possible"),
        ({"rake": float("nan")}, "not a number"),
        ({"model": "moon"}, "no Earth model moon"),
        ({"source": "rupture", "strike": 10.0}, "follows the Hayward fault"),
        ({"srf": Path("no.srf")}, "could not be read"),
    ],
)
def test_what_cannot_be_simulated_is_said_before(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    request = replace(POINT, **changes)
    with pytest.raises(QuakeViewError, match=sentence):
        make_scenario(request, tmp_path / "a.h5", "cpu")
    with pytest.raises(QuakeViewError, match=sentence):
        estimate_scenario(request)
    assert not list(tmp_path.iterdir())


def test_the_rupture_is_that_of_the_request(tmp_path: Path) -> None:
    request = ScenarioRequest(magnitude=6.2, hypocentre=(40e3, 38e3, 9e3), seed=7)
    rupture = rupture_of(request)
    assert rupture is not None
    assert (rupture.magnitude, rupture.seed) == (6.2, 7)
    np.testing.assert_allclose(rupture.hypocentre, (40e3, 38e3, 9e3))
    source = source_of(request)
    assert source.facts["kind"] == "rupture"
    assert source.facts["moment"] == pytest.approx(10 ** (1.5 * 6.2 + 9.1), rel=1e-6)
    assert rupture_of(POINT) is None
    write_srf(rupture, tmp_path / "r.srf")
    from_file = source_of(ScenarioRequest(srf=tmp_path / "r.srf"))
    assert from_file.magnitude == pytest.approx(6.2, abs=0.01)
    assert from_file.name == "r"
    np.testing.assert_allclose(from_file.hypocentre, rupture.hypocentre, atol=50.0)
    assert from_file.rupture is not None


def test_costs_grow_with_the_grid_and_the_duration() -> None:
    tiny, longer = estimate_scenario(ScenarioRequest()), estimate_scenario(ScenarioRequest(duration=240.0))
    fine = estimate_scenario(ScenarioRequest(preset="standard"))
    assert longer.seconds > 1.8 * tiny.seconds
    assert fine.seconds > 5 * tiny.seconds
    assert fine.memory > 2 * tiny.memory
    assert longer.file_size > 2 * tiny.file_size > 2e7
