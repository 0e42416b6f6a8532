"""A small network on a geothermal field that does not exist: fixed stations, one fault zone, machines that never rest.

What a picker that knows many places does not know of this one: 1.2 km of soft sediments that turn P into S and S into P
at their base, sensors in boreholes that record every wave a second time when the surface sends it back, the hum of
two pumps, and a pile driver whose blows look like onsets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from quakeview.simulation.records.event_waveforms import EventWavefield, Site, Source
from quakeview.simulation.records.instrument import Seismometer
from quakeview.simulation.records.layered_earth import LayeredCrust
from quakeview.simulation.records.noise import gaussian_noise, peterson_models, record_psd, slow_modulation
from quakeview.simulation.records.seismograms import SyntheticEvent, SyntheticSeismograms
from quakeview.simulation.records.source_spectrum import Attenuation, SiteResonance

Floats = NDArray[np.float64]

SAMPLING_RATE = 100.0
"""Hz."""
SAMPLES = 2500
"""Of a record."""
LARGEST_COUNT = 32767
"""Of a digitiser of 16 bits; a louder record is clipped there."""

_NOISE_COUNTS = 4.0
_P_AFTER = 6.0, 15.0
_VISIBLE_DB = 8.0
_SMALLEST, _LARGEST, _B_VALUE = 0.2, 2.6, 1.0
_CRUST = LayeredCrust(
    np.array([1200.0, 4300.0, 13_000.0, 14_000.0, np.inf]),
    np.array([2700.0, 5300.0, 5950.0, 6550.0, 8000.0]),
    np.array([1150.0, 3000.0, 3400.0, 3750.0, 4520.0]),
    np.array([2230.0, 2640.0, 2710.0, 2830.0, 2930.0]),
)


@dataclass(frozen=True)
class FieldStation:
    """A station of the field.

    Attributes:
        east, north: metres from the injection well.
        depth: of the sensor, metres.
        noise: share of the way from Peterson's low to his high noise model, above 1 Hz.
        hum, blows: amplitudes of pumps and pile driver over that of the noise; 0 where they are not heard.
        resonance: of the ground, Hz.
    """

    code: str
    east: float
    north: float
    depth: float
    noise: float
    hum: float
    blows: float
    resonance: float


STATIONS = (
    FieldStation("GF01", 350.0, -200.0, 120.0, 0.56, 3.0, 60.0, 3.1),
    FieldStation("GF02", -1400.0, 900.0, 200.0, 0.50, 1.5, 40.0, 2.4),
    FieldStation("GF03", 1900.0, 1700.0, 150.0, 0.52, 1.0, 30.0, 4.0),
    FieldStation("GF04", -600.0, -3100.0, 250.0, 0.46, 0.6, 30.0, 2.0),
    FieldStation("GF05", 4300.0, -1200.0, 180.0, 0.48, 0.3, 20.0, 2.8),
    FieldStation("GF06", -4800.0, -2400.0, 200.0, 0.45, 0.0, 15.0, 3.5),
    FieldStation("GF07", 700.0, 6200.0, 220.0, 0.47, 0.0, 15.0, 2.2),
)


@dataclass(frozen=True)
class FieldEvent:
    """An earthquake of the field: metres from the well, metres deep, degrees, moment magnitude, Pa."""

    east: float
    north: float
    depth: float
    magnitude: float
    strike: float
    dip: float
    rake: float
    stress_drop: float


@dataclass(frozen=True)
class FieldRecord:
    """A record of one station.

    Attributes:
        counts: (3, ``SAMPLES``) on Z, N, E.
        labels: None where there is noise alone.
        origin: seconds from the start of the record to the origin time of the earthquake.
    """

    station: FieldStation
    counts: NDArray[np.int16]
    labels: SyntheticEvent | None = None
    origin: float = 0.0


class GeothermalField:
    """Records of the field, each station with its own noise, resonance and gain.

    Args:
        seed: of everything that is drawn: the same seed gives the same records.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._generator = SyntheticSeismograms(SAMPLING_RATE, SAMPLES)
        self._frequency = fft.rfftfreq(SAMPLES, 1 / SAMPLING_RATE)
        self._sites = {station.code: _site(station) for station in STATIONS}

    def event(self, number: int) -> FieldEvent:
        """Earthquake ``number``: on a steep fault zone below the well, its size after Gutenberg and Richter's law."""
        rng = np.random.default_rng([self._seed, 0, number])
        along, across = rng.normal(0, 900), rng.normal(0, 150)
        strike = np.radians(25.0)
        reach = 10 ** (-_B_VALUE * (_LARGEST - _SMALLEST))
        return FieldEvent(
            float(600 + along * np.sin(strike) + across * np.cos(strike)),
            float(300 + along * np.cos(strike) - across * np.sin(strike)),
            float(np.clip(rng.normal(4300, 500), 2800, 5400)),
            float(_SMALLEST - np.log10(1 - rng.random() * (1 - reach)) / _B_VALUE),
            float(rng.normal(25, 12)),
            float(np.clip(rng.normal(70, 10), 40, 90)),
            float(rng.normal(-20, 20)),
            float(np.clip(rng.lognormal(np.log(1e6), 0.7), 1e5, 2e7)),
        )

    def records(self, number: int) -> Iterator[FieldRecord]:
        """Records of earthquake ``number`` at the stations where an eye finds its P and its S."""
        for index, station in enumerate(STATIONS):
            rng = np.random.default_rng([self._seed, 1, number, index])
            record = self._record(station, self.event(number), rng)
            if record.labels and min(record.labels.p_snr_db, record.labels.s_snr_db) >= _VISIBLE_DB:
                yield record

    def quiet(self, number: int) -> FieldRecord:
        """Record ``number`` without an earthquake, of the stations in turn."""
        station = STATIONS[number % len(STATIONS)]
        rng = np.random.default_rng([self._seed, 2, number])
        return FieldRecord(station, self._counts(station, self._noise(station, rng)))

    def _record(self, station: FieldStation, event: FieldEvent, rng: np.random.Generator) -> FieldRecord:
        source = _seen_from(station, event)
        first = float(rng.uniform(*_P_AFTER))
        waves = self._generator.place(self._sites[station.code], source, first * SAMPLING_RATE, rng)
        waves = _in_borehole(waves, station.depth)
        noise = self._noise(station, rng)
        [labels] = self._generator.label([source], [waves], noise, np.ones(3, dtype=bool))
        travel_time = _CRUST.arrivals(source.distance, source.depth)[0].time
        return FieldRecord(station, self._counts(station, noise + waves.p + waves.s), labels, first - travel_time)

    def _noise(self, station: FieldStation, rng: np.random.Generator) -> Floats:
        """(3, n) of ground, pumps and pile driver, in m/s."""
        psd = self._psd(station)
        noise = gaussian_noise(psd, SAMPLING_RATE, SAMPLES, rng) * slow_modulation(SAMPLES, SAMPLING_RATE, rng)
        level = self._level(station)
        noise += station.hum * level * _hum(rng)
        if rng.random() < 0.8:
            noise += station.blows * level * _blows(station, rng)
        return noise

    def _psd(self, station: FieldStation) -> Floats:
        low, high = peterson_models(self._frequency)
        ground = 10 ** ((low + station.noise * (high - low)) / 10)
        site = self._sites[station.code]
        ground = np.stack((ground, ground * site.horizontal.factor(self._frequency) ** 2))
        return record_psd(ground, self._frequency, site.instrument)

    def _level(self, station: FieldStation) -> float:
        """Rms of the ground noise at 1-40 Hz, vertical, m/s."""
        inside = (self._frequency > 1) & (self._frequency < 40)
        return float(np.sqrt(self._psd(station)[0, inside].sum() * self._frequency[1]))

    def _counts(self, station: FieldStation, motion: Floats) -> NDArray[np.int16]:
        counts = np.rint(motion * (_NOISE_COUNTS / self._level(station)))
        return np.clip(counts, -LARGEST_COUNT, LARGEST_COUNT).astype(np.int16)


