"""One earthquake as one station records it: rays, radiation, source, path, site, scattering, instrument."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.signal import lfilter

from quakeview.simulation.records.instrument import Seismometer
from quakeview.simulation.records.layered_earth import Arrival, LayeredCrust
from quakeview.simulation.records.radiation import double_couple, free_surface, rotate_to_north_east
from quakeview.simulation.records.scattering import broadened, converted_scattering, single_scattering
from quakeview.simulation.records.source_spectrum import (
    Attenuation,
    SiteResonance,
    brune_velocity_spectrum,
    corner_frequency,
    minimum_phase,
)
from quakeview.simulation.sources.scaling import seismic_moment

Floats = NDArray[np.float64]

_MEAN_P, _MEAN_S = 0.516, 0.632  # root-mean-square radiation over the focal sphere (Aki & Richards 2002, p. 115)


@dataclass(frozen=True)
class Source:
    """An earthquake seen from a station: metres, degrees, Pa."""

    magnitude: float
    distance: float
    depth: float
    back_azimuth: float
    strike: float
    dip: float
    rake: float
    stress_drop: float


@dataclass(frozen=True)
class Site:
    """A station and what lies under it.

    Attributes:
        scattering: total scattering coefficient g of S waves, 1/m.
        vertical, horizontal: resonances.
        horizontal_coda: ratio of horizontal to vertical coda amplitude.
    """

    crust: LayeredCrust
    attenuation: Attenuation
    scattering: float
    vertical: SiteResonance
    horizontal: SiteResonance
    horizontal_coda: float
    instrument: Seismometer


@dataclass(frozen=True)
class PhaseOnset:
    """Where a phase of the wavefield begins: position in samples, and the sign of its vertical first motion."""

    phase: str
    wave: str
    sample: float
    vertical: float


@dataclass(frozen=True)
class EventWavefield:
    """Waves that arrive as P and as S, (3, n) each on Z, N, E in the instrument's units; onsets in time order."""

    p: Floats
    s: Floats
    onsets: list[PhaseOnset]


def geometric_spreading(distance: float, wave: str) -> float:
    """1/R, and for S beyond 90 km, where trapped waves take over, R^-1/2 (Herrmann & Kijko 1983); 1/m."""
    turn = 90e3
    return 1 / distance if wave == "P" or distance < turn else 1 / np.sqrt(turn * distance)


def direct_spectra(site: Site, source: Source, frequency: Floats, moment: Floats | float) -> tuple[Floats, Floats]:
    """Amplitude spectra in the record of direct P and S of unit radiation and spreading, (..., m) each.

    C Ω(f) exp(−πft/Q) I(f) with C = 1/(4πρv³) (Aki & Richards 2002, eq. 4.32).
    """
    crust = site.crust
    layer = crust.layer_at(source.depth)
    path = np.hypot(source.distance, source.depth)
    corner = corner_frequency(moment, source.stress_drop, crust.vs[layer])
    instrument = site.instrument.response(frequency)
    spectra = []
    for wave, speed, shift in (("P", crust.vp[layer], 1.6), ("S", crust.vs[layer], 1.0)):
        shape = brune_velocity_spectrum(frequency, moment, corner * shift) * instrument
        loss = site.attenuation.factor(frequency, path / speed, wave)
        spectra.append(shape * loss / (4 * np.pi * crust.density[layer] * speed**3))
    return spectra[0], spectra[1]


