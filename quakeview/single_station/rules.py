"""The classical rules for one station: distance from S minus P, direction from the P wave's motion, first motion of the
vertical, and local magnitude from a Wood-Anderson amplitude.

Their uncertainties follow from picks and records up to one factor each, which was measured: 68 % of the records of the
dev splits of two sets of real records lie within (``python -m tests.benchmarks characterise-real`` checks it).
"""

import numpy as np
from scipy.signal import butter, sosfilt

from quakeview.analysis.polarisation import ParticleMotion, polarisation
from quakeview.errors import QuakeViewError
from quakeview.events.attenuation_laws import AttenuationLaw
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import P, S, VelocityModel
from quakeview.monitoring.picks import Polarity
from quakeview.single_station.estimates import Estimate, FirstMotion
from quakeview.single_station.inputs import RATE, Samples

DEPTH = 8_000.0
"""Metres: of an earthquake of which nothing else is known."""
DEPTHS = (0.0, 16_000.0)
"""Metres, within which its depth is not known."""
MODEL_ERROR = 0.06
"""Share of the distance by which a velocity model is off."""
DISTANCE_FACTOR = 1.2
"""Measured: stated uncertainty to that of the formula."""

DIRECTION_BAND = (1.0, 10.0)
"""Hz."""
DIRECTION_WINDOW = (-0.1, 0.5)
"""Seconds from the P: later, scattered waves come from everywhere."""
LEAST_DIRECTION_ERROR = 10.0
"""Degrees: layers below the station turn the waves."""
DIRECTION_FACTOR = 1.2
"""Measured, as above."""

MOTION_BAND = (1.0, 10.0)
"""Hz, in which the first motion is read."""
MOTION_WINDOW = (-0.05, 0.3)
"""Seconds from the P."""
MOTION_NOISE = (-2.0, -0.1)
MOTION_THRESHOLD = 2.0
"""Standard deviations of the noise that the first swing must reach."""
MOTION_RIGHT = (0.77, 0.97)
"""Share of first motions that are right, of swings below and above ``CLEAR_MOTION`` standard deviations."""
CLEAR_MOTION = 6.0

MAGNITUDE_ERROR = 0.3
"""Of a station: its ground, and how the earthquake radiates (measured)."""


def distance_from_s_minus_p(seconds: float, model: VelocityModel, pick_error: float) -> Estimate:
    """Epicentral distance from the time between P and S, by the travel times of a velocity model.

    Args:
        seconds: S minus P.
        model: of the region, from ``events.velocity_models``.
        pick_error: standard deviation of S minus P, s.

    Raises:
        QuakeViewError: if S comes so late that the model does not reach there, or not after P.
    """
    if seconds <= 0:
        raise QuakeViewError("The S pick is not after the P pick; correct one of them.")
    times = travel_times(model)

    def distance(s_minus_p: float, depth: float) -> float:
        lag = times.first(S, times.distances, depth) - times.first(P, times.distances, depth)
        return float(np.interp(s_minus_p, np.maximum.accumulate(lag), times.distances))

    value = distance(seconds, DEPTH)
    if value >= times.distances[-1]:
        raise QuakeViewError(f"S comes {seconds:.0f} s after P: farther than {times.distances[-1] / 1000:.0f} km.")
    shallow, deep = (distance(seconds, depth) for depth in DEPTHS)
    of_picks = abs(distance(seconds + pick_error, DEPTH) - distance(max(seconds - pick_error, 0.0), DEPTH)) / 2
    error = DISTANCE_FACTOR * float(np.sqrt(of_picks**2 + ((shallow - deep) / 2) ** 2 + (MODEL_ERROR * value) ** 2))
    return Estimate(value, error, f"S−P, {model.name}, depth {DEPTH / 1000:g} km")


def back_azimuth_of_p(data: Samples, p: int) -> Estimate:
    """Back-azimuth from the particle motion of the first half second of P (Jurkevics 1988).

    Args:
        data: (3, n) up, north, east at 100 Hz.
        p: sample of the P.

    Raises:
        QuakeViewError: if the motion has no direction.
    """
    heard = _band(data, DIRECTION_BAND)
    first, last = (p + round(seconds * RATE) for seconds in DIRECTION_WINDOW)
    up, north, east = heard[:, max(first, 0) : last]
    found = polarisation(ParticleMotion(0.0, RATE, north, east, up, ""))
    if found.back_azimuth is None:
        raise QuakeViewError(found.doubt)
    width = np.sqrt(max(1 - found.rectilinearity, 0.0)) / np.sin(np.radians(max(found.incidence, 3.0)))
    error = DIRECTION_FACTOR * float(np.hypot(LEAST_DIRECTION_ERROR, np.degrees(width)))
    return Estimate(found.back_azimuth, min(error, 180.0), "P polarisation")


def first_motion_of(vertical: Samples, p: int) -> FirstMotion:
    """The sense of the first swing of the vertical that stands out from the noise.

    Args:
        vertical: (n,) at 100 Hz.
        p: sample of the P.

    Raises:
        QuakeViewError: if there is too little record before the P.
    """
    heard = _band(vertical[None], MOTION_BAND)[0]
    before = slice(*(max(p + round(seconds * RATE), 0) for seconds in MOTION_NOISE))
    noise = heard[before]
    noise = noise[vertical[before] != 0]
    if len(noise) < RATE / 2:
        raise QuakeViewError("There is too little record before the P to tell its first motion from noise.")
    begin, end = (max(p + round(seconds * RATE), 1) for seconds in MOTION_WINDOW)
    swing = (heard[begin - 1 : end + 1] - noise.mean()) / (float(noise.std()) or np.inf)
    size = np.abs(swing)
    extreme = (size[1:-1] >= size[:-2]) & (size[1:-1] >= size[2:]) & (size[1:-1] > MOTION_THRESHOLD)
    if not extreme.any():
        return FirstMotion(Polarity.UNDECIDABLE, 0.5, "first swing")
    at = 1 + int(extreme.argmax())
    polarity = Polarity.UP if swing[at] > 0 else Polarity.DOWN
    return FirstMotion(polarity, MOTION_RIGHT[int(size[at] > CLEAR_MOTION)], "first swing")


def magnitude_of_amplitude(amplitude: float, distance: float, law: AttenuationLaw) -> Estimate:
    """Local magnitude of a Wood-Anderson amplitude.

    Args:
        amplitude: metres at magnification 1, zero to peak.
        distance: metres, epicentral; the depth is taken to be ``DEPTH``.

    Raises:
        QuakeViewError: if the law does not hold at that distance.
    """
    path = distance if law.epicentral else float(np.hypot(distance, DEPTH))
    if not law.holds(path):
        raise QuakeViewError(f"{law.name} does not hold at {path / 1000:.0f} km; choose another law.")
    return Estimate(float(law.magnitude(amplitude, path)), MAGNITUDE_ERROR, f"ML, {law.name}")


def _band(data: Samples, band: tuple[float, float]) -> Samples:
    """(k, n) at 100 Hz without offset, causally filtered."""
    living = data - data.mean(axis=1, keepdims=True)
    filtered: Samples = sosfilt(butter(2, band, "bandpass", fs=RATE, output="sos"), living, axis=1)
    return filtered
