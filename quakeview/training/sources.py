"""Where training windows come from: the ``[[data.sources]]`` of a run file, as things that give a window at random."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import Polarity
from quakeview.simulation.records.seismograms import SyntheticRecord, SyntheticSeismograms
from quakeview.training.augmentations import FloatArray, Generator, Window, pick_band
from quakeview.training.datasets import (
    RecordSet,
    open_continuous,
    open_diting,
    open_noise,
    open_seisbench,
    open_stead,
)
from quakeview.training.labels import loss_mask
from quakeview.training.layouts import Row
from quakeview.training.record_config import SourceConfig
from quakeview.training.records import (
    Arrival,
    LabelledRecord,
    drawn_groups,
    folds_by_group,
    moved,
    split_by_group,
)
from quakeview.training.splits import parts_by_file

SPLITS = {"train": 0.8, "dev": 0.1, "test": 0.1}
"""Shares of events where the data set brings no ``split`` column of its own."""

SHORTEST_NOISE = 5.0
"""Seconds before the first onset that make a record a source of noise."""

SLOWEST, FASTEST = 5.0, 100.0
"""How many times slower or faster than the network a record may be sampled."""

LOUD = 5.0
"""See ``is_quiet``."""
INSIDE = 0.75
"""Share of windows that do not reach over the ends of a record, where it is long enough."""


class Source(Protocol):
    """Gives a labelled record for item ``index`` of the stream, depending on ``rng`` and ``index`` only."""

    def record(self, rng: Generator, index: int) -> LabelledRecord: ...


@dataclass(frozen=True)
class RecordSource:
    """Records of a data set, all (or all of its events) equally often; those without a label that counts are passed
    over."""

    records: RecordSet
    even: Literal["record", "event"] = "record"

    def record(self, rng: Generator, index: int) -> LabelledRecord:
        if self.even == "record":
            return self.records[int(rng.integers(len(self.records)))]
        event = self._events[int(rng.integers(len(self._events)))]
        return self.records[event[int(rng.integers(len(event)))]]

    @cached_property
    def _events(self) -> list[list[int]]:
        """The records of each event."""
        events: dict[str, list[int]] = {}
        for number, entry in enumerate(self.records.entries):
            events.setdefault(entry.event_id, []).append(number)
        return list(events.values())


class SyntheticSource:
    """Synthetic records, made on demand and used several times while the pool slides along them.

    Record j is made from the seed and j alone, and item i draws from records i/reuse ... i/reuse + pool, so any item
    can be made again without the ones before.

    Args:
        noise: recorded noise for the generator, (3, n) arrays.
    """

    def __init__(
        self,
        config: SourceConfig,
        n: int,
        sampling_rate: float,
        min_snr_db: Mapping[str, float],
        seed: int,
        noise: Sequence[FloatArray] = (),
    ) -> None:
        settings = {"window_samples": n + n // 2, "noise_pool": noise, **config.settings}
        try:
            self._generator = SyntheticSeismograms(sampling_rate, **settings)
        except TypeError as error:
            raise QuakeViewError(f"The settings of a synthetic source are wrong: {error}.") from error
        self._min_snr_db, self._seed = min_snr_db, seed
        self._pool, self._reuse = config.pool, config.reuse
        self._made: dict[int, LabelledRecord] = {}

    def record(self, rng: Generator, index: int) -> LabelledRecord:
        oldest = index // self._reuse
        number = oldest + int(rng.integers(self._pool))
        if number not in self._made:
            for past in [j for j in self._made if not oldest <= j < oldest + self._pool]:
                del self._made[past]
            self._made[number] = self.make(number)
        return self._made[number]

    def make(self, number: int) -> LabelledRecord:
        """Record ``number``, however often it is asked for."""
        made = self._generator.sample(np.random.default_rng([self._seed, 1, number]))
        return replace(synthetic_record(made, self._min_snr_db), name=f"synthetic record {number}")


def synthetic_record(made: SyntheticRecord, min_snr_db: Mapping[str, float]) -> LabelledRecord:
    """A synthetic record with its labels; onsets weaker than their phase's ``min_snr_db`` are doubtful.

    Magnitude, distance, back-azimuth and polarity are given where there is one event.
    """
    data = np.where(made.valid[:, None], made.data, 0).astype(np.float32)
    picks: list[Arrival] = []
    doubtful: list[Arrival] = []
    for event in made.events:
        for phase, sample, snr in (("P", event.p_sample, event.p_snr_db), ("S", event.s_sample, event.s_snr_db)):
            if sample is not None and 0 <= sample < data.shape[1]:
                (picks if snr >= min_snr_db[phase] else doubtful).append(Arrival(phase, sample))
    record = LabelledRecord(data, made.sampling_rate, tuple(picks), tuple(doubtful))
    if len(made.events) != 1:
        return record
    event = made.events[0]
    return replace(
        record,
        magnitude=event.magnitude,
        epicentral_distance=event.epicentral_distance,
        back_azimuth=event.back_azimuth,
        polarity={1: Polarity.UP, -1: Polarity.DOWN, 0: Polarity.UNDECIDABLE}[event.polarity],
    )


def open_sources(
    configs: Sequence[SourceConfig],
    n: int,
    sampling_rate: float,
    min_snr_db: Mapping[str, float],
    seed: int,
    fraction: float = 1.0,
) -> list[Source]:
    """The sources of ``[[data.sources]]``, in order; the synthetic ones get the recorded noise of the others.

    Args:
        fraction: of the recorded events of each source; see ``few_events``.

    Raises:
        QuakeViewError: if a path is missing, a file cannot be read, or no record is left.
    """
    opened = {
        number: RecordSource(few_events(open_records(config, sampling_rate), config, fraction, seed), config.even)
        for number, config in enumerate(configs)
        if config.kind != "synthetic"
    }
    noise = [piece for source in opened.values() for piece in recorded_noise(source.records)]
    return [
        opened[number]
        if number in opened
        else SyntheticSource(config, n, sampling_rate, min_snr_db, seed + number, noise)
        for number, config in enumerate(configs)
    ]


def few_events(records: RecordSet, config: SourceConfig, fraction: float, seed: int) -> RecordSet:
    """The records of a fraction of the events, drawn by the seed; noise without events stays whole.

    Raises:
        QuakeViewError: if the records are continuous, whose picks belong to no event.
    """
    if fraction == 1 or config.kind == "noise":
        return records
    if config.kind == "continuous":
        raise QuakeViewError(
            "A fraction of the events cannot be drawn from a continuous source, whose picks name no event; "
            "remove fraction from [data], or the source."
        )
    drawn = drawn_groups([entry.event_id for entry in records.entries], fraction, seed)
    return records.take(drawn.tolist())


def recorded_noise(records: RecordSet) -> list[FloatArray]:
    """What the records that are kept in memory have before their first onset, (3, n) each, where it is long enough."""
    if not records.in_memory:
        return []
    return [quiet for record in records if (quiet := _before_first_onset(record)) is not None]


def open_records(config: SourceConfig, sampling_rate: float, validation: bool = False) -> RecordSet:
    """The records that a table describes, its split and fold applied.

    Raises:
        QuakeViewError: if a path is missing, a file cannot be read, or no record is left.
    """
    path = _needed(config.path, "path", config.kind)
    if config.kind == "continuous":
        picks = _needed(config.picks, "picks", config.kind)
        records = open_continuous(path, picks, sampling_rate, config.min_probability, config.background, config.until)
    elif config.kind == "noise":
        records = open_noise(path, sampling_rate)
    elif config.kind == "stead":
        records = open_stead(path, _needed(config.waveforms, "waveforms", config.kind), sampling_rate)
    else:
        records = {"seisbench": open_seisbench, "diting": open_diting}[config.kind](path, sampling_rate)
    records = _chosen(records, config, validation)
    records = records.select(lambda _, entry: bool(entry.complete or entry.picks))
    if not len(records):
        raise QuakeViewError(f"No labelled record of {path} is left; check split, only and fold in the run file.")
    _check_rates(records, sampling_rate, path)
    return replace(records, in_memory=len(records) <= 5000)


def _check_rates(records: RecordSet, sampling_rate: float, path: Path) -> None:
    """Refuse records whose sampling rate cannot be right, for a network at ``sampling_rate`` Hz."""
    for entry in records.entries:
        if not sampling_rate / SLOWEST <= entry.sampling_rate <= sampling_rate * FASTEST:
            raise QuakeViewError(
                f"{entry.name} has a sampling rate of {entry.sampling_rate:g} Hz, which cannot be for a network at "
                f"{sampling_rate:g} Hz; correct it in the table of {path}, or leave the record out with 'only'."
            )


def _needed(path: Path | None, name: str, kind: str) -> Path:
    if path is None:
        raise QuakeViewError(f"A source of kind {kind!r} needs {name!r} in the run file.")
    return path


def _chosen(records: RecordSet, config: SourceConfig, validation: bool) -> RecordSet:
    """The part, the fold and the quality that the table asks for."""
    if config.splits is not None and config.split is None:
        raise QuakeViewError(f"A source with splits = {config.splits.name!r} needs split too, such as 'train'.")
    if config.split is not None:
        parts = _parts(records, config)
        records = records.take([i for i, part in enumerate(parts) if part == config.split])
    if config.folds is not None:
        groups = [e.event_id if config.group == "event" else e.station_id for e in records.entries]
        inside = folds_by_group(groups, config.folds) == config.fold
        records = records.take(np.flatnonzero(inside if validation else ~inside).tolist())
    if config.only is not None:
        column = config.only
        records = records.select(lambda row, _: row.get(column, "").strip().lower() in ("true", "1", "yes"))
    return records


def _parts(records: RecordSet, config: SourceConfig) -> list[str]:
    """Of each record: what the table of splits says, else the data set's own column, else chance by event."""
    events = [entry.event_id for entry in records.entries]
    if config.splits is not None and config.path is not None:
        return parts_by_file(config.splits, config.path, events)
    return _split_column(records.rows) or split_by_group(events, SPLITS)