def simulate_event(
    site: Site, source: Source, sampling_rate: float, first_sample: float, n_samples: int, rng: np.random.Generator
) -> EventWavefield:
    """Record of one event; nothing moves before ``first_sample``.

    Args:
        site, source: where, what.
        sampling_rate: Hz.
        first_sample: where in the record the first arrival falls, fractional, not negative.
        n_samples: length of the record.
        rng: draws the strengths of the phases and the scattered waves.
    """
    arrivals = site.crust.arrivals(source.distance, source.depth)
    clock = _Clock(arrivals[0].time, first_sample, sampling_rate, n_samples)
    rays = [_ray(arrival, site, source, rng) for arrival in arrivals]
    p_time, s_time = (next(a.time for a in arrivals if a.kind == "direct" and a.wave == wave) for wave in "PS")
    n_fft = fft.next_fast_len(n_samples + 128, real=True)
    n_fft += n_fft % 2
    frequency = fft.rfftfreq(n_fft, 1 / sampling_rate)
    moment = float(seismic_moment(source.magnitude))
    shapes = np.stack(direct_spectra(site, source, frequency, moment))
    resonance = np.stack((site.vertical.factor(frequency), site.horizontal.factor(frequency)))
    wavelets = minimum_phase(shapes[:, None] * resonance, n_fft)[:, [0, 1, 1]] * sampling_rate
    wavelets *= fft.rfft(_rupture(source, site, sampling_rate, rng), n_fft)
    fields = []
    for wave, wavelet in zip("PS", wavelets, strict=True):
        own = [ray for ray in rays if ray.arrival.wave == wave and clock.sample(ray.arrival.time) < n_samples - 2]
        series = _impulsive_share(source, wave, rng) * _coherent(own, clock)
        series += _scattered(own, wave, source, clock, rng)
        series += _coda(wave, p_time, s_time, site, source, clock, rng)
        field = fft.irfft(fft.rfft(series, n_fft, axis=-1) * wavelet, n_fft, axis=-1)[:, :n_samples]
        fields.append(field)
    fields[1] += _rayleigh_wave(fields[1], site, source, clock, rng)
    p, s = (rotate_to_north_east(field, source.back_azimuth) for field in fields)
    onsets = [
        PhaseOnset(ray.arrival.phase, ray.arrival.wave, clock.sample(ray.arrival.time), float(ray.vector[0]))
        for ray in rays
        if ray.arrival.kind in ("direct", "head")
    ]
    return EventWavefield(p, s, onsets)


@dataclass(frozen=True)
class _Clock:
    """Turns seconds after the origin into samples of the record."""

    first_time: float
    first_sample: float
    sampling_rate: float
    n_samples: int

    def sample(self, time: float) -> float:
        return self.first_sample + (time - self.first_time) * self.sampling_rate

    def times(self) -> Floats:
        return self.first_time + (np.arange(self.n_samples, dtype=np.float64) - self.first_sample) / self.sampling_rate


@dataclass(frozen=True)
class _Ray:
    """An arrival with its Z, R, T amplitude at the surface, and its size had the source no radiation pattern."""

    arrival: Arrival
    vector: Floats
    size: float


def _ray(arrival: Arrival, site: Site, source: Source, rng: np.random.Generator) -> _Ray:
    crust = site.crust
    azimuth = source.back_azimuth + 180
    p, sv, sh = double_couple(source.strike, source.dip, source.rake, arrival.takeoff, azimuth)
    layer = crust.layer_at(source.depth)
    path = float(np.hypot(source.distance, source.depth))
    if arrival.kind == "reflected":
        path = arrival.time * float(crust.vp[layer] if arrival.wave == "P" else crust.vs[layer])
    mantle_slowness = 1 / float(crust.vp[-1] if arrival.wave == "P" else crust.vs[-1])
    reach = _path_factor(arrival, mantle_slowness, rng) * geometric_spreading(path, arrival.source_wave)
    if arrival.source_wave != arrival.wave:
        ratio = (crust.vp[layer] / crust.vs[layer]) ** 3
        reach *= ratio if arrival.source_wave == "S" else 1 / ratio
    surface = free_surface(arrival.slowness, crust.vp[0], crust.vs[0])
    if arrival.source_wave == "P":
        radiated, mean = p, _MEAN_P
    else:
        radiated, mean = -sv, _MEAN_S
    if arrival.wave == "P":
        vector = surface[:, 0] * radiated
    elif arrival.source_wave == "P":
        vector = surface[:, 1] * radiated
    else:
        vector = surface[:, 1] * radiated + surface[:, 2] * sh
    return _Ray(arrival, vector * reach, 2 * mean * abs(reach))


def _path_factor(arrival: Arrival, mantle_slowness: float, rng: np.random.Generator) -> float:
    """Amplitude of a phase relative to a direct wave of the same hypocentral distance.

    Head waves fall faster than direct ones (Červený & Ravindra 1971), less so where speed grows with depth; Sn is
    weaker than Pn; reflections beyond the critical angle are strong; conversions at the basement, whose contrast is
    larger, take more than those at the Moho.
    """
    sign = rng.choice([-1.0, 1.0])
    match arrival.kind:
        case "direct":
            return 1.0
        case "head":
            strength = np.exp(rng.uniform(np.log(0.05), np.log(0.5))) / (1 + arrival.head_length / 400e3)
            return float(strength * (rng.uniform(0.2, 0.8) if arrival.wave == "S" else 1.0))
        case "depth":
            return float(sign * rng.uniform(0.03, 0.25))
        case "reflected":
            return float(
                sign * (rng.uniform(0.1, 0.8) if arrival.slowness > mantle_slowness else rng.uniform(0.0, 0.1))
            )
        case "converted":
            weak = 0.3 if "m" in arrival.phase else 1.0
            return float(sign * weak * (rng.uniform(0.02, 0.2) if arrival.wave == "P" else rng.uniform(0.1, 1.2)))
    return float(sign * rng.uniform(0.05, 0.4))