def _site(station: FieldStation) -> Site:
    centre, width = np.array([station.resonance, 3.3 * station.resonance]), np.array([0.25, 0.2])
    height = np.array([4.0, 2.0])
    return Site(
        _CRUST,
        Attenuation(90.0, 0.4, 0.8, 0.02),
        4e-6,
        SiteResonance(1.5 * centre, 1 + 0.4 * (height - 1), width),
        SiteResonance(centre, height, width),
        1.5,
        Seismometer(4.5, 2, 42.0, False, -150.0),
    )


def _seen_from(station: FieldStation, event: FieldEvent) -> Source:
    east, north = event.east - station.east, event.north - station.north
    return Source(
        event.magnitude,
        float(np.hypot(east, north)),
        event.depth - station.depth,
        float(np.degrees(np.arctan2(east, north)) % 360),
        event.strike,
        event.dip,
        event.rake,
        event.stress_drop,
    )


def _in_borehole(waves: EventWavefield, depth: float) -> EventWavefield:
    """The waves as a sensor records them on their way up and, twice the depth later, on their way down."""
    p, s = (
        0.5 * (wave + 0.8 * _delayed(wave, 2 * depth / speed[0] * SAMPLING_RATE))
        for wave, speed in ((waves.p, _CRUST.vp), (waves.s, _CRUST.vs))
    )
    return replace(waves, p=p, s=s)


