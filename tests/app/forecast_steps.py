"""What a user does to get a forecast, and what the window then says."""

from PySide6.QtCore import Qt


def is_shown(controller):
    workspace = controller.wavefield
    return (
        workspace is not None
        and workspace.has_wavefield
        and workspace.map.scene.values is not None
        and not controller.window.runner.active
    )


def forecast_it(controller, qtbot, key=Qt.Key.Key_F5):
    """Press F5 and wait until it is there."""
    qtbot.keyClick(controller.wavefield.map, key)
    stage = controller.wavefield.stage
    qtbot.waitUntil(lambda: not controller.window.runner.active and stage.forecast is not None)
    return stage.forecast


def said(workspace):
    return workspace.notice.sentence.text() if workspace.notice.isVisible() else ""


def choose(strip, kind):
    """Stations of the strip, as a user chooses them."""
    strip.stations.setCurrentIndex(strip.stations.findData(kind))
    strip.stations.activated.emit(strip.stations.currentIndex())
