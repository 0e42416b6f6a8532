"""Preferences, About, errors."""

import platform
import re
from collections.abc import Callable
from importlib import metadata
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

import quakeview
from quakeview.app.drawing import theme
from quakeview.app.keys.scheme import PRESETS
from quakeview.app.shell.preferences import Option, Preferences
from quakeview.app.texts import captioned
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.widgets.numberbox import NumberBox
from quakeview.devices import DEVICES
from quakeview.errors import QuakeViewError
from quakeview.monitoring.pick_weights import parse_uncertainties

_DEVICE_NAMES = {
    "auto": "Automatic (CUDA, then MPS, then CPU)",
    "cpu": "CPU",
    "cuda": "NVIDIA GPU (CUDA)",
    "mps": "Apple GPU (MPS)",
}
_THEME_NAMES = {"auto": "Like the system", "light": "Light", "dark": "Dark"}

_NEW_PICKS = {-1: "None", **{number: f"Weight {number}" for number in range(4)}}
_MOST_PHASES = 7
_PHASE = re.compile(r"[A-Za-z][A-Za-z0-9*'_+-]{0,7}")


def _phases(text: str) -> None:
    """Raises ``QuakeViewError`` if these are no names of phases for the keys 3 to 9."""
    names = text.split()
    if len(names) > _MOST_PHASES or len(set(names)) < len(names) or not all(map(_PHASE.fullmatch, names)):
        raise QuakeViewError("Give up to seven different phases with blanks between them, such as Pn Pg Sn Sg.")


