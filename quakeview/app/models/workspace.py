"""The Models workspace: a table of models, and the card of the selected one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from quakeview.app.models.import_dialog import CheckpointDialog
from quakeview.app.models.seisbench_dialog import SeisBenchDialog
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.notice import Notice
from quakeview.app.texts import captioned
from quakeview.app.widgets.model_list import ModelList
from quakeview.app.widgets.tables import RowsModel, Table
from quakeview.app.work.running import JobRunner
from quakeview.atomic import make_folder
from quakeview.errors import QuakeViewError
from quakeview.jobs import Job
from quakeview.model_folders import read_readme
from quakeview.model_import import add_seisbench_picker, import_checkpoint
from quakeview.paths import user_models_dir
from quakeview.registry import read_card

COLUMNS = ("Model", "System", "Task", "Can be used", "Trained on", "Scores", "Backbone", "Parameters")
_NONE = (
    "No trained model is installed.\n\nImport an official checkpoint of SeisMoLLM or SeisT (.pth) or of WaveCastNet "
    "(.pt), or train a model with 'quakeview train run.toml'; it appears here as soon as it is in the models folder."
)


class CardsModel(RowsModel):
    """Rows are ``quakeview.registry.ModelCard``."""

    columns = COLUMNS

    def text(self, row: Any, column: str) -> str:
        return cell(row, column)

    def key(self, row: Any) -> str:
        return row.name

    def sort_value(self, row: Any, column: str) -> Any:
        return row.parameters if column == "Parameters" else cell(row, column)

    def extra(self, row: Any, column: str, role: int) -> Any:
        return cell(row, column) if role == Qt.ItemDataRole.ToolTipRole else None


def cell(card: Any, column: str) -> str:
    """What the table says about a model."""
    match column:
        case "Model":
            return card.name
        case "System":
            return card.system
        case "Task":
            return card.task.replace("_", " ")
        case "Can be used":
            return f"no: {card.unusable}" if card.unusable else "yes"
        case "Trained on":
            return card.trained_on or "not stated"
        case "Scores":
            return card.scored or "not scored yet"
        case "Backbone":
            return card.backbone or "none"
    return f"{card.parameters:,}" if card.parameters else ""


class ModelsWorkspace(QWidget):
    """Lists what ``ModelList`` knows."""

    def __init__(self, models: ModelList, registry: ActionRegistry, runner: JobRunner) -> None:
        super().__init__()
        self._models = models
        self._runner = runner
        self.notice = Notice()
        self.model = CardsModel()
        self.table = Table(self.model, "Models")
        self.card = QTextBrowser()
        self.card.setAccessibleName("Model card")
        self.card.setOpenExternalLinks(True)
        self.card.document().setDocumentMargin(18)
        self.empty = captioned(_NONE, "caption")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(self.table)
        self._split.addWidget(self.card)
        self._split.setSizes([220, 480])
        self._split.setChildrenCollapsible(False)
        registry.bind("models.import", self._ask_for_checkpoint)
        registry.bind("models.seisbench", self._ask_for_seisbench)
        registry.bind("models.folder", self._open_folder)
        self._arrange(registry)
        self.table.selectionModel().selectionChanged.connect(self._show_card)
        models.changed.connect(self.refresh)
        self.refresh()

    def _arrange(self, registry: ActionRegistry) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 12, 12, 12)
        bar.setSpacing(8)
        bar.addWidget(captioned("Models", "heading"))
        bar.addStretch()
        for action_id in ("models.import", "models.seisbench", "models.folder"):
            action = registry[action_id]
            button = QPushButton(action.text())
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            bar.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addLayout(bar)
        layout.addWidget(self._split, 1)
        layout.addWidget(self.empty, 1)

    def refresh(self) -> None:
        """Show the models as they are now."""
        selected = self.table.selected_keys()
        self.model.set_rows(self._models.cards)
        self.table.fit_columns()
        there = bool(self._models.cards)
        self._split.setVisible(there)
        self.empty.setVisible(not there)
        if there and not (selected and self.table.select_key(selected[0])):
            self.table.selectRow(0)

    def import_checkpoint(self, path: Path, known: Mapping[str, Any]) -> None:
        """Turn an official checkpoint into a model of ours, as a job; ``known``: what else belongs to it."""
        job = self._runner.start(
            Job(
                f"Importing {path.name}",
                lambda progress: read_card(import_checkpoint(path, progress=progress, **known)),
            )
        )
        job.finished.connect(self._use_imported)
        job.failed.connect(lambda sentence, _: self.notice.say(sentence))

    def add_seisbench_picker(self, what: str | Path, known: Mapping[str, Any]) -> None:
        """Download a picker of SeisBench, or copy a saved one, as a job; ``known``: what else belongs to it."""
        job = self._runner.start(
            Job(f"Adding {what}", lambda progress: read_card(add_seisbench_picker(what, progress=progress, **known)))
        )
        job.finished.connect(self._use_imported)
        job.failed.connect(lambda sentence, _: self.notice.say(sentence))

    def _show_card(self) -> None:
        keys = self.table.selected_keys()
        chosen = next((card for card in self._models.cards if keys and card.name == keys[0]), None)
        if chosen is None:
            return
        job = self._runner.start(Job(f"Reading the card of {chosen.name}", lambda progress: read_card_text(chosen)))
        job.finished.connect(self.card.setMarkdown)

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

    def _use_imported(self, card: Any) -> None:
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


def read_card_text(card: Any) -> str:
    """The model's README, or what its configuration says."""
    text = read_readme(card.folder)
    if text.startswith("---") and text.count("---") > 1:
        text = text.split("---", 2)[2]
    if text:
        return f"**{card.unusable}**\n\n{text}" if card.unusable and card.unusable not in text else text
    return "\n".join([f"# {card.name}", *(f"- **{column}**: {cell(card, column)}" for column in COLUMNS[1:])])
