"""Relative arrival times of one phase at many stations by cross-correlation, and stacks of the aligned traces.

Every pair of traces is correlated; the times that fit the lags of all pairs best follow by weighted least squares
(VanDecar & Crosson 1990, Bull. Seismol. Soc. Am. 80, 150-169). Stacks are linear and phase-weighted (Schimmel &
Paulssen 1997, Geophys. J. Int. 130, 497-505).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.analysis.cuts import Cut
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.waveforms.resampling import margin_seconds, resample

Floats = NDArray[np.float64]
FEWEST = 3
"""Traces from which relative times are worth anything: two alone have no third to check them."""
_ROUNDS = 3
"""Of correlating, solving and cutting the windows anew at the times that were found."""
_TAPER = 0.1
"""Share of a window over which it rises and falls."""
_ROBUST = 1.345
"""Of Huber's weights, in standard deviations."""
_REWEIGHTED = 5
_PHASE_POWER = 2.0


@dataclass(frozen=True)
class Window:
    """What is correlated.

    Attributes:
        before, after: the pick, s.
        max_lag: by which a time may differ from its pick, s.
        least: coefficient below which a trace does not count.
    """

    before: float = 0.5
    after: float = 2.0
    max_lag: float = 0.5
    least: float = 0.6

    def check(self) -> None:
        """Raises:
        QuakeViewError: if nothing can be correlated so.
        """
        if self.before + self.after <= 0 or self.max_lag <= 0:
            raise QuakeViewError("The window and the maximum lag must be longer than nothing.")
        if self.max_lag > self.before + self.after:
            raise QuakeViewError("The maximum lag must not be longer than the window.")


@dataclass(frozen=True)
class Correlated:
    """What became of one trace.

    Attributes:
        shift: correlated time less that of the pick, s; the mean of those that count is zero.
        uncertainty: standard deviation of ``shift``, s, from how well the lags of its pairs agree; None if too few do.
        coefficient: with the stack of the others that count.
        reversed: its polarity is against that of most.
        counts: it was used; if not, ``shift`` is not to be trusted.
    """

    shift: float
    uncertainty: float | None
    coefficient: float
    reversed: bool
    counts: bool


@dataclass(frozen=True, eq=False)
class Correlation:
    """Times of a phase by cross-correlation.

    Attributes:
        traces: in the order in which they were given.
        times: (m,) s after the aligned pick.
        aligned: (n, m), each normalised to its energy, with the polarity of most.
        linear, phase_weighted: (m,) stacks of those that count.
    """

    traces: tuple[Correlated, ...]
    times: Floats
    aligned: Floats
    linear: Floats
    phase_weighted: Floats


def correlate(
    cuts: Sequence[Cut], picks: Sequence[float], window: Window, progress: Progress | None = None
) -> Correlation:
    """Find the times at which the traces fit each other best.

    Args:
        cuts: (n) pieces that hold the window and the lag on both sides, see ``needed``; without gaps.
        picks: (n) seconds since 1970-01-01 UTC.

    Raises:
        QuakeViewError: if there are too few traces, the window does not make sense, or fewer than three fit each other.
        Cancelled: through ``progress``.
    """
    window.check()
    if len(cuts) < FEWEST:
        raise QuakeViewError(f"Cross-correlation needs at least {FEWEST} traces with a pick; there are {len(cuts)}.")
    progress = progress or Progress()
    rate = max(cut.sampling_rate for cut in cuts)
    around = np.array([_around(cut, pick, window, rate) for cut, pick in zip(cuts, picks, strict=True)])
    counts = np.ones(len(cuts), bool)
    shifts, signs, sigma = np.zeros(len(cuts)), np.ones(len(cuts)), np.full(len(cuts), np.nan)
    coefficients = np.zeros(len(cuts))
    for number in range(_ROUNDS):
        progress.advance(number, _ROUNDS)
        windows = _windows(around, shifts, window, rate)
        lags, fits, new_signs = _pairs(windows, round(window.max_lag * rate), rate)
        signs = new_signs * _common_sign(new_signs[counts])
        moved, sigma = _solve(lags, fits, counts)
        shifts = np.clip(shifts + moved, -window.max_lag, window.max_lag)
        coefficients = _with_the_others(signs[:, None] * _windows(around, shifts, window, rate), counts)
        counts = coefficients >= window.least
        if counts.sum() < FEWEST:
            raise QuakeViewError(
                f"Fewer than {FEWEST} traces fit each other with a coefficient of {window.least:g} or more (the "
                f"largest is {coefficients.max():.2f}); choose another window, filter or threshold."
            )
    shifts = shifts - shifts[counts].mean()
    aligned = signs[:, None] * _windows(around, shifts, window, rate)
    linear, weighted = stacks(aligned[counts])
    errors = [float(error) if used and np.isfinite(error) else None for error, used in zip(sigma, counts, strict=True)]
    columns = shifts.tolist(), errors, coefficients.tolist(), (signs < 0).tolist(), counts.tolist()
    traces = tuple(Correlated(*row) for row in zip(*columns, strict=True))
    times = np.arange(aligned.shape[1]) / rate - window.before
    return Correlation(traces, times, aligned, linear, weighted)


