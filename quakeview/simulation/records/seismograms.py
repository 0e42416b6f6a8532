"""Synthetic three-component earthquake records with exact labels, made fast enough to train on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.signal import butter, sosfilt

from quakeview.errors import QuakeViewError
from quakeview.simulation.records.event_waveforms import (
    EventWavefield,
    PhaseOnset,
    Site,
    Source,
    direct_spectra,
    geometric_spreading,
    simulate_event,
)
from quakeview.simulation.records.instrument import digitise, random_instrument
from quakeview.simulation.records.layered_earth import random_crust
from quakeview.simulation.records.noise import (
    gaussian_noise,
    random_ground_noise,
    record_psd,
    recorded_noise,
    slow_modulation,
)
from quakeview.simulation.records.source_spectrum import Attenuation, SiteResonance
from quakeview.simulation.records.transients import add_transients
from quakeview.simulation.sources.scaling import seismic_moment

Floats = NDArray[np.float64]

_SNR_SECONDS = 2.0
_VISIBLE_DB = 5.0


@dataclass(frozen=True)
class SyntheticEvent:
    """What is known of an earthquake in a record.

    Attributes:
        magnitude: moment magnitude.   epicentral_distance, depth: metres.   back_azimuth: degrees.
        p_sample, s_sample: first visible P and first visible S, in samples from the start of the window, fractional;
            may lie outside the window; None inside a gap.
        polarity: first motion on Z, +1 up, −1 down, 0 undecidable (nodal or buried).
        p_snr_db, s_snr_db: peak of the event's own P (S) waves in the 2 s after the onset over the standard deviation
            of all else (noise, other events, and for S the event's P coda) within 2 s either side, 20 log10; 1-20 Hz,
            on the component where it is highest; −inf outside the window. An eye finds the onset from about 12 dB on.
    """

    magnitude: float
    epicentral_distance: float
    depth: float
    back_azimuth: float
    p_sample: float | None
    s_sample: float | None
    polarity: int
    p_snr_db: float
    s_snr_db: float


@dataclass
class SyntheticRecord:
    """A window: ``data`` (3, n) float32 counts on Z, N, E; ``valid`` (3,) False where a component is missing."""

    data: NDArray[np.float32]
    sampling_rate: float
    events: list[SyntheticEvent]
    valid: NDArray[np.bool_] = field(default_factory=lambda: np.ones(3, dtype=bool))


class SyntheticSeismograms:
    """Endless source of records of local and regional earthquakes, and of records without any.

    Args:
        sampling_rate: Hz.
        window_samples: length of a record.
        noise_pool: recorded noise, (3, any length) arrays at ``sampling_rate``; used for ``recorded_share`` of the
            records in place of simulated noise.
        noise_only: share of records without earthquake.
        several: share of records with two to six.
        recorded_share: see ``noise_pool``.
        regional: share of the sources whose distance is drawn log-uniformly from 40 to 400 km, see ``random_source``.

    Raises:
        QuakeViewError: if a pool member is not (3, at least 64).
    """

    def __init__(
        self,
        sampling_rate: float = 50.0,
        window_samples: int = 4096,
        noise_pool: Sequence[NDArray[np.floating]] | None = None,
        noise_only: float = 0.15,
        several: float = 0.3,
        recorded_share: float = 0.5,
        regional: float = 0.5,
    ) -> None:
        self.sampling_rate = sampling_rate
        self.window_samples = window_samples
        self.noise_pool = list(noise_pool or [])
        self.noise_only = noise_only
        self.several = several
        self.regional = regional
        self.recorded_share = recorded_share if self.noise_pool else 0.0
        for recorded in self.noise_pool:
            if recorded.ndim != 2 or recorded.shape[0] != 3 or recorded.shape[1] < 64:
                raise QuakeViewError("Recorded noise must be given as (3, n) arrays of at least 64 samples.")
        self._band = butter(2, [1.0, min(20.0, 0.45 * sampling_rate)], "bandpass", fs=sampling_rate, output="sos")
        self._frequency = fft.rfftfreq(window_samples, 1 / sampling_rate)
        self._coarse = np.linspace(1.0, min(20.0, 0.45 * sampling_rate), 30)

    def sample(self, rng: np.random.Generator) -> SyntheticRecord:
        """One random record; the same for the same state of ``rng``."""
        site = random_site(rng, self.sampling_rate)
        noise, valid = self._noise(site, rng)
        draw = rng.random()
        if draw < self.noise_only:
            count = 0
        else:
            count = int(rng.choice([2, 3, 4, 5, 6], p=[0.4, 0.25, 0.15, 0.1, 0.1])) if draw > 1 - self.several else 1
        base = random_source(rng, self.regional)
        starts = self._starts(count, rng)
        sources = []
        for index in range(count):
            source = (
                _aftershock(base, rng)
                if index and rng.random() < 0.7
                else (random_source(rng, self.regional) if index else base)
            )
            sources.append(self._visible(site, source, noise, rng))
        if rng.random() < (0.6 if count == 0 else 0.15):
            add_transients(noise, self._level(noise), self.sampling_rate, rng)
        return self._record(site, sources, starts, noise, valid, rng)

    def event(
        self,
        magnitude: float,
        distance: float,
        depth: float,
        rng: np.random.Generator,
        p_sample: float = 500.25,
        noise_free: bool = False,
    ) -> SyntheticRecord:
        """A record of one event of chosen size and place at a random site, its first arrival at ``p_sample``.

        Args:
            magnitude: moment magnitude.   distance: epicentral, metres.   depth: metres.
            rng: draws everything else.
            noise_free: waves alone, neither noise nor digitiser.
        """
        site = random_site(rng, self.sampling_rate)
        source = replace(random_source(rng), magnitude=magnitude, distance=distance, depth=depth)
        noise, valid = self._noise(site, rng)
        if noise_free:
            waves = self.place(site, source, p_sample, rng)
            events = self.label([source], [waves], 1e-9 * noise, valid)
            return SyntheticRecord((waves.p + waves.s).astype(np.float32), self.sampling_rate, events)
        return self._record(site, [source], [p_sample], noise, valid, rng)

    def _record(
        self,
        site: Site,
        sources: list[Source],
        starts: Sequence[float],
        noise: Floats,
        valid: NDArray[np.bool_],
        rng: np.random.Generator,
    ) -> SyntheticRecord:
        fields = [self.place(site, source, start, rng) for source, start in zip(sources, starts, strict=True)]
        events = self.label(sources, fields, noise, valid)
        total = noise + sum(waves.p + waves.s for waves in fields)
        data = digitise(total, self._level(noise), rng)
        valid = _lose_components(valid, rng)
        if rng.random() < 0.04:
            events = self._gap(data, events, rng)
        data[~valid] = 0
        return SyntheticRecord(data, self.sampling_rate, events, valid)

    def _noise(self, site: Site, rng: np.random.Generator) -> tuple[Floats, NDArray[np.bool_]]:
        """Noise in the instrument's units, and which components have any."""
        n, rate = self.window_samples, self.sampling_rate
        psd = record_psd(random_ground_noise(self._frequency, rng), self._frequency, site.instrument)
        if rng.random() < self.recorded_share:
            recorded = recorded_noise(self.noise_pool, n, rng)
            valid = np.ptp(recorded, axis=1) > 0
            inside = (self._frequency > 1) & (self._frequency < 20)
            level = np.sqrt(psd[0, inside].sum() * (self._frequency[1] - self._frequency[0]))
            if valid.any():
                return recorded * (level / max(self._level(recorded), 1e-30)), valid
        noise = gaussian_noise(psd, rate, n, rng)
        if rng.random() < 0.5:
            fast = np.where(self._frequency > rng.uniform(0.8, 4), psd, 0) * np.exp(rng.uniform(-2, 1.5))
            noise += gaussian_noise(fast, rate, n, rng) * slow_modulation(n, rate, rng)
        return noise, np.ones(3, dtype=bool)

    def _level(self, noise: Floats) -> float:
        """Median over the components of the 1-20 Hz rms; missing components left out."""
        rms = np.sqrt(np.mean(sosfilt(self._band, noise) ** 2, axis=1))
        return float(np.median(rms[rms > 0])) if np.any(rms > 0) else 1.0

    def _starts(self, count: int, rng: np.random.Generator) -> list[float]:
        """First arrivals: anywhere from 40 s before the window to its end; swarms within the window."""
        n = self.window_samples
        early = -min(40 * self.sampling_rate, 0.5 * n)
        if count == 1:
            return [float(rng.uniform(early, 0) if rng.random() < 0.1 else rng.uniform(0, 0.97 * n))]
        return [float(rng.uniform(early if rng.random() < 0.2 else 0, 0.99 * n)) for _ in range(count)]

    def _visible(self, site: Site, source: Source, noise: Floats, rng: np.random.Generator) -> Source:
        """The source with the magnitude that gives a randomly drawn S-to-noise ratio, from buried to huge."""
        target = rng.uniform(4, 25) if rng.random() < 0.25 else np.clip(rng.normal(32, 16), 4, 75)
        magnitudes = np.linspace(-1.5, 7.5, 31)
        moments = np.asarray(seismic_moment(magnitudes))[:, None]
        path = float(np.hypot(source.distance, source.depth))
        spectrum = direct_spectra(site, source, self._coarse, moments)[1] * 1.3 * geometric_spreading(path, "S")
        energy = 2 * np.trapezoid(spectrum**2, self._coarse, axis=1)
        ratio = 10 * np.log10(energy / _SNR_SECONDS / self._level(noise) ** 2 + 1e-30)
        return replace(source, magnitude=float(np.interp(target, np.maximum.accumulate(ratio), magnitudes)))

    def place(self, site: Site, source: Source, start: float, rng: np.random.Generator) -> EventWavefield:
        """The event's waves in the window when its first arrival falls on sample ``start``, which may be before it."""
        n = self.window_samples
        origin = int(np.floor(start))
        waves = simulate_event(site, source, self.sampling_rate, start - origin, n - min(origin, n - 64), rng)
        p, s = (_cut(wave, origin, n) for wave in (waves.p, waves.s))
        onsets = [replace(onset, sample=onset.sample + origin) for onset in waves.onsets]
        return EventWavefield(p, s, onsets)

    def label(
        self, sources: list[Source], fields: list[EventWavefield], noise: Floats, valid: NDArray[np.bool_]
    ) -> list[SyntheticEvent]:
        """What an analyst could say of each event, given its waves, those of the others and the noise.

        Args:
            fields: waves of each source, (3, n).
            noise: (3, n), all that is no earthquake.
            valid: (3,) False where a component is missing.
        """
        filtered = [sosfilt(self._band, np.stack((waves.p, waves.s))) for waves in fields]
        total = sosfilt(self._band, noise) + sum(p + s for p, s in filtered)
        events = []
        for source, waves, (p, s) in zip(sources, fields, filtered, strict=True):
            p_onset, p_snr = self._first_visible(waves.onsets, "P", p, total - p - s, valid)
            s_onset, s_snr = self._first_visible(waves.onsets, "S", s, total - s, valid)
            events.append(
                SyntheticEvent(
                    source.magnitude,
                    source.distance,
                    source.depth,
                    source.back_azimuth,
                    p_onset.sample if p_onset else None,
                    s_onset.sample if s_onset else None,
                    self._polarity(p_onset, p[0], (total - p - s)[0]) if p_onset and valid[0] else 0,
                    p_snr,
                    s_snr,
                )
            )
        return events

    def _first_visible(
        self, onsets: list[PhaseOnset], wave: str, signal: Floats, rest: Floats, valid: NDArray[np.bool_]
    ) -> tuple[PhaseOnset | None, float]:
        """The first phase of this kind that stands out when it arrives; if none does, the direct one.

        A phase stands out if up to the next one, within 0.3 to 2 s, its wave has 5 dB more power than all else has
        around it: a weak Pn or Sn under the noise or under the P coda is what an analyst would not see either.
        """
        own = [onset for onset in onsets if onset.wave == wave]
        ends = [onset.sample for onset in own[1:]] + [np.inf]
        for onset, end in zip(own, ends, strict=True):
            alone = float(np.clip((end - onset.sample) / self.sampling_rate, 0.3, _SNR_SECONDS))
            if self._ratio(np.mean, onset.sample, signal, rest, valid, alone) > _VISIBLE_DB:
                return onset, self._snr(onset.sample, signal, rest, valid)
        direct = next((onset for onset in own if onset.phase[-1] in "gPS"), own[0] if own else None)
        return direct, self._snr(direct.sample, signal, rest, valid) if direct else -np.inf

    def _snr(self, sample: float, signal: Floats, rest: Floats, valid: NDArray[np.bool_]) -> float:
        return self._ratio(np.max, sample, signal, rest, valid, _SNR_SECONDS)

    def _ratio(
        self,
        measure: Callable[..., Floats],
        sample: float,
        signal: Floats,
        rest: Floats,
        valid: NDArray[np.bool_],
        seconds: float,
    ) -> float:
        """Largest ratio over the components of signal power after ``sample`` to the rest's within 2 s around, dB.

        The signal's is its mean or its maximum, as ``measure`` says; the rest's the mean.
        """
        first = int(np.ceil(sample))
        length, around = int(seconds * self.sampling_rate), int(_SNR_SECONDS * self.sampling_rate)
        if not 0 <= first < signal.shape[1] - 4:
            return -np.inf
        power = measure(signal[valid, first : first + length] ** 2, axis=1)
        background = np.mean(rest[valid, max(first - around, 0) : first + around] ** 2, axis=1)
        return float(10 * np.log10(np.max(power / (background + 1e-300)) + 1e-30))

    def _polarity(self, onset: PhaseOnset, signal: Floats, rest: Floats) -> int:
        """Sign of the first motion, if its first 0.15 s rise above the background's two sigma."""
        first = int(np.ceil(onset.sample))
        if not 0 <= first < len(signal) - 8:
            return 0
        swing = signal[first : first + max(3, int(0.15 * self.sampling_rate))]
        before = rest[max(0, first - int(_SNR_SECONDS * self.sampling_rate)) : first + len(swing)]
        lead = np.flatnonzero(np.abs(swing) > 2 * np.std(before))
        if lead.size == 0:
            return 0
        seen = int(np.sign(swing[lead[0]]))
        return seen if seen == int(np.sign(onset.vertical)) else 0

    def _gap(
        self, data: NDArray[np.float32], events: list[SyntheticEvent], rng: np.random.Generator
    ) -> list[SyntheticEvent]:
        """Zero 0.2-10 s of the record; onsets inside lose their label."""
        first = int(rng.integers(0, data.shape[1]))
        last = first + int(rng.uniform(0.2, 10) * self.sampling_rate)
        data[:, first:last] = 0

        def kept(sample: float | None) -> float | None:
            return None if sample is not None and first - 2 <= sample < last else sample

        return [replace(event, p_sample=kept(event.p_sample), s_sample=kept(event.s_sample)) for event in events]


def random_site(rng: np.random.Generator, sampling_rate: float) -> Site:
    """A station drawn from the spread of real ones.

    Q from Mitchell (1995) and Aki (1980), at most a little higher for P than for S (Sato & Fehler 1998, section 5.1);
    kappa from Anderson & Hough (1984); g from 0.001 to 0.02 per km (Sato & Fehler 1998, Fig. 3.10).
    """
    attenuation = Attenuation(
        float(np.exp(rng.uniform(np.log(70), np.log(400)))),
        rng.uniform(0.2, 0.75),
        rng.uniform(0.5, 1.2),
        float(np.clip(rng.lognormal(np.log(0.015), 0.7), 0.002, 0.1)),
    )
    peaks = int(rng.integers(0, 4))
    centre, width = np.exp(rng.uniform(np.log(0.8), np.log(18), peaks)), rng.uniform(0.08, 0.5, peaks)
    height = 1 + rng.exponential(1.6, peaks)
    vertical = SiteResonance(centre * rng.uniform(1.0, 1.8), 1 + (height - 1) * rng.uniform(0.2, 0.9), width)
    return Site(
        random_crust(rng),
        attenuation,
        float(np.exp(rng.uniform(np.log(0.001), np.log(0.02)))) / 1000,
        vertical,
        SiteResonance(centre, height, width),
        rng.uniform(0.9, 1.8),
        random_instrument(rng, sampling_rate),
    )


def random_source(rng: np.random.Generator, regional: float = 0.0) -> Source:
    """A random double couple 0.5 to 420 km away; magnitude 2, to be set by the caller.

    Most are crustal; one in twelve is deeper, down to 120 km. Stress drop is log-normal about 3 MPa (Allmann &
    Shearer 2009). Distances are log-normal about 24 km, but for the share ``regional`` log-uniform from 40 to 400 km.
    """
    if rng.random() < regional:
        distance = float(np.exp(rng.uniform(np.log(40e3), np.log(400e3))))
    else:
        distance = float(np.clip(rng.lognormal(np.log(24e3), 1.5), 500, 420e3))
    deep = rng.random() < 0.08
    depth = rng.uniform(20e3, 120e3) if deep else float(np.clip(rng.gamma(1.8, 4200), 300, 30e3))
    return Source(
        2.0,
        distance,
        depth,
        rng.uniform(0, 360),
        rng.uniform(0, 360),
        float(np.degrees(np.arccos(rng.uniform(0, 1)))),
        rng.uniform(-180, 180),
        float(np.clip(rng.lognormal(np.log(3e6), 1.1), 1e5, 5e7)),
    )


def _aftershock(source: Source, rng: np.random.Generator) -> Source:
    """Another event of the same sequence: some kilometres away, similar mechanism."""
    return replace(
        source,
        distance=float(np.clip(source.distance + rng.normal(0, 2000), 500, 420e3)),
        depth=float(np.clip(source.depth + rng.normal(0, 1500), 300, 120e3)),
        back_azimuth=(source.back_azimuth + rng.normal(0, 5)) % 360,
        strike=source.strike + rng.normal(0, 20),
        rake=source.rake + rng.normal(0, 20),
        stress_drop=source.stress_drop * float(np.exp(rng.normal(0, 0.5))),
    )


def _cut(wave: Floats, origin: int, n: int) -> Floats:
    """(3, n) of a wave that begins at sample ``origin`` of the window."""
    out = np.zeros((3, n))
    wave = wave[:, max(-origin, 0) :][:, : n - max(origin, 0)]
    out[:, max(origin, 0) : max(origin, 0) + wave.shape[1]] = wave
    return out


def _lose_components(valid: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
    """One station in twenty has the vertical alone, one in thirty lacks one component."""
    draw = rng.random()
    if draw < 0.05 and valid[0]:
        return np.array([True, False, False])
    if draw < 0.08 and valid.sum() == 3:
        return np.arange(3) != rng.integers(3)
    return valid
