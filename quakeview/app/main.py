"""Start of the window: ``run`` shows it, then opens the files."""

import logging
import logging.handlers
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from quakeview.app.drawing.theme import Theme
from quakeview.app.shell.controller import Controller
from quakeview.app.shell.preferences import Preferences
from quakeview.app.shell.window import MainWindow, local_paths
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.running import JobRunner
from quakeview.paths import resources_dir, user_state_dir
from quakeview.registry import all_models

_LOG_BYTES = 1_000_000


def run(files: Sequence[str] = ()) -> int:
    """Open the window with ``files`` and stay until it is closed; returns the exit code."""
    app = application()
    start_log()
    controller = build()
    sys.excepthook = _hook(controller)
    controller.window.show()
    QTimer.singleShot(0, lambda: controller.start(local_paths(files)))
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__


def application() -> QApplication:
    """The one ``QApplication``, with our name and icon."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("quakeview")
    app.setApplicationDisplayName("QuakeView")
    app.setDesktopFileName("quakeview")
    app.setWindowIcon(QIcon(str(resources_dir() / "quakeview.svg")))
    return app


def build(read_models: Callable[[], list[Any]] = all_models) -> Controller:
    """The window and everything behind it, not yet shown.

    Args:
        read_models: returns the model cards, and what is said of folders that are broken.
    """
    app = application()
    preferences = Preferences(app)
    theme = Theme(app, preferences[preferences.THEME])
    runner = JobRunner()
    models = ModelList(runner, read_models)
    return Controller(MainWindow(theme, preferences, runner, models))


def start_log() -> None:
    """Keep the last megabytes of what went wrong in the user's state folder."""
    folder = user_state_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(folder / "quakeview.log", maxBytes=_LOG_BYTES, backupCount=2)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("quakeview")
    if not any(isinstance(known, logging.handlers.RotatingFileHandler) for known in logger.handlers):
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def _hook(controller: Controller) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Our own mistakes: told to the user and logged, and the window stays open."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        logging.getLogger("quakeview").error("Unexpected error", exc_info=(kind, error, trace))
        controller.unexpected(error)

    return hook
