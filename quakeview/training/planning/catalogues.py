"""A catalogue to learn from, as the wizard sees it: a look at it, choices that suit it, its days divided."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.seismicity.catalogue import DAY, date_of, day_of
from quakeview.seismicity.choices import days_of
from quakeview.seismicity.reading import ReadCatalogue, read_catalogue
from quakeview.seismicity.statistics.completeness import completeness
from quakeview.seismicity.statistics.magnitudes import rounding
from quakeview.texts import counted
from quakeview.training.planning.on_the_map import BINS, TimeLine
from quakeview.training.seismicity.config import DataConfig
from quakeview.training.seismicity.data import chosen_data
from quakeview.training.splits import PARTS

HISTORY, TRAINED, VALIDATED = 0.05, 0.7, 0.85
"""Where, in parts of the catalogue, the days to learn from begin and end, and where those of the test begin."""


@dataclass(frozen=True)
class CatalogueLook:
    """What a catalogue is.

    Attributes:
        path: of its file.
        read: what was read of it.
        complete_from: the magnitude from which it seems complete.
    """

    path: Path
    read: ReadCatalogue
    complete_from: float

    def sentences(self) -> list[str]:
        """Return what a person should know of it."""
        catalogue = self.read.catalogue
        first, last = days_of(catalogue)
        return [
            f"{counted(len(catalogue), 'earthquake')}, {date_of(first)} to {date_of(last - 1)}; "
            f"it seems complete from magnitude {self.complete_from:g} on.",
            *self.read.notes,
        ]


def look_at_catalogue(path: Path) -> CatalogueLook:
    """Read a catalogue and find out from which magnitude it is complete.

    Raises:
        QuakeViewError: if it cannot be read, or has too few earthquakes with magnitudes.
    """
    read = read_catalogue([path])
    if not len(read.catalogue):
        raise QuakeViewError(f"{read.name} has no earthquakes; choose another catalogue.")
    step = rounding(read.catalogue.magnitude).step
    return CatalogueLook(path, read, completeness(read.catalogue, step).magnitude)


def suggested_data(look: CatalogueLook) -> DataConfig:
    """Return the ``[data]`` table to begin with: all earthquakes from which the catalogue is complete."""
    first, last = days_of(look.read.catalogue)
    train, validation, test = (date_of(first + round(part * (last - first))) for part in (HISTORY, TRAINED, VALIDATED))
    return DataConfig(look.path, look.complete_from, train, validation, test)


@dataclass(frozen=True)
class DividedDays:
    """What comes of dividing the days of a catalogue.

    Attributes:
        line: earthquakes that are forecast, of each part, in time.
        counts: days and earthquakes of each part, in words.
        days: to learn from.
        notes: what a person should know, in sentences.
    """

    line: TimeLine
    counts: str
    days: int
    notes: tuple[str, ...]


def divided_days(look: CatalogueLook, data: DataConfig) -> DividedDays:
    """Divide the days of a catalogue as a plan says.

    Raises:
        QuakeViewError: if there is too little to learn from or to choose the best weights by.
    """
    chosen = chosen_data(data, look.read)
    targets = look.read.catalogue.above(data.magnitude)
    targets = targets.where(chosen.fitting.grid.cells(targets) >= 0)
    edges = np.linspace(targets.time[0], max(targets.time[-1], targets.time[0] + DAY), BINS + 1)
    starts = [day_of(date) for date in (data.train_from, data.validation_from, data.test_from)]
    ends = [*starts[1:], max(days_of(look.read.catalogue)[1], starts[-1])]
    counts, lines = {}, []
    for part, first, last in zip(PARTS, starts, ends, strict=True):
        there = targets.between(first * DAY, last * DAY)
        counts[part] = np.histogram(there.time, edges)[0]
        lines.append(f"{part}: {counted(len(there), 'earthquake')} in {counted(last - first, 'day')}")
    notes = []
    if data.magnitude < look.complete_from - 1e-9:
        notes.append(
            f"The catalogue seems complete only from magnitude {look.complete_from:g} on; smaller earthquakes are "
            "missing now and then, and forecasts of them come out too low."
        )
    if ends[-1] == starts[-1]:
        notes.append("No days are kept for a test, so that nobody can say what the forecast is worth.")
    return DividedDays(TimeLine(edges, counts, 0), "\n".join(lines), len(chosen.training_days), tuple(notes))
