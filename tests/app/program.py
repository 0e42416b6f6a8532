"""The program as tests speak of it. Programs of their own start with this module: nothing heavy is imported here."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from quakeview.app.models.actions import MODELS
from quakeview.app.seismicity.actions import SEISMICITY
from quakeview.app.shell.controller import Controller
from quakeview.app.training.actions import TRAINING
from quakeview.app.wavefield.actions import WAVEFIELD
from quakeview.app.waveforms.actions import WAVEFORMS


class Program:
    """A controller whose workspaces have names."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller

    def __getattr__(self, name: str) -> Any:
        return getattr(self.controller, name)

    @property
    def waveforms(self) -> Any:
        return self.workspaces[WAVEFORMS]

    @property
    def workspace(self) -> Any:
        return self.waveforms.workspace

    @property
    def session(self) -> Any:
        return self.waveforms.session

    @property
    def sessions(self) -> Any:
        return self.waveforms.sessions

    @property
    def wavefield(self) -> Any:
        return self.workspaces[WAVEFIELD].workspace

    @property
    def seismicity(self) -> Any:
        return self.workspaces[SEISMICITY].workspace

    @property
    def training_workspace(self) -> Any:
        return self.workspaces[TRAINING].workspace

    @property
    def models_workspace(self) -> Any:
        return self.workspaces[MODELS].workspace


def drop(widget: QWidget, paths: list[Path]) -> None:
    """Drop files on a widget as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    middle = widget.rect().center()
    enter = QDragEnterEvent(middle, copy, data, left, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(middle), copy, data, left, none))
