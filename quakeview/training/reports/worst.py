"""The records on which a picker is worst: as a picture, and as files that the window opens with their picks."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from quakeview.atomic import make_folder
from quakeview.colours import LIGHT
from quakeview.monitoring.exchange import write_picks
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.training.labels import PHASES
from quakeview.training.layouts import Row
from quakeview.training.records import COMPONENTS, LabelledRecord
from quakeview.training.reports.document import Chart, Table
from quakeview.training.reports.evaluation import PICKS, RECORD
from quakeview.training.reports.readings import LabelledPhase, ReadRecord
from quakeview.waveforms.channels import ChannelId

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from obspy import Stream

_MOST = 15
_DRAWN = 6
_NEVER = 10.0
"""Seconds that a label without a pick counts as."""
_LEAST = 0.3
_BEFORE_AND_AFTER = 5.0
_HIGH_PASS = 1.0
"""Hz."""


def worst_records(records: Sequence[ReadRecord], reader: str) -> list[ReadRecord]:
    """Up to 15 records whose P or S was not picked or is off by more than 0.3 s, the worst first."""
    off = {id(record): max(_miss(record.phases[phase], reader) for phase in PHASES) for record in records}
    ranked = sorted(records, key=lambda record: (-off[id(record)], record.name))
    return [record for record in ranked[:_MOST] if off[id(record)] > _LEAST]


def worst_table(worst: Sequence[ReadRecord], reader: str, folder: str = "") -> Table:
    """By how much each of them is off; the names lead to their folders within ``folder``."""
    rows = [
        [record.name, record.source, *(_told(record.phases[phase], reader) for phase in PHASES)] for record in worst
    ]
    links = links_within(folder, [record.name for record in worst])
    return Table(["Record", "Source", *(f"{phase} minus label, s" for phase in PHASES)], rows, links=links)


def links_within(folder: str, names: Sequence[str]) -> list[str]:
    """Addresses of the worst records, in the order of their names; none if they are not written."""
    return [quote(f"{folder}/{place(number, name)}/") for number, name in enumerate(names, 1)] if folder else []


def how_to_open(folder: str) -> list[str]:
    """A sentence on what to do with the worst records; none if they are not written."""
    if not folder:
        return []
    return [
        f"Each lies in a folder of its own in “{folder}”, which 'quakeview FOLDER/*' opens with its labels and picks."
    ]


def place(number: int, name: str) -> str:
    """The folder of the ``number``th worst record."""
    return f"{number:02d} {re.sub(r'[^A-Za-z0-9._-]', '_', name)}"


def worst_chart(worst: Sequence[ReadRecord], reader: str) -> Chart:
    """Draw their traces with labels (solid) and picks (dashed)."""
    drawn = worst[:_DRAWN]

    def draw(figure: "Figure") -> None:
        for axes, record in zip(np.ravel(figure.subplots(len(drawn), 1, squeeze=False)), drawn, strict=True):
            _draw_record(axes, record, reader)

    return Chart(
        "The worst of them, above 1 Hz, time in seconds; solid: labels, dashed: picks; P vermilion, S blue.",
        draw,
        0.25 * len(drawn),
    )


def _draw_record(axes: "Axes", record: ReadRecord, reader: str) -> None:
    waveform = record.waveform()
    seconds = np.arange(waveform.data.shape[1]) / waveform.sampling_rate
    for row, trace in enumerate(_filtered(waveform)):
        height = float(np.abs(trace).max()) or 1.0
        axes.plot(seconds, trace / (2.2 * height) - row, color=LIGHT.ink, linewidth=0.4)
    for phase, colour in zip(PHASES, (LIGHT.p, LIGHT.s), strict=True):
        labelled = record.phases[phase]
        if labelled.label is not None:
            axes.axvline(labelled.label, color=colour, linewidth=1)
        if (pick := labelled.best(reader)) is not None:
            axes.axvline(pick.seconds, color=colour, linewidth=1, linestyle="--")
    labels = [phase.label for phase in record.phases.values() if phase.label is not None]
    if labels:
        axes.set_xlim(min(labels) - _BEFORE_AND_AFTER, max(labels) + 2 * _BEFORE_AND_AFTER)
    axes.set_title(f"{record.name}  {record.source}", fontsize=7, loc="left")
    axes.set_yticks([0, -1, -2], COMPONENTS)
    axes.tick_params(labelsize=7)


def _filtered(waveform: LabelledRecord) -> NDArray[np.float64]:
    """(3, n) above 1 Hz, causal."""
    from scipy.signal import butter, sosfilt

    centred = waveform.data - np.median(waveform.data, axis=1, keepdims=True)
    filtered: NDArray[np.float64] = sosfilt(
        butter(2, _HIGH_PASS, "highpass", fs=waveform.sampling_rate, output="sos"), centred
    )
    return filtered


def write_worst(worst: Sequence[ReadRecord], reader: str, folder: Path) -> None:
    """Write each of them into a folder that the window opens: waveforms as MiniSEED, labels and picks as ``picks.csv``.

    Raises:
        OSError: if they cannot be written.
    """
    for number, record in enumerate(worst, start=1):
        stream = record_stream(record.row, record.name, record.waveform())
        write_record(stream, _picks(record, reader, stream), folder / place(number, record.name))


def write_record(stream: "Stream", picks: Sequence[Pick], folder: Path) -> None:
    """Write a record and its picks into a folder that the window opens.

    Raises:
        OSError: if they cannot be written.
    """
    make_folder(folder)
    stream.write(str(folder / RECORD), "MSEED")
    write_picks(picks, folder / PICKS)


def record_stream(row: Row, name: str, waveform: LabelledRecord) -> "Stream":
    """Three traces under the codes that the metadata ``row`` gives, at the time that it gives."""
    from obspy import Stream, Trace, UTCDateTime

    header = {
        "network": row.get("station_network_code", ""),
        "station": row.get("station_code") or name[:5].upper(),
        "location": row.get("station_location_code", ""),
        "starttime": UTCDateTime(row.get("trace_start_time") or 0),
        "sampling_rate": waveform.sampling_rate,
    }
    band = (row.get("trace_channel") or "HH")[:2]
    return Stream(
        Trace(data, header | {"channel": band + component})
        for component, data in zip(COMPONENTS, waveform.data, strict=True)
    )


def _picks(record: ReadRecord, reader: str, stream: "Stream") -> list[Pick]:
    """The labels, as manual picks, and what the reader picked."""
    vertical = stream[0]
    channel_id = ChannelId(*(vertical.stats[code] for code in ChannelId._fields))
    found = []
    for phase, labelled in record.phases.items():
        if labelled.label is not None:
            found.append(Pick(channel_id, phase, vertical.stats.starttime + labelled.label, comment="label"))
        if (pick := labelled.best(reader)) is not None:
            time = vertical.stats.starttime + pick.seconds
            found.append(Pick(channel_id, phase, time, PickStatus.AUTOMATIC, pick.probability, model=reader))
    return found


def _miss(phase: LabelledPhase, reader: str) -> float:
    """Seconds by which the pick is off."""
    if phase.label is None:
        return 0.0
    pick = phase.best(reader)
    return _NEVER if pick is None else min(abs(pick.seconds - phase.label), _NEVER)


def _told(phase: LabelledPhase, reader: str) -> str:
    if phase.label is None:
        return "no label"
    pick = phase.best(reader)
    return "not picked" if pick is None else f"{pick.seconds - phase.label:+.2f}"
