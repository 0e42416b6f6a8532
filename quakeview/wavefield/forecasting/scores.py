"""How right a forecast was, over the frames from the moment it was issued on.

ACC and RFNE are those of the WaveCastNet paper (Lyu et al.) and its code: sums run over all nodes and frames of one
component, without taking a mean off. They weigh the strong motion of a few places and moments; PGV errors weigh all
nodes alike, but for those where the ground hardly moves: below ``PGV_FLOOR`` of the largest PGV a percentage is large
for what nobody would feel, and two decades are what an event spans from its epicentre to the edge of the region.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.wavefield.forecasting.forecast import Forecast
from quakeview.wavefield.ground_motion.intensity import mmi_from_pgv
from quakeview.wavefield.ground_motion.measures import PeakMeasures
from quakeview.wavefield.scenarios.header import Frames, Wavefield

Floats = NDArray[np.float64]

PGV_FLOOR = 0.01
"""Of the largest true PGV; nodes below it, and samples for the calibration, do not count."""
LEAD_BLOCK = 2.5
"""Length of the pieces of the curves against lead time, s, to the nearest frame."""
_CHUNK = 32
_SPECTRUM_NODES = 5000


@dataclass(frozen=True)
class Scores:
    """Of a forecast against the truth, over the frames that both have from the issue on.

    Attributes:
        start_time, end_time: of the first and the last of these frames, s after the origin of the axis.
        acc_components: (3,) ACC along X, Y and up: sum(f t) / sqrt(sum(f²) sum(t²)); 1 is right, 0 no skill.
        rfne_components: (3,) RFNE: sqrt(sum((f - t)²) / sum(t²)); 0 is right, 1 what predicting no motion gets.
        normalised_acc_components, normalised_rfne_components: the same after division by the standard deviation of
            each node and component, as the paper's figures are; None without ``scale``.
        pgv_error: median over nodes of |forecast / truth - 1|, percent.
        pgv_bias, pgv_std: mean and standard deviation over nodes of ln(forecast / truth); forecasts below the floor
            count as the floor.
        t_pgv_error: median over nodes of |forecast - truth| of T_PGV, s.
        mmi_error: mean over nodes of |forecast - truth|.
        nodes: part of the nodes that count: those with a true PGV of at least ``PGV_FLOOR`` of the largest.
        lead_times: (n,) middle of each piece of ``LEAD_BLOCK``, s after the issue.
        lead_acc, lead_rfne: (n,) ACC and RFNE of each piece, mean over components; NaN where the ground is still.
        lead_in_band: (n,) part of the samples of each piece within the calibrated band; NaN without any.
        spectrum_error_components: (3,) sqrt(sum((|F| - |T|)²) / sum(|T|²)) of amplitude spectra, over nodes.
        in_band: part of the samples within the calibrated band; the level of the band if it holds. None without a band.
        spread_to_error: root mean square of the standard deviation of the members over that of the error. None with one
            member.
    """

    start_time: float
    end_time: float
    acc_components: Floats
    rfne_components: Floats
    normalised_acc_components: Floats | None
    normalised_rfne_components: Floats | None
    pgv_error: float
    pgv_bias: float
    pgv_std: float
    t_pgv_error: float
    mmi_error: float
    nodes: float
    lead_times: Floats = field(repr=False)
    lead_acc: Floats = field(repr=False)
    lead_rfne: Floats = field(repr=False)
    lead_in_band: Floats = field(repr=False)
    spectrum_error_components: Floats
    in_band: float | None
    spread_to_error: float | None

    @property
    def acc(self) -> float:
        return float(self.acc_components.mean())

    @property
    def rfne(self) -> float:
        return float(self.rfne_components.mean())

    @property
    def normalised_acc(self) -> float | None:
        return None if self.normalised_acc_components is None else float(self.normalised_acc_components.mean())

    @property
    def normalised_rfne(self) -> float | None:
        return None if self.normalised_rfne_components is None else float(self.normalised_rfne_components.mean())

    @property
    def spectrum_error(self) -> float:
        return float(self.spectrum_error_components.mean())


def score(truth: Wavefield, forecast: Forecast, scale: Frames | None = None, progress: Progress = Progress()) -> Scores:
    """Compare a forecast, which may still grow, with what happened.

    Args:
        truth: on the same nodes and time axis.
        scale: standard deviation of velocity (3, nx, ny), m/s, for the normalised ACC and RFNE.

    Raises:
        QuakeViewError: for another grid or time axis, or if no frame of both is there yet.
        Cancelled: through ``progress``.
    """
    start, stop = forecast.issued, min(truth.n_frames, forecast.n_frames)
    _check_alike(truth, forecast)
    if stop <= start:
        raise QuakeViewError("There is no frame yet that is both forecast and known; wait, or choose an earlier input.")
    plain, normalised = Sums(stop - start), Sums(stop - start)
    peaks, said = (PeakMeasures(*truth.header.frame_shape[1:]) for _ in range(2))
    calibration, spectra = _Calibration(PGV_FLOOR * truth.peak, stop - start), _Spectra(truth.header.frame_shape)
    for first in range(start, stop, _CHUNK):
        progress.advance(first - start, stop - start, "Scores")
        last = min(first + _CHUNK, stop)
        known, expected = truth.frames(first, last), forecast.frames(first, last)
        plain.add(first - start, known, expected)
        if scale is not None:
            normalised.add(first - start, known / scale[..., None], expected / scale[..., None])
        spectra.add(known, expected)
        for k in range(last - first):
            peaks.update(float(truth.times[first + k]), known[..., k])
            said.update(float(truth.times[first + k]), expected[..., k])
            spread, band = forecast.spread(first + k), forecast.band(first + k)
            calibration.add(first + k - start, known[..., k], expected[..., k], spread, band)
    progress.advance(stop - start, stop - start, "Scores")
    if forecast.n_frames <= truth.n_frames:
        said.pgv, said.t_pgv = forecast.pgv, forecast.t_pgv
    many = forecast.model.members > 1
    lead_times, lead_acc, lead_rfne = plain.against_lead(truth.frame_step)
    return Scores(
        float(truth.times[start]),
        float(truth.times[stop - 1]),
        plain.acc,
        plain.rfne,
        None if scale is None else normalised.acc,
        None if scale is None else normalised.rfne,
        **peak_errors(peaks, said),
        lead_times=lead_times,
        lead_acc=lead_acc,
        lead_rfne=lead_rfne,
        lead_in_band=calibration.against_lead(truth.frame_step),
        spectrum_error_components=spectra.error,
        in_band=calibration.in_band,
        spread_to_error=calibration.spread_to_error if many else None,
    )


class Sums:
    """Over the nodes, (3, n) each: truth², forecast², truth · forecast and error² of every frame."""

    def __init__(self, n: int) -> None:
        self.parts = np.zeros((4, 3, n))

    def add(self, first: int, truth: Frames, forecast: Frames) -> None:
        pairs = ((truth, truth), (forecast, forecast), (truth, forecast), (truth - forecast,) * 2)
        for part, (one, other) in zip(self.parts, pairs, strict=True):
            part[:, first : first + truth.shape[-1]] = np.einsum("cxyt,cxyt->ct", one, other, dtype=np.float64)

    @property
    def acc(self) -> Floats:
        return _acc(self.parts.sum(axis=-1))

    @property
    def rfne(self) -> Floats:
        return _rfne(self.parts.sum(axis=-1))

    def against_lead(self, step: float) -> tuple[Floats, Floats, Floats]:
        """Lead times, s, ACC and RFNE, (n pieces,)."""
        n = self.parts.shape[-1]
        begins = _pieces(n, step)
        parts = np.add.reduceat(self.parts, begins, axis=-1)
        ends = np.append(begins[1:], n)
        return step * (begins + ends - 1) / 2, _acc(parts).mean(axis=0), _rfne(parts).mean(axis=0)


def _pieces(n: int, step: float) -> NDArray[np.intp]:
    """First frames of the pieces of ``LEAD_BLOCK`` of n frames."""
    return np.arange(0, n, max(round(LEAD_BLOCK / step), 1))


def _acc(parts: Floats) -> Floats:
    truth, forecast, both, _ = parts
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(truth > 0, np.where(forecast > 0, both / np.sqrt(truth * forecast), 0.0), np.nan)


def _rfne(parts: Floats) -> Floats:
    truth, _, _, error = parts
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(truth > 0, np.sqrt(error / truth), np.nan)


class _Calibration:
    """How often the truth was in the band, where anything moves or was said to; and how the spread compares."""

    def __init__(self, floor: float, n: int) -> None:
        self.floor = floor
        self.inside, self.samples = np.zeros(n), np.zeros(n)
        self.variance = self.error = 0.0

    def add(self, frame: int, truth: Frames, forecast: Frames, spread: Frames, band: Frames) -> None:
        error = np.abs(truth - forecast)
        counted = (np.maximum(np.abs(truth), np.abs(forecast)) >= self.floor) & np.isfinite(band)
        self.samples[frame] = counted.sum()
        self.inside[frame] = (counted & (error <= band)).sum()
        self.variance += float(np.square(spread, dtype=np.float64).sum())
        self.error += float(np.square(error, dtype=np.float64).sum())

    @property
    def in_band(self) -> float | None:
        samples = self.samples.sum()
        return float(self.inside.sum() / samples) if samples else None

    def against_lead(self, step: float) -> Floats:
        """Part within the band of each piece, (n pieces,)."""
        inside, samples = (np.add.reduceat(each, _pieces(len(each), step)) for each in (self.inside, self.samples))
        return np.divide(inside, samples, out=np.full(len(samples), np.nan), where=samples > 0)

    @property
    def spread_to_error(self) -> float:
        return float(np.sqrt(self.variance / self.error)) if self.error else float("nan")


class _Spectra:
    """Amplitude spectra on a coarser grid of at most ``_SPECTRUM_NODES`` nodes."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        every = int(np.ceil(np.sqrt(shape[1] * shape[2] / _SPECTRUM_NODES)))
        self._nodes = np.s_[:, ::every, ::every]
        self._pairs: list[tuple[Frames, Frames]] = []

    def add(self, truth: Frames, forecast: Frames) -> None:
        self._pairs.append((truth[self._nodes].copy(), forecast[self._nodes].copy()))

    @property
    def error(self) -> Floats:
        truth, forecast = (
            np.abs(np.fft.rfft(np.concatenate(pieces, axis=-1))) for pieces in zip(*self._pairs, strict=True)
        )
        wrong, whole = (np.square(each).sum(axis=(1, 2, 3)) for each in (forecast - truth, truth))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(whole > 0, np.sqrt(wrong / whole), np.nan)


