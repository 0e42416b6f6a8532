"""What must be known before a film or seismograms are written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from quakeview.app.texts import captioned, counted, duration
from quakeview.simulation.region import Region

if TYPE_CHECKING:
    from quakeview.wavefield.geography import Station
    from quakeview.wavefield.header import Wavefield

SIZES = ((640, 480), (960, 720), (1440, 1080))
SPEEDS = (1.0, 2.0, 4.0, 8.0)
_FIRST_SIZE, _FIRST_SPEED = 1, 2


class _Choices(QDialog):
    """Labelled lists above OK and Cancel."""

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(9)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.note = captioned("", "caption")
        self.note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText("Choose &File…")
        self.ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(self.form)
        layout.addWidget(self.note)
        layout.addWidget(buttons)

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
        self.note.setText(
            f"The map as it is on screen, from the first frame to the last: {duration(self._seconds / self.speed)}."
        )


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
        from quakeview.wavefield.geography import geography
        from quakeview.wavefield.virtual_stations import numbered

        super().__init__(title, parent)
        chosen, sites = numbered(points), list(geography(region).stations)
        self._places: list[list[Station]] = [places for places in (chosen, sites) if places]
        texts = [f"{counted(len(points), 'point')} chosen on the map"] if points else []
        texts += [f"{counted(len(sites), 'site')} of virtual stations"] if sites else []
        self.places = self.add("&Places", texts)
        self.formats = self.add("&Format", formats) if formats else None
        self.ok.setEnabled(bool(texts))
        self.note.setText("No instrument stands at these places. The seismograms begin on 2000-01-01 00:00 UTC.")

    @property
    def format(self) -> str:
        """One of the formats offered; empty if there was no choice."""
        return self.formats.currentText() if self.formats is not None else ""

    def stations(self) -> "list[Station]":
        """The places chosen."""
        return self._places[self.places.currentIndex()]
