"""All a trace view shows, apart from where it is on screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quakeview.app.traces.amplitude import Amplitude, Scaling
from quakeview.app.traces.curves import ProbabilityCurve
from quakeview.app.traces.marks import Alignment, Ghost, PickMark, StationRow
from quakeview.app.traces.picks_layer import PicksLayer
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.columns import DrawnRecord, start_time


@dataclass
class TraceScene:
    """Stations, their records, picks and curves, and how amplitudes are scaled.

    Attributes:
        problems: why a channel has no record, a sentence shown in its row.
        notes: what is special about a record, shown on its trace; may be empty.
        unsettled: (k, 2) first and last times of what a filter made without knowing what came before.
        amplitudes: of the traces as last painted.
        unit: of the samples, ``counts`` or ``m/s``.
        units: of the channels that have another one.
        events: times to mark by a line through all stations, with a label.
        alignment: how stations are moved in time; None: not at all.
        theory: when waves should come, by station.
        ghosts: picks that are not in the project, of models that are compared, by station and in time order.
    """

    rows: Sequence[StationRow] = ()
    records: dict[ChannelId, tuple[DrawnRecord, ...]] = field(default_factory=dict)
    problems: dict[ChannelId, str] = field(default_factory=dict)
    notes: dict[ChannelId, str] = field(default_factory=dict)
    unsettled: dict[ChannelId, np.ndarray] = field(default_factory=dict)
    curves: dict[Instrument, tuple[ProbabilityCurve, ProbabilityCurve]] = field(default_factory=dict)
    picks: PicksLayer = field(default_factory=PicksLayer)
    amplitudes: dict[ChannelId, Amplitude] = field(default_factory=dict)
    events: Sequence[tuple[float, str]] = ()
    alignment: Alignment | None = None
    theory: Mapping[Instrument, Sequence[PickMark]] = field(default_factory=dict)
    ghosts: Mapping[Instrument, Sequence[Ghost]] = field(default_factory=dict)
    current: ChannelId | None = None
    scaling: Scaling = Scaling.TRACE
    gain: float = 1.0
    unit: str = "counts"
    units: dict[ChannelId, str] = field(default_factory=dict)

    def shift(self, station: Instrument) -> float:
        """Seconds by which all of a station is shown too early."""
        return 0.0 if self.alignment is None else self.alignment.shifts.get(station, 0.0)

    def status(self, channel_id: ChannelId) -> str:
        """What to write in the row of a channel that has nothing to draw in view."""
        if channel_id in self.problems:
            return self.problems[channel_id]
        return "no data in view" if channel_id in self.records else "loading…"

    def unit_of(self, channel_id: ChannelId) -> str:
        """Of the samples of a channel."""
        return self.units.get(channel_id, self.unit)

    def value(self, channel_id: ChannelId, time: float) -> float:
        """The sample nearest to ``time``; NaN where there is none."""
        for record in self.records.get(channel_id, ()):
            index = round((time - start_time(record)) * record.sampling_rate)
            if 0 <= index < len(record.data):
                return record.value(index)
        return float("nan")

    def channel_ids(self) -> list[ChannelId]:
        """Every channel from top to bottom."""
        return [channel_id for row in self.rows for _, channel_id in row.channels]


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """(begin, end) of every stretch of True."""
    steps = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return list(zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True))
