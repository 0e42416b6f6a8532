"""Files of the forecast that is shown: maps and tables of its day, films of many days."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quakeview.app.drawing import theme
from quakeview.app.seismicity.forecasts.days_ahead import DaysAhead
from quakeview.app.seismicity.forecasts.forecast_layer import ForecastLayer
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.running import JobRunner
from quakeview.films import SUFFIXES as FILMS
from quakeview.jobs import Job
from quakeview.seismicity.catalogue import date_of
from quakeview.seismicity.maps.exports import WRITERS, write_forecast
from quakeview.seismicity.maps.figures import SUFFIXES as FIGURES
from quakeview.seismicity.maps.figures import write_forecast_film
from quakeview.texts import counted

FILM_DAYS = 60
"""Days until the one that is shown that a film has if none are chosen on the time line."""
_NAMES = {".png": "PNG figure", ".pdf": "PDF figure", ".svg": "SVG figure", ".mp4": "MP4 film", ".gif": "GIF film"}


class ForecastExporting(QObject):
    """Asks where to, and starts the jobs.

    Signals:
        said: how it ended, a sentence.
    """

    said = Signal(str)

    def __init__(self, ahead: DaysAhead, layer: ForecastLayer, runner: JobRunner, parent: QWidget) -> None:
        super().__init__(parent)
        self._ahead, self._layer, self._runner, self._parent = ahead, layer, runner, parent

    def ask(self) -> None:
        """Let the user choose the file; its ending says what it is."""
        shown = self._ahead.shown
        if shown is None:
            return
        kinds = {suffix: words for suffix, (words, _) in WRITERS.items()}
        kinds |= {suffix: _NAMES[suffix] for suffix in (*FIGURES, *FILMS)}
        filters = ";;".join(f"{words} (*{suffix})" for suffix, words in kinds.items())
        name = f"forecast {date_of(shown.first)}.tif"
        if path := ask_for_path(self._parent, "Export the forecast", name, filters):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the day that is shown, or a film of many days, as a job."""
        shown, kept, layer = self._ahead.shown, self._ahead.kept, self._layer
        if shown is None or kept is None:
            return
        if path.suffix.lower() in FILMS:
            days = self.film_days()
            film = partial(write_forecast_film, path, kept, days, layer.quantity, theme.current())
            self._start(path, Job(f"Writing {path.name}", lambda progress: film(progress=progress)),
                        f"A film of {counted(len(days), 'day')} is in {path}.")  # fmt: skip
            return
        write = partial(write_forecast, path, shown, self._ahead.state.catalogue)
        said = f"The forecast for {shown.when} is in {path}."
        self._start(path, Job(f"Writing {path.name}", lambda _: write()), said)

    def film_days(self) -> range:
        """The days of a film: those chosen on the time line, else the last ones until the day that is shown."""
        choices, kept = self._ahead.state.choices, self._ahead.kept
        assert kept is not None
        first, end = choices.period or (choices.day + 1 - FILM_DAYS, choices.day + 1)
        first, end = max(first, kept.first), min(end, kept.last + 1)
        return range(max(first, end - kept.most), end)

    def _start(self, path: Path, job: Job, said: str) -> None:
        self._runner.start(job).finished.connect(lambda _: self.said.emit(said))
