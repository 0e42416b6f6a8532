"""A model is evaluated: what is asked, the job, and the report that it ends with."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from quakeview.app.widgets.model_list import ModelList
from quakeview.app.work.background import Background
from quakeview.app.work.running import JobRunner, RunningJob
from quakeview.jobs import Job

if TYPE_CHECKING:
    from quakeview.registry import ModelCard
    from quakeview.training.reports.evaluating import Request
    from quakeview.training.reports.making import MadeReport


class Evaluations(QObject):
    """Asks, evaluates and shows, for whichever workspace has a model.

    Attributes:
        dialog, view: the last ones that were opened; None before.
    """

    def __init__(
        self, window: QWidget, models: ModelList, runner: JobRunner, open_paths: Callable[[list[Path]], None]
    ) -> None:
        """``open_paths`` opens records and scenarios in the window."""
        super().__init__(window)
        self._window, self._models, self._runner, self._open_paths = window, models, runner, open_paths
        self._datasets: Sequence[Path] = ()
        self._reading = Background("Reading the card of a model")
        self._reading.ready.connect(lambda found: self.ask(*found))
        self._reading.failed.connect(self._tell)
        self.dialog: QWidget | None = None
        self.view: QWidget | None = None

    def ask(self, card: "ModelCard", datasets: Sequence[Path] = ()) -> None:
        """Ask what a model is to be evaluated on; the data of the last time are suggested."""
        from quakeview.app.reports.evaluate_dialog import EvaluateDialog

        dialog = EvaluateDialog(card, self._models.cards, datasets or self._datasets, self._window)
        dialog.asked.connect(self.evaluate)
        self.dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_about_run(self, run: Path) -> None:
        """The same of the model that a training run made, with the data that it was validated on."""
        from quakeview.training.reports.making import model_of_run

        self._reading.ask(lambda _: model_of_run(run))

    def evaluate(self, request: "Request") -> RunningJob:
        """Measure, write the report, and show it."""
        from quakeview.training.reports.making import make_report

        self._datasets = request.datasets
        name = request.cards[0].name
        job = self._runner.start(Job(f"Evaluating {name}", lambda progress: make_report(request, progress)))
        job.finished.connect(self._show)
        return job

    def _show(self, made: "MadeReport") -> None:
        from quakeview.app.reports.report_view import ReportView

        view = ReportView(made.title, made.page, made.text, self._window)
        view.openRequested.connect(self._open_paths)
        view.saveRequested.connect(lambda path: self._save(made, path))
        self.view = view
        view.show()

    def _save(self, made: "MadeReport", path: Path) -> None:
        self._runner.start(Job(f"Writing {path.name}", lambda _: made.write(path)))

    def _tell(self, sentence: str) -> None:
        from quakeview.app.widgets.saving import show_problem

        show_problem(self._window, sentence)
