"""A look at what has no table of records: continuous seismograms, synthetic ones, and folders of scenarios."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted
from quakeview.training.layouts import FIRST_ARRIVALS, NOTHING, Row, number_of, read_rows, seconds_of
from quakeview.training.planning.looking import SHOWN, Look, Sample, labels_of, title_of
from quakeview.training.planning.problems import Problem
from quakeview.training.planning.record_table import (
    RecordColumns,
    RecordTable,
    labelled_numbers,
    name_of,
)
from quakeview.training.record_config import SourceConfig, WindowConfig
from quakeview.training.records import Arrival, LabelledRecord
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

DRAWN = 100
"""Synthetic records that are made for a look."""
SYNTHETIC_RATE, SYNTHETIC_SAMPLES = 50.0, 4096
BEFORE, AFTER = 20.0, 40.0
"""Seconds around a pick that are shown."""

# --- synthetic seismograms -------------------------------------------------------------------------------------------


def look_at_synthetic(config: SourceConfig, progress: Progress = Progress()) -> Look:
    """Look at ``DRAWN`` records of the generator.

    Raises:
        QuakeViewError: if its settings are wrong.
        Cancelled: through ``progress``.
    """
    from quakeview.training.sources import SyntheticSource

    least = {"P": WindowConfig().min_p_snr_db, "S": WindowConfig().min_s_snr_db}
    source = SyntheticSource(config, SYNTHETIC_SAMPLES, SYNTHETIC_RATE, least, seed=0)
    columns, samples = RecordColumns(), []
    for number in range(DRAWN):
        progress.advance(number, DRAWN, "making synthetic seismograms")
        record = source.make(number)
        name = f"synthetic {number + 1}"
        columns.add(name, replace(record, data=NOTHING, event_id=name), "", labelled_numbers(record))
        if number < SHOWN:
            samples.append(Sample(number, name, "", record.data, record.sampling_rate, {}))
    table = columns.table("Synthetic seismograms")
    notes = [f"{DRAWN} records were made for this look; training makes new ones for as long as it runs."]
    return Look(table, [_titled(sample, table) for sample in samples], [], notes)


# --- continuous seismograms ------------------------------------------------------------------------------------------


def look_at_waveforms(config: SourceConfig, progress: Progress = Progress()) -> Look:
    """Look at continuous records by their headers and at the picks that belong to them; some waveforms are read.

    Raises:
        QuakeViewError: if there are no waveforms, or the table of picks cannot be read.
        Cancelled: through ``progress``.
    """
    if config.path is None or not config.path.exists():
        raise QuakeViewError(f"There are no waveforms at {config.path or 'a place without a name'}; were they moved?")
    archive = Archive()
    problems = [Problem(each.sentence.rstrip(".")) for each in archive.add([config.path], progress.part(0, 0.6))]
    if not archive.channels:
        raise QuakeViewError(f"{config.path} holds no waveforms that can be read; choose another folder.")
    instruments = _instruments(archive)
    outside: list[str] = []
    if config.kind == "noise":
        table = _stretches(archive, instruments, name_of(config))
    else:
        if config.picks is None:
            raise QuakeViewError(f"The picks of {config.path.name} are missing; name their table too.")
        table, outside = _picks(archive, instruments, config.picks, name_of(config))
    if outside:
        said = counted(len(outside), "pick lies where nothing was recorded", "picks lie where nothing was recorded")
        problems.insert(0, Problem(said, outside, "they are left out"))
    if not len(table):
        raise QuakeViewError(f"No pick of {config.picks} belongs to the waveforms in {config.path}; check both.")
    samples = _cut(archive, instruments, table, progress.part(0.6, 1))
    notes = ["Each pick counts as a record; of the waveforms only those around some picks were read."]
    if config.kind == "noise":
        notes = ["Each station counts as a record; of the waveforms only some minutes were read."]
    return Look(table, samples, problems, notes)


def _instruments(archive: Archive) -> dict[str, Instrument]:
    """The instrument of each station with the most samples, by ``NET.STA``."""
    most: dict[str, tuple[int, Instrument]] = {}
    for instrument, channels in archive.stations.items():
        size = sum(segment.npts for channel in channels.values() for segment in archive.segments(channel))
        name = f"{instrument.network}.{instrument.station}"
        most[name] = max(most.get(name, (0, instrument)), (size, instrument))
    return {name: instrument for name, (_, instrument) in most.items()}


def _stretches(archive: Archive, instruments: dict[str, Instrument], name: str) -> RecordTable:
    """One row for each station of records without earthquakes."""
    columns = RecordColumns()
    for station, instrument in instruments.items():
        first = _spans(archive, instrument)[0]
        rate = _rate(archive, instrument)
        record = LabelledRecord(NOTHING, rate, station_id=station)
        columns.add(station, record, "", {"sampling_rate": rate, "start": first[0]})
    return columns.table(name)


def _picks(
    archive: Archive, instruments: dict[str, Instrument], picks: Path, name: str
) -> tuple[RecordTable, list[str]]:
    """One row for each pick in the waveforms, and the names of those outside."""
    columns = RecordColumns()
    outside: list[str] = []
    spans = {station: _spans(archive, instrument) for station, instrument in instruments.items()}
    for row in read_rows(picks):
        station, phase, time = _read_pick(row, picks)
        if phase not in FIRST_ARRIVALS or station not in instruments:
            continue
        label = f"{station} {phase} {row['time']}"
        if not any(start <= time <= end for start, end in spans[station]):
            outside.append(label)
            continue
        rate = _rate(archive, instruments[station])
        record = LabelledRecord(NOTHING, rate, (Arrival(phase, BEFORE * rate),), station_id=station, complete=False)
        columns.add(label, record, "", labelled_numbers(record) | {"start": time - BEFORE})
    return columns.table(name), outside


def _read_pick(row: Row, picks: Path) -> tuple[str, str, float]:
    """Station, phase and time.

    Raises:
        QuakeViewError: if a column is missing, or the time is none.
    """
    time = seconds_of(row.get("time"))
    if time is None or not row.get("phase") or "network" not in row or "station" not in row:
        raise QuakeViewError(f"{picks.name} is no table of picks; it needs the columns network, station, phase, time.")
    return f"{row['network']}.{row['station']}", row["phase"][0].upper(), time


def _spans(archive: Archive, instrument: Instrument) -> list[tuple[float, float]]:
    """When any channel recorded, s after 1970."""
    found = [span for channel in archive.stations[instrument].values() for span in archive.coverage(channel)]
    return sorted((start.timestamp, end.timestamp) for start, end in found)


def _rate(archive: Archive, instrument: Instrument) -> float:
    channels = archive.stations[instrument].values()
    return max(segment.sampling_rate for channel in channels for segment in archive.segments(channel))


def _cut(archive: Archive, instruments: dict[str, Instrument], table: RecordTable, progress: Progress) -> list[Sample]:
    """A minute around some of the rows."""
    from obspy import UTCDateTime

    from quakeview.waveforms.assembly import three_component_blocks

    chosen = np.sort(np.random.default_rng(1).permutation(len(table))[:SHOWN])
    samples = []
    for number, index in enumerate(chosen.tolist()):
        progress.advance(number, len(chosen), "looking at waveforms")
        instrument, rate = instruments[table.stations[table.station[index]]], table["sampling_rate"][index]
        start, seconds = UTCDateTime(table["start"][index]), BEFORE + AFTER
        blocks = three_component_blocks(archive, instrument, rate, seconds, start=start, end=start + seconds)
        block = next(iter(blocks), None)
        if block is None:
            continue
        shift = start - block.start
        labels = {phase: at + shift for phase, at in labels_of(table, index).items()}
        samples.append(Sample(index, table.names[index], title_of(table, index), block.data, rate, labels))
    progress.advance(1, 1)
    return samples


# --- scenarios -------------------------------------------------------------------------------------------------------


def look_at_scenarios(folder: Path, progress: Progress = Progress()) -> Look:
    """Look at a folder that ``quakeview simulate`` made: its table, and the motion at the middle of some scenarios.

    Raises:
        QuakeViewError: if the folder is no data set of scenarios.
        Cancelled: through ``progress``.
    """
    path = folder / "metadata.csv"
    rows = list(read_rows(path)) if path.is_file() else []
    if not rows or not {"file", "split"} <= rows[0].keys():
        raise QuakeViewError(
            f"{folder} is no data set of scenarios; make it with 'quakeview simulate' and a TOML file."
        )
    columns = RecordColumns()
    for row in rows:
        record = LabelledRecord(NOTHING, 1.0, event_id=row["file"], complete=False)
        columns.add(row["file"], record, row["split"], _scenario_numbers(row))
    table = columns.table(folder.resolve().name)
    gone = [row["file"] for row in rows if not (folder / row["file"]).is_file()]
    problems = [Problem(counted(len(gone), "scenario is missing", "scenarios are missing"), gone)] if gone else []
    samples = list(_motions(folder, [row["file"] for row in rows], progress))
    return Look(table, samples, problems, [])


def _scenario_numbers(row: Row) -> dict[str, float | None]:
    return {"magnitude": number_of(row.get("magnitude")), "depth": number_of(row.get("depth"))}


def _motions(folder: Path, files: Sequence[str], progress: Progress) -> Iterator[Sample]:
    """The three components at the middle of the grid."""
    from quakeview.wavefield.scenarios.scenario import Scenario

    chosen = np.sort(np.random.default_rng(1).permutation(len(files))[:SHOWN]).tolist()
    for number, index in enumerate(chosen):
        progress.advance(number, len(chosen), "looking at scenarios")
        if not (folder / files[index]).is_file():
            continue
        with Scenario.open(folder / files[index]) as scenario:
            _, nx, ny = scenario.header.frame_shape
            trace: NDArray[np.float32] = scenario.traces(nx // 2, ny // 2)[0]
            rate = 1 / scenario.header.frame_step
        yield Sample(index, files[index], f"{files[index]}  ·  middle of the map", trace, rate, {}, "XYZ")
    progress.advance(1, 1)


def _titled(sample: Sample, table: RecordTable) -> Sample:
    labels = labels_of(table, sample.index)
    return replace(sample, title=title_of(table, sample.index), labels=labels)