def _delayed(wave: Floats, samples: float) -> Floats:
    whole = round(samples)
    return np.pad(wave, ((0, 0), (whole, 0)))[:, : wave.shape[1]]


def _hum(rng: np.random.Generator) -> Floats:
    """(3, n) of two pumps whose speeds wander a little, with overtones, rms near 1."""
    hum = np.zeros((3, SAMPLES))
    for base in (8.2, 12.6):
        knots = rng.normal(base, 0.08, 5)
        speed = np.interp(np.arange(SAMPLES), np.linspace(0, SAMPLES, knots.size), knots)
        turn = 2 * np.pi * np.cumsum(speed) / SAMPLING_RATE
        for overtone, strength in ((1, 0.8), (2, 0.4), (3, 0.2)):
            phases = rng.uniform(0, 2 * np.pi, (3, 1))
            hum += strength * np.sin(overtone * turn + phases) * np.array([[1.0], [0.7], [0.5]])
    return hum


def _blows(station: FieldStation, rng: np.random.Generator) -> Floats:
    """(3, n) of a pile driver, peak near 1: the same wave train at each blow, some seconds apart, for part of the time.

    A short P, then a surface wave that lags behind with the distance.
    """
    distance = float(np.hypot(station.east - 500, station.north + 700))
    train = _blow(distance)
    blows = np.zeros((3, SAMPLES + train.shape[1]))
    pace, first, last = rng.uniform(4.0, 8.0), rng.uniform(-5, 6), rng.uniform(20, 35)
    for time in np.arange(first, last, pace):
        at = round((time + rng.normal(0, 0.05)) * SAMPLING_RATE)
        if 0 <= at < SAMPLES:
            blows[:, at : at + train.shape[1]] += rng.uniform(0.6, 1.0) * train
    return blows[:, :SAMPLES]


def _blow(distance: float) -> Floats:
    """(3, m) at a distance in metres."""
    time = np.arange(round((1.5 + distance / 900) * SAMPLING_RATE)) / SAMPLING_RATE
    surface = np.maximum(time - distance / 900 + distance / 2200, 0)
    p = np.exp(-time / 0.12) * np.sin(2 * np.pi * 14 * time)
    rayleigh = (surface > 0) * np.exp(-surface / 0.35) * np.sin(2 * np.pi * 6 * surface)
    return np.stack((p + 0.8 * rayleigh, 0.25 * p + rayleigh, 0.15 * p + 0.6 * rayleigh))
