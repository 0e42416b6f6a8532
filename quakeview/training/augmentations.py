"""Changes that make one labelled window into many: the paper's, and ours for records that were really made.

Each takes a ``Window`` and a generator and gives a new ``Window``; labels move with the data.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from quakeview.training.labels import loss_mask
from quakeview.training.records import Arrival, LabelledRecord, moved

Generator = np.random.Generator
FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """A stretch of a record as the network will see it, before normalisation.

    Attributes:
        data: (3, n) float32, Z, N, E.
        valid: (3, n), False in gaps, padding and missing components.
        counts: (2, n), where the loss of P and S counts.
        picks, doubtful: onsets in samples of the window.
        back_azimuth: degrees, or None.
        flipped: True if the sign of the ground motion was turned.
        record: where it was cut from: magnitude, distance, polarity.
        names: of all the records in it.
    """

    data: FloatArray
    valid: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    picks: tuple[Arrival, ...] = ()
    doubtful: tuple[Arrival, ...] = ()
    back_azimuth: float | None = None
    flipped: bool = False
    record: LabelledRecord | None = None
    names: tuple[str, ...] = ()


Augmentation = Callable[[Window, Generator], Window]


# -- the paper's (Wang et al. 2025; the published code's values)


def shift(window: Window, rng: Generator) -> Window:
    """Roll the window around its end by any number of samples; labels roll along."""
    n = window.data.shape[1]
    by = int(rng.integers(n))
    return replace(
        window,
        data=np.roll(window.data, by, axis=1),
        valid=np.roll(window.valid, by, axis=1),
        counts=np.roll(window.counts, by, axis=1),
        picks=tuple(Arrival(a.phase, (a.sample + by) % n) for a in window.picks),
        doubtful=tuple(Arrival(a.phase, (a.sample + by) % n) for a in window.doubtful),
    )


def drop_channel(window: Window, rng: Generator) -> Window:
    """Lose one or two components; the others are scaled up by 3 over the number that is left, as in the paper."""
    lost = rng.choice(3, size=int(rng.integers(1, 3)), replace=False)
    return _without(window, lost, 3 / (3 - len(lost)))


def scale(window: Window, rng: Generator) -> Window:
    """Multiply or divide by 1 to 3."""
    factor = rng.uniform(1, 3)
    return replace(window, data=window.data * np.float32(factor if rng.random() < 0.5 else 1 / factor))


def pre_emphasis(window: Window, rng: Generator, coefficient: float = 0.97) -> Window:
    """x[t] - 0.97 x[t - 1]: lift the high frequencies."""
    data = window.data.copy()
    data[:, 1:] -= coefficient * window.data[:, :-1]
    return replace(window, data=data)


def add_white_noise(window: Window, rng: Generator) -> Window:
    """Gaussian noise 10 to 50 dB below each component's power."""
    level = window.data.std(axis=1, keepdims=True) * 10 ** (-rng.uniform(10, 50) / 20)
    noise = rng.standard_normal(window.data.shape, dtype=np.float32)
    return replace(window, data=np.where(window.valid, window.data + level * noise, 0).astype(np.float32))


def cut_gap(window: Window, rng: Generator) -> Window:
    """Blank a stretch between two labels (or anywhere if there are none), up to a tenth of the window."""
    n = window.data.shape[1]
    labels = sorted(a.sample for a in window.picks if 0 <= a.sample < n)
    edges = [0.0, *labels, float(n)]
    place = int(rng.integers(len(edges) - 1))
    low, high = edges[place], edges[place + 1]
    length = rng.uniform(0, min(0.1 * n, high - low))
    first = int(low + rng.uniform(0, high - low - length))
    valid = window.valid.copy()
    valid[:, first : first + int(length)] = False
    return replace(window, data=np.where(valid, window.data, 0).astype(np.float32), valid=valid)