def needed(pick: float, window: Window, sampling_rate: float) -> tuple[float, float]:
    """From when to when a trace has to be there (seconds since 1970-01-01 UTC)."""
    margin = 2 * window.max_lag + margin_seconds(sampling_rate, sampling_rate)
    return pick - window.before - margin, pick + window.after + margin


def stacks(aligned: Floats) -> tuple[Floats, Floats]:
    """Linear and phase-weighted stack, (m,) each, of (n, m) traces.

    The second is the first times the square of the coherence of instantaneous phases (Schimmel & Paulssen 1997, eq. 3
    and 4, with a power of 2).
    """
    from scipy.signal import hilbert

    linear = aligned.mean(axis=0)
    phases = np.exp(1j * np.angle(hilbert(aligned, axis=1)))
    coherence = np.abs(phases.mean(axis=0))
    return linear, linear * coherence**_PHASE_POWER


# --- windows -------------------------------------------------------------------------------------------------------


def check_reach(cut: Cut, pick: float, window: Window) -> None:
    """Raises:
    QuakeViewError: if a piece has a gap, is constant, or does not hold what is needed around its pick.
    """
    cut.check()
    first = pick - window.before - 2 * window.max_lag - cut.start
    last = pick + window.after + 2 * window.max_lag - cut.start
    if first < 0 or last > cut.times[-1] + 1 / cut.sampling_rate:
        raise QuakeViewError(f"{cut.name} does not reach as far as the window and the lag around its pick.")


def _around(cut: Cut, pick: float, window: Window, rate: float) -> Floats:
    """A trace from twice the lag before its window to twice the lag after it, on samples that the pick is one of."""
    check_reach(cut, pick, window)
    first = pick - window.before - 2 * window.max_lag - cut.start
    count = round((window.before + window.after + 4 * window.max_lag) * rate) + 1
    data = cut.data - cut.data.mean()
    return resample(data.astype(np.float32), cut.sampling_rate, rate, first, count).astype(np.float64)


def _windows(around: Floats, shifts: Floats, window: Window, rate: float) -> Floats:
    """(n, m) windows at the times that are known so far, without their mean, tapered, of unit energy."""
    count = round((window.before + window.after) * rate) + 1
    index = np.arange(around.shape[1])
    begin = 2 * window.max_lag * rate + shifts * rate
    cut = np.array([np.interp(start + np.arange(count), index, row) for start, row in zip(begin, around, strict=True)])
    cut -= cut.mean(axis=1, keepdims=True)
    cut *= _tukey(count)
    norm = np.linalg.norm(cut, axis=1, keepdims=True)
    return np.asarray(cut / np.where(norm > 0, norm, 1.0))


def _tukey(count: int) -> Floats:
    from scipy.signal.windows import tukey

    return np.asarray(tukey(count, 2 * _TAPER))


# --- pairs ---------------------------------------------------------------------------------------------------------


