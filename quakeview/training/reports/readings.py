"""What pickers read on labelled records: the raw material of a report, measured once for all its tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quakeview.jobs import Progress
from quakeview.monitoring.onset_peaks import find_onsets
from quakeview.monitoring.picker import Picker
from quakeview.training.datasets import RecordSet
from quakeview.training.labels import PHASES
from quakeview.training.layouts import Row
from quakeview.training.picking import probability_curves
from quakeview.training.records import LabelledRecord

THRESHOLD = 0.3
"""Least probability of a pick, as the paper has it."""
LEAST_PROBABILITY = 0.05
"""Onsets are kept down to this, for precision and recall at every threshold."""
RULE = "AR-AIC (ObsPy)"


@dataclass(frozen=True)
class Reading:
    """An onset that was read: seconds after the start of the record, and its probability."""

    seconds: float
    probability: float


@dataclass(frozen=True)
class LabelledPhase:
    """One phase of one record, with what was read of it.

    Attributes:
        label: of an analyst, s after the start of the record; None if there is none.
        readings: of each picker, by its name.
        snr: dB, as the data set gives it; NaN if it does not.
    """

    label: float | None
    readings: dict[str, tuple[Reading, ...]]
    snr: float = float("nan")

    def best(self, reader: str) -> Reading | None:
        """Return the one pick of a reader: the most probable onset that reaches ``THRESHOLD``."""
        found = [reading for reading in self.readings[reader] if reading.probability >= THRESHOLD]
        return max(found, key=lambda reading: reading.probability, default=None)


@dataclass(frozen=True)
class ReadRecord:
    """One record with what pickers read on it.

    Attributes:
        name, event, source: of the record, its earthquake, and where the data set has it from.
        sampling_rate: Hz, of the recording.
        magnitude, distance: distance in m; NaN if they are not known.
        complete: whether an onset that nobody labelled is a false one.
        clean: whether the data set marks it as clear enough to compare pickers with; None if it does not say.
        phases: P and S.
        row: of the metadata.
        waveform: reads the record.
    """

    name: str
    event: str
    source: str
    sampling_rate: float
    magnitude: float
    distance: float
    complete: bool
    clean: bool | None
    phases: dict[str, LabelledPhase]
    row: Row = field(repr=False)
    waveform: Callable[[], LabelledRecord] = field(repr=False)

    @property
    def s_minus_p(self) -> float:
        """Seconds between the labels; NaN without both."""
        p, s = (self.phases[phase].label for phase in PHASES)
        return float("nan") if p is None or s is None else s - p


class OnsetReader(Protocol):
    """Reads P and S onsets of a record that has its ``sampling_rate``, Hz."""

    name: str
    sampling_rate: float

    def read(self, record: LabelledRecord) -> dict[str, tuple[Reading, ...]]:
        """Onsets by phase, in time order."""
        ...


class NetworkReader:
    """A picker as it is used: half-overlapping windows, peaks of their probabilities."""

    def __init__(self, picker: Picker) -> None:
        self.name, self.sampling_rate, self._picker = picker.name, picker.sampling_rate, picker

    def read(self, record: LabelledRecord) -> dict[str, tuple[Reading, ...]]:
        """Onsets with at least ``LEAST_PROBABILITY``."""
        curves = zip(PHASES, probability_curves(self._picker, record), strict=True)
        return {phase: self._onsets(curve, record.sampling_rate) for phase, curve in curves}

    @staticmethod
    def _onsets(curve: NDArray[np.float32], rate: float) -> tuple[Reading, ...]:
        found = find_onsets(curve, LEAST_PROBABILITY, rate)
        return tuple(Reading(onset.sample / rate, onset.probability) for onset in found)


class ArAicReader:
    """The rule beside the networks: ObsPy's autoregressive picker (Akazawa 2004) with the settings of its tutorial.

    It always reads one P and one S, and has no probability: 1 is said.
    """

    name = RULE
    sampling_rate = 100.0

    def read(self, record: LabelledRecord) -> dict[str, tuple[Reading, ...]]:
        """One onset of each phase, none where the record is too short or constant for it."""
        from obspy.signal.trigger import ar_pick

        z, n, e = _without_still_stretches(record.data)
        if not all(np.ptp(trace) for trace in (z, n, e)):
            return dict.fromkeys(PHASES, ())
        try:
            times = ar_pick(z, n, e, record.sampling_rate, 1.0, 20.0, 1.0, 0.1, 4.0, 1.0, 2, 8, 0.1, 0.2)
        except ValueError:
            return dict.fromkeys(PHASES, ())
        return {phase: (Reading(float(at), 1.0),) if at > 0 else () for phase, at in zip(PHASES, times, strict=True)}


def _without_still_stretches(data: NDArray[np.float32]) -> NDArray[np.float64]:
    """(3, n) with noise a millionth as large as the record: the predictor divides by the power of what is still."""
    sizes = data.std(axis=1, dtype=np.float64, keepdims=True)
    return data + 1e-6 * sizes * np.random.default_rng(0).standard_normal(data.shape)


def read_records(
    readers: Sequence[OnsetReader], opened: Callable[[float], RecordSet], progress: Progress = Progress()
) -> list[ReadRecord]:
    """Let every reader read every record, at its own sampling rate.

    Only labels of analysts count; of a phase that a machine labelled there is no label, and nothing that is read there
    is false.

    Args:
        opened: the records at a sampling rate, Hz.
    """
    at_rate = {reader.sampling_rate: opened(reader.sampling_rate) for reader in readers}
    records = next(iter(at_rate.values()))
    read = []
    for index, (row, entry) in enumerate(zip(records.rows, records.entries, strict=True)):
        progress.advance(index, len(records), "reading records")
        waveforms = {rate: same[index] for rate, same in at_rate.items()}
        found = {reader.name: reader.read(waveforms[reader.sampling_rate]) for reader in readers}
        phases = {phase: _labelled(entry, row, phase, found) for phase in PHASES}
        read.append(_described(row, entry, phases, partial(records.__getitem__, index)))
    progress.advance(1, 1)
    return read


def _labelled(
    entry: LabelledRecord, row: Row, phase: str, found: dict[str, dict[str, tuple[Reading, ...]]]
) -> LabelledPhase:
    label = entry.first(phase) if _is_of_analyst(row, phase) else None
    snr = _number(row.get(f"trace_{phase.lower()}_snr_db"))
    readings = {name: onsets[phase] for name, onsets in found.items()}
    return LabelledPhase(None if label is None else label / entry.sampling_rate, readings, snr)


def _is_of_analyst(row: Row, phase: str) -> bool:
    return row.get(f"trace_{phase.lower()}_status") in (None, "", "manual")


def _described(
    row: Row, entry: LabelledRecord, phases: dict[str, LabelledPhase], waveform: Callable[[], LabelledRecord]
) -> ReadRecord:
    clean = row.get("eval_clean")
    return ReadRecord(
        row.get("trace_name", ""),
        entry.event_id,
        source_of(row),
        entry.sampling_rate,
        float("nan") if entry.magnitude is None else entry.magnitude,
        float("nan") if entry.epicentral_distance is None else entry.epicentral_distance,
        entry.complete and all(_is_of_analyst(row, phase) for phase in PHASES),
        None if clean is None else clean == "True",
        phases,
        row,
        waveform,
    )


def source_of(row: Row) -> str:
    """Where the record is from: what the data set says, else its network."""
    said = row.get("source_repo") or row.get("source_catalog") or row.get("station_network_code") or "not said"
    return said.split("@")[0].strip()


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