def only_noise(window: Window, rng: Generator) -> Window:
    """White noise without labels in place of the record."""
    data = rng.standard_normal(window.data.shape, dtype=np.float32)
    return replace(
        window, data=data, valid=np.ones_like(window.valid), counts=np.ones_like(window.counts), picks=(), doubtful=()
    )


def as_in_paper(window: Window, rng: Generator) -> Window:
    """The paper's chain with the published code's probabilities; half of the windows pass unchanged."""
    if rng.random() < 0.5:
        return window
    if rng.random() < 0.05:
        return only_noise(window, rng)
    chain: list[tuple[Augmentation, float]] = [
        (shift, 0.2),
        (drop_channel, 0.4),
        (scale, 0.4),
        (pre_emphasis, 0.4),
        (add_white_noise, 0.4),
        (cut_gap, 0.4),
    ]
    return _chain(window, rng, chain)


# -- ours, for real records


def rotate(window: Window, rng: Generator) -> Window:
    """Turn the horizontal components by any angle; the back-azimuth turns along."""
    angle = rng.uniform(0, 360)
    c, s = np.float32(cos(angle * pi / 180)), np.float32(sin(angle * pi / 180))
    z, north, east = window.data
    data = np.stack([z, c * north - s * east, s * north + c * east])
    valid = np.stack([window.valid[0], *[window.valid[1] | window.valid[2]] * 2])
    azimuth = None if window.back_azimuth is None else (window.back_azimuth + angle) % 360
    return replace(window, data=data, valid=valid, back_azimuth=azimuth)


def flip(window: Window, rng: Generator) -> Window:
    """Turn the sign of all components: an explosion of the opposite kind, from the same side."""
    return replace(window, data=-window.data, flipped=not window.flipped)


def only_vertical(window: Window, rng: Generator) -> Window:
    """Lose both horizontal components, as on a single-component station."""
    return _without(window, np.array([1, 2]))


def drop_component(window: Window, rng: Generator) -> Window:
    """Lose one component."""
    return _without(window, np.array([rng.integers(3)]))


def limit_band(window: Window, rng: Generator) -> Window:
    """A causal band-pass (2 poles) like that of another instrument, 0.05-1 Hz to 0.3-0.9 of Nyquist."""
    low, high = 10 ** rng.uniform(-3, -1.4), rng.uniform(0.3, 0.9)
    filtered = sosfilt(butter(1, (low, high), "bandpass", output="sos"), window.data, axis=1)
    return replace(window, data=np.where(window.valid, filtered, 0).astype(np.float32))


def clip(window: Window, rng: Generator) -> Window:
    """Saturate at 10 to 70 % of the largest amplitude."""
    limit = np.abs(window.data).max() * rng.uniform(0.1, 0.7)
    return replace(window, data=np.clip(window.data, -limit, limit))


def stretch(window: Window, factor: float, n: int) -> Window:
    """The window drawn out in time by ``factor`` (linear interpolation) and cut to ``n`` samples."""
    m = window.data.shape[1]
    at = np.arange(n) / factor
    nearest = np.minimum(np.rint(at).astype(np.int64), m - 1)
    data = np.stack([np.interp(at, np.arange(m), row) for row in window.data]).astype(np.float32)
    return replace(
        window,
        data=data,
        valid=window.valid[:, nearest],
        counts=window.counts[:, nearest],
        picks=moved(window.picks, stretch=factor),
        doubtful=moved(window.doubtful, stretch=factor),
    )


def add_noise(window: Window, noise: FloatArray, rng: Generator, sampling_rate: float) -> Window:
    """Add recorded noise (3, n) so that the 2 s after the weakest pick stand 6 to 30 dB above it, at 2-15 Hz."""
    heard, hum = pick_band(window.data, sampling_rate), pick_band(noise, sampling_rate)
    strengths = [_rms(heard, a.sample, 2 * sampling_rate) for a in window.picks]
    signal = min((s for s in strengths if s > 0), default=float(heard.std()))
    level = float(np.sqrt(np.square(hum).mean(axis=1)).max())
    if level == 0 or signal == 0:
        return window
    factor = signal / level * 10 ** (-rng.uniform(6, 30) / 20)
    return replace(window, data=np.where(window.valid, window.data + factor * noise, 0).astype(np.float32))