def _pairs(windows: Floats, most: int, rate: float) -> tuple[Floats, Floats, Floats]:
    """Lags (n, n) in s by which the second trace of a pair is late, their coefficients (n, n), and signs (n,).

    The signs are those with which the traces fit each other best: of the leading eigenvector of the largest
    coefficients of either sign.
    """
    n, count = windows.shape
    most = min(most, count - 1)
    spectra = np.fft.rfft(windows, 2 * count, axis=1)
    up, down = np.zeros((2, n, n)), np.zeros((2, n, n))  # lag and coefficient of the highest and of the lowest value
    for i in range(n):
        curves = np.fft.irfft(np.conj(spectra[i]) * spectra, axis=1)
        curves = np.concatenate((curves[:, -most:], curves[:, : most + 1]), axis=1)
        up[:, i], down[:, i] = _peaks(curves), _peaks(-curves)
    larger = np.where(up[1] >= down[1], up[1], -down[1])
    signs = np.sign(np.linalg.eigh((larger + larger.T) / 2)[1][:, -1])
    signs[signs == 0] = 1
    alike = np.outer(signs, signs) > 0
    lags, fits = (np.where(alike, one, other) for one, other in zip(up, down, strict=True))
    return (lags - most) / rate, fits, signs


def _peaks(curves: Floats) -> tuple[Floats, Floats]:
    """Place between samples, by a parabola, and height of the highest value of each row."""
    rows = np.arange(len(curves))
    place = curves.argmax(axis=1)
    inside = np.clip(place, 1, curves.shape[1] - 2)
    left, middle, right = (curves[rows, inside + step] for step in (-1, 0, 1))
    bend = left - 2 * middle + right
    moved = np.where((bend < 0) & (inside == place), 0.5 * (left - right) / np.where(bend < 0, bend, 1.0), 0.0)
    return place + moved, curves[rows, place]


def _common_sign(signs: Floats) -> float:
    """So that most are positive."""
    return 1.0 if signs.sum() >= 0 else -1.0


# --- times ---------------------------------------------------------------------------------------------------------


def _solve(lags: Floats, fits: Floats, counts: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Times (n,) that fit the lags of all pairs of those that count, about a mean of zero, and their errors (n,).

    Weights are the squares of the coefficients, and less for pairs that disagree with the others (Huber 1964). Those
    that do not count are placed by their lags to those that do.
    """
    base = np.clip(fits, 0, None) ** 2 * counts[None, :]
    np.fill_diagonal(base, 0)
    weights, times = base, np.zeros(len(lags))
    for _ in range(_REWEIGHTED):
        times = _least_squares(lags, weights, counts)
        misfit = lags - (times[None, :] - times[:, None])
        among = misfit[np.ix_(counts, counts)]
        spread = max(1.4826 * float(np.median(np.abs(among))), 1e-6)
        weights = base / np.maximum(np.abs(misfit) / (_ROBUST * spread), 1.0)
    pairs = counts.sum() - counts
    squares = ((misfit**2) * counts[None, :]).sum(axis=1)
    return times, np.sqrt(squares / np.where(pairs > 1, pairs - 1, np.nan))


def _least_squares(lags: Floats, weights: Floats, counts: NDArray[np.bool_]) -> Floats:
    """Minimise the weighted squares of lag less difference of times, with times that count about a mean of zero."""
    used = np.flatnonzero(counts)
    inner = weights[np.ix_(used, used)]
    inner = (inner + inner.T) / 2
    laplacian = np.diag(inner.sum(axis=1)) - inner
    known = -(inner * lags[np.ix_(used, used)]).sum(axis=1)
    times = np.zeros(len(lags))
    times[used] = np.linalg.lstsq(laplacian + 1.0 / len(used), known, rcond=None)[0]
    times[used] -= times[used].mean()
    for other in np.flatnonzero(~counts):
        row = weights[other, used]
        if row.sum() > 0:
            times[other] = (row * (times[used] - lags[other, used])).sum() / row.sum()
    return times


def _with_the_others(windows: Floats, counts: NDArray[np.bool_]) -> Floats:
    """(n,) coefficients of each window with the stack of the others that count."""
    whole = windows[counts].sum(axis=0)
    others = whole[None, :] - np.where(counts[:, None], windows, 0)
    norms = np.linalg.norm(others, axis=1)
    return np.asarray((windows * others).sum(axis=1) / np.where(norms > 0, norms, np.inf))