def _rupture(source: Source, site: Site, sampling_rate: float, rng: np.random.Generator) -> Floats:
    """Moment release as a few sub-events within the source's duration; one spike for most small events."""
    speed = site.crust.vs[site.crust.layer_at(source.depth)]
    corner = corner_frequency(float(seismic_moment(source.magnitude)), source.stress_drop, speed)
    duration = int(min(rng.uniform(0.3, 2.0) / corner, 20.0) * sampling_rate)
    count = int(rng.integers(2, 8)) if duration >= 4 and rng.random() < 0.6 else 1
    history = np.zeros(duration + 1)
    history[0] = rng.uniform(0.05, 1.0)
    np.add.at(history, rng.integers(0, duration + 1, count - 1), rng.exponential(0.7, count - 1))
    return history / history.sum()


def _impulsive_share(source: Source, wave: str, rng: np.random.Generator) -> float:
    """Amplitude that arrives in one pulse; the rest is spread over the ray's train, more so the longer the path."""
    path = float(np.hypot(source.distance, source.depth))
    share = rng.uniform(0.02, 0.9) if wave == "P" else rng.uniform(0.25, 1.2)
    return float(share * np.exp(-path / (180e3 if wave == "P" else 80e3)))


def _coherent(rays: list[_Ray], clock: _Clock) -> Floats:
    """(3, n) of one spike per ray, shared between the two samples around its time so that none falls before."""
    series = np.zeros((3, clock.n_samples))
    for ray in rays:
        sample = clock.sample(ray.arrival.time)
        whole, part = int(sample), sample - int(sample)
        series[:, whole] += (1 - part) * ray.vector
        series[:, whole + 1] += part * ray.vector
    return series


def _scattered(rays: list[_Ray], wave: str, source: Source, clock: _Clock, rng: np.random.Generator) -> Floats:
    """(3, n) random series on Z, R, T: each ray's forward-scattered train, and Lg."""
    if not rays:
        return np.zeros((3, clock.n_samples))
    n, rate = clock.n_samples, clock.sampling_rate
    distance = float(np.hypot(source.distance, source.depth))
    energy = np.zeros(n)
    for ray in rays:
        energy[int(clock.sample(ray.arrival.time)) + 1] += 0.5 * float(ray.vector @ ray.vector) + 0.5 * ray.size**2
    far = (distance / 100e3) ** 1.2 * (1.0 if wave == "S" else 0.6)
    spread = rng.uniform(0.05, 0.4) + rng.uniform(0.4, 2.4) * far
    peak = spread * rng.uniform(0.02, 0.5 if wave == "P" else 0.3)
    share = np.exp(rng.uniform(np.log(0.5), np.log(4.0))) * (1 + far)
    train = broadened(energy * share, spread, rate, peak)
    reverberation = rng.uniform(0.2, 1.5) if wave == "P" else rng.uniform(0.02, 0.2)
    train += broadened(energy * reverberation, rng.uniform(0.3, 1.6) * (2.0 if wave == "P" else 1.0), rate, peak)
    guide = next((ray for ray in rays if ray.arrival.phase == "Sg"), None)
    if guide is not None:
        train += _lg_energy(energy.sum(), guide.arrival.time, source.distance, clock, rng)
    main = max(rays, key=lambda ray: ray.size).vector
    along = np.abs(main) / (np.linalg.norm(main) + 1e-300)
    order = rng.uniform(0.3, 0.8) if wave == "P" else rng.uniform(0.1, 0.6)
    isotropic = np.array([1.0, 0.6, 0.6]) if wave == "P" else np.array([0.75, 1.0, 1.0])
    isotropic /= np.linalg.norm(isotropic)
    ordered = np.sqrt(order) * along[:, None] * rng.standard_normal(n, dtype=np.float32)
    disordered = np.sqrt(1 - order) * isotropic[:, None] * rng.standard_normal((3, n), dtype=np.float32)
    return np.sqrt(train) * _fluctuation(clock, rng) * (ordered + disordered)


