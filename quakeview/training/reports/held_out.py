"""The records that a report is about: a part of data sets in SeisBench layout."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.training.datasets import RecordSet, open_seisbench
from quakeview.training.reports.evaluation import ALL
from quakeview.training.splits import parts_by_file

_ANY_RATE = 100.0


@dataclass(frozen=True)
class HeldOut:
    """A part of data sets.

    Attributes:
        split: as the column ``split`` of the metadata says, or ``all``.
        splits: a table ``dataset,event,split`` in place of that column.
    """

    folders: Sequence[Path]
    split: str
    splits: Path | None = None

    def records(self, folder: Path, sampling_rate: float) -> RecordSet:
        """Open those of one data set, at a sampling rate in Hz.

        Raises:
            QuakeViewError: if the data or the table cannot be read.
        """
        records = open_seisbench(folder, sampling_rate)
        if self.split == ALL:
            return records
        if self.splits is None:
            return records.select(lambda row, _: row.get("split") == self.split)
        parts = parts_by_file(self.splits, folder, [entry.event_id for entry in records.entries])
        return records.take([index for index, part in enumerate(parts) if part == self.split])

    @property
    def is_empty(self) -> bool:
        """Whether none of the data sets has a record of it."""
        return not any(len(self.records(folder, _ANY_RATE)) for folder in self.folders)

    def part(self, split: str) -> "HeldOut":
        """Another part of the same data sets."""
        return replace(self, split=split)

    def __str__(self) -> str:
        """In words, as a report and a model card name it."""
        names = ", ".join(folder.name for folder in self.folders)
        return names if self.split == ALL else f"{names}, split “{self.split}”"

    def check(self) -> None:
        """Raise a QuakeViewError if there is no record of it."""
        if self.is_empty:
            raise QuakeViewError(
                f"The data have no split {self.split!r}; their metadata need a column 'split' that names it."
            )
