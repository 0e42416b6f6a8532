"""What must be known before a film, seismograms or a forecast are written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QWidget

from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.simulation.region import Region
from quakeview.texts import counted, duration

if TYPE_CHECKING:
    from quakeview.geography import Station
    from quakeview.wavefield.scenarios.header import Wavefield

FIGURE, FILM, TRACES, FORECAST, SITES, SHAKEMAP, SEISMOGRAMS = KINDS = (
    "Figure: truth, forecast and error",
    "Animation: truth, forecast and error",
    "Figure of the traces with their spread",
    "Forecast to be opened again (HDF5)",
    "Table of cities and sites (CSV)",
    "ShakeMap grid",
    "Seismograms (MiniSEED and StationXML)",
)
"""What of a forecast can be written."""
_NOTES = {
    FIGURE: "Maps of these moments in one colour scale, on white.",
    FILM: "The same maps, from the first frame to the last that both have.",
    TRACES: "As the panel shows them: what was observed and forecast at the points.",
    FORECAST: "With its spread, what it was made from and by whom. It is opened like a scenario.",
    SITES: "PGV, its time and MMI as forecast and as they came, and the warning time of each place.",
    SHAKEMAP: "PGV and MMI from the issue on, and the spread as uncertainty.xml beside it. They are lower bounds.",
    SEISMOGRAMS: "The members' mean from the issue on. No instrument need stand at these places.",
}
SIZES = ((640, 480), (960, 720), (1440, 1080))
SPEEDS = (1.0, 2.0, 4.0, 8.0)
_FIRST_SIZE, _FIRST_SPEED = 1, 2


_TAKE = "Choose &File…"


class _Choices(FormDialog):
    """Labelled lists, and then the file is chosen."""

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(title, 480, "caption", parent)

    def add(self, label: str, texts: Sequence[str], chosen: int = 0) -> QComboBox:
        """A list of ``texts``."""
        box = QComboBox()
        box.setAccessibleName(label.replace("&", ""))
        box.addItems(list(texts))
        box.setCurrentIndex(chosen)
        self.form.addRow(label, box)
        return box


class FilmDialog(_Choices):
    """Size and speed of a film, and how long it will be."""

    def __init__(self, wavefield: "Wavefield", parent: QWidget | None = None) -> None:
        super().__init__("Export animation", parent)
        self._seconds = wavefield.n_frames * wavefield.frame_step
        self.sizes = self.add("&Size", [f"{width} × {height} pixels" for width, height in SIZES], _FIRST_SIZE)
        self.speeds = self.add("S&peed", [f"× {speed:g}" for speed in SPEEDS], _FIRST_SPEED)
        self.add_buttons(_TAKE)
        self.speeds.currentIndexChanged.connect(self._say_length)
        self._say_length()

    @property
    def resolution(self) -> QSize:
        return QSize(*SIZES[self.sizes.currentIndex()])

    @property
    def speed(self) -> float:
        """A multiple of real time."""
        return SPEEDS[self.speeds.currentIndex()]

    def _say_length(self) -> None:
        self.said.setText(
            f"The map as it is on screen, from the first frame to the last: {duration(self._seconds / self.speed)}."
        )


class ForecastDialog(_Choices):
    """What of a forecast is written, and what of it must be chosen."""

    def __init__(
        self, times: Sequence[float], places: "Sequence[tuple[str, Sequence[Station]]]", parent: QWidget | None = None
    ) -> None:
        """``times``: moments for a figure, s, the one on screen first; ``places``: what they are called, and they."""
        super().__init__("Export forecast", parent)
        self._times, self._places = times, [stations for _, stations in places]
        self.kinds = self.add("&What", KINDS)
        now, *later = (f"{time:.1f} s" for time in times)
        self.moments = self.add("&Moments", [f"{now}, on screen", *(["  ·  ".join(later)] if later else [])])
        self.speeds = self.add("S&peed", [f"× {speed:g}" for speed in SPEEDS], _FIRST_SPEED)
        self.places = self.add("&Places", [name for name, _ in places])
        self.add_buttons(_TAKE)
        self.kinds.currentIndexChanged.connect(self._show_rows)
        self._show_rows()

    @property
    def kind(self) -> str:
        """One of ``KINDS``."""
        return self.kinds.currentText()

    @property
    def times(self) -> list[float]:
        """Of the figure, s after the origin time."""
        return list(self._times[1:] if self.moments.currentIndex() else self._times[:1])

    @property
    def speed(self) -> float:
        """A multiple of real time."""
        return SPEEDS[self.speeds.currentIndex()]

    def stations(self) -> "list[Station]":
        """The places chosen."""
        return list(self._places[self.places.currentIndex()])

    def _show_rows(self) -> None:
        for box, kind in ((self.moments, FIGURE), (self.speeds, FILM), (self.places, SEISMOGRAMS)):
            self.form.setRowVisible(box, self.kind == kind)
        self.said.setText(_NOTES[self.kind])
        self.accept_button.setEnabled(self.kind != SEISMOGRAMS or bool(self._places))


class PlacesDialog(_Choices):
    """Where seismograms are taken, and how they are written."""

    def __init__(
        self,
        title: str,
        region: Region,
        points: Sequence[tuple[float, float]],
        formats: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        from quakeview.geography import geography
        from quakeview.wavefield.scenarios.virtual_stations import numbered

        super().__init__(title, parent)
        chosen, sites = numbered(points), list(geography(region).stations)
        self._places: list[list[Station]] = [places for places in (chosen, sites) if places]
        texts = [f"{counted(len(points), 'point')} chosen on the map"] if points else []
        texts += [f"{counted(len(sites), 'site')} of virtual stations"] if sites else []
        self.places = self.add("&Places", texts)
        self.formats = self.add("&Format", formats) if formats else None
        self.add_buttons(_TAKE)
        self.accept_button.setEnabled(bool(texts))
        self.said.setText("No instrument stands at these places. The seismograms begin on 2000-01-01 00:00 UTC.")

    @property
    def format(self) -> str:
        """One of the formats offered; empty if there was no choice."""
        return self.formats.currentText() if self.formats is not None else ""

    def stations(self) -> "list[Station]":
        """The places chosen."""
        return self._places[self.places.currentIndex()]
