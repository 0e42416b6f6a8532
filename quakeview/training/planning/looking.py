"""A look at a data set before anything is learnt from it: what is in it, how it is spread, and what is wrong with it.

The metadata are read whole, of the waveforms at most ``LOOKED_AT``; ``Look.notes`` says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.training.layouts import ordered
from quakeview.training.planning.problems import Problem, table_problems
from quakeview.training.planning.record_table import KINDS, KeptRow, RecordTable, read_record_table
from quakeview.training.planning.waveform_checks import (
    UNREADABLE,
    find_wrongs,
    order_problems,
    strongest_on_p,
    waveform_problems,
)
from quakeview.training.record_config import SourceConfig
from quakeview.training.records import COMPONENTS

LOOKED_AT = 1000
"""Waveforms that are read at most."""
SHOWN = 60
"""Samples that are kept to be shown."""


@dataclass(frozen=True)
class Sample:
    """One record as it is shown.

    Attributes:
        index: of the record in the table.
        title: station, magnitude, distance.
        data: (3, n) in the order of ``components``.
        components: letters.
        labels: seconds after the start, by phase.
    """

    index: int
    name: str
    title: str
    data: NDArray[np.float32]
    sampling_rate: float
    labels: dict[str, float]
    components: str = COMPONENTS


@dataclass(frozen=True)
class Look:
    """What was seen.

    Attributes:
        table: of all records.
        samples: some of them, drawn at random.
        problems: what is wrong, the gravest first.
        notes: what was not looked at.
    """

    table: RecordTable
    samples: Sequence[Sample] = ()
    problems: Sequence[Problem] = ()
    notes: Sequence[str] = ()


def look_at(config: SourceConfig, progress: Progress = Progress(), looked_at: int = LOOKED_AT) -> Look:
    """Look at a data set that the training engine reads.

    Raises:
        QuakeViewError: if it cannot be read at all.
        Cancelled: through ``progress``.
    """
    if config.kind in KINDS:
        return _look_at_table(config, progress, looked_at)
    from quakeview.training.planning.looking_elsewhere import look_at_synthetic, look_at_waveforms

    return (look_at_synthetic if config.kind == "synthetic" else look_at_waveforms)(config, progress)


def _look_at_table(config: SourceConfig, progress: Progress, looked_at: int) -> Look:
    table, kept = read_record_table(config, progress.part(0, 0.5), looked_at)
    if not len(table):
        raise QuakeViewError(f"{table.name} has no records; choose another data set.")
    samples, problems = _read_waveforms(table, kept, progress.part(0.5, 1))
    notes = []
    if len(kept) < len(table):
        notes.append(
            f"The metadata of all {len(table):,} records were read, but only {len(kept):,} waveforms, drawn at random: "
            "what is said of waveforms is said of these."
        )
    return Look(table, samples, [*problems, *table_problems(table)], notes)


def _read_waveforms(
    table: RecordTable, kept: Sequence[KeptRow], progress: Progress
) -> tuple[list[Sample], list[Problem]]:
    wrongs: dict[str, list[str]] = {}
    strongest: list[tuple[str, str]] = []
    samples: list[Sample] = []
    shown = set(np.random.default_rng(1).permutation(len(kept))[:SHOWN].tolist())
    for number, row in enumerate(kept):
        progress.advance(number, len(kept), "looking at waveforms")
        rate, name = table["sampling_rate"][row.index], table.names[row.index]
        labels = labels_of(table, row.index)
        try:
            data, order = row.part.samples(row.row)
        except QuakeViewError:
            wrongs.setdefault(UNREADABLE, []).append(name)
            continue
        found = find_wrongs(data, order, [rate * seconds for seconds in labels.values()])
        for wrong in found:
            wrongs.setdefault(wrong, []).append(name)
        if "shape" in found:
            continue
        three = ordered(data, order)
        if "P" in labels and (component := strongest_on_p(three, rate * labels["P"], rate)):
            strongest.append((table.stations[table.station[row.index]], component))
        if number in shown:
            samples.append(Sample(row.index, name, title_of(table, row.index), three, rate, labels))
    progress.advance(1, 1)
    return samples, [*waveform_problems(wrongs), *order_problems(strongest)]


def labels_of(table: RecordTable, index: int) -> dict[str, float]:
    """P and S of a record, s after its start, those that it has."""
    both = {"P": float(table["p"][index]), "S": float(table["s"][index])}
    return {phase: seconds for phase, seconds in both.items() if np.isfinite(seconds)}


def title_of(table: RecordTable, index: int) -> str:
    """``XX.ABC · M 2.4 · 31 km``, of what is known."""
    magnitude, distance = table["magnitude"][index], table["distance"][index]
    known = [
        table.stations[table.station[index]].strip("."),
        f"M {magnitude:.1f}" if np.isfinite(magnitude) else "",
        f"{distance / 1000:.0f} km" if np.isfinite(distance) else "",
        "noise" if table.noise[index] else "",
    ]
    return "  ·  ".join(part for part in known if part) or table.names[index]


# --- in numbers ------------------------------------------------------------------------------------------------------


def counts_of(table: RecordTable) -> list[tuple[str, int]]:
    """How many there are: records, earthquakes, stations, and labels of each kind."""
    p, s = np.isfinite(table["p"]), np.isfinite(table["s"])
    named = np.array([name != "" for name in table.events])
    earthquakes = np.unique(table.event[~table.noise & named[table.event]])
    known = {
        "Magnitudes": "magnitude",
        "Distances": "distance",
        "Back-azimuths": "back_azimuth",
        "First motions": "polarity",
    }
    return [
        ("Records", len(table)),
        ("Earthquakes", len(earthquakes)),
        ("Stations", len(table.stations)),
        ("P", int(p.sum())),
        ("S", int(s.sum())),
        ("P and S", int((p & s).sum())),
        ("Noise", int(table.noise.sum())),
        *((title, int(np.isfinite(table[name]).sum())) for title, name in known.items()),
    ]


@dataclass(frozen=True)
class Histogram:
    """How a quantity is spread.

    Attributes:
        edges: (bins + 1,), in the unit.
        counts: (bins,), records.
        unknown: records of which it is not known.
    """

    title: str
    unit: str
    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    unknown: int

    @property
    def sentence(self) -> str:
        """How many records do not say it; "" if all do."""
        return counted(self.unknown, "record does not say", "records do not say") if self.unknown else ""


QUANTITIES = {
    "s_minus_p": ("S − P", "s", 1.0),
    "distance": ("Epicentral distance", "km", 1e-3),
    "magnitude": ("Magnitude", "", 1.0),
    "signal_to_noise": ("Signal to noise", "dB", 1.0),
    "sampling_rate": ("Sampling rate", "Hz", 1.0),
    "depth": ("Depth", "km", 1e-3),
}
"""What histograms are of: title, unit, and the factor to it from SI."""
MOST_BINS = 40


def histograms(table: RecordTable) -> list[Histogram]:
    """Histograms of everything that the metadata say of more than one record, where it is not always the same."""
    return [histogram(table, name) for name in QUANTITIES if len(np.unique(_known(table, name))) > 1]


def histogram(table: RecordTable, name: str) -> Histogram:
    """One of ``QUANTITIES``; 99.8 % of the values lie in its bins, the others in the outermost ones."""
    title, unit, factor = QUANTITIES[name]
    known = factor * _known(table, name)
    low, high = np.quantile(known, (0.001, 0.999))
    if low == high:
        low, high = known.min(), known.max()
    edges = np.linspace(low, high, int(np.clip(np.sqrt(len(known)), 5, MOST_BINS)) + 1)
    counts = np.histogram(np.clip(known, low, high), edges)[0]
    return Histogram(title, unit, edges, counts, len(table) - len(known))


def _known(table: RecordTable, name: str) -> NDArray[np.float64]:
    """What is known of a quantity, in SI units."""
    values = table.s_minus_p if name == "s_minus_p" else table[name]
    return values[np.isfinite(values)]


def rates_text(table: RecordTable) -> str:
    """``100 Hz``, or ``50–250 Hz`` where records differ; "" where the rate is not known."""
    rates = _known(table, "sampling_rate")
    if not len(rates):
        return ""
    low, high = rates.min(), rates.max()
    return f"{low:g} Hz" if low == high else f"{low:g}–{high:g} Hz"
