"""What ``import quakeview`` offers: the work of the window and the command line, from Python.

Every function raises ``QuakeViewError`` for what cannot be done, with a sentence that says what to do, and warns with a
``QuakeViewWarning`` about what it left out.
"""

import os
import warnings
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from obspy import Inventory, Stream, UTCDateTime

from quakeview.atomic import check_new
from quakeview.errors import QuakeViewError, QuakeViewWarning
from quakeview.events.association import Rules
from quakeview.events.attenuation_laws import DEFAULT, find_law
from quakeview.events.cataloguing import Method, PickerChoice
from quakeview.events.continuing import Known, WholeCatalogue, continued, read_known
from quakeview.events.velocity_models import find_velocity_model
from quakeview.jobs import Progress
from quakeview.monitoring.annotate import StationResult, findings, pick_archive, picks_of
from quakeview.monitoring.picks import Pick
from quakeview.monitoring.quakeml import to_catalog
from quakeview.registry import chosen_model
from quakeview.stations.book import read_stations
from quakeview.stations.inventories import StationFile
from quakeview.wavefield.scenarios.scenario import Scenario
from quakeview.wavefield.scenarios.schema import SUFFIXES
from quakeview.waveforms.archive import Archive

if TYPE_CHECKING:
    from quakeview.single_station.characterising import Characterisation
    from quakeview.wavefield.forecasting.forecast import Forecast
    from quakeview.wavefield.forecasting.forecaster import Forecaster
    from quakeview.wavefield.forecasting.known_events import KnownEvent

__all__ = [
    "QuakeViewError",
    "QuakeViewWarning",
    "characterise",
    "forecast",
    "locate",
    "pick",
    "read",
    "simulate",
    "to_catalog",
]

PathLike = str | os.PathLike[str]
Paths = PathLike | Iterable[PathLike]


