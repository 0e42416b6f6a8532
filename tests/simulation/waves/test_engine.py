"""The compiled kernels against plain torch, and what a simulation promises."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.simulation.earth.material import Material
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves import solver
from quakeview.simulation.waves.engine import RowEngine
from quakeview.simulation.waves.grid import Grid
from quakeview.simulation.waves.oracle import TorchEngine
from quakeview.simulation.waves.plan import Plan, plan_simulation
from quakeview.simulation.waves.points import VELOCITY_SHIFTS, locate
from quakeview.simulation.waves.relaxation import relaxation_spectrum
from quakeview.simulation.waves.solver import simulate

GRID = Grid(500.0, (22, 38, 44), layer=8)


class TwoLayers:
    name = "two layers"
    illustrative = False

    def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
        shallow = np.broadcast_to(np.asarray(depth) < 2000, np.broadcast(x, y, depth).shape)
        values = ((4000, 6000), (2000, 3464), (2600, 2700), (80, 300), (40, 150))
        return Material(*(np.where(shallow, *pair).astype(np.float32) for pair in values))


def gaussian_source(
    position: tuple[float, float, float] = (6200.0, 5100.0, 3300.0),
    moment: tuple[float, ...] = (1e16, -3e16, 2e16, 5e16, 1e16, -2e16),
) -> MomentSources:
    time, sigma = np.arange(0, 4, 0.02), 0.4
    rate = np.exp(-0.5 * ((time - 2) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    return MomentSources(np.array([position]), np.array([moment]), rate[None], 0.02)


def plan(**changes: object) -> Plan:
    wanted = {"frequency": 0.8, "duration": 6.0, "frame_step": 0.25, "receivers": [[9000.0, 7000.0, 0.0]]}
    return plan_simulation(TwoLayers(), GRID, **{**wanted, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("attenuation", [False, True])
def test_compiled_rows_agree_with_plain_torch(attenuation: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for engine in (RowEngine, TorchEngine):
        monkeypatch.setattr(solver, "make_engine", lambda medium, grid, *_, make=engine: make(medium, grid))
        frames: list[np.ndarray] = []
        traces = simulate(
            plan(attenuation=attenuation), gaussian_source(), lambda _, frame, frames=frames: frames.append(frame)
        )
        results.append((traces.velocity, np.array(frames)))
    for rows, torch in zip(*results, strict=True):
        assert np.abs(torch).max() > 1e-3
        assert np.abs(rows - torch).max() < 2e-5 * np.abs(torch).max()


def test_result_does_not_depend_on_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    results = []
    for threads in (1, 3):
        monkeypatch.setattr(solver, "make_engine", lambda medium, grid, *_, n=threads: RowEngine(medium, grid, n))
        results.append(simulate(plan(duration=2.0), gaussian_source()).velocity)
    np.testing.assert_array_equal(*results)


def test_frames_come_at_their_times_and_match_receivers_at_the_surface() -> None:
    x, y = GRID.x[GRID.inside[0]], GRID.y[GRID.inside[1]]
    node = (17, 9)
    planned = plan(receivers=[[x[node[0]], y[node[1]], 0.0]], start=-0.3)
    frames: dict[int, np.ndarray] = {}
    traces = simulate(planned, gaussian_source(), frames.__setitem__)
    assert sorted(frames) == list(range(planned.n_frames))
    assert planned.n_frames == 1 + round(6.0 / 0.25)
    assert frames[0].shape == (3, x.size, y.size)
    recorded = np.array([frames[i][:, *node] for i in range(planned.n_frames)]).T
    expected = [np.interp(0.25 * np.arange(planned.n_frames), traces.times, v) for v in traces.velocity[0]]
    assert np.abs(recorded - expected).max() < 0.01 * np.abs(expected).max()


def test_an_explosion_under_the_middle_is_symmetric() -> None:
    middle = (GRID.x[22] / 2 + GRID.x[21] / 2, GRID.y[19] / 2 + GRID.y[18] / 2, 2500.0)
    source = gaussian_source(middle, (1e16, 1e16, 1e16, 0, 0, 0))
    frames: list[np.ndarray] = []
    simulate(plan(attenuation=False), source, lambda _, frame: frames.append(frame))
    vx, vy, vz = frames[12]
    assert np.abs(vz).max() > 1e-4
    np.testing.assert_allclose(vz, vz[::-1], atol=1e-3 * np.abs(vz).max())
    np.testing.assert_allclose(vx, -vx[::-1], atol=1e-3 * np.abs(vx).max())
    np.testing.assert_allclose(vy, -vy[:, ::-1], atol=1e-3 * np.abs(vy).max())
    assert frames[8][2].max() > 0, "an explosion first pushes the ground up"


def test_a_far_boundary_gives_nothing_back() -> None:
    """The same record in a grid with the boundaries elsewhere: the absorbing layers are silent."""
    larger = Grid(500.0, (40, 62, 68), layer=8)
    shift = np.array([12, 12, 0]) * 500.0
    source = gaussian_source()
    moved = replace(source, positions=source.positions + shift)
    near = simulate(plan(duration=9.0), source)
    far = simulate(
        plan_simulation(TwoLayers(), larger, 0.8, 9.0, 0.25, receivers=np.array([[9000.0, 7000.0, 0.0]]) + shift), moved
    )
    difference = np.linalg.norm(near.velocity - far.velocity) / np.linalg.norm(far.velocity)
    assert difference < 0.06


def test_points_between_nodes_see_a_smooth_field_exactly() -> None:
    rng = np.random.default_rng(1)
    positions = np.column_stack((rng.uniform(2e3, 12e3, 9), rng.uniform(2e3, 9e3, 9), rng.uniform(600, 6e3, 9)))
    padded = tuple(n + 4 for n in GRID.shape)
    k, j, i = np.indices(padded).astype(float)
    for shift in VELOCITY_SHIFTS:
        x, y, z = (
            (index - 2 + s) * GRID.spacing + start
            for index, s, start in zip((i, j, k), shift, (GRID.x[0], GRID.y[0], 0.0), strict=True)
        )
        field = ((x / 1e4) ** 3 + (x / 1e4) * (y / 1e4) * (z / 1e4) ** 2).astype(np.float32)
        points = locate(positions, GRID, shift)
        values = points.weights.T @ field.reshape(-1)[points.nodes]
        px, py, pz = (positions / 1e4).T
        np.testing.assert_allclose(values, px**3 + px * py * pz**2, rtol=2e-5)


def test_quality_factor_is_constant_over_the_band() -> None:
    spectrum = relaxation_spectrum(0.25)
    frequency = np.geomspace(0.25 / 30, 0.25, 30)
    for q, tolerance in ((25.0, 0.25), (100.0, 0.05)):
        modulus = spectrum.modulus(frequency, q)
        np.testing.assert_allclose(modulus.imag / modulus.real * q, 1, atol=tolerance)
        np.testing.assert_allclose((modulus.imag / modulus.real * q).mean(), 1, atol=0.03)
        speed = np.real(1 / np.sqrt(spectrum.modulus(spectrum.reference, q) * spectrum.unrelaxed(q)))
        np.testing.assert_allclose(1 / speed, 1, rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"time_step": 0.25}, "unstable"),
        ({"time_step": -0.01}, "unstable"),
        ({"time_step": 0.03}, "does not divide"),
        ({"frequency": 2.0}, "points to the shortest S wave"),
        ({"frame_step": 1.0}, "A frame every 1 s"),
        ({"receivers": [[1e6, 0.0, 0.0]]}, "outside the region"),
        ({"receivers": [[5e3, 5e3, np.nan]]}, "outside the region"),
        ({"receivers": [[5e3, 5e3, -10.0]]}, "above the surface"),
    ],
)
def test_what_cannot_run_is_refused_before_it_starts(changes: dict, sentence: str) -> None:
    with pytest.raises(QuakeViewError, match=sentence):
        plan(**changes)


def test_a_grid_larger_than_memory_is_refused() -> None:
    huge = Grid(500.0, (4000, 4000, 4000))
    with pytest.raises(QuakeViewError, match="GB"):
        plan_simulation(TwoLayers(), huge, 0.8, 6.0)


def test_unphysical_models_and_early_sources_are_refused() -> None:
    class Wrong(TwoLayers):
        def at(self, x: ArrayLike, y: ArrayLike, depth: ArrayLike) -> Material:
            material = super().at(x, y, depth)
            return replace(material, vp=material.vs, vs=material.vp)

    with pytest.raises(QuakeViewError, match="Vp/Vs"):
        plan_simulation(Wrong(), GRID, 0.8, 6.0)
    with pytest.raises(QuakeViewError, match="begins"):
        simulate(plan(), replace(gaussian_source(), start=-1.0))
    with pytest.raises(QuakeViewError, match="outside the region"):
        simulate(plan(), gaussian_source((5e4, 5e3, 3e3)))


def test_cancel_stops_between_two_steps() -> None:
    progress = Progress()
    seen: list[int] = []

    def stop(index: int, _: np.ndarray) -> None:
        seen.append(index)
        progress.cancel()

    with pytest.raises(Cancelled):
        simulate(plan(), gaussian_source(), stop, progress=progress)
    assert seen == [0]


def spectral_content(rate: np.ndarray, step: float) -> Callable[[float], float]:
    frequency = np.fft.rfftfreq(8192, step)
    amplitude = np.abs(np.fft.rfft(rate, 8192))
    return lambda f: float(np.interp(f, frequency, amplitude / amplitude[0]))


def test_band_limited_sources_keep_their_moment_and_nothing_comes_early() -> None:
    source = replace(gaussian_source(), rates=np.eye(1, 50, 10) / 0.02)
    limited = source.band_limited(0.25)
    step = limited.step
    np.testing.assert_allclose(limited.rates.sum() * step, 1, rtol=1e-9)
    assert limited.start == source.start
    np.testing.assert_allclose(limited.rates[0, :10], 0, atol=1e-9)
    assert limited.rates.min() > -1e-9
    peak = limited.start + step * limited.rates[0].argmax()
    np.testing.assert_allclose(peak - 0.2, 0.7 / 0.25, atol=0.03)
    content = spectral_content(limited.rates[0], step)
    np.testing.assert_allclose(content(0.25), 0.1, rtol=0.02)
    assert content(0.5) < 0.012
