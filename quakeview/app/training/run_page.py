"""What is known of the chosen run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quakeview.app.texts import captioned
from quakeview.app.training.run_texts import score_text, status_text
from quakeview.app.training.watching import RunsWatch
from quakeview.training.runs.summary import RunSummary


class RunPage(QWidget):
    """Name, state and scores of a run."""

    def __init__(self, watch: RunsWatch) -> None:
        super().__init__()
        self._watch = watch
        self.title = captioned("", "heading")
        self.status = captioned("", "value")
        self.message = captioned("", "caption")
        self.message.setWordWrap(True)
        self.scores = captioned("", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        for label in (self.title, self.status, self.message, self.scores):
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        layout.addStretch()

    def show_run(self, run: RunSummary | None) -> None:
        """Show a run as it is now; None empties the page."""
        self.title.setText(run.name if run else "")
        self.status.setText(status_text(run) if run else "")
        self.message.setText((run.message or run.doing) if run else "")
        self.scores.setText(score_text(run) if run else "")