def read(paths: Paths, *, start: UTCDateTime | None = None, end: UTCDateTime | None = None) -> Stream:
    """Read waveform files and folders, with everything below them.

    Args:
        paths: one file or folder, or several: any format that ObsPy reads, and MiniSEED 3. An SDS archive is a folder.
        start: first moment, UTC; None is the beginning of the record.
        end: last moment, UTC; None is the end of the record.

    Returns:
        One trace for each stretch without a gap, sorted by channel and time. Duplicates are removed; where files
        disagree, the one that starts first is kept.

    Raises:
        QuakeViewError: if there are no waveforms.

    Warns:
        QuakeViewWarning: for each file that is left out or odd.

    Examples:
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

    Args:
        waveforms: a stream, which stays as it is, or files and folders as ``read`` takes them. Files are read a part at
            a time, so that days of data need little memory.
        model: a picker as ``quakeview models`` lists it, its folder, or one of SeisBench, ``seisbench:PhaseNet/stead``;
            None is the first of the list.
        p_threshold: least probability of a P, 0-1.
        s_threshold: least probability of an S, 0-1.
        start: first moment to pick, UTC; None is the beginning of the record.
        end: last moment to pick, UTC; None is the end of the record.
        device: "auto", "cpu", "cuda" or "mps".

    Returns:
        Picks in time order; ``to_catalog`` makes an ObsPy catalogue of them.

    Raises:
        QuakeViewError: if there are no waveforms, or the model or the device cannot be used.

    Warns:
        QuakeViewWarning: for each file that is left out or odd, and each station without a pick, with the reason.

    Examples:
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


def locate(
    waveforms_or_picks: Stream | Sequence[Pick] | Paths,
    stations: Inventory | Paths = (),
    *,
    velocity_model: str | None = None,
    attenuation_law: str = DEFAULT,
    model: str | None = None,
    p_threshold: float = 0.3,
    s_threshold: float = 0.3,
    min_picks: int = Rules.picks,
    min_stations: int = Rules.stations,
    start: UTCDateTime | None = None,
    end: UTCDateTime | None = None,
    device: str = "auto",
) -> WholeCatalogue:
    """Find, locate and size earthquakes; waveforms without picks are picked.

    Args:
        waveforms_or_picks: a stream or picks, which stay as they are, or files and folders: waveforms, picks, station
            metadata, or a catalogue whose earthquakes are kept and continued.
        stations: where the stations stand, and their responses (without them there are no magnitudes): an ObsPy
            inventory, or files and folders of metadata or lists of coordinates.
        velocity_model: name of a published one, or a CSV or TOML file; None is that for the place of the stations.
        attenuation_law: name of a published one, or a TOML file.
        model: a picker as ``quakeview models`` lists it, or its folder; None is the first of the list.
        p_threshold: least probability of a P that belongs to no earthquake, 0-1.
        s_threshold: the same of an S.
        min_picks: that an earthquake needs.
        min_stations: that an earthquake needs.
        start: first moment to pick, UTC; None is the beginning of the record.
        end: last moment to pick, UTC; None is the end of the record.
        device: "auto", "cpu", "cuda" or "mps".

    Returns:
        The catalogue: ``events`` and ``picks`` as QuakeView has them (m, s, degrees), ``catalog`` for ObsPy.

    Raises:
        QuakeViewError: if there are neither waveforms nor picks, no station has coordinates, or a file, the model or
            the device cannot be used.

    Warns:
        QuakeViewWarning: for what is left out or odd, and, if there is no earthquake, why.

    Examples:
        >>> found = quakeview.locate("archive/", "stations.xml")  # doctest: +SKIP
        >>> found.catalog.write("events.xml", format="QUAKEML")  # doctest: +SKIP
    """
    known = _known(waveforms_or_picks, stations)
    method = Method(
        None if velocity_model is None else find_velocity_model(velocity_model),
        find_law(attenuation_law),
        Rules(min_picks, min_stations),
    )
    picker = None
    if known.unpicked:
        name = model or chosen_model(None, "picking").name
        picker = PickerChoice(name, p_threshold, s_threshold, device, start, end)
    progress = _Results()
    found = continued(known, picker, method, progress)
    _warn([*known.notes, *findings(known.archive, progress.results), *found.left_out, found.why_none])
    return found


def characterise(
    waveforms: Stream | Paths,
    stations: Inventory | Paths = (),
    *,
    picks: Sequence[Pick] = (),
    model: str | None = None,
    velocity_model: str | None = None,
    attenuation_law: str = DEFAULT,
) -> list["Characterisation"]:
    """Say what each station alone tells of the earthquakes that it recorded: distance, direction, size, first motion.

    Args:
        waveforms: a stream, or files and folders as ``read`` takes them; files of picks may be among them.
        stations: station metadata: coordinates, directions of the horizontals, responses.
        picks: P and S; stations without any are picked first.
        model: a model for single stations as ``quakeview models`` lists it, or its folder; None is ours.
        velocity_model: of the distance from S minus P; None is that of the region.
        attenuation_law: of the local magnitude.

    Returns:
        For each P, by task (``magnitude``, ``distance``, ``back_azimuth``, ``polarity``), what the rule and the network
        say, each with an uncertainty that holds 68 %, or why they say nothing. Distances are in metres.

    Raises:
        QuakeViewError: if there are no waveforms, or the model, velocity model or law does not exist.

    Warns:
        QuakeViewWarning: for each file that is left out or odd, and each P without a record.

    Examples:
        >>> for said in quakeview.characterise("event.mseed", "stations.xml"):  # doctest: +SKIP
        ...     print(said.station, said.answers["distance"].best)
    """
    from quakeview.single_station.characterise_command import all_picks
    from quakeview.single_station.characterising import RuleSettings
    from quakeview.single_station.networks import chosen_network
    from quakeview.single_station.whole_archive import characterise_archive

    model_of_speed = None if velocity_model is None else find_velocity_model(velocity_model)
    rules = RuleSettings(model_of_speed, find_law(attenuation_law))
    network, said = chosen_network(model), _Said()
    known = _known(waveforms, stations)
    known = replace(known, picks=(*known.picks, *picks))
    found = characterise_archive(known.archive, known.stations, all_picks(known), network, rules, said)
    _warn([*known.notes, *said.sentences])
    return found


def simulate(
    path: PathLike,
    *,
    magnitude: float = 6.0,
    hypocentre: tuple[float, float, float] | None = None,
    preset: str = "tiny",
    source: str = "rupture",
    srf: PathLike | None = None,
    seed: int = 0,
    strike: float | None = None,
    dip: float | None = None,
    rake: float | None = None,
    model: str = "bay-area",
    attenuation: bool = True,
    duration: float | None = None,
    name: str | None = None,
    device: str = "auto",
) -> Scenario:
    """Simulate an earthquake in the San Francisco Bay Area and write its wavefield to a file.

    Args:
        path: the HDF5 file to write; there must be none of that name.
        magnitude: moment magnitude of the rupture or the point.
        hypocentre: X along the fault, Y across it, and depth, m; None draws that of a rupture from ``seed``.
        preset: how finely: "tiny" (0.15 Hz), "forecast" (0.25 Hz on the grid of the shipped forecaster), "standard"
            (0.25 Hz) or "fine" (0.5 Hz).
        source: "rupture" of the Hayward fault; "point", with the usual duration of its magnitude; "impulse", a point
            that releases its moment at once.
        srf: a rupture in Standard Rupture Format, which takes the place of magnitude, hypocentre and source.
        seed: of the slip and the hypocentre of a rupture.
        strike: of a point, degrees; None is that of the Hayward fault.
        dip: of a point, degrees.
        rake: of a point, degrees.
        model: "bay-area" (illustrative), "gil7", "loh1", "homogeneous", or a GeoModelGrids file.
        attenuation: whether waves lose energy to Q.
        duration: s after the origin time; None is that of the preset.
        name: as it is shown; None describes the source.
        device: "auto", "cpu" or "cuda".

    Returns:
        The scenario, open for reading (m, m/s, s); use it in a ``with`` statement, or close it.

    Raises:
        QuakeViewError: for an earthquake that cannot be simulated, or a file that cannot be written.

    Examples:
        >>> with quakeview.simulate("m6.h5", magnitude=6.0) as scenario:  # doctest: +SKIP
        ...     print(100 * scenario.pgv.max(), "cm/s")
    """
    from quakeview.wavefield.scenarios.making import ScenarioRequest, make_scenario

    path = Path(path)
    check_new(path)
    request = ScenarioRequest(
        magnitude=magnitude,
        hypocentre=hypocentre,
        preset=preset,
        source=source,
        srf=None if srf is None else Path(srf),
        seed=seed,
        strike=strike,
        dip=dip,
        rake=rake,
        model=model,
        attenuation=attenuation,
        duration=duration,
        name=name,
    )
    return Scenario.open(make_scenario(request, path, device))


def forecast(
    known: Scenario | Stream | Paths,
    *,
    until: float = 15.6,
    stations: str | int = "dense",
    seed: int = 0,
    inventory: Inventory | Paths = (),
    origin_time: UTCDateTime | None = None,
    model: str | None = None,
    members: int | None = None,
    device: str = "auto",
) -> "Forecast":
    """Forecast the ground motion that follows the first seconds of an earthquake.

    Args:
        known: a scenario (open, or its .h5 file), or seismograms (a stream, which stays as it is, or files and folders
            as ``read`` takes them). Seismograms need ``inventory`` and ``origin_time``.
        until: when the input ends, s after the origin time.
        stations: where a scenario is known: "dense" (everywhere), a number of nodes to draw, "virtual" (the stations of
            the region), or a StationXML or CSV file of sites.
        seed: of the drawn nodes.
        inventory: of the recording stations, with their responses: an ObsPy inventory, or files and folders of it.
        origin_time: of the recorded earthquake, UTC.
        model: a forecaster as ``quakeview models`` lists it, or its folder; None is the first of the list.
        members: how many of the ensemble; None is all.
        device: "auto", "cpu", "cuda" or "mps".

    Returns:
        The forecast: ``frames`` are velocities in m/s, first those of the input; ``support`` says where there are
        enough stations. ``quakeview.wavefield.forecasting.forecast_file.write_forecast`` writes it to a file.

    Raises:
        QuakeViewError: if nothing can be forecast from what is known.

    Warns:
        QuakeViewWarning: for what was resampled or left out.

    Examples:
        >>> forecast = quakeview.forecast("m6.h5", until=20.8)  # doctest: +SKIP
        >>> print(forecast.model.name, 100 * forecast.pgv.max(), "cm/s")  # doctest: +SKIP
    """
    from quakeview.wavefield.forecasting.forecaster import load_forecaster
    from quakeview.wavefield.forecasting.known_events import SimulatedEvent, said_of_input

    forecaster = load_forecaster(chosen_model(model, "forecasting").folder, device)
    said = _Said()
    given = known if isinstance(known, Scenario | Stream) else _paths(known)
    with ExitStack() as files:
        event: KnownEvent
        if isinstance(given, list) and len(given) == 1 and given[0].suffix.lower() in SUFFIXES:
            given = files.enter_context(Scenario.open(given[0]))
        if isinstance(given, Scenario):
            event = SimulatedEvent.prepare(given, forecaster, str(stations), seed, said)
        else:
            event = _recorded(given, inventory, origin_time, forecaster, until, said)
        found = forecaster.forecast(event.observation(until), event.duration(until), members)
        said_of_it = said_of_input(event, until)
    _warn([*said.sentences, *said_of_it])
    return found


class _Results(Progress):
    """Keeps what was found at each station."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[StationResult] = []

    def on_publish(self, partial: StationResult) -> None:
        self.results.append(partial)


