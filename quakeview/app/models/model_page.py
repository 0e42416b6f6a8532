"""The page of one model: what it does, how good it is, where it comes from, and what can be done with it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from quakeview.app.models.actions import ON_PAGE
from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.model_folders import folder_size, read_readme
from quakeview.registry import ModelCard, ModelProblem, check_model

if TYPE_CHECKING:
    from quakeview.model_speed import Speed

_COLUMNS = 4
_NOT_MEASURED = "not measured yet"


@dataclass(frozen=True)
class Facts:
    """What is read of a model in the background.

    Attributes:
        text: its card, Markdown.
        size: of all files, bytes.
        weights: what the checksum says, or why the weights cannot be used.
        damaged: whether they cannot.
    """

    text: str
    size: int
    weights: str
    damaged: bool


def read_facts(card: ModelCard, _: Progress) -> Facts:
    """Read what is not in the list of models; on a worker thread.

    Raises:
        QuakeViewError: if its card cannot be read.
    """
    text = read_readme(card.folder)
    if text.startswith("---") and text.count("---") > 1:
        text = text.split("---", 2)[2]
    text = text.removeprefix(f"# {card.name}\n")  # it is the title of the page
    try:
        weights, damaged = check_model(card), False
    except QuakeViewError as error:
        weights, damaged = str(error), True
    return Facts(text, folder_size(card.folder), weights, damaged)


class ModelPage(QWidget):
    """Scores first, then where the model comes from, a row of buttons, and the card below."""

    def __init__(self, registry: ActionRegistry) -> None:
        super().__init__()
        self.name = captioned("", "title")
        self.does = captioned("", "caption")
        self.problem = captioned("", "warning")
        for label in (self.does, self.problem):
            label.setWordWrap(True)
        self.told = QWidget()
        self.card = QTextBrowser()
        self.card.setAccessibleName("Model card")
        self.card.setOpenExternalLinks(True)
        self.card.document().setDocumentMargin(18)
        self._arrange(registry)

    def _arrange(self, registry: ActionRegistry) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for action_id in ON_PAGE:
            buttons.addWidget(ActionButton(registry, action_id))
        buttons.addStretch()
        self._top = top = QVBoxLayout()
        top.setContentsMargins(18, 4, 18, 12)
        top.setSpacing(8)
        for widget in (self.name, self.does, self.problem, self.told):
            top.addWidget(widget)
        top.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.card, 1)

    def show_model(self, card: ModelCard, facts: Facts | None, speed: "Speed | None") -> None:
        """Show a model; ``facts`` and ``speed`` are None until they are known."""
        self.name.setText(card.name)
        self.does.setText(_does(card))
        damage = facts.weights if facts and facts.damaged else ""
        self._say(card.unusable or damage)
        self._tell([_scores(card), _facts(card, facts, speed)])
        self.card.setMarkdown(facts.text if facts else "")

    def show_problem(self, problem: ModelProblem) -> None:
        """Show a folder that is no model that can be read."""
        self.name.setText(problem.folder.name)
        self.does.setText(str(problem.folder))
        self._say(problem.sentence)
        self._tell([])
        self.card.clear()

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def _tell(self, parts: list[QLayout]) -> None:
        """Put other scores and facts in the place of those that are seen."""
        told = QWidget()
        layout = QVBoxLayout(told)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for part in parts:
            layout.addLayout(part)
        self._top.replaceWidget(self.told, told)
        self.told.setParent(None)
        self.told.deleteLater()
        self.told = told


def _scores(card: ModelCard) -> QLayout:
    """Lay out the scores that matter, each value above what it is."""
    grid, scores = QGridLayout(), card.headline()
    grid.setHorizontalSpacing(26)
    grid.setVerticalSpacing(8)
    for number, (words, value) in enumerate(scores):
        tile, (figure, _, more) = QVBoxLayout(), value.partition(" ")
        tile.setSpacing(0)
        for text, role in ((figure, "value"), (f"{words} {more}", "caption")):
            label = captioned(text, role)
            label.setWordWrap(True)
            tile.addWidget(label)
        grid.addLayout(tile, *divmod(number, _COLUMNS), Qt.AlignmentFlag.AlignTop)
    if not scores:
        grid.addWidget(captioned("Nobody has scored it on data that it never saw.", "caption"), 0, 0)
    return grid


def _facts(card: ModelCard, facts: Facts | None, speed: "Speed | None") -> QLayout:
    """Lay out where a model comes from, and what else is known of it."""
    form = QFormLayout()
    form.setHorizontalSpacing(14)
    form.setVerticalSpacing(4)
    rows = {
        "Trained on": card.trained_on or "not stated",
        "Backbone": card.backbone,
        "Licence": card.licence or "not stated",
        "Size": f"{card.parameters:,} parameters" + (f", {facts.size / 1e6:.1f} MB" if facts else ""),
        "Speed here": f"on {speed.device}: {'; '.join(speed.lines())}" if speed else _NOT_MEASURED,
        "Weights": "" if facts is None or facts.damaged else facts.weights,
        "Formerly": ", ".join(card.formerly),
    }
    for name, text in rows.items():
        if text:
            value = captioned(text, "plain")
            value.setWordWrap(True)
            value.setAccessibleName(name)
            form.addRow(captioned(name, "caption"), value)
    return form


class ActionButton(QPushButton):
    """A button that does what an action does, and is enabled as that is; short, as it is clear what it is about."""

    def __init__(self, registry: ActionRegistry, action_id: str) -> None:
        self._action = registry[action_id]
        text = self._action.text()
        super().__init__(text.removesuffix(" Weights").replace(" Model…", "…"))
        self.clicked.connect(self._action.trigger)
        self._action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.text())


def _does(card: ModelCard) -> str:
    used = " It is used where no model is named." if card.chosen else ""
    return f"{card.system} for {card.task.replace('_', ' ')}.{used}"
