"""The main window: rail, workspaces, menus, job panel, status bar."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QWidget,
)

from quakeview.app.drawing.theme import Theme
from quakeview.app.keys.scheme import KeyScheme
from quakeview.app.shell.actions import CATEGORIES, SUBMENUS, WORKSPACES, ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.app.shell.recent import Recent
from quakeview.app.shell.welcome import Welcome, described
from quakeview.app.texts import literal
from quakeview.app.widgets.elided import ElidedLabel
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.jobs_panel import CurrentJob, JobsPanel
from quakeview.app.work.running import JobRunner

_SIZE = QSize(1360, 860)
_NARROWEST_CURSOR = 120


class MainWindow(QMainWindow):
    """The frame; what is in the workspaces is made by ``start_work`` once the window is on the screen."""

    def __init__(self, theme: Theme, preferences: Preferences, runner: JobRunner, models: ModelList) -> None:
        super().__init__()
        self.theme = theme
        self.preferences = preferences
        self.runner = runner
        self.models = models
        self.registry = ActionRegistry(self, KeyScheme(preferences[preferences.KEYS]))
        self.stack = QStackedWidget()
        self.recent = Recent(preferences)
        self.welcome = Welcome(self.recent, self.registry)
        self.stack.addWidget(self.welcome)
        self.setCentralWidget(self.stack)
        self.setWindowTitle("QuakeView")
        self.setAcceptDrops(True)
        self.resize(_SIZE)
        self._build_rail()
        self._build_jobs()
        self._build_status()
        self._build_menus()
        self._restore_layout()
        theme.changed.connect(self._follow_theme)
        self.on_close: Callable[[], bool] = lambda: True
        self.on_drop = self.welcome.openRequested.emit

    def _build_rail(self) -> None:
        self.rail = QToolBar("Workspaces")
        self.rail.setObjectName("rail")
        self.rail.setMovable(False)
        self.rail.setIconSize(QSize(22, 22))
        self.rail.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.rail.toggleViewAction().setVisible(False)
        for action_id in (workspace.show.id for workspace in WORKSPACES):
            self.rail.addAction(self.registry[action_id])
            button = self.rail.widgetForAction(self.registry[action_id])
            button.setAccessibleName(self.registry[action_id].text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.rail)

    def _build_jobs(self) -> None:
        self.jobs = JobsPanel(self.runner)
        self.jobs_dock = QDockWidget("Jobs")
        self.jobs_dock.setObjectName("jobs")
        self.jobs_dock.setWidget(self.jobs)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.jobs_dock)
        self.jobs_dock.hide()
        self.registry.bind("view.jobs", self.jobs_dock.setVisible)
        self.jobs_dock.visibilityChanged.connect(self.registry["view.jobs"].setChecked)

    def _build_status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self.current_job = CurrentJob(self.runner)
        self.current_job.clicked.connect(self.registry["view.jobs"].trigger)
        self.cursor_label = ElidedLabel("Under the cursor", _NARROWEST_CURSOR)
        self.model_label = QLabel()
        self.model_label.setProperty("role", "caption")
        self.model_label.setAccessibleName("Model and device")
        self.model_label.setContentsMargins(0, 0, 10, 0)
        bar.addWidget(self.current_job)
        bar.addWidget(self.cursor_label, 1)
        bar.addPermanentWidget(self.model_label)
        self.models.changed.connect(self.show_model)
        self.preferences.changed.connect(lambda _: self.show_model())
        self.show_model()

    def _build_menus(self) -> None:
        self.recent_menu = QMenu("Open &Recent", self)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        listed = [(spec, action) for spec, action in self.registry if spec.menu]
        full = {spec.category for spec, _ in listed}
        tops = [category for category in CATEGORIES if category in full and category not in SUBMENUS]
        menus = {category: self.menuBar().addMenu(f"&{category}") for category in tops}
        for spec, action in listed:
            if spec.category not in menus:
                above = menus[SUBMENUS[spec.category]]
                if not (above.actions() and above.actions()[-1].menu()):
                    above.addSeparator()
                menus[spec.category] = above.addMenu(f"&{spec.category}")
            if spec.separated:
                menus[spec.category].addSeparator()
            menus[spec.category].addAction(action)
            if spec.id == "file.open_folder":
                menus[spec.category].addMenu(self.recent_menu)

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        unsaved = [(f"{known.title}: {described(known)}", known.path) for known in self.recent.unsaved]
        for text, path in (*unsaved, *((str(file.path), file.path) for file in self.recent.files)):
            opened = partial(self.welcome.openRequested.emit, [path])
            self.recent_menu.addAction(literal(text), opened)
        if unsaved and self.recent.files:
            self.recent_menu.insertSeparator(self.recent_menu.actions()[len(unsaved)])
        self.recent_menu.setEnabled(not self.recent_menu.isEmpty())

    def show_workspace(self, action_id: str, widget: QWidget) -> None:
        """Bring a workspace (or the welcome screen in its place) to the front."""
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        for workspace in WORKSPACES:
            self.registry[workspace.show.id].setChecked(workspace.show.id == action_id)
        self.registry.set_workspace(action_id)
        self.cursor_label.clear()

    def show_model(self) -> None:
        """Say in the status bar which model would pick, and where."""
        card = self.models.picker
        device = self.preferences[self.preferences.DEVICE]
        name = card.name if card is not None else "No picking model"
        self.model_label.setText(f"{name} · {'automatic device' if device == 'auto' else device.upper()}")

    def _follow_theme(self) -> None:
        self.registry.refresh_icons()
        self.welcome.refresh()
        self.current_job.refresh()

    def _restore_layout(self) -> None:
        for name, restore in (("geometry", self.restoreGeometry), ("window", self.restoreState)):
            state = self.preferences.layout(name)
            if isinstance(state, QByteArray):
                restore(state)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        QTimer.singleShot(0, lambda: self.on_drop(paths))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.preferences.save_layout("geometry", self.saveGeometry())
        self.preferences.save_layout("window", self.saveState())
        if self.on_close():
            event.accept()
        else:
            event.ignore()

    def rail_button(self, action_id: str) -> QToolButton:
        """The button of a workspace in the rail."""
        button = self.rail.widgetForAction(self.registry[action_id])
        assert isinstance(button, QToolButton)
        return button


def local_paths(texts: Sequence[str]) -> list[Path]:
    """Absolute paths of what was given on the command line."""
    return [Path(text).expanduser().absolute() for text in texts]
