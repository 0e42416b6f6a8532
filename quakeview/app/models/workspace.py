"""The Models workspace: the models by task on the left, the page of the chosen one on the right."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.models.export_dialog import ExportDialog
from quakeview.app.models.import_dialog import CheckpointDialog
from quakeview.app.models.model_page import Facts, ModelPage, read_facts
from quakeview.app.models.model_tree import ModelTree
from quakeview.app.models.rename_dialog import RenameDialog
from quakeview.app.models.seisbench_dialog import SeisBenchDialog
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.shell.preferences import Preferences
from quakeview.app.texts import captioned
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.background import Background
from quakeview.app.work.running import JobRunner
from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job, Progress
from quakeview.model_import import add_seisbench_picker, import_checkpoint
from quakeview.paths import user_models_dir
from quakeview.registry import ModelCard, ModelProblem, check_model, delete_model, read_card, rename_model

if TYPE_CHECKING:
    from quakeview.model_speed import Speed

_NONE = (
    "No trained model is installed.\n\nImport an official checkpoint of SeisMoLLM or SeisT (.pth) or of WaveCastNet "
    "(.pt), or train a model in the Training workspace; it appears here as soon as it is in the models folder."
)
_CHOOSE = "Choose a model first."


class ModelsWorkspace(QWidget):
    """Shows what ``ModelList`` knows, and does what is asked of a model."""

    def __init__(
        self, models: ModelList, registry: ActionRegistry, runner: JobRunner, preferences: Preferences
    ) -> None:
        super().__init__()
        self._models, self._registry, self._runner, self._preferences = models, registry, runner, preferences
        self._facts: dict[Path, Facts] = {}
        self._speeds: dict[Path, Speed] = {}
        self.notice = Notice()
        self._reading = Background("Reading the card of a model")
        self._reading.ready.connect(self._use_facts)
        self._reading.failed.connect(self.notice.say)
        self.tree = ModelTree()
        self.page = ModelPage(registry)
        self.empty = captioned(_NONE, "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        self._bind()
        self._arrange()
        self.tree.chosen.connect(self._show)
        models.changed.connect(self.refresh)
        self.refresh()

    @property
    def chosen(self) -> ModelCard | None:
        """The model whose page is seen."""
        current = self.tree.current
        return current if isinstance(current, ModelCard) else None

    # --- layout ------------------------------------------------------------------------------------------------

    def _bind(self) -> None:
        bind = self._registry.bind
        bind("models.import", self._ask_for_checkpoint)
        bind("models.seisbench", self._ask_for_seisbench)
        bind("models.folder", self._open_folder)
        bind("models.use", self._use, self._can_use)
        bind("models.speed", self._measure, self._can_work)
        bind("models.check", self._check, lambda: self.chosen is not None or _CHOOSE)
        bind("models.export", self._ask_for_export, self._can_work)
        bind("models.rename", self._ask_for_name, self._can_change)
        bind("models.delete", self._ask_to_delete, self._can_change)

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 12, 12, 12)
        bar.setSpacing(8)
        bar.addWidget(captioned("Models", "heading"))
        bar.addStretch()
        for action_id in ("models.import", "models.seisbench", "models.folder"):
            action = self._registry[action_id]
            button = QPushButton(action.text())
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            bar.addWidget(button)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tree)
        split.addWidget(self.page)
        split.setSizes([240, 800])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        for page in (self.empty, split):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)

    # --- what is shown -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the models as they are now."""
        self._facts.clear()
        self.tree.show_models(self._models.cards, self._models.problems)
        self.pages.setCurrentIndex(int(bool(self._models.cards or self._models.problems)))

    def _show(self, each: ModelCard | ModelProblem | None) -> None:
        if isinstance(each, ModelProblem):
            self.page.show_problem(each)
        elif each is not None:
            self._show_card(each)
            if each.folder not in self._facts:
                self._reading.ask(lambda progress: (each.folder, read_facts(each, progress)))
        self._registry.refresh()

    def _show_card(self, card: ModelCard) -> None:
        self.page.show_model(card, self._facts.get(card.folder), self._speeds.get(card.folder))

    def _use_facts(self, read: tuple[Path, Facts]) -> None:
        folder, self._facts[folder] = read[0], read[1]
        self._show_again(folder)

    def _show_again(self, folder: Path) -> None:
        """More is known of a model; show it if it is still the one that is looked at."""
        if self.chosen is not None and self.chosen.folder == folder:
            self._show_card(self.chosen)

    # --- what is done with the chosen model --------------------------------------------------------------------

    def _can_work(self) -> bool | str:
        card = self.chosen
        if card is None:
            return _CHOOSE
        return card.unusable or True

    def _can_use(self) -> bool | str:
        card = self.chosen
        if card is None or card.unusable:
            return self._can_work()
        if not card.chosen_task:
            return f"It answers one question; name it with 'quakeview characterise --model {card.name}'."
        return not card.chosen or "It is used already."

    def _can_change(self) -> bool | str:
        if self.chosen is None:
            return _CHOOSE
        return self.chosen.is_users or "It came with QuakeView and stays as it is; export a copy to change."

    def _use(self) -> None:
        assert self.chosen is not None
        self._models.use(self.chosen)

    def _measure(self) -> None:
        card, device = self.chosen, str(self._preferences[self._preferences.DEVICE])
        assert card is not None

        def work(progress: Progress) -> "Speed":
            from quakeview.model_speed import measure_speed

            return measure_speed(card, device, progress)

        self._start(f"Measuring the speed of {card.name}", work, partial(self._keep_speed, card.folder))

    def _keep_speed(self, folder: Path, speed: "Speed") -> None:
        self._speeds[folder] = speed
        self._show_again(folder)

    def _check(self) -> None:
        card = self.chosen
        assert card is not None
        self._start(f"Checking {card.name}", lambda _: check_model(card), self.notice.confirm)

    def _ask_for_name(self) -> None:
        card = self.chosen
        assert card is not None
        dialog = RenameDialog(card, self)
        dialog.nameChosen.connect(
            lambda name: self._start(f"Renaming {card.name}", lambda _: rename_model(card, name), self._show_new)
        )
        dialog.open()

    def _ask_to_delete(self) -> None:
        card = self.chosen
        assert card is not None
        used = " It is the one that is used for its task." if card.chosen else ""
        question = f"Delete {card.name} from the disk?{used} Picks and forecasts that it made stay."
        if QMessageBox.question(self, "Delete model", question) == QMessageBox.StandardButton.Yes:
            self._start(f"Deleting {card.name}", lambda _: delete_model(card), lambda _: self._models.refresh())

    def _ask_for_export(self) -> None:
        card = self.chosen
        assert card is not None
        dialog = ExportDialog(card, self)
        dialog.formatChosen.connect(partial(self._ask_where_to_export, card))
        dialog.open()

    def _ask_where_to_export(self, card: ModelCard, kind: str, suffix: str) -> None:
        if suffix:
            path = ask_for_path(self, "Export model", card.folder.name, f"{suffix[1:]} (*{suffix})")
        else:
            folder = QFileDialog.getExistingDirectory(self, "Folder to export into")
            path = Path(folder, card.folder.name) if folder else None
        if path is not None:
            self.export(card, kind, path)

    def export(self, card: ModelCard, kind: str, path: Path) -> None:
        """Write a model for other programs, as a job, and say how far the copy is from the original."""

        def work(progress: Progress) -> str:
            from quakeview.model_export.exporting import export_model

            return export_model(card, kind, path, progress).sentence

        self._start(f"Exporting {card.name}", work, self.notice.confirm)

    def _start(self, name: str, work: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        """Do something as a job; what goes wrong is said above the models."""
        job = self._runner.start(Job(name, work))
        job.finished.connect(done)
        job.failed.connect(lambda sentence, _: self.notice.say(sentence))

    # --- adding models -----------------------------------------------------------------------------------------

    def import_checkpoint(self, path: Path, known: Mapping[str, Any]) -> None:
        """Turn an official checkpoint into a model of ours, as a job; ``known``: what else belongs to it."""

        def work(progress: Progress) -> ModelCard:
            return read_card(import_checkpoint(path, progress=progress, **known))

        self._start(f"Importing {path.name}", work, self._show_new)

    def add_seisbench_picker(self, what: str | Path, known: Mapping[str, Any]) -> None:
        """Download a picker of SeisBench, or copy a saved one, as a job; ``known``: what else belongs to it."""

        def work(progress: Progress) -> ModelCard:
            return read_card(add_seisbench_picker(what, progress=progress, **known))

        self._start(f"Adding {what}", work, self._show_new)

    def _ask_for_checkpoint(self) -> None:
        dialog = CheckpointDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.importRequested.connect(self.import_checkpoint)
        dialog.open()

    def _ask_for_seisbench(self) -> None:
        dialog = SeisBenchDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.addRequested.connect(self.add_seisbench_picker)
        dialog.open()

    def _show_new(self, card: ModelCard) -> None:
        """A model that was added or renamed is the one that is looked at, as soon as it is listed."""
        self.tree.wanted = card.folder
        self._models.refresh()
        if card.unusable:
            self.notice.say(f"{card.name} was imported. {card.unusable}")

    def _open_folder(self) -> None:
        try:
            folder = make_folder(user_models_dir())
        except QuakeViewError as error:
            self.notice.say(str(error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
