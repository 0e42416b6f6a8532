"""The table of a catalogue, linked with map and time line."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from quakeview.app.seismicity.filter_row import FilterRow
from quakeview.app.seismicity.state import EMPTY, SeismicityState
from quakeview.app.widgets.filtered_table import ChosenRows, FilteredTable
from quakeview.seismicity.catalogue import Catalogue
from quakeview.texts import clock, date

TIME, MAGNITUDE, KIND, DEPTH = "Origin time (UTC)", "Magnitude", "Type", "Depth (km)"
LATITUDE, LONGITUDE, IDENTIFIER = "Latitude", "Longitude", "Identifier"
ANYWHERE, IN_REGION = "Anywhere", "In the region"
_SEARCH_WIDTH = 130


class CatalogueModel(ChosenRows):
    """Rows are the numbers of earthquakes in the catalogue, which are their keys too."""

    columns = (TIME, MAGNITUDE, KIND, DEPTH, LATITUDE, LONGITUDE, IDENTIFIER)
    ranked_by = TIME

    def __init__(self) -> None:
        super().__init__()
        self.catalogue: Catalogue = EMPTY
        self.passing: NDArray[np.bool_] = np.zeros(0, bool)
        self.only_in_region = False

    def key(self, row: int) -> int:
        return row

    def rank(self, row: int) -> int:
        return row

    def text(self, row: int, column: str) -> str:
        if column == TIME:
            time = float(self.catalogue.time[row])
            return f"{date(time)} {clock(time)}"
        if column in (KIND, IDENTIFIER):
            return str(self._texts_of_column(column)[row])
        value = float(self._numbers_of(column)[row])
        form = _FORMS[column] if column != MAGNITUDE or self._finer_than_tenths else "{:.1f}"
        return "" if np.isnan(value) else form.format(value)

    @cached_property
    def _finer_than_tenths(self) -> bool:
        """Whether magnitudes have two digits."""
        tenths = 10 * self.catalogue.magnitude
        return bool((np.abs(tenths - np.round(tenths)) > 0.01).any())

    def look_at(self, catalogue: Catalogue, passing: NDArray[np.bool_]) -> None:
        """What the rows that are set next are of."""
        self.__dict__.pop("_finer_than_tenths", None)
        self.catalogue, self.passing = catalogue, passing

    def is_known(self, column: str) -> bool:
        """Whether any earthquake has a value there."""
        if column in (KIND, IDENTIFIER):
            return bool((self._texts_of_column(column) != "").any())
        return bool(np.isfinite(self._numbers_of(column)).any())

    def sort_value(self, row: int, column: str) -> Any:
        return self.sort_values([row], column)[0]

    def sort_values(self, rows: Sequence[int], column: str) -> list[Any]:
        if column in (KIND, IDENTIFIER):
            return [str(each) for each in self._texts_of_column(column)[np.asarray(rows, int)]]
        values: list[Any] = self._numbers_of(column)[np.asarray(rows, int)].tolist()
        return values

    def condition(self) -> Callable[[int], bool] | None:
        return None if self.passing.all() else self.passing.tolist().__getitem__

    def show_only(self, name: str) -> None:
        """Show the earthquakes of the region alone, or all of them."""
        self.only_in_region = name == IN_REGION

    def _texts_of_column(self, column: str) -> NDArray[np.str_]:
        return self.catalogue.magnitude_type if column == KIND else self.catalogue.identifier

    def _numbers_of(self, column: str) -> NDArray[np.float64]:
        """In the unit of the column."""
        catalogue = self.catalogue
        return {
            TIME: catalogue.time,
            MAGNITUDE: catalogue.magnitude,
            DEPTH: catalogue.depth / 1000,
            LATITUDE: catalogue.latitude,
            LONGITUDE: catalogue.longitude,
        }[column]


_FORMS = {MAGNITUDE: "{:.2f}", DEPTH: "{:.1f}", LATITUDE: "{:.4f}", LONGITUDE: "{:.4f}"}


class CatalogueTable(FilteredTable):
    """Rows that fit the chosen magnitudes and days and, where that is chosen, lie in the region."""

    rows: CatalogueModel

    def __init__(self, state: SeismicityState) -> None:
        self._state = state
        self._is_fitted = False
        super().__init__(CatalogueModel(), "earthquake", "date, type, identifier", (ANYWHERE, IN_REGION))
        self.status.currentTextChanged.connect(lambda _: self._filter_rows())
        self.selected.connect(state.select)
        state.catalogueChanged.connect(self._take_catalogue)
        state.filterChanged.connect(self._filter_rows)
        state.regionChanged.connect(self._filter_rows)
        state.selectionChanged.connect(lambda: self.select(state.selection))
        self._take_catalogue()

    def _arrange(self) -> None:
        """As other tables, with the fields of magnitudes and days in a row of their own: it is narrow beside a map."""
        super()._arrange()
        self.search.setFixedWidth(_SEARCH_WIDTH)
        rows = self.layout()
        assert isinstance(rows, QVBoxLayout)
        rows.insertWidget(1, FilterRow(self._state))

    def showEvent(self, event: QShowEvent) -> None:
        """Make the columns as wide as what they hold: behind another tab that is not known."""
        super().showEvent(event)
        if not self._is_fitted:
            self.table.fit_columns()
            self._is_fitted = True

    def select(self, keys: Iterable[Any]) -> None:
        """Follow another view."""
        if (wanted := sorted(keys)) != sorted(self.table.selected_keys()):
            super().select(wanted)

    def _take_catalogue(self) -> None:
        self.rows.set_rows([])
        self.rows.look_at(self._state.catalogue, self._passing())
        self.show_rows(range(len(self._state.catalogue)))
        for number, column in enumerate(self.rows.columns):
            self.table.setColumnHidden(number, not self.rows.is_known(column))
        self._is_fitted = self.isVisible()
        self.explain("There is no earthquake in this catalogue.")

    def _filter_rows(self) -> None:
        passing = self._passing()
        if not np.array_equal(passing, self.rows.passing):
            self.rows.passing = passing
            with self._in_silence():
                self.rows.filter()
            self.select(self._state.selection)

    def _passing(self) -> NDArray[np.bool_]:
        return self._state.passing(by_region=self.rows.only_in_region)
