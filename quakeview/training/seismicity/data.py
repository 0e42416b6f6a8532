"""What a forecaster of seismicity learns from: a catalogue cut before the days of the test, and a fitted reference."""

import hashlib
from collections.abc import Callable
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import CONFIG, read_config
from quakeview.seismicity.catalogue import DAY, Catalogue, date_of, day_of
from quakeview.seismicity.choices import Choices
from quakeview.seismicity.etas_fitting import fit_etas
from quakeview.seismicity.forecasting import SeismicityForecaster
from quakeview.seismicity.grid import CellGrid
from quakeview.seismicity.model_folder import card_of, load_forecaster, save
from quakeview.seismicity.reading import ReadCatalogue, read_catalogue
from quakeview.seismicity.references import ETAS, RECENT, SMOOTHED, Fitting, smoothed_recent, smoothed_seismicity
from quakeview.seismicity.region import Region
from quakeview.seismicity.windows import Window
from quakeview.texts import counted
from quakeview.training.seismicity.config import DataConfig

REFERENCE = "reference"
"""Folder of the fitted reference in that of a run."""
FITTED_TO = "fitted_to"
"""On the card of a reference: a checksum of all that it was fitted to."""
FEWEST_DAYS = 30
"""That are learnt from, and that choose the best weights."""
MAKERS: dict[str, Callable[[Fitting, Progress], SeismicityForecaster]] = {
    ETAS: fit_etas,
    RECENT: lambda fitting, progress: smoothed_recent(fitting),
    SMOOTHED: lambda fitting, progress: smoothed_seismicity(fitting),
}


@dataclass(frozen=True)
class CatalogueData:
    """A catalogue and its days.

    Attributes:
        fitting: the days of training; its catalogue ends before the days of the test.
        last: day on which validation ends, and the test begins.
        notes: sentences on what was left out or repaired when the catalogue was read.
        description: of what is learnt from, for the card.
    """

    fitting: Fitting
    last: int
    notes: tuple[str, ...]
    description: str

    @property
    def training_days(self) -> range:
        """Last known days whose windows are days of training."""
        return _last_known(self.fitting.first, self.fitting.last, self.fitting.window)

    @property
    def validation_days(self) -> range:
        """Last known days whose windows are days of validation."""
        return _last_known(self.fitting.last, self.last, self.fitting.window)


def read_data(options: DataConfig) -> CatalogueData:
    """Read what ``[data]`` says.

    Raises:
        QuakeViewError: if the catalogue cannot be read, its days are too few, or there is too little to learn from.
    """
    return chosen_data(options, read_catalogue([options.catalogue]))


def chosen_data(options: DataConfig, read: ReadCatalogue) -> CatalogueData:
    """Choose what is learnt from of a catalogue; of the days of the test nothing is kept.

    Raises:
        QuakeViewError: if its days are too few, or there is too little to learn from.
    """
    first, middle, last = (day_of(date) for date in (options.train_from, options.validation_from, options.test_from))
    window = Window(*options.window)
    if min(len(_last_known(first, middle, window)), len(_last_known(middle, last, window))) < FEWEST_DAYS:
        raise QuakeViewError(
            f"train_from, validation_from and test_from in [data] must leave at least {counted(FEWEST_DAYS, 'day')} to "
            "learn from and as many to choose the best weights by; choose dates that are farther apart."
        )
    catalogue = read.catalogue.between(-np.inf, last * DAY).above(options.least_magnitude)
    grid = _grid(options, catalogue.between(-np.inf, middle * DAY))
    fitting = Fitting(catalogue, grid, options.magnitude, first, middle, window)
    targets = fitting.targets
    if not _inside(fitting, middle, last):
        raise QuakeViewError(
            f"No earthquake of magnitude {options.magnitude:g} or more is in the days from {options.validation_from} "
            f"to {options.test_from} that choose the best weights; give them more days."
        )
    description = (
        f"{counted(len(targets), 'earthquake')} of magnitude {options.magnitude:g} and more, "
        f"{date_of(first)} to {date_of(middle - 1)}, of {read.name}"
        + (f" ({options.source})" if options.source else "")
    )
    return CatalogueData(fitting, last, tuple(read.notes), description)


def kept_reference(name: str, fitting: Fitting, folder: Path, progress: Progress = Progress()) -> SeismicityForecaster:
    """Return a reference fitted to the days of training: that in the folder of the run, or a new one, which is kept.

    Raises:
        QuakeViewError: if there is too little to fit it to, or it cannot be kept.
        Cancelled: through ``progress``.
    """
    kept, checksum = folder / REFERENCE, _checksum(name, fitting)
    if (kept / CONFIG).exists() and read_config(kept)["card"].get(FITTED_TO) == checksum:
        return load_forecaster(kept)
    made = MAKERS[name](fitting, progress)
    save(made, kept, card_of(fitting, name, "the catalogue of this run") | {FITTED_TO: checksum})
    return made


def _last_known(first: int, last: int, window: Window) -> range:
    """Days whose windows lie in [first, last)."""
    return range(first - window.first, last - window.last + 1)


def _grid(options: DataConfig, learnt: Catalogue) -> CellGrid:
    area = None if options.region is None else Region.box(*options.region)
    return Choices(options.magnitude, options.cell_size, area=area).grid(learnt)


def _inside(fitting: Fitting, first: int, last: int) -> int:
    """How many earthquakes that are forecast came in the grid on days [first, last)."""
    there = fitting.catalogue.between(first * DAY, last * DAY).above(fitting.magnitude)
    return int((fitting.grid.cells(there) >= 0).sum())


def _checksum(name: str, fitting: Fitting) -> str:
    """Of all that a reference is fitted to; nothing after the days of training is."""
    past = fitting.catalogue.between(-np.inf, fitting.last * DAY)
    said = (name, astuple(fitting.grid), fitting.magnitude, fitting.first, fitting.last, astuple(fitting.window))
    digest = hashlib.sha256(repr(said).encode())
    for column in (past.time, past.latitude, past.longitude, past.magnitude):
        digest.update(column.tobytes())
    return digest.hexdigest()
