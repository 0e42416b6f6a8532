"""What the metadata say of a channel, in words, and its response over frequency."""

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook
from quakeview.stations.responses import input_units, response_of
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId

if TYPE_CHECKING:
    from obspy import UTCDateTime
    from obspy.core.inventory import Channel
    from obspy.core.inventory.response import ResponseStage

Floats = NDArray[np.float64]
_LOWEST = 1e-3
_POINTS = 400
_SAME_RATE = 0.01
"""Share by which the rate of a record may differ from what is said of it."""
_HALF_POWER = 1 / np.sqrt(2)
_MOTIONS = {"M": "m", "M/S": "m/s", "M/S**2": "m/s²", "M/S/S": "m/s²"}
"""Ground motion as metadata write it, and as we do."""


@dataclass(frozen=True)
class Epoch:
    """A stretch of time in which a channel was the same.

    Attributes:
        when: its begin, or its end if it has no begin; None if it always holds. At this time it is the one that counts.
        span: from when to when, in words.
        sensor: instrument; empty if it is not said.
        facts: further lines: direction, place, rate, sensitivity.
        stages: of the response, one sentence each.
        rate: samples per second; None if it is not said.
    """

    when: "UTCDateTime | None"
    span: str
    sensor: str
    facts: tuple[str, ...]
    stages: tuple[str, ...]
    rate: float | None = None

    def contradiction(self, recorded: float) -> str:
        """A sentence if the record has another sampling rate (Hz) than the metadata say; else empty."""
        if self.rate is None or abs(self.rate - recorded) <= _SAME_RATE * recorded:
            return ""
        return f"The metadata say {self.rate:g} samples per second, the record has {recorded:g}."


