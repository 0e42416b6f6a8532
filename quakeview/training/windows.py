"""The endless stream of training windows: item i depends on the seed and on i, nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from quakeview.errors import QuakeViewError
from quakeview.training.augmentations import (
    Generator,
    Window,
    add_noise,
    as_in_paper,
    for_real_records,
    stack,
    stretch,
)
from quakeview.training.datasets import RecordSet
from quakeview.training.leaks import refuse_shared_earthquakes
from quakeview.training.record_config import DataConfig
from quakeview.training.records import LabelledRecord
from quakeview.training.sources import RecordSource, cut, cut_at_p, noise_before, open_sources, random_start
from quakeview.training.tasks import Batch

ATTEMPTS = 200
"""Records tried for one window before the data are called unusable."""
NOISE_ATTEMPTS = 20
"""Records tried for a stretch of noise before the window does without."""


class WindowMaker:
    """Windows of ``n`` samples from weighted sources."""

    def __init__(self, data: DataConfig, n: int, sampling_rate: float, seed: int) -> None:
        if not data.sources:
            raise QuakeViewError("There is nothing to train on; add a [[data.sources]] table to the run file.")
        self._data, self.config, self.n, self.sampling_rate = data, data.windows, n, sampling_rate
        self._min_snr_db = {"P": self.config.min_p_snr_db, "S": self.config.min_s_snr_db}
        self._sources = open_sources(data.sources, n, sampling_rate, self._min_snr_db, seed, data.fraction)
        self.records = [
            (table, source.records)
            for table, source in zip(data.sources, self._sources, strict=True)
            if isinstance(source, RecordSource)
        ]
        weights = np.array([source.weight for source in data.sources])
        self._shares = weights / weights.sum()

    def refuse_shared_earthquakes(self, validation: RecordSet) -> None:
        """Refuse to learn from earthquakes of the validation records.

        Raises:
            QuakeViewError: that names the first of them.
        """
        for config, records in self.records:
            refuse_shared_earthquakes(config, records, self._data.validation, validation)

    def window(self, rng: Generator, index: int) -> Window:
        """A window for item ``index``, with a share of noise alone, changed as the configuration says."""
        if rng.random() < self.config.noise_only:
            window = self._noise(rng, index)
            if window is not None:
                return self._changed(window, rng)
        window = self._earthquake(rng, index)
        if self.config.augmentation == "real":
            window = self._mixed(window, rng, index)
        return self._changed(window, rng)

    def window_at_p(
        self, rng: Generator, index: int, before: float, usable: Callable[[LabelledRecord], bool]
    ) -> Window:
        """A window that begins ``before`` seconds before the first P of a usable record.

        Raises:
            QuakeViewError: if no usable record with a P turns up.
        """
        for _ in range(ATTEMPTS):
            record = self._record(rng, index)
            if usable(record) and record.first("P") is not None:
                return self._changed(cut_at_p(record, self.n, before), rng)
        raise QuakeViewError("The training records have no P picks with this label; choose other sources.")

    def _record(self, rng: Generator, index: int) -> LabelledRecord:
        source = self._sources[int(rng.choice(len(self._sources), p=self._shares))]
        return source.record(rng, index)

    def _earthquake(self, rng: Generator, index: int) -> Window:
        factor = 1.0
        if self.config.augmentation == "real" and rng.random() < self.config.stretch:
            factor = float(np.exp(rng.uniform(*np.log(self.config.stretch_range))))
        m = int(np.ceil(self.n / factor)) + 1
        record = self._record(rng, index)
        start = random_start(record, m, rng, self.config.latest_start)
        if factor == 1.0:
            return cut(record, start, self.n, self.config.trust)
        return stretch(cut(record, start, m, self.config.trust), factor, self.n)

    def _noise(self, rng: Generator, index: int) -> Window | None:
        for _ in range(NOISE_ATTEMPTS):
            window = noise_before(self._record(rng, index), self.n, rng)
            if window is not None:
                return window
        return None

    def _mixed(self, window: Window, rng: Generator, index: int) -> Window:
        """Perhaps a second earthquake, perhaps more noise."""
        complete = window.record is not None and window.record.complete
        if complete and rng.random() < self.config.stack:
            other = self._earthquake(rng, index)
            if other.record is not None and other.record.complete:
                window = stack(window, other, rng, self.sampling_rate)
        if rng.random() < self.config.add_noise:
            noise = self._noise(rng, index)
            if noise is not None:
                noisy = add_noise(window, noise.data, rng, self.sampling_rate)
                window = replace(noisy, names=window.names + noise.names)
        return window

    def _changed(self, window: Window, rng: Generator) -> Window:
        if self.config.augmentation == "real":
            return for_real_records(window, rng)
        return as_in_paper(window, rng) if self.config.augmentation == "paper" else window


class ItemStream(Dataset[dict[str, NDArray[Any]]]):
    """Item i of a training stream. Subclasses make it from a generator seeded by (seed, i)."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __getitem__(self, index: int) -> dict[str, NDArray[Any]]:
        return self.item(self.generator(index), index)

    def generator(self, index: int) -> Generator:
        """All that is random in item ``index``."""
        return np.random.default_rng([self.seed, 0, index])

    def item(self, rng: Generator, index: int) -> dict[str, NDArray[Any]]:
        """Named arrays of one example."""
        raise NotImplementedError

    def name(self, rng: Generator, index: int) -> str:
        """What the example was made from, in words, drawn again from the same generator."""
        raise NotImplementedError

    def names(self, step: int, batch_size: int, rank: int, processes: int) -> list[str]:
        """What each example of a batch was made from."""
        return [self.name(self.generator(index), index) for index in items_of(step, batch_size, rank, processes)]