def _split_column(rows: Sequence[Row]) -> list[str]:
    return [row["split"] for row in rows] if rows and "split" in rows[0] else []


def cut(record: LabelledRecord, start: int, n: int, trust: float = 2.0) -> Window:
    """``n`` samples of a record from ``start`` on, zeros where it has none."""
    data, valid = np.zeros((3, n), dtype=np.float32), np.zeros((3, n), dtype=np.bool_)
    begin, end = max(start, 0), min(start + n, record.data.shape[1])
    if begin < end:
        piece = record.data[:, begin:end]
        there = np.ptp(piece, axis=1) > 0
        data[:, begin - start : end - start] = np.where(there[:, None], piece - piece.mean(axis=1, keepdims=True), 0)
        valid[:, begin - start : end - start] = there[:, None]
    picks, doubtful = (_inside(arrivals, start, n) for arrivals in (record.picks, record.doubtful))
    return Window(
        data,
        valid,
        loss_mask(picks, doubtful, record.complete, n, record.sampling_rate, trust),
        picks,
        doubtful,
        record.back_azimuth,
        record=record,
        names=(record.name,),
    )


def cut_at_p(record: LabelledRecord, n: int, before: float) -> Window:
    """``n`` samples from ``before`` seconds before the first P on (of the record, if it has no P)."""
    return cut(record, round((record.first("P") or 0.0) - before * record.sampling_rate), n)


