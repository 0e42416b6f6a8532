"""What the command forecasts: a scenario or the records of stations, and what either says of a forecast afterwards."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from quakeview.jobs import Progress
from quakeview.texts import counted

if TYPE_CHECKING:
    from obspy import Inventory, Stream

    from quakeview.geography import City, Station
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.observation import Observation
    from quakeview.wavefield.forecasting.reference import Forecasting, Library
    from quakeview.wavefield.forecasting.stations import StationRecords
    from quakeview.wavefield.forecasting.warning import Said
    from quakeview.wavefield.scenarios.header import Header, Wavefield

LONGEST = 100.0
"""s, of a forecast."""
_SOON_READ = 200e6
"""Bytes of training events that are read without being asked for: some seconds."""
_COLUMNS = {
    "ACC": ("acc", 3),
    "RFNE": ("rfne", 3),
    "PGV (%)": ("pgv_error", 1),
    "ln bias": ("pgv_bias", 3),
    "ln sd": ("pgv_std", 3),
    "T_PGV (s)": ("t_pgv_error", 2),
    "MMI": ("mmi_error", 2),
}
"""Titles of the printed scores, their names in a ``ScoreColumn``, and decimals."""


class KnownEvent(Protocol):
    """What is forecast: a scenario or records. ``truth`` is zero where it is not known."""

    @property
    def truth(self) -> "Wavefield": ...
    @property
    def places(self) -> "Sequence[City | Station]":
        """To warn, if nobody says otherwise."""
        ...

    def observation(self, until: float) -> "Observation": ...
    def silent(self, until: float) -> list[str]:
        """A sentence on the stations that have sent nothing until then, if there are any."""
        ...

    def duration(self, until: float) -> float:
        """Of the forecast, s."""
        ...

    def scores(self, forecasts: "Sequence[Forecast]", progress: Progress, training_events: bool = False) -> str: ...


@dataclass(frozen=True)
class SimulatedEvent:
    truth: "Wavefield"
    stations: "tuple[Station, ...]"

    @classmethod
    def prepare(
        cls, scenario: "Wavefield", forecaster: "Forecaster", stations: str, seed: int, progress: Progress
    ) -> "SimulatedEvent":
        """Bring a scenario to the forecaster's grid and choose ``stations`` (see ``stations_called``).

        What was resampled or left out is logged.

        Raises:
            QuakeViewError: if the stations cannot be chosen, or the scenario cannot be resampled.
            Cancelled: through ``progress``.
        """
        from quakeview.wavefield.forecasting.station_choice import stations_called

        if sentence := forecaster.said_of_grid(scenario.header):
            progress.log(sentence)
        truth = forecaster.on_its_grid(scenario, progress)
        listed = stations_called(stations, truth.header, seed)
        for sentence in listed.left_out:
            progress.log(sentence)
        return cls(truth, listed.stations)

    @property
    def places(self) -> "Sequence[City]":
        from quakeview.geography import geography

        return geography(self.truth.region).cities

    def observation(self, until: float) -> "Observation":
        from quakeview.wavefield.forecasting.observation import observe

        return observe(self.truth, until, stations=self.stations)

    def silent(self, until: float) -> list[str]:
        return []

    def duration(self, until: float) -> float:
        """To the end of the scenario, because what is beyond cannot be judged."""
        left = self.truth.start_time + self.truth.planned_frames * self.truth.frame_step - until
        return min(left, LONGEST) if left > self.truth.frame_step else LONGEST

    def scores(self, forecasts: "Sequence[Forecast]", progress: Progress, training_events: bool = False) -> str:
        from quakeview.wavefield.forecasting.baselines import FORECAST, baseline_names, score_column

        if any(forecast.issued >= self.truth.n_frames for forecast in forecasts):
            return f"{self.truth.name} ends where the forecast begins: there is nothing to compare with."
        library = _training_events(self.truth.header, progress, training_events)
        names = [FORECAST, *baseline_names(self.truth.header, library)]
        rows = []
        for forecast in forecasts:
            for name in names:
                values = score_column(name, self.truth, forecast, library, progress).values
                figures = (_figure(values, *column) for column in _COLUMNS.values())
                rows.append([f"{forecast.issue_time:.1f}", _who(name, forecast), *figures])
        return aligned([["input to (s)", "forecaster", *_COLUMNS], *rows], left=2)


@dataclass(frozen=True)
class RecordedEvent:
    records: "StationRecords"

    @classmethod
    def read(
        cls,
        waveforms: "Sequence[Path] | Stream",
        inventory: "Sequence[Path] | Inventory",
        forecaster: "Forecaster",
        origin_time: datetime,
        until: float,
        progress: Progress,
    ) -> "RecordedEvent":
        """Read what real stations recorded, long enough to judge a forecast from ``until`` s after the origin time.

        What was left out is logged.

        Raises:
            QuakeViewError: if no station can be used.
            Cancelled: through ``progress``.
        """
        from quakeview.wavefield.forecasting.station_records import read_station_records

        records = read_station_records(waveforms, inventory, forecaster, origin_time, until + LONGEST, progress)
        for sentence in records.report:
            progress.log(sentence)
        return cls(records)

    @property
    def truth(self) -> "Wavefield":
        return self.records.wavefield()

    @property
    def places(self) -> "Sequence[Station]":
        return self.records.stations

    def observation(self, until: float) -> "Observation":
        return self.records.observation(until)

    def silent(self, until: float) -> list[str]:
        codes = ", ".join(station.code for station in self.records.silent(until))
        return [f"Nothing has come until {until:g} s from {codes}."] if codes else []

    def duration(self, until: float) -> float:
        return LONGEST

    def scores(self, forecasts: "Sequence[Forecast]", progress: Progress, training_events: bool = False) -> str:
        from quakeview.wavefield.forecasting.stations import station_scores

        rows = []
        for done, forecast in enumerate(forecasts):
            progress.advance(done, len(forecasts), "Scores")
            if forecast.issued >= self.records.n_frames:
                return "The records end where the forecast begins: there is nothing to compare with yet."
            for found in station_scores(self.records, forecast):
                peaks = f"{100 * found.recorded_pgv:.3g}", f"{100 * found.forecast_pgv:.3g}"
                agreement = f"{found.correlation:.2f}", f"{found.variance_reduction:.2f}"
                rows.append(
                    [f"{forecast.issue_time:.1f}", found.station.code, *agreement, *peaks, f"{found.duration:.0f}"]
                )
        titles = ["input to (s)", "station", "correlation", "variance reduction", "PGV recorded (cm/s)"]
        return aligned([[*titles, "PGV forecast (cm/s)", "compared (s)"], *rows], left=2)


def said_of_input(event: KnownEvent, until: float) -> list[str]:
    """Say what is unusual in an input that ends ``until`` s after the origin time."""
    from quakeview.wavefield.forecasting.observation import until_said

    return [sentence for sentence in (until_said(event.truth.header, until), *event.silent(until)) if sentence]


def alert_sequence(
    event: KnownEvent,
    forecaster: "Forecasting",
    made: "Sequence[Forecast]",
    members: int | None = None,
    progress: Progress = Progress(),
) -> "list[Said]":
    """The forecasts that alerts rest on: those of all ``ALERT_INPUTS`` that the event has, and no others.

    Args:
        made: forecasts of the event by the same members, which need not be made again.

    Raises:
        QuakeViewError: if there can be none of them.
        Cancelled: through ``progress``.
    """
    from quakeview.errors import QuakeViewError
    from quakeview.wavefield.forecasting.warning import ALERT_INPUTS, kept

    sequence, problems = [], ["the scenario or the records are too short"]
    for number, until in enumerate(ALERT_INPUTS):
        progress.advance(number, len(ALERT_INPUTS), f"Alerts: input until {until:g} s")
        try:
            observation = event.observation(until)
            there = next((each for each in made if abs(each.issue_time - observation.time) < 1e-3), None)
            forecast = there or forecaster.forecast(observation, event.duration(until), members, progress)
        except QuakeViewError as error:
            problems.append(str(error))
            progress.log(f"No alert from an input until {until:g} s: {error}")
            continue
        sequence.append(kept(forecast))
    if not sequence:
        raise QuakeViewError(f"There is no forecast for alerts to rest on: {problems[-1]}")
    return sequence


def aligned(rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Columns for reading, the first ``left`` to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _training_events(header: "Header", progress: Progress, however_large: bool) -> "Library | None":
    """Read those that fit, or say why they are not read."""
    from quakeview.errors import QuakeViewError
    from quakeview.wavefield.forecasting.baselines import NEAREST, RIDGE, training_folder
    from quakeview.wavefield.forecasting.reference import Library, training_files

    try:
        folder = training_folder(header)
        files = training_files(folder)
        size = sum(file.stat().st_size for file in files if file.exists())
        if size <= _SOON_READ or however_large:
            return Library.open(folder, progress)
        reason = (
            f"{counted(len(files), 'training event')}, {size / 1e9:.1f} GB, would have to be read; add "
            "--training-events to wait for that."
        )
    except QuakeViewError as error:
        reason = str(error)
    progress.log(f"{NEAREST} and {RIDGE.lower()} are left out: {reason}")
    return None


def _who(name: str, forecast: "Forecast") -> str:
    """Name the forecaster or the baseline, and from how many stations if the ground is not known everywhere."""
    from quakeview.wavefield.forecasting.baselines import FORECAST
    from quakeview.wavefield.forecasting.reference import RELATION

    if name == RELATION:
        return f"{name}, magnitude known"
    stations = forecast.observation.stations
    who = forecast.model.name if name == FORECAST else name
    return f"{who}, {counted(len(stations), 'station')}" if stations else who


def _figure(values: dict[str, float], name: str, decimals: int) -> str:
    """Write a score; nothing where there is none."""
    value = values.get(name, math.nan)
    return "" if math.isnan(value) else f"{value:.{decimals}f}"
