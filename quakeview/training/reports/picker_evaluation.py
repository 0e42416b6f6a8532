"""From pickers and data sets to a report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.monitoring.picker import load_picker
from quakeview.registry import ModelCard
from quakeview.training.datasets import RecordSet, open_noise
from quakeview.training.reports.document import Report
from quakeview.training.reports.evaluation import ALL, DEV, Headline
from quakeview.training.reports.held_out import HeldOut
from quakeview.training.reports.picking import picking_headline, picking_report
from quakeview.training.reports.quiet import QuietCount, StaLtaReader, count_on_quiet
from quakeview.training.reports.readings import ArAicReader, NetworkReader, OnsetReader, ReadRecord, read_records
from quakeview.training.reports.thresholds import Chosen, choose_thresholds
from quakeview.training.reports.worst import worst_records, write_worst


@dataclass(frozen=True)
class PickerEvaluation:
    """What pickers read on a split of data sets.

    Attributes:
        readers: names, the first one is what is evaluated.
        data: the data sets, in words.
        chosen: thresholds that another split decided, by reader and phase.
        quiet: picks on records without earthquakes, by reader.
    """

    records: list[ReadRecord]
    readers: list[str]
    data: str
    chosen: Chosen = field(default_factory=dict)
    quiet: Sequence[QuietCount] = ()

    def report(self, folder: str = "") -> Report:
        """Return the report; ``folder`` is where the worst records lie, seen from the report."""
        return picking_report(self.records, self.readers, self.data, self.chosen, self.quiet, folder)

    def write_worst(self, folder: Path) -> None:
        """Write the worst records with their labels and picks.

        Raises:
            OSError: if they cannot be written.
        """
        write_worst(worst_records(self.records, self.readers[0]), self.readers[0], folder)

    def headline(self) -> Headline:
        """Return F1 with its intervals."""
        return picking_headline(self.records, self.readers, self.data)


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

    Thresholds are chosen on the split ``dev``, where there is one and it is not what is evaluated.

    Args:
        cards: of the pickers, the one to be evaluated first; ObsPy's AR-AIC picker stands beside them.
        split: as the column ``split`` of the metadata says, or ``all``.
        splits: a table ``dataset,event,split`` in place of that column.
        quiet: continuous records without earthquakes, a file or folder that ObsPy reads.

    Raises:
        QuakeViewError: if a model or the data cannot be read, nothing is in the split, or no P or S is labelled.
        Cancelled: through ``progress``.
    """
    pickers = [load_picker(card, device, progress) for card in cards]
    networks = [NetworkReader(picker) for picker in pickers]
    held_out = HeldOut(datasets, split, splits)
    held_out.check()
    read = _read([*networks, ArAicReader()], held_out, progress.part(0, 6, 10))
    if all(phase.label is None for record in read for phase in record.phases.values()):
        raise QuakeViewError(f"Nobody labelled a P or S in {held_out}; choose data with labelled onsets.")
    deciding = [] if split in (DEV, ALL) else _read(networks, held_out.part(DEV), progress.part(6, 9, 10))
    chosen = choose_thresholds(deciding, [network.name for network in networks])
    counts = [] if quiet is None else _on_quiet([*networks, StaLtaReader()], quiet, progress.part(9, 10, 10))
    names = [*(network.name for network in networks), ArAicReader.name]
    return PickerEvaluation(read, names, str(held_out), chosen, counts)


def _read(readers: Sequence[OnsetReader], held_out: HeldOut, progress: Progress) -> list[ReadRecord]:
    read: list[ReadRecord] = []
    for number, folder in enumerate(held_out.folders):
        part = progress.part(number, number + 1, len(held_out.folders))
        read += read_records(readers, partial(held_out.records, folder), part)
    return read


def _on_quiet(readers: Sequence[OnsetReader], files: Path, progress: Progress) -> list[QuietCount]:
    opened: dict[float, RecordSet] = {}
    for rate in {reader.sampling_rate for reader in readers}:
        opened[rate] = open_noise(files, rate)
    parts = (progress.part(number, number + 1, len(readers)) for number in range(len(readers)))
    return [
        count_on_quiet(reader, opened[reader.sampling_rate], part) for reader, part in zip(readers, parts, strict=True)
    ]
