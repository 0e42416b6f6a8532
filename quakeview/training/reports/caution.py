"""What is measured on data that a model has seen is no test, and a report says so before anything else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.registry import ModelCard
from quakeview.texts import counted
from quakeview.training.planning.parents import SAID, Use, past_of
from quakeview.training.planning.record_table import RecordTable, read_record_table
from quakeview.training.record_config import SourceConfig
from quakeview.training.reports.document import Report
from quakeview.training.reports.evaluation import ALL, Evaluation, Headline


@dataclass(frozen=True)
class Cautioned:
    """An evaluation on data that models have seen.

    Attributes:
        sentences: which model has seen how many of the records.
    """

    measured: Evaluation
    sentences: Sequence[str]

    def report(self, folder: str = "") -> Report:
        """Return the report, which begins with the sentences."""
        report = self.measured.report(folder)
        return replace(report, sentences=[*self.sentences, *report.sentences])

    def write_worst(self, folder: Path) -> None:
        """Write the worst records, as ``Evaluation`` does."""
        self.measured.write_worst(folder)

    def headline(self) -> Headline:
        """Refuse: a card rests on held-out data alone.

        Raises:
            QuakeViewError: always.
        """
        raise QuakeViewError(f"{self.sentences[0]} A card needs held-out records; choose other data.")


def seen_before(
    cards: Sequence[ModelCard], datasets: Sequence[Path], split: str, splits: Path | None = None
) -> list[str]:
    """Say how many of the labelled records that are measured on each model, or one it came from, has seen.

    Raises:
        QuakeViewError: if a data set cannot be read.
    """
    sentences = []
    for card in cards:
        uses = past_of(card.folder).uses
        for folder in datasets:
            of_it = [use for use in uses if use.dataset == folder.name]
            sentences += _sentences(card.name, of_it, folder, split, splits) if of_it else []
    return sentences


def _sentences(model: str, uses: Sequence[Use], folder: Path, split: str, splits: Path | None) -> list[str]:
    table = read_record_table(SourceConfig("seisbench", folder))[0]
    measured = _measured(table, split, splits)
    found = []
    for purpose, said in SAID.items():
        of_purpose = [use.of(table) for use in uses if use.purpose == purpose]
        number = int((np.any(of_purpose, axis=0) & measured).sum()) if of_purpose else 0
        if number:
            found.append(
                f"{model} {said} {counted(number, 'record')} of {folder.name} that it is measured on here: this is no "
                "test of it."
            )
    return found


def _measured(table: RecordTable, split: str, splits: Path | None) -> NDArray[np.bool_]:
    """Which records, (n,), are measured on."""
    if split == ALL:
        return np.ones(len(table), bool)
    return Use("trained", table.name, split, splits).of(table)
