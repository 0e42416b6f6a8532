"""What the workspace shows without a catalogue."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.texts import captioned

_WORDS = (
    "No catalogue is open.\n\n"
    "Open the earthquakes of a file (CSV, QuakeML, ComCat, ISC, JMA, ZMAP, hypoDD), or drop one here.\n"
    "They are shown on a map and a time line, and say where earthquakes are to be expected in the next days."
)


class EmptyPage(QWidget):
    """Says what to do, with buttons for it."""

    def __init__(self, registry: ActionRegistry, action_ids: tuple[str, ...]) -> None:
        super().__init__()
        said = captioned(_WORDS, "caption")
        said.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for action_id in action_ids:
            action = registry[action_id]
            button = QPushButton(action.text())
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addStretch()
        layout.addWidget(said, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(12)
        layout.addLayout(buttons)
        layout.addStretch()
