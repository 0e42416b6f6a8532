"""What pickers pick where there is no earthquake: on continuous records, and before the first label of records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakeview.colours import MARKS
from quakeview.jobs import Progress
from quakeview.training.datasets import RecordSet
from quakeview.training.labels import PHASES
from quakeview.training.records import LabelledRecord
from quakeview.training.reports.bootstrap import EventBootstrap
from quakeview.training.reports.document import Chart, Table, figure_text
from quakeview.training.reports.ratios import ratio
from quakeview.training.reports.readings import THRESHOLD, OnsetReader, Reading, ReadRecord
from quakeview.training.reports.thresholds import THRESHOLDS, Chosen

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DETECTOR = "STA/LTA (ObsPy)"
_BEFORE = 2.0
"""Seconds before the first label that are no longer quiet."""
_LOW, _HIGH = 1.0, 20.0
"""Hz, the band in which the detector listens."""
_SHORT, _LONG, _ON, _OFF = 0.5, 10.0, 4.0, 1.5
"""Seconds of its averages, and the ratios at which it begins and ends."""


@dataclass(frozen=True)
class QuietCount:
    """How much a reader picks where there is no earthquake.

    Attributes:
        stretches: names of stations or earthquakes, (n,): what is drawn anew for an interval.
        hours: of each, (n,).
        probabilities: of the picks of each, by phase.
    """

    reader: str
    stretches: Sequence[str]
    hours: NDArray[np.float64]
    probabilities: dict[str, Sequence[NDArray[np.float64]]]

    def counts(self, phase: str, threshold: float) -> NDArray[np.float64]:
        """Picks that reach a threshold, and hours, of each stretch (n, 2)."""
        picks = [float((found >= threshold).sum()) for found in self.probabilities[phase]]
        return np.column_stack([picks, self.hours])


class StaLtaReader:
    """The rule beside the networks: ObsPy's recursive STA/LTA on the vertical. It finds a P at most, and says 1."""

    name = DETECTOR
    sampling_rate = 100.0

    def read(self, record: LabelledRecord) -> dict[str, tuple[Reading, ...]]:
        """When the ratio of the short to the long average passes 4."""
        from obspy.signal.trigger import recursive_sta_lta, trigger_onset
        from scipy.signal import butter, sosfilt

        rate = record.sampling_rate
        if record.data.shape[1] <= _LONG * rate:
            return dict.fromkeys(PHASES, ())
        band = butter(2, (_LOW, _HIGH), "bandpass", fs=rate, output="sos")
        heard = sosfilt(band, record.data[0].astype(np.float64))
        found = trigger_onset(recursive_sta_lta(heard, round(_SHORT * rate), round(_LONG * rate)), _ON, _OFF)
        return {"P": tuple(Reading(float(on) / rate, 1.0) for on, _ in found), "S": ()}


def count_on_quiet(reader: OnsetReader, records: RecordSet, progress: Progress = Progress()) -> QuietCount:
    """Read records without earthquakes; gaps, where nothing moves at all, are no hours."""
    names, hours = [], []
    found: dict[str, list[NDArray[np.float64]]] = {phase: [] for phase in PHASES}
    for number, record in enumerate(records):
        progress.advance(number, len(records), f"{reader.name}: records without earthquakes")
        names.append(record.station_id)
        hours.append(float((record.data != 0).any(axis=0).sum()) / record.sampling_rate / 3600)
        for phase, onsets in reader.read(record).items():
            found[phase].append(np.array([onset.probability for onset in onsets]))
    return QuietCount(reader.name, names, np.array(hours), dict(found))


def before_the_first_label(records: Sequence[ReadRecord], reader: str) -> QuietCount:
    """Picks up to 2 s before the P label of records whose onsets are all known."""
    quiet = [
        (record, label - _BEFORE)
        for record in records
        if record.complete and (label := record.phases["P"].label) is not None and label > _BEFORE
    ]
    found = {
        phase: [
            np.array([each.probability for each in record.phases[phase].readings[reader] if each.seconds < end])
            for record, end in quiet
        ]
        for phase in PHASES
    }
    hours = np.array([end / 3600 for _, end in quiet])
    return QuietCount(reader, [record.event for record, _ in quiet], hours, dict(found))


def quiet_table(counts: Sequence[QuietCount], chosen: Chosen) -> Table:
    """False picks an hour of one station, at the usual threshold and at the chosen ones."""
    rows = []
    for each in counts:
        bootstrap = EventBootstrap(each.stretches)
        for phase in PHASES:
            for threshold in dict.fromkeys((THRESHOLD, chosen.get((each.reader, phase), THRESHOLD))):
                sums = each.counts(phase, threshold)
                rate = bootstrap.of(sums, lambda sums: ratio(sums[..., 0], sums[..., 1]))
                cells = [f"{threshold:.2f}", f"{sums[:, 0].sum():,.0f}", f"{sums[:, 1].sum():.2f}"]
                rows.append([f"{phase}  {each.reader}", *cells, figure_text(rate, 2)])
    return Table(["", "Threshold", "False picks", "Hours of one station", "False picks an hour"], rows)


def quiet_chart(counts: Sequence[QuietCount]) -> Chart:
    """False picks an hour at every threshold."""

    def draw(figure: "Figure") -> None:
        for axes, phase in zip(figure.subplots(1, 2, sharey=True), PHASES, strict=True):
            for each, colour in zip(counts, MARKS, strict=False):
                sums = [each.counts(phase, threshold).sum(axis=0) for threshold in THRESHOLDS]
                rates = [picks / hours if hours else np.nan for picks, hours in sums]
                axes.plot(THRESHOLDS, rates, ".-", color=colour, label=each.reader, linewidth=1, markersize=4)
            axes.set_yscale("symlog", linthresh=0.1)
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter("")
            axes.set_xlabel(f"threshold of {phase}", fontsize=8)
            axes.set_ylabel("false picks an hour" if phase == "P" else "", fontsize=8)
            axes.tick_params(labelsize=7)
            axes.spines[["top", "right"]].set_visible(False)
        axes.legend(fontsize=7, frameon=False)

    return Chart("False picks an hour of one station, by threshold.", draw, 0.45)
