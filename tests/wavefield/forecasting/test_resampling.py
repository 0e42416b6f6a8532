"""Wavefields of any size as a forecaster knows them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.region import HAYWARD
from quakeview.simulation.sources.moment_sources import low_pass_time_constant
from quakeview.wavefield.forecasting.model_files import ForecasterFacts
from quakeview.wavefield.forecasting.resampling import fits, in_words, resampled, why_not
from quakeview.wavefield.scenarios.header import Header
from quakeview.wavefield.scenarios.live import LiveWavefield
from tests.wavefield.fields import header

COARSE = header(nx=12, ny=8, frames=60, frame_step=0.52, frequency=0.25)
FACTS = ForecasterFacts.of(COARSE, 10)
SPEED = 2000.0


def fine(spacing: float = 500.0, step: float = 0.26, frequency: float = 0.5, frames: int = 120) -> Header:
    """Of the same 12 x 8 km, with nodes in the middle of cells."""
    x = spacing / 2 + spacing * np.arange(round(12_000 / spacing))
    y = spacing / 2 + spacing * np.arange(round(8_000 / spacing))
    return replace(COARSE, x=x, y=y, frame_step=step, frequency=frequency, planned_frames=frames)


def pulse(times: NDArray[np.float64], frequency: float) -> NDArray[np.float64]:
    """What the low-pass of the sources makes of a step of moment: t³ exp(-t/τ)."""
    tau = low_pass_time_constant(frequency)
    t = np.maximum(times, 0) / tau
    return t**3 * np.exp(-t) / (6 * tau)


def passing(about: Header) -> LiveWavefield:
    """A pulse that comes from the corner, up to the frequency of the header, in each component with another size."""
    wavefield = LiveWavefield(about)
    arrival = 2 + (about.x[:, None] + about.y[None, :]) / SPEED
    for index in range(about.planned_frames):
        moved = pulse(index * about.frame_step - arrival, about.frequency)
        wavefield.append(index, np.stack([moved, 0.5 * moved, -0.2 * moved]).astype(np.float32))
    return wavefield


@pytest.mark.parametrize(
    "about",
    [
        fine(),
        fine(spacing=1000.0, step=0.52, frames=60),
        fine(spacing=400.0, step=0.2, frames=156),
        fine(spacing=600.0, frequency=0.25),
    ],
)
def test_a_finer_wavefield_becomes_what_a_coarser_simulation_gives(about: Header) -> None:
    expected, found = passing(COARSE), resampled(passing(about), FACTS)
    assert fits(found.header, FACTS)
    assert found.frequency == 0.25
    n = found.n_frames
    assert abs(n - 60) <= 1
    inside = np.s_[:, 1:-1, 1:-1]  # beyond the last node of a grid nothing is known
    error = found.frames(0, n)[inside] - expected.frames(0, min(n, 60))[inside][..., :n]
    assert np.abs(error).max() < 0.03 * expected.peak
    assert found.complete


def test_what_fits_stays_as_it_is() -> None:
    wavefield = passing(COARSE)
    assert resampled(wavefield, FACTS) is wavefield
    assert in_words(COARSE, FACTS) == ""


def test_a_lower_band_is_taken_with_a_word() -> None:
    low = replace(COARSE, frequency=0.15)
    wavefield = passing(low)
    assert resampled(wavefield, FACTS) is wavefield
    assert in_words(low, FACTS).startswith("It holds waves up to 0.15 Hz only")


def test_what_is_done_is_said() -> None:
    said = in_words(fine(), FACTS)
    assert "Waves up to 0.5 Hz were low-passed at 0.25 Hz." in said
    assert "Nodes every 0.5 km and frames every 0.26 s were resampled to 1 km and 0.52 s." in said


def test_measures_and_traces_are_those_of_the_frames() -> None:
    found = resampled(passing(fine()), FACTS)
    frames = found.frames(0, found.n_frames)
    speed = np.hypot(frames[0], frames[1])
    np.testing.assert_allclose(found.pgv, speed.max(axis=-1))
    np.testing.assert_allclose(found.t_pgv, 0.52 * speed.argmax(axis=-1), rtol=1e-5)
    np.testing.assert_array_equal(found.traces([3], [4])[0], frames[:, 3, 4])
    np.testing.assert_array_equal(found.frame(20), frames[..., 20])
    assert found.peak == np.abs(frames).max()
    with pytest.raises(IndexError):
        found.frame(found.n_frames)


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        (replace(COARSE, x=COARSE.x[:6]), "does not reach as far"),
        (fine(spacing=2000.0, frequency=0.25), "too coarse"),
        (replace(COARSE, frame_step=2.0), "too few for waves"),
        (replace(COARSE, region=replace(HAYWARD, name="Elsewhere", latitude=10.0)), "this is Elsewhere"),
    ],
)
def test_what_cannot_be_resampled_says_why(about: Header, sentence: str) -> None:
    assert sentence in why_not(about, FACTS)
    with pytest.raises(QuakeViewError, match=sentence):
        resampled(LiveWavefield(about), FACTS)


def test_it_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        resampled(passing(fine()), FACTS, progress)