class WindowStream(ItemStream):
    """Items that are windows of records; each process opens the records for itself."""

    def __init__(self, data: DataConfig, n: int, sampling_rate: float, seed: int) -> None:
        super().__init__(seed)
        self.data, self.n, self.sampling_rate = data, n, sampling_rate
        self._maker: WindowMaker | None = self._open()

    def _open(self) -> WindowMaker:
        return WindowMaker(self.data, self.n, self.sampling_rate, self.seed)

    def __getstate__(self) -> dict[str, Any]:
        """Without the open sources: a process that receives the stream opens them itself."""
        return {**vars(self), "_maker": None}

    @property
    def maker(self) -> WindowMaker:
        """Cuts the windows."""
        self._maker = self._maker or self._open()
        return self._maker

    def window(self, rng: Generator, index: int) -> Window:
        """The window of an item."""
        raise NotImplementedError

    def name(self, rng: Generator, index: int) -> str:
        return " + ".join(self.window(rng, index).names)


def batches(
    stream: ItemStream, first_step: int, batch_size: int, rank: int, processes: int, workers: int
) -> Iterator[Batch]:
    """Batches of a stream from a step on, made by worker processes; each of the training processes has its own items.

    One worker suffices where making a window is faster than training on it; several keep a pool each.

    Raises:
        QuakeViewError: if a window cannot be made, or a worker process is gone.
    """
    loader: DataLoader[dict[str, NDArray[Any]]] = DataLoader(
        stream, batch_sampler=_Steps(first_step, batch_size, rank, processes), num_workers=workers
    )
    try:
        yield from loader
    except QuakeViewError as error:  # that of a worker comes with its traceback
        raise QuakeViewError(str(error).rstrip().rpartition("QuakeViewError: ")[2]) from error
    except RuntimeError as error:
        if "DataLoader worker" not in str(error):
            raise
        raise QuakeViewError(
            "A process that made training data was ended, perhaps for lack of memory; resume the run with workers = 0."
        ) from error


class _Steps:
    """The item numbers of each step, endlessly."""

    def __init__(self, first_step: int, batch_size: int, rank: int, processes: int) -> None:
        self.first_step, self.batch_size, self.rank, self.processes = first_step, batch_size, rank, processes

    def __iter__(self) -> Iterator[list[int]]:
        step = self.first_step
        while True:
            yield list(items_of(step, self.batch_size, self.rank, self.processes))
            step += 1


def items_of(step: int, batch_size: int, rank: int, processes: int) -> range:
    """The numbers of the items of a step of one process; those of all processes make one batch of them all."""
    first = (step * processes + rank) * batch_size
    return range(first, first + batch_size)
