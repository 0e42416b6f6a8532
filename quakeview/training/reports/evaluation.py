"""What the evaluation of a model of any kind can be asked for: a report, its worst records as files, a headline."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from quakeview.training.reports.bootstrap import Estimate
from quakeview.training.reports.document import Report, Table

TEST, DEV, ALL = "test", "dev", "all"
"""Splits: what nothing was chosen on, what thresholds are chosen on, and everything."""


RECORD, PICKS = "record.mseed", "picks.csv"
"""Files in the folder of a worst record."""


@dataclass(frozen=True)
class Score:
    """A score as a model card says it.

    Attributes:
        records: how many it rests on.
        of: what they are, in the singular.
    """

    name: str
    estimate: Estimate
    records: int
    of: str


@dataclass(frozen=True)
class Headline:
    """What a model card says of held-out data.

    Attributes:
        data: what was measured on, in a sentence.
        weak: where the model is weakest, in sentences.
        scores: of the model on all of the data.
        tables: that stand below them, rivals among them.
        drawn: what is drawn anew for the intervals.
    """

    data: str
    weak: Sequence[str]
    scores: Sequence[Score]
    tables: Sequence[Table] = ()
    drawn: str = "whole earthquakes"


class Evaluation(Protocol):
    """What was measured of a model, and of others beside it."""

    def report(self, folder: str = "") -> Report:
        """Return the report; ``folder`` is where the worst records lie, seen from the report; empty if nowhere."""
        ...

    def write_worst(self, folder: Path) -> None:
        """Write the worst records, each so that the window opens it.

        Raises:
            OSError: if they cannot be written.
        """
        ...

    def headline(self) -> Headline:
        """Return what belongs into the model's card."""
        ...