def _inside(arrivals: Sequence[Arrival], start: int, n: int) -> tuple[Arrival, ...]:
    return tuple(a for a in moved(arrivals, shift=-start) if 0 <= a.sample < n)


def random_start(record: LabelledRecord, n: int, rng: Generator, latest: float = 28.0) -> int:
    """Where to cut ``n`` samples around a random pick of the record.

    The window begins so that the pick is at least 5 s before its end, or up to ``latest`` seconds after a P as long as
    its S is still ahead: windows with the S alone occur. Without picks the window begins anywhere in the record. Most
    windows of a record that is long enough lie inside it, as they do in use.
    """
    rate, length = record.sampling_rate, record.data.shape[1]
    anchors = [a for a in record.picks if a.phase == "P"] or list(record.picks)
    if not anchors:
        return int(rng.integers(max(length - n, 0) + 1))
    anchor = anchors[int(rng.integers(len(anchors)))]
    ahead = [a.sample for a in record.picks if a.phase == "S" and a.sample > anchor.sample]
    last = anchor.sample - rate
    if anchor.phase == "P" and ahead:
        last = max(last, min(anchor.sample + latest * rate, min(ahead) - rate))
    first = min(anchor.sample - (n - 5 * rate), last)
    start = int(rng.uniform(first, last))
    if length >= n and rng.random() < INSIDE:
        start = min(max(start, 0), length - n)
    return start


def noise_before(record: LabelledRecord, n: int, rng: Generator) -> Window | None:
    """``n`` samples from before the first onset, mirrored as often as needed; None if the record has too little."""
    quiet = _before_first_onset(record)
    if quiet is None:
        return None
    start = int(rng.integers(max(quiet.shape[1] - n, 0) + 1))
    piece = quiet[:, start : start + n]
    piece = np.pad(piece, ((0, 0), (0, n - piece.shape[1])), mode="symmetric")
    return cut(replace(record, data=piece, picks=(), doubtful=()), 0, n)


def _before_first_onset(record: LabelledRecord) -> FloatArray | None:
    """The record up to 2 s before its first onset; None if it is incomplete, that is too short, or not quiet."""
    onsets = [a.sample for a in (*record.picks, *record.doubtful)]
    last = min(onsets) - 2 * record.sampling_rate if onsets else record.data.shape[1]
    if not record.complete or last < SHORTEST_NOISE * record.sampling_rate:
        return None
    quiet = record.data[:, : int(last)]
    return quiet if is_quiet(quiet, record.sampling_rate) else None


def is_quiet(data: FloatArray, sampling_rate: float) -> bool:
    """Whether no second of (3, n) is louder than ``LOUD`` times the median second, at 2-15 Hz on any component.

    What came before an analyst's pick may hold an earlier earthquake that was not the one to pick.
    """
    band = pick_band(data - data.mean(axis=1, keepdims=True), sampling_rate)
    second = int(sampling_rate)
    seconds = band[:, second : band.shape[1] // second * second].reshape(3, -1, second)
    loudness = np.sqrt(np.square(seconds).mean(axis=2))
    return bool((loudness.max(axis=1) <= LOUD * np.median(loudness, axis=1)).all())