def peak_errors(truth: PeakMeasures, forecast: PeakMeasures) -> dict[str, Any]:
    """Those of ``Scores`` that are about peaks, by their names there; a forecast without times has NaN in ``t_pgv``."""
    floor = PGV_FLOOR * float(truth.pgv.max())
    counted = (truth.pgv >= floor) & (truth.pgv > 0)
    if not counted.any():
        names = ("pgv_error", "pgv_bias", "pgv_std", "t_pgv_error", "mmi_error")
        return dict.fromkeys(names, float("nan")) | {"nodes": 0.0}
    true, said = truth.pgv[counted].astype(float), forecast.pgv[counted].astype(float)
    ratio = np.log(np.maximum(said, floor) / true)
    late = np.abs(forecast.t_pgv[counted] - truth.t_pgv[counted])
    return {
        "pgv_error": float(100 * np.median(np.abs(said / true - 1))),
        "pgv_bias": float(ratio.mean()),
        "pgv_std": float(ratio.std()),
        "t_pgv_error": float(np.nanmedian(late)) if np.isfinite(late).any() else float("nan"),
        "mmi_error": float(np.abs(mmi_from_pgv(said) - mmi_from_pgv(true)).mean()),
        "nodes": float(counted.mean()),
    }


def _check_alike(truth: Wavefield, forecast: Forecast) -> None:
    one, other = truth.header, forecast.header
    if one.frame_shape != other.frame_shape or not (np.allclose(one.x, other.x) and np.allclose(one.y, other.y)):
        raise QuakeViewError("Truth and forecast are on different grids; choose a forecast of this scenario.")
    if not np.allclose((one.frame_step, one.start_time), (other.frame_step, other.start_time)):
        raise QuakeViewError("Truth and forecast have different time axes; choose a forecast of this scenario.")
