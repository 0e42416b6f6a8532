"""Windows around labels, checked, written in SeisBench layout: ``metadata.csv`` and ``waveforms.hdf5``."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.atomic import hidden_beside
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.texts import counted
from quakeview.training.building.labelled import Labels, without_doubles
from quakeview.training.planning.looking import look_at
from quakeview.training.record_config import SourceConfig
from quakeview.training.records import COMPONENTS, split_by_group
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.assembly import ThreeComponents, three_component_blocks
from quakeview.waveforms.flaws import is_clipped

PARTS = {"train": 0.7, "dev": 0.15, "test": 0.15}
"""Share of the earthquakes in each part."""
_CLEAR = 5.0
"""Seconds after a label that must belong to its earthquake alone, and that must have been recorded."""
_FEWEST_EVENTS = 10
_TOLD = 10
_Row = dict[str, Any]


@dataclass(frozen=True)
class Window:
    """How much of a record is kept: seconds before the first label and after the last one."""

    before: float = 30.0
    after: float = 60.0


@dataclass(frozen=True)
class BuiltDataset:
    """What was written.

    Attributes:
        records: how many, by part.
        sentences: what was left out, and what to look at.
    """

    folder: Path
    records: dict[str, int]
    sentences: list[str]


@dataclass(frozen=True)
class PreparedDataset:
    """A data set that is written and checked, but hidden until it is kept.

    Attributes:
        folder: where it will be.
        records: how many, by part.
        sentences: what was left out, and what to look at.
    """

    folder: Path
    records: dict[str, int]
    sentences: list[str]
    _hidden: Path

    def keep(self) -> BuiltDataset:
        """Give it its name.

        Raises:
            QuakeViewError: if that cannot be done; nothing is left then.
        """
        try:
            if self.folder.exists():
                self.folder.rmdir()
            self._hidden.rename(self.folder)
        except OSError as error:
            self.discard()
            raise _unwritable(self.folder, error) from error
        return BuiltDataset(self.folder, self.records, self.sentences)

    def discard(self) -> None:
        """Delete it."""
        shutil.rmtree(self._hidden, ignore_errors=True)


def build_dataset(
    labels: Sequence[Labels],
    archive: Archive,
    folder: Path,
    others: Iterable[Pick] = (),
    window: Window = Window(),
    parts: Mapping[str, float] = PARTS,
    coordinates: Mapping[tuple[str, str], Coordinates] | None = None,
    progress: Progress = Progress(),
) -> BuiltDataset:
    """``prepare_dataset``, and keep it.

    Raises:
        QuakeViewError: if the folder is in use, no record is left, or it cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    return prepare_dataset(labels, archive, folder, others, window, parts, coordinates, progress).keep()