class PreferencesDialog(QDialog):
    """Every change is in force at once; there is nothing to apply.

    Signals:
        keysRequested: the keys of single actions are to be chosen.
    """

    keysRequested = Signal()

    def __init__(self, preferences: Preferences, models: ModelList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._preferences = preferences
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        self.theme = self._choice(form, "&Theme", preferences.THEME, _THEME_NAMES)
        self.keys = self._choice(form, "&Keys like", preferences.KEYS, {name: name for name in PRESETS})
        self.own_keys = QPushButton("Your &own keys…")
        self.own_keys.setAutoDefault(False)
        self.own_keys.clicked.connect(self.accept)
        self.own_keys.clicked.connect(self.keysRequested)
        form.addRow("", self.own_keys)
        self.device = self._choice(form, "&Device", preferences.DEVICE, {d: _DEVICE_NAMES.get(d, d) for d in DEVICES})
        self.model = self._picker(form, models)
        self.p_threshold = self._threshold(form, "&P threshold", preferences.P_THRESHOLD)
        self.s_threshold = self._threshold(form, "&S threshold", preferences.S_THRESHOLD)
        self.reviewer = QLineEdit(preferences[preferences.REVIEWER])
        self.reviewer.setAccessibleName("Reviewer")
        self.reviewer.setToolTip("Your name, kept with the events that you review")
        self.reviewer.editingFinished.connect(
            lambda: preferences.__setitem__(preferences.REVIEWER, self.reviewer.text().strip())
        )
        form.addRow("Re&viewer", self.reviewer)
        self.phases = self._words(form, "P&hases of the keys 3 to 9", preferences.PHASES, _phases)
        self.uncertainties = self._words(
            form, "&Uncertainties of weights 0 to 3, s", preferences.UNCERTAINTIES, parse_uncertainties
        )
        self.new_picks = self._choice(form, "&New picks have the uncertainty of", preferences.NEW_PICKS, _NEW_PICKS)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.hide()
        form.addRow("", self.said)
        self.reopen = QCheckBox("&Re-open the last session at start")
        self.reopen.setChecked(preferences[preferences.REOPEN])
        self.reopen.toggled.connect(lambda on: preferences.__setitem__(preferences.REOPEN, on))
        form.addRow("", self.reopen)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def _words(self, form: QFormLayout, label: str, option: Option, check: Callable[[str], object]) -> QLineEdit:
        """A line of words, in force when they are entered, unless ``check`` raises what is wrong with them."""
        line = QLineEdit(self._preferences[option])
        line.setAccessibleName(label.replace("&", ""))
        line.setMinimumWidth(230)

        def follow() -> None:
            try:
                check(line.text())
            except QuakeViewError as error:
                self.said.setText(str(error))
                self.said.show()
            else:
                self.said.hide()
                self._preferences[option] = " ".join(line.text().split())

        line.editingFinished.connect(follow)
        form.addRow(label, line)
        return line

    def _picker(self, form: QFormLayout, models: ModelList) -> QComboBox:
        """The model that picks, which is chosen in the Models workspace too."""
        box = QComboBox()
        box.setAccessibleName("Picking model")
        for card in models.pickers:
            box.addItem(card.name, card)
        box.setCurrentIndex(models.pickers.index(models.picker) if models.picker else -1)
        box.activated.connect(lambda: models.use(box.currentData()))
        if not models.pickers:
            box.addItem("No trained model is installed")
            box.setCurrentIndex(0)
            box.setEnabled(False)
        form.addRow("Picking &model", box)
        return box

    def _choice(self, form: QFormLayout, label: str, option: Option, names: dict[Any, str]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(label.replace("&", ""))
        for value, name in names.items():
            box.addItem(name, value)
        box.setCurrentIndex(max(0, box.findData(self._preferences[option])))
        box.activated.connect(lambda: self._preferences.__setitem__(option, box.currentData()))
        form.addRow(label, box)
        return box

    def _threshold(self, form: QFormLayout, label: str, option: Option) -> NumberBox:
        box = NumberBox(minimum=0.01, maximum=0.99, singleStep=0.05, decimals=2)
        box.setAccessibleName(label.replace("&", ""))
        box.setToolTip("Probability from which an onset counts as a pick")
        box.setValue(self._preferences[option])
        box.valueChanged.connect(lambda value: self._preferences.__setitem__(option, round(value, 2)))
        form.addRow(label, box)
        return box


def versions() -> str:
    """Versions of QuakeView and of what it stands on, one per line."""
    lines = [f"QuakeView {quakeview.__version__}", f"Python {platform.python_version()} on {platform.platform()}"]
    for package in ("PySide6-Essentials", "obspy", "numpy", "scipy", "torch", "transformers", "peft"):
        try:
            lines.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{package} is not installed")
    return "\n".join(lines)


class AboutDialog(QDialog):
    """What this is, under which licence, with which versions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About QuakeView")
        text = captioned(versions(), "caption")
        text.setAccessibleName("Versions")
        copy = QPushButton("&Copy versions")
        copy.clicked.connect(lambda: QApplication.clipboard().setText(versions()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(captioned("QuakeView", "title"))
        layout.addWidget(QLabel("From raw seismograms to a shaking forecast on one screen. BSD 3-Clause licence."))
        layout.addWidget(text)
        layout.addWidget(buttons)


class ErrorDialog(QDialog):
    """A sentence that says what to do; the traceback is behind Details."""

    def __init__(self, sentence: str, details: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("QuakeView")
        self.setMinimumWidth(460)
        sign = QLabel()
        sign.setPixmap(theme.icon("alert-circle-outline", theme.current().error).pixmap(28, 28))
        self.sentence = QLabel(sentence)
        self.sentence.setWordWrap(True)
        self.sentence.setAccessibleName("Error")
        self.text = QPlainTextEdit(details, readOnly=True)
        self.text.setAccessibleName("Details")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setMinimumSize(620, 220)
        self.text.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        if details:
            self.more = buttons.addButton("&Details", QDialogButtonBox.ButtonRole.ActionRole)
            self.more.setCheckable(True)
            self.more.toggled.connect(self.text.setVisible)
            copy = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
            copy.clicked.connect(lambda: QApplication.clipboard().setText(f"{sentence}\n\n{details}\n{versions()}"))
            for button in (self.more, copy):
                button.setAutoDefault(False)
        first = QHBoxLayout()
        first.setSpacing(14)
        first.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.sentence, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(14)
        layout.addLayout(first)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()
