"""Spectra of the components of a station, with those of the noise before P."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from quakeview.analysis.components import Component
from quakeview.analysis.cuts import Cut, cut
from quakeview.analysis.spectra import Spectrum, clear_band, ground_power, per_velocity, power_spectrum
from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import COUNTS
from quakeview.stations.ground_motion import Quantity
from quakeview.stations.motion import response_and_band
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.display import unfiltered

BEFORE_ONSET = 0.5
"""Seconds before P at which the noise ends: onsets are uncertain, and filters ring."""
SHORTEST_NOISE = 0.25
"""Share of the signal's length that there has to be of noise."""


class SpectrumKind(StrEnum):
    """What is shown of a spectrum."""

    AMPLITUDE = "Amplitude"
    POWER = "Power"


@dataclass(frozen=True, eq=False)
class ComponentSpectra:
    """Of one component, or the ``problem`` why there is none.

    Attributes:
        noise: None where there is not enough of it.
        clear: band (Hz) in which the signal is well above the noise; None if it is nowhere.
    """

    name: str
    signal: Spectrum | None = None
    noise: Spectrum | None = None
    clear: tuple[float, float] | None = None
    problem: str = ""

    @property
    def unit(self) -> str:
        """Of the samples; empty if there is no spectrum."""
        return self.signal.unit if self.signal is not None else ""


@dataclass(frozen=True, eq=False)
class StationSpectra:
    """Of the components of a station from ``first`` to ``last``, seconds since 1970-01-01 UTC.

    Attributes:
        kind: what is to be shown.
        onset: P, before which the noise was taken; None without.
        note: why it is not ground acceleration, a sentence; empty otherwise.
    """

    kind: SpectrumKind
    first: float
    last: float
    components: tuple[ComponentSpectra, ...]
    onset: float | None = None
    note: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """Of the samples: one, unless a component stays in counts because it has no response; none without spectra."""
        return tuple(dict.fromkeys(each.unit for each in self.components if each.unit))

    def values(self, spectrum: Spectrum) -> NDArray[np.float64]:
        """(m,), of a spectrum as its kind is shown: unit per Hz of a piece as long as the signal, or dB."""
        return spectrum.decibels if self.kind is SpectrumKind.POWER else spectrum.amplitude(self.last - self.first)

    def csv(self) -> str:
        """The numbers, a line for each component, signal or noise, and frequency."""
        value = "power_db" if self.kind is SpectrumKind.POWER else "amplitude"
        unit = "dB re 1 ({})^2/Hz" if self.kind is SpectrumKind.POWER else "{}/Hz"
        lines = [f"component,of,frequency_hz,{value},unit"]
        for each in self.components:
            for of, spectrum in (("signal", each.signal), ("noise", each.noise)):
                if spectrum is not None:
                    rows = zip(spectrum.frequency, self.values(spectrum), strict=True)
                    lines += [f"{each.name},{of},{f:.6g},{level:.6g},{unit.format(spectrum.unit)}" for f, level in rows]
        return "\n".join(lines) + "\n"


def noise_onset(p_onsets: NDArray[np.float64], first: float, last: float, longest: float = 600.0) -> float | None:
    """The P before which noise is looked for: the first one in the window, else the last one up to ``longest`` before.

    Args:
        p_onsets: (n,) sorted times of P at the station, seconds since 1970-01-01 UTC.
        first, last: the window.
    """
    inside = p_onsets[(p_onsets >= first) & (p_onsets <= last)]
    before = p_onsets[(p_onsets < first) & (p_onsets >= first - longest)]
    return float(inside[0]) if len(inside) else float(before[-1]) if len(before) else None


def station_spectra(
    components: Sequence[Component],
    archive: Archive,
    book: StationBook,
    window: tuple[float, float],
    onset: float | None,
    kind: SpectrumKind,
) -> StationSpectra:
    """Compute the spectra of components without their filter.

    Amplitude is of what the traces show. Power is of ground acceleration if the responses of all components are known,
    and of what the traces show otherwise.

    Args:
        window: first and last time, seconds since 1970-01-01 UTC.
        onset: of P.
    """
    found = StationSpectra(kind, *window, (), onset)
    change: list[Callable[[Spectrum], Spectrum]] = [_within_band(each) for each in components]
    if kind is SpectrumKind.POWER:
        try:
            change = [_to_acceleration(each, book) for each in components]
        except QuakeViewError as error:
            found = replace(found, note=str(error).replace("is left out", "has no usable response"))
    spectra = (_spectra(*each, archive, window, onset) for each in zip(components, change, strict=True))
    return replace(found, components=tuple(spectra))


def _spectra(
    component: Component,
    change: Callable[[Spectrum], Spectrum],
    archive: Archive,
    window: tuple[float, float],
    onset: float | None,
) -> ComponentSpectra:
    if component.problem:
        return ComponentSpectra(component.name, problem=component.problem)
    try:
        records = [unfiltered(record, archive) for record in component.records]
        piece = cut(records, *window, component.name, component.unit)
        signal = change(power_spectrum(piece))
    except QuakeViewError as error:
        return ComponentSpectra(component.name, problem=str(error))
    if onset is None:
        return ComponentSpectra(component.name, signal)
    end = onset - BEFORE_ONSET
    try:
        before = cut(records, end - piece.seconds, end, component.name, component.unit)
        noise = change(power_spectrum(_long_enough(before, piece)))
    except QuakeViewError:
        return ComponentSpectra(component.name, signal)
    return ComponentSpectra(component.name, signal, noise, clear_band(signal, noise))


def _long_enough(before: Cut, piece: Cut) -> Cut:
    if before.seconds < SHORTEST_NOISE * piece.seconds:
        raise QuakeViewError(f"There are only {before.seconds:.2g} s of {before.name} before P.")
    return before


def _within_band(component: Component) -> Callable[[Spectrum], Spectrum]:
    """Of ground motion only the band in which it is known."""
    band = component.records[0].change.band if component.records and component.records[0].change else None
    if band is None:
        return lambda spectrum: spectrum
    return lambda spectrum: spectrum.between(*band)


def _to_acceleration(component: Component, book: StationBook) -> Callable[[Spectrum], Spectrum]:
    if not component.records:
        return lambda spectrum: spectrum
    record = component.records[0]
    if component.quantity is not Quantity.COUNTS:
        if component.unit == COUNTS or record.change is None or record.change.band is None:
            raise QuakeViewError(f"{component.name} has no usable response, so that all are shown as they are.")
        response, band = per_velocity(component.quantity), record.change.band
    elif component.rotated:
        raise QuakeViewError("Radial and transverse components have no response of their own; show ground motion.")
    else:
        response, band = response_and_band(component.channel_id, book, record.start, record.sampling_rate)
    return lambda spectrum: ground_power(spectrum, response, band, Quantity.ACCELERATION)