def prepare_dataset(
    labels: Sequence[Labels],
    archive: Archive,
    folder: Path,
    others: Iterable[Pick] = (),
    window: Window = Window(),
    parts: Mapping[str, float] = PARTS,
    coordinates: Mapping[tuple[str, str], Coordinates] | None = None,
    progress: Progress = Progress(),
) -> PreparedDataset:
    """Cut a window around the labels of each earthquake and station, check it, and write it beside the folder.

    A window ends before another pick of its station, so that nothing in it is an earthquake without a label. A record
    is left out, with a sentence, if its label lies in a gap or outside the waveforms, or such a pick is within 5 s.
    All records of an earthquake are in one part; which one hangs on its name alone. What is left is looked at as any
    data set is before training.

    Args:
        labels: by time, see ``labels_of``.
        others: picks of no labelled earthquake, such as those that nobody has looked at.
        folder: must not exist, or be empty.
        coordinates: of stations by network and station code, for distances and azimuths.

    Raises:
        QuakeViewError: if the folder is in use, no record is left, or it cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise QuakeViewError(f"{folder} is in use; choose another folder for the data set.")
    labels, doubled = without_doubles(labels)
    hidden = hidden_beside(folder)
    try:
        hidden.mkdir(parents=True)
        spans, cutting = _spans(labels, others, window), progress.part(0, 0.8)
        rows, wrong = _write_waveforms(labels, spans, archive, hidden / "waveforms.hdf5", coordinates or {}, cutting)
        wrong = [*doubled, *wrong]
        if not rows:
            raise QuakeViewError("No record is left: " + (wrong[0] if wrong else "there are no labels of P and S."))
        for row, name in zip(rows, split_by_group([row["source_id"] for row in rows], dict(parts)), strict=True):
            row["split"] = name
        _write_table(hidden / "metadata.csv", rows)
        seen = look_at(SourceConfig("seisbench", hidden), progress.part(0.8, 1))
    except OSError as error:
        shutil.rmtree(hidden, ignore_errors=True)
        raise _unwritable(folder, error) from error
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    found = [problem.sentence for problem in seen.problems if "own split" not in problem.what]
    records = dict(Counter(row["split"] for row in rows))
    return PreparedDataset(folder, records, [*_shortened(wrong), *found, *_remarks(rows, parts)], hidden)


def _unwritable(folder: Path, error: OSError) -> QuakeViewError:
    return QuakeViewError(f"{folder} could not be written ({error.strerror or error}); make room.")


def _write_waveforms(
    labels: Sequence[Labels],
    spans: Sequence[tuple[UTCDateTime, UTCDateTime]],
    archive: Archive,
    path: Path,
    coordinates: Mapping[tuple[str, str], Coordinates],
    progress: Progress,
) -> tuple[list[_Row], list[str]]:
    import h5py

    rows: list[_Row] = []
    wrong: list[str] = []
    with h5py.File(path, "w") as file:
        file["data_format/component_order"] = COMPONENTS
        file["data_format/dimension_order"] = "CW"
        for number, (each, span) in enumerate(zip(labels, spans, strict=True)):
            progress.advance(number, len(labels), "cutting records")
            try:
                block = _recorded(archive, each, span)
            except QuakeViewError as error:
                wrong.append(str(error))
                continue
            name = f"trace{len(rows):06d}"
            file.create_dataset(f"data/{name}", data=block.data, compression="gzip", compression_opts=1)
            rows.append(_row(name, each, block, coordinates.get(each.station[:2]), _clipped(archive, each, span)))
    progress.advance(1, 1)
    return rows, wrong


def _spans(labels: Sequence[Labels], others: Iterable[Pick], window: Window) -> list[tuple[UTCDateTime, UTCDateTime]]:
    """First and last moment of each window, so that it holds no pick of another earthquake at that station."""
    onsets: dict[tuple[str, ...], list[tuple[UTCDateTime, str]]] = {}
    for each in labels:
        onsets.setdefault(each.station[:2], []).extend((pick.time, each.group) for pick in each.picks)
    for pick in others:
        onsets.setdefault(pick.channel_id[:2], []).append((pick.time, ""))
    spans = []
    for each in labels:
        foreign = [time for time, group in onsets[each.station[:2]] if group != each.group]
        start, end = each.first - window.before, each.last + window.after
        start = max([start, *(time + _CLEAR for time in foreign if time < each.first)])
        spans.append((start, min([end, *(time - _CLEAR for time in foreign if time >= each.first)])))
    return spans


def _recorded(archive: Archive, labels: Labels, span: tuple[UTCDateTime, UTCDateTime]) -> ThreeComponents:
    """The window at the rate of the recording.

    Raises:
        QuakeViewError: one sentence, if it does not do as a record.
    """
    start, end = span
    told = f"{labels.station} at {labels.first.strftime('%Y-%m-%d %H:%M:%S')}"
    if start > labels.first or end < labels.last + _CLEAR:
        raise QuakeViewError(
            f"{told}: another earthquake, or a pick of none, comes within seconds; the record is left out."
        )
    channels = archive.stations.get(labels.station, {})
    rates = [piece.sampling_rate for channel in channels.values() for piece in archive.segments(channel)]
    if not rates:
        raise QuakeViewError(f"{told}: there are no waveforms of the station; the record is left out.")
    seconds = end - start
    blocks = three_component_blocks(archive, labels.station, max(rates), seconds, start=start, end=end)
    block = next((block for block in blocks if block.start <= labels.first and labels.last <= block.end), None)
    if block is None:
        raise QuakeViewError(f"{told}: a label lies outside the waveforms; the record is left out.")
    if not all(_is_recorded(block, pick) for pick in labels.picks):
        raise QuakeViewError(f"{told}: a label lies in a gap; the record is left out.")
    return block


def _is_recorded(block: ThreeComponents, pick: Pick) -> bool:
    """Whether a component was recorded a second before and after the label."""
    at = (pick.time - block.start) * block.sampling_rate
    around = slice(max(round(at - block.sampling_rate), 0), round(at + block.sampling_rate))
    return bool(block.valid[:, around].all(axis=1).any())


def _clipped(archive: Archive, labels: Labels, span: tuple[UTCDateTime, UTCDateTime]) -> bool:
    channels = archive.stations.get(labels.station, {}).values()
    return any(is_clipped(piece.data) for channel in channels for piece in archive.pieces(channel, *span))


# --- the table -------------------------------------------------------------------------------------------------------


def _row(name: str, labels: Labels, block: ThreeComponents, coordinates: Coordinates | None, clipped: bool) -> _Row:
    station = labels.station
    missing = "".join(letter for letter, valid in zip(COMPONENTS, block.valid, strict=True) if not valid.any())
    row: _Row = {
        "trace_name": name,
        "station_network_code": station.network,
        "station_code": station.station,
        "station_location_code": station.location,
        "trace_channel": station.band,
        "trace_sampling_rate_hz": block.sampling_rate,
        "trace_npts": block.npts,
        "trace_start_time": str(block.start),
        "trace_component_order": COMPONENTS,
        "trace_missing_components": missing,
        "trace_clipped": clipped,
        "source_id": labels.group,
    }
    for phase, pick in (("p", labels.p), ("s", labels.s)):
        row |= _label(phase, pick, block)
    row["trace_p_polarity"] = labels.p.polarity.value if labels.p and labels.p.polarity else ""
    return row | _source(labels, coordinates)


def _label(phase: str, pick: Pick | None, block: ThreeComponents) -> _Row:
    if pick is None:
        return dict.fromkeys((f"trace_{phase}_arrival_sample", f"trace_{phase}_status", f"trace_{phase}_snr_db"), "")
    at = (pick.time - block.start) * block.sampling_rate
    return {
        f"trace_{phase}_arrival_sample": round(at, 3),
        f"trace_{phase}_status": "automatic" if pick.status is PickStatus.AUTOMATIC else "manual",
        f"trace_{phase}_snr_db": _signal_to_noise(block.data, block.valid, at, block.sampling_rate),
    }


def _signal_to_noise(data: NDArray[np.float32], valid: NDArray[np.bool_], at: float, rate: float) -> float | str:
    """Power of 2 s after a label over that of 4 s before it, dB, of all components; empty where there is too little."""
    label = round(at)
    noise, signal = slice(max(label - round(4 * rate), 0), label), slice(label, label + round(2 * rate))
    recorded = valid[:, noise].all(axis=1) & valid[:, signal].all(axis=1)
    if noise.stop - noise.start < rate or not recorded.any():
        return ""
    powers = [float(np.square(data[recorded][:, part], dtype=np.float64).mean()) for part in (signal, noise)]
    return round(10 * float(np.log10(powers[0] / powers[1])), 2) if min(powers) > 0 else ""


def _source(labels: Labels, coordinates: Coordinates | None) -> _Row:
    row: _Row = {}
    if coordinates is not None:
        row |= {
            "station_latitude_deg": coordinates.latitude,
            "station_longitude_deg": coordinates.longitude,
            "station_elevation_m": coordinates.elevation,
        }
    if (event := labels.event) is None:
        return row
    magnitude, origin = event.magnitude, event.origin
    row |= {
        "source_origin_time": str(origin.time),
        "source_latitude_deg": origin.latitude,
        "source_longitude_deg": origin.longitude,
        "source_depth_km": "" if origin.depth is None else origin.depth / 1000,
        "source_magnitude": "" if magnitude is None else magnitude.value,
        "source_magnitude_type": "" if magnitude is None else magnitude.kind,
    }
    if coordinates is not None:
        path = epicentral_path(origin.latitude, origin.longitude, coordinates)
        row |= {"path_ep_distance_km": path.distance / 1000, "path_back_azimuth_deg": path.back_azimuth}
    return row


def _write_table(path: Path, rows: Sequence[_Row]) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


# --- what is said ----------------------------------------------------------------------------------------------------


def _remarks(rows: Sequence[_Row], parts: Mapping[str, float]) -> Iterable[str]:
    """What somebody who trains with them should know."""
    events = len({row["source_id"] for row in rows})
    if half := sum(row["trace_p_arrival_sample"] == "" or row["trace_s_arrival_sample"] == "" for row in rows):
        yield f"{counted(half, 'record has', 'records have')} a P or an S only."
    if empty := [name for name in parts if name not in {row["split"] for row in rows}]:
        yield f"There is no earthquake in {' and '.join(empty)}: {counted(events, 'earthquake')} are few."
    elif events < _FEWEST_EVENTS:
        yield f"{counted(events, 'earthquake is', 'earthquakes are')} few: scores will be uncertain."


def _shortened(sentences: Sequence[str]) -> list[str]:
    more = len(sentences) - _TOLD
    rest = [f"{counted(more, 'more record was', 'more records were')} left out."] if more > 0 else []
    return [*sentences[:_TOLD], *rest]
