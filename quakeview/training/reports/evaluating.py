"""From models and data sets to a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picker import load_picker
from quakeview.registry import ModelCard
from quakeview.training.datasets import RecordSet, open_noise, open_seisbench
from quakeview.training.reports.document import Report
from quakeview.training.reports.picking import picking_report
from quakeview.training.reports.readings import (
    ArAicReader,
    NetworkReader,
    OnsetReader,
    QuietCount,
    ReadRecord,
    count_on_quiet,
    read_records,
)
from quakeview.training.reports.worst import worst_records, write_worst
from quakeview.training.splits import parts_by_file

ALL = "all"
"""The split that is everything."""


@dataclass(frozen=True)
class PickerEvaluation:
    """What pickers read on a split of data sets.

    Attributes:
        readers: names, the first one is what is evaluated.
        data: the data sets, in words.
        quiet: picks on records without earthquakes, by reader.
    """

    records: list[ReadRecord]
    readers: list[str]
    data: str
    quiet: list[QuietCount]

    def report(self, folder: str = "") -> Report:
        """Return the report; ``folder`` is where the worst records lie, seen from the report."""
        return picking_report(self.records, self.readers, self.data, self.quiet, folder)

    def write_worst(self, folder: Path) -> None:
        """Write the worst records with their labels and picks.

        Raises:
            OSError: if they cannot be written.
        """
        write_worst(worst_records(self.records, self.readers[0]), self.readers[0], folder)


def evaluate_pickers(
    cards: Sequence[ModelCard],
    datasets: Sequence[Path],
    split: str = "test",
    quiet: Path | None = None,
    device: str = "auto",
    progress: Progress = Progress(),
    splits: Path | None = None,
) -> PickerEvaluation:
    """Let pickers read a split of data sets in SeisBench layout.

    Args:
        cards: of the pickers, the one to be evaluated first; ObsPy's AR-AIC picker stands beside them.
        split: as the column ``split`` of the metadata says, or ``all``.
        splits: a table ``dataset,event,split`` in place of that column.
        quiet: continuous records without earthquakes, a file or folder that ObsPy reads.

    Raises:
        QuakeViewError: if a model or the data cannot be read, or nothing is in the split.
        Cancelled: through ``progress``.
    """
    pickers = [load_picker(card, device, progress) for card in cards]
    if len({picker.name for picker in pickers}) < len(pickers):
        raise QuakeViewError("Two of the models have one name; rename one of their folders.")
    readers: list[OnsetReader] = [*map(NetworkReader, pickers), ArAicReader()]
    read: list[ReadRecord] = []
    for number, folder in enumerate(datasets):
        part = progress.part(number, number + 1, len(datasets))
        read += read_records(readers, partial(_opened, folder, split, splits), part)
    if not read:
        raise QuakeViewError(f"The data have no split {split!r}; their metadata need a column 'split' that names it.")
    told = ", ".join(folder.name for folder in datasets) + ("" if split == ALL else f", split “{split}”")
    counts = (
        []
        if quiet is None
        else [count_on_quiet(reader, open_noise(quiet, reader.sampling_rate)) for reader in readers[:-1]]
    )
    return PickerEvaluation(read, [reader.name for reader in readers], told, counts)


def _opened(folder: Path, split: str, splits: Path | None, sampling_rate: float) -> RecordSet:
    records = open_seisbench(folder, sampling_rate)
    if splits is not None and split != ALL:
        parts = parts_by_file(splits, folder, [entry.event_id for entry in records.entries])
        return records.take([index for index, part in enumerate(parts) if part == split])
    return records if split == ALL else records.select(lambda row, _: row.get("split") == split)
