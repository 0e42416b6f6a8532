"""Finite faults from stored impulses: what a rupture radiates is the sum of what its points radiate.

A stored event is the band-limited answer of the Earth to an impulse of moment at one place. Each point of the rupture
takes its answer from the places around it, by linear interpolation over the triangle they form (from the nearest
beyond the last triangle), delayed and convolved with its own moment rate, in proportion to its moment. At a place the
tensor of the point is put together from those of the events there: five of a ``basis`` give every double couple, of a
single mechanism only the part along it is there.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.sources.moment_tensor import double_couple
from quakeview.wavefield.scenarios.header import Frames, Header
from quakeview.wavefield.scenarios.making import ScenarioRequest, earth_of, source_of
from quakeview.wavefield.scenarios.scenario import Scenario, ScenarioWriter, opened
from quakeview.wavefield.scenarios.schema import read_header

Floats = NDArray[np.float64]

LEAST_LIKENESS = 0.8
"""Of the mechanisms of rupture and events, 1 if they are the same."""
_TENSOR = np.array([1, 1, 1, 2, 2, 2])
"""How often each of Mxx, Myy, Mzz, Mxy, Mxz, Myz is in a tensor."""


def make_superposed(
    request: ScenarioRequest, events: Sequence[Path], path: Path, progress: Progress = Progress()
) -> Path:
    """The scenario of ``request`` from stored impulses in place of a simulation.

    Args:
        events: scenario files of impulses on the fault; see ``datasets``.
        request: its preset, Earth model and duration are those of the events.

    Raises:
        QuakeViewError: for events that do not belong together, are no impulses, or do not cover the rupture.
        Cancelled: through ``progress``; then there is no file.
    """
    if not events:
        raise QuakeViewError("There are no events to put together; make a data set of impulses first.")
    header = read_impulse(events[0])
    source = source_of(request, earth_of(replace(request, region=header.region)))
    frames = superposed(source.sources, events, progress)
    made = replace(
        header,
        name=source.name,
        magnitude=source.magnitude,
        hypocentre=source.hypocentre,
        source=source.facts,
        rupture=source.rupture,
    )
    with ScenarioWriter(path, made) as writer:
        for index in range(made.planned_frames):
            writer.write(index, frames[..., index])
    return path


def superposed(sources: MomentSources, events: Sequence[Path], progress: Progress = Progress()) -> Frames:
    """Velocity (3, nx, ny, nt), m/s, at the times of the events, which are read one after another.

    Args:
        sources: not band-limited; the events are.
        events: scenario files of impulses.

    Raises:
        QuakeViewError: for events that do not belong together, are no impulses, or do not cover the sources.
        Cancelled: through ``progress``.
    """
    from scipy import fft

    headers = [read_impulse(event) for event in events]
    header = headers[0]
    weights = event_weights(sources, headers)
    n = header.planned_frames
    length = padded_length(n, [sources], header.frame_step)
    transfer = (weights.T @ spectra_of_rates(sources, length, header.frame_step)).astype(np.complex64)
    used = np.flatnonzero(weights.any(axis=0)).tolist()
    spectrum = np.zeros((*header.frame_shape, length // 2 + 1), np.complex64)
    for done, number in enumerate(used):
        progress.advance(done, len(used), f"Event {done + 1} of {len(used)}")
        for component, traces in enumerate(impulse_frames(events[number])):
            spectrum[component] += fft.rfft(traces, length) * transfer[number]
    progress.advance(len(used), len(used))
    return np.stack([fft.irfft(each, length)[..., :n] for each in spectrum])


def padded_length(n: int, sources: Sequence[MomentSources], step: float) -> int:
    """Frames to which n are lengthened so that what the longest of the sources radiates late does not come first."""
    from scipy import fft

    longest = max(each.end - min(each.start, 0.0) for each in sources)
    length: int = fft.next_fast_len(n + int(np.ceil(longest / step)) + 1, True)
    return length + length % 2


def spectra_of_rates(sources: MomentSources, length: int, step: float) -> NDArray[np.complex128]:
    """Fourier transforms (n, length // 2 + 1) of the moment rates at the frequencies of ``length`` frames."""
    frequencies = np.fft.rfftfreq(length, step)
    time = sources.start + sources.step * np.arange(sources.rates.shape[1])
    spectra: NDArray[np.complex128] = sources.step * sources.rates @ np.exp(-2j * np.pi * time[:, None] * frequencies)
    return spectra


def event_weights(sources: MomentSources, headers: Sequence[Header]) -> Floats:
    """(n points, n events): how much of each impulse is in each point.

    Raises:
        QuakeViewError: for events that do not belong together, or do not cover the sources or their mechanisms.
    """
    _check_alike(headers)
    hypocentres = np.array([each.hypocentre for each in headers])
    places, place_of = np.unique(hypocentres, axis=0, return_inverse=True)
    shares = interpolation(sources.positions, places)
    tensors = np.array([_tensor(each) for each in headers])
    norm = np.sqrt(_TENSOR)
    weights, found = np.zeros((len(sources.positions), len(headers))), np.zeros_like(sources.moments)
    for place in range(len(places)):
        here = np.flatnonzero(place_of.ravel() == place)
        parts, *_ = np.linalg.lstsq((tensors[here] * norm).T, (sources.moments * norm).T, rcond=1e-6)
        weights[:, here] = shares[:, [place]] * parts.T
        found += shares[:, [place]] * (parts.T @ tensors[here])
    _check_likeness(sources.moments * norm, found * norm)
    return weights


def interpolation(points: Floats, events: Floats) -> Floats:
    """Weights (n points, n events) that add up to 1 for each point; positions (…, 3), m.

    The events lie on a plane. Within their triangles the weights are barycentric; outside, the nearest event has all.

    Raises:
        QuakeViewError: for points farther from every event than twice the distance between events.
    """
    distance = np.linalg.norm(points[:, None] - events, axis=-1)
    nearest = distance.argmin(axis=1)
    _check_covered(points, distance.min(axis=1), events)
    weights = np.zeros(distance.shape)
    weights[np.arange(len(points)), nearest] = 1
    centre = events.mean(axis=0)
    axes, extents = np.linalg.svd(events - centre, full_matrices=False)[2][:2], np.ptp(events, axis=0)
    if len(events) < 3 or np.linalg.matrix_rank(events - centre, tol=1e-6 * extents.max()) < 2:
        return weights
    from scipy.spatial import Delaunay

    triangles = Delaunay((events - centre) @ axes.T)
    place = (points - centre) @ axes.T
    found = triangles.find_simplex(place, tol=1e-9)
    inside = np.flatnonzero(found >= 0)
    transform = triangles.transform[found[inside]]
    two = np.einsum("nij,nj->ni", transform[:, :2], place[inside] - transform[:, 2])
    weights[inside] = 0
    corners = triangles.simplices[found[inside]]
    weights[inside[:, None], corners] = np.column_stack((two, 1 - two.sum(axis=1)))
    return weights


def read_impulse(event: Path) -> Header:
    """What is known of a stored event.

    Raises:
        QuakeViewError: if it is no scenario.
    """
    with opened(event) as file:
        return read_header(file)


def impulse_frames(event: Path) -> Frames:
    """All frames of a stored event.

    Raises:
        QuakeViewError: if it is no scenario, or not finished.
    """
    with Scenario.open(event) as scenario:
        if not scenario.complete:
            raise QuakeViewError(f"{event} is not finished; make the data set again to continue it.")
        return scenario.frames(0, scenario.n_frames)


def _check_alike(headers: Sequence[Header]) -> None:
    first = headers[0]
    for header in headers:
        if header.source.get("kind") != "impulse" or header.hypocentre is None:
            raise QuakeViewError(f'{header.name} is no impulse; make the events with source = "impulse".')
        alike = (header.region, header.frame_shape, header.frame_step, header.start_time, header.planned_frames)
        if alike != (first.region, first.frame_shape, first.frame_step, first.start_time, first.planned_frames) or (
            (header.frequency, header.model_name) != (first.frequency, first.model_name)
        ):
            raise QuakeViewError(f"{header.name} and {first.name} are of different kinds; use events of one data set.")


def _check_covered(points: Floats, distance: Floats, events: Floats) -> None:
    if len(events) < 2:
        return
    between = np.linalg.norm(events[:, None] - events, axis=-1)
    np.fill_diagonal(between, np.inf)
    if distance.max() > 2 * np.median(between.min(axis=1)):
        x, y, depth = points[distance.argmax()] / 1000
        raise QuakeViewError(
            f"The rupture reaches X = {x:.1f} km, Y = {y:.1f} km, depth {depth:.1f} km, {distance.max() / 1000:.1f} km "
            "from every event; make events there, or choose a smaller magnitude or another hypocentre."
        )


def _tensor(header: Header) -> Floats:
    known = header.source
    return double_couple(known["strike"], known["dip"], known["rake"], known["moment"], header.region.x_azimuth)


def _check_likeness(wanted: Floats, found: Floats) -> None:
    """Both (n points, 6), such that their inner product is that of tensors.

    Raises:
        QuakeViewError: if the mechanisms are too different.
    """
    likeness = np.linalg.norm(found, axis=1).sum() / np.linalg.norm(wanted, axis=1).sum()
    if likeness < LEAST_LIKENESS:
        raise QuakeViewError(
            "The mechanism of the rupture is not that of the events; make events with its strike, dip and rake, or "
            "of a basis."
        )
