"""What is not an earthquake but moves the trace like one: hard negatives for a picker."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Floats = NDArray[np.float64]


def add_transients(data: Floats, noise_rms: float, sampling_rate: float, rng: np.random.Generator) -> None:
    """Add one to four random disturbances to (3, n) motion in place, sized relative to the noise."""
    for _ in range(rng.integers(1, 5)):
        make = _KINDS[rng.integers(len(_KINDS))]
        size = noise_rms * np.exp(rng.uniform(np.log(3), np.log(200)))
        shape = make(data.shape[1], sampling_rate, rng)
        data += shape * (size / (np.abs(shape).max() + 1e-300))


def _components(rng: np.random.Generator) -> Floats:
    """(3, 1) weights: one component, or all with random shares."""
    if rng.random() < 0.4:
        return np.eye(3)[:, [rng.integers(3)]]
    return rng.normal(0, 1, (3, 1))


def _decay(n: int, start: int, rise: float, fall: float) -> Floats:
    """(n,) envelope, times in samples."""
    lapse = np.maximum(np.arange(n) - start, 0.0)
    return (1 - np.exp(-lapse / max(rise, 0.3))) * np.exp(-lapse / fall)


def _spikes(n: int, rate: float, rng: np.random.Generator) -> Floats:
    train = np.zeros(n)
    at = rng.integers(0, n, rng.integers(1, 6))
    train[at] = rng.choice([-1.0, 1.0], at.size) * rng.exponential(1, at.size)
    return train * _components(rng)


def _step(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """A tilt or offset as a high-passed sensor shows it: a jump and its exponential return."""
    start = rng.integers(0, n)
    lapse = np.maximum(np.arange(n) - start, 0)
    return (np.arange(n) >= start) * np.exp(-lapse / (rate * np.exp(rng.uniform(-1.5, 3.5)))) * _components(rng)


def _calibration(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """A current step through the calibration coil: the damped free swing of the pendulum."""
    start, frequency = rng.integers(0, n), rng.uniform(0.3, 5)
    lapse = np.maximum(np.arange(n) - start, 0) / rate
    swing = np.exp(-rng.uniform(0.3, 0.8) * 2 * np.pi * frequency * lapse) * np.sin(2 * np.pi * frequency * lapse)
    return swing * (rng.uniform(0.2, 1, (3, 1)) if rng.random() < 0.6 else _components(rng))


def _footsteps(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """Short high-pitched bursts at walking pace that come and go."""
    out = np.zeros((3, n))
    pace, start, steps = rng.uniform(0.4, 0.8), rng.integers(0, n), rng.integers(5, 40)
    fall = rng.uniform(0.03, 0.12) * rate
    length = int(6 * fall) + 2
    for step in range(steps):
        at = int(start + (step * pace + rng.normal(0, 0.03)) * rate)
        if 0 <= at < n - length:
            strength = np.exp(-(((step - steps / 2) / (steps / 3)) ** 2)) * rng.uniform(0.5, 1.5)
            out[:, at : at + length] += strength * rng.standard_normal((3, length)) * _decay(length, 0, 1, fall)
    return out


def _vehicle(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """Spindle-shaped noise of some seconds in a band, the same envelope on all components."""
    centre, width = rng.uniform(0, n), rng.uniform(1, 12) * rate
    envelope = np.exp(-0.5 * ((np.arange(n) - centre) / width) ** 2)
    return _band_noise(n, rate, rng.uniform(3, 20), rng) * envelope * rng.uniform(0.3, 1, (3, 1))


def _knock(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """A blow beside the sensor, without S: a sudden start and a quick single decay."""
    start = int(rng.integers(0, n))
    envelope = _decay(n, start, 0.5, np.exp(rng.uniform(-2.5, 0.3)) * rate)
    return _band_noise(n, rate, rng.uniform(3, 22), rng) * envelope * rng.uniform(0.2, 1, (3, 1))


def _emergent_burst(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """Rockfall, wind, surf: slow rise, slow fall, no phases."""
    start = int(rng.integers(-n // 4, n))
    envelope = _decay(n, start, rng.uniform(1, 10) * rate, rng.uniform(2, 15) * rate)
    return _band_noise(n, rate, rng.uniform(1, 15), rng) * envelope * rng.uniform(0.4, 1, (3, 1))


def _hum(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """A machine switched on and off: a line with overtones."""
    time, frequency = np.arange(n) / rate, rng.uniform(1, 0.45 * rate)
    start, stop = np.sort(rng.uniform(-0.3 * n, 1.3 * n, 2))
    on = np.clip((np.arange(n) - start) / rate, 0, 1) * np.clip((stop - np.arange(n)) / rate, 0, 1)
    tone = sum(np.sin(2 * np.pi * k * frequency * time) / k for k in (1, 2, 3) if k * frequency < 0.5 * rate)
    return on * tone * _components(rng)


def _teleseism(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """A distant earthquake's low-pitched P train, mostly vertical, without a local S."""
    start, frequency = int(rng.integers(-n // 3, n)), rng.uniform(0.05, 1.0)
    envelope = _decay(n, start, 0.3 / frequency * rate, rng.uniform(5, 40) * rate)
    return _band_noise(n, rate, frequency, rng) * envelope * np.array([[1.0], [0.4], [0.4]])


def _dropout(n: int, rate: float, rng: np.random.Generator) -> Floats:
    """Electronic glitches: short rectangular or saw-toothed pulses, repeated."""
    out, width = np.zeros(n), int(rng.integers(1, max(2, int(0.6 * rate))))
    pulse = np.ones(width) if rng.random() < 0.5 else np.linspace(1, 0, width)
    for at in rng.integers(0, max(n - width, 1), rng.integers(1, 5)):
        out[at : at + width] += pulse * rng.choice([-1, 1])
    return out * _components(rng)


def _band_noise(n: int, rate: float, centre: float, rng: np.random.Generator) -> Floats:
    """(3, n) noise through a two-pole resonance at ``centre`` Hz."""
    radius = np.exp(-np.pi * centre * rng.uniform(0.3, 1.2) / rate)
    angle = 2 * np.pi * min(centre, 0.48 * rate) / rate
    return lfilter([1, -1], [1, -2 * radius * np.cos(angle), radius**2], rng.standard_normal((3, n)), axis=-1)


_KINDS: list[Callable[[int, float, np.random.Generator], Floats]] = [
    _spikes, _step, _calibration, _footsteps, _vehicle, _vehicle, _knock, _knock, _knock, _emergent_burst,
    _emergent_burst, _hum, _teleseism, _teleseism, _dropout,
]  # fmt: skip
