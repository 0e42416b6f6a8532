"""The dialog that asks a data centre for the metadata of the stations that are open."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from quakeview.app.waveforms.session import WaveformsSession
from quakeview.app.widgets.form_dialog import FormDialog
from quakeview.app.widgets.saving import ask_for_path
from quakeview.app.work.running import JobRunner
from quakeview.atomic import write_atomically
from quakeview.jobs import Job, Progress
from quakeview.stations.fdsn import (
    USUAL_CENTRE,
    Stations,
    data_centres,
    download,
    not_known,
    stations_with_data,
    stationxml,
)
from quakeview.texts import counted


class DownloadDialog(FormDialog):
    """Which data centre, and which of the stations that are open."""

    def __init__(self, session: WaveformsSession, parent: QWidget | None = None) -> None:
        super().__init__("Download station metadata", 420, "caption", parent)
        self._choices = stations_to_ask_for(session)
        self.centre = QComboBox(editable=True)
        self.centre.addItems(data_centres())
        self.centre.setCurrentText(USUAL_CENTRE)
        self.centre.setAccessibleName("Data centre")
        self.centre.setToolTip("A data centre with FDSN web services, or the address of one")
        self.form.addRow("&Data centre", self.centre)
        self.which = QComboBox()
        self.which.addItems(list(self._choices))
        self.which.setAccessibleName("Stations")
        self.form.addRow("&Stations", self.which)
        self.said.setText("Coordinates and responses are saved as StationXML and opened.")
        self.add_buttons("&Download…")
        self.centre.editTextChanged.connect(lambda text: self.accept_button.setEnabled(bool(text.strip())))

    def wanted(self) -> tuple[str, Stations]:
        """The data centre, and when each station is wanted."""
        return self.centre.currentText().strip(), self._choices[self.which.currentText()]


def stations_to_ask_for(session: WaveformsSession) -> dict[str, Stations]:
    """The stations that are open: all of them, and those that something is not known of, by a text that says so."""
    shown = {station[:2] for station in session.stations}
    every = {place: span for place, span in stations_with_data(session.archive).items() if place in shown}
    responses = session.metadata.responses
    without_response = {place: span for place, span in every.items() if responses.get(place) != "yes"}
    without_place = {place: span for place, span in every.items() if place not in session.coordinates}
    texts = {
        counted(len(without_place), "station without coordinates", "stations without coordinates"): without_place,
        counted(len(without_response), "station without a response", "stations without a response"): without_response,
        f"All that are open: {counted(len(every), 'station')}": every,
    }
    return {text: stations for text, stations in texts.items() if stations}


def save_stations(centre: str, stations: Stations, path: Path, progress: Progress) -> list[str]:
    """Download stations and write them as StationXML; say which the data centre does not know.

    Raises:
        QuakeViewError: if the data centre cannot be reached or knows nothing, or the file cannot be written.
        Cancelled: through ``progress``; nothing is written then.
    """
    inventory, missing = download(centre, stations, progress)
    write_atomically(path, stationxml(inventory))
    return not_known(centre, missing)


class StationDownload(QObject):
    """Asks where from and where to, and downloads; ``saved`` gets the path of the file, which is to be opened."""

    saved = Signal(Path)

    def __init__(self, session: WaveformsSession, runner: JobRunner, folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._runner, self._folder, self._window = session, runner, folder, window

    def ask(self) -> None:
        """Let the user choose the data centre, the stations and the file."""
        dialog = DownloadDialog(self._session, self._window)
        dialog.accepted.connect(lambda: self._save(*dialog.wanted()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, centre: str, stations: Stations) -> None:
        suggested = str(self._folder / "stations.xml")
        path = ask_for_path(self._window, "Save station metadata", suggested, "StationXML (*.xml)")
        if path is None:
            return
        name = f"Downloading {counted(len(stations), 'station')} from {centre}"
        job = self._runner.start(Job(name, lambda progress: save_stations(centre, stations, path, progress)))
        job.finished.connect(lambda missing: self._use(path, missing))

    def _use(self, path: Path, missing: list[str]) -> None:
        self.saved.emit(path)
        for sentence in missing:
            self._session.noticed.emit(sentence, [])