def _known(given: Stream | Sequence[Pick] | Paths, stations: Inventory | Paths) -> Known:
    """What a search for earthquakes starts from."""
    inventory, files = (stations, []) if isinstance(stations, Inventory) else (None, _paths(stations))
    if isinstance(given, Stream):
        known = Known(_held(given), read_stations(files))
    elif picks := _picks(given):
        known = Known(stations=read_stations(files), picks=picks)
    else:
        known = read_known(_paths(given), files)  # type: ignore[arg-type]  # no picks, so paths
    if inventory is None:
        return known
    return replace(known, stations=known.stations.with_files([StationFile(Path("inventory"), inventory)]))


def _picks(given: object) -> tuple[Pick, ...]:
    """The picks, if these are given and no paths."""
    return tuple(each for each in given if isinstance(each, Pick)) if isinstance(given, list | tuple) else ()


class _Said(Progress):
    """Keeps what was logged, for warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[str] = []

    def on_log(self, text: str) -> None:
        self.sentences.append(text)


def _recorded(
    waveforms: Stream | list[Path],
    inventory: Inventory | Paths,
    origin_time: UTCDateTime | None,
    forecaster: "Forecaster",
    until: float,
    said: Progress,
) -> "KnownEvent":
    """Read seismograms as the command line does."""
    from quakeview.wavefield.forecasting.known_events import RecordedEvent

    metadata = inventory if isinstance(inventory, Inventory) else _paths(inventory)
    if origin_time is None or not metadata:
        raise QuakeViewError("Records need an inventory of their stations and the origin_time.")
    moment = origin_time.datetime.replace(tzinfo=UTC)
    return RecordedEvent.read(waveforms, metadata, forecaster, moment, until, said)


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
    """Hold the samples of a stream."""
    archive = Archive()
    archive.add_stream(stream, "stream")
    if not archive.channels:
        raise QuakeViewError("There are no waveforms in the stream.")
    return archive


def _warn(sentences: Iterable[str]) -> None:
    """Warn once for each sentence, as of the line that called the function of this module."""
    for sentence in filter(None, dict.fromkeys(sentences)):
        warnings.warn(sentence, QuakeViewWarning, stacklevel=3)
