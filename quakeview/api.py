"""What ``import quakeview`` offers: the work of the window and the command line, from Python.

Every function raises ``QuakeViewError`` for what cannot be done, with a sentence that says what to do, and warns with a
``QuakeViewWarning`` about what it left out.
"""

import os
import warnings
from collections.abc import Iterable
from contextlib import ExitStack
from copy import deepcopy
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from obspy import Stream, Trace, UTCDateTime

from quakeview.atomic import check_new
from quakeview.errors import QuakeViewError, QuakeViewWarning
from quakeview.jobs import Progress
from quakeview.monitoring.annotate import findings, pick_archive, picks_of
from quakeview.monitoring.picks import Pick
from quakeview.monitoring.quakeml import to_catalog
from quakeview.registry import chosen_model
from quakeview.wavefield.scenario import Scenario
from quakeview.wavefield.schema import SUFFIXES
from quakeview.waveforms.archive import Archive

if TYPE_CHECKING:
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.judged_events import Event

__all__ = ["QuakeViewError", "QuakeViewWarning", "forecast", "pick", "read", "simulate", "to_catalog"]

PathLike = str | os.PathLike[str]
Paths = PathLike | Iterable[PathLike]


def read(paths: Paths, *, start: UTCDateTime | None = None, end: UTCDateTime | None = None) -> Stream:
    """Read waveform files and folders, with everything below them.

    Parameters
    ----------
    paths
        One file or folder, or several: any format that ObsPy reads, and MiniSEED 3. An SDS archive is a folder.
    start, end
        First and last moment, UTC, both included; None is the whole record.

    Returns
    -------
    obspy.Stream
        One trace for each stretch without a gap, sorted by channel and time. Duplicates are removed; where files
        disagree, the one that starts first is kept.

    Raises
    ------
    QuakeViewError
        If there are no waveforms.

    Warns
    -----
    QuakeViewWarning
        For each file that is left out or odd.

    Examples
    --------
    >>> stream = quakeview.read(["day.mseed", "archive/"])  # doctest: +SKIP
    """
    archive = _opened(paths)
    stream = Stream()
    for channel in archive.channels:
        stream += archive.read(channel, start, end)
    _warn(findings(archive, ()))
    return stream


def pick(
    waveforms: Stream | Paths,
    *,
    model: str | None = None,
    p_threshold: float = 0.3,
    s_threshold: float = 0.3,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    device: str = "auto",
) -> list[Pick]:
    """Pick P and S onsets.

    Parameters
    ----------
    waveforms
        A stream, which stays as it is, or files and folders as ``read`` takes them. Files are read a part at a time,
        so that days of data need little memory.
    model
        A picker as ``quakeview models`` lists it, or its folder; None is the first of the list.
    p_threshold, s_threshold
        Least probability of a pick, 0-1.
    start, end
        First and last moment to pick, UTC; None is the whole record.
    device
        "auto", "cpu", "cuda" or "mps".

    Returns
    -------
    list of quakeview.monitoring.picks.Pick
        In time order; ``to_catalog`` makes an ObsPy catalogue of them.

    Raises
    ------
    QuakeViewError
        If there are no waveforms, or the model or the device cannot be used.

    Warns
    -----
    QuakeViewWarning
        For each file that is left out or odd, and each station without a pick, with the reason.

    Examples
    --------
    >>> for pick in quakeview.pick("day.mseed"):  # doctest: +SKIP
    ...     print(pick.channel_id, pick.phase, pick.time, pick.probability)
    """
    archive = _held(waveforms) if isinstance(waveforms, Stream) else _opened(waveforms)
    results = pick_archive(
        archive,
        model or chosen_model(None, "picking").name,
        p_threshold,
        s_threshold,
        device,
        start=start,
        end=end,
        keep_curves=False,
    )
    _warn(findings(archive, results))
    return picks_of(results)


def simulate(path: PathLike, *, device: str = "auto", **earthquake: Any) -> Scenario:
    """Simulate an earthquake on the Hayward fault and write its wavefield to a file.

    Parameters
    ----------
    path
        The HDF5 file to write; there must be none of that name.
    device
        "auto", "cpu" or "cuda".
    **earthquake
        The attributes of ``quakeview.wavefield.making.ScenarioRequest``, among them ``magnitude`` (6.0), ``hypocentre``
        (X, Y and depth, m; drawn from ``seed`` if not given), ``preset`` ("tiny", "forecast", "standard" or "fine"),
        ``source`` ("rupture" or "point") and ``duration`` (s).

    Returns
    -------
    quakeview.wavefield.scenario.Scenario
        Open for reading (m, m/s, s); use it in a ``with`` statement, or close it.

    Raises
    ------
    QuakeViewError
        For an earthquake that cannot be simulated, or a file that cannot be written.

    Examples
    --------
    >>> with quakeview.simulate("m6.h5", magnitude=6.0) as scenario:  # doctest: +SKIP
    ...     print(100 * scenario.pgv.max(), "cm/s")
    """
    from quakeview.wavefield.making import ScenarioRequest, make_scenario

    path = Path(path)
    check_new(path)
    return Scenario.open(make_scenario(ScenarioRequest(**earthquake), path, device))


