"""The dialog that asks for an earthquake to simulate, and says what it will cost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.maps.overlays import Layer
from quakeview.app.texts import captioned
from quakeview.app.wavefield.region_map import region_map
from quakeview.app.widgets.numberbox import NumberBox, WholeNumberBox
from quakeview.app.work.background import Background
from quakeview.errors import QuakeViewError
from quakeview.geography import geography
from quakeview.jobs import Progress
from quakeview.simulation.region import HAYWARD
from quakeview.texts import duration, file_size

if TYPE_CHECKING:
    from quakeview.simulation.waves.estimate import Estimate
    from quakeview.wavefield.scenarios.making import ScenarioRequest

MAGNITUDES = (4.5, 7.0)
SETTLE_MS = 200
_LONGEST_WAIT = 2.0
"""Seconds for an estimate under way, at the end of the window."""
_MAP_WIDTH = 460
RUPTURE, POINT, SRF = "rupture", "point", "srf"
_SOURCES = {RUPTURE: "Rupture of the Hayward fault", POINT: "Point source", SRF: "SRF file"}
_MODELS = {
    "bay-area": "Bay Area (illustrative)",
    "gil7": "GIL7, layered",
    "loh1": "Layer over half-space (LOH.1)",
    "homogeneous": "Homogeneous",
}
_SIZES = {"tiny": "Tiny", "forecast": "For forecasts", "standard": "Standard", "fine": "Fine"}
_DEVICES = {"auto": "Automatic", "cpu": "CPU", "cuda": "NVIDIA GPU (CUDA)"}
_FILE = "file"


@dataclass(frozen=True)
class Preview:
    """What is known of a simulation before it starts: its cost, and where the earthquake is."""

    estimate: "Estimate"
    hypocentre: tuple[float, float, float] | None
    outline: np.ndarray | None


class NewScenarioDialog(QDialog):
    """Every change is checked at once, off the GUI thread; what cannot be simulated is said in place."""

    simulateRequested = Signal(object, object, str)  # ScenarioRequest, Path, device

    def __init__(self, folder: Path, device: str, parent: QWidget | None = None, preset: str = "tiny") -> None:
        super().__init__(parent)
        self.setWindowTitle("New scenario")
        self._folder = folder
        self._problem = ""
        self._preview = Background("The estimate")
        self._preview.ready.connect(self._show_preview)
        self._preview.failed.connect(self._show_problem)
        self._timer = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._timer.timeout.connect(self._ask_for_preview)
        self._make_fields(device, preset)
        self.map = region_map("Hypocentre")
        self.map.set_geography(geography())
        self.map.show_layer(Layer.STATIONS, False)
        self.map.setMinimumWidth(_MAP_WIDTH)
        self.map.setFixedHeight(self.map.heightForWidth(_MAP_WIDTH))
        self.map.pointClicked.connect(self._choose_hypocentre)
        self._arrange()
        self._connect()
        self._follow_source()
        self._changed()
        self.simulate.setDefault(True)
        self.magnitude.setFocus()

    # --- fields ------------------------------------------------------------------------------------------------

    def _make_fields(self, device: str, preset: str) -> None:
        from quakeview.simulation.waves.presets import PRESETS

        self.name = QLineEdit()
        self.magnitude = _spin("Magnitude", *MAGNITUDES, 6.0, 0.1, "", decimals=1)
        self.magnitude_slider = QSlider(Qt.Orientation.Horizontal)
        self.magnitude_slider.setAccessibleName("Magnitude, slider")
        self.magnitude_slider.setRange(*(round(10 * magnitude) for magnitude in MAGNITUDES))
        self.magnitude_slider.setValue(60)
        self.source = _choice("Source", _SOURCES)
        self.drawn = QCheckBox("Random (from seed)")
        self.drawn.setChecked(True)
        self.x_km = _spin("X of the hypocentre", 0, HAYWARD.length / 1000, 50, 1, " km")
        self.y_km = _spin("Y of the hypocentre", 0, HAYWARD.width / 1000, 38, 1, " km")
        self.depth_km = _spin("Depth of the hypocentre", 0, HAYWARD.depth / 1000, 8, 1, " km")
        self.strike = _spin("Strike", 0, 360, round(HAYWARD.x_azimuth, 1), 5, "°")
        self.dip = _spin("Dip", 0, 90, 90, 5, "°")
        self.rake = _spin("Rake", -180, 180, 180, 5, "°")
        self.srf = QLineEdit()
        self.srf.setAccessibleName("SRF file")
        self.srf.setPlaceholderText("Standard Rupture Format, version 2")
        self.browse = QPushButton("Browse…", autoDefault=False)
        self.model = _choice("Earth model", _MODELS)
        self.model.addItem("GeoModelGrids file…", _FILE)
        self.preset = _choice(
            "Size",
            {
                name: f"{_SIZES[name]}: up to {size.frequency:g} Hz, {size.spacing:g} m grid, "
                f"Vs ≥ {size.minimum_vs:g} m/s"
                for name, size in PRESETS.items()
            },
        )
        self.preset.setItemData(
            self.preset.findData("forecast"),
            "The size that the forecasters which come with QuakeView know",
            Qt.ItemDataRole.ToolTipRole,
        )
        self.preset.setCurrentIndex(self.preset.findData(preset))
        self.seed = WholeNumberBox(maximum=999_999, value=1)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed gives the same rupture")
        self.attenuation = QCheckBox("Waves lose energy (constant Q)")
        self.attenuation.setChecked(True)
        self.device = _choice("Device", _DEVICES)
        self.device.setCurrentIndex(max(self.device.findData(device), 0))
        self.cost = captioned("", "value")
        self.cost.setAccessibleName("Estimated cost")
        self.problem = captioned("", "error")
        self.problem.setAccessibleName("Problem")
        self.problem.setWordWrap(True)

    def _arrange(self) -> None:
        self._form = form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.name.setAccessibleName("Name")
        form.addRow("&Name", self.name)
        self._size = _row(self.magnitude, self.magnitude_slider)
        form.addRow("&Magnitude", self._size)
        form.addRow("S&ource", self.source)
        self._mechanism = _row(self.strike, self.dip, self.rake)
        form.addRow("Strike, dip, &rake", self._mechanism)
        self._file = _row(self.srf, self.browse)
        form.addRow("&File", self._file)
        form.addRow("&Hypocentre", self.drawn)
        self._position = _row(self.x_km, self.y_km, self.depth_km)
        form.addRow("X, Y, dep&th", self._position)
        form.addRow("See&d", self.seed)
        form.addRow("&Earth model", self.model)
        form.addRow("", self.attenuation)
        form.addRow("Si&ze", self.preset)
        form.addRow("De&vice", self.device)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.simulate = buttons.addButton("&Simulate", QDialogButtonBox.ButtonRole.AcceptRole)
        self.simulate.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        hint = captioned("Click on the map to choose the hypocentre. The Earth model is illustrative.", "caption")
        hint.setWordWrap(True)
        self.hint = hint
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(form)
        left.addStretch()
        right.addWidget(self.map)
        right.addWidget(hint)
        right.addStretch()
        columns = QHBoxLayout()
        columns.setSpacing(18)
        columns.addLayout(left, 4)
        columns.addLayout(right, 5)
        bottom = QHBoxLayout()
        words = QVBoxLayout()
        words.addWidget(self.cost)
        words.addWidget(self.problem)
        bottom.addLayout(words, 1)
        bottom.addWidget(buttons, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(columns, 1)
        layout.addLayout(bottom)
        self.resize(960, 500)

    def _connect(self) -> None:
        self.magnitude_slider.valueChanged.connect(lambda tenths: self.magnitude.setValue(tenths / 10))
        self.magnitude.valueChanged.connect(lambda value: self.magnitude_slider.setValue(round(10 * value)))
        self.source.currentIndexChanged.connect(self._follow_source)
        self.drawn.toggled.connect(lambda drawn: self._position.setEnabled(not drawn))
        self.browse.clicked.connect(self._ask_for_srf)
        self.model.activated.connect(self._ask_for_model)
        spins: Sequence[NumberBox | WholeNumberBox] = (
            *(self.magnitude, self.x_km, self.y_km, self.depth_km, self.strike, self.dip, self.rake, self.seed),
        )
        for spin in spins:
            spin.valueChanged.connect(self._changed)
        for box in (self.source, self.model, self.preset, self.device):
            box.currentIndexChanged.connect(self._changed)
        for check in (self.drawn, self.attenuation):
            check.toggled.connect(self._changed)
        self.srf.textChanged.connect(self._changed)
        self.name.textEdited.connect(self._changed)

    def _follow_source(self) -> None:
        """Show only what the kind of source needs."""
        kind = self.source.currentData()
        self._form.setRowVisible(self._mechanism, kind == POINT)
        self._form.setRowVisible(self._file, kind == SRF)
        self._form.setRowVisible(self.drawn, kind == RUPTURE)
        self._form.setRowVisible(self._position, kind != SRF)
        self._form.setRowVisible(self.seed, kind == RUPTURE)
        self._size.setEnabled(kind != SRF)
        if kind == POINT:
            self.drawn.setChecked(False)
        self._position.setEnabled(not self.drawn.isChecked())

    # --- what is asked for -------------------------------------------------------------------------------------

    def request(self) -> "ScenarioRequest":
        """What the fields say.

        Raises:
            QuakeViewError: for what can be seen to be impossible at once.
        """
        from quakeview.wavefield.scenarios.making import ScenarioRequest

        kind = self.source.currentData()
        chosen = (1000 * self.x_km.value(), 1000 * self.y_km.value(), 1000 * self.depth_km.value())
        mechanism: dict[str, Any] = {}
        if kind == POINT:
            mechanism = {name: getattr(self, name).value() for name in ("strike", "dip", "rake")}
        if kind == SRF and not self.srf.text().strip():
            raise QuakeViewError("Choose the SRF file.")
        return ScenarioRequest(
            magnitude=round(self.magnitude.value(), 1),
            hypocentre=None if kind == SRF or self.drawn.isChecked() else chosen,
            preset=self.preset.currentData(),
            source=POINT if kind == POINT else RUPTURE,
            srf=Path(self.srf.text().strip()) if kind == SRF else None,
            seed=self.seed.value(),
            model=self.model.currentData(),
            attenuation=self.attenuation.isChecked(),
            name=self.name.text().strip(),
            **mechanism,
        )

    @property
    def path(self) -> Path:
        """Where the scenario will be."""
        return self._folder / f"{file_name(self.name.text())}.h5"

    def accept(self) -> None:
        if not self.simulate.isEnabled():
            return
        self.simulateRequested.emit(self.request(), self.path, self.device.currentData())
        super().accept()

    def done(self, result: int) -> None:
        self._timer.stop()
        self._preview.forget()
        super().done(result)

    def shut_down(self) -> None:
        """Close at the end of the window."""
        self.reject()
        self._preview.wait(_LONGEST_WAIT)

    def _changed(self) -> None:
        """Suggest a name, and check what is asked for once the user rests."""
        if not self.name.isModified():
            self.name.setText(self._suggested_name())
        self.simulate.setEnabled(False)
        self.hint.setText(self._hint())
        self._timer.start()

    def _suggested_name(self) -> str:
        magnitude, size = self.magnitude.value(), _SIZES[self.preset.currentData()].lower()
        match self.source.currentData():
            case "srf":
                stem = f"{Path(self.srf.text()).stem or 'SRF'} {size}"
            case "point":
                stem = f"M{magnitude:.1f} point {size}"
            case _:
                stem = f"M{magnitude:.1f} Hayward {size} {self.seed.value()}"
        names = (stem, *(f"{stem} ({number})" for number in range(2, 1000)))
        return next((name for name in names if not (self._folder / f"{file_name(name)}.h5").exists()), stem)

    def _hint(self) -> str:
        click = "" if self.source.currentData() == SRF else "Click on the map to choose the hypocentre. "
        illustrative = self.model.currentData() == "bay-area"
        return click + ("The Bay Area model is illustrative: its shapes are simplified." if illustrative else "")

    def _ask_for_preview(self) -> None:
        try:
            if not self.name.text().strip():
                raise QuakeViewError("Give the scenario a name.")
            if self.path.exists():
                raise QuakeViewError(f"There is a scenario {self.path.stem} already; choose another name.")
            request = self.request()
        except QuakeViewError as error:
            self._show_problem(str(error))
            return
        self.cost.setText(self.cost.text() or "Estimating…")
        self._preview.ask(partial(preview, request, self.device.currentData()))

    def _show_preview(self, preview: Preview) -> None:
        estimate = preview.estimate
        self.problem.clear()
        self.cost.setText(
            f"About {duration(estimate.seconds)}  ·  {file_size(estimate.memory)} of memory  ·  "
            f"{file_size(estimate.file_size)} on disk"
        )
        self.map.set_epicentre(preview.hypocentre[:2] if preview.hypocentre else None)
        self.map.set_rupture_outline(preview.outline)
        if self.drawn.isChecked() and preview.hypocentre is not None:
            self._show_position(*preview.hypocentre)
        self.simulate.setEnabled(not self._timer.isActive() and not self._preview.busy)

    def _show_problem(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.cost.clear()
        self.simulate.setEnabled(False)

    def _show_position(self, x: float, y: float, depth: float) -> None:
        for spin, value in ((self.x_km, x), (self.y_km, y), (self.depth_km, depth)):
            spin.blockSignals(True)
            spin.setValue(value / 1000)
            spin.blockSignals(False)

    def _choose_hypocentre(self, x: float, y: float) -> None:
        """From the map; on the fault, if it is the fault that breaks."""
        from quakeview.simulation.sources import hayward_fault

        kind = self.source.currentData()
        if kind == SRF:
            return
        if kind == RUPTURE:
            x, y = float(np.clip(x, *hayward_fault.X)), hayward_fault.Y
        self.drawn.setChecked(False)
        self._show_position(x, y, 1000 * self.depth_km.value())
        self.map.set_epicentre((x, y))
        self._changed()

    def _ask_for_srf(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose an SRF file", "", "SRF (*.srf);;All files (*)")
        if path:
            self.srf.setText(path)

    def _ask_for_model(self) -> None:
        """The last entry of the list lets the user choose a file, which then is an entry of its own."""
        if self.model.currentData() != _FILE:
            return
        path, _ = QFileDialog.getOpenFileName(self, "Choose a GeoModelGrids file", "", "GeoModelGrids (*.h5 *.hdf5)")
        if path:
            self.model.insertItem(self.model.count() - 1, Path(path).name, path)
        self.model.setCurrentIndex(self.model.count() - 2 if path else 0)


def preview(request: "ScenarioRequest", device: str, progress: Progress) -> Preview:
    """What a request costs and where its earthquake is; refuses what cannot be simulated. For a worker thread."""
    from quakeview.wavefield.scenarios.making import estimate_scenario, rupture_of

    estimate = estimate_scenario(request, device)
    rupture = rupture_of(request)
    if rupture is None:
        return Preview(estimate, request.hypocentre, None)
    x, y, depth = (float(value) for value in rupture.hypocentre)
    return Preview(estimate, (x, y, depth), rupture.plane.corners[[0, 1, 2, 3, 0], :2])


def file_name(name: str) -> str:
    """``name`` without what file systems do not take."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', "-", name.strip()).strip(". ")


def _spin(name: str, low: float, high: float, value: float, step: float, unit: str, decimals: int = 1) -> NumberBox:
    box = NumberBox(minimum=low, maximum=high, singleStep=step, decimals=decimals, suffix=unit)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setValue(value)
    return box


def _choice(name: str, options: dict[str, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for value, text in options.items():
        box.addItem(text, value)
    return box


def _row(*widgets: QWidget) -> QWidget:
    """Widgets side by side."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget, 1 if isinstance(widget, QSlider | QLineEdit | QLabel) else 0)
    return holder
