"""The dialog that says how events are located and sized: velocity model, magnitude scale, least picks and stations."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from quakeview.app.events.velocity_model_view import VelocityModelView
from quakeview.app.shell.preferences import Option, Preferences
from quakeview.app.texts import captioned
from quakeview.app.waveforms.velocity_model_dialog import VelocityModelDialog
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.numberbox import WholeNumberBox
from quakeview.app.widgets.published_or_file import PublishedOrFile
from quakeview.events.attenuation_laws import DEFAULT, LAWS, AttenuationLaw, read_attenuation_law
from quakeview.events.locating import Locator, Place
from quakeview.events.velocity_models import PUBLISHED, cautions, read_velocity_model
from quakeview.stations.coordinates import Coordinates

_SIZE, _LAYERS_HEIGHT = (800, 640), 200
"""Pixels."""
_MODELS = "Velocity models (*.csv *.toml);;All files (*)"
_SCALES = "Attenuation laws (*.toml);;All files (*)"
_NOTE = "Events are located so from the next search or relocation on; those that are there stay as they are."
_NOT_KNOWN = "Which model that is depends on the coordinates of the stations; none are open."


class EventMethodDialog(FormDialog):
    """Writes the preferences when it is accepted."""

    def __init__(
        self,
        preferences: Preferences,
        coordinates: Mapping[Place, Coordinates],
        deepest: float | None,
        parent: QWidget | None = None,
    ) -> None:
        """``deepest`` is the depth of the deepest earthquake that is open, m."""
        super().__init__("How events are located", _SIZE[0], "error", parent)
        self._preferences, self._deepest = preferences, deepest
        self._add_model(coordinates)
        self._add_scale()
        self.picks = self._least("Least &picks", "Least picks of an event", preferences.EVENT_PICKS, 4)
        self.stations = self._least("Least s&tations", "Least stations of an event", preferences.EVENT_STATIONS, 2)
        self.form.addRow("", _words("caption", _NOTE))
        self.said.setAccessibleName("Problem")
        self.add_buttons("&OK")
        self.resize(*_SIZE)
        self.model.choose(preferences[preferences.VELOCITY_MODEL])
        self.scale.choose(preferences[preferences.ATTENUATION_LAW])
        for field in (self.model, self.scale):
            field.changed.connect(self._check)
        self._check()

    def accept(self) -> None:
        """From now on events are located so."""
        options = self._preferences
        options[options.VELOCITY_MODEL] = self.model.choice
        options[options.ATTENUATION_LAW] = self.scale.choice
        options[options.EVENT_PICKS] = self.picks.value()
        options[options.EVENT_STATIONS] = self.stations.value()
        super().accept()

    def done(self, result: int) -> None:
        self.model.forget()
        self.scale.forget()
        super().done(result)

    # --- the fields --------------------------------------------------------------------------------------------

    def _add_model(self, coordinates: Mapping[Place, Coordinates]) -> None:
        self.model = PublishedOrFile("Velocity model", _MODELS, read_velocity_model)
        local = Locator.at(coordinates).model if coordinates else None
        self._has_place = local is not None
        label = "For the place of the network"
        self.model.offer("", f"{label}: {local.name}" if local else label, local, local.source if local else _NOT_KNOWN)
        for name, model in PUBLISHED.items():
            self.model.offer(name, name, model, model.source)
        self.edit = QPushButton("&Edit a Copy…", autoDefault=False)
        self.edit.clicked.connect(self._edit_copy)
        self.model.row.addWidget(self.edit)
        self.model_source = _words("caption")
        self.layers = VelocityModelView()
        self.layers.setMinimumHeight(_LAYERS_HEIGHT)
        self.caution = _words("warning")
        self.form.addRow("&Velocity model", self.model)
        self.form.addRow("", self.model_source)
        self.form.addRow("", self.layers)
        self.form.addRow("", self.caution)

    def _add_scale(self) -> None:
        self.scale = PublishedOrFile("Magnitude scale", _SCALES, read_attenuation_law)
        for name, law in LAWS.items():
            self.scale.offer("" if name == DEFAULT else name, name, law, law.source)
        self.scale_source = _words("caption")
        self.form.addRow("&Magnitude scale", self.scale)
        self.form.addRow("", self.scale_source)

    def _least(self, label: str, name: str, option: Option, least: int) -> WholeNumberBox:
        box = WholeNumberBox(minimum=least, maximum=100, value=self._preferences[option])
        box.setAccessibleName(name)
        box.setMaximumWidth(110)
        self.form.addRow(label, box)
        return box

    # --- what is chosen ----------------------------------------------------------------------------------------

    def _check(self) -> None:
        """Show what is chosen, and what is wrong with it."""
        model, law = self.model.thing, self.scale.thing
        self.layers.show_model(model)
        nowhere = not self.model.choice and not self._has_place
        self.model_source.setText(_NOT_KNOWN if nowhere else model.source if model else "")
        self.caution.setText(" ".join(cautions(model, self._deepest)) if model else "")
        self.form.setRowVisible(self.caution, bool(self.caution.text()))
        self.scale_source.setText(_about(law) if law else "")
        self.edit.setEnabled(model is not None)
        self.said.setText(" ".join(filter(None, (self.model.problem, self.scale.problem))))
        self.accept_button.setEnabled((model is not None or nowhere) and law is not None)

    def _edit_copy(self) -> None:
        folder = Path(self.model.choice).parent if Path(self.model.choice).is_absolute() else self._folder
        dialog = VelocityModelDialog(self.model.thing, self._deepest, folder, self)
        dialog.saved.connect(lambda path: self.model.choose(str(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @property
    def _folder(self) -> Path:
        return Path(self._preferences[self._preferences.FOLDER])


def _words(role: str, text: str = "") -> QLabel:
    label = captioned(text, role)
    label.setWordWrap(True)
    return label


def _about(law: AttenuationLaw) -> str:
    """Where a law comes from, and where it holds."""
    distance = "along the surface" if law.epicentral else "from the hypocentre"
    return f"{law.source}. It holds from {law.nearest / 1000:g} to {law.farthest / 1000:g} km {distance}."