def forecast(
    known: Scenario | Paths,
    *,
    until: float = 15.6,
    stations: str | int = "dense",
    seed: int = 0,
    inventory: Paths = (),
    origin_time: UTCDateTime | None = None,
    model: str | None = None,
    members: int | None = None,
    device: str = "auto",
) -> "Forecast":
    """Forecast the ground motion that follows the first seconds of an earthquake.

    Parameters
    ----------
    known
        A scenario (open, or its .h5 file), or files and folders of seismograms, which need ``inventory`` and
        ``origin_time``.
    until
        When the input ends, s after the origin time.
    stations
        Where a scenario is known: "dense" (everywhere), a number of nodes to draw, "virtual" (the stations of the
        region), or a StationXML or CSV file of sites.
    seed
        Of the drawn nodes.
    inventory
        StationXML of the recording stations.
    origin_time
        Of the recorded earthquake, UTC.
    model
        A forecaster as ``quakeview models`` lists it, or its folder; None is the first of the list.
    members
        How many of the ensemble; None is all.
    device
        "auto", "cpu", "cuda" or "mps".

    Returns
    -------
    quakeview.wavefield.forecasting.forecast.Forecast
        ``frames`` are velocities in m/s, first those of the input; ``support`` says where there are enough stations.
        ``quakeview.wavefield.forecasting.forecast_file.write_forecast`` writes it to a file.

    Raises
    ------
    QuakeViewError
        If nothing can be forecast from what is known.

    Warns
    -----
    QuakeViewWarning
        For what was resampled or left out.

    Examples
    --------
    >>> forecast = quakeview.forecast("m6.h5", until=20.8)  # doctest: +SKIP
    >>> print(forecast.model.name, 100 * forecast.pgv.max(), "cm/s")  # doctest: +SKIP
    """
    from quakeview.wavefield.forecasting.forecaster import load_forecaster
    from quakeview.wavefield.forecasting.judged_events import RecordedEvent, SimulatedEvent, said_of_input

    forecaster = load_forecaster(chosen_model(model, "forecasting").folder, device)
    said = _Said()

    paths = [] if isinstance(known, Scenario) else _paths(known)
    with ExitStack() as files:
        event: Event
        if isinstance(known, Scenario):
            event = SimulatedEvent.prepare(known, forecaster, str(stations), seed, said)
        elif len(paths) == 1 and paths[0].suffix.lower() in SUFFIXES:
            scenario = files.enter_context(Scenario.open(paths[0]))
            event = SimulatedEvent.prepare(scenario, forecaster, str(stations), seed, said)
        else:
            if origin_time is None or not _paths(inventory):
                raise QuakeViewError("Records need an inventory of their stations and the origin_time.")
            moment = origin_time.datetime.replace(tzinfo=UTC)
            event = RecordedEvent.read(paths, _paths(inventory), forecaster, moment, until, said)
        found = forecaster.forecast(event.observation(until), event.duration(until), members)
        said_of_it = said_of_input(event, until)
    _warn([*said.sentences, *said_of_it])
    return found


class _Said(Progress):
    """Keeps what was logged, for warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[str] = []

    def on_log(self, text: str) -> None:
        self.sentences.append(text)


def _paths(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]


def _opened(paths: Paths) -> Archive:
    """Index files and folders; raises ``QuakeViewError`` with the first reason if nothing can be read."""
    archive = Archive()
    problems = archive.add(_paths(paths))
    if not archive.channels:
        raise QuakeViewError(problems[0].sentence if problems else "There are no waveforms; name files or folders.")
    return archive


def _held(stream: Stream) -> Archive:
    """Hold the samples of a stream; the masked ones of a merged stream are gaps."""
    archive = Archive()
    own = Stream([Trace(trace.data, deepcopy(trace.stats)) for trace in stream])  # ``split`` writes into the headers
    archive.add_stream(own.split(), "stream")
    if not archive.channels:
        raise QuakeViewError("There are no waveforms in the stream.")
    return archive


def _warn(sentences: Iterable[str]) -> None:
    """Warn once for each sentence, as of the line that called the function of this module."""
    for sentence in dict.fromkeys(sentences):
        warnings.warn(sentence, QuakeViewWarning, stacklevel=3)
