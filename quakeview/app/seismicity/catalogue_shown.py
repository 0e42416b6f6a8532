"""The earthquakes of a catalogue as map and time line show them: columns, with events made of them when asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.app.events.dots import radii
from quakeview.app.events.event_columns import EventColumns
from quakeview.app.events.shown import EventsShown
from quakeview.app.seismicity.state import SeismicityState
from quakeview.events.event import Event, Magnitude, Origin
from quakeview.events.event_scales import ColourBy, event_scale
from quakeview.scales import Scale
from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.choices import Days

_FEW, _SMALLEST_AS = 0.05, 0.5
"""The part of all earthquakes that are smaller than small, and the magnitude that those look like."""


class CatalogueEvents(Mapping[str, Event]):
    """Events by their number in a catalogue, as text; each is made when it is asked for."""

    def __init__(self, catalogue: Catalogue, passing: NDArray[np.bool_]) -> None:
        self.catalogue, self.passing = catalogue, passing
        self._count = int(np.count_nonzero(passing))

    def __getitem__(self, key: str) -> Event:
        if key not in self:
            raise KeyError(key)
        number, catalogue = int(key), self.catalogue
        depth, magnitude = float(catalogue.depth[number]), float(catalogue.magnitude[number])
        origin = Origin(
            UTCDateTime(float(catalogue.time[number])),
            float(catalogue.latitude[number]),
            float(catalogue.longitude[number]),
            depth if np.isfinite(depth) else None,
        )
        kind = str(catalogue.magnitude_type[number]) or "M"
        magnitudes = (Magnitude(kind, magnitude),) if np.isfinite(magnitude) else ()
        return Event(origin, magnitudes, resource_id=key)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and int(key) < len(self.passing) and bool(self.passing[int(key)])

    def __iter__(self) -> Iterator[str]:
        return map(str, np.flatnonzero(self.passing).tolist())

    def __len__(self) -> int:
        return self._count


@dataclass(frozen=True)
class _Limit:
    """Days [first, last), the least magnitude, and the day until which earthquakes are pale."""

    days: Days
    magnitude: float
    pale_until: int

    def passing(self, catalogue: Catalogue) -> NDArray[np.bool_]:
        """(n,)."""
        first, last = (day * DAY for day in self.days)
        return (catalogue.time >= first) & (catalogue.time < last) & (catalogue.magnitude >= self.magnitude - 1e-9)


class CatalogueShown(EventsShown):
    """Follows the state. Of region and period a view leaves out the one that is chosen on it."""

    def __init__(self, state: SeismicityState, by_region: bool = True, by_period: bool = True) -> None:
        self.state = state  # before anything asks where the earthquakes are
        self.passing = np.zeros(0, bool)
        self._limit: _Limit | None = None
        super().__init__()
        self._by_region, self._by_period = by_region, by_period
        state.catalogueChanged.connect(self._take_catalogue)
        state.filterChanged.connect(lambda: self._take(places=False))
        if by_region:
            state.regionChanged.connect(lambda: self._take(places=False))
        state.selectionChanged.connect(lambda: self.select(map(str, state.selection)))
        self.selected.connect(lambda ids: state.select(map(int, ids)))
        self._take_catalogue()

    def limit(self, days: Days | None, magnitude: float = -np.inf, pale_until: int = 0) -> None:
        """Show earthquakes of these days [first, last) and of at least a magnitude alone; None: of all days.

        Args:
            pale_until: those before this day are pale.
        """
        limit = None if days is None else _Limit(days, magnitude, pale_until)
        if limit != self._limit:
            self._limit = limit
            self._take(places=False)

    def _take_catalogue(self) -> None:
        self._is_home = True
        self.__dict__.pop("_smallest", None)
        self.colour_by = ColourBy.DEPTH if np.isfinite(self.state.catalogue.depth).any() else ColourBy.TIME
        self._take(places=True)

    def _take(self, places: bool) -> None:
        catalogue = self.state.catalogue
        self.passing = self.state.passing(self._by_region, self._by_period)
        if self._limit is not None:
            self.passing = self.passing & self._limit.passing(catalogue)
        self.events = cast(dict[str, Event], CatalogueEvents(catalogue, self.passing))
        self.select(map(str, self.state.selection))  # before views look at what is selected, which may not pass
        self._change(places)

    @cached_property
    def columns(self) -> EventColumns:
        """Of the events that pass, the largest first."""
        catalogue = self.state.catalogue
        numbers = np.flatnonzero(self.passing)
        magnitude = catalogue.magnitude[numbers]
        numbers = numbers[np.argsort(-magnitude, kind="stable")]
        chosen, no = catalogue.where(numbers), np.zeros(len(numbers), bool)
        x, y = self.on_map(chosen.longitude, chosen.latitude)
        ids = tuple(map(str, numbers.tolist()))
        pale = no if self._limit is None else chosen.time < self._limit.pale_until * DAY
        return EventColumns(ids, chosen.time, x, y, chosen.depth, chosen.magnitude, pale, no)

    @cached_property
    def scale(self) -> Scale:
        """What the colours mean: the same whatever passes."""
        catalogue = self.state.catalogue
        return event_scale(self.colour_by, catalogue.depth, catalogue.time, catalogue.magnitude)

    def radii(self, magnitudes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels; what is small in this catalogue is small on the map, and stays as large when fewer pass."""
        return radii(magnitudes - self._smallest + _SMALLEST_AS, len(self.state.catalogue))

    @cached_property
    def _smallest(self) -> float:
        """Magnitude below which there are few."""
        known = self.state.catalogue.magnitude
        known = known[np.isfinite(known)]
        return float(np.quantile(known, _FEW)) if known.size else 0.0

    def show_events(self, ids: Iterable[str] = ()) -> None:
        """Bring these events into view, by default all that pass."""
        numbers = np.fromiter(map(int, ids), np.int64)
        chosen = self.state.catalogue.where(numbers if len(numbers) else self.passing)
        if len(chosen):
            self.set_view(self._around(chosen.longitude, chosen.latitude))

    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Of all earthquakes: the view stays as it is when fewer pass."""
        return self.state.catalogue.longitude, self.state.catalogue.latitude
