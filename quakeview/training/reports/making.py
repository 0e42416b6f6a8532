"""A report as the window makes one: evaluated, written among the user's files, and as text that Qt can show."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.paths import user_state_dir
from quakeview.registry import ModelCard, read_card
from quakeview.training.reports.document import report_page
from quakeview.training.reports.evaluating import Request, evaluate, write_all
from quakeview.training.reports.evaluation import Evaluation
from quakeview.training.runs.run_folder import RunFolder


@dataclass(frozen=True)
class MadeReport:
    """A report that was written.

    Attributes:
        page: the file.
        text: the same, as HTML that Qt can show.
    """

    title: str
    page: Path
    text: str = field(repr=False)
    evaluation: Evaluation = field(repr=False)

    def write(self, path: Path) -> None:
        """Write it elsewhere, its worst records beside it.

        Raises:
            QuakeViewError: for a suffix that is no report's, or if it cannot be written.
        """
        try:
            write_all(self.evaluation, path)
        except OSError as error:
            problem = error.strerror or error
            raise QuakeViewError(f"{path} cannot be written: {problem}; choose another folder.") from error


def make_report(request: Request, progress: Progress = Progress()) -> MadeReport:
    """Evaluate, and write the report into a folder of its own among the user's files.

    Raises:
        QuakeViewError: as ``evaluating.evaluate``, or if it cannot be written.
        Cancelled: through ``progress``.
    """
    evaluation = evaluate(request, progress)
    folder = user_state_dir() / "reports" / f"{request.cards[0].name} {datetime.now(UTC):%Y-%m-%d %H.%M.%S}"
    page = folder / "report.html"
    report = evaluation.report(f"{page.stem} worst records")
    made = MadeReport(report.title, page, report_page(report, pictures=True), evaluation)
    folder.mkdir(parents=True, exist_ok=True)
    made.write(page)
    return made


def model_of_run(run: Path) -> tuple[ModelCard, list[Path]]:
    """The model that a training run made, and the folders that it was validated on, to suggest them.

    Raises:
        QuakeViewError: if the run has made no model yet.
    """
    folder = RunFolder(run).model_folder
    if folder is None:
        raise QuakeViewError(f"{run.name} has made no model yet; wait for its first validation.")
    return read_card(folder), _validated_on(RunFolder(run))


def _validated_on(run: RunFolder) -> list[Path]:
    """Nothing where the run file does not say it, or is damaged."""
    try:
        config = run.config
    except QuakeViewError:
        return []
    validation = config.data.get("validation")
    named = validation.get("path") if isinstance(validation, dict) else validation
    if not isinstance(named, str):
        return []
    folder = (config.base / named).resolve()
    return [folder] if folder.is_dir() else []
