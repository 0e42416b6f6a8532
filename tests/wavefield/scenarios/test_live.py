from pathlib import Path

import numpy as np
import pytest

from quakeview.wavefield.scenarios.live import LiveWavefield
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter
from tests.wavefield.fields import header, velocity


def test_it_reads_like_the_file_of_the_same_frames(tmp_path: Path) -> None:
    values = velocity()
    live = LiveWavefield(header(start_time=-1.0))
    with ScenarioWriter(tmp_path / "a.h5", header(start_time=-1.0)) as writer:
        for index in range(40):
            live.append(index, values[..., index])
            writer.write(index, values[..., index])
    with Scenario.open(tmp_path / "a.h5") as file:
        assert live.complete
        assert live.shape == file.shape
        assert live.peak == file.peak
        np.testing.assert_array_equal(live.times, file.times)
        np.testing.assert_array_equal(live.frame(21), file.frame(21))
        np.testing.assert_array_equal(live.frames(3, 50), file.frames(3, 50))
        np.testing.assert_array_equal(live.traces([0, 5], [1, 7]), file.traces([0, 5], [1, 7]))
        np.testing.assert_array_equal(live.trace(2e3, 3e3), file.trace(2e3, 3e3))
        np.testing.assert_array_equal(live.pgv, file.pgv)
        np.testing.assert_array_equal(live.t_pgv, file.t_pgv)


def test_it_grows() -> None:
    values = velocity()
    live = LiveWavefield(header())
    assert (live.n_frames, live.complete, live.peak) == (0, False, 0.0)
    assert live.frames(0, 10).shape == (3, 12, 8, 0)
    assert live.trace(0, 0).shape == (3, 0)
    assert not live.pgv.any()
    live.append(0, values[..., 20])
    live.append(1, values[..., 21])
    assert (live.n_frames, live.complete) == (2, False)
    np.testing.assert_allclose(live.times, [0.0, 0.5])
    np.testing.assert_allclose(live.pgv, np.hypot(values[0], values[1])[..., 20:22].max(-1))


def test_frames_come_in_order() -> None:
    live = LiveWavefield(header())
    with pytest.raises(ValueError, match="frame 1"):
        live.append(1, velocity()[..., 0])
    with pytest.raises(IndexError):
        live.frame(0)