def stack(first: Window, second: Window, rng: Generator, sampling_rate: float) -> Window:
    """Two earthquakes in one window, the second 0.1 to 10 times as large; the onsets the sum hides become doubtful."""
    sizes = [float(np.abs(w.data).max()) for w in (first, second)]
    if min(sizes) == 0:
        return first
    factor = np.float32(sizes[0] / sizes[1] * 10 ** rng.uniform(-1, 1))
    valid = first.valid & second.valid.any(axis=1, keepdims=True)
    data = np.where(valid, first.data + factor * second.data, 0).astype(np.float32)
    picks, heard = first.picks + second.picks, pick_band(data, sampling_rate)
    clear = [_stands_out(heard, a.sample, sampling_rate) for a in picks]
    return replace(
        first,
        data=data,
        valid=valid,
        counts=first.counts & second.counts & _counts_without(picks, clear, data.shape[1], sampling_rate),
        picks=tuple(a for a, c in zip(picks, clear, strict=True) if c),
        doubtful=first.doubtful + second.doubtful + tuple(a for a, c in zip(picks, clear, strict=True) if not c),
        names=first.names + second.names,
    )


def _counts_without(picks: tuple[Arrival, ...], clear: list[bool], n: int, sampling_rate: float) -> NDArray[np.bool_]:
    """False around the picks that are not clear."""
    return loss_mask((), [a for a, c in zip(picks, clear, strict=True) if not c], True, n, sampling_rate)


REAL_CHAIN: list[tuple[Augmentation, float]] = [
    (rotate, 0.8),
    (flip, 0.5),
    (limit_band, 0.2),
    (clip, 0.03),
    (cut_gap, 0.05),
    (only_vertical, 0.08),
    (drop_component, 0.05),
]
"""Our chain for real and synthetic records with its probabilities; stretching, noise and stacking come before it."""


def for_real_records(window: Window, rng: Generator) -> Window:
    """``REAL_CHAIN``."""
    return _chain(window, rng, REAL_CHAIN)


def _chain(window: Window, rng: Generator, chain: list[tuple[Augmentation, float]]) -> Window:
    for augment, probability in chain:
        if rng.random() < probability:
            window = augment(window, rng)
    return window


def _without(window: Window, lost: NDArray[np.int64], factor: float = 1.0) -> Window:
    data, valid = window.data * np.float32(factor), window.valid.copy()
    data[lost], valid[lost] = 0, False
    return window if not valid.any() else replace(window, data=data, valid=valid)


def pick_band(data: FloatArray, sampling_rate: float) -> FloatArray:
    """The part of (3, n) data in which local onsets are judged: 2-15 Hz, or to 0.8 of Nyquist."""
    high = min(15.0, 0.4 * sampling_rate)
    return sosfilt(butter(2, (2.0, high), "bandpass", fs=sampling_rate, output="sos"), data, axis=1).astype(np.float32)


def _rms(data: FloatArray, first: float, length: float) -> float:
    """Largest of the components' root-mean-square amplitudes over ``length`` samples, 0 outside the data."""
    begin, end = max(round(first), 0), min(round(first + length), data.shape[1])
    return float(np.sqrt(np.square(data[:, begin:end]).mean(axis=1)).max()) if begin < end else 0.0


def _stands_out(data: FloatArray, onset: float, sampling_rate: float, ratio: float = 1.5) -> bool:
    """Whether the second after an onset is louder than the second before it."""
    return _rms(data, onset, sampling_rate) > ratio * _rms(data, onset - sampling_rate, sampling_rate)