def _fluctuation(clock: _Clock, rng: np.random.Generator) -> Floats:
    """(n,) log-normal factor within half a second: multipaths come in bursts, which Gaussian noise lacks."""
    seconds, strength = rng.uniform(0.1, 0.6), rng.uniform(0.1, 0.5)
    knots = int(clock.n_samples / clock.sampling_rate / seconds) + 2
    logarithm = np.interp(np.linspace(0, knots - 1, clock.n_samples), np.arange(knots), rng.standard_normal(knots))
    return np.exp(strength * logarithm - strength**2)


def _lg_energy(energy: float, begin: float, distance: float, clock: _Clock, rng: np.random.Generator) -> Floats:
    """Guided S waves from Sg (seconds ``begin``) to group speeds near 2.8 km/s (Kennett 1989), from 80 km on."""
    if distance < 80e3:
        return np.zeros(clock.n_samples)
    end = max(distance / rng.uniform(2600, 3000), 1.1 * begin)
    place = np.clip((clock.times() - begin) / (end - begin), 0, 1)
    shape = np.sqrt(place) * (1 - place)
    return energy * rng.uniform(1.0, 6.0) * shape / (shape.sum() + 1e-300)


def _coda(
    wave: str, p_time: float, s_time: float, site: Site, source: Source, clock: _Clock, rng: np.random.Generator
) -> Floats:
    """(3, n) coda on Z, R, T with the energy of single scattering, its pitch falling with time (Aki & Chouet 1975).

    Energy per second relative to the direct wave's: g v K(t/t_direct) exp(−2π f t/Q) (Sato 1977, eq. 15).
    """
    crust, times = site.crust, clock.times()
    layer = crust.layer_at(source.depth)
    path = float(np.hypot(source.distance, source.depth))
    vp, vs = crust.vp[layer], crust.vs[layer]
    q = site.attenuation
    decay = 2 * np.pi * 4.0 ** (1 - q.exponent) / q.q0
    p_energy = (2 * _MEAN_P * geometric_spreading(path, "P")) ** 2
    s_energy = (2 * _MEAN_S * geometric_spreading(path, "S")) ** 2
    if wave == "P":
        power = 1.5 * p_energy * site.scattering * vp * single_scattering(times, p_time)
        converted = converted_scattering(times, p_time, s_time) * min(1.0, 8.0 / (s_time - p_time))
        power += 18 * p_energy * site.scattering * vp * converted
        lapse = np.maximum(times - p_time, 0)
    else:
        power = s_energy * site.scattering * vs * single_scattering(times, s_time)
        lapse = np.maximum(times - s_time, 0)
    sigma = np.sqrt(power * np.exp(-decay * lapse) / clock.sampling_rate)
    late = lapse / (lapse + rng.uniform(8, 40))
    ratio = np.array([[1.0], [site.horizontal_coda], [site.horizontal_coda]])
    bright = rng.standard_normal((3, clock.n_samples), dtype=np.float32) * (ratio / np.linalg.norm(ratio))
    pole = np.exp(-2 * np.pi * rng.uniform(1.5, 5.0) / clock.sampling_rate)
    dull = lfilter([np.sqrt(1 - pole**2)], [1, -pole], bright, axis=-1)
    return sigma * np.sqrt(1 - late) * bright + sigma * np.sqrt(late) * dull


def _rayleigh_wave(s_field: Floats, site: Site, source: Source, clock: _Clock, rng: np.random.Generator) -> Floats:
    """(3, n) dispersed Rg on Z and R, from shallow sources; long periods travel faster (Lay & Wallace 1995, 4.3)."""
    quiet = np.zeros_like(s_field)
    if source.depth > 4000 or not 4e3 < source.distance < 150e3 or rng.random() < 0.3:
        return quiet
    low, high = rng.uniform(0.3, 0.7), rng.uniform(1.0, 2.5)
    begin = source.distance / rng.uniform(2600, 3100)
    end = source.distance / rng.uniform(1500, 2300) + 1.0
    times = clock.times()
    place = np.clip((times - begin) / (end - begin), 0, 1)
    frequency = low + (high - low) * place
    phase = 2 * np.pi * np.cumsum(frequency) / clock.sampling_rate + rng.uniform(0, 2 * np.pi)
    envelope = np.sin(np.pi * place) ** 2
    instrument = site.instrument.response(np.array([(low + high) / 2, 3.0]))
    size = np.abs(s_field).max() * rng.uniform(0.1, 1.0) * np.exp(-source.depth / 2000) * instrument[0] / instrument[1]
    return np.stack((envelope * np.cos(phase), 0.7 * envelope * np.sin(phase), 0 * phase)) * size
