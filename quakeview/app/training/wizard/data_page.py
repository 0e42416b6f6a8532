"""The step of the data: which there are, what they look like, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.shell.notice import Notice
from quakeview.app.texts import captioned
from quakeview.app.training.dataset_dialog import DatasetDialog, Reviewed
from quakeview.app.training.wizard.look_panel import LookPanel
from quakeview.app.training.wizard.looks import Looks
from quakeview.app.training.wizard.page import WizardPage
from quakeview.app.work.running import JobRunner
from quakeview.errors import QuakeViewError
from quakeview.events.continuing import Known
from quakeview.jobs import Job
from quakeview.texts import counted
from quakeview.training.building.reading import read_reviewed
from quakeview.training.planning.goals import goal_named
from quakeview.training.planning.plan import TrainingPlan
from quakeview.training.planning.problems import lacks
from quakeview.training.planning.recognising import TITLES, bare, is_same_data, recognise
from quakeview.training.planning.record_table import KINDS, name_of
from quakeview.training.planning.split_files import undivided
from quakeview.training.record_config import DataConfig, SourceConfig
from quakeview.training.samples import sample_records

_TABLES, _FOLDERS = "Tables (*.csv)", "HDF5 files (*.hdf5 *.h5)"
_NO_DATA = "Add data to learn from, or drop a folder here."
_PROJECT = "Choose Training > Make a Data Set of This Project's Picks; then add its folder here."
_NO_RECORDS = "Add a labelled data set too: its dev part chooses the best weights."


class DataPage(WizardPage):
    """A list of data sets, and a look at the one that is chosen."""

    title = "Data"
    question = "What shall it learn from?"

    def __init__(self, looks: Looks, runner: JobRunner) -> None:
        super().__init__()
        self._looks, self._runner = looks, runner
        self._sources: list[SourceConfig] = []
        self._plan = TrainingPlan()
        self.notice = Notice()
        self.list = QListWidget()
        self.add_button, self.remove_button = QPushButton("Add Data"), QPushButton("Remove")
        self.panel = LookPanel()
        self.setAcceptDrops(True)
        self._arrange()
        self.list.currentRowChanged.connect(lambda _: self._show_look())
        self.remove_button.clicked.connect(self._remove)
        self.panel.again.connect(self._look_again)
        looks.changed.connect(self._take_looks)

    # --- the plan ----------------------------------------------------------------------------------------------

    def is_for(self, plan: TrainingPlan) -> bool:
        """Wavefields and seismicity have data of their own."""
        return plan.the_goal.is_of_records

    def show_plan(self, plan: TrainingPlan) -> None:
        self._plan = plan
        self._sources = [bare(source) for source in plan.data.sources] if isinstance(plan.data, DataConfig) else []
        self._fill_menu()
        self._looks.want(self._sources)
        self._fill_list()

    def plan(self, before: TrainingPlan) -> TrainingPlan:
        old = before.data.sources if isinstance(before.data, DataConfig) else ()
        if len(old) == len(self._sources) and all(map(is_same_data, old, self._sources)):
            return before if before.records else replace(before, records=sum(self._counts()))
        return replace(before, data=undivided(self._sources), records=sum(self._counts()))

    def problem(self) -> str:
        if not self._sources:
            return _NO_DATA
        labelled = [source for source in self._sources if source.kind in KINDS]
        if not labelled:
            return _NO_RECORDS
        seen = [self._looks.of(source) for source in self._sources]
        for each in seen:
            if each is not None and each.problem:
                return each.problem
        tables = [
            each.look.table
            for source, each in zip(self._sources, seen, strict=True)
            if source.kind in KINDS and each is not None and each.look is not None
        ]
        if len(tables) < len(labelled):
            return "The data are being looked at."
        return lacks(tables, self._plan.the_goal.task)

    def shut_down(self) -> None:
        self._looks.shut_down()
        self.panel.shut_down()

    # --- data sets ---------------------------------------------------------------------------------------------

    def add(self, source: SourceConfig) -> None:
        """Learn from this too."""
        kinds = goal_named(self._plan.goal).kinds
        if source.kind not in kinds:
            self.notice.say(f"{TITLES[source.kind]}: this goal cannot learn from it, as it has no such labels.")
            return
        if any(is_same_data(source, other) for other in self._sources):
            self.notice.say(f"{name_of(source)} is among the data already.")
            return
        self._sources.append(source)
        self._change(len(self._sources) - 1)

    def open(self, path: Path) -> None:
        """Learn from what a file or folder is."""
        try:
            self.add(recognise(path))
        except QuakeViewError as error:
            self.notice.say(str(error))

    def _remove(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._sources):
            del self._sources[row]
            self._change(max(row - 1, 0))

    def _change(self, row: int) -> None:
        self._looks.want(self._sources)
        self._fill_list()
        self.list.setCurrentRow(row)
        self.changed.emit()

    def _counts(self) -> list[int]:
        seen = (self._looks.of(source) for source in self._sources)
        return [len(each.look.table) for each in seen if each is not None and each.look is not None]

    # --- choosing ----------------------------------------------------------------------------------------------

    def _fill_menu(self) -> None:
        menu = QMenu(self)
        for kind, choose in (
            ("seisbench", lambda: self._ask_for_folder("seisbench")),
            ("stead", self._ask_for_stead),
            ("diting", lambda: self._ask_for_folder("diting")),
            ("continuous", self._ask_for_continuous),
            ("noise", lambda: self._ask_for_folder("noise")),
            ("synthetic", lambda: self.add(SourceConfig("synthetic", weight=0.5))),
        ):
            if kind in self._plan.the_goal.kinds:
                menu.addAction(TITLES[kind] + ("" if kind == "synthetic" else "…"), choose)
        menu.addSeparator()
        if "quakeml" in self._plan.the_goal.kinds:
            menu.addAction("QuakeML and waveforms…", self._ask_for_catalogues)
            menu.addAction("Picks of the open project…", lambda: self.notice.say(_PROJECT))
        menu.addAction("Sample data", lambda: self.add(SourceConfig("seisbench", sample_records())))
        self.add_button.setMenu(menu)

    def _ask_for_folder(self, kind: str) -> None:
        folder = QFileDialog.getExistingDirectory(self, TITLES[kind])
        if folder:
            self.add(SourceConfig(kind, Path(folder)))  # type: ignore[arg-type]

    def _ask_for_stead(self) -> None:
        table = self._ask_for_file("STEAD: the table", _TABLES)
        waveforms = self._ask_for_file("STEAD: the waveforms", _FOLDERS) if table else None
        if table and waveforms:
            self.add(SourceConfig("stead", table, waveforms=waveforms))

    def _ask_for_continuous(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Continuous records: the folder of waveforms")
        picks = self._ask_for_file("Continuous records: the table of picks", _TABLES) if folder else None
        if folder and picks:
            self.add(SourceConfig("continuous", Path(folder), picks=picks))

    def _ask_for_catalogues(self) -> None:
        catalogues = QFileDialog.getExistingDirectory(self, "The folder of event files (QuakeML)")
        waveforms = QFileDialog.getExistingDirectory(self, "The folder of waveforms (SDS or any)") if catalogues else ""
        if waveforms:
            self.make_of([Path(catalogues), Path(waveforms)])

    def make_of(self, paths: Sequence[Path]) -> None:
        """Make a data set of event files and waveforms, and learn from it."""
        work = Job("Reading events and waveforms", lambda progress: read_reviewed(paths, (), progress))
        job = self._runner.start(work, announced=False)
        job.finished.connect(self._ask_for_dataset)
        job.failed.connect(lambda sentence, _: self.notice.say(sentence))

    def _ask_for_dataset(self, known: Known) -> None:
        reviewed = Reviewed(known.picks, known.events, known.archive, known.stations.coordinates)
        dialog = DatasetDialog(reviewed, self._runner, Path.home() / "data set", self)
        dialog.built.connect(lambda built: self.add(SourceConfig("seisbench", built.folder)))
        dialog.open()
        if known.notes:
            self.notice.say(known.notes[0], list(known.notes[1:]))

    def _ask_for_file(self, title: str, kinds: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        return Path(name) if name else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            self.open(Path(url.toLocalFile()))
        event.acceptProposedAction()

    # --- what is shown -----------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.list.setAccessibleName("Data to learn from")
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.remove_button.setToolTip("Learn no more from the data that are chosen; no file is deleted")
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button, 1)
        buttons.addWidget(self.remove_button)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(24, 4, 8, 12)
        column.addLayout(buttons)
        column.addWidget(self.list, 1)
        column.addWidget(captioned("Drop a folder here to add it.", "caption"))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(self.panel)
        split.setSizes([260, 640])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(split, 1)

    def _fill_list(self) -> None:
        row = min(max(self.list.currentRow(), 0), len(self._sources) - 1)
        self.list.blockSignals(True)
        self.list.clear()
        for source in self._sources:
            self.list.addItem(QListWidgetItem(self._text(source)))
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._show_look()

    def _text(self, source: SourceConfig) -> str:
        seen = self._looks.of(source)
        name = f"{name_of(source)}\n" if source.path else ""
        if seen is None:
            return f"{name}{TITLES[source.kind]}\n{self._looks.doing(source)}…"
        if seen.look is None:
            return f"{name}{TITLES[source.kind]}\ncannot be used"
        problems = counted(len(seen.look.problems), "remark") if seen.look.problems else "no remarks"
        return f"{name}{TITLES[source.kind]}\n{counted(len(seen.look.table), 'record')}, {problems}"

    def _take_looks(self) -> None:
        for row, source in enumerate(self._sources[: self.list.count()]):
            self.list.item(row).setText(self._text(source))
        self._show_look()
        self.changed.emit()

    def _show_look(self) -> None:
        row = self.list.currentRow()
        source = self._sources[row] if 0 <= row < len(self._sources) else None
        self.remove_button.setEnabled(source is not None)
        if source is None:
            self.panel.show_nothing(_NO_DATA)
        elif (seen := self._looks.of(source)) is None:
            self.panel.show_nothing(f"Looking at {name_of(source)}: {self._looks.doing(source)}…")
        else:
            self.panel.show_seen(seen)

    def _look_again(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._sources):
            self._looks.again(self._sources[row])
