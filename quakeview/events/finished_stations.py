"""Picking is the long part of a search for earthquakes: each station that is finished is kept in a file beside the
output, so that a run that was interrupted goes on from there.

A line of JSON for each station; one that was cut off is as if it were not there.
"""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from quakeview.atomic import remove_file
from quakeview.errors import QuakeViewError
from quakeview.events.cataloguing import PickerChoice
from quakeview.monitoring.annotate import StationResult
from quakeview.monitoring.pick_table import format_csv, parse_csv
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument


class FinishedStations:
    """The file ``OUTPUT.picks`` of an output."""

    def __init__(self, output: Path, picker: PickerChoice, archive: Archive) -> None:
        self.path = output.with_name(f"{output.name}.picks")
        self._picker, self._archive = picker, archive

    def results(self) -> list[StationResult]:
        """What was found with the same model, thresholds and times in the same records."""
        if not self.path.exists():
            return []
        found = {}
        for line in self.path.read_text("utf-8", errors="replace").splitlines():
            result = self._result(line)
            if result is not None:
                found[result.station] = result
        return list(found.values())

    def add(self, result: StationResult) -> None:
        """Append a station.

        Raises:
            QuakeViewError: if there is no room.
        """
        line = {
            "station": result.station,
            "made_of": self._made_of(result.station),
            "picks": format_csv(result.picks),
            "reason": result.reason,
            "remarks": result.remarks,
        }
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(line)}\n")
        except OSError as error:
            raise QuakeViewError(
                f"{self.path} could not be written ({error.strerror or error}); choose another place."
            ) from error

    def remove(self) -> None:
        """Delete the file: the work is done.

        Raises:
            QuakeViewError: if it cannot be deleted.
        """
        remove_file(self.path)

    def _result(self, line: str) -> StationResult | None:
        try:
            given: dict[str, Any] = json.loads(line)
            station = Instrument(*given["station"])
            if station not in self._archive.stations or given["made_of"] != self._made_of(station):
                return None
            picks = parse_csv(given["picks"].encode(), self.path.name)[0]
            return StationResult(station, tuple(picks), given["reason"], remarks=tuple(given["remarks"]))
        except (ValueError, KeyError, TypeError, QuakeViewError):
            return None

    def _made_of(self, station: Instrument) -> str:
        """A digest of all that the picks of a station depend on: its records, the model, thresholds and times."""
        records = [
            (str(channel), segment.start.ns, segment.npts)
            for channel in self._archive.stations[station].values()
            for segment in self._archive.segments(channel)
        ]
        choice = {name: str(value) for name, value in asdict(self._picker).items() if name != "device"}
        return sha256(repr((choice, records)).encode()).hexdigest()