@dataclass(frozen=True, eq=False)
class ResponseCurve:
    """The response of a channel over frequency.

    Attributes:
        frequency: (n,) Hz.
        amplitude: (n,) counts per unit of ``motion``.
        phase: (n,) degrees, continuous.
        motion: unit of the ground motion that the instrument takes in, ``m/s``.
        corners: lower and upper frequency, Hz, at which the amplitude is 3 dB below its largest; None where it is not
            that low within the range.
        note: what has to be known of it, a sentence; may be empty.
    """

    frequency: Floats
    amplitude: Floats
    phase: Floats
    motion: str
    corners: tuple[float | None, float | None]
    note: str = ""

    def table(self) -> str:
        """As CSV."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["frequency_hz", f"amplitude_counts_per_{self.motion}", "phase_deg"])
        for row in zip(self.frequency, self.amplitude, self.phase, strict=True):
            rows.writerow([f"{value:.6g}" for value in row])
        return text.getvalue()


def epochs_of(book: StationBook, channel_id: ChannelId) -> list[Epoch]:
    """What the metadata say of a channel, in time order; empty if they do not know it."""
    return [_epoch(about) for about in book.epochs(channel_id)]


def response_curve(
    book: StationBook, channel_id: ChannelId, when: "UTCDateTime", sampling_rate: float
) -> ResponseCurve:
    """Evaluate the response of a channel at a time, from .001 Hz to half its sampling rate (Hz).

    Raises:
        QuakeViewError: if there is none, or it cannot be evaluated.
    """
    try:
        about = book.channel(channel_id, when)
        response = response_of(channel_id, about)
        frequency = np.geomspace(_LOWEST, sampling_rate / 2, _POINTS)
        per_velocity = response(frequency)
    except QuakeViewError as error:
        raise QuakeViewError(str(error).replace(" is left out", "")) from error
    motion = _MOTIONS.get(input_units(about).lstrip("NC"), "m/s")
    omega = 2j * np.pi * frequency
    found = per_velocity * omega ** {"m": 1, "m/s": 0, "m/s²": -1}[motion]
    amplitude, phase = np.abs(found), np.degrees(np.unwrap(np.angle(found)))
    only_gain = not about.response.response_stages
    note = "Only a gain is known, which is taken to hold at all frequencies." if only_gain else ""
    return ResponseCurve(frequency, amplitude, phase, motion, _corners(frequency, amplitude), note)


def contradictions_of(book: StationBook, channel_id: ChannelId) -> list[str]:
    """The sentences of the station book that name the station of a channel."""
    name = ".".join(channel_id[:2])
    return [note for note in book.notes if name in note]


def _corners(frequency: Floats, amplitude: Floats) -> tuple[float | None, float | None]:
    """Between the nodes along the logarithms."""
    level = _HALF_POWER * amplitude.max()
    above = np.flatnonzero(amplitude >= level)
    first, last = int(above[0]), int(above[-1])
    low = None if first == 0 else _crossing(frequency, amplitude, first - 1, level)
    high = None if last == len(frequency) - 1 else _crossing(frequency, amplitude, last, level)
    return low, high


def _crossing(frequency: Floats, amplitude: Floats, before: int, level: float) -> float:
    """Where the amplitude passes a level between a node and the next one."""
    (x0, x1), (y0, y1) = np.log(frequency[before : before + 2]), np.log(amplitude[before : before + 2])
    return float(np.exp(x0 + (np.log(level) - y0) / (y1 - y0) * (x1 - x0)))


# --- in words ------------------------------------------------------------------------------------------------------


def _epoch(about: "Channel") -> Epoch:
    start, end, response = about.start_date, about.end_date, about.response
    stages = tuple(_stage(stage) for stage in response.response_stages) if response is not None else ()
    span = f"{_day(start, 'the beginning')} to {_day(end, 'now')}"
    rate = float(about.sample_rate) if about.sample_rate else None
    return Epoch(start or end, span, _sensor(about), _facts(about), stages, rate)


def _day(time: "UTCDateTime | None", without: str) -> str:
    return without if time is None or time.year > 2200 else str(time.strftime("%Y-%m-%d %H:%M"))


def _sensor(about: "Channel") -> str:
    """What is said of the instrument, each word once."""
    sensor = about.sensor
    parts = () if sensor is None else (sensor.manufacturer, sensor.model, sensor.type, sensor.description)
    told: list[str] = []
    for part in (str(part).strip() for part in parts if part):
        if not any(part in other for other in told):
            told = [other for other in told if other not in part] + [part]
    serial = "" if sensor is None or not sensor.serial_number else f", serial number {sensor.serial_number}"
    return ", ".join(told) + serial if told else ""


def _facts(about: "Channel") -> tuple[str, ...]:
    facts = []
    if about.azimuth is not None and about.dip is not None:
        facts.append(f"Azimuth {float(about.azimuth):g}°, dip {float(about.dip):g}°")
    if about.depth:
        facts.append(f"{float(about.depth):g} m below the surface")
    if about.sample_rate:
        facts.append(f"{float(about.sample_rate):g} samples per second")
    if about.data_logger is not None and (logger := about.data_logger.model or about.data_logger.description):
        facts.append(f"Data logger: {logger}")
    sensitivity = about.response.instrument_sensitivity if about.response is not None else None
    if sensitivity is not None and sensitivity.value:
        units = f"{sensitivity.output_units or 'counts'} per {sensitivity.input_units or 'unit of motion'}"
        at = f" at {sensitivity.frequency:g} Hz" if sensitivity.frequency else ""
        facts.append(f"Sensitivity {sensitivity.value:.6g} {units}{at}")
    return tuple(facts)


def _stage(stage: "ResponseStage") -> str:
    """``Stage 1: 5 poles and 2 zeros, M/S to V, gain 1500 at 1 Hz``."""
    parts = [_kind(stage)]
    if stage.input_units and stage.output_units:
        parts.append(f"{stage.input_units} to {stage.output_units}")
    if stage.stage_gain:
        at = f" at {stage.stage_gain_frequency:g} Hz" if stage.stage_gain_frequency else ""
        parts.append(f"gain {stage.stage_gain:.6g}{at}")
    if stage.decimation_input_sample_rate and stage.decimation_factor and stage.decimation_factor > 1:
        rate = float(stage.decimation_input_sample_rate)
        parts.append(f"{rate:g} to {rate / stage.decimation_factor:g} samples per second")
    return f"Stage {stage.stage_sequence_number}: {', '.join(parts)}"


def _kind(stage: "ResponseStage") -> str:
    from obspy.core.inventory.response import (
        CoefficientsTypeResponseStage,
        FIRResponseStage,
        PolesZerosResponseStage,
        PolynomialResponseStage,
        ResponseListResponseStage,
    )

    match stage:
        case PolesZerosResponseStage():
            return f"{counted(len(stage.poles), 'pole')} and {counted(len(stage.zeros), 'zero')}"
        case FIRResponseStage():
            return f"FIR filter of {counted(len(stage.coefficients), 'coefficient')}"
        case CoefficientsTypeResponseStage():
            number = len(stage.numerator)
            return f"digital filter of {counted(number, 'coefficient')}" if number else "digitiser or gain"
        case ResponseListResponseStage():
            return f"table of {counted(len(stage.response_list_elements), 'value')}"
        case PolynomialResponseStage():
            return "polynomial"
    return "gain"
