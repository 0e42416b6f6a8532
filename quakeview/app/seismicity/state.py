"""What is open in the Seismicity workspace. No widgets; views follow the signals and keep nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.choices import Choices, days_of

if TYPE_CHECKING:
    from quakeview.seismicity.forecasting import SeismicityForecaster
    from quakeview.seismicity.reading import ColumnMap

EMPTY = Catalogue.of([], [], [], [])
_FILTER = ("period", "least", "most")
_SETTING = ("magnitude", "cell_size", "window", "area")


@dataclass(eq=False)
class OpenCatalogue:
    """A catalogue in the list.

    Attributes:
        catalogue: its earthquakes.
        name: as it is called on screen.
        notes: sentences on what was left out of it or repaired.
        paths: the files it was read from; they are read again at the next start.
        columns: which column is what, as a person said it; None if nobody had to.
        choices: what a person looks at.
        about: sentences on it that are in none of the files, such as who was asked for it.
    """

    catalogue: Catalogue
    name: str
    notes: Sequence[str] = ()
    paths: Sequence[Path] = ()
    columns: "ColumnMap | None" = None
    choices: Choices = field(default_factory=Choices)
    about: Sequence[str] = ()


class SeismicityState(QObject):
    """The catalogues that are open, the one that is shown, and what is chosen of it.

    Attributes:
        opened: all of them, in the order of the list.
        selection: numbers of the selected earthquakes in the catalogue, ascending.
        mainshocks: (n,) which earthquakes are looked at where clusters are hidden; None: where they are not.
        forecaster: whose forecast is shown; None: of none.

    Signals:
        listChanged: a catalogue was opened or closed.
        catalogueChanged: another catalogue is shown, or none; everything else is another one too.
        settingChanged: what is to be forecast: magnitude, size of cells, window or area.
        regionChanged: another region, or none.
        filterChanged: other days or magnitudes are looked at, or clusters are hidden or shown.
        dayChanged: another day is the last known one.
        selectionChanged: other earthquakes are selected.
        forecasterChanged: another forecaster, or none.
    """

    listChanged = Signal()
    catalogueChanged = Signal()
    settingChanged = Signal()
    regionChanged = Signal()
    filterChanged = Signal()
    dayChanged = Signal()
    selectionChanged = Signal()
    forecasterChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[OpenCatalogue] = []
        self._current: OpenCatalogue | None = None
        self.selection: tuple[int, ...] = ()
        self.mainshocks: NDArray[np.bool_] | None = None
        self.forecaster: SeismicityForecaster | None = None

    # --- what is shown -----------------------------------------------------------------------------------------

    @property
    def current(self) -> OpenCatalogue | None:
        """The catalogue that is shown; None if there is none."""
        return self._current

    @property
    def catalogue(self) -> Catalogue:
        """Its earthquakes."""
        return EMPTY if self._current is None else self._current.catalogue

    @property
    def name(self) -> str:
        """What it is called."""
        return "" if self._current is None else self._current.name

    @property
    def notes(self) -> Sequence[str]:
        """What was left out of it or repaired, in sentences."""
        return () if self._current is None else (*self._current.about, *self._current.notes)

    @property
    def choices(self) -> Choices:
        """What is chosen of it."""
        return Choices() if self._current is None else self._current.choices

    def passing(self, by_region: bool = True, by_period: bool = True) -> NDArray[np.bool_]:
        """Which earthquakes, (n,), are looked at."""
        passing = self.choices.passing(self.catalogue, by_region, by_period)
        return passing if self.mainshocks is None else passing & self.mainshocks

    # --- changes -----------------------------------------------------------------------------------------------

    def add(self, opened: OpenCatalogue, show: bool = True) -> None:
        """Put a catalogue into the list, in place of one of the same files, and show it."""
        replaced = next((each for each in self.opened if each.paths and each.paths == opened.paths), None)
        if replaced is None:
            self.opened.append(opened)
        else:
            self.opened[self.opened.index(replaced)] = opened
        if show or replaced is self._current is not None:
            self.show(opened)
        self.listChanged.emit()

    def show(self, opened: OpenCatalogue | None) -> None:
        """Show a catalogue of the list, or none."""
        if opened is not self._current:
            self._current = opened
            self.selection, self.mainshocks, self.forecaster = (), None, None
            self.catalogueChanged.emit()

    def close(self) -> None:
        """Take the one that is shown out of the list, and show the one before it."""
        if self._current is None:
            return
        place = self.opened.index(self._current)
        del self.opened[place]
        self.show(self.opened[max(place - 1, 0)] if self.opened else None)
        self.listChanged.emit()

    def choose(self, **changes: Any) -> None:
        """Choose something else, by the names of ``Choices``; what belongs together is told once.

        Before its first day and after its last one nothing is known of a catalogue: no other is the last known day.
        """
        if self._current is None:
            return
        if "day" in changes:
            first, last = days_of(self.catalogue)
            changes["day"] = min(max(changes["day"], first), last - 1)
        before = self._current.choices
        self._current.choices = after = before.with_(**changes)
        changed = {name for name in changes if getattr(before, name) != getattr(after, name)}
        if changed.intersection(_SETTING):
            self.settingChanged.emit()
        if "region" in changed:
            self.regionChanged.emit()
        if changed.intersection(_FILTER):
            self.filterChanged.emit()
        if "day" in changed:
            self.dayChanged.emit()

    def select(self, numbers: Iterable[int]) -> None:
        """Select these earthquakes and no others."""
        selection = tuple(np.unique(np.fromiter(numbers, np.int64)).tolist())
        if selection != self.selection:
            self.selection = selection
            self.selectionChanged.emit()

    def show_mainshocks(self, mainshocks: NDArray[np.bool_] | None) -> None:
        """Look at these earthquakes (n,) alone; None: at those of clusters too."""
        before, self.mainshocks = self.mainshocks, mainshocks
        if before is None or mainshocks is None:
            changed = before is not mainshocks
        else:
            changed = not np.array_equal(before, mainshocks)
        if changed:
            self.filterChanged.emit()

    def use(self, forecaster: "SeismicityForecaster | None") -> None:
        """Show what a forecaster says, or nothing."""
        if forecaster is not self.forecaster:
            self.forecaster = forecaster
            self.forecasterChanged.emit()
